/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX datagram sockets: names of senders, full queues, shutdowns.
 * Both ends are in the test; paths are in its own directory.
 */
#include "support/check.h"
#include "support/evio_net.h"

/* A pair, its first end registered. */
struct dgram_fix {
    struct loop loop;
    evio_unix_datagram end[2];
};

static void dgram_open(struct dgram_fix *f, uint32_t interest)
{
    loop_open(&f->loop, 16);
    CHECK_EQ_INT(evio_unix_datagram_pair(f->end), 0);
    net_watch(&f->loop, &f->end[0].source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void dgram_close(struct dgram_fix *f)
{
    CHECK_OK(evio_unix_datagram_close(&f->end[0]));
    CHECK_OK(evio_unix_datagram_close(&f->end[1]));
    loop_close(&f->loop);
}

static void dgram_bind(evio_unix_datagram *out_datagram, libsock_addr *out_addr)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    *out_addr = net_addr_path(path);
    CHECK_EQ_INT(evio_unix_datagram_bind(out_addr, out_datagram), 0);
    CHECK(net_is_nonblocking(net_fd(&out_datagram->source)));
    CHECK(net_is_cloexec(net_fd(&out_datagram->source)));
}

TEST(bound_sockets_know_who_sent)
{
    struct loop loop;
    evio_unix_datagram a;
    evio_unix_datagram b;
    libsock_addr addr_a;
    libsock_addr addr_b;
    libsock_addr from;
    char buf[8];
    int error = -1;

    loop_open(&loop, 4);
    dgram_bind(&a, &addr_a);
    dgram_bind(&b, &addr_b);
    net_watch(&loop, &b.source, 7, LOOP_RW);
    CHECK_EQ_UINT(loop_await(&loop, 7), EVIO_WRITABLE);
    CHECK_KIND(evio_unix_datagram_recv_from(&b, buf, 8, &from), WOULD_BLOCK);
    CHECK_EQ_INT(evio_unix_datagram_send_to(&a, "hello", 5, &addr_b), 5);
    net_until(&loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_unix_datagram_peek_from(&b, buf, 8, &from), 5);
    CHECK(libsock_addr_equal(&from, &addr_a));
    memset(&from, 0, sizeof(from));
    CHECK_EQ_INT(evio_unix_datagram_recv_from(&b, buf, 8, &from), 5);
    CHECK(libsock_addr_equal(&from, &addr_a));
    CHECK_EQ_MEM(buf, "hello", 5);
    CHECK_OK(evio_unix_datagram_local_addr(&b, &from));
    CHECK(libsock_addr_equal(&from, &addr_b));
    CHECK_OK(evio_unix_datagram_take_error(&b, &error));
    CHECK_EQ_INT(error, 0);
    CHECK_OK(evio_unix_datagram_close(&a));
    CHECK_OK(evio_unix_datagram_close(&b));
    CHECK_KIND(evio_unix_datagram_bind(&addr_b, &b), ADDR_IN_USE);
    loop_close(&loop);
}

TEST(unbound_sender_has_no_name)
{
    evio_unix_datagram receiver;
    evio_unix_datagram sender;
    libsock_addr addr;
    libsock_addr from;
    char buf[8];

    dgram_bind(&receiver, &addr);
    CHECK_EQ_INT(evio_unix_datagram_open(&sender), 0);
    CHECK(net_is_nonblocking(net_fd(&sender.source)));
    CHECK(net_is_cloexec(net_fd(&sender.source)));
    CHECK_EQ_INT(evio_unix_datagram_send_to(&sender, "x", 1, &addr), 1);
    CHECK_EQ_INT(evio_unix_datagram_recv_from(&receiver, buf, 8, &from), 1);
    CHECK(libsock_addr_raw_len(&from) <= 2); /* the family, or nothing */
    CHECK_KIND(evio_unix_datagram_send(&sender, "x", 1), NOT_CONNECTED);
    CHECK_KIND(evio_unix_datagram_peer_addr(&sender, &from), NOT_CONNECTED);
    CHECK_OK(evio_unix_datagram_close(&receiver));
    CHECK_KIND(evio_unix_datagram_send_to(&sender, "x", 1, &addr),
               CONNECTION_REFUSED);
    CHECK_OK(evio_unix_datagram_close(&sender));
}

TEST(connected_sockets_exchange)
{
    struct loop loop;
    evio_unix_datagram a;
    evio_unix_datagram b;
    libsock_addr addr_a;
    libsock_addr addr_b;
    libsock_addr peer;
    char buf[8];

    loop_open(&loop, 4);
    dgram_bind(&a, &addr_a);
    dgram_bind(&b, &addr_b);
    net_watch(&loop, &b.source, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_unix_datagram_connect(&a, &addr_b), 0);
    CHECK_EQ_INT(evio_unix_datagram_connect(&b, &addr_a), 0);
    CHECK_OK(evio_unix_datagram_peer_addr(&a, &peer));
    CHECK(libsock_addr_equal(&peer, &addr_b));
    CHECK_EQ_INT(evio_unix_datagram_send(&a, "abc", 3), 3);
    net_until(&loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_unix_datagram_peek(&b, buf, 8), 3);
    CHECK_EQ_INT(evio_unix_datagram_recv(&b, buf, 8), 3);
    CHECK_EQ_INT(evio_unix_datagram_send(&b, "de", 2), 2);
    CHECK_EQ_INT(evio_unix_datagram_recv(&a, buf, 8), 2);
    CHECK_OK(evio_unix_datagram_close(&a));
    CHECK_OK(evio_unix_datagram_close(&b));
    loop_close(&loop);
}

TEST(would_block_rearms_its_direction_only)
{
    struct dgram_fix f;
    char buf[8];

    dgram_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ_INT(evio_unix_datagram_send(&f.end[1], "abc", 3), 3);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_datagram_recv(&f.end[0], buf, 8), 3);
        CHECK_KIND(evio_unix_datagram_recv(&f.end[0], buf, 8), WOULD_BLOCK);
        loop_quiet(&f.loop);
    }
    dgram_close(&f);
}

TEST(full_queue_becomes_writable_when_drained)
{
    struct dgram_fix f;
    char buf[8];
    ptrdiff_t n;

    dgram_open(&f, EVIO_WRITABLE);
    for (int round = 0; round < 3; round++) {
        while ((n = evio_unix_datagram_send(&f.end[0], "abc", 3)) == 3) {
        }
        CHECK_KIND(n, WOULD_BLOCK);
        loop_quiet(&f.loop);
        while ((n = evio_unix_datagram_recv(&f.end[1], buf, 8)) == 3) {
        }
        CHECK_KIND(n, WOULD_BLOCK);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_WRITABLE);
    }
    dgram_close(&f);
}

TEST(messages_carry_flags)
{
    struct dgram_fix f;
    char buf[4] = "";
    libsock_buf out[] = {libsock_buf_of("ab", 2), libsock_buf_of("cde", 3)};
    libsock_buf in = libsock_buf_of(buf, 3);
    libsock_msg msg;

    dgram_open(&f, EVIO_READABLE);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, out, 2));
    CHECK_EQ_INT(evio_unix_datagram_send_msg(&f.end[1], &msg, 0), 5);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_OK(libsock_msg_set_bufs(&msg, &in, 1));
    CHECK_EQ_INT(evio_unix_datagram_recv_msg(&f.end[0], &msg, 0), 3);
    CHECK_EQ_STR(buf, "abc");
    CHECK_EQ_INT(libsock_msg_flags(&msg), LIBSOCK_MSG_TRUNC);
    CHECK_KIND(evio_unix_datagram_recv_msg(&f.end[0], &msg, 0), WOULD_BLOCK);
    dgram_close(&f);
}

TEST(shutdowns_are_told)
{
    struct dgram_fix f;
    int error = -1;

    dgram_open(&f, LOOP_RW);
    CHECK_OK(evio_unix_datagram_shutdown(&f.end[0], LIBSOCK_SHUT_READ));
    net_until(&f.loop, 7, EVIO_READ_CLOSED);
    CHECK_OK(evio_unix_datagram_shutdown(&f.end[0], LIBSOCK_SHUT_WRITE));
    net_until(&f.loop, 7, EVIO_WRITE_CLOSED);
    /* The signal has its default disposition: it would end the process. */
    CHECK_KIND(evio_unix_datagram_send(&f.end[0], "x", 1), BROKEN_PIPE);
    CHECK_OK(evio_unix_datagram_take_error(&f.end[0], &error));
    CHECK_EQ_INT(error, 0);
    dgram_close(&f);
}

TEST(socket_is_adopted_and_given_back)
{
    struct dgram_fix f;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    dgram_open(&f, EVIO_READABLE);
    CHECK_OK(evio_unix_datagram_into_socket(&f.end[0], &sock));
    CHECK_KIND(evio_unix_datagram_close(&f.end[0]), BAD_DESCRIPTOR);
    CHECK_EQ_INT(evio_unix_datagram_send(&f.end[1], "x", 1), 1);
    loop_quiet(&f.loop);
    CHECK_OK(evio_unix_datagram_from_socket(sock, &f.end[0]));
    net_watch(&f.loop, &f.end[0].source, 8, EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    dgram_close(&f);
}

static void dgram_refuses_all(evio_unix_datagram *d)
{
    libsock_addr addr = net_addr_path("/tmp/x");
    libsock_socket sock;
    libsock_msg msg;
    int error;
    char c;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_KIND(evio_unix_datagram_connect(d, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_send(d, "x", 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_send_to(d, "x", 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_recv(d, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_recv_from(d, &c, 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_peek(d, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_peek_from(d, &c, 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_send_msg(d, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_recv_msg(d, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_shutdown(d, LIBSOCK_SHUT_READ),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_take_error(d, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_local_addr(d, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_peer_addr(d, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_into_socket(d, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_close(d), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_unix_datagram_as_socket(d)));
}

TEST(zeroed_socket_is_inert)
{
    evio_unix_datagram datagram;
    libsock_addr ip = net_addr_v4(1);
    libsock_addr path = net_addr_path("/tmp/x");
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    memset(&datagram, 0, sizeof(datagram));
    dgram_refuses_all(&datagram);
    dgram_refuses_all(NULL);
    CHECK_KIND(evio_unix_datagram_bind(&ip, &datagram), INVALID_INPUT);
    CHECK_KIND(evio_unix_datagram_bind(&path, NULL), INVALID_INPUT);
    CHECK_KIND(evio_unix_datagram_open(NULL), INVALID_INPUT);
    CHECK_KIND(evio_unix_datagram_pair(NULL), INVALID_INPUT);
    CHECK_KIND(evio_unix_datagram_from_socket(none, &datagram), BAD_DESCRIPTOR);
}

TEST(peer_of_another_family_is_refused)
{
    struct dgram_fix f;
    libsock_addr ip = net_addr_v4(1);

    dgram_open(&f, EVIO_READABLE);
    CHECK_KIND(evio_unix_datagram_connect(&f.end[0], &ip), INVALID_INPUT);
    CHECK_KIND(evio_unix_datagram_connect(&f.end[0], NULL), INVALID_INPUT);
    dgram_close(&f);
}
