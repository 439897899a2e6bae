/* SPDX-License-Identifier: MIT */
/*
 * The poll(2) selector: for every Unix, and the second opinion on Linux. It
 * keeps the registrations itself and simulates edge and oneshot by silencing
 * directions; poll_table.c has that half. Here: waiting.
 *
 * The table is guarded by the registry's lock. The waiting thread polls a copy
 * without the lock. Whoever changes the table meanwhile rings the interrupt,
 * which is a bell of its own, apart from any user's waker; the thread then
 * takes a new copy and waits for the rest of its time.
 */
#include <libevio/event.h>
#include <libevio/poll.h>

#include "base/alloc.h"
#include "base/deadline.h"
#include "sys/port.h"
#include "sys/posix/platform.h"
#include "sys/posix/poll_flags.h"
#include "sys/posix/poll_table.h"
#include "sys/posix/selectors.h"

struct poll_selector {
    evio__lock *lock;
    evio__poll_table table; /* lock */
    evio__bell interrupt;
    uint32_t start;   /* where the next scan begins; waiting thread */
    bool waiting;     /* lock: a thread polls its copy */
    bool interrupted; /* lock: and was told to look again */
};

static struct poll_selector *poll_of(const evio__selector *selector)
{
    return (struct poll_selector *)(uintptr_t)selector;
}

static int poll_selector_open(evio__lock *lock, evio__selector **out_selector)
{
    struct poll_selector *self = evio__alloc(1, sizeof(*self));
    if (self == NULL) {
        return -ENOMEM;
    }
    self->lock = lock;
    int r = evio__bell_pipe.open(&self->interrupt);
    if (r < 0) {
        goto free_self;
    }
    r = evio__poll_table_init(&self->table, (int)self->interrupt.read_end);
    if (r < 0) {
        goto close_interrupt;
    }
    *out_selector = (evio__selector *)self;
    return 0;

close_interrupt:
    evio__bell_pipe.close(&self->interrupt);
free_self:
    evio__free(self);
    return r;
}

static void poll_selector_close(evio__selector *selector)
{
    struct poll_selector *self = poll_of(selector);
    evio__poll_table_free(&self->table);
    evio__bell_pipe.close(&self->interrupt);
    evio__free(self);
}

/* Lock held: the table changed; a thread that polls an older copy looks again.
 * It cannot miss the ring: it hushes the bell under the lock too. */
static int poll_changed(struct poll_selector *self, int r)
{
    if (r >= 0 && self->waiting && !self->interrupted) {
        self->interrupted = true;
        (void)evio__bell_pipe.ring(&self->interrupt);
    }
    return r;
}

/* poll() itself would say so only with the next wait, and a number that is not
 * open may be as large as it likes. */
static int poll_check_open(libsock_raw raw)
{
    return evio__result(SYS(fcntl, (int)raw, F_GETFD));
}

static int poll_add(evio__selector *selector, libsock_raw raw, uint64_t key,
                    uint32_t interest)
{
    struct poll_selector *self = poll_of(selector);
    int r = poll_check_open(raw);
    if (r >= 0) {
        r = evio__poll_table_add(&self->table, (int)raw, key, interest);
    }
    return poll_changed(self, r);
}

static int poll_modify(evio__selector *selector, libsock_raw raw, uint64_t key,
                       uint32_t interest)
{
    struct poll_selector *self = poll_of(selector);
    int r = poll_check_open(raw);
    if (r >= 0) {
        r = evio__poll_table_modify(&self->table, (int)raw, key, interest);
    }
    return poll_changed(self, r);
}

/* Told too: poll() holds on to a file that is closed meanwhile, and a peer
 * would see the end of the connection late. */
static int poll_remove(evio__selector *selector, libsock_raw raw, uint64_t key)
{
    struct poll_selector *self = poll_of(selector);
    return poll_changed(self,
                        evio__poll_table_remove(&self->table, (int)raw, key));
}

static int poll_rearm(evio__selector *selector, libsock_raw raw, uint64_t key,
                      uint32_t directions)
{
    struct poll_selector *self = poll_of(selector);
    int changed =
        evio__poll_table_rearm(&self->table, (int)raw, key, directions);
    if (changed > 0) {
        poll_changed(self, changed);
    }
    return changed < 0 ? changed : 0;
}

/* Take a copy of the table to poll. */
static uint32_t poll_prepare(struct poll_selector *self)
{
    evio__lock_acquire(self->lock);
    self->waiting = true;
    uint32_t n = evio__poll_table_copy(&self->table);
    evio__lock_release(self->lock);
    return n;
}

static int poll_block(struct pollfd *fds, uint32_t n, uint64_t ns)
{
    struct timespec timeout = {0, 0};
    if (ns == UINT64_MAX) {
        return evio__result(SYS(ppoll, fds, n, NULL, NULL));
    }
    /* 100 million seconds fit any time_t; the caller goes on from there. */
    uint64_t sec = ns / EVIO__NS_PER_S;
    timeout.tv_sec = sec > 100000000 ? 100000000 : (time_t)sec;
    timeout.tv_nsec = (long)(ns % EVIO__NS_PER_S);
    return evio__result(SYS(ppoll, fds, n, &timeout, NULL));
}

/* Lock held: move one descriptor of the copy that fired into the batch. */
static void poll_take(struct poll_selector *self, evio__batch *batch,
                      uint32_t i)
{
    const struct pollfd *fired = &self->table.copy.fds[i];
    uint64_t key = self->table.copy.keys[i];
    uint32_t index = evio__poll_table_find(&self->table, fired->fd, key);
    if (index == 0) {
        return; /* deregistered while it was polled */
    }
    uint32_t readiness = evio__poll_readiness(fired->revents);
    if (evio__poll_table_is_waker(&self->table, index)) {
        evio__bell_pipe.hush(fired->fd);
    } else {
        evio__poll_table_silence(&self->table, index, fired->revents,
                                 readiness);
    }
    batch->entries[batch->count].key = key;
    batch->entries[batch->count].readiness = readiness;
    batch->count++;
}

/* Lock held: what fired, as far as the batch has room. The scan begins where
 * the last one stopped, so that a small batch is fair. */
static void poll_scan(struct poll_selector *self, evio__batch *batch,
                      uint32_t n, uint32_t n_fired)
{
    const struct pollfd *fds = self->table.copy.fds;
    uint32_t i = self->start > 0 && self->start < n ? self->start : 1;
    for (uint32_t seen = 1; seen < n && n_fired > 0; seen++) {
        if (batch->count == batch->cap) {
            break;
        }
        if (fds[i].revents != 0) {
            poll_take(self, batch, i);
            n_fired--;
        }
        i = i + 1 < n ? i + 1 : 1;
    }
    self->start = i;
}

static void poll_collect(struct poll_selector *self, evio__batch *batch,
                         uint32_t n, int r)
{
    evio__lock_acquire(self->lock);
    self->waiting = false;
    if (self->interrupted) {
        self->interrupted = false;
        evio__bell_pipe.hush(self->interrupt.read_end);
    }
    if (r > 0) {
        bool bell = self->table.copy.fds[0].revents != 0;
        poll_scan(self, batch, n, (uint32_t)r - (bell ? 1 : 0));
    }
    evio__lock_release(self->lock);
}

static int poll_selector_wait(evio__selector *selector, evio__batch *batch,
                              uint64_t timeout_ns)
{
    struct poll_selector *self = poll_of(selector);
    bool timed = timeout_ns != 0 && timeout_ns != UINT64_MAX;
    uint64_t deadline =
        timed ? evio__deadline(evio__port_now_ns(), timeout_ns) : timeout_ns;
    uint64_t left = timeout_ns;
    batch->count = 0;
    for (;;) {
        uint32_t n = poll_prepare(self);
        int r = poll_block(self->table.copy.fds, n, left);
        poll_collect(self, batch, n, r);
        if (r < 0 && r != -EAGAIN) {
            return r;
        }
        if (batch->count > 0 || left == 0) {
            return (int)batch->count;
        }
        left = timed ? evio__remaining(evio__port_now_ns(), deadline) : left;
        if (r == 0 && left == 0) {
            return 0;
        }
    }
}

static libsock_raw poll_selector_raw(const evio__selector *selector)
{
    (void)selector;
    return LIBSOCK_RAW_INVALID;
}

const evio__selector_ops evio__selector_poll = {
    .id = EVIO_SELECTOR_POLL,
    .abilities = EVIO__NEEDS_REARM,
    .name = "poll",
    .native_size = 0,
    .bell = &evio__bell_pipe,
    .open = poll_selector_open,
    .close = poll_selector_close,
    .add = poll_add,
    .modify = poll_modify,
    .remove = poll_remove,
    .rearm = poll_rearm,
    .wait = poll_selector_wait,
    .raw = poll_selector_raw,
};
