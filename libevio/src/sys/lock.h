/* SPDX-License-Identifier: MIT */
/*
 * A port's mutexes. There is one lock in a poll, the registry's; nothing else
 * is locked while it is held, and it is never held across a wait. The process
 * has one more, which is taken before any of those.
 */
#ifndef EVIO__LOCK_H
#define EVIO__LOCK_H

/* Opaque, so that no OS header is needed here. NULL when there is no memory. */
typedef struct evio__lock evio__lock;

evio__lock *evio__lock_new(void);
void evio__lock_free(evio__lock *lock);
void evio__lock_acquire(evio__lock *lock);
void evio__lock_release(evio__lock *lock);

void evio__lock_process_acquire(void);
void evio__lock_process_release(void);

#endif
