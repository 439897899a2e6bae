/* SPDX-License-Identifier: MIT */
/*
 * What libevio needs of an OS besides selectors, locks and pipes. A port
 * defines each; none blocks.
 */
#ifndef EVIO__PORT_H
#define EVIO__PORT_H

#include <stdbool.h>
#include <stdint.h>

#include <libsock/types.h>

/* The monotonic clock; async-signal-safe. */
uint64_t evio__port_now_ns(void);

/* Whether `raw` could be a descriptor of this OS at all. */
bool evio__port_is_raw(libsock_raw raw);

/* An environment variable; NULL when unset or empty, or when the program runs
 * with more rights than its caller. */
const char *evio__port_environment(const char *name);

/* Run these around each fork() of the process, the last one in the child.
 * Called once. Nothing where there is no fork. */
int evio__port_at_fork(void (*prepare)(void), void (*parent)(void),
                       void (*child)(void));

/* Block all signals of the calling thread, and what was blocked before: once at
 * a time in a process. For the handlers above. */
void evio__port_signals_block(void);
void evio__port_signals_restore(void);

/* Let a listener be bound to an address on which connections of an earlier one
 * linger, but not to one that is in use. Nothing where the OS does so by
 * itself. */
int evio__port_reuse_addr(libsock_socket sock);

#endif
