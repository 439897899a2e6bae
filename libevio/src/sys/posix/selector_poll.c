/* SPDX-License-Identifier: MIT */
/*
 * The poll(2) selector: for every Unix, and for comparison on Linux. It keeps
 * the registrations itself and simulates edge and oneshot; poll_table.c has
 * that half. Here: waiting.
 *
 * The table is guarded by the registry's lock. The waiting thread polls a copy
 * without the lock. Whoever changes the table meanwhile has the host end the
 * wait, which goes on with a new copy.
 */
#include <libevio/poll.h>

#include "base/alloc.h"
#include "base/deadline.h"
#include "sys/port.h"
#include "sys/posix/platform.h"
#include "sys/posix/poll_block.h"
#include "sys/posix/poll_flags.h"
#include "sys/posix/poll_table.h"
#include "sys/posix/selectors.h"
#include "sys/posix/wakeup.h"

/* How often rows are sampled that cannot be waited for (poll_table.h). */
#define POLL_SAMPLE_NS (UINT64_C(10) * EVIO__NS_PER_MS)

struct poll_selector {
    evio__host *host;
    evio__poll_table table; /* lock */
    evio__wakeup wakeup;    /* the registry's */
    uint32_t start;         /* where the next scan begins; waiting thread */
    bool sampling;          /* this round does; waiting thread */
    uint64_t next_sample;   /* a time of the clock; waiting thread */
};

static struct poll_selector *poll_of(const evio__selector *selector)
{
    return (struct poll_selector *)(uintptr_t)selector;
}

static int poll_selector_open(evio__host *host, evio__wakeup *out_wakeup,
                              evio__selector **out_selector)
{
    struct poll_selector *self = evio__alloc(1, sizeof(*self));
    if (self == NULL) {
        return -ENOMEM;
    }
    self->host = host;
    int r = evio__wakeup_pipe_open(&self->wakeup);
    if (r < 0) {
        goto free_self;
    }
    r = evio__poll_table_init(&self->table, (int)self->wakeup.read_end);
    if (r < 0) {
        goto close_wakeup;
    }
    *out_wakeup = self->wakeup;
    *out_selector = (evio__selector *)self;
    return 0;

close_wakeup:
    self->wakeup.ops->close(&self->wakeup);
free_self:
    evio__free(self);
    return r;
}

static void poll_selector_close(evio__selector *selector, bool inherited)
{
    (void)inherited;
    struct poll_selector *self = poll_of(selector);
    evio__poll_table_free(&self->table);
    evio__free(self);
}

static int poll_file_of(int32_t fd, evio__poll_file *out_file)
{
    struct stat st;
    int r = evio__result(SYS(fstat, fd, &st));
    if (r >= 0) {
        out_file->device = (uint64_t)st.st_dev;
        out_file->inode = (uint64_t)st.st_ino;
    }
    return r;
}

static bool poll_is_file(const struct poll_selector *self, uint32_t slot,
                         const evio__poll_file *file)
{
    const evio__poll_file *registered =
        &evio__poll_table_state(&self->table, slot)->file;
    return registered->device == file->device &&
           registered->inode == file->inode;
}

static int poll_add(evio__selector *selector, evio__record *record,
                    const evio__record *previous)
{
    struct poll_selector *self = poll_of(selector);
    evio__poll_file file;
    int r = poll_file_of(record->handle, &file);
    if (r < 0) {
        return r;
    }
    if (previous != NULL && poll_is_file(self, previous->slot, &file)) {
        return -EEXIST;
    }
    r = evio__poll_table_add(&self->table, record, &file);
    if (r >= 0) {
        self->host->interrupt(self->host);
    }
    return r;
}

static int poll_modify(evio__selector *selector, evio__record *record,
                       uint32_t old)
{
    struct poll_selector *self = poll_of(selector);
    evio__poll_file file;
    int r = poll_file_of(record->handle, &file);
    (void)old;
    if (r < 0) {
        return r;
    }
    if (!poll_is_file(self, record->slot, &file)) {
        return -ENOENT; /* closed, and the number is another file's */
    }
    evio__poll_table_modify(&self->table, record);
    self->host->interrupt(self->host);
    return 0;
}

/* Interrupts too: poll() keeps a closed file open, so that the peer would see
 * the end of the connection late. */
static int poll_remove(evio__selector *selector, evio__record *record,
                       enum evio__removal why)
{
    struct poll_selector *self = poll_of(selector);
    (void)why;
    evio__poll_table_remove(&self->table, record);
    self->host->interrupt(self->host);
    return 0;
}

static int poll_rearm(evio__selector *selector, evio__record *record,
                      uint32_t directions)
{
    struct poll_selector *self = poll_of(selector);
    if (evio__poll_table_rearm(&self->table, record, directions)) {
        self->host->interrupt(self->host);
    }
    return 0;
}

/* Arm everything again but oneshots that were delivered: what a wait of the
 * parent had collected is reported again. A row whose descriptor the child has
 * closed is parked, even if its number is another file's by now. */
static int poll_arm_after_fork(struct poll_selector *self)
{
    for (uint32_t i = 1; i < self->table.count; i++) {
        uint32_t slot = evio__key_slot(self->table.keys[i]);
        const evio__record *record = evio__slab_at(&self->host->slab, slot);
        evio__poll_file file;
        int r = poll_file_of(record->handle, &file);
        if (r < 0 && r != -EBADF) {
            return r;
        }
        if (r < 0 || !poll_is_file(self, slot, &file)) {
            evio__poll_table_park(&self->table, record);
        } else if ((evio__load32(&record->posted) & EVIO__POSTED_FIRED) == 0) {
            evio__poll_table_modify(&self->table, record);
        }
    }
    return 0;
}

static int poll_after_fork(evio__selector *selector, evio__wakeup *wakeup)
{
    struct poll_selector *self = poll_of(selector);
    evio__wakeup own;
    int r = evio__wakeup_pipe_open(&own);
    if (r < 0) {
        return r;
    }
    wakeup->ops->close(wakeup);
    self->wakeup = own;
    *wakeup = own;
    evio__poll_table_set_wakeup(&self->table, (int)own.read_end);
    return poll_arm_after_fork(self);
}

/* Take a copy of the table to poll; *ns becomes for how long. */
static uint32_t poll_prepare(struct poll_selector *self, uint64_t *ns)
{
    evio__lock_acquire(self->host->lock);
    self->sampling = false;
    if (self->table.n_paced > 0) {
        uint64_t now = evio__port_now_ns();
        self->sampling = now >= self->next_sample;
        if (self->sampling) {
            self->next_sample = now + POLL_SAMPLE_NS;
            *ns = 0;
        } else if (self->next_sample - now < *ns) {
            *ns = self->next_sample - now;
        }
    }
    uint32_t n = evio__poll_table_copy(&self->table, self->sampling);
    evio__lock_release(self->host->lock);
    return n;
}

/* Lock held: what fired, as far as the batch has space; returns how many. The
 * scan begins where the last one stopped, so that a small batch is fair. */
static uint32_t poll_scan(struct poll_selector *self, const evio__batch *batch,
                          uint32_t n, uint32_t n_fired)
{
    uint32_t count = 0;
    const struct pollfd *fds = self->table.copy.fds;
    uint32_t i = self->start > 0 && self->start < n ? self->start : 1;
    for (uint32_t seen = 1; seen < n && n_fired > 0; seen++) {
        if (count == batch->cap) {
            break;
        }
        if (fds[i].revents != 0) {
            evio__ready *ready = &batch->entries[count];
            ready->key = self->table.copy.keys[i];
            ready->bits = evio__poll_table_fired(
                &self->table, i, fds[i].revents, &self->host->slab);
            count += ready->bits != 0;
            n_fired--;
        }
        i = i + 1 < n ? i + 1 : 1;
    }
    self->start = i;
    return count;
}

static uint32_t poll_collect(struct poll_selector *self,
                             const evio__batch *batch, uint32_t n,
                             uint32_t n_fired)
{
    evio__lock_acquire(self->host->lock);
    /* Whoever wrote it: what stays readable would end every wait. */
    if (self->table.copy.fds[0].revents != 0) {
        evio__wakeup_pipe_drain(&self->wakeup);
        n_fired--;
    }
    uint32_t count = poll_scan(self, batch, n, n_fired);
    if (self->sampling) {
        evio__poll_table_sampled(&self->table, n);
    }
    evio__lock_release(self->host->lock);
    return count;
}

static int poll_selector_wait(evio__selector *selector, evio__batch *batch,
                              uint64_t timeout_ns)
{
    struct poll_selector *self = poll_of(selector);
    uint64_t ns = timeout_ns;
    uint32_t n = poll_prepare(self, &ns);
    int r = evio__poll_block(self->table.copy.fds, n, ns, batch->signal_mask);
    if (r < 0) {
        /* poll() fails with EAGAIN when the kernel is short of memory for a
         * while; it is nobody's would-block. */
        return r == -EAGAIN ? 0 : r;
    }
    return r > 0 || self->sampling
               ? (int)poll_collect(self, batch, n, (uint32_t)r)
               : 0;
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
    .open = poll_selector_open,
    .close = poll_selector_close,
    .add = poll_add,
    .modify = poll_modify,
    .remove = poll_remove,
    .rearm = poll_rearm,
    .after_fork = poll_after_fork,
    .wait = poll_selector_wait,
    .raw = poll_selector_raw,
};
