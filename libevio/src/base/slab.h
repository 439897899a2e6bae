/* SPDX-License-Identifier: MIT */
/*
 * The registration records of a poll, in slots that never move. A record has a
 * generation, which ends with the registration: a key made of slot and
 * generation tells an event of this registration from one of the slot's former
 * owners.
 *
 * Taking and giving back a slot is guarded by the registry's lock. Looking up
 * a key takes no lock: chunks are published once and stay until the end, and a
 * record's fields are atomics.
 */
#ifndef EVIO__SLAB_H
#define EVIO__SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"

/* Private bits of a record's interest, above those of interest.h. */
#define EVIO__INTEREST_WAKER    0x10000u /* deliver clears `wake` */
#define EVIO__INTEREST_PIPE_END 0x20000u /* an error means: write closed */
#define EVIO__INTEREST_PRIVATE  0xffff0000u

/*
 * Slots are numbered from 64 on, and each chunk has as many records as the
 * number of its first slot: the highest bit of a slot tells its chunk, the
 * other bits its place there.
 */
#define EVIO__SLAB_FIRST_BIT 6u
#define EVIO__SLAB_END_BIT   31u /* 2^31 - 64 records: above any limit */

/* One cache line, so that delivering an event touches one. */
typedef struct evio__record {
    evio__atomic64 token;
    evio__atomic32 generation;
    evio__atomic32 interest; /* directions, mode, private bits */
    evio__atomic32 wake;     /* 1: signalled and not yet delivered */
    uint32_t slot;
    uint32_t next_free; /* a slot; 0 ends the list; registry's lock */
    uint32_t reserved;
    void *owner; /* of a waker's record: the waker; registry's lock */
    unsigned char pad[32 - sizeof(void *)];
} evio__record;

typedef struct evio__slab {
    /* By highest bit, which wastes the first six for a shorter look-up. */
    evio__atomic_ptr chunks[EVIO__SLAB_END_BIT]; /* evio__record[] */
    void *blocks[EVIO__SLAB_END_BIT];            /* what was allocated */
    uint32_t end_bit;   /* of the next chunk; 0: first */
    uint32_t free_head; /* a slot; 0 for none */
} evio__slab;

static inline uint64_t evio__key(uint32_t slot, uint32_t generation)
{
    return (uint64_t)generation << 32 | slot;
}

/* The record in a slot that was taken once; keys come from nowhere else. */
static inline evio__record *evio__slab_at(const evio__slab *slab, uint32_t slot)
{
    /* In 64 bits, which spares a 64-bit machine three extensions. */
    uint64_t wide = slot;
    uint64_t bit = 63u ^ (uint64_t)__builtin_clzll(wide);
    evio__record *records = evio__load_ptr(&slab->chunks[bit]);
    return &records[wide ^ (UINT64_C(1) << bit)];
}

/* The key of the registration that a record holds now. */
static inline uint64_t evio__record_key(const evio__record *record)
{
    return evio__key(record->slot, evio__load32_relaxed(&record->generation));
}

/* NULL when there is no memory; then nothing changed. */
evio__record *evio__slab_take(evio__slab *slab);
/* Ends the registration: its key is stale from here on. */
void evio__slab_give(evio__slab *slab, evio__record *record);
void evio__slab_free(evio__slab *slab);

#endif
