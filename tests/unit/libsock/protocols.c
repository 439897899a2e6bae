/* SPDX-License-Identifier: MIT */
/*
 * The protocol numbers: the kernel opens what they name, and calls it so when
 * asked. A protocol that this kernel lacks, or keeps for the privileged, is
 * skipped, but its number is compared with the kernel's header all the same.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"

static void protocols_check(const int ours[3], int native)
{
    libsock_socket sock;
    int protocol = -1;

    CHECK_EQ_INT(ours[2], native);
    int r = libsock_open(ours[0], ours[1], ours[2], 0, &sock);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel lacks the protocol");
    if (libsock_kind(r) == LIBSOCK_KIND_PERMISSION_DENIED)
        SKIP("a privilege is missing");
    CHECK_OK(r);
    protocol = raw_int((int)libsock_as_raw(sock), SOL_SOCKET, SO_PROTOCOL);
    CHECK_EQ_INT(protocol, native);
    CHECK_OK(libsock_get_protocol(sock, &protocol));
    CHECK_EQ_INT(protocol, ours[2]);
    CHECK_OK(libsock_close(sock));
}

TEST(tcp_is_tcp)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_STREAM,
                        LIBSOCK_PROTOCOL_TCP};
    protocols_check(all, IPPROTO_TCP);
}

TEST(udp_is_udp)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                        LIBSOCK_PROTOCOL_UDP};
    protocols_check(all, IPPROTO_UDP);
}

TEST(icmp_is_icmp)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW,
                        LIBSOCK_PROTOCOL_ICMPV4};
    protocols_check(all, IPPROTO_ICMP);
}

TEST(icmpv6_is_icmpv6)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_RAW,
                        LIBSOCK_PROTOCOL_ICMPV6};
    protocols_check(all, IPPROTO_ICMPV6);
}

TEST(mptcp_is_mptcp)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM,
                        LIBSOCK_PROTOCOL_MPTCP};
    protocols_check(all, IPPROTO_MPTCP);
}

TEST(sctp_is_sctp)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM,
                        LIBSOCK_PROTOCOL_SCTP};
    protocols_check(all, IPPROTO_SCTP);
}

TEST(udplite_is_udplite)
{
    const int all[3] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                        LIBSOCK_PROTOCOL_UDPLITE};
    protocols_check(all, IPPROTO_UDPLITE);
}
