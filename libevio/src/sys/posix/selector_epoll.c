/* SPDX-License-Identifier: MIT */
/*
 * The epoll selector: the kernel keeps the registrations and their modes, so
 * there is no state here but the descriptor, and no lock in a wait. The event's
 * 64 bits of data carry the key.
 */
#include <libevio/event.h>
#include <libevio/poll.h>

#include "base/alloc.h"
#include "base/apart.h"
#include "base/atomic.h"
#include "base/deadline.h"
#include "sys/port.h"
#include "sys/posix/epoll_flags.h"
#include "sys/posix/platform.h"
#include "sys/posix/selectors.h"

/* What the kernel reads, on 32-bit systems too: the raw system call has no
 * other form. */
struct epoll_timespec {
    int64_t sec;
    int64_t nsec;
};

struct epoll_selector {
    int fd;
    bool no_pwait2; /* the kernel, or its sandbox, lacks it; waiting thread */
};

static struct epoll_selector *epoll_of(const evio__selector *selector)
{
    return (struct epoll_selector *)(uintptr_t)selector;
}

static int epoll_open(evio__lock *lock, evio__selector **out_selector)
{
    (void)lock;
    struct epoll_selector *self = evio__alloc(1, sizeof(*self));
    if (self == NULL) {
        return -ENOMEM;
    }
    self->fd = evio__result(SYS(epoll_create1, EPOLL_CLOEXEC));
    if (self->fd < 0) {
        int r = self->fd;
        evio__free(self);
        return r;
    }
    *out_selector = (evio__selector *)self;
    return 0;
}

static void epoll_close(evio__selector *selector)
{
    close(epoll_of(selector)->fd);
    evio__free(selector);
}

static int epoll_control(evio__selector *selector, int op, libsock_raw raw,
                         struct epoll_event *event)
{
    return evio__result(
        SYS(epoll_ctl, epoll_of(selector)->fd, op, (int)raw, event));
}

static int epoll_add(evio__selector *selector, libsock_raw raw, uint64_t key,
                     uint32_t interest)
{
    struct epoll_event event = {.events = evio__epoll_mask(interest),
                                .data.u64 = key};
    return epoll_control(selector, EPOLL_CTL_ADD, raw, &event);
}

static int epoll_modify(evio__selector *selector, libsock_raw raw, uint64_t key,
                        uint32_t interest)
{
    struct epoll_event event = {.events = evio__epoll_mask(interest),
                                .data.u64 = key};
    return epoll_control(selector, EPOLL_CTL_MOD, raw, &event);
}

static int epoll_remove(evio__selector *selector, libsock_raw raw, uint64_t key)
{
    (void)key;
    return epoll_control(selector, EPOLL_CTL_DEL, raw, NULL);
}

#if defined(SYS_epoll_pwait2)
static int epoll_pwait2_raw(int fd, struct epoll_event *events, int cap,
                            const struct epoll_timespec *timeout)
{
    return (int)syscall(SYS_epoll_pwait2, fd, events, cap, timeout, NULL,
                        (size_t)0);
}
#else
static int epoll_pwait2_raw(int fd, struct epoll_event *events, int cap,
                            const struct epoll_timespec *timeout)
{
    (void)fd, (void)events, (void)cap, (void)timeout;
    errno = ENOSYS;
    return -1;
}
#endif

/* Nanoseconds, since Linux 5.11; ENOSYS or a sandbox's EPERM otherwise. */
static int epoll_block_ns(const struct epoll_selector *self,
                          struct epoll_event *events, int cap, uint64_t ns)
{
    struct epoll_timespec timeout = {
        .sec = (int64_t)(ns / EVIO__NS_PER_S),
        .nsec = (int64_t)(ns % EVIO__NS_PER_S),
    };
    return evio__result(SYS(epoll_pwait2_raw, self->fd, events, cap, &timeout));
}

static int epoll_block_ms(const struct epoll_selector *self,
                          struct epoll_event *events, int cap, uint64_t ns)
{
    return evio__result(
        SYS(epoll_wait, self->fd, events, cap, evio__ms_ceil(ns)));
}

/* Milliseconds reach 24.8 days: go on from there. */
static int epoll_block_long(const struct epoll_selector *self,
                            struct epoll_event *events, int cap, uint64_t ns)
{
    uint64_t deadline = evio__deadline(evio__port_now_ns(), ns);
    int n = epoll_block_ms(self, events, cap, ns);
    while (n == 0) {
        uint64_t left = evio__remaining(evio__port_now_ns(), deadline);
        if (left == 0) {
            break;
        }
        n = epoll_block_ms(self, events, cap, left);
    }
    return n;
}

EVIO__APART static int epoll_block_timed(struct epoll_selector *self,
                                         struct epoll_event *events, int cap,
                                         uint64_t ns)
{
    if (!self->no_pwait2) {
        int n = epoll_block_ns(self, events, cap, ns);
        if (n != -ENOSYS && n != -EPERM) {
            return n;
        }
        self->no_pwait2 = true;
    }
    return epoll_block_long(self, events, cap, ns);
}

static int epoll_block(struct epoll_selector *self, struct epoll_event *events,
                       int cap, uint64_t ns)
{
    if (ns == 0 || ns == UINT64_MAX) {
        int timeout = ns == 0 ? 0 : -1;
        return evio__result(SYS(epoll_wait, self->fd, events, cap, timeout));
    }
    return epoll_block_timed(self, events, cap, ns);
}

static void epoll_collect(evio__batch *batch, const struct epoll_event *events,
                          uint32_t n)
{
    const struct epoll_event *end = events + n;
    batch->count = n;
    for (evio__ready *ready = batch->entries; events < end; events++) {
        ready->key = events->data.u64;
        ready->readiness = evio__epoll_readiness(events->events);
        ready++;
    }
}

static int epoll_selector_wait(evio__selector *selector, evio__batch *batch,
                               uint64_t timeout_ns)
{
    struct epoll_event *events = batch->native;
    int n =
        epoll_block(epoll_of(selector), events, (int)batch->cap, timeout_ns);
    if (n > 0) {
        epoll_collect(batch, events, (uint32_t)n);
    }
    return n;
}

static libsock_raw epoll_raw(const evio__selector *selector)
{
    return epoll_of(selector)->fd;
}

const evio__selector_ops evio__selector_epoll = {
    .id = EVIO_SELECTOR_EPOLL,
    .abilities = EVIO__CAN_EXCLUSIVE | EVIO__CLOSE_REMOVES,
    .name = "epoll",
    .native_size = sizeof(struct epoll_event),
    .bell = &evio__bell_eventfd,
    .open = epoll_open,
    .close = epoll_close,
    .add = epoll_add,
    .modify = epoll_modify,
    .remove = epoll_remove,
    .rearm = NULL,
    .wait = epoll_selector_wait,
    .raw = epoll_raw,
};
