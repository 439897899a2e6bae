/* SPDX-License-Identifier: MIT */
/*
 * The epoll selector: the kernel keeps the registrations and their modes, so
 * there is no state here but the descriptor, and no lock in a wait. The event's
 * 64 bits of data carry the key, and the kernel writes its events straight into
 * the batch.
 */
#include <libevio/poll.h>

#include "base/alloc.h"
#include "base/cold.h"
#include "base/deadline.h"
#include "sys/posix/epoll.h"
#include "sys/posix/epoll_flags.h"
#include "sys/posix/selectors.h"
#include "sys/posix/wakeup.h"

/* The system calls are made raw: glibc's are cancellation points, and a thread
 * that is cancelled in a wait would leave the poll busy for ever. */

#define EPOLL_SIGSET_SIZE ((size_t)(_NSIG - 1) / 8) /* the kernel's */

/* What the kernel reads, on 32-bit systems too: the raw system call has no
 * other form. */
struct epoll_timespec {
    int64_t sec;
    int64_t nsec;
};

static int epoll_control(const struct evio__epoll *self, int op,
                         const evio__record *record)
{
    struct epoll_event event = {
        .events = evio__epoll_mask(evio__load32_relaxed(&record->interest)),
        .data.u64 = evio__record_key(record)};
    return evio__result(SYS(epoll_ctl, self->fd, op, record->handle, &event));
}

static int epoll_delete(const struct evio__epoll *self,
                        const evio__record *record)
{
    return evio__result(
        SYS(epoll_ctl, self->fd, EPOLL_CTL_DEL, record->handle, NULL));
}

/* The wakeup is edge-triggered, so that nobody has to read it. */
static int epoll_make(int *out_fd, evio__wakeup *out_wakeup)
{
    int fd = evio__result(SYS(epoll_create1, EPOLL_CLOEXEC));
    if (fd < 0) {
        return fd;
    }
    int r = evio__wakeup_eventfd_open(out_wakeup);
    if (r < 0) {
        goto close_epoll;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLET,
                                .data.u64 = EVIO__KEY_WAKEUP};
    r = evio__result(
        SYS(epoll_ctl, fd, EPOLL_CTL_ADD, (int)out_wakeup->read_end, &event));
    if (r < 0) {
        goto close_wakeup;
    }
    *out_fd = fd;
    return 0;

close_wakeup:
    out_wakeup->ops->close(out_wakeup);
close_epoll:
    evio__wakeup_close(fd);
    return r;
}

int evio__epoll_open(evio__host *host, evio__wakeup *out_wakeup,
                     evio__selector **out_selector)
{
    struct evio__epoll *self = evio__alloc(1, sizeof(*self));
    if (self == NULL) {
        return -ENOMEM;
    }
    self->host = host;
    evio__by_slot_init(&self->armed, sizeof(uint32_t));
    int r = epoll_make(&self->fd, out_wakeup);
    if (r < 0) {
        evio__free(self);
        return r;
    }
    *out_selector = (evio__selector *)self;
    return 0;
}

/* A child's descriptor is a duplicate, so closing it changes nothing else. */
void evio__epoll_close(evio__selector *selector, bool inherited)
{
    (void)inherited;
    struct evio__epoll *self = evio__epoll_of(selector);
    evio__wakeup_close(self->fd);
    evio__by_slot_free(&self->armed);
    evio__free(self);
}

int evio__epoll_add(evio__selector *selector, evio__record *record,
                    const evio__record *previous)
{
    const struct evio__epoll *self = evio__epoll_of(selector);
    int r = epoll_control(self, EPOLL_CTL_ADD, record);
    if (r == -EEXIST && previous == NULL) {
        /* An entry that a close left behind, of the same open file, which lived
         * on elsewhere and is back under the same number. Removed instead of
         * modified, which EPOLLEXCLUSIVE does not allow. */
        r = epoll_delete(self, record);
        if (r >= 0) {
            r = epoll_control(self, EPOLL_CTL_ADD, record);
        }
    }
    return r;
}

int evio__epoll_modify(evio__selector *selector, evio__record *record,
                       uint32_t old)
{
    (void)old;
    return epoll_control(evio__epoll_of(selector), EPOLL_CTL_MOD, record);
}

/*
 * A close removes the kernel's entry by itself when no duplicate of the
 * descriptor lives on. What a duplicate would report is dropped by its key, so
 * the call can be saved; but not in level mode, where it would be reported by
 * each wait, nor with EPOLLEXCLUSIVE, where it would take wake-ups from others.
 */
int evio__epoll_remove(evio__selector *selector, evio__record *record,
                       enum evio__removal why)
{
    const uint32_t harmful = (uint32_t)EVIO_LEVEL | EVIO_EXCLUSIVE;
    uint32_t interest = evio__load32_relaxed(&record->interest);
    if (why == EVIO__FORGOTTEN ||
        (why == EVIO__CLOSING && (interest & harmful) == 0)) {
        return 0;
    }
    return epoll_delete(evio__epoll_of(selector), record);
}

int evio__epoll_after_fork(evio__selector *selector, evio__wakeup *wakeup)
{
    struct evio__epoll *self = evio__epoll_of(selector);
    evio__wakeup own;
    int fd;
    int r = epoll_make(&fd, &own);
    if (r < 0) {
        return r;
    }
    evio__wakeup_close(self->fd);
    wakeup->ops->close(wakeup);
    self->fd = fd;
    *wakeup = own;
    return EVIO__FORK_EMPTY;
}

/* Since Linux 5.11; ENOSYS before, or a sandbox's EPERM. */
static int epoll_pwait2_raw(int fd, evio__batch *batch,
                            const struct epoll_timespec *timeout)
{
#if defined(SYS_epoll_pwait2)
    return (int)syscall(SYS_epoll_pwait2, fd, batch->entries, (int)batch->cap,
                        timeout, batch->signal_mask, EPOLL_SIGSET_SIZE);
#else
    (void)fd, (void)batch, (void)timeout;
    errno = ENOSYS;
    return -1;
#endif
}

static int epoll_pwait_raw(int fd, evio__batch *batch, int timeout_ms)
{
    return (int)syscall(SYS_epoll_pwait, fd, batch->entries, (int)batch->cap,
                        timeout_ms, batch->signal_mask, EPOLL_SIGSET_SIZE);
}

/* Architectures that Linux got later (arm64, riscv64) lack epoll_wait(). */
static inline int epoll_wait_raw(int fd, evio__batch *batch, int timeout_ms)
{
#if defined(SYS_epoll_wait)
    return (int)syscall(SYS_epoll_wait, fd, batch->entries, (int)batch->cap,
                        timeout_ms);
#else
    return epoll_pwait_raw(fd, batch, timeout_ms);
#endif
}

/* Nanoseconds where the kernel has them, else milliseconds; a time that an int
 * of them cannot hold ends early. */
EVIO__COLD static int epoll_wait_rare(struct evio__epoll *self,
                                      evio__batch *batch, uint64_t ns)
{
    if (ns != 0 && ns != UINT64_MAX && !self->no_pwait2) {
        struct epoll_timespec timeout = {
            .sec = (int64_t)(ns / EVIO__NS_PER_S),
            .nsec = (int64_t)(ns % EVIO__NS_PER_S),
        };
        int n = evio__result(SYS(epoll_pwait2_raw, self->fd, batch, &timeout));
        if (n != -ENOSYS && n != -EPERM) {
            return n;
        }
        self->no_pwait2 = true;
    }
    return evio__result(
        SYS(epoll_pwait_raw, self->fd, batch, evio__ms_ceil(ns)));
}

int evio__epoll_wait(evio__selector *selector, evio__batch *batch,
                     uint64_t timeout_ns)
{
    struct evio__epoll *self = evio__epoll_of(selector);
    if ((timeout_ns != 0 && timeout_ns != UINT64_MAX) ||
        batch->signal_mask != NULL) {
        return epoll_wait_rare(self, batch, timeout_ns);
    }
    int n = SYS(epoll_wait_raw, self->fd, batch, timeout_ns == 0 ? 0 : -1);
    return n >= 0 ? n : -errno;
}

libsock_raw evio__epoll_raw(const evio__selector *selector)
{
    return evio__epoll_of(selector)->fd;
}

const evio__selector_ops evio__selector_epoll = {
    .id = EVIO_SELECTOR_EPOLL,
    .abilities = EVIO__CAN_EXCLUSIVE,
    .name = "epoll",
    .open = evio__epoll_open,
    .close = evio__epoll_close,
    .add = evio__epoll_add,
    .modify = evio__epoll_modify,
    .remove = evio__epoll_remove,
    .rearm = NULL,
    .after_fork = evio__epoll_after_fork,
    .wait = evio__epoll_wait,
    .raw = evio__epoll_raw,
};
