/* SPDX-License-Identifier: MIT */
/**
 * @file opt_multicast.h
 * Multicast: which groups a socket is in, and how it sends to one. Addresses
 * are octets in network order, {224, 0, 0, 251}, or a libsock_addr where the
 * family is not in the name; interfaces go by a local address or, names in _n,
 * _v6 and _group, by index. Conventions, common errors and the
 * threads' rule are in opt.h.
 */
#ifndef LIBSOCK_OPT_MULTICAST_H
#define LIBSOCK_OPT_MULTICAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Whether the socket gets datagrams of every group that any socket of this host
 * has joined, not of its own only (IP_MULTICAST_ALL; ip(7)). On at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.31.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_all_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_multicast_all_v4(libsock_socket sock, bool *out_on);

/**
 * Whether sockets of this host get what this one sends to a group
 * (IP_MULTICAST_LOOP; ip(7)). On at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Windows applies it to the receiving socket.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_loop_v4(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_multicast_loop_v4(libsock_socket sock,
                                              bool *out_on);

/**
 * How many routers a packet to a group may pass; 0 keeps it on this host
 * (IP_MULTICAST_TTL; ip(7)). 1 at first.
 *
 * @return 0; kind INVALID_INPUT above 255 and, on Linux, on a stream socket.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_ttl_v4(libsock_socket sock,
                                             uint32_t value);
LIBSOCK_API int libsock_get_multicast_ttl_v4(libsock_socket sock,
                                             uint32_t *out_value);

/**
 * The interface by which packets to a group leave, named by its local address;
 * 0.0.0.0 for the routing table (IP_MULTICAST_IF; ip(7)). 0.0.0.0 at first.
 *
 * @return 0; kind ADDR_NOT_AVAILABLE when no interface has the address.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_if_v4(libsock_socket sock,
                                            const uint8_t octets[4]);
LIBSOCK_API int libsock_get_multicast_if_v4(libsock_socket sock,
                                            uint8_t out_octets[4]);

/**
 * The interface by which packets to a group leave, by its index; 0 for the
 * routing table (IP_MULTICAST_IF; ip(7)).
 *
 * @return 0; kind INVALID_INPUT above INT_MAX; kind ADDR_NOT_AVAILABLE when
 *         there is no such interface.
 *
 * Platforms: Linux, FreeBSD, Apple, Windows. No OS tells it back.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_if_v4_n(libsock_socket sock,
                                              uint32_t ifindex);

/**
 * Join or leave a group (IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP; ip(7)). `local`
 * is an address of the interface; 0.0.0.0 lets the OS choose.
 *
 * @return 0; kind INVALID_INPUT when `group` is no multicast address or a
 *         pointer is NULL; kind ADDR_IN_USE to join twice; kind
 *         ADDR_NOT_AVAILABLE to leave without having joined, or for an address
 *         that no interface has.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_multicast_v4(libsock_socket sock,
                                          const uint8_t group[4],
                                          const uint8_t local[4]);
LIBSOCK_API int libsock_leave_multicast_v4(libsock_socket sock,
                                           const uint8_t group[4],
                                           const uint8_t local[4]);

/**
 * Join or leave a group on the interface with this index; 0 lets the OS choose
 * (IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP; ip(7)).
 *
 * @return 0; as for libsock_join_multicast_v4(); kind NOT_FOUND when there is
 *         no such interface.
 *
 * Platforms: Linux, FreeBSD, Apple, Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_multicast_v4_n(libsock_socket sock,
                                            const uint8_t group[4],
                                            uint32_t ifindex);
LIBSOCK_API int libsock_leave_multicast_v4_n(libsock_socket sock,
                                             const uint8_t group[4],
                                             uint32_t ifindex);

/**
 * Join or leave a group for the datagrams of one sender
 * (IP_ADD_SOURCE_MEMBERSHIP, IP_DROP_SOURCE_MEMBERSHIP; ip(7)). `local` is an
 * address of the interface; 0.0.0.0 lets the OS choose.
 *
 * @return 0; as for libsock_join_multicast_v4().
 *
 * Platforms: not on NetBSD, OpenBSD, DragonFly.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_ssm_v4(libsock_socket sock,
                                    const uint8_t source[4],
                                    const uint8_t group[4],
                                    const uint8_t local[4]);
LIBSOCK_API int libsock_leave_ssm_v4(libsock_socket sock,
                                     const uint8_t source[4],
                                     const uint8_t group[4],
                                     const uint8_t local[4]);

/**
 * Drop the datagrams of one sender to a group that the socket has joined, or
 * take them again (IP_BLOCK_SOURCE, IP_UNBLOCK_SOURCE; ip(7)).
 *
 * @return 0; kind ADDR_NOT_AVAILABLE to unblock what is not blocked; on Linux
 *         kind INVALID_INPUT when the group was not joined.
 *
 * Platforms: not on NetBSD, OpenBSD, DragonFly.
 * Since:     0.1
 */
LIBSOCK_API int libsock_block_source_v4(libsock_socket sock,
                                        const uint8_t source[4],
                                        const uint8_t group[4],
                                        const uint8_t local[4]);
LIBSOCK_API int libsock_unblock_source_v4(libsock_socket sock,
                                          const uint8_t source[4],
                                          const uint8_t group[4],
                                          const uint8_t local[4]);

/**
 * Whether the socket gets datagrams of every group that any socket of this host
 * has joined, not of its own only (IPV6_MULTICAST_ALL; ipv6(7)). On at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.20.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_all_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_multicast_all_v6(libsock_socket sock, bool *out_on);

/**
 * Whether sockets of this host get what this one sends to a group
 * (IPV6_MULTICAST_LOOP; ipv6(7)). On at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Windows applies it to the receiving socket.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_loop_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_multicast_loop_v6(libsock_socket sock,
                                              bool *out_on);

/**
 * How many routers a packet to a group may pass (IPV6_MULTICAST_HOPS; ipv6(7)).
 * 1 at first.
 *
 * @return 0; kind INVALID_INPUT above 255.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_hops_v6(libsock_socket sock,
                                              uint32_t value);
LIBSOCK_API int libsock_get_multicast_hops_v6(libsock_socket sock,
                                              uint32_t *out_value);

/**
 * The interface by which packets to a group leave, by its index; 0 for the
 * routing table (IPV6_MULTICAST_IF; ipv6(7)). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX; kind NOT_FOUND when there is no
 *         such interface.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_multicast_if_v6(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_multicast_if_v6(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * Join or leave a group on the interface with this index; 0 lets the OS choose
 * (IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP; RFC 3493).
 *
 * @return 0; kind INVALID_INPUT when `group` is no multicast address or NULL;
 *         kind ADDR_IN_USE to join twice; kind ADDR_NOT_AVAILABLE to leave
 *         without having joined; kind NOT_FOUND when there is no such
 *         interface.
 *
 * Platforms: Linux also gives the socket what comes to the group by another
 *            interface, if anybody joined there; bind it to the device
 *            (libsock_set_device_index_v6()) to be spared that.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_multicast_v6(libsock_socket sock,
                                          const uint8_t group[16],
                                          uint32_t ifindex);
LIBSOCK_API int libsock_leave_multicast_v6(libsock_socket sock,
                                           const uint8_t group[16],
                                           uint32_t ifindex);

/**
 * Join or leave a group for the datagrams of one sender, on the interface with
 * this index; 0 lets the OS choose (MCAST_JOIN_SOURCE_GROUP,
 * MCAST_LEAVE_SOURCE_GROUP; RFC 3678).
 *
 * @return 0; as for libsock_join_multicast_v6().
 *
 * Platforms: not on NetBSD, OpenBSD, DragonFly.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_ssm_v6(libsock_socket sock,
                                    const uint8_t source[16],
                                    const uint8_t group[16], uint32_t ifindex);
LIBSOCK_API int libsock_leave_ssm_v6(libsock_socket sock,
                                     const uint8_t source[16],
                                     const uint8_t group[16], uint32_t ifindex);

/**
 * Join or leave a group, of either family, on the interface with this index; 0
 * lets the OS choose (MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP; RFC 3678). Of the
 * address only the octets count, and the scope of an IPv6 group, which must be
 * 0 or `ifindex`.
 *
 * @return 0; kind INVALID_INPUT when `group` is NULL, of another family or no
 *         multicast address, or its scope is another interface; kind
 *         ADDR_IN_USE to join twice; kind ADDR_NOT_AVAILABLE to leave without
 *         having joined; kind NOT_FOUND when there is no such interface.
 *
 * Platforms: not on NetBSD, OpenBSD, DragonFly. An IPv6 socket that speaks IPv4
 *            too may join IPv4 groups on Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_group(libsock_socket sock,
                                   const libsock_addr *group, uint32_t ifindex);
LIBSOCK_API int libsock_leave_group(libsock_socket sock,
                                    const libsock_addr *group,
                                    uint32_t ifindex);

/**
 * Join or leave a group for the datagrams of one sender; drop those of one
 * sender to a group that was joined for all, or take them again
 * (MCAST_JOIN_SOURCE_GROUP, MCAST_LEAVE_SOURCE_GROUP, MCAST_BLOCK_SOURCE,
 * MCAST_UNBLOCK_SOURCE; RFC 3678).
 *
 * @return 0; as for libsock_join_group(), `source` being of the group's family;
 *         kind ADDR_NOT_AVAILABLE to unblock what is not blocked.
 *
 * Platforms: not on NetBSD, OpenBSD, DragonFly.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_group_source(libsock_socket sock,
                                          const libsock_addr *source,
                                          const libsock_addr *group,
                                          uint32_t ifindex);
LIBSOCK_API int libsock_leave_group_source(libsock_socket sock,
                                           const libsock_addr *source,
                                           const libsock_addr *group,
                                           uint32_t ifindex);
LIBSOCK_API int libsock_block_group_source(libsock_socket sock,
                                           const libsock_addr *source,
                                           const libsock_addr *group,
                                           uint32_t ifindex);
LIBSOCK_API int libsock_unblock_group_source(libsock_socket sock,
                                             const libsock_addr *source,
                                             const libsock_addr *group,
                                             uint32_t ifindex);

/** The most senders that a libsock_group_filter is about. */
#define LIBSOCK_GROUP_SOURCES_MAX 64

/** What the senders of a libsock_group_filter are. */
enum libsock_group_mode {
    LIBSOCK_GROUP_INCLUDE = 1, /**< Only they are heard. */
    LIBSOCK_GROUP_EXCLUDE = 2  /**< All but they are heard. */
};

/** Who is heard in a group that was joined. */
typedef struct libsock_group_filter {
    libsock_addr group; /**< IPv4 or IPv6; only the octets count. */
    uint32_t ifindex;   /**< The interface it was joined on; 0: chosen by the
                         *   OS. */
    int32_t mode;       /**< An `enum libsock_group_mode`. */
} libsock_group_filter;

/**
 * Say at once who is heard in a group that was joined before (MCAST_MSFILTER;
 * setsourcefilter() of RFC 3678). It takes the place of everything that was
 * said about the senders. To hear nobody is to leave the group.
 *
 * @param sock     Open socket. Borrowed.
 * @param filter   The group, and what `sources` are.
 * @param sources  `n` addresses of the group's family, of which only the octets
 *                 count; may be NULL when `n` is 0.
 * @param n        0 to LIBSOCK_GROUP_SOURCES_MAX.
 *
 * @return 0; kind INVALID_INPUT for NULL, another mode, more senders or one of
 *         another family, a group as in libsock_join_group(), and on Linux for
 *         one that was not joined; kind ADDR_NOT_AVAILABLE for one elsewhere;
 *         kind NO_BUFFERS for more senders than the system's limit
 *         (net.ipv4.igmp_max_msf, 10 mostly).
 *
 * Platforms: Linux, FreeBSD, Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_filter_group(libsock_socket sock,
                                     const libsock_group_filter *filter,
                                     const libsock_addr *sources, size_t n);

/**
 * Who is heard in a group that was joined.
 *
 * @param         sock         Open socket. Borrowed.
 * @param[in,out] filter       The group and the interface; `mode` is written.
 * @param[out]    sources  Room for `cap` addresses, of which the first are
 *                             written; may be NULL when `cap` is 0.
 * @param         cap          0 asks for the mode and the number alone.
 *
 * @return the number of senders; kind NO_BUFFERS when there are more than `cap`
 *         or LIBSOCK_GROUP_SOURCES_MAX; kind ADDR_NOT_AVAILABLE for a group
 *         that was not joined; else as libsock_filter_group().
 *
 * Platforms: as libsock_filter_group().
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_get_group_filter(libsock_socket sock,
                                               libsock_group_filter *filter,
                                               libsock_addr *sources,
                                               size_t cap);

LIBSOCK_END

#endif
