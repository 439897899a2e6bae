/* SPDX-License-Identifier: MIT */
/*
 * Which slot has the registration of a descriptor: an array by number, in
 * chunks. It distinguishes a number that was closed elsewhere and came back
 * from one that is registered twice.
 * Guarded by the registry's lock.
 */
#ifndef EVIO__BY_HANDLE_H
#define EVIO__BY_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVIO__BY_HANDLE_CHUNK 1024u

typedef struct evio__by_handle {
    uint32_t **chunks;
    uint32_t n_chunks;
} evio__by_handle;

/* Where the slot of a handle stands, 0 for none; NULL when there is no place
 * for it yet. `handle` is not negative. */
static inline uint32_t *evio__by_handle_find(const evio__by_handle *map,
                                             int32_t handle)
{
    uint32_t chunk = (uint32_t)handle / EVIO__BY_HANDLE_CHUNK;
    if (chunk >= map->n_chunks || map->chunks[chunk] == NULL) {
        return NULL;
    }
    return &map->chunks[chunk][(uint32_t)handle % EVIO__BY_HANDLE_CHUNK];
}

/* The same, and make a place; NULL when there is no memory: then nothing
 * changed. */
uint32_t *evio__by_handle_make(evio__by_handle *map, int32_t handle);

static inline uint32_t *evio__by_handle_place(evio__by_handle *map,
                                              int32_t handle)
{
    uint32_t *place = evio__by_handle_find(map, handle);
    return place != NULL ? place : evio__by_handle_make(map, handle);
}

void evio__by_handle_free(evio__by_handle *map);

#endif
