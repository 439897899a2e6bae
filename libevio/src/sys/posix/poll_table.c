/* SPDX-License-Identifier: MIT */
/* The registrations of the poll(2) selector; poll_table.h has the rules. */
#include "sys/posix/poll_table.h"

#include <string.h>

#include <libevio/interest.h>

#include "base/alloc.h"
#include "base/slab.h"
#include "sys/posix/poll_flags.h"

#define TABLE_FIRST 16u
#define TABLE_DIRECTIONS \
 ((uint32_t)EVIO_READABLE | EVIO_WRITABLE | EVIO_PRIORITY)
/* In `armed`: a hang-up may still be reported, though every direction is
 * silent. poll() tells of those without being asked. */
#define TABLE_HANGUP 0x8u

/* The copy's block may be in use by a wait: lay a larger one aside. */
static int table_grow_spare(evio__poll_table *table, uint32_t cap)
{
    uint64_t *keys =
        evio__alloc(cap, sizeof(*keys) + sizeof(*table->spare.fds));
    if (keys == NULL) {
        return -ENOMEM;
    }
    evio__free(table->spare.keys);
    table->spare.keys = keys;
    table->spare.fds = (struct pollfd *)(void *)(keys + cap);
    table->spare.cap = cap;
    return 0;
}

static int table_grow_rows(evio__poll_table *table, uint32_t cap)
{
    uint64_t *keys = evio__alloc(cap, sizeof(*keys) + sizeof(*table->states) +
                                          sizeof(*table->fds));
    if (keys == NULL) {
        return -ENOMEM;
    }
    evio__poll_state *states = (evio__poll_state *)(void *)(keys + cap);
    struct pollfd *fds = (struct pollfd *)(void *)(states + cap);
    if (table->count > 0) {
        memcpy(keys, table->keys, table->count * sizeof(*keys));
        memcpy(states, table->states, table->count * sizeof(*states));
        memcpy(fds, table->fds, table->count * sizeof(*fds));
    }
    evio__free(table->keys);
    table->keys = keys;
    table->states = states;
    table->fds = fds;
    table->cap = cap;
    return 0;
}

/* Room for one more registration. */
static int table_grow(evio__poll_table *table)
{
    if (table->count < table->cap) {
        return 0;
    }
    if (table->cap > UINT32_MAX / 2) {
        return -ENOMEM;
    }
    uint32_t cap = table->cap == 0 ? TABLE_FIRST : table->cap * 2;
    int r = table_grow_spare(table, cap);
    return r < 0 ? r : table_grow_rows(table, cap);
}

/* Room for `fd` in the map. */
static int table_grow_map(evio__poll_table *table, int fd)
{
    uint32_t need = (uint32_t)fd + 1;
    if (need <= table->index_cap) {
        return 0;
    }
    uint32_t cap = table->index_cap == 0 ? TABLE_FIRST : table->index_cap;
    while (cap < need) {
        cap *= 2;
    }
    uint32_t *map = evio__alloc(cap, sizeof(*map));
    if (map == NULL) {
        return -ENOMEM;
    }
    if (table->index_cap > 0) {
        memcpy(map, table->index_of, table->index_cap * sizeof(*map));
    }
    evio__free(table->index_of);
    table->index_of = map;
    table->index_cap = cap;
    return 0;
}

int evio__poll_table_init(evio__poll_table *table, int interrupt)
{
    memset(table, 0, sizeof(*table));
    int r = table_grow(table);
    if (r < 0) {
        evio__poll_table_free(table);
        return r;
    }
    table->fds[0].fd = interrupt;
    table->fds[0].events = POLLIN;
    table->count = 1;
    table->dirty = true;
    return 0;
}

void evio__poll_table_free(evio__poll_table *table)
{
    evio__free(table->keys);
    evio__free(table->index_of);
    evio__free(table->copy.keys);
    evio__free(table->spare.keys);
    memset(table, 0, sizeof(*table));
}

/* Make pollfd say what the state says. ~fd is negative for every fd. */
static void table_apply(evio__poll_table *table, uint32_t index, int fd)
{
    uint32_t armed = table->states[index].armed;
    table->fds[index].fd = armed != 0 ? fd : ~fd;
    table->fds[index].events = evio__poll_events(armed);
    table->dirty = true;
}

static void table_arm(evio__poll_table *table, uint32_t index, int fd,
                      uint32_t interest)
{
    table->states[index].interest = interest;
    table->states[index].armed = (interest & TABLE_DIRECTIONS) | TABLE_HANGUP;
    table_apply(table, index, fd);
}

uint32_t evio__poll_table_find(const evio__poll_table *table, int fd,
                               uint64_t key)
{
    uint32_t index = (uint32_t)fd < table->index_cap ? table->index_of[fd] : 0;
    return index != 0 && table->keys[index] == key ? index : 0;
}

int evio__poll_table_add(evio__poll_table *table, int fd, uint64_t key,
                         uint32_t interest)
{
    int r = table_grow_map(table, fd);
    if (r < 0) {
        return r;
    }
    if (table->index_of[fd] != 0) {
        return -EEXIST;
    }
    r = table_grow(table);
    if (r < 0) {
        return r;
    }
    uint32_t index = table->count++;
    table->index_of[fd] = index;
    table->keys[index] = key;
    table_arm(table, index, fd, interest);
    return 0;
}

int evio__poll_table_modify(evio__poll_table *table, int fd, uint64_t key,
                            uint32_t interest)
{
    uint32_t index = evio__poll_table_find(table, fd, key);
    if (index == 0) {
        return -ENOENT;
    }
    table_arm(table, index, fd, interest);
    return 0;
}

int evio__poll_table_remove(evio__poll_table *table, int fd, uint64_t key)
{
    uint32_t index = evio__poll_table_find(table, fd, key);
    if (index == 0) {
        return -ENOENT;
    }
    uint32_t last = --table->count;
    if (index != last) {
        int moved = table->fds[last].fd;
        table->fds[index] = table->fds[last];
        table->keys[index] = table->keys[last];
        table->states[index] = table->states[last];
        table->index_of[moved >= 0 ? moved : ~moved] = index;
    }
    table->index_of[fd] = 0;
    table->dirty = true;
    return 0;
}

int evio__poll_table_rearm(evio__poll_table *table, int fd, uint64_t key,
                           uint32_t directions)
{
    uint32_t index = evio__poll_table_find(table, fd, key);
    if (index == 0) {
        return -ENOENT;
    }
    evio__poll_state *state = &table->states[index];
    const uint32_t other_modes = (uint32_t)EVIO_LEVEL | EVIO_ONESHOT;
    uint32_t silent = directions & state->interest & ~state->armed;
    if ((state->interest & other_modes) != 0 || silent == 0) {
        return 0;
    }
    state->armed |= silent | TABLE_HANGUP;
    table_apply(table, index, fd);
    return 1;
}

bool evio__poll_table_is_waker(const evio__poll_table *table, uint32_t index)
{
    return (table->states[index].interest & EVIO__INTEREST_WAKER) != 0;
}

void evio__poll_table_silence(evio__poll_table *table, uint32_t index,
                              short revents, uint32_t readiness)
{
    evio__poll_state *state = &table->states[index];
    bool masked = (revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
    if ((revents & POLLNVAL) != 0 || (state->interest & EVIO_ONESHOT) != 0) {
        /* Reported once: a closed descriptor says the same for ever. */
        state->armed = 0;
    } else if ((state->interest & EVIO_LEVEL) != 0) {
        return;
    } else {
        state->armed = masked ? state->armed & ~readiness : 0;
    }
    int fd = table->fds[index].fd;
    table_apply(table, index, fd >= 0 ? fd : ~fd);
}

uint32_t evio__poll_table_copy(evio__poll_table *table)
{
    if (!table->dirty) {
        return table->count;
    }
    if (table->copy.cap < table->count) {
        evio__free(table->copy.keys);
        table->copy = table->spare;
        memset(&table->spare, 0, sizeof(table->spare));
    }
    memcpy(table->copy.keys, table->keys, table->count * sizeof(*table->keys));
    memcpy(table->copy.fds, table->fds, table->count * sizeof(*table->fds));
    table->dirty = false;
    return table->count;
}
