/* SPDX-License-Identifier: MIT */
/* The registrations of the poll(2) selector; poll_table.h has the rules. */
#include "sys/posix/poll_table.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arming.h"
#include "base/slab.h"
#include "sys/posix/poll_flags.h"

#define TABLE_FIRST 16u

/* The copy's block may be in use by a wait: keep a larger one for the next. */
static int table_grow_spare(evio__poll_table *table, uint32_t cap)
{
    uint64_t *keys =
        evio__alloc_raw(cap, sizeof(*keys) + sizeof(*table->spare.fds));
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
    uint64_t *keys = evio__alloc_raw(cap, sizeof(*keys) + sizeof(*table->fds));
    if (keys == NULL) {
        return -ENOMEM;
    }
    struct pollfd *fds = (struct pollfd *)(void *)(keys + cap);
    if (table->count > 0) {
        memcpy(keys, table->keys, table->count * sizeof(*keys));
        memcpy(fds, table->fds, table->count * sizeof(*fds));
    }
    evio__free(table->keys);
    table->keys = keys;
    table->fds = fds;
    table->cap = cap;
    return 0;
}

/* Space for one more row. */
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

int evio__poll_table_init(evio__poll_table *table, int wakeup)
{
    memset(table, 0, sizeof(*table));
    evio__by_slot_init(&table->states, sizeof(evio__poll_state));
    int r = table_grow(table);
    if (r < 0) {
        evio__poll_table_free(table);
        return r;
    }
    table->keys[0] = 0;
    table->fds[0].events = POLLIN;
    table->count = 1;
    evio__poll_table_set_wakeup(table, wakeup);
    return 0;
}

void evio__poll_table_set_wakeup(evio__poll_table *table, int wakeup)
{
    table->fds[0].fd = wakeup;
    table->dirty = true;
}

void evio__poll_table_free(evio__poll_table *table)
{
    evio__free(table->keys);
    evio__free(table->copy.keys);
    evio__free(table->spare.keys);
    evio__by_slot_free(&table->states);
    memset(table, 0, sizeof(*table));
}

/* The descriptor of a row, parked or not. ~fd is negative for every fd. */
static int table_fd(const evio__poll_table *table, uint32_t row)
{
    int fd = table->fds[row].fd;
    return fd >= 0 ? fd : ~fd;
}

static void table_apply(evio__poll_table *table, const evio__poll_state *state)
{
    struct pollfd *row = &table->fds[state->row];
    int fd = table_fd(table, state->row);
    row->fd = state->armed != 0 && !state->paced ? fd : ~fd;
    row->events = evio__poll_events(state->armed);
    row->revents = 0;
    table->dirty = true;
}

static void table_set_paced(evio__poll_table *table, evio__poll_state *state,
                            bool paced)
{
    table->n_paced += (uint32_t)paced - (uint32_t)state->paced;
    state->paced = paced;
}

/* Everything that the record requests may be reported. */
static void table_arm(evio__poll_table *table, const evio__record *record,
                      evio__poll_state *state)
{
    uint32_t interest = evio__load32_relaxed(&record->interest);
    state->armed = evio__arming_all(interest);
    state->unmaskable = false;
    table_set_paced(table, state, false);
    table->keys[state->row] = evio__record_key(record);
    table_apply(table, state);
}

int evio__poll_table_add(evio__poll_table *table, const evio__record *record,
                         const evio__poll_file *file)
{
    int r = table_grow(table);
    if (r < 0 || !evio__by_slot_reserve(&table->states, record->slot)) {
        return -ENOMEM;
    }
    evio__poll_state *state = evio__poll_table_state(table, record->slot);
    state->file = *file;
    state->row = table->count++;
    state->paced = false;
    table->fds[state->row].fd = record->handle;
    table_arm(table, record, state);
    return 0;
}

void evio__poll_table_modify(evio__poll_table *table,
                             const evio__record *record)
{
    table_arm(table, record, evio__poll_table_state(table, record->slot));
}

void evio__poll_table_remove(evio__poll_table *table,
                             const evio__record *record)
{
    evio__poll_state *state = evio__poll_table_state(table, record->slot);
    uint32_t row = state->row;
    uint32_t last = --table->count;
    table_set_paced(table, state, false);
    state->row = 0;
    if (row != last) {
        table->fds[row] = table->fds[last];
        table->keys[row] = table->keys[last];
        evio__poll_table_state(table, evio__key_slot(table->keys[row]))->row =
            row;
    }
    table->dirty = true;
}

bool evio__poll_table_rearm(evio__poll_table *table, const evio__record *record,
                            uint32_t directions)
{
    evio__poll_state *state = evio__poll_table_state(table, record->slot);
    uint32_t armed = evio__arming_rearm(evio__load32_relaxed(&record->interest),
                                        state->armed, directions);
    if (armed == state->armed) {
        return false;
    }
    state->armed = armed;
    if (state->unmaskable) {
        table_set_paced(table, state, true);
    }
    table_apply(table, state);
    return true;
}

void evio__poll_table_park(evio__poll_table *table, const evio__record *record)
{
    evio__poll_state *state = evio__poll_table_state(table, record->slot);
    state->armed = 0;
    table_set_paced(table, state, false);
    table_apply(table, state);
}

uint32_t evio__poll_table_fired(evio__poll_table *table, uint32_t i,
                                short revents, const evio__slab *slab)
{
    uint64_t key = table->copy.keys[i];
    evio__poll_state *state =
        evio__poll_table_state(table, evio__key_slot(key));
    if (state->row == 0 || table->keys[state->row] != key) {
        return 0;
    }
    const evio__record *record = evio__slab_at(slab, evio__key_slot(key));
    uint32_t interest = evio__load32_relaxed(&record->interest);
    /* Other bits may have been re-armed meanwhile; a closed descriptor would be
     * reported for ever. */
    uint32_t bits =
        (revents & POLLNVAL) != 0 ? 0 : evio__poll_bits(revents) & state->armed;
    state->armed = (revents & POLLNVAL) != 0
                       ? 0
                       : evio__arming_fired(interest, state->armed, bits);
    state->unmaskable =
        (interest & EVIO_LEVEL) == 0 && (bits & EVIO__UNMASKABLE) != 0;
    /* Nothing to sample for: only re-arming, or a change, makes it reportable
     * again. */
    if (state->armed == 0) {
        table_set_paced(table, state, false);
    }
    table_apply(table, state);
    return bits;
}

/* Paced rows: parked in the table, not in this copy. */
static void table_unpark_paced(evio__poll_table *table)
{
    for (uint32_t i = 1; i < table->count; i++) {
        if (evio__poll_table_state(table, evio__key_slot(table->keys[i]))
                ->paced) {
            table->copy.fds[i].fd = table_fd(table, i);
        }
    }
    table->dirty = true; /* the next copy must not have them */
}

uint32_t evio__poll_table_copy(evio__poll_table *table, bool sample)
{
    if (!table->dirty && !sample) {
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
    if (sample) {
        table_unpark_paced(table);
    }
    return table->count;
}

void evio__poll_table_sampled(evio__poll_table *table, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint64_t key = table->copy.keys[i];
        evio__poll_state *state =
            evio__poll_table_state(table, evio__key_slot(key));
        if (state->row != 0 && table->keys[state->row] == key && state->paced &&
            (table->copy.fds[i].revents & (POLLERR | POLLHUP | POLLNVAL)) ==
                0) {
            state->unmaskable = false;
            table_set_paced(table, state, false);
            table_apply(table, state);
        }
    }
}
