/* SPDX-License-Identifier: MIT */
/**
 * @file pipe.h
 * Pipes as sources: the write end (evio_pipe_sender) and the read end
 * (evio_pipe_receiver).
 *
 * The life of a pipe: evio_pipe_open() makes both ends; or one end comes from
 * elsewhere, such as the standard input of a child process, by
 * evio_pipe_sender_from_fd() and then evio_pipe_sender_set_nonblocking();
 * evio_register() its `source`, the write end as writable, the read end as
 * readable; write and read when an event reports it; close each end.
 *
 * When the last write end is closed, the read end reports EVIO_READ_CLOSED:
 * read on to end of file. When the last read end is closed, the write end
 * reports EVIO_WRITE_CLOSED, and writing is kind BROKEN_PIPE, never a SIGPIPE.
 *
 * A pipe with a name (FIFO) reaches its end of file each time the last writer
 * leaves, and is readable again when another one writes. A selector that
 * simulates edges cannot report the next writer then: open the FIFO O_RDWR, so
 * that there is no end, or call evio_reregister() from time to time.
 *
 * Both types own their descriptor. They live in the user's structure and hold
 * no memory; all zeros is one that is not open. Either may move in memory,
 * registered or not; of two copies, use one. A function that fills one in
 * overwrites what it held, so give it one that is not open.
 *
 * `source` is the first member, so a pointer to the object is a pointer to its
 * source.
 *
 * Every function that takes one returns kind BAD_DESCRIPTOR when it is not
 * open, or NULL.
 *
 * When to stop reading or writing: drain until would-block (EAGAIN), which is
 * always right. Then the direction is reported again, without a call of
 * evio_rearm(). On a pipe of bytes a short read or write may end it one system
 * call earlier, but not:
 *
 * - after an event with EVIO_READ_CLOSED: read to end of file;
 * - on a pipe with O_DIRECT, which the writer alone may have set: a read
 *   returns one packet;
 * - on a terminal that was adopted as an end (a read returns one line), or a
 *   socket (see uds.h).
 *
 * So on an adopted descriptor that this program has not made, only would-block
 * ends draining: epoll reports nothing for what is left. A program that stops
 * earlier, such as at a budget per event, calls evio_again().
 *
 * Platforms: Unix.
 */
#ifndef EVIO_PIPE_H
#define EVIO_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <libevio/attr.h>
#include <libevio/source.h>
#include <libsock/types.h>

EVIO_BEGIN

/** The end of a pipe to write into; see above. */
typedef struct evio_pipe_sender {
    evio_source source; /**< To be registered, as writable. */
} evio_pipe_sender;

/** The end of a pipe to read from; see above. */
typedef struct evio_pipe_receiver {
    evio_source source; /**< To be registered, as readable. */
} evio_pipe_receiver;

/**
 * Make a pipe; both ends are non-blocking and close-on-exec.
 *
 * @param[out] out_sender    The end to write into.
 * @param[out] out_receiver  The end to read from.
 *
 * @return 0; kind INVALID_INPUT for NULL; TOO_MANY_FILES; else what pipe(2)
 *         returned.
 *
 * Ownership: closed with evio_pipe_sender_close() and
 *            evio_pipe_receiver_close().
 * Threads:   any.
 * Blocking:  never. One system call: pipe2.
 * Since:     0.1
 */
EVIO_API int evio_pipe_open(evio_pipe_sender *out_sender,
                            evio_pipe_receiver *out_receiver);

/**
 * Write bytes. A pipe that nobody reads is an error, never a SIGPIPE, whatever
 * the program does about that signal.
 *
 * @param sender  The sender.
 * @param buf     `len` readable bytes; may be NULL when `len` is 0.
 * @param len     How many.
 *
 * @return bytes taken, at most `len`; up to PIPE_BUF (4096 on Linux) go whole
 *         or not at all. Would-block when there is no buffer space; kind
 *         BROKEN_PIPE when no read end is left; else what write(2) returned.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  as the descriptor's mode; never for evio_pipe_open().
 * Platforms: Linux 6.18 has a flag against the signal: one system call. Before
 *            that, and elsewhere, the signal is blocked for this thread around
 *            the write and taken away: three calls, four when the pipe is
 *            broken or the count short. A SIGPIPE that was pending before stays
 *            pending.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_pipe_write(evio_pipe_sender *sender, const void *buf,
                                   size_t len);

/**
 * Write from several buffers, as if they were one.
 *
 * @param sender  The sender.
 * @param bufs    `n_bufs` buffers; may be NULL when `n_bufs` is 0.
 * @param n_bufs  How many. When more than the OS takes (1024 on Linux), a
 *                short count is not the end: go on.
 *
 * @return as evio_pipe_write().
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  as evio_pipe_write().
 * Platforms: as evio_pipe_write().
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_pipe_write_vectored(evio_pipe_sender *sender,
                                            const libsock_buf *bufs,
                                            size_t n_bufs);

/**
 * Read bytes.
 *
 * @param      receiver  The receiver.
 * @param[out] buf       `cap` writable bytes; the first *n* are written, *n*
 *                       being the return value.
 * @param      cap       Size of `buf`.
 *
 * @return bytes stored; with `cap` > 0, 0 is the end of file: no sender is
 *         left. Would-block when nothing is there; else what read(2) returned.
 *
 * Threads:   any.
 * Blocking:  as the descriptor's mode; never for evio_pipe_open(). One system
 *            call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_pipe_read(evio_pipe_receiver *receiver, void *buf,
                                  size_t cap);

/**
 * Read bytes into several buffers, filling one after the other.
 *
 * @param receiver  The receiver.
 * @param bufs      `n_bufs` buffers over writable memory.
 * @param n_bufs    How many; as in evio_pipe_write_vectored().
 *
 * @return as evio_pipe_read().
 *
 * Threads:   any.
 * Blocking:  as evio_pipe_read(). One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_pipe_read_vectored(evio_pipe_receiver *receiver,
                                           const libsock_buf *bufs,
                                           size_t n_bufs);

/**
 * Take over a descriptor to write into, such as the standard input of a child
 * process. Nothing about it is changed: say
 * evio_pipe_sender_set_nonblocking() if it is not in that mode.
 *
 * @param      fd          Open descriptor of a pipe, FIFO or the like.
 * @param[out] out_sender  The sender.
 *
 * @return 0; kind BAD_DESCRIPTOR when negative or too large; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the sender closes the descriptor.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_pipe_sender_from_fd(libsock_raw fd,
                                      evio_pipe_sender *out_sender);

/**
 * Deregister a sender and give its descriptor back; it is not open afterwards.
 *
 * @param[in,out] sender  The sender.
 * @param[out]    out_fd  Its descriptor.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the descriptor.
 * Threads:   the one that uses the sender.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_pipe_sender_into_fd(evio_pipe_sender *sender,
                                      libsock_raw *out_fd);

/**
 * The descriptor of a sender.
 *
 * @param sender  The sender, or NULL.
 *
 * @return the descriptor; LIBSOCK_RAW_INVALID when the sender is not open.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_raw evio_pipe_sender_as_fd(const evio_pipe_sender *sender);

/**
 * Switch between waiting and reporting would-block. The mode belongs to the
 * pipe's end, not to the descriptor: another process that holds the same end
 * sees the change.
 *
 * @param sender    The sender.
 * @param nonblock  true for non-blocking.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_pipe_sender_set_nonblocking(evio_pipe_sender *sender,
                                              bool nonblock);

/**
 * Close a sender and end its registration in one: no event of it is delivered
 * any more.
 *
 * @param[in,out] sender  The sender; not open afterwards, whatever is returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the sender; another may be waiting.
 * Blocking:  never. One system call: on epoll the close ends the registration
 *            too (in level and exclusive mode the removal is a second one).
 * Since:     0.1
 */
EVIO_API int evio_pipe_sender_close(evio_pipe_sender *sender);

/**
 * Take over a descriptor to read from, such as the standard output of a child
 * process. Nothing about it is changed: say
 * evio_pipe_receiver_set_nonblocking() if it is not in that mode.
 *
 * @param      fd            Open descriptor of a pipe, FIFO or the like.
 * @param[out] out_receiver  The receiver.
 *
 * @return 0; kind BAD_DESCRIPTOR when negative or too large; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the receiver closes the descriptor.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_pipe_receiver_from_fd(libsock_raw fd,
                                        evio_pipe_receiver *out_receiver);

/**
 * Deregister a receiver and give its descriptor back; it is not open
 * afterwards.
 *
 * @param[in,out] receiver  The receiver.
 * @param[out]    out_fd    Its descriptor.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the descriptor.
 * Threads:   the one that uses the receiver.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_pipe_receiver_into_fd(evio_pipe_receiver *receiver,
                                        libsock_raw *out_fd);

/**
 * The descriptor of a receiver.
 *
 * @param receiver  The receiver, or NULL.
 *
 * @return the descriptor; LIBSOCK_RAW_INVALID when the receiver is not open.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_raw
evio_pipe_receiver_as_fd(const evio_pipe_receiver *receiver);

/**
 * Switch between waiting and reporting would-block; see
 * evio_pipe_sender_set_nonblocking().
 *
 * @param receiver  The receiver.
 * @param nonblock  true for non-blocking.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_pipe_receiver_set_nonblocking(evio_pipe_receiver *receiver,
                                                bool nonblock);

/**
 * Close a receiver and end its registration in one: no event of it is
 * delivered any more.
 *
 * @param[in,out] receiver  The receiver; not open afterwards, whatever is
 *                          returned.
 *
 * @return as evio_pipe_sender_close().
 *
 * Threads:   the one that uses the receiver; another may be waiting.
 * Blocking:  never. One system call, as evio_pipe_sender_close().
 * Since:     0.1
 */
EVIO_API int evio_pipe_receiver_close(evio_pipe_receiver *receiver);

EVIO_END

#endif
