/* SPDX-License-Identifier: MIT */
/* State by slot; by_slot.h has the rules. */
#include "base/by_slot.h"

#include "base/alloc.h"

bool evio__by_slot_reserve(evio__by_slot *array, uint32_t slot)
{
    uint64_t bit = evio__slot_bit(slot);
    if (array->chunks[bit] == NULL) {
        array->chunks[bit] = evio__alloc_raw((size_t)1 << bit, array->size);
    }
    return array->chunks[bit] != NULL;
}

void evio__by_slot_free(evio__by_slot *array)
{
    for (unsigned i = 0; i < EVIO__SLAB_END_BIT; i++) {
        evio__free(array->chunks[i]);
        array->chunks[i] = NULL;
    }
}
