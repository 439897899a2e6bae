/* SPDX-License-Identifier: MIT */
/*
 * Flow labels on the wire, read by the receiver: of an address, of a single
 * datagram, of a connection; and leases of them. What a router does with a
 * label is not tested. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"

enum {
    FLOW_LABEL = 0xabcde
};

/* A receiver that tells labels, on ::1, with its address. The network is its
 * own: a lease anywhere in it changes what others may send. */
static libsock_socket flow_receiver(libsock_addr *out_addr)
{
    libsock_socket sock;

    netns_enter();
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    sock = sock_bound(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0, out_addr);
    CHECK_OK(libsock_set_recv_flow_label_v6(sock, true));
    return sock;
}

static libsock_addr flow_labelled(const libsock_addr *addr, uint32_t info)
{
    libsock_ipv6 parts;
    libsock_addr out;

    CHECK_OK(libsock_addr_get_ipv6(addr, &parts));
    parts.flow_info = info;
    CHECK_OK(libsock_addr_from_ipv6(&parts, &out));
    return out;
}

/* The label of the next datagram; -1 when it brings no record. */
static int64_t flow_next(libsock_socket sock)
{
    uint64_t room[4 * LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    char bytes[8];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_control record;
    libsock_addr from;
    libsock_ipv6 parts;
    libsock_msg msg;
    uint32_t label = 0;

    CHECK(net_wait_readable(sock_fd(sock), 5000));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_OK(libsock_msg_set_from(&msg, &from));
    CHECK_EQ_INT(libsock_recv_msg(sock, &msg, 0), 1);
    CHECK_OK(libsock_addr_get_ipv6(&from, &parts));
    CHECK_EQ_UINT(parts.flow_info, 0);
    if (libsock_control_find(&msg, LIBSOCK_CONTROL_FLOW_LABEL, &record) < 0)
        return -1;
    CHECK_OK(libsock_control_get_flow_label(&record, &label));
    return label;
}

TEST(the_label_of_an_address_is_sent_once_asked_for)
{
    libsock_addr addr;
    libsock_socket receiver = flow_receiver(&addr);
    libsock_socket sender =
        sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_addr to = flow_labelled(&addr, FLOW_LABEL);

    CHECK_OK(libsock_set_auto_flow_label_v6(sender, false));
    CHECK_EQ_INT(libsock_send_to(sender, "x", 1, 0, &to), 1);
    CHECK_EQ_INT(flow_next(receiver), -1);
    CHECK_OK(libsock_set_send_flow_label_v6(sender, true));
    CHECK_EQ_INT(libsock_send_to(sender, "x", 1, 0, &to), 1);
    CHECK_EQ_INT(flow_next(receiver), FLOW_LABEL);
    CHECK_EQ_INT(libsock_send_to(sender, "x", 1, 0, &addr), 1);
    CHECK_EQ_INT(flow_next(receiver), -1);
    CHECK_OK(libsock_connect(sender, &to));
    CHECK_EQ_INT(libsock_send(sender, "x", 1, 0), 1);
    CHECK_EQ_INT(flow_next(receiver), FLOW_LABEL);
    sock_close(sender);
    sock_close(receiver);
}

/* The class is in the same word of the header, and must not show in it. */
TEST(a_label_is_no_more_than_20_bits)
{
    libsock_addr addr;
    libsock_socket receiver = flow_receiver(&addr);
    libsock_socket sender =
        sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_addr to = flow_labelled(&addr, 0x0bb00000 | FLOW_LABEL);

    CHECK_OK(libsock_set_send_flow_label_v6(sender, true));
    CHECK_OK(libsock_set_tclass_v6(sender, 0xe0));
    CHECK_EQ_INT(libsock_send_to(sender, "x", 1, 0, &to), 1);
    CHECK_EQ_INT(flow_next(receiver), FLOW_LABEL);
    sock_close(sender);
    sock_close(receiver);
}

TEST(a_single_datagram_has_its_own)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    libsock_addr addr;
    libsock_socket receiver = flow_receiver(&addr);
    libsock_socket sender =
        sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_buf buf = libsock_buf_of("x", 1);
    libsock_control_writer writer;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&writer, room, sizeof(room)));
    CHECK_KIND(libsock_control_put_flow_label(&writer, 0), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_flow_label(&writer, 0x100000),
               INVALID_INPUT);
    CHECK_OK(libsock_control_put_flow_label(&writer, FLOW_LABEL));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_to(&msg, &addr));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, libsock_control_len(&writer)));
    CHECK_EQ_INT(libsock_send_msg(sender, &msg, 0), 1);
    CHECK_EQ_INT(flow_next(receiver), FLOW_LABEL);
    sock_close(sender);
    sock_close(receiver);
}

/* A label that one socket has for itself is not another's to send; nor is, from
 * then on, one that nobody has leased. */
TEST(a_leased_label_is_nobody_elses)
{
    libsock_addr addr;
    libsock_socket receiver = flow_receiver(&addr);
    libsock_socket owner =
        sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket other =
        sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_flow_lease lease = {{[15] = 1}, 0, LIBSOCK_FLOW_EXCLUSIVE, 0};
    uint32_t label = 0;
    libsock_addr to;

    CHECK_OK(libsock_lease_flow_label_v6(owner, &lease, &label));
    CHECK(label > 0 && label <= LIBSOCK_FLOW_LABEL_MAX);
    to = flow_labelled(&addr, label);
    CHECK_OK(libsock_set_send_flow_label_v6(owner, true));
    CHECK_OK(libsock_set_send_flow_label_v6(other, true));
    CHECK_EQ_INT(libsock_send_to(owner, "x", 1, 0, &to), 1);
    CHECK_EQ_INT(flow_next(receiver), label);
    CHECK_KIND(libsock_send_to(other, "x", 1, 0, &to), INVALID_INPUT);
    lease.label = label;
    CHECK_KIND(libsock_lease_flow_label_v6(other, &lease, &label),
               PERMISSION_DENIED);
    to = flow_labelled(&addr, label ^ 1);
    CHECK_KIND(libsock_send_to(other, "x", 1, 0, &to), INVALID_INPUT);
    CHECK_EQ_INT(libsock_send_to(other, "x", 1, 0, &addr), 1);
    CHECK_KIND(libsock_release_flow_label_v6(other, label), NOT_FOUND);
    CHECK_OK(libsock_release_flow_label_v6(owner, label));
    CHECK_KIND(libsock_release_flow_label_v6(owner, label), NOT_FOUND);
    sock_close(owner);
    sock_close(other);
    sock_close(receiver);
}

TEST(a_label_can_be_shared_in_a_process)
{
    libsock_addr addr;
    libsock_socket receiver = flow_receiver(&addr);
    libsock_socket one = sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket two = sock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0);
    libsock_flow_lease lease = {
        {[15] = 1}, 0, LIBSOCK_FLOW_PROCESS, 7 * UINT64_C(1000000000)};
    uint32_t label = 0;
    uint32_t again = 0;

    CHECK_OK(libsock_lease_flow_label_v6(one, &lease, &label));
    lease.label = label;
    CHECK_OK(libsock_lease_flow_label_v6(two, &lease, &again));
    CHECK_EQ_UINT(again, label);
    CHECK_OK(libsock_release_flow_label_v6(one, label));
    CHECK_OK(libsock_release_flow_label_v6(two, label));
    sock_close(one);
    sock_close(two);
    sock_close(receiver);
}

TEST(nonsense_about_labels_is_refused)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    const libsock_flow_lease good = {{[15] = 1}, 0, LIBSOCK_FLOW_ANY, 0};
    libsock_flow_lease lease = good;
    uint32_t label = 7;

    fault_reset();
    CHECK_KIND(libsock_lease_flow_label_v6(none, NULL, &label), INVALID_INPUT);
    CHECK_KIND(libsock_lease_flow_label_v6(none, &good, NULL), INVALID_INPUT);
    lease.label = 0x100000;
    CHECK_KIND(libsock_lease_flow_label_v6(none, &lease, &label),
               INVALID_INPUT);
    lease = good;
    lease.share = 4;
    CHECK_KIND(libsock_lease_flow_label_v6(none, &lease, &label),
               INVALID_INPUT);
    /* The kernel would make these 6 s, and a few. */
    lease = good;
    lease.linger_ns = 1;
    CHECK_KIND(libsock_lease_flow_label_v6(none, &lease, &label),
               INVALID_INPUT);
    lease.linger_ns = UINT64_C(65535000000001);
    CHECK_KIND(libsock_lease_flow_label_v6(none, &lease, &label),
               INVALID_INPUT);
    lease.linger_ns = UINT64_MAX;
    CHECK_KIND(libsock_lease_flow_label_v6(none, &lease, &label),
               INVALID_INPUT);
    CHECK_KIND(libsock_release_flow_label_v6(none, 0), INVALID_INPUT);
    CHECK_KIND(libsock_release_flow_label_v6(none, 0x100000), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_KIND(libsock_lease_flow_label_v6(none, &good, &label),
               BAD_DESCRIPTOR);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_EQ_UINT(label, 7);
}
