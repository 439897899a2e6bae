/* SPDX-License-Identifier: MIT */
/*
 * The records of a poll, in slots that never move.
 *
 * Taking and giving back a slot is guarded by the registry's lock. Looking up a
 * slot takes no lock: chunks are published once and stay until the end, and
 * what a reader may race for in a record is an atomic.
 *
 * Memory that no record was taken from yet is never touched: the slab grows by
 * doubling, and clears each record when it is first taken.
 */
#ifndef EVIO__SLAB_H
#define EVIO__SLAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/record.h"

/*
 * Slots are numbered from 64 on, and each chunk has as many records as the
 * number of its first slot: the highest bit of a slot is the number of its
 * chunk.
 */
#define EVIO__SLAB_FIRST_BIT 6u
#define EVIO__SLAB_END_BIT   31u /* 2^31 - 64 records: above any limit */
#define EVIO__SLAB_FIRST     (1u << EVIO__SLAB_FIRST_BIT)

typedef struct evio__slab {
    /* By highest bit: where slot 0 would be, if the chunk began there. That
     * saves a subtraction for each look-up. */
    evio__atomic_ptr origins[EVIO__SLAB_END_BIT];
    void *blocks[EVIO__SLAB_END_BIT]; /* what was allocated */
    evio__atomic32 end;               /* slots below were taken at least once */
    uint32_t free_head;               /* a slot; 0 for none */
    uint32_t end_bit;                 /* of the next chunk; 0: none yet */
} evio__slab;

/* In 64 bits, so that a 64-bit machine need not extend the slot. */
static inline uint64_t evio__slot_bit(uint64_t slot)
{
    return 63u ^ (uint64_t)__builtin_clzll(slot);
}

/* The record in a slot that was taken once. */
static inline evio__record *evio__slab_at(const evio__slab *slab, uint64_t slot)
{
    uintptr_t origin =
        (uintptr_t)evio__load_ptr(&slab->origins[evio__slot_bit(slot)]);
    return (evio__record *)(origin + (uintptr_t)slot * sizeof(evio__record));
}

/* Whether a slot of a key from the kernel was ever taken here: the key may be
 * another process's (a forked child's). No key has a slot below the first. */
static inline bool evio__slab_has(const evio__slab *slab, uint64_t slot)
{
    return slot < evio__load32(&slab->end);
}

/* The record of such a slot, or NULL. */
static inline evio__record *evio__slab_find(const evio__slab *slab,
                                            uint32_t slot)
{
    return slot >= EVIO__SLAB_FIRST && evio__slab_has(slab, slot)
               ? evio__slab_at(slab, slot)
               : NULL;
}

/* The first record of a slot; NULL when there is no memory. */
evio__record *evio__slab_take_fresh(evio__slab *slab);

/* A record of zeros but for slot, stamp, and what its last owner left as token
 * and handle. NULL when there is no memory; then nothing changed. */
static inline evio__record *evio__slab_take(evio__slab *slab)
{
    if (slab->free_head == 0) {
        return evio__slab_take_fresh(slab);
    }
    evio__record *record = evio__slab_at(slab, slab->free_head);
    slab->free_head = record->next;
    record->next = 0;
    return record;
}

/* Give back a record that was never shown to a selector: its stamp serves its
 * next owner. */
static inline void evio__slab_untake(evio__slab *slab, evio__record *record)
{
    evio__store32(&record->interest, 0);
    record->next = slab->free_head;
    slab->free_head = record->slot;
}

/* End the registration: its keys are stale from here on. The slot is not free
 * yet. */
static inline void evio__slab_end(evio__record *record)
{
    uint32_t stamp = evio__load32_relaxed(&record->stamp);
    if (!evio__stamp_is_used_up(stamp)) {
        stamp = (stamp & EVIO__STAMP_GENERATION) + EVIO__STAMP_NEXT;
    }
    /* Released before the next owner's token is: whoever reads that token and
     * then the stamp sees that the key is stale. */
    evio__store32(&record->stamp, stamp);
    evio__store32(&record->interest, 0);
}

/* The slot is free, unless its generations are used up: then it is never taken
 * again, or an old key could meet a new owner. */
static inline void evio__slab_give(evio__slab *slab, evio__record *record)
{
    evio__store32(&record->posted, 0);
    if (!evio__stamp_is_used_up(evio__load32_relaxed(&record->stamp))) {
        record->next = slab->free_head;
        slab->free_head = record->slot;
    }
}

void evio__slab_free(evio__slab *slab);

#endif
