/* SPDX-License-Identifier: MIT */
/*
 * msg.c: filling a message, its limits, one system call per message, the
 * clamp of too many buffers, and descriptors that arrive close-on-exec in both
 * variants. Other control data is in behaviour/sock_control.c.
 */
#include <libsock/os.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    MSG_MANY = 1025 /* one more than Linux takes */
};

union msg_control {
    struct cmsghdr header;
    unsigned char bytes[CMSG_SPACE(4 * sizeof(int))];
};

TEST(arguments_are_judged)
{
    libsock_msg msg, before;
    libsock_buf buf = libsock_buf_of("x", 1);
    libsock_addr empty = {0};
    libsock_addr broken = {.len = LIBSOCK_ADDR_SIZE + 1};
    union msg_control control;

    CHECK_OK(libsock_msg_init(&msg));
    before = msg;
    CHECK_KIND(libsock_msg_init(NULL), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_to(NULL, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_to(&msg, &empty), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_to(&msg, &broken), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_from(NULL, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_bufs(NULL, &buf, 1), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_bufs(&msg, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_bufs(&msg, &buf, (size_t)INT_MAX + 1),
               INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_control(NULL, &control, 1), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_control(&msg, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_control(&msg, control.bytes + 1, 1),
               INVALID_INPUT);
    CHECK_KIND(libsock_msg_set_control(&msg, &control, (size_t)INT_MAX + 1),
               INVALID_INPUT);
    CHECK_EQ_UINT(libsock_msg_control_len(NULL), 0);
    CHECK_EQ_INT(libsock_msg_flags(NULL), 0);
    CHECK_KIND(libsock_send_msg(sock_adopt(0), NULL, 0), INVALID_INPUT);
    CHECK_KIND(libsock_recv_msg(sock_adopt(0), NULL, 0), INVALID_INPUT);
    CHECK_EQ_MEM(&msg, &before, sizeof(msg));
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(settings_can_be_taken_back)
{
    libsock_msg msg, empty;
    libsock_buf buf = libsock_buf_of("x", 1);
    union msg_control control;
    libsock_addr addr;

    CHECK_OK(libsock_msg_init(&empty));
    msg = empty;
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &addr));
    CHECK_OK(libsock_msg_set_to(&msg, &addr));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, &control, sizeof(control)));
    CHECK_EQ_UINT(libsock_msg_control_len(&msg), sizeof(control));
    CHECK_OK(libsock_msg_set_to(&msg, NULL));
    CHECK_OK(libsock_msg_set_bufs(&msg, NULL, 0));
    CHECK_OK(libsock_msg_set_control(&msg, NULL, 0));
    CHECK_EQ_MEM(&msg, &empty, sizeof(msg));
    CHECK_OK(libsock_msg_set_from(&msg, &addr));
    CHECK_OK(libsock_msg_set_from(&msg, NULL));
    CHECK_EQ_MEM(&msg, &empty, sizeof(msg));
}

TEST(a_message_is_one_system_call)
{
    libsock_socket pair[2];
    libsock_msg msg;
    char byte = 'x';
    libsock_buf buf = libsock_buf_of(&byte, 1);

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    fault_reset();
    CHECK_EQ_INT(libsock_send_msg(pair[0], &msg, 0), 1);
    CHECK_EQ_UINT(fault_calls_of("sendmsg"), 1);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_EQ_UINT(fault_calls_of("recvmsg"), 1);
    CHECK_EQ_UINT(fault_calls(), 2);
    sock_close_pair(pair);
}

TEST(a_failing_receive_leaves_the_message)
{
    libsock_addr from, before_from;
    libsock_socket pair[2];
    libsock_msg msg, before;
    char byte = 0;
    libsock_buf buf = libsock_buf_of(&byte, 1);

    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    memset(&from, 0x5a, sizeof(from));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_from(&msg, &from));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    memset(&from, 0x5a, sizeof(from));
    before = msg;
    before_from = from;
    CHECK(libsock_would_block(libsock_recv_msg(pair[1], &msg, 0)));
    CHECK_KIND(libsock_recv_msg(pair[1], &msg, 0x8000), INVALID_INPUT);
    CHECK_EQ_MEM(&msg, &before, sizeof(msg));
    CHECK_EQ_MEM(&from, &before_from, sizeof(from));
    sock_close_pair(pair);
}

/* MSG_MANY buffers of one byte each over `bytes`. */
static libsock_buf *msg_many(char *bytes)
{
    libsock_buf *bufs = calloc(MSG_MANY, sizeof(*bufs));

    CHECK(bufs != NULL);
    for (size_t i = 0; i < MSG_MANY; i++)
        bufs[i] = libsock_buf_of(bytes + i, 1);
    return bufs;
}

/* The BSDs refuse to send from a room that nothing came into. */
TEST(a_message_without_control_data_has_no_room_for_it)
{
    union msg_control control;
    libsock_buf buf;
    libsock_socket pair[2];
    libsock_msg msg;
    char byte;

    buf = libsock_buf_of(&byte, 1);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, &control, sizeof(control)));
    CHECK_EQ_PTR(msg.control, &control);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_EQ_PTR(msg.control, NULL);
    CHECK_EQ_INT(libsock_send_msg(pair[1], &msg, 0), 1);
    CHECK_OK(libsock_msg_set_control(&msg, &control, 0));
    CHECK_EQ_PTR(msg.control, NULL);
    sock_close_pair(pair);
}

TEST(the_clamp_costs_calls_only_when_it_is_needed)
{
    static char bytes[MSG_MANY];
    libsock_buf *bufs = msg_many(bytes);
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_reset();
    CHECK_EQ_INT(libsock_send_vectored(pair[0], bufs, MSG_MANY - 1, 0),
                 MSG_MANY - 1);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], bufs, MSG_MANY, 0),
                 MSG_MANY - 1);
    CHECK_EQ_UINT(fault_calls_of("sendmsg"), 3);
    sock_close_pair(pair);
    free(bufs);
}

TEST(another_failure_with_many_buffers_is_no_clamp)
{
    static char bytes[MSG_MANY];
    libsock_buf *bufs = msg_many(bytes);
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_reset();
    fault_fail_call("sendmsg", 1, ENOBUFS);
    CHECK_ERR(libsock_send_vectored(pair[0], bufs, MSG_MANY, 0), ENOBUFS);
    CHECK_EQ_UINT(fault_calls_of("sendmsg"), 1);
    sock_close_pair(pair);
    free(bufs);
}

TEST(a_message_keeps_its_count_after_a_clamped_receive)
{
    static char bytes[MSG_MANY];
    libsock_buf *bufs = msg_many(bytes);
    libsock_socket pair[2];
    libsock_msg msg;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, bufs, MSG_MANY));
    for (int i = 0; i < 2; i++) {
        net_send_all(sock_fd(pair[0]), "abc", 3);
        CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 3);
        CHECK_EQ_UINT(msg.n_bufs, MSG_MANY);
        CHECK_EQ_MEM(bytes, "abc", 3);
    }
    sock_close_pair(pair);
    free(bufs);
}

/* Send `n` copies of descriptor `fd` along with one byte. */
static void msg_send_fds(libsock_socket sock, int fd, size_t n)
{
    union msg_control control;
    libsock_buf buf = libsock_buf_of("x", 1);
    libsock_msg msg;

    memset(&control, 0, sizeof(control));
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
    for (size_t i = 0; i < n; i++)
        memcpy(CMSG_DATA(&control.header) + i * sizeof(int), &fd, sizeof(fd));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(
        libsock_msg_set_control(&msg, &control, CMSG_SPACE(n * sizeof(int))));
    CHECK_EQ_INT(libsock_send_msg(sock, &msg, 0), 1);
}

/* Receive one byte and descriptors; returns how many, at most `room`. */
static size_t msg_recv_fds(libsock_socket sock, int fds[4], size_t room,
                           int *out_flags)
{
    union msg_control control;
    char byte = 0;
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_msg msg;
    size_t len;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(
        libsock_msg_set_control(&msg, &control, CMSG_LEN(room * sizeof(int))));
    CHECK_EQ_INT(libsock_recv_msg(sock, &msg, 0), 1);
    *out_flags = libsock_msg_flags(&msg);
    if (libsock_msg_control_len(&msg) == 0)
        return 0;
    CHECK_UINT(libsock_msg_control_len(&msg), >=, CMSG_LEN(0));
    CHECK_EQ_INT(control.header.cmsg_level, SOL_SOCKET);
    CHECK_EQ_INT(control.header.cmsg_type, SCM_RIGHTS);
    len = control.header.cmsg_len - CMSG_LEN(0);
    memcpy(fds, CMSG_DATA(&control.header), len);
    return len / sizeof(int);
}

TEST(descriptors_arrive_close_on_exec)
{
    libsock_socket pair[2];
    int pipe_fd[2], got[4], flags;
    char byte = 0;

    net_pipe(pipe_fd);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    msg_send_fds(pair[0], pipe_fd[0], 3);
    CHECK_EQ_UINT(msg_recv_fds(pair[1], got, 4, &flags), 3);
    CHECK_EQ_INT(flags, 0);
    net_close(pipe_fd[0]);
    for (int i = 0; i < 3; i++)
        CHECK(net_is_cloexec(got[i]));
    CHECK_EQ_INT(write(pipe_fd[1], "p", 1), 1);
    CHECK_EQ_INT(read(got[2], &byte, 1), 1);
    CHECK_EQ_INT(byte, 'p');
    for (int i = 0; i < 3; i++)
        net_close(got[i]);
    net_close(pipe_fd[1]);
    sock_close_pair(pair);
}

TEST(too_small_a_room_for_descriptors_is_reported)
{
    libsock_socket pair[2];
    int pipe_fd[2], got[4], flags;

    net_pipe(pipe_fd);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    msg_send_fds(pair[0], pipe_fd[0], 4);
    CHECK_EQ_UINT(msg_recv_fds(pair[1], got, 1, &flags), 1);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_CTRUNC);
    CHECK(net_is_cloexec(got[0]));
    net_close(got[0]);
    net_close(pipe_fd[0]);
    net_close(pipe_fd[1]);
    sock_close_pair(pair);
}

TEST(no_room_for_descriptors_leaks_none)
{
    libsock_socket pair[2];
    int pipe_fd[2];
    char byte = 0;
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_msg msg;

    net_pipe(pipe_fd);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    msg_send_fds(pair[0], pipe_fd[0], 1);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_EQ_INT(libsock_msg_flags(&msg), LIBSOCK_MSG_CTRUNC);
    CHECK_EQ_UINT(libsock_msg_control_len(&msg), 0);
    net_close(pipe_fd[0]);
    net_close(pipe_fd[1]);
    sock_close_pair(pair);
}
