/* SPDX-License-Identifier: MIT */
/*
 * Where a datagram arrived and whence one is sent; hop limit and traffic class
 * of single datagrams, seen at the peer. Records are written and read by the
 * API alone.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

/* A message over one buffer and room for control data. */
struct pktinfo_msg {
    libsock_msg msg;
    libsock_buf buf;
    libsock_addr from;
    uint64_t room[32];
    libsock_control_writer w;
    char bytes[16];
};

static void pktinfo_recv(libsock_socket sock, struct pktinfo_msg *m)
{
    memset(m, 0, sizeof(*m));
    m->buf = libsock_buf_of(m->bytes, sizeof(m->bytes));
    CHECK_OK(libsock_msg_init(&m->msg));
    CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
    CHECK_OK(libsock_msg_set_from(&m->msg, &m->from));
    CHECK_OK(libsock_msg_set_control(&m->msg, m->room, sizeof(m->room)));
    CHECK_EQ_INT(libsock_recv_msg(sock, &m->msg, 0), 4);
    CHECK_EQ_INT(libsock_msg_flags(&m->msg), 0);
    CHECK_EQ_MEM(m->bytes, "ping", 4);
}

/* The writer of the message that pktinfo_send() will send. */
static libsock_control_writer *pktinfo_begin(struct pktinfo_msg *m)
{
    memset(m, 0, sizeof(*m));
    CHECK_OK(libsock_control_writer_init(&m->w, m->room, sizeof(m->room)));
    return &m->w;
}

static ptrdiff_t pktinfo_send(libsock_socket sock, struct pktinfo_msg *m,
                              const libsock_addr *to)
{
    m->buf = libsock_buf_of("ping", 4);
    CHECK_OK(libsock_msg_init(&m->msg));
    CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
    CHECK_OK(libsock_msg_set_to(&m->msg, to));
    CHECK_OK(
        libsock_msg_set_control(&m->msg, m->room, libsock_control_len(&m->w)));
    return libsock_send_msg(sock, &m->msg, 0);
}

/* A socket on every address, and the port it got. */
static libsock_socket pktinfo_any(int domain, uint16_t *out_port)
{
    libsock_socket sock = sock_open(domain, LIBSOCK_TYPE_DGRAM, 0);
    libsock_addr addr;

    CHECK_OK(libsock_addr_any(domain, 0, &addr));
    CHECK_OK(libsock_bind(sock, &addr));
    CHECK_OK(libsock_local_addr(sock, &addr));
    *out_port = (uint16_t)libsock_addr_port(&addr);
    return sock;
}

/* Two questions to two addresses of one socket: each is answered from the
 * address that was asked. */
TEST(the_answer_comes_from_the_address_that_was_asked)
{
    libsock_addr client_addr, asked;
    libsock_socket client =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &client_addr);
    uint16_t port;
    libsock_socket server = pktinfo_any(LIBSOCK_DOMAIN_IPV4, &port);

    CHECK_OK(libsock_set_recv_pktinfo_v4(server, true));
    for (uint8_t i = 2; i < 5; i++) {
        const uint8_t octets[4] = {127, 0, 0, i};
        struct pktinfo_msg in, out;
        libsock_control c;
        libsock_pktinfo info;

        CHECK_OK(libsock_addr_from_ipv4(octets, port, &asked));
        CHECK_EQ_INT(libsock_send_to(client, "ping", 4, 0, &asked), 4);
        pktinfo_recv(server, &in);
        CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_PKTINFO, &c));
        CHECK_OK(libsock_control_get_pktinfo(&c, &info));
        CHECK_EQ_MEM(info.local, octets, 4);
        CHECK_EQ_MEM(info.dst, octets, 4);
        CHECK_UINT(info.ifindex, >, 0);
        CHECK_OK(libsock_control_put_source(pktinfo_begin(&out), &info));
        CHECK_EQ_INT(pktinfo_send(server, &out, &in.from), 4);
        pktinfo_recv(client, &in);
        CHECK(libsock_addr_equal(&in.from, &asked));
    }
    sock_close(client);
    sock_close(server);
}

TEST(the_answer_on_ipv6_too)
{
    libsock_addr client_addr, asked;
    libsock_socket client, server;
    struct pktinfo_msg in, out;
    libsock_control c;
    libsock_pktinfo info;
    uint16_t port;

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    client =
        sock_bound(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0, &client_addr);
    server = pktinfo_any(LIBSOCK_DOMAIN_IPV6, &port);
    CHECK_OK(libsock_set_recv_pktinfo_v6(server, true));
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, port, &asked));
    CHECK_EQ_INT(libsock_send_to(client, "ping", 4, 0, &asked), 4);
    pktinfo_recv(server, &in);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_PKTINFO, &c));
    CHECK_OK(libsock_control_get_pktinfo(&c, &info));
    CHECK_EQ_INT(info.domain, LIBSOCK_DOMAIN_IPV6);
    CHECK_EQ_INT(info.local[15], 1);
    CHECK_OK(libsock_control_put_source(pktinfo_begin(&out), &info));
    CHECK_EQ_INT(pktinfo_send(server, &out, &in.from), 4);
    pktinfo_recv(client, &in);
    CHECK(libsock_addr_equal(&in.from, &asked));
    sock_close(client);
    sock_close(server);
}

/* An IPv4 question to an IPv6 socket is answered with mapped addresses. */
TEST(the_answer_to_ipv4_from_an_ipv6_socket)
{
    static const uint8_t octets[4] = {127, 0, 0, 2};
    static const uint8_t mapped[16] = {0, 0, 0,    0,    0,   0, 0, 0,
                                       0, 0, 0xff, 0xff, 127, 0, 0, 2};
    libsock_addr client_addr, asked;
    libsock_socket client, server;
    struct pktinfo_msg in, out;
    libsock_control c;
    libsock_pktinfo info;
    uint16_t port;

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    client =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &client_addr);
    server = pktinfo_any(LIBSOCK_DOMAIN_IPV6, &port);
    CHECK_OK(libsock_set_recv_pktinfo_v6(server, true));
    CHECK_OK(libsock_addr_from_ipv4(octets, port, &asked));
    CHECK_EQ_INT(libsock_send_to(client, "ping", 4, 0, &asked), 4);
    pktinfo_recv(server, &in);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_PKTINFO, &c));
    CHECK_OK(libsock_control_get_pktinfo(&c, &info));
    CHECK_EQ_MEM(info.local, mapped, 16);
    CHECK_OK(libsock_control_put_source(pktinfo_begin(&out), &info));
    CHECK_EQ_INT(pktinfo_send(server, &out, &in.from), 4);
    pktinfo_recv(client, &in);
    CHECK(libsock_addr_equal(&in.from, &asked));
    sock_close(client);
    sock_close(server);
}

/* Asked by a group there is no address to answer from, but an interface. */
TEST(the_answer_to_an_ipv4_group_from_an_ipv6_socket)
{
    static const uint8_t octets[4] = {239, 1, 2, 3};
    libsock_addr asked;
    libsock_socket client, server;
    struct pktinfo_msg in, out;
    libsock_control c;
    libsock_pktinfo info;
    uint16_t port;

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    client = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    server = pktinfo_any(LIBSOCK_DOMAIN_IPV6, &port);
    /* The loopback comes first in every namespace. */
    CHECK_OK(libsock_set_multicast_if_v4_n(client, 1));
    CHECK_OK(libsock_join_multicast_v4_n(server, octets, 1));
    CHECK_OK(libsock_set_recv_pktinfo_v6(server, true));
    CHECK_OK(libsock_addr_from_ipv4(octets, port, &asked));
    CHECK_EQ_INT(libsock_send_to(client, "ping", 4, 0, &asked), 4);
    pktinfo_recv(server, &in);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_PKTINFO, &c));
    CHECK_OK(libsock_control_get_pktinfo(&c, &info));
    CHECK_EQ_UINT(info.ifindex, 1);
    CHECK_OK(libsock_control_put_source(pktinfo_begin(&out), &info));
    CHECK_EQ_INT(pktinfo_send(server, &out, &in.from), 4);
    pktinfo_recv(client, &in);
    CHECK_EQ_INT(libsock_addr_port(&in.from), port);
    sock_close(client);
    sock_close(server);
}

TEST(an_address_of_another_host_is_no_source)
{
    libsock_pktinfo info = {.domain = LIBSOCK_DOMAIN_IPV4,
                            .local = {192, 0, 2, 1}};
    libsock_addr addr;
    uint16_t port;
    libsock_socket sock = pktinfo_any(LIBSOCK_DOMAIN_IPV4, &port);
    struct pktinfo_msg out;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, port, &addr));
    CHECK_OK(libsock_control_put_source(pktinfo_begin(&out), &info));
    CHECK_INT(pktinfo_send(sock, &out, &addr), <, 0);
    sock_close(sock);
}

struct pktinfo_bytes {
    int domain;
    int (*ask_hops)(libsock_socket, bool);
    int (*ask_tos)(libsock_socket, bool);
};

/* A hop limit and a class byte of its own, and the next one without. */
static void pktinfo_check_bytes(const struct pktinfo_bytes *row)
{
    libsock_addr a, b;
    libsock_socket one = sock_bound(row->domain, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two = sock_bound(row->domain, LIBSOCK_TYPE_DGRAM, 0, &b);
    struct pktinfo_msg in, out;
    uint32_t hops = 0, tos = 0;
    libsock_control c;

    CHECK_OK(row->ask_hops(two, true));
    CHECK_OK(row->ask_tos(two, true));
    CHECK_OK(
        libsock_control_put_hop_limit(pktinfo_begin(&out), row->domain, 33));
    CHECK_OK(
        libsock_control_put_tos(&out.w, row->domain, 0xb8 | LIBSOCK_ECN_ECT0));
    CHECK_EQ_INT(pktinfo_send(one, &out, &b), 4);
    pktinfo_recv(two, &in);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_HOP_LIMIT, &c));
    CHECK_OK(libsock_control_get_hop_limit(&c, &hops));
    CHECK_EQ_UINT(hops, 33);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_TOS, &c));
    CHECK_OK(libsock_control_get_tos(&c, &tos));
    CHECK_EQ_UINT(tos, 0xba);
    CHECK_EQ_UINT(tos & LIBSOCK_ECN_MASK, LIBSOCK_ECN_ECT0);
    pktinfo_begin(&out);
    CHECK_EQ_INT(pktinfo_send(one, &out, &b), 4);
    pktinfo_recv(two, &in);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_HOP_LIMIT, &c));
    CHECK_OK(libsock_control_get_hop_limit(&c, &hops));
    CHECK_UINT(hops, >, 33);
    CHECK_OK(libsock_control_find(&in.msg, LIBSOCK_CONTROL_TOS, &c));
    CHECK_OK(libsock_control_get_tos(&c, &tos));
    CHECK_EQ_UINT(tos, 0);
    sock_close(one);
    sock_close(two);
}

TEST(a_datagram_has_its_own_hop_limit_and_class)
{
    const struct pktinfo_bytes row = {
        LIBSOCK_DOMAIN_IPV4, libsock_set_recv_ttl_v4, libsock_set_recv_tos_v4};

    pktinfo_check_bytes(&row);
}

TEST(a_datagram_has_its_own_hop_limit_and_class_on_ipv6)
{
    const struct pktinfo_bytes row = {LIBSOCK_DOMAIN_IPV6,
                                      libsock_set_recv_hoplimit_v6,
                                      libsock_set_recv_tclass_v6};

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    pktinfo_check_bytes(&row);
}

/* All that one datagram can bring, in one room of the size that the constants
 * say. */
TEST(the_declared_room_holds_all_of_it)
{
    uint64_t room[(2 * LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) +
                   LIBSOCK_CONTROL_SPACE(LIBSOCK_PKTINFO_SIZE) +
                   LIBSOCK_CONTROL_SPACE(LIBSOCK_ORIGINAL_DST_SIZE) +
                   LIBSOCK_CONTROL_SPACE(LIBSOCK_TIMESTAMP_SIZE)) /
                  8];
    libsock_addr a, b, original;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    libsock_control_reader reader;
    libsock_control c;
    libsock_msg msg;
    char bytes[4];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    unsigned seen = 0;

    CHECK_OK(libsock_set_recv_ttl_v4(two, true));
    CHECK_OK(libsock_set_recv_tos_v4(two, true));
    CHECK_OK(libsock_set_recv_pktinfo_v4(two, true));
    CHECK_OK(libsock_set_recv_original_dst_v4(two, true));
    CHECK_OK(libsock_set_timestamp_ns(two, true));
    CHECK_EQ_INT(libsock_send_to(one, "ping", 4, 0, &b), 4);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_EQ_INT(libsock_recv_msg(two, &msg, 0), 4);
    CHECK_EQ_INT(libsock_msg_flags(&msg), 0);
    CHECK_OK(libsock_control_reader_init(&reader, &msg));
    while (libsock_control_next(&reader, &c) > 0)
        seen |= 1u << c.kind;
    CHECK_EQ_UINT(seen, 1u << LIBSOCK_CONTROL_HOP_LIMIT |
                            1u << LIBSOCK_CONTROL_TOS |
                            1u << LIBSOCK_CONTROL_PKTINFO |
                            1u << LIBSOCK_CONTROL_ORIGINAL_DST |
                            1u << LIBSOCK_CONTROL_TIMESTAMP);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_ORIGINAL_DST, &c));
    CHECK_OK(libsock_control_get_original_dst(&c, &original));
    CHECK(libsock_addr_equal(&original, &b));
    sock_close(one);
    sock_close(two);
}
