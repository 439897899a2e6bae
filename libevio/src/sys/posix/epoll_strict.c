/* SPDX-License-Identifier: MIT */
/*
 * epoll for tests: as strict about re-arming as a selector that simulates edges
 * (EVIO_POLL_STRICT_REARM). The kernel still decides what is an edge; of that,
 * disarmed bits are dropped, and re-arming has the kernel report what is ready.
 * What is armed is guarded by the registry's lock, which a wait takes after the
 * system call.
 */
#include <libevio/poll.h>

#include "base/arming.h"
#include "sys/posix/epoll.h"
#include "sys/posix/platform.h"
#include "sys/posix/selectors.h"

static uint32_t *strict_armed(const struct evio__epoll *self,
                              const evio__record *record)
{
    return evio__by_slot_at(&self->armed, record->slot);
}

static uint32_t strict_interest(const evio__record *record)
{
    return evio__load32_relaxed(&record->interest);
}

static int strict_add(evio__selector *selector, evio__record *record,
                      const evio__record *previous)
{
    struct evio__epoll *self = evio__epoll_of(selector);
    if (!evio__by_slot_reserve(&self->armed, record->slot)) {
        return -ENOMEM;
    }
    *strict_armed(self, record) = evio__arming_all(strict_interest(record));
    return evio__epoll_add(selector, record, previous);
}

static int strict_modify(evio__selector *selector, evio__record *record,
                         uint32_t old)
{
    int r = evio__epoll_modify(selector, record, old);
    if (r >= 0) {
        *strict_armed(evio__epoll_of(selector), record) =
            evio__arming_all(strict_interest(record));
    }
    return r;
}

static int strict_rearm(evio__selector *selector, evio__record *record,
                        uint32_t directions)
{
    uint32_t *armed = strict_armed(evio__epoll_of(selector), record);
    uint32_t interest = strict_interest(record);
    uint32_t all = evio__arming_rearm(interest, *armed, directions);
    if (all == *armed) {
        return 0;
    }
    *armed = all;
    /* The exclusive ones cannot be modified; then the next edge has to do. */
    return (interest & EVIO_EXCLUSIVE) != 0
               ? 0
               : evio__epoll_modify(selector, record, interest);
}

/* Lock held: keep of an entry what is armed; false when nothing is left. */
static bool strict_keep(const struct evio__epoll *self, evio__ready *ready)
{
    const evio__record *record =
        evio__slab_find(&self->host->slab, evio__key_slot(ready->key));
    if (record == NULL ||
        evio__load32_relaxed(&record->stamp) != evio__key_stamp(ready->key)) {
        return true; /* the core's to drop, and to count */
    }
    uint32_t *armed = strict_armed(self, record);
    ready->bits &= *armed;
    *armed = evio__arming_fired(strict_interest(record), *armed, ready->bits);
    return ready->bits != 0;
}

static int strict_wait(evio__selector *selector, evio__batch *batch,
                       uint64_t timeout_ns)
{
    const struct evio__epoll *self = evio__epoll_of(selector);
    int n = evio__epoll_wait(selector, batch, timeout_ns);
    int kept = 0;
    if (n <= 0) {
        return n;
    }
    evio__lock_acquire(self->host->lock);
    for (int i = 0; i < n; i++) {
        if (strict_keep(self, &batch->entries[i])) {
            batch->entries[kept++] = batch->entries[i];
        }
    }
    evio__lock_release(self->host->lock);
    return kept;
}

const evio__selector_ops evio__selector_epoll_strict = {
    .id = EVIO_SELECTOR_EPOLL,
    .abilities = EVIO__CAN_EXCLUSIVE | EVIO__NEEDS_REARM,
    .name = "epoll",
    .open = evio__epoll_open,
    .close = evio__epoll_close,
    .add = strict_add,
    .modify = strict_modify,
    .remove = evio__epoll_remove,
    .rearm = strict_rearm,
    .after_fork = evio__epoll_after_fork,
    .wait = strict_wait,
    .raw = evio__epoll_raw,
};
