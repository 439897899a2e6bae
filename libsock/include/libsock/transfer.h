/* SPDX-License-Identifier: MIT */
/**
 * @file transfer.h
 * Bytes that go from a descriptor to a socket inside the kernel: a file by
 * libsock_send_file(), anything by way of a pipe with libsock_splice().
 *
 * As with every transfer the count is the result. What was moved before
 * something came in the way (a full buffer, a signal, an error) is never lost:
 * the call returns that count, and the next call meets the obstacle.
 *
 * Offsets are 64 bits wide everywhere. None of these raises SIGPIPE unasked.
 *
 * Threads: any. With an explicit offset a file has no position that two threads
 * could disagree about.
 */
#ifndef LIBSOCK_TRANSFER_H
#define LIBSOCK_TRANSFER_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** A length that means: up to the end of the file. */
#define LIBSOCK_TO_END UINT64_MAX

/** An offset that means: none; go on at the descriptor's own position. Pipes
 *  and sockets have nothing else. */
#define LIBSOCK_NO_OFFSET UINT64_MAX

/**
 * Send a piece of a file to the peer; see sendfile(2).
 *
 * @param sock    Connected stream socket.
 * @param file    Regular file, open for reading. Its position is neither used
 *                nor moved.
 * @param offset  Where to begin, 0 to INT64_MAX.
 * @param len     How many bytes; LIBSOCK_TO_END for all there are. 0 sends
 *                nothing and makes no system call. `offset + len` is at most
 *                INT64_MAX.
 *
 * @return bytes sent, at most `len` and at most 0x7ffff000 in one call: add
 *         them to the offset and go on. 0 with `len` > 0 is the end of the
 *         file. Would-block when the socket is non-blocking and took nothing;
 *         kind BROKEN_PIPE and others as libsock_send(); kind INVALID_INPUT for
 *         a number out of range, or what cannot be read in this way; else what
 *         the OS said.
 *
 * Units:     bytes.
 * Ownership: the file is lent. Bytes that are under way may be taken from it as
 *            it is when they leave: do not overwrite what was not acknowledged.
 * Blocking:  as the socket's mode; reading the file may block all the same.
 * Platforms: Linux, which takes any descriptor for `sock`; FreeBSD, DragonFly,
 *            macOS. UNSUPPORTED on NetBSD and OpenBSD. One system call; two
 *            more on Linux and the BSDs, to hold SIGPIPE back, and a third
 *            when fewer bytes went than were asked for.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_file(libsock_socket sock, libsock_raw file,
                                        uint64_t offset, uint64_t len);

/** One end of a libsock_splice(). */
typedef struct libsock_splice_end {
    libsock_raw fd;  /**< Pipe, socket or file; lent. */
    uint64_t offset; /**< In a file, 0 to INT64_MAX, which leaves the file's
                      *   position alone; or LIBSOCK_NO_OFFSET. */
} libsock_splice_end;

/** Flags of libsock_splice(). */
enum libsock_splice_flags {
    LIBSOCK_SPLICE_NONBLOCK = 1, /**< Do not wait for the pipe. A socket waits
                                      as its own mode says. */
    LIBSOCK_SPLICE_MORE = 2,     /**< More follows: as LIBSOCK_MSG_MORE. */
    LIBSOCK_SPLICE_SIGPIPE = 4   /**< Let SIGPIPE come, as this program ignores
                                      or awaits it: one system call instead of
                                      three or four. */
};

/**
 * Move bytes between two descriptors, one of which is a pipe; see splice(2).
 *
 * Would-block does not say which end is in the way, so keep count of what is in
 * the pipe. Into one that holds something it may be the pipe itself: it has
 * room for a number of pieces, 16 at first, and fills up with small ones long
 * before its 64 KiB.
 *
 * @param from   Where they come from.
 * @param to     Where they go.
 * @param len    At most how many.
 * @param flags  OR of LIBSOCK_SPLICE_*; 0 for none.
 *
 * @return bytes moved, often fewer than `len`. 0 with `len` > 0 is the end: no
 *         writer of the pipe, the end of the file, a peer that shut its side.
 *         Would-block; kind BROKEN_PIPE when nobody reads at the other end;
 *         kind INVALID_INPUT for an unknown flag, an offset out of range, or
 *         for an offset on a socket, or when neither end is a pipe; else what
 *         the OS said (ESPIPE, kind OTHER, for an offset on a pipe).
 *
 * Units:     bytes.
 * Ownership: nothing is kept after return; of what is under way, as
 *            libsock_send_file().
 * Blocking:  as the descriptors' modes and LIBSOCK_SPLICE_NONBLOCK.
 * Platforms: Linux; UNSUPPORTED elsewhere. One system call, and two more to
 *            hold SIGPIPE back; a third when fewer bytes moved than were asked
 *            for. LIBSOCK_SPLICE_SIGPIPE saves them.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_splice(libsock_splice_end from,
                                     libsock_splice_end to, size_t len,
                                     int flags);

LIBSOCK_END

#endif
