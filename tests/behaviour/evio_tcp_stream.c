/* SPDX-License-Identifier: MIT */
/*
 * TCP streams over loopback: connecting, moving bytes, and how much of the
 * stream each turn must take. How connections end is in evio_tcp_end.c.
 * Peers are raw sockets on threads of their own, or of the test itself.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/thread.h"

#include <stdlib.h>

#define BULK_BYTES (size_t)(16 * 1024 * 1024)

/* A connected stream, registered, and its raw peer. */
struct tcp_fix {
    struct loop loop;
    evio_tcp_stream stream;
    int peer;
};

static void tcp_open(struct tcp_fix *f, uint32_t interest)
{
    int pair[2];

    loop_open(&f->loop, 16);
    net_tcp_pair(NET_IPV4, pair);
    net_set_nonblocking(pair[0], true);
    CHECK_OK(evio_tcp_from_socket(net_sock(pair[0]), &f->stream));
    f->peer = pair[1];
    net_watch(&f->loop, &f->stream.source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void tcp_close(struct tcp_fix *f)
{
    CHECK_OK(evio_tcp_close(&f->stream));
    net_close(f->peer);
    loop_close(&f->loop);
}

static void tcp_connects(enum net_family family, int domain)
{
    struct loop loop;
    evio_tcp_stream stream;
    libsock_addr peer;
    libsock_addr addr;
    uint16_t port;
    int error = -1;
    int listener = net_tcp_listen(family, &port);

    loop_open(&loop, 4);
    peer = net_addr(domain, port);
    CHECK_EQ_INT(evio_tcp_connect(&peer, &stream), 0);
    net_watch(&loop, &stream.source, 7, EVIO_WRITABLE);
    CHECK_EQ_UINT(loop_await(&loop, 7), EVIO_WRITABLE);
    CHECK_OK(evio_tcp_take_error(&stream, &error));
    CHECK_EQ_INT(error, 0);

    int accepted = net_accept(listener);
    CHECK_OK(evio_tcp_peer_addr(&stream, &addr));
    CHECK(libsock_addr_equal(&addr, &peer));
    CHECK_OK(evio_tcp_local_addr(&stream, &addr));
    CHECK_EQ_INT(libsock_addr_port(&addr), net_peer_port(accepted));
    CHECK(net_is_nonblocking(net_fd(&stream.source)));
    CHECK(net_is_cloexec(net_fd(&stream.source)));

    CHECK_OK(evio_tcp_close(&stream));
    net_expect_eof(accepted);
    net_close(accepted);
    net_close(listener);
    loop_close(&loop);
}

TEST(connect_is_writable_without_error)
{
    tcp_connects(NET_IPV4, LIBSOCK_DOMAIN_IPV4);
}

TEST(connect_ipv6_is_writable_without_error)
{
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    tcp_connects(NET_IPV6, LIBSOCK_DOMAIN_IPV6);
}

TEST(refused_connect_is_writable_with_error)
{
    struct loop loop;
    evio_tcp_stream stream;
    libsock_addr peer = net_addr_v4(net_tcp_refused_port(NET_IPV4));
    libsock_addr addr;
    int error = 0;

    loop_open(&loop, 4);
    CHECK_OK(evio_tcp_connect(&peer, &stream));
    net_watch(&loop, &stream.source, 7, EVIO_WRITABLE);
    uint32_t bits = loop_await(&loop, 7);
    CHECK_UINT(bits & EVIO_WRITABLE, !=, 0);
    CHECK_UINT(bits & EVIO_WRITE_CLOSED, !=, 0);
    CHECK_OK(evio_tcp_take_error(&stream, &error));
    CHECK_KIND(error, CONNECTION_REFUSED);
    CHECK_OK(evio_tcp_take_error(&stream, &error));
    CHECK_EQ_INT(error, 0);
    CHECK_KIND(evio_tcp_peer_addr(&stream, &addr), NOT_CONNECTED);
    CHECK_OK(evio_tcp_close(&stream));
    loop_close(&loop);
}

TEST(connect_refuses_what_is_no_ip_address)
{
    evio_tcp_stream stream;
    libsock_addr path = net_addr_path("/tmp/x");
    libsock_addr empty = {.len = 0};
    libsock_addr good = net_addr_v4(1);

    memset(&stream, 0x5a, sizeof(stream));
    evio_tcp_stream before = stream;
    CHECK_KIND(evio_tcp_connect(&path, &stream), INVALID_INPUT);
    CHECK_KIND(evio_tcp_connect(&empty, &stream), INVALID_INPUT);
    CHECK_KIND(evio_tcp_connect(NULL, &stream), INVALID_INPUT);
    CHECK_KIND(evio_tcp_connect(&good, NULL), INVALID_INPUT);
    CHECK_EQ_MEM(&stream, &before, sizeof(stream));
}

struct tcp_bulk {
    int fd;
    bool sends;
};

static void tcp_bulk_peer(void *arg)
{
    const struct tcp_bulk *bulk = arg;
    uint8_t *bytes = malloc(BULK_BYTES);

    CHECK(bytes != NULL);
    for (size_t i = 0; i < BULK_BYTES; i++)
        bytes[i] = (uint8_t)(i * 31 >> 3);
    if (bulk->sends) {
        net_send_all(bulk->fd, bytes, BULK_BYTES);
    } else {
        uint8_t *got = malloc(BULK_BYTES);

        CHECK(got != NULL);
        net_recv_all(bulk->fd, got, BULK_BYTES);
        CHECK(memcmp(got, bytes, BULK_BYTES) == 0);
        free(got);
    }
    free(bytes);
}

static void tcp_check_bytes(const uint8_t *bytes, size_t len, size_t at)
{
    for (size_t i = 0; i < len; i++)
        CHECK_EQ_UINT(bytes[i], (uint8_t)((at + i) * 31 >> 3));
}

/* One turn ends with the first short count: never with a would-block read. */
static size_t tcp_read_turn(struct tcp_fix *f, size_t total, bool peek)
{
    uint8_t buf[1024];
    ptrdiff_t n;

    do {
        if (peek && evio_tcp_peek(&f->stream, buf, sizeof(buf)) < 0)
            break;
        n = evio_tcp_read(&f->stream, buf, sizeof(buf));
        if (n < 0) {
            CHECK(libsock_would_block(n));
            break;
        }
        tcp_check_bytes(buf, (size_t)n, total);
        total += (size_t)n;
    } while (n == (ptrdiff_t)sizeof(buf) && total < BULK_BYTES);
    return total;
}

static void tcp_read_bulk(bool peek)
{
    struct tcp_fix f;
    size_t total = 0;

    tcp_open(&f, EVIO_READABLE);
    struct tcp_bulk bulk = {f.peer, true};
    thread *t = thread_start(tcp_bulk_peer, &bulk);
    while (total < BULK_BYTES) {
        loop_await(&f.loop, 7);
        total = tcp_read_turn(&f, total, peek);
    }
    thread_join(t);
    tcp_close(&f);
}

TEST(reading_16_mib_in_small_pieces_completes)
{
    tcp_read_bulk(false);
}

TEST(peeking_before_each_of_16_mib_completes)
{
    tcp_read_bulk(true);
}

/* As reading: a turn ends with the first short count. */
static size_t tcp_write_turn(struct tcp_fix *f, size_t total)
{
    uint8_t buf[1024];
    size_t len;
    ptrdiff_t n;

    do {
        size_t left = BULK_BYTES - total;

        len = left < sizeof(buf) ? left : sizeof(buf);
        for (size_t i = 0; i < len; i++)
            buf[i] = (uint8_t)((total + i) * 31 >> 3);
        n = evio_tcp_write(&f->stream, buf, len);
        if (n < 0) {
            CHECK(libsock_would_block(n));
            break;
        }
        total += (size_t)n;
    } while (n == (ptrdiff_t)len && total < BULK_BYTES);
    return total;
}

TEST(writing_16_mib_in_small_pieces_completes)
{
    struct tcp_fix f;
    size_t total = 0;

    tcp_open(&f, EVIO_WRITABLE);
    struct tcp_bulk bulk = {f.peer, false};
    thread *t = thread_start(tcp_bulk_peer, &bulk);
    for (;;) {
        total = tcp_write_turn(&f, total);
        if (total == BULK_BYTES)
            break;
        loop_await(&f.loop, 7);
    }
    thread_join(t);
    tcp_close(&f);
}

TEST(short_count_lets_new_data_be_reported)
{
    struct tcp_fix f;
    char buf[64];

    tcp_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        net_send_all(f.peer, "abc", 3);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
        CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 3);
        loop_quiet(&f.loop);
    }
    tcp_close(&f);
}

TEST(short_vectored_count_lets_new_data_be_reported)
{
    struct tcp_fix f;
    char a[2];
    char b[62];
    libsock_buf bufs[] = {libsock_buf_of(a, 2), libsock_buf_of(b, 62)};

    tcp_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        net_send_all(f.peer, "abc", 3);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
        CHECK_EQ_INT(evio_tcp_read_vectored(&f.stream, bufs, 2), 3);
        CHECK_EQ_MEM(a, "ab", 2);
        CHECK_EQ_INT(b[0], 'c');
        loop_quiet(&f.loop);
    }
    tcp_close(&f);
}

TEST(would_block_rearms_its_direction_only)
{
    struct tcp_fix f;
    char c;

    tcp_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        CHECK_KIND(evio_tcp_read(&f.stream, &c, 1), WOULD_BLOCK);
        loop_quiet(&f.loop); /* no storm of writable */
        net_send_all(f.peer, "x", 1);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(evio_tcp_read(&f.stream, &c, 1), 1);
    }
    tcp_close(&f);
}

TEST(full_stream_becomes_writable_when_drained)
{
    struct tcp_fix f;
    uint8_t zeros[4096] = {0};

    tcp_open(&f, EVIO_WRITABLE);
    for (int round = 0; round < 2; round++) {
        size_t total = 0;
        ptrdiff_t n;

        while ((n = evio_tcp_write(&f.stream, zeros, sizeof(zeros))) > 0)
            total += (size_t)n;
        CHECK_KIND(n, WOULD_BLOCK);
        CHECK_UINT(total, >, 0);
        net_settle(&f.loop); /* the peer's window may still have grown */
        net_set_nonblocking(f.peer, true);
        while (total > 0) {
            CHECK(net_wait_readable(f.peer, 10000));
            size_t got = net_drain(f.peer);
            CHECK_UINT(got, <=, total);
            total -= got;
        }
        n = evio_tcp_write(&f.stream, zeros, 1);
        if (n < 0) {
            CHECK(libsock_would_block(n));
            net_until(&f.loop, 7, EVIO_WRITABLE);
            CHECK_EQ_INT(evio_tcp_write(&f.stream, zeros, 1), 1);
        }
        net_drain(f.peer);
    }
    tcp_close(&f);
}

TEST(peek_leaves_the_data)
{
    struct tcp_fix f;
    char buf[8] = "";

    tcp_open(&f, EVIO_READABLE);
    CHECK_KIND(evio_tcp_peek(&f.stream, buf, sizeof(buf)), WOULD_BLOCK);
    net_send_all(f.peer, "abc", 3);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_peek(&f.stream, buf, sizeof(buf)), 3);
    CHECK_EQ_INT(evio_tcp_peek(&f.stream, buf, 1), 1);
    memset(buf, 0, sizeof(buf));
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 3);
    CHECK_EQ_STR(buf, "abc");
    tcp_close(&f);
}

TEST(peek_that_would_block_lets_new_data_be_reported)
{
    struct tcp_fix f;
    char c;

    tcp_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        net_send_all(f.peer, "x", 1);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(evio_tcp_read(&f.stream, &c, 1), 1);
        CHECK_KIND(evio_tcp_peek(&f.stream, &c, 1), WOULD_BLOCK);
        loop_quiet(&f.loop);
    }
    tcp_close(&f);
}

TEST(vectored_bytes_arrive_in_order)
{
    struct tcp_fix f;
    char got[24] = "";
    char a[5];
    char b[21];
    libsock_buf out[] = {libsock_buf_of("Hello, ", 7),
                         libsock_buf_of("vectored ", 9),
                         libsock_buf_of("worlds!", 7)};
    libsock_buf in[] = {libsock_buf_of(a, 5), libsock_buf_of(b, 20)};

    tcp_open(&f, LOOP_RW);
    CHECK_EQ_INT(evio_tcp_write_vectored(&f.stream, out, 3), 23);
    net_recv_all(f.peer, got, 23);
    CHECK_EQ_STR(got, "Hello, vectored worlds!");
    net_send_all(f.peer, got, 23);
    net_until(&f.loop, 7, EVIO_READABLE);
    memset(b, '#', sizeof(b));
    CHECK_EQ_INT(evio_tcp_read_vectored(&f.stream, in, 2), 23);
    CHECK_EQ_MEM(a, "Hello", 5);
    CHECK_EQ_MEM(b, ", vectored worlds!###", 21);
    CHECK_KIND(evio_tcp_read_vectored(&f.stream, NULL, 1), INVALID_INPUT);
    CHECK_KIND(evio_tcp_write_vectored(&f.stream, NULL, 1), INVALID_INPUT);
    CHECK_EQ_INT(evio_tcp_write_vectored(&f.stream, NULL, 0), 0);
    tcp_close(&f);
}

TEST(writes_after_writable_succeed_at_once)
{
    struct tcp_fix f;
    uint8_t buf[1024] = {0};
    uint8_t got[16 * 1024];

    tcp_open(&f, EVIO_WRITABLE);
    for (int i = 0; i < 16; i++) {
        memset(buf, i, sizeof(buf));
        CHECK_EQ_INT(evio_tcp_write(&f.stream, buf, sizeof(buf)), 1024);
    }
    net_recv_all(f.peer, got, sizeof(got));
    for (size_t i = 0; i < sizeof(got); i++)
        CHECK_EQ_UINT(got[i], i / 1024);
    tcp_close(&f);
}

TEST(out_of_band_byte_is_priority_beside_readable)
{
    struct tcp_fix f;
    char buf[8];

    tcp_open(&f, EVIO_READABLE | EVIO_PRIORITY);
    CHECK_EQ_INT(libsock_send(net_sock(f.peer), "ab!", 3, LIBSOCK_MSG_OOB), 3);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_PRIORITY);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 2);
    libsock_socket sock = evio_tcp_as_socket(&f.stream);
    CHECK_EQ_INT(libsock_recv(sock, buf, sizeof(buf), LIBSOCK_MSG_OOB), 1);
    CHECK_EQ_INT(buf[0], '!');
    tcp_close(&f);
}

/* Why tcp.h asks for would-block where out-of-band data is used. */
TEST(read_stops_at_the_mark_with_more_behind_it)
{
    struct tcp_fix f;
    char buf[16];

    tcp_open(&f, EVIO_READABLE);
    CHECK_EQ_INT(libsock_send(net_sock(f.peer), "ab!", 3, LIBSOCK_MSG_OOB), 3);
    net_send_all(f.peer, "cd", 2);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 2);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 2);
    CHECK_EQ_MEM(buf, "cd", 2);
    CHECK_KIND(evio_tcp_read(&f.stream, buf, sizeof(buf)), WOULD_BLOCK);
    tcp_close(&f);
}

TEST(nodelay_is_off_until_set)
{
    struct tcp_fix f;
    bool on = true;

    tcp_open(&f, EVIO_READABLE);
    CHECK_OK(evio_tcp_get_nodelay(&f.stream, &on));
    CHECK(!on);
    CHECK_OK(evio_tcp_set_nodelay(&f.stream, true));
    CHECK_OK(libsock_get_tcp_nodelay(evio_tcp_as_socket(&f.stream), &on));
    CHECK(on);
    tcp_close(&f);
}

TEST(options_go_through_the_lent_socket)
{
    struct tcp_fix f;
    uint32_t ttl = 0;

    tcp_open(&f, EVIO_READABLE);
    libsock_socket sock = evio_tcp_as_socket(&f.stream);
    CHECK_OK(libsock_set_ttl_v4(sock, 10));
    CHECK_OK(libsock_get_ttl_v4(sock, &ttl));
    CHECK_EQ_UINT(ttl, 10);
    tcp_close(&f);
}
