/* SPDX-License-Identifier: MIT */
/*
 * batch.c, by the calls of Linux and by the loop for other systems, which must
 * answer alike: counts, senders, failures in the middle, limits, system calls.
 * What a batch gains is measured in bench/.
 */
#include <libsock/os.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    BATCH_SIZE = 8,
    BATCH_MANY = 1100, /* more than Linux takes */
#if defined(LIBSOCK_WITHOUT_LINUX)
    BATCH_LOOPS = 1
#else
    BATCH_LOOPS = 0
#endif
};

#define BATCH_SEND (BATCH_LOOPS ? "sendmsg" : "sendmmsg")
#define BATCH_RECV (BATCH_LOOPS ? "recvmsg" : "recvmmsg")

/* Messages of up to four bytes. */
struct batch {
    libsock_msg msgs[BATCH_SIZE];
    libsock_buf bufs[BATCH_SIZE];
    libsock_addr from[BATCH_SIZE];
    char bytes[BATCH_SIZE][4];
};

/* Message i has i + 1 bytes of the letter 'a' + i, at most 4. */
static size_t batch_len(size_t i)
{
    return i % 4 + 1;
}

static void batch_fill(struct batch *b)
{
    memset(b, 0, sizeof(*b));
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        memset(b->bytes[i], (int)('a' + i), batch_len(i));
        b->bufs[i] = libsock_buf_of(b->bytes[i], batch_len(i));
        CHECK_OK(libsock_msg_init(&b->msgs[i]));
        CHECK_OK(libsock_msg_set_bufs(&b->msgs[i], &b->bufs[i], 1));
    }
}

static void batch_empty(struct batch *b)
{
    batch_fill(b);
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        memset(b->bytes[i], 0, sizeof(b->bytes[i]));
        b->bufs[i] = libsock_buf_of(b->bytes[i], sizeof(b->bytes[i]));
        CHECK_OK(libsock_msg_set_from(&b->msgs[i], &b->from[i]));
    }
}

static void batch_expect(const struct batch *b, size_t n)
{
    struct batch sent;

    batch_fill(&sent);
    for (size_t i = 0; i < n; i++) {
        CHECK_EQ_UINT(libsock_msg_len(&b->msgs[i]), batch_len(i));
        CHECK_EQ_INT(libsock_msg_flags(&b->msgs[i]), 0);
        CHECK_EQ_MEM(b->bytes[i], sent.bytes[i], 4);
    }
}

TEST(arguments_are_judged)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    struct batch b;

    batch_fill(&b);
    CHECK_KIND(libsock_send_batch(none, NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(libsock_recv_batch(none, NULL, 1, 0), INVALID_INPUT);
    CHECK_EQ_UINT(libsock_msg_len(NULL), 0);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_KIND(libsock_send_batch(none, b.msgs, 1, 0), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_recv_batch(none, b.msgs, 1, 0), BAD_DESCRIPTOR);
    fault_reset();
    CHECK_KIND(libsock_send_batch(none, b.msgs, 1, 0x8000), INVALID_INPUT);
    CHECK_KIND(libsock_recv_batch(none, b.msgs, 1, 0x8000), INVALID_INPUT);
    CHECK_KIND(libsock_send_batch(none, b.msgs, 1, LIBSOCK_MSG_CTRUNC),
               UNSUPPORTED);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(a_batch_goes_and_comes_in_order)
{
    libsock_socket pair[2];
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    batch_fill(&out);
    batch_empty(&in);
    fault_reset();
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, BATCH_SIZE, 0),
                 BATCH_SIZE);
    CHECK_EQ_UINT(fault_calls_of(BATCH_SEND), BATCH_LOOPS ? BATCH_SIZE : 1);
    for (size_t i = 0; i < BATCH_SIZE; i++)
        CHECK_EQ_UINT(libsock_msg_len(&out.msgs[i]), batch_len(i));
    fault_reset();
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, BATCH_SIZE, 0),
                 BATCH_SIZE);
    CHECK_EQ_UINT(fault_calls_of(BATCH_RECV), BATCH_LOOPS ? BATCH_SIZE : 1);
    CHECK_EQ_UINT(fault_calls(), BATCH_LOOPS ? BATCH_SIZE : 1);
    batch_expect(&in, BATCH_SIZE);
    sock_close_pair(pair);
}

TEST(nothing_is_no_message)
{
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_EQ_INT(libsock_send_batch(pair[0], NULL, 0, 0), 0);
    CHECK_EQ_INT(libsock_recv_batch(pair[0], NULL, 0, 0), 0);
    sock_close_pair(pair);
}

TEST(what_is_there_is_taken_without_waiting)
{
    libsock_socket pair[2];
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    batch_fill(&out);
    batch_empty(&in);
    CHECK(libsock_would_block(
        libsock_recv_batch(pair[1], in.msgs, BATCH_SIZE, 0)));
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, 3, 0), 3);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, BATCH_SIZE, 0), 3);
    batch_expect(&in, 3);
    CHECK(libsock_would_block(
        libsock_recv_batch(pair[1], in.msgs, BATCH_SIZE, 0)));
    sock_close_pair(pair);
}

TEST(a_batch_can_wait_for_the_first_alone)
{
    libsock_socket pair[2];
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    batch_fill(&out);
    batch_empty(&in);
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, 3, 0), 3);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, BATCH_SIZE,
                                    LIBSOCK_MSG_WAITFORONE),
                 3);
    batch_expect(&in, 3);
    sock_close_pair(pair);
}

/* The fourth of five does not fit; the next call says so. */
TEST(a_failure_in_the_middle_counts_those_before)
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    static char large[70000];
    struct batch out;

    batch_fill(&out);
    for (size_t i = 0; i < 5; i++)
        CHECK_OK(libsock_msg_set_to(&out.msgs[i], &b));
    out.bufs[3] = libsock_buf_of(large, sizeof(large));
    CHECK_EQ_INT(libsock_send_batch(one, out.msgs, 5, 0), 3);
    CHECK_KIND(libsock_send_batch(one, out.msgs + 3, 2, 0), MSG_SIZE);
    CHECK_EQ_INT(libsock_send_batch(one, out.msgs + 4, 1, 0), 1);
    sock_close(one);
    sock_close(two);
}

static libsock_socket batch_bound(int domain, libsock_addr *out_addr)
{
    return sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, out_addr);
}

TEST(each_message_has_its_own_receiver_and_sender)
{
    libsock_addr a, b, c;
    libsock_socket one = batch_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = batch_bound(LIBSOCK_DOMAIN_IPV4, &b);
    libsock_socket three = batch_bound(LIBSOCK_DOMAIN_IPV4, &c);
    struct batch out, in;

    batch_fill(&out);
    batch_empty(&in);
    memset(in.from, 0xff, sizeof(in.from));
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(libsock_msg_set_to(&out.msgs[i], i % 2 == 0 ? &b : &c));
    CHECK_EQ_INT(libsock_send_batch(one, out.msgs, 4, 0), 4);
    CHECK_EQ_INT(libsock_recv_batch(two, in.msgs, 2, 0), 2);
    CHECK_EQ_INT(libsock_send_to(three, "x", 1, 0, &b), 1);
    CHECK_EQ_INT(libsock_recv_batch(two, in.msgs + 2, 1, 0), 1);
    CHECK(libsock_addr_equal(&in.from[0], &a));
    CHECK(libsock_addr_equal(&in.from[1], &a));
    CHECK(libsock_addr_equal(&in.from[2], &c));
    CHECK_EQ_MEM(in.bytes[1], "ccc", 4);
    sock_close(one);
    sock_close(two);
    sock_close(three);
}

TEST(the_room_for_senders_is_restored)
{
    libsock_addr a4, b4, a6, b6;
    libsock_socket one4, two4, one6, two6;
    struct batch in;

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    one4 = batch_bound(LIBSOCK_DOMAIN_IPV4, &a4);
    two4 = batch_bound(LIBSOCK_DOMAIN_IPV4, &b4);
    one6 = batch_bound(LIBSOCK_DOMAIN_IPV6, &a6);
    two6 = batch_bound(LIBSOCK_DOMAIN_IPV6, &b6);
    batch_empty(&in);
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < 2; i++) {
            CHECK_EQ_INT(libsock_send_to(one4, "4", 1, 0, &b4), 1);
            CHECK_EQ_INT(libsock_send_to(one6, "6", 1, 0, &b6), 1);
        }
        CHECK_EQ_INT(libsock_recv_batch(two4, in.msgs, 2, 0), 2);
        CHECK(libsock_addr_equal(&in.from[1], &a4));
        CHECK_EQ_INT(libsock_recv_batch(two6, in.msgs, 2, 0), 2);
        CHECK(libsock_addr_equal(&in.from[0], &a6));
        CHECK(libsock_addr_equal(&in.from[1], &a6));
    }
    sock_close(one4);
    sock_close(two4);
    sock_close(one6);
    sock_close(two6);
}

TEST(messages_without_room_for_a_sender_have_none)
{
    libsock_socket pair[2];
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    batch_fill(&out);
    batch_empty(&in);
    CHECK_OK(libsock_msg_set_from(&in.msgs[1], NULL));
    memset(in.from, 0x5a, sizeof(in.from));
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, 3, 0), 3);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, 3, 0), 3);
    CHECK_EQ_UINT(libsock_addr_raw_len(&in.from[0]), 0);
    CHECK_EQ_INT(((unsigned char *)&in.from[1])[0], 0x5a);
    CHECK_EQ_UINT(libsock_addr_raw_len(&in.from[2]), 0);
    sock_close_pair(pair);
}

TEST(a_batch_that_came_goes_back_as_it_is)
{
    libsock_addr a, b;
    libsock_socket one = batch_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = batch_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct batch out, in;

    batch_fill(&out);
    batch_empty(&in);
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(libsock_msg_set_to(&out.msgs[i], &b));
    CHECK_EQ_INT(libsock_send_batch(one, out.msgs, 4, 0), 4);
    CHECK_EQ_INT(libsock_recv_batch(two, in.msgs, 4, 0), 4);
    CHECK_EQ_INT(libsock_send_batch(two, in.msgs, 4, 0), 4);
    batch_empty(&out);
    CHECK_EQ_INT(libsock_recv_batch(one, out.msgs, 4, 0), 4);
    CHECK_EQ_MEM(out.bytes, in.bytes, sizeof(in.bytes));
    CHECK(libsock_addr_equal(&out.from[3], &b));
    sock_close(one);
    sock_close(two);
}

TEST(a_cut_message_is_reported_alone)
{
    libsock_socket pair[2];
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    batch_fill(&out);
    batch_empty(&in);
    in.bufs[2] = libsock_buf_of(in.bytes[2], 2);
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, 4, 0), 4);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, 4, 0), 4);
    CHECK_EQ_INT(libsock_msg_flags(&in.msgs[2]), LIBSOCK_MSG_TRUNC);
    CHECK_EQ_UINT(libsock_msg_len(&in.msgs[2]), 2);
    CHECK_EQ_INT(libsock_msg_flags(&in.msgs[3]), 0);
    CHECK_EQ_UINT(libsock_msg_len(&in.msgs[3]), 4);
    sock_close_pair(pair);
}

/* As libsock_send_msg() has it: on a stream a short transfer, else an error. */
TEST(a_message_of_too_many_buffers_goes_in_part_on_a_stream)
{
    static char bytes[2 * BATCH_MANY];
    static libsock_buf bufs[BATCH_MANY];
    libsock_socket pair[2];
    struct batch b;

    for (size_t i = 0; i < BATCH_MANY; i++)
        bufs[i] = libsock_buf_of(&bytes[i], 1);
    batch_fill(&b);
    CHECK_OK(libsock_msg_set_bufs(&b.msgs[1], bufs, BATCH_MANY));
    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    fault_reset();
    CHECK_EQ_INT(libsock_send_batch(pair[0], b.msgs, 1, 0), 1);
    CHECK_EQ_UINT(fault_calls(), 1);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ_INT(libsock_send_batch(pair[0], b.msgs + 1, 2, 0), 1);
        CHECK_EQ_UINT(libsock_msg_len(&b.msgs[1]), IOV_MAX);
    }
    CHECK_EQ_INT(libsock_recv_batch(pair[1], b.msgs + 1, 1, 0), 1);
    CHECK_EQ_UINT(libsock_msg_len(&b.msgs[1]), IOV_MAX);
    CHECK_EQ_INT(bytes[0], 'a');
    CHECK_EQ_UINT(net_drain(sock_fd(pair[1])), batch_len(0) + IOV_MAX);
    CHECK(libsock_would_block(libsock_recv_batch(pair[1], b.msgs + 1, 1, 0)));
    sock_close_pair(pair);
    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    CHECK_KIND(libsock_send_batch(pair[0], b.msgs + 1, 1, 0), MSG_SIZE);
    CHECK_EQ_INT(libsock_send_batch(pair[0], b.msgs, 1, 0), 1);
    CHECK_KIND(libsock_recv_batch(pair[1], b.msgs + 1, 1, 0), MSG_SIZE);
    sock_close_pair(pair);
}

/* A stream that is full takes the last message in part, or not at all. */
TEST(a_stream_ends_a_batch_where_it_is_full)
{
    static char large[1 << 18];
    libsock_socket pair[2];
    struct batch out;
    ptrdiff_t n;
    size_t whole = 0;

    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    batch_fill(&out);
    for (size_t i = 0; i < BATCH_SIZE; i++)
        out.bufs[i] = libsock_buf_of(large, sizeof(large));
    n = libsock_send_batch(pair[0], out.msgs, BATCH_SIZE, 0);
    CHECK_INT(n, >, 0);
    CHECK_INT(n, <, BATCH_SIZE);
    for (ptrdiff_t i = 0; i < n; i++)
        whole += libsock_msg_len(&out.msgs[i]);
    for (ptrdiff_t i = 0; i < n - 1; i++)
        CHECK_EQ_UINT(libsock_msg_len(&out.msgs[i]), sizeof(large));
    CHECK(libsock_would_block(
        libsock_send_batch(pair[0], out.msgs, BATCH_SIZE, 0)));
    CHECK_EQ_UINT(net_drain(sock_fd(pair[1])), whole);
    sock_close_pair(pair);
}

/* BATCH_MANY messages of one byte each. */
static libsock_msg *batch_many(libsock_buf *buf)
{
    libsock_msg *msgs = calloc(BATCH_MANY, sizeof(*msgs));

    CHECK(msgs != NULL);
    for (size_t i = 0; i < BATCH_MANY; i++) {
        CHECK_OK(libsock_msg_init(&msgs[i]));
        CHECK_OK(libsock_msg_set_bufs(&msgs[i], buf, 1));
    }
    return msgs;
}

TEST(more_than_the_os_takes_is_a_short_batch)
{
    char byte = 'x';
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_msg *msgs = batch_many(&buf);
    libsock_socket pair[2];
    ptrdiff_t done = 0;

    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    /* The kernel's own room may end it before: go on until it would block. */
    while (done < BATCH_MANY) {
        ptrdiff_t n = libsock_send_batch(pair[0], msgs + done,
                                         (size_t)(BATCH_MANY - done), 0);

        if (libsock_would_block(n))
            break;
        CHECK_INT(n, >, 0);
        CHECK_INT(n, <=, BATCH_LOOPS ? BATCH_MANY : 1024);
        done += n;
    }
    CHECK_EQ_UINT(net_drain(sock_fd(pair[1])), (size_t)done);
    sock_close_pair(pair);
    free(msgs);
}

TEST(counts_beyond_any_int_are_only_more)
{
    char byte = 'x';
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_msg *msgs;
    libsock_socket pair[2];

    if (BATCH_LOOPS)
        SKIP("a loop would run beyond the array");
    msgs = batch_many(&buf);
    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], msgs, SIZE_MAX, 0), 1);
    sock_close_pair(pair);
    free(msgs);
}

TEST(a_broken_stream_is_an_error_not_a_signal)
{
    libsock_socket pair[2];
    struct batch out;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    batch_fill(&out);
    CHECK_KIND(libsock_send_batch(pair[0], out.msgs, 2, 0), BROKEN_PIPE);
    sock_close(pair[0]);
}

TEST(a_failing_call_is_reported)
{
    libsock_socket pair[2];
    struct batch b;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    batch_fill(&b);
    fault_reset();
    fault_fail_call(BATCH_SEND, 1, ENOBUFS);
    CHECK_ERR(libsock_send_batch(pair[0], b.msgs, 2, 0), ENOBUFS);
    CHECK_EQ_UINT(fault_calls_of(BATCH_SEND), 1);
    fault_reset();
    fault_fail_call(BATCH_RECV, 1, EINTR);
    CHECK(libsock_interrupted(libsock_recv_batch(pair[0], b.msgs, 2, 0)));
    CHECK_EQ_UINT(fault_calls_of(BATCH_RECV), 1);
    sock_close_pair(pair);
}

TEST(descriptors_in_a_batch_are_close_on_exec)
{
    uint64_t room[2][LIBSOCK_CONTROL_SPACE(LIBSOCK_FD_SIZE) / 8];
    libsock_socket pair[2];
    libsock_control_writer w;
    libsock_control c;
    libsock_raw fd;
    struct batch out, in;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    fd = libsock_as_raw(pair[0]);
    batch_fill(&out);
    batch_empty(&in);
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(libsock_control_writer_init(&w, room[i], sizeof(room[i])));
        CHECK_OK(libsock_control_put_fds(&w, &fd, 1));
        CHECK_OK(libsock_msg_set_control(&out.msgs[i], room[i],
                                         libsock_control_len(&w)));
    }
    CHECK_EQ_INT(libsock_send_batch(pair[0], out.msgs, 2, 0), 2);
    for (size_t i = 0; i < 2; i++)
        CHECK_OK(
            libsock_msg_set_control(&in.msgs[i], room[i], sizeof(room[i])));
    CHECK_EQ_INT(libsock_recv_batch(pair[1], in.msgs, 2, 0), 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(libsock_control_find(&in.msgs[i], LIBSOCK_CONTROL_FDS, &c));
        CHECK_EQ_UINT(libsock_control_fd_count(&c), 1);
        CHECK_OK(libsock_control_get_fd(&c, 0, &fd));
        CHECK(net_is_cloexec((int)fd));
        net_close((int)fd);
    }
    sock_close_pair(pair);
}
