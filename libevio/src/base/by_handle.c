/* SPDX-License-Identifier: MIT */
/* Slots by descriptor; by_handle.h has the rules. */
#include "base/by_handle.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cold.h"

#define HANDLE_CHUNKS_MIN 16u

/* By doubling: the largest descriptor needs 2^21 pointers. */
static bool handle_grow(evio__by_handle *map, uint32_t chunk)
{
    uint32_t n = map->n_chunks != 0 ? map->n_chunks : HANDLE_CHUNKS_MIN;
    while (n <= chunk) {
        n *= 2;
    }
    uint32_t **chunks = evio__alloc(n, sizeof(*chunks));
    if (chunks == NULL) {
        return false;
    }
    if (map->n_chunks != 0) {
        memcpy(chunks, map->chunks, map->n_chunks * sizeof(*chunks));
    }
    evio__free(map->chunks);
    map->chunks = chunks;
    map->n_chunks = n;
    return true;
}

EVIO__COLD uint32_t *evio__by_handle_make(evio__by_handle *map, int32_t handle)
{
    uint32_t chunk = (uint32_t)handle / EVIO__BY_HANDLE_CHUNK;
    if (chunk >= map->n_chunks && !handle_grow(map, chunk)) {
        return NULL;
    }
    if (map->chunks[chunk] == NULL) {
        map->chunks[chunk] =
            evio__alloc(EVIO__BY_HANDLE_CHUNK, sizeof(uint32_t));
    }
    return evio__by_handle_find(map, handle);
}

void evio__by_handle_free(evio__by_handle *map)
{
    for (uint32_t i = 0; i < map->n_chunks; i++) {
        evio__free(map->chunks[i]);
    }
    evio__free(map->chunks);
    memset(map, 0, sizeof(*map));
}
