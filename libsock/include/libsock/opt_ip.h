/* SPDX-License-Identifier: MIT */
/**
 * @file opt_ip.h
 * The options of IPv4 (names in _v4) and IPv6 (_v6). Multicast is in
 * opt_multicast.h. Conventions, common errors and the threads' rule are in
 * opt.h. Kernel versions are those that added the option.
 */
#ifndef LIBSOCK_OPT_IP_H
#define LIBSOCK_OPT_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** What to do about the largest packet that a way carries; see ip(7). */
enum libsock_mtu_discover {
    LIBSOCK_MTU_DISCOVER_OFF = 0,       /**< Never; routers may fragment. */
    LIBSOCK_MTU_DISCOVER_WANT = 1,      /**< Find out, fragment here. */
    LIBSOCK_MTU_DISCOVER_DO = 2,        /**< Nobody fragments; too long is
                                         *   kind MSG_SIZE. */
    LIBSOCK_MTU_DISCOVER_PROBE = 3,     /**< As DO, whatever was found out. */
    LIBSOCK_MTU_DISCOVER_INTERFACE = 4, /**< By the interface alone; what is
                                         *   found out is not believed. */
    LIBSOCK_MTU_DISCOVER_OMIT = 5       /**< As INTERFACE, fragmenting here. */
};

/**
 * How many routers a unicast packet may pass (IP_TTL; ip(7)). At first
 * net.ipv4.ip_default_ttl, 64 mostly.
 *
 * @return 0; kind INVALID_INPUT for 0 and above 255.
 *
 * Platforms: Linux takes it on an IPv6 socket too, for its IPv4 traffic; macOS
 *            does not.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_ttl_v4(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_ttl_v4(libsock_socket sock, uint32_t *out_value);

/**
 * The traffic class byte of each packet: DSCP and ECN (IP_TOS; ip(7)). 0 at
 * first.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Platforms: Linux keeps the two ECN bits of TCP sockets to itself: they are
 *            ignored and read back as 0. Windows ignores the option mostly.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tos_v4(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_tos_v4(libsock_socket sock, uint32_t *out_value);

/**
 * The least TTL of packets that are let in; 0 for any (IP_MINTTL; ip(7)). 255
 * keeps out all but neighbours (RFC 5082). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Platforms: Linux 2.6.34, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_min_ttl_v4(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_min_ttl_v4(libsock_socket sock,
                                       uint32_t *out_value);

/**
 * The largest packet for the way to the connected peer, as known now (IP_MTU;
 * ip(7)).
 *
 * @return 0; kind NOT_CONNECTED without a peer.
 *
 * Units:     bytes.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_mtu_v4(libsock_socket sock, uint32_t *out_value);

/**
 * What is done about the largest packet of the way: an `enum
 * libsock_mtu_discover` (IP_MTU_DISCOVER; ip(7)). At first up to
 * net.ipv4.ip_no_pmtu_disc, WANT mostly.
 *
 * @return 0; kind INVALID_INPUT above LIBSOCK_MTU_DISCOVER_OMIT.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_mtu_discover_v4(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_mtu_discover_v4(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * Whether packets go whole or not at all: no router may cut them, and what is
 * too long for the interface is kind MSG_SIZE (IP_DONTFRAG, IP_DONTFRAGMENT; on
 * Linux IP_MTU_DISCOVER with PROBE, and with OFF for false; ip(7)). At first as
 * the system is set up; Linux's usual WANT reads as false, DO as true.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: on Linux it is one with libsock_set_mtu_discover_v4(). Not on
 *            NetBSD and OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dont_fragment_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_dont_fragment_v4(libsock_socket sock, bool *out_on);

/**
 * Whether each datagram brings its TTL (an int on Linux) or its traffic class
 * byte as ancillary data (IP_RECVTTL, IP_RECVTOS; ip(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: the message is of type IP_TTL and IP_TOS on Linux, IP_RECVTTL and
 *            IP_RECVTOS on the BSDs and Apple. recv_tos_v4: not on NetBSD,
 *            OpenBSD, Solaris.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_ttl_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_ttl_v4(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_recv_tos_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_tos_v4(libsock_socket sock, bool *out_on);

/**
 * Whether each datagram brings the address it was sent to and the interface it
 * came in by, as ancillary data (IP_PKTINFO; ip(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux, Apple, NetBSD, Windows; FreeBSD and OpenBSD tell the
 *            address alone (IP_RECVDSTADDR).
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_pktinfo_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_pktinfo_v4(libsock_socket sock, bool *out_on);

/**
 * Whether each datagram brings the address and port it was sent to before it
 * was redirected, as ancillary data (IP_RECVORIGDSTADDR; ip(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.29, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_original_dst_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_original_dst_v4(libsock_socket sock,
                                                 bool *out_on);

/**
 * Whether ICMP errors are kept in detail, for a receive with
 * LIBSOCK_MSG_ERRQUEUE (IP_RECVERR; ip(7)). Off at first.
 *
 * Once on, an error that came in makes the next unrelated call on the socket
 * fail once.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_err_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_err_v4(libsock_socket sock, bool *out_on);

/**
 * Whether a datagram that came in pieces brings the size of the largest of
 * them, as ancillary data; see control_net.h (IP_RECVFRAGSIZE,
 * IPV6_RECVFRAGSIZE). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.10.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_fragment_size_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_fragment_size_v4(libsock_socket sock,
                                                  bool *out_on);
LIBSOCK_API int libsock_set_recv_fragment_size_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_fragment_size_v6(libsock_socket sock,
                                                  bool *out_on);

/**
 * Where an incoming connection was going before a firewall redirected it here
 * (SO_ORIGINAL_DST). An IPv4 connection on an IPv6 socket is asked by this one
 * too.
 *
 * @return 0; kind NOT_FOUND when it was not redirected, or no connection
 *         tracking knows it.
 *
 * Platforms: Linux with netfilter, Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_original_dst_v4(libsock_socket sock,
                                            libsock_addr *out_addr);

/**
 * Whether each packet that is sent starts with its IP header (IP_HDRINCL;
 * raw(7)). Off at first, except for LIBSOCK_RAW(IPPROTO_RAW).
 *
 * @return 0; kind UNSUPPORTED on a socket that is not raw.
 *
 * Platforms: byte order of length and offset fields: the network order on
 *            Linux, the host order on older BSDs and Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_header_included_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_header_included_v4(libsock_socket sock,
                                               bool *out_on);

/**
 * Whether the socket may bind to and send from addresses of other hosts, for
 * transparent proxies (IP_TRANSPARENT; ip(7); IP_BINDANY, SO_BINDANY). Off at
 * first.
 *
 * @return 0; kind PERMISSION_DENIED to switch it on without CAP_NET_ADMIN or
 *         CAP_NET_RAW, or as another user than root.
 *
 * Platforms: Linux 2.6.24, FreeBSD, NetBSD, OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_ip_transparent_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_ip_transparent_v4(libsock_socket sock,
                                              bool *out_on);

/**
 * Whether bind() takes an address that no interface has yet (IP_FREEBIND;
 * ip(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_freebind_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_freebind_v4(libsock_socket sock, bool *out_on);

/**
 * Whether bind() with port 0 leaves the choice of the port to connect(), so
 * that more connections than ports are possible (IP_BIND_ADDRESS_NO_PORT;
 * ip(7)). Off at first. It serves IPv4 and IPv6.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.2.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_bind_address_no_port(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_bind_address_no_port(libsock_socket sock,
                                                 bool *out_on);

/**
 * Whether an IPv6 socket keeps to IPv6, instead of taking IPv4 traffic in
 * mapped addresses as well (IPV6_V6ONLY; ipv6(7)). Set it before bind(): the
 * default differs.
 *
 * @return 0; kind INVALID_INPUT after bind() on Linux; kind UNSUPPORTED on an
 *         IPv4 socket.
 *
 * Platforms: off at first on Linux (net.ipv6.bindv6only) and Apple, on on
 *            FreeBSD and Windows, always on on OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_only_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_only_v6(libsock_socket sock, bool *out_on);

/**
 * How many routers a unicast packet may pass (IPV6_UNICAST_HOPS; ipv6(7)). 64
 * at first mostly.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_unicast_hops_v6(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_unicast_hops_v6(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * The traffic class byte of each packet: DSCP and ECN (IPV6_TCLASS; ipv6(7)). 0
 * at first.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Platforms: as for libsock_set_tos_v4(); not on Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tclass_v6(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_tclass_v6(libsock_socket sock, uint32_t *out_value);

/**
 * The least hop limit of packets that are let in; 0 for any (IPV6_MINHOPCOUNT).
 * 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Platforms: Linux 2.6.35, OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_min_hops_v6(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_min_hops_v6(libsock_socket sock,
                                        uint32_t *out_value);

/**
 * The largest packet for the way to the connected peer, as known now (IPV6_MTU;
 * ipv6(7)).
 *
 * @return 0; kind NOT_CONNECTED without a peer.
 *
 * Units:     bytes.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_mtu_v6(libsock_socket sock, uint32_t *out_value);

/**
 * What is done about the largest packet of the way: an `enum
 * libsock_mtu_discover` (IPV6_MTU_DISCOVER; ipv6(7)). At first WANT.
 *
 * @return 0; kind INVALID_INPUT above LIBSOCK_MTU_DISCOVER_OMIT.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_mtu_discover_v6(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_mtu_discover_v6(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * Whether a datagram that is too long for the way fails with kind MSG_SIZE
 * instead of going out in pieces (IPV6_DONTFRAG; RFC 3542). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dont_fragment_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_dont_fragment_v6(libsock_socket sock, bool *out_on);

/**
 * Whether the OS labels the flows of this socket, which spreads them over equal
 * routes (IPV6_AUTOFLOWLABEL). At first net.ipv6.auto_flowlabels.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 3.17, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_auto_flow_label_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_auto_flow_label_v6(libsock_socket sock,
                                               bool *out_on);

/**
 * Whether each datagram brings its hop limit or its traffic class as ancillary
 * data, an int of type IPV6_HOPLIMIT or IPV6_TCLASS (IPV6_RECVHOPLIMIT,
 * IPV6_RECVTCLASS; RFC 3542). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_hoplimit_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_hoplimit_v6(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_recv_tclass_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_tclass_v6(libsock_socket sock, bool *out_on);

/**
 * Whether each datagram brings the address it was sent to and the interface it
 * came in by, as ancillary data (IPV6_RECVPKTINFO; RFC 3542). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_pktinfo_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_pktinfo_v6(libsock_socket sock, bool *out_on);

/**
 * Whether each datagram brings the address and port it was sent to before it
 * was redirected, as ancillary data (IPV6_RECVORIGDSTADDR). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.37, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_original_dst_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_original_dst_v6(libsock_socket sock,
                                                 bool *out_on);

/**
 * Whether ICMPv6 errors are kept in detail, for a receive with
 * LIBSOCK_MSG_ERRQUEUE (IPV6_RECVERR; ipv6(7)). Off at first.
 *
 * Once on, an error that came in makes the next unrelated call on the socket
 * fail once.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_err_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_err_v6(libsock_socket sock, bool *out_on);

/**
 * Where an incoming connection was going before a firewall redirected it here
 * (IP6T_SO_ORIGINAL_DST).
 *
 * @return 0; kind NOT_FOUND when it was not redirected, or no connection
 *         tracking knows it; kind UNSUPPORTED on an IPv4 socket.
 *
 * Platforms: Linux with netfilter, Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_original_dst_v6(libsock_socket sock,
                                            libsock_addr *out_addr);

/**
 * Whether each packet that is sent starts with its IPv6 header (IPV6_HDRINCL).
 * Off at first, except for LIBSOCK_RAW(IPPROTO_RAW).
 *
 * @return 0; kind UNSUPPORTED on a socket that is not raw.
 *
 * Platforms: Linux 4.5, Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_header_included_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_header_included_v6(libsock_socket sock,
                                               bool *out_on);

/**
 * Whether the socket may bind to and send from addresses of other hosts, for
 * transparent proxies (IPV6_TRANSPARENT, IPV6_BINDANY, SO_BINDANY). Off at
 * first.
 *
 * @return as libsock_set_ip_transparent_v4().
 *
 * Platforms: Linux 2.6.37, FreeBSD, NetBSD, OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_ip_transparent_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_ip_transparent_v6(libsock_socket sock,
                                              bool *out_on);

/**
 * Whether bind() takes an address that no interface has yet (IPV6_FREEBIND).
 * Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_freebind_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_freebind_v6(libsock_socket sock, bool *out_on);

LIBSOCK_END

#endif
