/* SPDX-License-Identifier: MIT */
/*
 * Splicing: between pipes, sockets and files, inside the kernel.
 * Files straight to sockets are in transfer.c.
 * Descriptors are counted by the harness.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/net.h"
#include "support/pipes.h"
#include "support/sock.h"

static libsock_splice_end splice_at(libsock_raw fd, uint64_t offset)
{
    libsock_splice_end end = {fd, offset};

    return end;
}

static libsock_splice_end splice_of(int fd)
{
    return splice_at(fd, LIBSOCK_NO_OFFSET);
}

static libsock_splice_end splice_sock(libsock_socket sock)
{
    return splice_at(libsock_as_raw(sock), LIBSOCK_NO_OFFSET);
}

static void splice_close(const int ends[2])
{
    net_close(ends[0]);
    net_close(ends[1]);
}

TEST(bytes_go_from_a_pipe_to_a_socket_and_back)
{
    libsock_socket pair[2];
    int ends[2];
    char bytes[8];

    net_pipe(ends);
    sock_tcp_pair(pair);
    pipes_write(ends[1], "there", 5);
    fault_reset();
    CHECK_EQ_INT(
        libsock_splice(splice_of(ends[0]), splice_sock(pair[0]), 100, 0), 5);
    CHECK_EQ_UINT(fault_calls_of("splice"), 1);
    CHECK_EQ_UINT(fault_calls_of("pthread_sigmask"), 1);
    net_recv_all(sock_fd(pair[1]), bytes, 5);
    CHECK_EQ_MEM(bytes, "there", 5);
    net_send_all(sock_fd(pair[1]), "and back", 8);
    CHECK_EQ_INT(libsock_splice(splice_sock(pair[0]), splice_of(ends[1]), 3,
                                LIBSOCK_SPLICE_MORE),
                 3);
    CHECK_EQ_INT(
        libsock_splice(splice_sock(pair[0]), splice_of(ends[1]), 100, 0), 5);
    CHECK_EQ_INT(read(ends[0], bytes, 8), 8);
    CHECK_EQ_MEM(bytes, "and back", 8);
    splice_close(ends);
    sock_close_pair(pair);
}

TEST(a_file_is_read_and_written_at_an_offset)
{
    const uint64_t far = ((uint64_t)1 << 32) + 5;
    int file = fd_regular();
    int ends[2];
    char bytes[8] = {0};

    net_pipe(ends);
    pipes_write(ends[1], "distant", 7);
    if (ftruncate(file, (off_t)far + 20) != 0)
        SKIP("no sparse files over 4 GiB here");
    CHECK_EQ_INT(libsock_splice(splice_of(ends[0]), splice_at(file, far), 7, 0),
                 7);
    CHECK_EQ_INT(pread(file, bytes, 7, (off_t)far), 7);
    CHECK_EQ_MEM(bytes, "distant", 7);
    CHECK_EQ_INT(
        libsock_splice(splice_at(file, far + 3), splice_of(ends[1]), 4, 0), 4);
    CHECK_EQ_INT(read(ends[0], bytes, 8), 4);
    CHECK_EQ_MEM(bytes, "tant", 4);
    CHECK_EQ_INT(lseek(file, 0, SEEK_CUR), 0);
    /* Without an offset the position counts, and moves. */
    CHECK_EQ_INT(libsock_splice(splice_of(file), splice_of(ends[1]), 4, 0), 4);
    CHECK_EQ_INT(lseek(file, 0, SEEK_CUR), 4);
    CHECK_EQ_INT(
        libsock_splice(splice_at(file, far + 20), splice_of(ends[1]), 4, 0), 0);
    splice_close(ends);
    net_close(file);
}

TEST(an_end_is_no_bytes)
{
    libsock_socket pair[2];
    int ends[2];

    net_pipe(ends);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    net_close(ends[1]);
    CHECK_EQ_INT(libsock_splice(splice_of(ends[0]), splice_sock(pair[0]), 1, 0),
                 0);
    net_close(ends[0]);
    sock_close(pair[1]);
    net_pipe(ends);
    CHECK_EQ_INT(libsock_splice(splice_sock(pair[0]), splice_of(ends[1]), 1, 0),
                 0);
    splice_close(ends);
    sock_close(pair[0]);
}

TEST(neither_an_empty_nor_a_full_pipe_is_waited_for)
{
    libsock_socket pair[2];
    int ends[2];

    net_pipe(ends);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK(libsock_would_block(libsock_splice(
        splice_of(ends[0]), splice_sock(pair[0]), 1, LIBSOCK_SPLICE_NONBLOCK)));
    net_set_nonblocking(ends[1], true);
    (void)net_fill(ends[1]);
    net_send_all(sock_fd(pair[1]), "x", 1);
    CHECK(libsock_would_block(libsock_splice(
        splice_sock(pair[0]), splice_of(ends[1]), 1, LIBSOCK_SPLICE_NONBLOCK)));
    splice_close(ends);
    sock_close_pair(pair);
}

/* Beyond what the kernel takes for a length. */
TEST(any_length_may_be_asked_for)
{
    libsock_socket pair[2];
    char buf[8];
    int ends[2];

    net_pipe(ends);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    pipes_write(ends[1], "abc", 3);
    CHECK_EQ_INT(
        libsock_splice(splice_of(ends[0]), splice_sock(pair[0]), SIZE_MAX, 0),
        3);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 3);
    splice_close(ends);
    sock_close_pair(pair);
}

TEST(what_cannot_be_spliced_is_refused)
{
    libsock_socket pair[2];
    int ends[2];

    net_pipe(ends);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    pipes_write(ends[1], "x", 1);
    CHECK_KIND(libsock_splice(splice_sock(pair[0]), splice_sock(pair[1]), 1, 0),
               INVALID_INPUT);
    CHECK_ERR(libsock_splice(splice_at(ends[0], 0), splice_sock(pair[0]), 1, 0),
              ESPIPE);
    CHECK_KIND(libsock_splice(splice_of(ends[0]),
                              splice_at(sock_fd(pair[0]), 0), 1, 0),
               INVALID_INPUT);
    CHECK_KIND(libsock_splice(splice_of(-1), splice_sock(pair[0]), 1, 0),
               BAD_DESCRIPTOR);
    fault_reset();
    CHECK_KIND(libsock_splice(splice_of(ends[0]), splice_sock(pair[0]), 1, 8),
               INVALID_INPUT);
    CHECK_KIND(libsock_splice(splice_at(ends[0], (uint64_t)INT64_MAX + 1),
                              splice_sock(pair[0]), 1, 0),
               INVALID_INPUT);
    CHECK_KIND(libsock_splice(splice_of(ends[0]),
                              splice_at(sock_fd(pair[0]), UINT64_MAX - 1), 1,
                              0),
               INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    splice_close(ends);
    sock_close_pair(pair);
}

TEST(splicing_to_nobody_is_no_signal)
{
    libsock_socket pair[2];
    int in[2];
    int out[2];

    CHECK(pipes_signal_is_default());
    net_pipe(in);
    net_pipe(out);
    pipes_write(in[1], "xy", 2);
    net_close(out[0]);
    CHECK_KIND(libsock_splice(splice_of(in[0]), splice_of(out[1]), 1, 0),
               BROKEN_PIPE);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    CHECK_KIND(libsock_splice(splice_of(in[0]), splice_sock(pair[0]), 1, 0),
               BROKEN_PIPE);
    CHECK(!pipes_signal_is_pending());
    sock_close(pair[0]);
    splice_close(in);
    net_close(out[1]);
}

static volatile sig_atomic_t splice_signals;

static void splice_on_signal(int number)
{
    (void)number;
    splice_signals++;
}

TEST(a_splice_may_leave_the_signal_alone)
{
    libsock_socket pair[2];
    int in[2];

    CHECK(signal(SIGPIPE, splice_on_signal) != SIG_ERR);
    net_pipe(in);
    pipes_write(in[1], "xy", 2);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    CHECK_KIND(libsock_splice(splice_of(in[0]), splice_sock(pair[0]), 1, 0),
               BROKEN_PIPE);
    CHECK_EQ_INT(splice_signals, 0);
    fault_reset();
    CHECK_KIND(libsock_splice(splice_of(in[0]), splice_sock(pair[0]), 1,
                              LIBSOCK_SPLICE_SIGPIPE),
               BROKEN_PIPE);
    CHECK_EQ_INT(splice_signals, 1);
    CHECK_EQ_UINT(fault_calls_of("pthread_sigmask"), 0);
    CHECK_EQ_UINT(fault_calls_of("sigtimedwait"), 0);
    sock_close(pair[0]);
    splice_close(in);
}

TEST(a_splice_that_cannot_begin_says_so)
{
    int ends[2];

    net_pipe(ends);
    fault_fail_call("pthread_sigmask", 1, EPERM);
    CHECK_ERR(libsock_splice(splice_of(ends[0]), splice_of(ends[1]), 1, 0),
              EPERM);
    CHECK_EQ_UINT(fault_calls_of("splice"), 0);
    splice_close(ends);
}
