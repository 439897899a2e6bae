/* SPDX-License-Identifier: MIT */
/*
 * A port's mutexes. There is one lock in a poll, the registry's; nothing else
 * is locked while it is held, and it is never held across a wait. The process
 * has one more, which is taken before any of those.
 *
 * A lock that is free is taken and released here, by one atomic instruction
 * each: a registration does both, and the mutex of a C library takes as long as
 * all the rest of it. A thread that finds it taken sleeps in the port.
 */
#ifndef EVIO__LOCK_H
#define EVIO__LOCK_H

#include "base/atomic.h"

#define EVIO__LOCK_FREE    0u
#define EVIO__LOCK_TAKEN   1u
#define EVIO__LOCK_WAITING 2u /* taken, and threads may sleep */

/* What the port needs to sleep follows it. */
typedef struct evio__lock {
    evio__atomic32 state;
} evio__lock;

/* NULL when there is no memory. */
evio__lock *evio__lock_new(void);
void evio__lock_free(evio__lock *lock);
/* In the child of a fork: release it. The threads that slept for it, or had it,
 * are not here. */
void evio__lock_reset(evio__lock *lock);

/* The port's: sleep until it is this thread's; wake one that sleeps. */
void evio__lock_sleep(evio__lock *lock);
void evio__lock_wake(evio__lock *lock);

static inline void evio__lock_acquire(evio__lock *lock)
{
    uint32_t state = EVIO__LOCK_FREE;
    if (!evio__replace32(&lock->state, &state, EVIO__LOCK_TAKEN)) {
        evio__lock_sleep(lock);
    }
}

static inline void evio__lock_release(evio__lock *lock)
{
    if (evio__swap32(&lock->state, EVIO__LOCK_FREE) == EVIO__LOCK_WAITING) {
        evio__lock_wake(lock);
    }
}

void evio__lock_process_acquire(void);
void evio__lock_process_release(void);

#endif
