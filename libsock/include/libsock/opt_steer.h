/* SPDX-License-Identifier: MIT */
/**
 * @file opt_steer.h
 * Options that choose: which of several sockets gets a packet, and from which
 * port, interface and address, how fast and when one leaves. Classic filters
 * are in opt_sock.h. Conventions, common errors and the threads' rule are in
 * opt.h. Kernel versions are those that added the option.
 */
#ifndef LIBSOCK_OPT_STEER_H
#define LIBSOCK_OPT_STEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Whether several sockets may share one local address and port, and connections
 * and datagrams are spread over them (SO_REUSEPORT_LB, SO_REUSEPORT). All have
 * it on before they bind. Off at first.
 *
 * @return 0; kind UNSUPPORTED where sharing would not spread.
 *
 * Platforms: FreeBSD 12, DragonFly, Linux 3.9; on Linux it is one with
 *            libsock_set_reuse_port().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_reuse_port_balanced(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_reuse_port_balanced(libsock_socket sock,
                                                bool *out_on);

/**
 * Drop and cut packets by a program that the kernel has loaded (attach_bpf), or
 * choose by it which socket of a reuse_port group gets a packet: by number, as
 * libsock_attach_reuse_port_filter() counts them (attach_reuse_port_bpf)
 * (SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_EBPF; socket(7)). It takes the place of
 * another. `program` is a descriptor that bpf(2) gave, of type SOCKET_FILTER;
 * borrowed: the socket keeps the program, not the descriptor.
 * libsock_detach_filter() and libsock_detach_reuse_port_filter() end it.
 *
 * @return 0; kind BAD_DESCRIPTOR for a negative number; kind INVALID_INPUT for
 *         a descriptor that is no program; kind PERMISSION_DENIED when the
 *         filter is locked.
 *
 * Platforms: Linux 3.19 and 4.5.
 * Since:     0.1
 */
LIBSOCK_API int libsock_attach_bpf(libsock_socket sock, libsock_raw program);
LIBSOCK_API int libsock_attach_reuse_port_bpf(libsock_socket sock,
                                              libsock_raw program);

/**
 * Whether each message brings the priority (6.14) or the mark (5.19) that
 * packet filters and routing gave its packet, as ancillary data; see
 * control_net.h (SO_RCVPRIORITY, SO_RCVMARK; socket(7)). Off at first.
 *
 * @return 0; kind PERMISSION_DENIED for recv_mark without CAP_NET_ADMIN and
 *         CAP_NET_RAW.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_priority(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_priority(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_recv_mark(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_mark(libsock_socket sock, bool *out_on);

/**
 * The number that a firewall or an accounting tool knows this socket by
 * (SO_USER_COOKIE; setsockopt(2) of FreeBSD).
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: FreeBSD. On Linux see libsock_set_mark().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_user_cookie(libsock_socket sock, uint32_t value);

/**
 * The routing table that the socket uses (SO_RTABLE; setsockopt(2) of OpenBSD).
 *
 * @return 0; kind INVALID_INPUT above 255; kind PERMISSION_DENIED to change
 *         another one than the first without privilege.
 *
 * Platforms: OpenBSD. FreeBSD: libsock_set_fib().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_rtable(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_rtable(libsock_socket sock, uint32_t *out_value);

/**
 * The ports from which the OS chooses one for this socket (IP_LOCAL_PORT_RANGE;
 * ip(7)); 0 for an end that stays the system's
 * (net.ipv4.ip_local_port_range). Both are 0 at first. The kernel takes what
 * lies in the system's range too.
 *
 * @return 0; kind INVALID_INPUT when `low` is greater than `high`, both not 0.
 *
 * Platforms: Linux 6.3; on an IPv6 socket too.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_local_port_range(libsock_socket sock, uint16_t low,
                                             uint16_t high);
LIBSOCK_API int libsock_get_local_port_range(libsock_socket sock,
                                             uint16_t *out_low,
                                             uint16_t *out_high);

/**
 * The interface by which unicast packets leave, by its index, as long as the
 * socket is not bound to one; 0 for the routing table (IP_UNICAST_IF,
 * IPV6_UNICAST_IF; ip(7)). 0 at first. What comes in is not touched.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX, and on Linux for another
 *         interface than the one bound to; kind ADDR_NOT_AVAILABLE when there
 *         is no such interface.
 *
 * Platforms: Linux 3.3, Windows. The index is in host order here.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_unicast_if_v4(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_unicast_if_v4(libsock_socket sock,
                                          uint32_t *out_value);
LIBSOCK_API int libsock_set_unicast_if_v6(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_unicast_if_v6(libsock_socket sock,
                                          uint32_t *out_value);

/** Which of an interface's addresses a packet leaves from; RFC 5014. */
enum libsock_addr_preferences {
    LIBSOCK_ADDR_TEMPORARY = 0x1,  /**< One that changes, for privacy. */
    LIBSOCK_ADDR_PUBLIC = 0x2,     /**< One that stays. */
    LIBSOCK_ADDR_CARE_OF = 0x4,    /**< Mobile: of where it is now. */
    LIBSOCK_ADDR_CGA = 0x8,        /**< A cryptographic one. */
    LIBSOCK_ADDR_ANY_TIME = 0x100, /**< As the system is set up: reset of
                                    *   TEMPORARY and PUBLIC. */
    LIBSOCK_ADDR_HOME = 0x400,     /**< Mobile: of its home. */
    LIBSOCK_ADDR_NOT_CGA = 0x800   /**< Not a cryptographic one. */
};

/**
 * From which of its addresses an IPv6 socket sends that is not bound to one: OR
 * of `enum libsock_addr_preferences` (IPV6_ADDR_PREFERENCES; RFC 5014). What
 * was not asked for reads as the system's own rule.
 *
 * @return 0; kind INVALID_INPUT for bits that contradict each other and above
 *         0xfff.
 *
 * Platforms: Linux 2.6.26.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_addr_preferences_v6(libsock_socket sock,
                                                uint32_t value);
LIBSOCK_API int libsock_get_addr_preferences_v6(libsock_socket sock,
                                                uint32_t *out_value);

/** A rate without limit. */
#define LIBSOCK_NO_LIMIT UINT64_MAX

/**
 * How fast the socket sends at most (SO_MAX_PACING_RATE; socket(7)).
 * LIBSOCK_NO_LIMIT at first. TCP keeps to it by itself; other protocols where
 * the device's queue is of kind fq.
 *
 * @return 0; kind INVALID_INPUT for 0, and on a kernel that has no more than 32
 *         bits for a rate of more.
 *
 * Units:     bytes per second.
 * Blocking:  no; a set of 4294967295 and more costs a second call, to ask how
 *            many bits this kernel has.
 * Platforms: Linux 3.13, 64 bits since 4.20; FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_max_pacing_rate(libsock_socket sock,
                                            uint64_t bytes_per_s);
LIBSOCK_API int libsock_get_max_pacing_rate(libsock_socket sock,
                                            uint64_t *out_bytes_per_s);

/** Clocks, by Linux's numbers. */
enum libsock_clock {
    LIBSOCK_CLOCK_REALTIME = 0,  /**< Wall clock; it may be set. */
    LIBSOCK_CLOCK_MONOTONIC = 1, /**< Since the system started. */
    LIBSOCK_CLOCK_TAI = 11       /**< Wall clock without leap seconds. */
};

/** Bits of libsock_txtime.flags. */
enum libsock_txtime_flags {
    LIBSOCK_TXTIME_DEADLINE = 1, /**< The time is the latest, not the moment. */
    LIBSOCK_TXTIME_REPORT = 2    /**< What was dropped comes back on the error
                                  *   queue. */
};

/** How the times of departure of a socket's packets are meant. */
typedef struct libsock_txtime {
    int32_t clock;  /**< An `enum libsock_clock`. */
    uint32_t flags; /**< OR of `enum libsock_txtime_flags`. */
} libsock_txtime;

/**
 * Whether and how packets may carry the time at which they are to leave: it is
 * control data of the send (SO_TXTIME; socket(7)). It is kept where the
 * device's queue is of kind fq or etf.
 *
 * @return 0; kind INVALID_INPUT for NULL, unknown bits or an unknown clock;
 *         kind PERMISSION_DENIED for another clock than MONOTONIC without
 *         CAP_NET_ADMIN.
 *
 * Platforms: Linux 4.19.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_txtime(libsock_socket sock,
                                   const libsock_txtime *txtime);
LIBSOCK_API int libsock_get_txtime(libsock_socket sock,
                                   libsock_txtime *out_txtime);

LIBSOCK_END

#endif
