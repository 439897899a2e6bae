/* SPDX-License-Identifier: MIT */
/**
 * @file opt.h
 * Socket options: the table of all that libsock knows, the raw escape, and
 * the typed functions of level SOL_SOCKET. opt_ip.h has those of IPv4, IPv6
 * and multicast, opt_tcp.h those of TCP.
 *
 * Each option is one row of one table (name, level, constant, kind, unit,
 * access, family), from which its libsock_set_<name>() and libsock_get_<name>()
 * follow, so the two cannot disagree. A row exists on every OS: where the
 * option does not, the functions return kind UNSUPPORTED.
 *
 * What a setter takes is what the kernel gets: a value that the OS would
 * wrap, cut or silently change is refused with kind INVALID_INPUT. Durations
 * are nanoseconds and round up to the OS's unit.
 *
 * Threads: every function may be called from any thread.
 */
#ifndef LIBSOCK_OPT_H
#define LIBSOCK_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

LIBSOCK_END

#endif
