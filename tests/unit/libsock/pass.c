/* SPDX-License-Identifier: MIT */
/*
 * pass.c: descriptors that travel with data, on every type of AF_UNIX socket,
 * and what becomes of those for which there is no room.
 * Who the peer is, is in peer.c. Each test's descriptors are counted.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/net.h"
#include "support/pipes.h"
#include "support/sock.h"

static const int pass_types[] = {
    LIBSOCK_TYPE_STREAM,
    LIBSOCK_TYPE_DGRAM,
    LIBSOCK_TYPE_SEQPACKET,
};

enum {
    PASS_TYPES = sizeof(pass_types) / sizeof(pass_types[0])
};

/* Room for `cap` descriptors. */
static libsock_fds pass_room(libsock_raw *fds, size_t cap)
{
    libsock_fds room;

    memset(&room, 0, sizeof(room)); /* padding is compared too */
    room.fds = fds;
    room.cap = cap;
    room.n = 99;
    room.flags = -1;
    return room;
}

/* Send the writing end of a pipe `n` times and close it here; what is left is
 * its reading end, which sees the end when every duplicate is closed. */
static int pass_send_writers(libsock_socket sock, size_t n)
{
    libsock_raw fds[LIBSOCK_FDS_MAX];
    int ends[2];

    net_pipe(ends);
    for (size_t i = 0; i < n; i++)
        fds[i] = ends[1];
    CHECK_EQ_INT(libsock_send_fds(sock, "ab", 2, fds, n), 2);
    net_close(ends[1]);
    return ends[0];
}

static void pass_check_all_closed(int reader)
{
    net_expect_eof(reader);
    net_close(reader);
}

static void pass_close_all(const libsock_fds *room)
{
    for (size_t i = 0; i < room->n; i++)
        net_close((int)room->fds[i]);
}

TEST(arguments_of_descriptors_are_judged)
{
    const libsock_raw good[2] = {0, 1};
    const libsock_raw wide[1] = {(libsock_raw)((uint64_t)1 << 32)};
    const libsock_raw none[2] = {0, LIBSOCK_RAW_INVALID};
    libsock_socket sock = sock_adopt(0);
    libsock_fds room = {.fds = NULL, .cap = 1, .n = 7, .flags = 8};
    char byte;

    CHECK_KIND(libsock_send_fds(sock, "x", 0, good, 1), INVALID_INPUT);
    CHECK_KIND(libsock_send_fds(sock, NULL, 1, good, 1), INVALID_INPUT);
    CHECK_KIND(libsock_send_fds(sock, "x", 1, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_send_fds(sock, "x", 1, good, LIBSOCK_FDS_MAX + 1),
               INVALID_INPUT);
    CHECK_KIND(libsock_send_fds(sock, "x", 1, none, 2), BAD_DESCRIPTOR);
    if (sizeof(libsock_raw) > sizeof(int))
        CHECK_KIND(libsock_send_fds(sock, "x", 1, wide, 1), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_recv_fds(sock, &byte, 1, 0, &room), INVALID_INPUT);
    CHECK_KIND(libsock_recv_fds(sock, &byte, 1, 0, NULL), INVALID_INPUT);
    room.cap = 0;
    CHECK_KIND(libsock_recv_fds(sock, NULL, 1, 0, &room), INVALID_INPUT);
    CHECK_KIND(libsock_recv_fds(sock, &byte, 0, 0, &room), INVALID_INPUT);
    CHECK_EQ_UINT(room.n, 7);
    CHECK_EQ_INT(room.flags, 8);
    CHECK_EQ_UINT(fault_calls(), 0);
}

static void pass_check_arrival(int type)
{
    libsock_socket pair[2];
    libsock_raw got[4];
    libsock_fds room = pass_room(got, 4);
    libsock_raw sent[2];
    int ends[2];
    char bytes[8];

    net_pipe(ends);
    sent[0] = ends[0];
    sent[1] = ends[1];
    sock_pair(type, 0, pair);
    fault_reset();
    CHECK_EQ_INT(libsock_send_fds(pair[0], "pair", 4, sent, 2), 4);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, sizeof(bytes), 0, &room), 4);
    CHECK_EQ_UINT(fault_calls_of("sendmsg"), 1);
    CHECK_EQ_UINT(fault_calls_of("recvmsg"), 1);
    CHECK_EQ_UINT(fault_calls(), 2);
    net_close(ends[0]);
    net_close(ends[1]);
    CHECK_EQ_MEM(bytes, "pair", 4);
    CHECK_EQ_UINT(room.n, 2);
    CHECK_EQ_INT(room.flags & ~LIBSOCK_MSG_EOR, 0);
    CHECK(net_is_cloexec((int)got[0]) && net_is_cloexec((int)got[1]));
    /* In the order in which they were sent, and alive. */
    pipes_write((int)got[1], "!", 1);
    CHECK_EQ_INT(net_recv((int)got[0], bytes, 1), 1);
    CHECK_EQ_INT(bytes[0], '!');
    pass_close_all(&room);
    sock_close_pair(pair);
}

TEST(descriptors_arrive_on_every_type)
{
    for (int i = 0; i < PASS_TYPES; i++)
        pass_check_arrival(pass_types[i]);
}

static void pass_check_surplus(int type, size_t sent, size_t cap)
{
    libsock_socket pair[2];
    libsock_raw got[LIBSOCK_FDS_MAX];
    libsock_fds room = pass_room(got, cap);
    char bytes[8];
    int reader;

    sock_pair(type, 0, pair);
    reader = pass_send_writers(pair[0], sent);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, sizeof(bytes), 0, &room), 2);
    CHECK_EQ_UINT(room.n, cap < sent ? cap : sent);
    CHECK_EQ_INT((room.flags & LIBSOCK_MSG_CTRUNC) != 0, cap < sent);
    pass_close_all(&room);
    pass_check_all_closed(reader);
    sock_close_pair(pair);
}

TEST(surplus_descriptors_are_closed)
{
    for (int i = 0; i < PASS_TYPES; i++) {
        pass_check_surplus(pass_types[i], 4, 1);
        pass_check_surplus(pass_types[i], 4, 3);
        pass_check_surplus(pass_types[i], 3, 0);
        pass_check_surplus(pass_types[i], 1, 2);
    }
}

TEST(as_many_go_as_one_message_carries)
{
    pass_check_surplus(LIBSOCK_TYPE_STREAM, LIBSOCK_FDS_MAX, LIBSOCK_FDS_MAX);
    pass_check_surplus(LIBSOCK_TYPE_DGRAM, LIBSOCK_FDS_MAX, 1);
}

TEST(a_room_for_none_needs_no_array)
{
    libsock_fds room = pass_room(NULL, 0);
    libsock_socket pair[2];
    char bytes[8];
    int reader;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    reader = pass_send_writers(pair[0], 1);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, sizeof(bytes), 0, &room), 2);
    CHECK_EQ_UINT(room.n, 0);
    CHECK_EQ_INT(room.flags, LIBSOCK_MSG_CTRUNC);
    pass_check_all_closed(reader);
    sock_close_pair(pair);
}

/* Kernels before 6.5 have no pidfd to send. */
TEST(descriptors_of_other_records_are_closed_too)
{
    libsock_socket pair[2];
    libsock_raw got[1];
    libsock_fds room = pass_room(got, 1);
    char bytes[8];
    int reader;
    int r;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    r = libsock_set_passpidfd(pair[1], true);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no SO_PASSPIDFD: Linux 6.5");
    CHECK_OK(r);
    CHECK_OK(libsock_set_passcred(pair[1], true));
    reader = pass_send_writers(pair[0], 2);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, sizeof(bytes), 0, &room), 2);
    CHECK_EQ_UINT(room.n, 1);
    CHECK_EQ_INT(room.flags, LIBSOCK_MSG_CTRUNC);
    pass_close_all(&room);
    pass_check_all_closed(reader);
    sock_close_pair(pair);
}

TEST(without_descriptors_it_is_a_plain_message)
{
    libsock_socket pair[2];
    libsock_raw got[1];
    libsock_fds room = pass_room(got, 1);
    char bytes[2];

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_EQ_INT(libsock_send_fds(pair[0], "abc", 3, NULL, 0), 3);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, sizeof(bytes), 0, &room), 2);
    CHECK_EQ_UINT(room.n, 0);
    CHECK_EQ_INT(room.flags, LIBSOCK_MSG_TRUNC);
    sock_close_pair(pair);
}

TEST(the_end_brings_none)
{
    libsock_socket pair[2];
    libsock_raw got[1];
    libsock_fds room = pass_room(got, 1);
    char byte;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[0]);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], &byte, 1, 0, &room), 0);
    CHECK_EQ_UINT(room.n, 0);
    CHECK_EQ_INT(room.flags, 0);
    sock_close(pair[1]);
}

TEST(would_block_leaves_room_and_results)
{
    libsock_raw got[1] = {17};
    libsock_fds room = pass_room(got, 1);
    libsock_fds before = room;
    libsock_socket pair[2];
    char byte;

    for (int i = 0; i < PASS_TYPES; i++) {
        sock_pair(pass_types[i], LIBSOCK_NONBLOCK, pair);
        CHECK(
            libsock_would_block(libsock_recv_fds(pair[1], &byte, 1, 0, &room)));
        CHECK_KIND(libsock_recv_fds(pair[1], &byte, 1, 0x20000000, &room),
                   INVALID_INPUT);
        sock_close_pair(pair);
    }
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK(libsock_would_block(
        libsock_recv_fds(pair[1], &byte, 1, LIBSOCK_MSG_DONTWAIT, &room)));
    sock_close_pair(pair);
    CHECK_EQ_MEM(&room, &before, sizeof(room));
    CHECK_EQ_INT(got[0], 17);
}

TEST(what_did_not_go_whole_took_the_descriptors_along)
{
    static char many[8 << 20];
    libsock_socket pair[2];
    libsock_raw got[2];
    libsock_fds room = pass_room(got, 2);
    libsock_raw sent;
    ptrdiff_t n;
    int ends[2];
    char byte;

    net_pipe(ends);
    sent = ends[1];
    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    n = libsock_send_fds(pair[0], many, sizeof(many), &sent, 1);
    CHECK_INT(n, >, 0);
    CHECK_INT(n, <, sizeof(many));
    CHECK(libsock_would_block(
        libsock_send_fds(pair[0], many, sizeof(many), &sent, 1)));
    net_close(ends[1]);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], &byte, 1, 0, &room), 1);
    CHECK_EQ_UINT(room.n, 1);
    pass_close_all(&room);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], &byte, 1, 0, &room), 1);
    CHECK_EQ_UINT(room.n, 0);
    pass_check_all_closed(ends[0]);
    sock_close_pair(pair);
}

TEST(each_look_brings_new_duplicates)
{
    libsock_socket pair[2];
    libsock_raw got[2];
    libsock_fds first = pass_room(got, 1);
    libsock_fds second = pass_room(got + 1, 1);
    char bytes[2];
    int reader;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    reader = pass_send_writers(pair[0], 1);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, 2, LIBSOCK_MSG_PEEK, &first),
                 2);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, 2, 0, &second), 2);
    CHECK_EQ_UINT(first.n + second.n, 2);
    CHECK_INT(got[0], !=, got[1]);
    pass_close_all(&first);
    pass_close_all(&second);
    pass_check_all_closed(reader);
    sock_close_pair(pair);
}

TEST(fewer_than_sent_is_told_at_the_limit_of_descriptors)
{
    libsock_socket pair[2];
    libsock_raw got[8];
    libsock_fds room = pass_room(got, 8);
    char bytes[2];
    int reader;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    reader = pass_send_writers(pair[0], 8);
    /* Both ends and the pipe are open already. */
    fd_limit((unsigned)reader + 3);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, 2, 0, &room), 2);
    CHECK_UINT(room.n, <, 8);
    CHECK_EQ_INT(room.flags, LIBSOCK_MSG_CTRUNC);
    pass_close_all(&room);
    pass_check_all_closed(reader);
    sock_close_pair(pair);
}

TEST(a_closed_descriptor_is_refused_and_nothing_goes)
{
    libsock_socket pair[2];
    libsock_raw sent[2];
    int ends[2];
    char byte;

    net_pipe(ends);
    sent[0] = ends[0];
    sent[1] = ends[1];
    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    net_close(ends[1]);
    CHECK_KIND(libsock_send_fds(pair[0], "x", 1, sent, 2), BAD_DESCRIPTOR);
    CHECK(libsock_would_block(libsock_recv(pair[1], &byte, 1, 0)));
    net_close(ends[0]);
    sock_close_pair(pair);
}

TEST(descriptors_for_a_dead_peer_are_no_signal)
{
    const libsock_raw sent[1] = {0};
    libsock_socket pair[2];

    CHECK(pipes_signal_is_default());
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    CHECK_KIND(libsock_send_fds(pair[0], "x", 1, sent, 1), BROKEN_PIPE);
    sock_close(pair[0]);
}

TEST(failures_of_the_os_close_nothing_and_write_nothing)
{
    const libsock_raw sent[1] = {0};
    libsock_raw got[1] = {17};
    libsock_fds room = pass_room(got, 1);
    libsock_fds before = room;
    libsock_socket pair[2];
    char byte;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_fail_call("sendmsg", 1, ENOBUFS);
    CHECK_ERR(libsock_send_fds(pair[0], "x", 1, sent, 1), ENOBUFS);
    fault_fail_call("recvmsg", 1, EINTR);
    CHECK_ERR(libsock_recv_fds(pair[1], &byte, 1, 0, &room), EINTR);
    CHECK_EQ_MEM(&room, &before, sizeof(room));
    CHECK_EQ_UINT(fault_calls_of("close"), 0);
    sock_close_pair(pair);
}

TEST(descriptors_can_be_refused_altogether)
{
    const libsock_raw sent[1] = {0};
    libsock_socket pair[2];
    bool on = false;
    int r;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    r = libsock_get_passrights(pair[1], &on);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no SO_PASSRIGHTS: Linux 6.16");
    CHECK_OK(r);
    CHECK(on);
    CHECK_OK(libsock_set_passrights(pair[1], false));
    CHECK_OK(libsock_get_passrights(pair[1], &on));
    CHECK(!on);
    CHECK_ERR(libsock_send_fds(pair[0], "x", 1, sent, 1), EPERM);
    CHECK_EQ_INT(libsock_send_fds(pair[0], "x", 1, NULL, 0), 1);
    sock_close_pair(pair);
}
