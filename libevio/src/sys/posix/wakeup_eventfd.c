/* SPDX-License-Identifier: MIT */
/*
 * A wakeup made of an eventfd, for an edge-triggered selector: nobody needs to
 * read it, each write is a new edge (Linux; see eventfd(2) and epoll(7)).
 */
#include "sys/posix/wakeup.h"

static int wakeup_eventfd_signal(const evio__wakeup *wakeup)
{
    const uint64_t one = 1;
    int r = evio__wakeup_write(wakeup->write_end, &one, sizeof(one));
    if (r == -EAGAIN) {
        /* 2^64 - 2 signals unread: begin again. */
        uint64_t count;
        (void)!SYS(read, (int)wakeup->read_end, &count, sizeof(count));
        r = evio__wakeup_write(wakeup->write_end, &one, sizeof(one));
    }
    return r;
}

static void wakeup_eventfd_close(evio__wakeup *wakeup)
{
    evio__wakeup_close(wakeup->read_end);
}

static const evio__wakeup_ops wakeup_eventfd = {
    .signal = wakeup_eventfd_signal,
    .close = wakeup_eventfd_close,
};

int evio__wakeup_eventfd_open(evio__wakeup *out_wakeup)
{
    int fd = evio__result(SYS(eventfd, 0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd < 0) {
        return fd;
    }
    out_wakeup->ops = &wakeup_eventfd;
    out_wakeup->read_end = fd;
    out_wakeup->write_end = fd;
    return 0;
}
