/* SPDX-License-Identifier: MIT */
/*
 * Tests that an emulator cannot run, by name. The list is a file that the
 * emulator's wrapper names in TEST_SKIPS; without it nothing is skipped here.
 * Main thread only.
 */
#ifndef TEST_SUPPORT_SKIPS_H
#define TEST_SUPPORT_SKIPS_H

#include <stdbool.h>

enum {
    SKIPS_LINE_MAX = 256
};

/*
 * Whether the list holds the test for the CPU in TEST_CPU. A line of it is
 * "CPU test reason", where "*" is every CPU; others begin with '#' or are
 * empty. The reason goes to `out_reason`.
 */
bool skips_has(const char *name, char out_reason[SKIPS_LINE_MAX]);

#endif
