/* SPDX-License-Identifier: MIT */
/*
 * Network namespaces of a test's own: devices, addresses and routes that only
 * it sees, gone with it. A test that may not have one is skipped aloud.
 * A namespace is the calling thread's: enter it before starting others.
 */
#ifndef TESTS_SUPPORT_NETNS_H
#define TESTS_SUPPORT_NETNS_H

#include "check.h"

/*
 * Move this thread into a new network namespace, its loopback up and nothing
 * else in it; without privilege into a new user namespace as well. Skips the
 * test where neither is allowed, or where iproute2 is missing.
 */
void netns_enter(void);

/*
 * A descriptor of the namespace that this thread is in; net_close() it. One in
 * which there is no thread and no socket goes with its last descriptor.
 */
int netns_open(void);

/* Move this thread into the namespace of such a descriptor. */
void netns_move(int fd);

/*
 * Run `ip` with these words, as in netns_ip("link set %s up", "v0"). A failure
 * of it fails the test, and netns_try_ip() says false instead.
 */
CHECK_PRINTF(1, 2) void netns_ip(const char *format, ...);
CHECK_PRINTF(1, 2) bool netns_try_ip(const char *format, ...);

/*
 * The same of `tc`: netns_tc("qdisc add dev lo root netem loss 100%%"). Few
 * kernels have all of its queues; that of tests/vm has.
 */
CHECK_PRINTF(1, 2) void netns_tc(const char *format, ...);

/* The same, and what it prints; more than `cap` fails the test. */
CHECK_PRINTF(3, 4)
void netns_read_ip(char *buf, size_t cap, const char *format, ...);
CHECK_PRINTF(3, 4)
void netns_read_tc(char *buf, size_t cap, const char *format, ...);

/*
 * Two devices with a wire between them, both up. The namespaces may be one; the
 * thread is in `here` afterwards.
 */
struct netns_end {
    int fd;           /* of its namespace */
    const char *name; /* of its device */
};
void netns_wire(const struct netns_end *here, const struct netns_end *there);

/*
 * Write a file of this thread's own /etc, which is empty at the first call:
 * netns_etc("hosts", "192.0.2.1 host\n"). After netns_enter() only.
 */
void netns_etc(const char *name, const char *text);

/* Whether names are looked up by glibc: musl answers a few questions
 * otherwise. */
bool netns_resolver_is_glibc(void);

/* Write a setting below /proc/sys/net of this namespace. */
void netns_sysctl(const char *name, const char *value);

#endif
