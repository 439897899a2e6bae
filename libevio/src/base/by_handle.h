/* SPDX-License-Identifier: MIT */
/*
 * Which slot has the registration of a descriptor: a map by number, in chunks.
 * With it a number that was closed elsewhere and came back is told from one
 * that is registered twice.
 * Guarded by the registry's lock.
 */
#ifndef EVIO__BY_HANDLE_H
#define EVIO__BY_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct evio__by_handle {
    uint32_t **chunks;
    uint32_t n_chunks;
} evio__by_handle;

/* The slot of a handle; 0 for none. `handle` is not negative. */
uint32_t evio__by_handle_get(const evio__by_handle *map, int32_t handle);
/* False when there is no memory; then nothing changed. */
bool evio__by_handle_reserve(evio__by_handle *map, int32_t handle);
/* Set the slot of a handle that was reserved; 0 for none. */
void evio__by_handle_set(evio__by_handle *map, int32_t handle, uint32_t slot);
void evio__by_handle_free(evio__by_handle *map);

#endif
