/* SPDX-License-Identifier: MIT */
/*
 * transfer.c: files to sockets inside the kernel. Every byte of a file is a
 * function of its place, so that a byte which is lost or sent twice shows.
 * Splicing is in splice.c. Descriptors are counted by the harness.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/net.h"
#include "support/pipes.h"
#include "support/sock.h"
#include "support/thread.h"

enum {
    FILE_LEN = (1 << 20) + 123
};

static unsigned char transfer_byte(uint64_t at)
{
    return (unsigned char)(at * 167 + (at >> 8) * 13 + (at >> 16));
}

/* A file of `len` bytes; its position is at their end. */
static int transfer_file(size_t len)
{
    unsigned char *bytes = malloc(len);
    int fd = fd_regular();

    CHECK(bytes != NULL);
    for (size_t i = 0; i < len; i++)
        bytes[i] = transfer_byte(i);
    CHECK_EQ_INT(write(fd, bytes, len), (ssize_t)len);
    free(bytes);
    return fd;
}

/* Take all that is there; it must be the file from `at` on. */
static uint64_t transfer_take(int fd, uint64_t at)
{
    static unsigned char bytes[65536];
    ptrdiff_t n;

    while ((n = net_recv(fd, bytes, sizeof(bytes))) > 0) {
        for (ptrdiff_t i = 0; i < n; i++, at++)
            CHECK_EQ_INT(bytes[i], transfer_byte(at));
    }
    CHECK(n == 0 || n == -EAGAIN);
    return at;
}

static void transfer_pair(libsock_socket pair[2], bool tcp)
{
    if (tcp)
        sock_tcp_pair(pair);
    else
        sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_OK(libsock_set_nonblocking(pair[0], true));
    CHECK_OK(libsock_set_nonblocking(pair[1], true));
}

/* Send `len` bytes from `from` on, taking them when the way is full; returns
 * how often it was. */
static unsigned transfer_all(libsock_socket pair[2], int file, uint64_t from,
                             uint64_t len)
{
    uint64_t end = len == LIBSOCK_TO_END ? FILE_LEN : from + len;
    uint64_t taken = from, at = from;
    unsigned full = 0;

    while (at < end) {
        uint64_t left = len == LIBSOCK_TO_END ? len : end - at;
        ptrdiff_t n = libsock_send_file(pair[0], file, at, left);

        if (libsock_would_block(n)) {
            full++;
            net_wait_readable(sock_fd(pair[1]), 10000);
            taken = transfer_take(sock_fd(pair[1]), taken);
            continue;
        }
        CHECK_INT(n, >, 0);
        at += (uint64_t)n;
        CHECK_UINT(at, <=, end);
    }
    CHECK_EQ_INT(libsock_send_file(pair[0], file, FILE_LEN, LIBSOCK_TO_END), 0);
    sock_close(pair[0]);
    net_set_nonblocking(sock_fd(pair[1]), false);
    CHECK_EQ_UINT(transfer_take(sock_fd(pair[1]), taken), end);
    sock_close(pair[1]);
    return full;
}

TEST(a_whole_file_arrives_through_a_full_buffer)
{
    int file = transfer_file(FILE_LEN);
    libsock_socket pair[2];

    for (int tcp = 0; tcp < 2; tcp++) {
        transfer_pair(pair, tcp != 0);
        CHECK_OK(libsock_set_send_buffer_size(pair[0], 16384));
        CHECK_OK(libsock_set_recv_buffer_size(pair[1], 16384));
        CHECK_UINT(transfer_all(pair, file, 0, LIBSOCK_TO_END), >, 0);
    }
    net_close(file);
}

TEST(a_piece_of_a_file_arrives_and_no_more)
{
    int file = transfer_file(FILE_LEN);
    libsock_socket pair[2];

    transfer_pair(pair, true);
    (void)transfer_all(pair, file, 4097, 300001);
    /* The position is where writing left it. */
    CHECK_EQ_INT(lseek(file, 0, SEEK_CUR), FILE_LEN);
    net_close(file);
}

TEST(an_offset_is_wider_than_32_bits)
{
    const off_t far = ((off_t)1 << 32) + 12345;
    libsock_socket pair[2];
    int file = fd_regular();
    char bytes[8];

    if (ftruncate(file, far + 100) != 0)
        SKIP("no sparse files over 4 GiB here");
    CHECK_EQ_INT(pwrite(file, "distant", 7, far), 7);
    CHECK_EQ_INT(pwrite(file, "nearby!", 7, 12345), 7);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_EQ_INT(libsock_send_file(pair[0], file, (uint64_t)far, 7), 7);
    net_recv_all(sock_fd(pair[1]), bytes, 7);
    CHECK_EQ_MEM(bytes, "distant", 7);
    CHECK_EQ_INT(
        libsock_send_file(pair[0], file, (uint64_t)far + 95, LIBSOCK_TO_END),
        5);
    CHECK_EQ_INT(
        libsock_send_file(pair[0], file, (uint64_t)far + 100, LIBSOCK_TO_END),
        0);
    CHECK_EQ_INT(libsock_send_file(pair[0], file, INT64_MAX, LIBSOCK_TO_END),
                 0);
    net_close(file);
    sock_close_pair(pair);
}

TEST(numbers_out_of_range_are_refused)
{
    const uint64_t over = (uint64_t)INT64_MAX + 1;
    libsock_socket sock = sock_adopt(1);

    CHECK_KIND(libsock_send_file(sock, 0, over, 1), INVALID_INPUT);
    CHECK_KIND(libsock_send_file(sock, 0, over, 0), INVALID_INPUT);
    CHECK_KIND(libsock_send_file(sock, 0, UINT64_MAX, LIBSOCK_TO_END),
               INVALID_INPUT);
    CHECK_KIND(libsock_send_file(sock, 0, 0, over), INVALID_INPUT);
    CHECK_KIND(libsock_send_file(sock, 0, 1, INT64_MAX), INVALID_INPUT);
    CHECK_KIND(libsock_send_file(sock, 0, INT64_MAX, 1), INVALID_INPUT);
    CHECK_EQ_INT(libsock_send_file(sock, 0, INT64_MAX, 0), 0);
    CHECK_EQ_INT(libsock_send_file(sock, LIBSOCK_RAW_INVALID, 0, 0), 0);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(a_file_costs_one_call_and_two_for_the_signal)
{
    int file = transfer_file(100);
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_reset();
    CHECK_EQ_INT(libsock_send_file(pair[0], file, 0, 100), 100);
    CHECK_EQ_UINT(fault_calls_of("sendfile"), 1);
    /* Giving the mask back cannot fail and is not counted. */
    CHECK_EQ_UINT(fault_calls_of("pthread_sigmask"), 1);
    CHECK_EQ_UINT(fault_calls(), 2);
    net_close(file);
    sock_close_pair(pair);
}

TEST(a_failure_of_any_step_is_told)
{
    int file = transfer_file(10);
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    fault_fail_call("pthread_sigmask", 1, EPERM);
    CHECK_ERR(libsock_send_file(pair[0], file, 0, 10), EPERM);
    CHECK_EQ_UINT(fault_calls_of("sendfile"), 0);
    fault_reset();
    fault_fail_call("sendfile", 1, EINTR);
    CHECK(libsock_interrupted(libsock_send_file(pair[0], file, 0, 10)));
    CHECK_EQ_UINT(transfer_take(sock_fd(pair[1]), 0), 0);
    net_close(file);
    sock_close_pair(pair);
}

/* Linux before 6.5 still hangs a few pages on what waits in a full one. */
TEST(a_full_socket_would_block)
{
    int file = transfer_file(10);
    libsock_socket pair[2];
    size_t waiting;
    ptrdiff_t n;

    transfer_pair(pair, false);
    waiting = net_fill(sock_fd(pair[0]));
    while ((n = libsock_send_file(pair[0], file, 0, 10)) == 10)
        waiting += 10;
    CHECK(libsock_would_block(n));
    CHECK_EQ_UINT(net_drain(sock_fd(pair[1])), waiting);
    net_close(file);
    sock_close_pair(pair);
}

TEST(wrong_kinds_of_descriptors_are_refused)
{
    libsock_socket pair[2];
    int file = transfer_file(10);
    int ends[2];
    int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int deaf = open("/dev/null", O_WRONLY | O_CLOEXEC);

    net_pipe(ends);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_INT(libsock_send_file(pair[0], sock_fd(pair[1]), 0, 1), <, 0);
    CHECK_INT(libsock_send_file(pair[0], ends[0], 0, 1), <, 0);
    CHECK_INT(libsock_send_file(pair[0], folder, 0, 1), <, 0);
    CHECK_KIND(libsock_send_file(pair[0], deaf, 0, 1), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_send_file(pair[0], LIBSOCK_RAW_INVALID, 0, 1),
               BAD_DESCRIPTOR);
    net_close(deaf);
    CHECK_KIND(libsock_send_file(pair[0], deaf, 0, 1), BAD_DESCRIPTOR);
    sock_close_pair(pair);
    CHECK_KIND(libsock_send_file(pair[0], file, 0, 1), BAD_DESCRIPTOR);
    net_close(folder);
    net_close(file);
    net_close(ends[0]);
    net_close(ends[1]);
}

TEST(a_file_for_a_dead_peer_is_no_signal)
{
    int file = transfer_file(10);
    libsock_socket pair[2];

    CHECK(pipes_signal_is_default());
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    CHECK_KIND(libsock_send_file(pair[0], file, 0, 10), BROKEN_PIPE);
    CHECK(!pipes_signal_is_pending());
    sock_close(pair[0]);
    sock_tcp_pair(pair);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK_KIND(libsock_send_file(pair[0], file, 0, 10), BROKEN_PIPE);
    sock_close_pair(pair);
    net_close(file);
}

struct transfer_leaver {
    int fd;
    size_t pages; /* to take before it closes */
};

static void transfer_leave(void *arg)
{
    const struct transfer_leaver *leaver = arg;
    char page[4096];

    for (size_t i = 0; i < leaver->pages; i++)
        net_recv_all(leaver->fd, page, sizeof(page));
    net_close(leaver->fd);
}

/*
 * The kernel raises the signal for the piece that broke, and answers with the
 * count of those before it. It takes luck that one piece is whole and the next
 * finds nobody: one turn in 15 has it, so there are many.
 */
TEST(a_peer_that_leaves_in_between_is_no_signal_either)
{
    const int len = 4 << 20;
    int file = fd_regular();
    libsock_socket pair[2];

    CHECK(ftruncate(file, len) == 0);
    CHECK(pipes_signal_is_default());
    for (size_t turn = 1; turn <= 200; turn++) {
        struct transfer_leaver leaver = {0, turn};
        thread *peer;
        ptrdiff_t n;

        sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
        leaver.fd = sock_fd(pair[1]);
        peer = thread_start(transfer_leave, &leaver);
        n = libsock_send_file(pair[0], file, 0, LIBSOCK_TO_END);
        CHECK_INT(n, >, 0);
        CHECK_INT(n, <, len);
        CHECK(!pipes_signal_is_pending());
        CHECK_KIND(libsock_send_file(pair[0], file, 0, 10), BROKEN_PIPE);
        thread_join(peer);
        sock_close(pair[0]);
    }
    net_close(file);
}

TEST(a_signal_of_the_callers_own_stays)
{
    int file = transfer_file(10);
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    pipes_signal_block();
    CHECK_KIND(libsock_send_file(pair[0], file, 0, 10), BROKEN_PIPE);
    CHECK(!pipes_signal_is_pending());
    pipes_signal_raise();
    CHECK_KIND(libsock_send_file(pair[0], file, 0, 10), BROKEN_PIPE);
    CHECK(pipes_signal_is_pending());
    sock_close(pair[0]);
    net_close(file);
}
