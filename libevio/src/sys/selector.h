/* SPDX-License-Identifier: MIT */
/*
 * The contract of a selector: one const table of functions per selector file,
 * chosen at run time. docs/PORTING.md is the check-list.
 *
 * The core guarantees: pointers are not NULL; `raw` could be a descriptor;
 * `interest` has a direction, one mode, and no bit that the table's abilities
 * lack; a key is added once before it is modified, rearmed or removed. Errors
 * are minus the native code, and after one the state is as before the call.
 *
 * open, close, add, modify, remove and rearm run with the registry's lock
 * held, which the selector may not release; none of them blocks. wait runs
 * without it, on one thread at a time, while others call the rest.
 */
#ifndef EVIO__SELECTOR_H
#define EVIO__SELECTOR_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/types.h>

#include "sys/lock.h"

/* One ready descriptor, as a wait collected it: bits of event.h, not yet cut
 * to the interest; HUP and errors are folded into both directions. */
typedef struct evio__ready {
    uint64_t key;
    uint32_t readiness;
    uint32_t reserved;
} evio__ready;

/* Room for one wait. `native` has `cap` times the table's native_size bytes. */
typedef struct evio__batch {
    evio__ready *entries;
    void *native;
    uint32_t cap;
    uint32_t count;
} evio__batch;

/* A private hint in `readiness`: the descriptor is in the state that means
 * "write closed" for a pipe end and nothing certain for others. */
#define EVIO__READY_PIPE_BROKEN 0x8000u

/* What carries a wake: a descriptor to be registered, and how to signal it. */
typedef struct evio__bell {
    libsock_raw read_end;
    libsock_raw write_end; /* may be the same */
} evio__bell;

/* ring is async-signal-safe and leaves errno alone. hush makes the descriptor
 * unready again. */
typedef struct evio__bell_ops {
    int (*open)(evio__bell *out_bell);
    void (*close)(evio__bell *bell);
    int (*ring)(const evio__bell *bell);
    void (*hush)(libsock_raw read_end);
} evio__bell_ops;

enum evio__ability {
    EVIO__CAN_EXCLUSIVE = 1, /* EVIO_EXCLUSIVE works */
    EVIO__NEEDS_REARM = 2,   /* edge is simulated: rearm does something */
    EVIO__CLOSE_REMOVES = 4  /* closing a descriptor ends its registration */
};

typedef struct evio__selector evio__selector;

typedef struct evio__selector_ops {
    int id;             /* enum evio_selector */
    uint32_t abilities; /* enum evio__ability */
    const char *name;
    size_t native_size;
    const evio__bell_ops *bell;

    /* The lock is the registry's, for use inside wait. */
    int (*open)(evio__lock *lock, evio__selector **out_selector);
    /* No wait is going on. */
    void (*close)(evio__selector *selector);
    /* What is ready now counts as an edge. ALREADY_EXISTS when `raw` is
     * registered under another key. May allocate. */
    int (*add)(evio__selector *selector, libsock_raw raw, uint64_t key,
               uint32_t interest);
    /* As add, for a key that is there. Ends a oneshot's silence. */
    int (*modify)(evio__selector *selector, libsock_raw raw, uint64_t key,
                  uint32_t interest);
    /* The key is gone even when an error is returned. */
    int (*remove)(evio__selector *selector, libsock_raw raw, uint64_t key);
    /* End the silence of directions of an edge registration; NULL unless
     * EVIO__NEEDS_REARM. */
    int (*rearm)(evio__selector *selector, libsock_raw raw, uint64_t key,
                 uint32_t directions);
    /* Fill the batch; 0 when the time was used up, never before. A signal ends
     * it with "interrupted". Entries whose key was removed meanwhile may be
     * left in: the core silences them. */
    int (*wait)(evio__selector *selector, evio__batch *batch,
                uint64_t timeout_ns);
    /* The selector's own descriptor, or LIBSOCK_RAW_INVALID. */
    libsock_raw (*raw)(const evio__selector *selector);
} evio__selector_ops;

/* The selectors of this build, best first, ended by NULL; sys/<os>/list.c. */
extern const evio__selector_ops *const evio__selectors[];

#endif
