/* SPDX-License-Identifier: MIT */
/*
 * The record of a registration, and its fields: what a selector is given, and
 * what the key that the kernel carries refers to.
 */
#ifndef EVIO__RECORD_H
#define EVIO__RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/interest.h>

#include "base/atomic.h"

/* Private bits of a record's interest, above those of interest.h. */
#define EVIO__INTEREST_PIPE_END 0x10000u /* an error means: write closed */
#define EVIO__INTEREST_POSTED   0x20000u /* no descriptor: only posted */
#define EVIO__INTEREST_ABSENT   0x40000u /* the selector does not have it now */
#define EVIO__INTEREST_LOST     0x80000u /* its handle is another's by now */
#define EVIO__INTEREST_PRIVATE  0xffff0000u

/*
 * `posted`: readiness (bits of interest.h) that waits to be delivered without a
 * descriptor, the selector's own bits that go with it, and who holds the slot
 * besides its registration. A slot is free when nobody holds it.
 */
#define EVIO__POSTED_READINESS    0x000000ffu
#define EVIO__POSTED_DETAIL       0x0fffff00u
#define EVIO__POSTED_DETAIL_SHIFT 8u
#define EVIO__POSTED_PENDING      0x0fffffffu /* both */
#define EVIO__POSTED_FIRED        0x10000000u /* a oneshot that is disarmed */
#define EVIO__POSTED_HELD         0x20000000u /* by a selector or a trigger */
#define EVIO__POSTED_ENDED        0x40000000u /* the registration has ended */
#define EVIO__POSTED_QUEUED       0x80000000u /* on the list, or in a batch */

/*
 * A stamp is the generation of a slot's registrations (24 bits) and the count
 * of changes of this one (8 bits, two for each change: after 128 changes a
 * registration takes the next generation). It is odd while a change goes on.
 * With the slot it is the key that the kernel carries: an event of a former
 * registration, or of an interest that was replaced, has another stamp than the
 * record.
 */
#define EVIO__STAMP_GENERATION 0xffffff00u /* its largest value, too */
#define EVIO__STAMP_NEXT       0x00000100u

/* Two to a cache line, so that delivering an event touches one. */
typedef struct evio__record {
    evio__atomic64 token;
    evio__atomic32 stamp;
    evio__atomic32 interest; /* directions, mode, private bits; 0: free */
    evio__atomic32 posted;
    uint32_t next; /* a slot: of the posted list or of the free list; 0 ends */
    uint32_t slot;
    int32_t handle; /* descriptor; -1 for none */
} evio__record;

/*
 * A key is slot and stamp. Its slot has this bit when delivering an event of it
 * takes more than the usual steps: then it is above every slot, so the check
 * that a slot exists fails, which costs the usual ones nothing.
 */
#define EVIO__SLOT_RARE 0x80000000u

static inline uint64_t evio__key(uint32_t slot, uint32_t stamp)
{
    return (uint64_t)stamp << 32 | slot;
}

static inline uint32_t evio__key_slot(uint64_t key)
{
    return (uint32_t)key & ~EVIO__SLOT_RARE;
}

static inline uint32_t evio__key_stamp(uint64_t key)
{
    return (uint32_t)(key >> 32);
}

/* The key of the registration that a record holds now. A oneshot is rare: its
 * delivery is noted (EVIO__POSTED_FIRED). */
static inline uint64_t evio__record_key(const evio__record *record)
{
    uint32_t interest = evio__load32_relaxed(&record->interest);
    uint32_t rare = (interest & EVIO_ONESHOT) != 0 ? EVIO__SLOT_RARE : 0;
    return evio__key(record->slot | rare, evio__load32_relaxed(&record->stamp));
}

/* A change of token and interest begins and ends; lock held. In between no key
 * is current. A reader that sees what was written in between also sees the odd
 * stamp, or a later one. */
static inline void evio__stamp_change(evio__record *record)
{
    evio__store32(&record->stamp, evio__load32_relaxed(&record->stamp) | 1);
}

static inline void evio__stamp_changed(evio__record *record)
{
    uint32_t stamp = evio__load32_relaxed(&record->stamp);
    evio__store32(&record->stamp, (stamp & EVIO__STAMP_GENERATION) |
                                      ((stamp + 1) & ~EVIO__STAMP_GENERATION));
}

/* The stamp after a change that goes on: the next generation when the count of
 * changes is used up, as long as there is one, so that none comes twice while
 * events of it may lie about. */
static inline uint32_t evio__stamp_after(const evio__record *record)
{
    uint32_t stamp = evio__load32_relaxed(&record->stamp);
    return stamp + 1 < EVIO__STAMP_GENERATION ? stamp + 1
                                              : stamp & EVIO__STAMP_GENERATION;
}

/* The largest generation is nobody's, but for a trigger that is registered that
 * often: it holds its record, and posted entries have no stamp. */
static inline bool evio__stamp_is_used_up(uint32_t stamp)
{
    return stamp >= EVIO__STAMP_GENERATION;
}

#endif
