/* SPDX-License-Identifier: MIT */
/* Taking, giving back and growing slots; slab.h has the rules. */
#include "base/slab.h"

#include "base/alloc.h"

#define SLAB_LINE 64u

_Static_assert(sizeof(evio__record) == SLAB_LINE, "a record is a cache line");

static void slab_chain(evio__slab *slab, evio__record *records, uint32_t start,
                       uint32_t count)
{
    for (uint32_t i = count; i-- > 0;) {
        records[i].slot = start + i;
        records[i].next_free = slab->free_head;
        slab->free_head = start + i + 1;
    }
}

static bool slab_grow(evio__slab *slab)
{
    uint32_t chunk = slab->n_chunks;
    if (chunk == EVIO__SLAB_CHUNKS) {
        return false;
    }
    uint32_t count = EVIO__SLAB_FIRST << chunk;
    uint32_t start = EVIO__SLAB_FIRST * ((1u << chunk) - 1u);
    char *block = evio__alloc((size_t)count + 1, sizeof(evio__record));
    if (block == NULL) {
        return false;
    }
    size_t skew = (SLAB_LINE - (uintptr_t)block % SLAB_LINE) % SLAB_LINE;
    evio__record *records = (void *)(block + skew);
    slab_chain(slab, records, start, count);
    slab->blocks[chunk] = block;
    slab->n_chunks = chunk + 1;
    evio__store_ptr(&slab->chunks[chunk], records);
    return true;
}

evio__record *evio__slab_take(evio__slab *slab)
{
    if (slab->free_head == 0 && !slab_grow(slab)) {
        return NULL;
    }
    evio__record *record = evio__slab_at(slab, slab->free_head - 1);
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
    slab->free_head = record->slot + 1;
}

void evio__slab_free(evio__slab *slab)
{
    for (uint32_t i = 0; i < slab->n_chunks; i++) {
        evio__free(slab->blocks[i]);
    }
}
