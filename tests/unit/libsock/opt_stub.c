/* SPDX-License-Identifier: MIT */
/*
 * What Linux alone has, on a system without it: ranges are judged first, and
 * then the answer is UNSUPPORTED, with nothing asked and nothing written.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/fault.h"

static void unsupported(int r)
{
    CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_UNSUPPORTED);
}

TEST(all_of_it_is_unsupported)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_packet_membership packet = {1, LIBSOCK_PACKET_PROMISCUOUS, 0, {0}};
    libsock_txtime txtime = {LIBSOCK_CLOCK_MONOTONIC, 0};
    libsock_packet_statistics statistics = {7, 7};
    libsock_tcp_md5 key;
    libsock_tcp_info info;
    uint32_t cid = 7;
    libsock_mptcp_info mptcp;
    libsock_flow_lease lease = {{[15] = 1}, 0, LIBSOCK_FLOW_ANY, 0};
    uint32_t label = 7;
    libsock_sctp_init init = {7, 7, 7, 7};

    memset(&key, 0, sizeof(key));
    memset(&info, 7, sizeof(info));
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &key.peer));
    fault_reset();
    unsupported(libsock_set_txtime(none, &txtime));
    unsupported(libsock_get_txtime(none, &txtime));
    unsupported(libsock_set_tcp_md5(none, &key));
    unsupported(libsock_join_packet(none, &packet));
    unsupported(libsock_leave_packet(none, &packet));
    unsupported(libsock_take_packet_statistics(none, &statistics));
    unsupported(libsock_vsock_local_cid(&cid));
    unsupported(libsock_get_tcp_info(none, sizeof(info), &info));
    unsupported(libsock_get_mptcp_info(none, sizeof(mptcp), &mptcp));
    unsupported(libsock_lease_flow_label_v6(none, &lease, &label));
    unsupported(libsock_release_flow_label_v6(none, 1));
    unsupported(libsock_sctp_connect(none, &key.peer, 1));
    unsupported(libsock_set_sctp_init(none, &init));
    unsupported(libsock_get_sctp_init(none, &init));
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_UINT(cid, 7);
    CHECK_EQ_UINT(label, 7);
    CHECK_EQ_UINT(statistics.drops, 7);
    CHECK_EQ_UINT(info.state, 0x07070707);
}

TEST(nonsense_is_refused_there_too)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_packet_membership packet = {1, 4, 0, {0}};
    libsock_tcp_info info;

    CHECK_ERR(libsock_join_packet(none, &packet), 22);
    CHECK_ERR(libsock_get_tcp_info(none, 0, &info), 22);
    CHECK_ERR(libsock_vsock_local_cid(NULL), 22);
}
