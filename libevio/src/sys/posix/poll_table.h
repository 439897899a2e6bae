/* SPDX-License-Identifier: MIT */
/*
 * The registrations of the poll(2) selector: rows of pollfd and key, and what
 * is armed of each by slot (base/arming.h). What is not armed is left out of
 * `events`. A hang-up or an error cannot be left out, since poll() reports it
 * in any case; so a row that has nothing armed is parked: its fd is ~fd, which
 * poll() passes over.
 *
 * A row that is re-armed after a hang-up or an error may still have it pending
 * (an error queue that is not drained), and would end every wait at once. Such
 * a row is paced: parked too, except in the copy of a sampling round, which the
 * selector makes every 10 ms, until one finds the hang-up or error gone or
 * something else to report.
 *
 * All of it is guarded by the registry's lock, but for `copy`, which is the
 * waiting thread's between evio__poll_table_copy() calls. No system calls here:
 * every rule is tested with canned arrays.
 */
#ifndef EVIO__POLL_TABLE_H
#define EVIO__POLL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/by_slot.h"
#include "base/record.h"
#include "sys/posix/platform.h"

/* Which open file a descriptor was at registration, as far as stat(2) knows:
 * anonymous inodes (eventfd, timerfd…) are all one. */
typedef struct evio__poll_file {
    uint64_t device;
    uint64_t inode;
} evio__poll_file;

typedef struct evio__poll_state {
    evio__poll_file file;
    uint32_t row;    /* 0: none */
    uint32_t armed;  /* bits of base/ready.h */
    bool unmaskable; /* the last event had a hang-up or an error */
    bool paced;
} evio__poll_state;

/* What poll() is given: one block of memory, begun by `keys`. */
typedef struct evio__poll_copy {
    uint64_t *keys;     /* of fds[i] */
    struct pollfd *fds; /* [0] is the wakeup */
    uint32_t cap;
} evio__poll_copy;

typedef struct evio__poll_table {
    uint64_t *keys;     /* of fds[i]; begins the block of both */
    struct pollfd *fds; /* [0] is the wakeup */
    uint32_t count;     /* used, the wakeup included */
    uint32_t cap;
    uint32_t n_paced;
    evio__by_slot states;  /* evio__poll_state */
    bool dirty;            /* fds or keys differ from the copy */
    evio__poll_copy copy;  /* the waiting thread's */
    evio__poll_copy spare; /* a larger one, for the next copy */
} evio__poll_table;

int evio__poll_table_init(evio__poll_table *table, int wakeup);
void evio__poll_table_free(evio__poll_table *table);
void evio__poll_table_set_wakeup(evio__poll_table *table, int wakeup);

/* -ENOMEM; then nothing changed. */
int evio__poll_table_add(evio__poll_table *table, const evio__record *record,
                         const evio__poll_file *file);
void evio__poll_table_modify(evio__poll_table *table,
                             const evio__record *record);
void evio__poll_table_remove(evio__poll_table *table,
                             const evio__record *record);
/* True when that changed what is polled. */
bool evio__poll_table_rearm(evio__poll_table *table, const evio__record *record,
                            uint32_t directions);

/* Report nothing more of a record. */
void evio__poll_table_park(evio__poll_table *table, const evio__record *record);

/* The state of a record that was added. */
static inline evio__poll_state *
evio__poll_table_state(const evio__poll_table *table, uint32_t slot)
{
    return evio__by_slot_at(&table->states, slot);
}

/* poll() returned `revents` for row `i` of the copy. The bits to report; 0 when
 * its registration ended or changed meanwhile, or has nothing to report. */
uint32_t evio__poll_table_fired(evio__poll_table *table, uint32_t i,
                                short revents, const evio__slab *slab);

/* Bring the copy up to date; returns how many descriptors it has. With `sample`
 * the paced rows are in it. */
uint32_t evio__poll_table_copy(evio__poll_table *table, bool sample);
/* After a sampling round: what has neither hang-up nor error any more is polled
 * as the others from now on. */
void evio__poll_table_sampled(evio__poll_table *table, uint32_t n);

#endif
