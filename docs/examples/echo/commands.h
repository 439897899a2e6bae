/* SPDX-License-Identifier: MIT */
/* What the program does. Each returns the exit code: 0, 1 when something
 * failed, 2 for an address that makes no sense. */
#ifndef ECHO_COMMANDS_H
#define ECHO_COMMANDS_H

#include "options.h"

int serve_command(const struct options *options);
int load_command(const struct options *options);
int demo_command(const struct options *options);

#endif
