/* SPDX-License-Identifier: MIT */
/*
 * The epoll selector, for the two tables that are made of it: epoll as it is
 * (selector_epoll.c), and as strict as a selector that simulates edges
 * (epoll_strict.c).
 */
#ifndef EVIO__POSIX_EPOLL_H
#define EVIO__POSIX_EPOLL_H

#include "base/by_slot.h"
#include "sys/selector.h"

struct evio__epoll {
    evio__host *host;
    int fd;
    bool no_pwait2; /* the kernel, or its sandbox, lacks it; waiting thread */
    evio__by_slot armed; /* epoll_strict.c's: uint32_t; lock */
};

static inline struct evio__epoll *evio__epoll_of(const evio__selector *selector)
{
    return (struct evio__epoll *)(uintptr_t)selector;
}

int evio__epoll_open(evio__host *host, evio__wakeup *out_wakeup,
                     evio__selector **out_selector);
void evio__epoll_close(evio__selector *selector, bool inherited);
int evio__epoll_add(evio__selector *selector, evio__record *record,
                    const evio__record *previous);
int evio__epoll_modify(evio__selector *selector, evio__record *record,
                       uint32_t old);
int evio__epoll_remove(evio__selector *selector, evio__record *record,
                       enum evio__removal why);
int evio__epoll_after_fork(evio__selector *selector, evio__wakeup *wakeup);
int evio__epoll_wait(evio__selector *selector, evio__batch *batch,
                     uint64_t timeout_ns);
libsock_raw evio__epoll_raw(const evio__selector *selector);

#endif
