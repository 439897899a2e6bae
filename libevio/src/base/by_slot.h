/* SPDX-License-Identifier: MIT */
/*
 * State of a selector's own for each registration: an array by slot, in chunks
 * that never move and grow as the slab does. Memory of slots that were never
 * used is never touched.
 * Reserving is guarded by the registry's lock, and so are the elements; finding
 * an element that was reserved takes no lock.
 */
#ifndef EVIO__BY_SLOT_H
#define EVIO__BY_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"

typedef struct evio__by_slot {
    void *chunks[EVIO__SLAB_END_BIT];
    size_t size; /* of an element */
} evio__by_slot;

static inline void evio__by_slot_init(evio__by_slot *array, size_t size)
{
    array->size = size;
}

/* False when there is no memory; then nothing changed. The element of a slot is
 * whatever it was left as, or garbage the first time. */
bool evio__by_slot_reserve(evio__by_slot *array, uint32_t slot);

/* The element of a slot that was reserved. */
static inline void *evio__by_slot_at(const evio__by_slot *array, uint32_t slot)
{
    uint64_t bit = evio__slot_bit(slot);
    char *chunk = array->chunks[bit];
    return chunk + (slot - (UINT32_C(1) << bit)) * array->size;
}

void evio__by_slot_free(evio__by_slot *array);

#endif
