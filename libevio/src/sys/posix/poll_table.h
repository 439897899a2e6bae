/* SPDX-License-Identifier: MIT */
/*
 * The registrations of the poll(2) selector: pollfd, key and state side by
 * side, found by descriptor. It simulates edge and oneshot: what fired is
 * silenced by leaving it out of `events`, and a descriptor with nothing left to
 * report, or with a HUP or error that cannot be masked, is parked by making its
 * pollfd.fd negative, which poll() passes over.
 *
 * All of it is guarded by the registry's lock, but for `copy`, which is the
 * waiting thread's between evio__poll_table_copy() calls. No
 * system calls here: every rule is tested with canned arrays.
 */
#ifndef EVIO__POLL_TABLE_H
#define EVIO__POLL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sys/posix/platform.h"

typedef struct evio__poll_state {
    uint32_t interest;
    uint32_t armed; /* directions that may be reported, or a hang-up */
} evio__poll_state;

/* What poll() is given: one block of memory, begun by `keys`. */
typedef struct evio__poll_copy {
    uint64_t *keys;     /* of fds[i] */
    struct pollfd *fds; /* [0] is the interrupt */
    uint32_t cap;
} evio__poll_copy;

typedef struct evio__poll_table {
    uint64_t *keys;           /* of fds[i]; begins the block of all three */
    evio__poll_state *states; /* of fds[i] */
    struct pollfd *fds;       /* [0] is the interrupt */
    uint32_t count;           /* used, the interrupt included */
    uint32_t cap;
    uint32_t *index_of; /* by descriptor; 0 for none */
    uint32_t index_cap;
    bool dirty;            /* fds or keys differ from the copy */
    evio__poll_copy copy;  /* the waiting thread's */
    evio__poll_copy spare; /* a larger one, for the next copy */
} evio__poll_table;

int evio__poll_table_init(evio__poll_table *table, int interrupt);
void evio__poll_table_free(evio__poll_table *table);

/* -EEXIST when the descriptor is there, -ENOMEM; then nothing changed. */
int evio__poll_table_add(evio__poll_table *table, int fd, uint64_t key,
                         uint32_t interest);
/* -ENOENT when fd and key are not there; so for the three below. */
int evio__poll_table_modify(evio__poll_table *table, int fd, uint64_t key,
                            uint32_t interest);
int evio__poll_table_remove(evio__poll_table *table, int fd, uint64_t key);
/* 1 when that changed what is polled, 0 when not. */
int evio__poll_table_rearm(evio__poll_table *table, int fd, uint64_t key,
                           uint32_t directions);

/* The index of a registration; 0 when it is not there any more. */
uint32_t evio__poll_table_find(const evio__poll_table *table, int fd,
                               uint64_t key);
bool evio__poll_table_is_waker(const evio__poll_table *table, uint32_t index);
/* After an event: silence the directions in `readiness` as the mode says. */
void evio__poll_table_silence(evio__poll_table *table, uint32_t index,
                              short revents, uint32_t readiness);

/* Bring the copy up to date; returns how many descriptors it has. */
uint32_t evio__poll_table_copy(evio__poll_table *table);

#endif
