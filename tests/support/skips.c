/* SPDX-License-Identifier: MIT */
/*
 * Looks a test up in the list of TEST_SKIPS.
 * How a skipped test is reported is runner.c; the lists are in tests/cross.
 * Main thread only.
 */
#include "skips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool skips_is(const char *line, const char *name,
                     char out_reason[SKIPS_LINE_MAX])
{
    const char *cpu = getenv("TEST_CPU");
    char of_cpu[32];
    char of_name[128];
    int at = 0;

    if (sscanf(line, "%31s %127s %n", of_cpu, of_name, &at) < 2 ||
        strcmp(of_name, name) != 0)
        return false;
    if (strcmp(of_cpu, "*") != 0 && (cpu == NULL || strcmp(of_cpu, cpu) != 0))
        return false;
    snprintf(out_reason, SKIPS_LINE_MAX, "%.*s", (int)strcspn(line + at, "\n"),
             line + at);
    return true;
}

bool skips_has(const char *name, char out_reason[SKIPS_LINE_MAX])
{
    const char *path = getenv("TEST_SKIPS");
    FILE *list = path != NULL ? fopen(path, "r") : NULL;
    char line[SKIPS_LINE_MAX];
    bool found = false;

    if (list == NULL)
        return false;
    while (!found && fgets(line, sizeof(line), list) != NULL)
        found = line[0] != '#' && skips_is(line, name, out_reason);
    fclose(list);
    return found;
}
