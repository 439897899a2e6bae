/* SPDX-License-Identifier: MIT */
/*
 * A bell made of an eventfd. On an edge-triggered selector nobody needs to
 * read it: each write is a new edge (Linux; see eventfd(2) and epoll(7)).
 */
#include "sys/posix/platform.h"
#include "sys/posix/selectors.h"

static int bell_eventfd_open(evio__bell *out_bell)
{
    int fd = evio__result(SYS(eventfd, 0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd < 0) {
        return fd;
    }
    out_bell->read_end = fd;
    out_bell->write_end = fd;
    return 0;
}

static void bell_eventfd_close(evio__bell *bell)
{
    close((int)bell->read_end);
}

static void bell_eventfd_hush(libsock_raw read_end)
{
    uint64_t count;
    (void)!SYS(read, (int)read_end, &count, sizeof(count));
}

static int bell_eventfd_ring(const evio__bell *bell)
{
    int saved = errno;
    const uint64_t one = 1;
    ssize_t n = SYS(write, (int)bell->write_end, &one, sizeof(one));
    if (n < 0 && errno == EAGAIN) {
        /* 2^64 - 2 rings unread: begin again. */
        bell_eventfd_hush(bell->read_end);
        n = SYS(write, (int)bell->write_end, &one, sizeof(one));
    }
    int r = n < 0 ? -errno : 0;
    errno = saved;
    return r;
}

const evio__bell_ops evio__bell_eventfd = {
    .open = bell_eventfd_open,
    .close = bell_eventfd_close,
    .ring = bell_eventfd_ring,
    .hush = bell_eventfd_hush,
};
