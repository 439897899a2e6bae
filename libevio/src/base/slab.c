/* SPDX-License-Identifier: MIT */
/* Taking, giving back and growing slots; slab.h has the rules. */
#include "base/slab.h"

#include <string.h>

#include "base/alloc.h"

#define SLAB_LINE 64u

_Static_assert(sizeof(evio__record) == 32, "two records are a cache line");

static bool slab_grow(evio__slab *slab)
{
    uint32_t bit = slab->end_bit != 0 ? slab->end_bit : EVIO__SLAB_FIRST_BIT;
    if (bit == EVIO__SLAB_END_BIT) {
        return false;
    }
    uint32_t start = 1u << bit;
    char *block = evio__alloc_raw((size_t)start + 2, sizeof(evio__record));
    if (block == NULL) {
        return false;
    }
    size_t skew = (SLAB_LINE - (uintptr_t)block % SLAB_LINE) % SLAB_LINE;
    uintptr_t records = (uintptr_t)(block + skew);
    slab->blocks[bit] = block;
    slab->end_bit = bit + 1;
    evio__store_ptr(&slab->origins[bit],
                    (void *)(records - start * sizeof(evio__record)));
    return true;
}

/* A slot that was never taken: its memory is whatever the allocator gave. */
static evio__record *slab_take_fresh(evio__slab *slab)
{
    uint32_t slot = evio__load32_relaxed(&slab->end);
    if (slot == 0) {
        slot = EVIO__SLAB_FIRST;
    }
    if ((slab->end_bit == 0 || slot >> slab->end_bit != 0) &&
        !slab_grow(slab)) {
        return NULL;
    }
    evio__record *record = evio__slab_at(slab, slot);
    memset(record, 0, sizeof(*record));
    record->slot = slot;
    evio__store32(&slab->end, slot + 1);
    return record;
}

evio__record *evio__slab_take(evio__slab *slab)
{
    evio__record *record;
    if (slab->free_head != 0) {
        record = evio__slab_at(slab, slab->free_head);
        slab->free_head = record->next;
        record->next = 0;
    } else {
        record = slab_take_fresh(slab);
        if (record == NULL) {
            return NULL;
        }
    }
    record->handle = -1;
    return record;
}

static void slab_push(evio__slab *slab, evio__record *record)
{
    record->next = slab->free_head;
    slab->free_head = record->slot;
}

void evio__slab_untake(evio__slab *slab, evio__record *record)
{
    evio__store32(&record->interest, 0);
    slab_push(slab, record);
}

static bool slab_is_used_up(uint32_t stamp)
{
    return stamp >= EVIO__STAMP_GENERATION;
}

void evio__slab_end(evio__record *record)
{
    uint32_t stamp = evio__load32_relaxed(&record->stamp);
    if (!slab_is_used_up(stamp)) {
        stamp = (stamp & EVIO__STAMP_GENERATION) + EVIO__STAMP_NEXT;
    }
    /* Released before the next owner's token is: whoever reads that token and
     * then the stamp sees that the key is stale. */
    evio__store32(&record->stamp, stamp);
    evio__store32(&record->interest, 0);
}

void evio__slab_give(evio__slab *slab, evio__record *record)
{
    evio__store32(&record->posted, 0);
    if (!slab_is_used_up(evio__load32_relaxed(&record->stamp))) {
        slab_push(slab, record);
    }
}

void evio__slab_free(evio__slab *slab)
{
    for (uint32_t i = EVIO__SLAB_FIRST_BIT; i < slab->end_bit; i++) {
        evio__free(slab->blocks[i]);
    }
}
