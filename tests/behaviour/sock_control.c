/* SPDX-License-Identifier: MIT */
/*
 * Messages: the sender, control data through the macros of the OS, and what is
 * reported about a message that was cut. Descriptors that travel are in
 * unit/libsock/msg.c, because their flags differ between the ports. Linked with
 * the internal build for its feature macro, which reveals struct in_pktinfo.
 */
#include <libsock/os.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"
#include "support/thread.h"

/* A message over one buffer. */
struct control_msg {
    libsock_msg msg;
    libsock_buf buf;
    libsock_addr from;
    _Alignas(struct cmsghdr) unsigned char control[256];
    char bytes[8];
};

static struct cmsghdr *control_header(struct control_msg *m)
{
    return (struct cmsghdr *)(void *)m->control;
}

static void control_prepare(struct control_msg *m, size_t cap, size_t room)
{
    memset(m, 0, sizeof(*m));
    m->buf = libsock_buf_of(m->bytes, cap);
    CHECK_OK(libsock_msg_init(&m->msg));
    CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
    CHECK_OK(libsock_msg_set_from(&m->msg, &m->from));
    CHECK_OK(
        libsock_msg_set_control(&m->msg, room != 0 ? m->control : NULL, room));
}

static libsock_socket control_bound(int domain, libsock_addr *out_addr)
{
    return sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, out_addr);
}

static void control_switch_on(libsock_socket sock, int level, int name)
{
    const int on = 1;

    CHECK(setsockopt(sock_fd(sock), level, name, &on, sizeof(on)) == 0);
}

TEST(the_room_for_the_sender_is_restored)
{
    libsock_addr a4, b4, a6, b6;
    libsock_socket one4, two4, one6, two6;
    struct control_msg m;

    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    one4 = control_bound(LIBSOCK_DOMAIN_IPV4, &a4);
    two4 = control_bound(LIBSOCK_DOMAIN_IPV4, &b4);
    one6 = control_bound(LIBSOCK_DOMAIN_IPV6, &a6);
    two6 = control_bound(LIBSOCK_DOMAIN_IPV6, &b6);
    control_prepare(&m, sizeof(m.bytes), 0);
    /* The longer address comes after the shorter one, and before it. */
    for (int i = 0; i < 2; i++) {
        CHECK_EQ_INT(libsock_send_to(one4, "four", 4, 0, &b4), 4);
        CHECK_EQ_INT(libsock_recv_msg(two4, &m.msg, 0), 4);
        CHECK(libsock_addr_equal(&m.from, &a4));
        CHECK_EQ_INT(libsock_send_to(one6, "sixsix", 6, 0, &b6), 6);
        CHECK_EQ_INT(libsock_recv_msg(two6, &m.msg, 0), 6);
        CHECK(libsock_addr_equal(&m.from, &a6));
    }
    sock_close(one4);
    sock_close(two4);
    sock_close(one6);
    sock_close(two6);
}

TEST(a_message_goes_to_its_receiver)
{
    libsock_addr a, b;
    libsock_socket one = control_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct control_msg m;

    control_prepare(&m, 3, 0);
    memcpy(m.bytes, "abc", 3);
    CHECK_OK(libsock_msg_set_to(&m.msg, &b));
    CHECK_EQ_INT(libsock_send_msg(one, &m.msg, 0), 3);
    control_prepare(&m, sizeof(m.bytes), 0);
    CHECK_EQ_INT(libsock_recv_msg(two, &m.msg, 0), 3);
    CHECK(libsock_addr_equal(&m.from, &a));
    sock_close(one);
    sock_close(two);
}

TEST(a_received_message_can_be_sent_back)
{
    libsock_addr a, b, from;
    libsock_socket one = control_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct control_msg m;
    char bytes[8];

    control_prepare(&m, 4, 0);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ_INT(libsock_send_to(one, "echo", 4, 0, &b), 4);
        CHECK_EQ_INT(libsock_recv_msg(two, &m.msg, 0), 4);
        CHECK_EQ_INT(libsock_send_msg(two, &m.msg, 0), 4);
        CHECK_EQ_INT(libsock_recv_from(one, bytes, sizeof(bytes), 0, &from), 4);
        CHECK_EQ_MEM(bytes, "echo", 4);
        CHECK(libsock_addr_equal(&from, &b));
    }
    sock_close(one);
    sock_close(two);
}

TEST(a_stream_names_no_sender)
{
    libsock_socket pair[2];
    struct control_msg m;

    sock_tcp_pair(pair);
    control_prepare(&m, sizeof(m.bytes), 0);
    memset(&m.from, 0xff, sizeof(m.from));
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &m.msg, 0), 1);
    CHECK_EQ_UINT(libsock_addr_raw_len(&m.from), 0);
    sock_close_pair(pair);
}

TEST(a_cut_datagram_is_reported)
{
    libsock_socket pair[2];
    struct control_msg m;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    control_prepare(&m, 2, 0);
    CHECK_EQ_INT(libsock_send(pair[0], "abc", 3, 0), 3);
    CHECK_EQ_INT(libsock_send(pair[0], "de", 2, 0), 2);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &m.msg, 0), 2);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_TRUNC);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &m.msg, 0), 2);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), 0);
    CHECK_EQ_MEM(m.bytes, "de", 2);
    sock_close_pair(pair);
}

TEST(the_arriving_interface_is_told)
{
    libsock_addr a, b;
    libsock_socket one = control_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct in_pktinfo info;
    struct control_msg m;

    control_switch_on(two, IPPROTO_IP, IP_PKTINFO);
    control_prepare(&m, sizeof(m.bytes), sizeof(m.control));
    CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
    CHECK_EQ_INT(libsock_recv_msg(two, &m.msg, 0), 1);
    CHECK_EQ_UINT(libsock_msg_control_len(&m.msg), CMSG_SPACE(sizeof(info)));
    CHECK_EQ_INT(control_header(&m)->cmsg_level, IPPROTO_IP);
    CHECK_EQ_INT(control_header(&m)->cmsg_type, IP_PKTINFO);
    memcpy(&info, CMSG_DATA(control_header(&m)), sizeof(info));
    CHECK_EQ_UINT(ntohl(info.ipi_addr.s_addr), INADDR_LOOPBACK);
    CHECK_INT(info.ipi_ifindex, >, 0);
    sock_close(one);
    sock_close(two);
}

TEST(the_sending_address_is_chosen_by_control_data)
{
    libsock_addr at, b;
    libsock_socket one = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct in_pktinfo info = {0};
    struct control_msg m;
    uint8_t octets[4];
    uint16_t port;

    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 0, &at));
    CHECK_OK(libsock_bind(one, &at));
    info.ipi_spec_dst.s_addr = htonl(0x7f000002);
    control_prepare(&m, 1, CMSG_SPACE(sizeof(info)));
    control_header(&m)->cmsg_len = CMSG_LEN(sizeof(info));
    control_header(&m)->cmsg_level = IPPROTO_IP;
    control_header(&m)->cmsg_type = IP_PKTINFO;
    memcpy(CMSG_DATA(control_header(&m)), &info, sizeof(info));
    CHECK_OK(libsock_msg_set_to(&m.msg, &b));
    CHECK_EQ_INT(libsock_send_msg(one, &m.msg, 0), 1);
    CHECK_EQ_INT(libsock_recv_from(two, m.bytes, 1, 0, &m.from), 1);
    CHECK_OK(libsock_addr_get_ipv4(&m.from, octets, &port));
    CHECK_EQ_INT(octets[3], 2);
    sock_close(one);
    sock_close(two);
}

TEST(too_small_a_room_for_control_data_is_reported)
{
    libsock_addr a, b;
    libsock_socket one = control_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct control_msg m;

    control_switch_on(two, IPPROTO_IP, IP_PKTINFO);
    control_prepare(&m, sizeof(m.bytes), CMSG_LEN(0));
    CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
    CHECK_EQ_INT(libsock_recv_msg(two, &m.msg, 0), 1);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_CTRUNC);
    CHECK_UINT(libsock_msg_control_len(&m.msg), <=, CMSG_LEN(0));
    CHECK_EQ_INT(libsock_send_to(one, "y", 1, 0, &b), 1);
    CHECK_OK(libsock_msg_set_control(&m.msg, NULL, 0));
    CHECK_EQ_INT(libsock_recv_msg(two, &m.msg, 0), 1);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_CTRUNC);
    CHECK_EQ_UINT(libsock_msg_control_len(&m.msg), 0);
    sock_close(one);
    sock_close(two);
}

TEST(the_error_queue_names_the_receiver_that_failed)
{
    libsock_addr a, b;
    libsock_socket one = control_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = control_bound(LIBSOCK_DOMAIN_IPV4, &b);
    struct control_msg m;
    ptrdiff_t n;

    control_switch_on(one, IPPROTO_IP, IP_RECVERR);
    sock_close(two);
    CHECK_EQ_INT(libsock_send_to(one, "gone", 4, 0, &b), 4);
    control_prepare(&m, sizeof(m.bytes), sizeof(m.control));
    /* Reading that queue never waits. */
    do {
        n = libsock_recv_msg(one, &m.msg, LIBSOCK_MSG_ERRQUEUE);
        thread_yield();
    } while (libsock_would_block(n));
    CHECK_EQ_INT(n, 4);
    CHECK_EQ_MEM(m.bytes, "gone", 4);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_ERRQUEUE);
    CHECK(libsock_addr_equal(&m.from, &b));
    CHECK_UINT(libsock_msg_control_len(&m.msg), >=, CMSG_LEN(sizeof(int)));
    CHECK_EQ_INT(control_header(&m)->cmsg_type, IP_RECVERR);
    sock_close(one);
}

TEST(lent_pages_are_given_back_by_the_error_queue)
{
    static const char bytes[] = "lent";
    const int on = 1;
    libsock_socket pair[2];
    struct control_msg m;
    ptrdiff_t n;

    sock_tcp_pair(pair);
    if (setsockopt(sock_fd(pair[0]), SOL_SOCKET, SO_ZEROCOPY, &on,
                   sizeof(on)) != 0)
        SKIP("no SO_ZEROCOPY");
    CHECK_EQ_INT(libsock_send(pair[0], bytes, 4, LIBSOCK_MSG_ZEROCOPY), 4);
    CHECK_EQ_INT(libsock_recv(pair[1], m.bytes, 4, LIBSOCK_MSG_WAITALL), 4);
    CHECK_EQ_MEM(m.bytes, bytes, 4);
    control_prepare(&m, sizeof(m.bytes), sizeof(m.control));
    do {
        n = libsock_recv_msg(pair[0], &m.msg, LIBSOCK_MSG_ERRQUEUE);
        thread_yield();
    } while (libsock_would_block(n));
    CHECK_EQ_INT(n, 0);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_ERRQUEUE);
    CHECK_EQ_INT(control_header(&m)->cmsg_type, IP_RECVERR);
    sock_close_pair(pair);
}
