/* SPDX-License-Identifier: MIT */
/* The check of what a user asks for. Pure. */
#ifndef EVIO__INTEREST_H
#define EVIO__INTEREST_H

#include <stdint.h>

/* 0, INVALID_INPUT, or UNSUPPORTED when `abilities` lack the mode. */
int evio__interest_check(uint32_t interest, uint32_t abilities);

#endif
