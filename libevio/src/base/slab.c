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

/* Its memory is whatever the allocator gave. */
evio__record *evio__slab_take_fresh(evio__slab *slab)
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

void evio__slab_free(evio__slab *slab)
{
    for (uint32_t i = EVIO__SLAB_FIRST_BIT; i < slab->end_bit; i++) {
        evio__free(slab->blocks[i]);
    }
}
