/* SPDX-License-Identifier: MIT */
/*
 * The contract of a selector: one const table of functions per selector file,
 * chosen at run time. docs/PORTING.md is the check-list.
 *
 * A selector works on records (base/record.h). The core guarantees: pointers
 * are not NULL; a record that it is given has a handle that could be a
 * descriptor, its final token, interest and stamp, at least one direction, one
 * mode, and no bit that the table's abilities lack; it is added once before it
 * is modified, re-armed or removed. No two records that the selector has share
 * a handle, but during add, and until the remove that follows it. What a
 * selector needs to know of a registration beyond that it keeps in an array of
 * its own by slot (base/by_slot.h).
 *
 * Errors are minus the native code, and after one the state is as before the
 * call. add, modify, remove, rearm and after_fork run with the lock of the host
 * held and do not block. open and close run without it, close when no thread
 * waits and nobody calls the rest any more. wait runs without it, on one thread
 * at a time, while others call the rest; it may take it.
 */
#ifndef EVIO__SELECTOR_H
#define EVIO__SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/types.h>

#include "base/ready.h"
#include "base/record.h"
#include "base/slab.h"
#include "sys/lock.h"
#include "sys/wakeup.h"

/* The buffer of one wait. There is one entry more than `cap`, the core's. */
typedef struct evio__batch {
    evio__ready *entries;
    uint32_t cap;            /* at least 1 */
    const void *signal_mask; /* of the OS's type; NULL: none */
} evio__batch;

/* The key of an entry for the wakeup itself, in no registry's slot. The core
 * drops it; a selector that recognises the wakeup leaves it out. */
#define EVIO__KEY_WAKEUP ((uint64_t)EVIO__SLOT_RARE)

/*
 * The core as a selector sees it. `post` and `interrupt` may be called with or
 * without the lock, `released` with it.
 */
typedef struct evio__host evio__host;
struct evio__host {
    evio__slab slab; /* records by slot */
    evio__lock *lock;
    /* Make a live record ready with bits of interest.h: for packets that come
     * one by one, and for a submission that was deferred and failed. */
    void (*post)(evio__host *host, evio__record *record, uint32_t readiness);
    /* The same from inside of `wait`, where nobody has to be woken: `wait` does
     * not block after it. */
    void (*post_inside)(evio__host *host, evio__record *record,
                        uint32_t readiness);
    /* End the wait that is going on, if there is one: it begins another round.
     */
    void (*interrupt)(evio__host *host);
    /* The selector holds the slot of an ended registration no more. */
    void (*released)(evio__host *host, evio__record *record);
};

enum evio__ability {
    EVIO__CAN_EXCLUSIVE = 1, /* EVIO_EXCLUSIVE works */
    EVIO__NEEDS_REARM = 2    /* edge is simulated: rearm does something */
};

/* Why a registration ends. */
enum evio__removal {
    EVIO__DEREGISTERED,
    EVIO__CLOSING,  /* the descriptor is closed next, which may save the
                       removal: the selector decides */
    EVIO__FORGOTTEN /* the handle must not be touched: it was closed, or belongs
                       to another process's selector */
};

/* What remove returns when something in flight still holds the slot: it stays
 * taken until `released`. */
#define EVIO__REMOVE_HELD 1

/* What after_fork returns when the core has to add all records again. */
#define EVIO__FORK_EMPTY 1

typedef struct evio__selector evio__selector;

typedef struct evio__selector_ops {
    int id;             /* enum evio_selector */
    uint32_t abilities; /* enum evio__ability */
    const char *name;

    /* Make the selector, and the wakeup that ends its waits. */
    int (*open)(evio__host *host, evio__wakeup *out_wakeup,
                evio__selector **out_selector);
    /* May wait until the kernel gave its memory back. `inherited`: in a forked
     * child that has no selector of its own; what the kernel has is the
     * parent's, or is not there at all. The wakeup is the core's. */
    void (*close)(evio__selector *selector, bool inherited);
    /* What is ready now counts as an edge. `previous` is a live record with the
     * same handle, or NULL. ALREADY_EXISTS when both are the same open file;
     * else the handle was closed and came back, and the core removes `previous`
     * as FORGOTTEN next. An entry of the kernel's for a record that is gone is
     * taken over. May allocate. */
    int (*add)(evio__selector *selector, evio__record *record,
               const evio__record *previous);
    /* As add, for a record that is there; `old` is its interest before. Ends a
     * oneshot's being disarmed. */
    int (*modify)(evio__selector *selector, evio__record *record, uint32_t old);
    /* The registration has ended even when an error is returned. Its keys may
     * still come with a wait: the core drops them. */
    int (*remove)(evio__selector *selector, evio__record *record,
                  enum evio__removal why);
    /* Arm directions of an edge registration again; NULL unless
     * EVIO__NEEDS_REARM. */
    int (*rearm)(evio__selector *selector, evio__record *record,
                 uint32_t directions);
    /* In the child of a fork: replace all that is shared with the parent. On
     * failure the old is still there. */
    int (*after_fork)(evio__selector *selector, evio__wakeup *wakeup);
    /* Block for at most `timeout_ns` (UINT64_MAX: for ever), fill the batch,
     * return its count. An entry has at least one bit, and besides EVIO__ERR
     * and EVIO__HUP none that the interest with that key did not request. It
     * may return 0 early: the core keeps the deadline. A signal ends it with
     * "interrupted". */
    int (*wait)(evio__selector *selector, evio__batch *batch,
                uint64_t timeout_ns);
    /* The selector's own descriptor, or LIBSOCK_RAW_INVALID. */
    libsock_raw (*raw)(const evio__selector *selector);
} evio__selector_ops;

/* The selectors of this build, best first, ended by NULL; sys/<os>/list.c. */
extern const evio__selector_ops *const evio__selectors[];
/* What EVIO_POLL_STRICT_REARM makes of a selector; itself, if it is strict. */
const evio__selector_ops *evio__selector_strict(const evio__selector_ops *ops);

#endif
