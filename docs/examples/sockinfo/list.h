/* SPDX-License-Identifier: MIT */
/* The whole table of libsock, and which rows this kernel has for a fresh socket
 * of each sort. */
#ifndef SOCKINFO_LIST_H
#define SOCKINFO_LIST_H

#include <stdbool.h>

void list_print(bool as_json);

#endif
