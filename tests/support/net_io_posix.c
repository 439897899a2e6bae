/* SPDX-License-Identifier: MIT */
/*
 * The half of net.h that moves bytes, waits, and closes.
 * Opening sockets lives in net_posix.c.
 * No shared state.
 */
#include "net.h"

#include "check.h"
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Works on pipes too; a lost SIGPIPE then ends the test, which is meant. */
void net_send_all(int fd, const void *bytes, size_t len)
{
    const unsigned char *next = bytes;

    while (len > 0) {
        ssize_t sent = write(fd, next, len);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            check_fail(__FILE__, __LINE__, "write: %s", strerror(errno));
        next += sent;
        len -= (size_t)sent;
    }
}

ptrdiff_t net_recv(int fd, void *bytes, size_t cap)
{
    ssize_t got;

    do
        got = read(fd, bytes, cap);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

void net_recv_all(int fd, void *bytes, size_t len)
{
    unsigned char *next = bytes;

    while (len > 0) {
        ptrdiff_t got = net_recv(fd, next, len);

        CHECK_OK(got);
        CHECK_INT(got, >, 0);
        next += got;
        len -= (size_t)got;
    }
}

void net_expect_eof(int fd)
{
    char byte;

    CHECK_EQ_INT(net_recv(fd, &byte, 1), 0);
}

/* EAGAIN on a blocking peer means that its timeout struck, so refuse those. */
size_t net_fill(int fd)
{
    static const char block[4096];
    size_t total = 0;
    ssize_t sent;

    CHECK(net_is_nonblocking(fd));
    /* Small writes last: a stream may have room for less than a block. */
    for (size_t step = sizeof(block); step > 0; step /= 8) {
        while ((sent = write(fd, block, step)) > 0)
            total += (size_t)sent;
        CHECK(sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
    }
    return total;
}

size_t net_drain(int fd)
{
    char block[4096];
    size_t total = 0;
    ptrdiff_t got;

    CHECK(net_is_nonblocking(fd));
    while ((got = net_recv(fd, block, sizeof(block))) > 0)
        total += (size_t)got;
    CHECK(got == 0 || got == -EAGAIN || got == -EWOULDBLOCK);
    return total;
}

static bool net_wait(int fd, short events, int timeout_ms)
{
    uint64_t end = clock_ns() + (uint64_t)timeout_ms * CLOCK_MS;
    struct pollfd item = {fd, events, 0};
    int r;

    do {
        uint64_t now = clock_ns();

        r = poll(&item, 1,
                 now < end ? (int)((end - now + CLOCK_MS - 1) / CLOCK_MS) : 0);
    } while (r < 0 && errno == EINTR);
    CHECK_INT(r, >=, 0);
    return r > 0;
}

bool net_wait_readable(int fd, int timeout_ms)
{
    return net_wait(fd, POLLIN, timeout_ms);
}

bool net_wait_writable(int fd, int timeout_ms)
{
    return net_wait(fd, POLLOUT, timeout_ms);
}

void net_shutdown_write(int fd)
{
    CHECK(shutdown(fd, SHUT_WR) == 0);
}

void net_close(int fd)
{
    CHECK(close(fd) == 0);
}

void net_reset(int fd)
{
    struct linger now = {1, 0};

    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
    net_close(fd);
}

void net_set_nonblocking(int fd, bool on)
{
    int flags = fcntl(fd, F_GETFL);

    CHECK_INT(flags, >=, 0);
    flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    CHECK(fcntl(fd, F_SETFL, flags) == 0);
}

bool net_is_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    CHECK_INT(flags, >=, 0);
    return (flags & O_NONBLOCK) != 0;
}

bool net_is_cloexec(int fd)
{
    int flags = fcntl(fd, F_GETFD);

    CHECK_INT(flags, >=, 0);
    return (flags & FD_CLOEXEC) != 0;
}

bool net_is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}
