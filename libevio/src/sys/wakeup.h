/* SPDX-License-Identifier: MIT */
/*
 * What ends a wait from another thread: one per registry, however many wakers
 * and triggers there are. It belongs to the registry, and outlives the
 * selector: who signals may come late.
 */
#ifndef EVIO__WAKEUP_H
#define EVIO__WAKEUP_H

#include <libsock/types.h>

typedef struct evio__wakeup evio__wakeup;

/* signal is async-signal-safe, keeps errno, and is no cancellation point; that
 * it was signalled before is no failure. */
typedef struct evio__wakeup_ops {
    int (*signal)(const evio__wakeup *wakeup);
    void (*close)(evio__wakeup *wakeup);
} evio__wakeup_ops;

struct evio__wakeup {
    const evio__wakeup_ops *ops;
    libsock_raw read_end;
    libsock_raw write_end; /* may be the same */
};

#endif
