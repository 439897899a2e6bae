/* SPDX-License-Identifier: MIT */
/* Taking, giving back and growing slots; slab.h has the rules. */
#include "base/slab.h"

#include "base/alloc.h"

#define SLAB_LINE 64u

_Static_assert(sizeof(evio__record) == SLAB_LINE, "a record is a cache line");

static void slab_chain(evio__slab *slab, evio__record *records, uint32_t start)
{
    for (uint32_t i = start; i-- > 0;) {
        records[i].slot = start + i;
        records[i].next_free = slab->free_head;
        slab->free_head = start + i;
    }
}

static bool slab_grow(evio__slab *slab)
{
    uint32_t bit = slab->end_bit != 0 ? slab->end_bit : EVIO__SLAB_FIRST_BIT;
    if (bit == EVIO__SLAB_END_BIT) {
        return false;
    }
    uint32_t start = 1u << bit;
    char *block = evio__alloc((size_t)start + 1, sizeof(evio__record));
    if (block == NULL) {
        return false;
    }
    size_t skew = (SLAB_LINE - (uintptr_t)block % SLAB_LINE) % SLAB_LINE;
    evio__record *records = (void *)(block + skew);
    slab_chain(slab, records, start);
    slab->blocks[bit] = block;
    slab->end_bit = bit + 1;
    evio__store_ptr(&slab->chunks[bit], records);
    return true;
}

evio__record *evio__slab_take(evio__slab *slab)
{
    if (slab->free_head == 0 && !slab_grow(slab)) {
        return NULL;
    }
    evio__record *record = evio__slab_at(slab, slab->free_head);
    slab->free_head = record->next_free;
    return record;
}

void evio__slab_give(evio__slab *slab, evio__record *record)
{
    /* Released before the next owner's token is: whoever reads that token and
     * then the generation again sees that the key is stale. */
    evio__store32(&record->generation,
                  evio__load32_relaxed(&record->generation) + 1);
    evio__store32(&record->wake, 0);
    record->next_free = slab->free_head;
    slab->free_head = record->slot;
}

void evio__slab_free(evio__slab *slab)
{
    for (uint32_t i = EVIO__SLAB_FIRST_BIT; i < slab->end_bit; i++) {
        evio__free(slab->blocks[i]);
    }
}
