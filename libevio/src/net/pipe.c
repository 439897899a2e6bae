/* SPDX-License-Identifier: MIT */
/*
 * evio_pipe_sender and evio_pipe_receiver. What the OS does is behind
 * sys/pipe.h.
 * Guarded as core/source.h says: I/O may run on several threads at once.
 */
#include <libevio/pipe.h>

#include "net/net.h"
#include "sys/pipe.h"

static int pipe_adopt(libsock_raw raw, evio_source *out_source)
{
    return evio__source_init(raw, EVIO__SOURCE_PIPE_END, out_source);
}

static libsock_raw pipe_raw(const evio_source *source)
{
    return evio__source_is_open(source) ? source->raw : LIBSOCK_RAW_INVALID;
}

static int pipe_close(evio_source *source)
{
    libsock_raw raw = evio__source_detach(source, false);
    if (raw == LIBSOCK_RAW_INVALID) {
        return evio__net_not_open();
    }
    return evio__pipe_close(raw);
}

static int pipe_set_nonblocking(const evio_source *source, bool nonblock)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    return evio__pipe_set_nonblocking(source->raw, nonblock);
}

int evio_pipe_open(evio_pipe_sender *out_sender,
                   evio_pipe_receiver *out_receiver)
{
    libsock_raw ends[2];
    if (out_sender == NULL || out_receiver == NULL) {
        return evio__net_invalid();
    }
    int r = evio__pipe_open(ends);
    if (r < 0) {
        return r;
    }
    (void)pipe_adopt(ends[0], &out_receiver->source);
    return pipe_adopt(ends[1], &out_sender->source);
}

ptrdiff_t evio_pipe_write_vectored(evio_pipe_sender *sender,
                                   const libsock_buf *bufs, size_t n_bufs)
{
    evio_source *source = EVIO__SOURCE_OF(sender);
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    if (bufs == NULL && n_bufs != 0) {
        return evio__net_invalid();
    }
    ptrdiff_t n = evio__pipe_write(source->raw, bufs, n_bufs);
    size_t requested = n > 0 ? evio__net_requested(source, bufs, n_bufs) : 0;
    return evio__source_done(source, EVIO_WRITABLE, n, requested);
}

ptrdiff_t evio_pipe_write(evio_pipe_sender *sender, const void *buf, size_t len)
{
    if (buf == NULL && len != 0) {
        return evio__net_invalid();
    }
    libsock_buf one = libsock_buf_of(buf, len);
    return evio_pipe_write_vectored(sender, &one, 1);
}

ptrdiff_t evio_pipe_read_vectored(evio_pipe_receiver *receiver,
                                  const libsock_buf *bufs, size_t n_bufs)
{
    evio_source *source = EVIO__SOURCE_OF(receiver);
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    if (bufs == NULL && n_bufs != 0) {
        return evio__net_invalid();
    }
    ptrdiff_t n = evio__pipe_read(source->raw, bufs, n_bufs);
    size_t requested = n > 0 ? evio__net_requested(source, bufs, n_bufs) : 0;
    return evio__source_done(source, EVIO_READABLE, n, requested);
}

ptrdiff_t evio_pipe_read(evio_pipe_receiver *receiver, void *buf, size_t cap)
{
    if (buf == NULL && cap != 0) {
        return evio__net_invalid();
    }
    libsock_buf one = libsock_buf_of(buf, cap);
    return evio_pipe_read_vectored(receiver, &one, 1);
}

int evio_pipe_sender_from_fd(libsock_raw fd, evio_pipe_sender *out_sender)
{
    return pipe_adopt(fd, EVIO__SOURCE_OF(out_sender));
}

int evio_pipe_sender_into_fd(evio_pipe_sender *sender, libsock_raw *out_fd)
{
    return evio__net_release(EVIO__SOURCE_OF(sender), out_fd);
}

libsock_raw evio_pipe_sender_as_fd(const evio_pipe_sender *sender)
{
    return pipe_raw(EVIO__SOURCE_OF(sender));
}

int evio_pipe_sender_set_nonblocking(evio_pipe_sender *sender, bool nonblock)
{
    return pipe_set_nonblocking(EVIO__SOURCE_OF(sender), nonblock);
}

int evio_pipe_sender_close(evio_pipe_sender *sender)
{
    return pipe_close(EVIO__SOURCE_OF(sender));
}

int evio_pipe_receiver_from_fd(libsock_raw fd, evio_pipe_receiver *out_receiver)
{
    return pipe_adopt(fd, EVIO__SOURCE_OF(out_receiver));
}

int evio_pipe_receiver_into_fd(evio_pipe_receiver *receiver,
                               libsock_raw *out_fd)
{
    return evio__net_release(EVIO__SOURCE_OF(receiver), out_fd);
}

libsock_raw evio_pipe_receiver_as_fd(const evio_pipe_receiver *receiver)
{
    return pipe_raw(EVIO__SOURCE_OF(receiver));
}

int evio_pipe_receiver_set_nonblocking(evio_pipe_receiver *receiver,
                                       bool nonblock)
{
    return pipe_set_nonblocking(EVIO__SOURCE_OF(receiver), nonblock);
}

int evio_pipe_receiver_close(evio_pipe_receiver *receiver)
{
    return pipe_close(EVIO__SOURCE_OF(receiver));
}
