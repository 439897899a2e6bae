/* SPDX-License-Identifier: MIT */
/* A bell made of a pipe: for every Unix, and for selectors that must hush it.
 */
#include "sys/posix/platform.h"
#include "sys/posix/selectors.h"

static int bell_pipe_open(evio__bell *out_bell)
{
    int fds[2];
    int r = evio__result(SYS(pipe2, fds, O_CLOEXEC | O_NONBLOCK));
    if (r < 0) {
        return r;
    }
    out_bell->read_end = fds[0];
    out_bell->write_end = fds[1];
    return 0;
}

static void bell_pipe_close(evio__bell *bell)
{
    close((int)bell->read_end);
    close((int)bell->write_end);
}

static int bell_pipe_ring(const evio__bell *bell)
{
    int saved = errno;
    ssize_t n = SYS(write, (int)bell->write_end, "!", 1);
    /* A full pipe is a bell that rings already. */
    int r = n < 0 && errno != EAGAIN ? -errno : 0;
    errno = saved;
    return r;
}

static void bell_pipe_hush(libsock_raw read_end)
{
    char buf[64];
    while (SYS(read, (int)read_end, buf, sizeof(buf)) == (ssize_t)sizeof(buf)) {
    }
}

const evio__bell_ops evio__bell_pipe = {
    .open = bell_pipe_open,
    .close = bell_pipe_close,
    .ring = bell_pipe_ring,
    .hush = bell_pipe_hush,
};
