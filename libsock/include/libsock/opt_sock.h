/* SPDX-License-Identifier: MIT */
/**
 * @file opt_sock.h
 * The options of every socket: level SOL_SOCKET. Conventions, common errors
 * and the threads' rule are in opt.h. Kernel versions are those that added the
 * option; a setter and its getter share one comment.
 */
#ifndef LIBSOCK_OPT_SOCK_H
#define LIBSOCK_OPT_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** libsock_set_linger(): close() returns at once, sending goes on. */
#define LIBSOCK_NO_LINGER LIBSOCK_NO_TIMEOUT

/**
 * Whether datagrams may go to a broadcast address (SO_BROADCAST; socket(7)).
 *
 * Off at first: sending to one fails with kind PERMISSION_DENIED then. Streams
 * ignore it.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_broadcast(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_broadcast(libsock_socket sock, bool *out_on);

/**
 * Whether an idle connection is probed, and cut when the peer is gone
 * (SO_KEEPALIVE; socket(7)). Off at first.
 *
 * When, how often and how many times is up to libsock_set_tcp_keepalive().
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_keepalive(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_keepalive(libsock_socket sock, bool *out_on);

/**
 * Whether bind() may take a local address that an old connection still holds
 * (SO_REUSEADDR; socket(7)). Off at first.
 *
 * On Unix this is what a server that restarts wants; two sockets that listen on
 * one port stay forbidden.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux wants it on the old socket too. On Windows it allows any
 *            program to take over a bound port; use
 *            libsock_set_exclusive_address() in servers there.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_reuse_address(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_reuse_address(libsock_socket sock, bool *out_on);

/**
 * Whether several sockets may share one local address and port, all of them of
 * one user and all with this on before they bind (SO_REUSEPORT; socket(7)). Off
 * at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 3.9 and DragonFly spread connections and datagrams over the
 *            sockets; on the other BSDs and Apple the newest gets all. Not on
 *            Solaris, illumos and Windows.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_reuse_port(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_reuse_port(libsock_socket sock, bool *out_on);

/**
 * As libsock_set_reuse_port(), and spread over the sockets (SO_REUSEPORT_LB;
 * setsockopt(2) of FreeBSD). Off at first. Portable programs call
 * libsock_set_reuse_port_balanced() of opt_steer.h.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: FreeBSD 12. Elsewhere kind UNSUPPORTED; on Linux reuse_port
 *            spreads.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_reuse_port_lb(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_reuse_port_lb(libsock_socket sock, bool *out_on);

/**
 * Whether the bound port is safe from other programs that set reuse_address
 * (SO_EXCLUSIVEADDRUSE). Set it before bind().
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Windows. Elsewhere kind UNSUPPORTED, and not needed.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_exclusive_address(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_exclusive_address(libsock_socket sock,
                                              bool *out_on);

/**
 * What close() does with bytes that were not sent yet (SO_LINGER; socket(7)).
 *
 * LIBSOCK_NO_LINGER, at first: close() returns at once and the OS goes on
 * sending. 0: they are thrown away and the peer sees a reset. Else close()
 * blocks until they are sent, this long at most, also on a non-blocking socket.
 *
 * @return 0; kind INVALID_INPUT above 2147483647 s.
 *
 * Units:     nanoseconds, rounded up to whole seconds: 1 ns is 1 s, never the
 *            reset of 0.
 * Platforms: Apple: SO_LINGER_SEC. Windows: 65535 s at most.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_linger(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_linger(libsock_socket sock, uint64_t *out_time_ns);

/**
 * Whether urgent bytes stay in the stream, instead of coming only to a receive
 * that asks for them (SO_OOBINLINE; socket(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_out_of_band_inline(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_out_of_band_inline(libsock_socket sock,
                                               bool *out_on);

/**
 * How long a receive, an accept or (write) a send, a connect may block before
 * it fails with kind WOULD_BLOCK, or IN_PROGRESS from connect (SO_RCVTIMEO,
 * SO_SNDTIMEO; socket(7)).
 *
 * LIBSOCK_NO_TIMEOUT, at first: for ever. Waiting with poll() and the like is
 * not limited, and a non-blocking socket never waits.
 *
 * @return 0; kind INVALID_INPUT for 0, which the OS would take for "for ever".
 *
 * Units:     nanoseconds, rounded up to microseconds; Linux then rounds up to
 *            its clock tick and reads back so.
 * Platforms: Windows: milliseconds.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_read_timeout(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_read_timeout(libsock_socket sock,
                                         uint64_t *out_time_ns);
LIBSOCK_API int libsock_set_write_timeout(libsock_socket sock,
                                          uint64_t time_ns);
LIBSOCK_API int libsock_get_write_timeout(libsock_socket sock,
                                          uint64_t *out_time_ns);

/**
 * How much the OS buffers for this socket (SO_RCVBUF, SO_SNDBUF; socket(7)). A
 * hint: read back what came of it.
 *
 * Set it before connect() or listen() to have an effect on TCP windows; a fixed
 * size turns off the growth that Linux does by itself.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX.
 *
 * Units:     bytes.
 * Platforms: Linux doubles the value for its own bookkeeping, reads back the
 *            double, and keeps within net.core.rmem_max or wmem_max and a
 *            minimum of some KiB.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_buffer_size(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_recv_buffer_size(libsock_socket sock,
                                             size_t *out_bytes);
LIBSOCK_API int libsock_set_send_buffer_size(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_send_buffer_size(libsock_socket sock,
                                             size_t *out_bytes);

/**
 * As libsock_set_recv_buffer_size(), beyond the limit of the system
 * (SO_RCVBUFFORCE, SO_SNDBUFFORCE; socket(7)).
 *
 * @return 0; kind INVALID_INPUT above INT_MAX; kind PERMISSION_DENIED without
 *         CAP_NET_ADMIN.
 *
 * Units:     bytes.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_buffer_size_force(libsock_socket sock,
                                                   size_t bytes);
LIBSOCK_API int libsock_set_send_buffer_size_force(libsock_socket sock,
                                                   size_t bytes);

/**
 * How many bytes must be there (free) before a receive (a send) goes ahead and
 * the socket counts as readable (writable) (SO_RCVLOWAT, SO_SNDLOWAT;
 * socket(7)). 1 at first.
 *
 * @return 0; kind INVALID_INPUT for 0 and above INT_MAX.
 *
 * Units:     bytes.
 * Platforms: Linux refuses to set send_low_water with kind UNSUPPORTED, always.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_low_water(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_recv_low_water(libsock_socket sock,
                                           size_t *out_bytes);
LIBSOCK_API int libsock_set_send_low_water(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_send_low_water(libsock_socket sock,
                                           size_t *out_bytes);

/**
 * Whether to send to hosts on the same network only, past the routing table
 * (SO_DONTROUTE; socket(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dont_route(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_dont_route(libsock_socket sock, bool *out_on);

/**
 * Whether the OS records what the socket does (SO_DEBUG; socket(7)). Off at
 * first.
 *
 * @return 0; kind PERMISSION_DENIED without CAP_NET_ADMIN on Linux.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_debug(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_debug(libsock_socket sock, bool *out_on);

/**
 * Whether writing to a dead stream fails without a SIGPIPE (SO_NOSIGPIPE).
 * libsock sees to that by itself; see libsock_send().
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Apple and BSD. Elsewhere kind UNSUPPORTED, and not needed.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_nosigpipe(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_nosigpipe(libsock_socket sock, bool *out_on);

/**
 * The family that the socket was opened with (SO_DOMAIN; socket(7)): an `enum
 * libsock_domain`, or LIBSOCK_RAW() of one that libsock does not know.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_domain(libsock_socket sock, int *out_domain);

/**
 * The type that the socket was opened with (SO_TYPE; socket(7)): an `enum
 * libsock_type`, or LIBSOCK_RAW() of one that libsock does not know.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_type(libsock_socket sock, int *out_type);

/**
 * The protocol that the socket speaks (SO_PROTOCOL; socket(7)): a number of
 * `enum libsock_protocol` or IANA. A socket opened with 0 tells what it got;
 * AF_UNIX tells 0.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_protocol(libsock_socket sock, int *out_protocol);

/**
 * Whether listen() was called on the socket (SO_ACCEPTCONN; socket(7)).
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_is_listener(libsock_socket sock, bool *out_on);

/**
 * A number that no other socket (network namespace) of this system gets while
 * it runs (SO_COOKIE, SO_NETNS_COOKIE).
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.12 and 5.14.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_cookie(libsock_socket sock, uint64_t *out_value);
LIBSOCK_API int libsock_get_netns_cookie(libsock_socket sock,
                                         uint64_t *out_value);

/**
 * The number that routing rules and packet filters see on every packet of this
 * socket (SO_MARK; socket(7)). 0 at first.
 *
 * @return 0; kind PERMISSION_DENIED without CAP_NET_ADMIN, or CAP_NET_RAW since
 *         Linux 5.17.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_mark(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_mark(libsock_socket sock, uint32_t *out_value);

/**
 * The queueing priority or traffic class of packets of this socket
 * (SO_PRIORITY; socket(7)). 0 at first; setting tos_v4 changes it too.
 *
 * @return 0; kind PERMISSION_DENIED above 6 without CAP_NET_ADMIN.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_priority(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_priority(libsock_socket sock, uint32_t *out_value);

/**
 * The routing table that the socket uses (SO_SETFIB; setfib(2)).
 *
 * @return 0; kind INVALID_INPUT above INT_MAX.
 *
 * Platforms: FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_fib(libsock_socket sock, uint32_t value);

/**
 * The processor that handled the last packet of this socket; set, the one that
 * a group of reuse_port sockets prefers it for (SO_INCOMING_CPU; socket(7)).
 * -1: none yet.
 *
 * @return 0; kind INVALID_INPUT below -1.
 *
 * Platforms: Linux 3.19; to set 4.4.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_incoming_cpu(libsock_socket sock, int value);
LIBSOCK_API int libsock_get_incoming_cpu(libsock_socket sock, int *out_value);

/**
 * The receive queue that the last packet came by; 0: none yet
 * (SO_INCOMING_NAPI_ID; socket(7)).
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.12, with a driver that tells.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_incoming_napi_id(libsock_socket sock,
                                             uint32_t *out_value);

/**
 * How long a blocking receive asks the network card in a loop before it sleeps;
 * 0 for not at all (SO_BUSY_POLL; socket(7)). At first net.core.busy_read.
 *
 * @return 0; kind INVALID_INPUT above 2147483647 us; kind PERMISSION_DENIED for
 *         more than there was without CAP_NET_ADMIN, on some kernels.
 *
 * Units:     nanoseconds, rounded up to microseconds.
 * Platforms: Linux 3.11.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_busy_poll(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_busy_poll(libsock_socket sock,
                                      uint64_t *out_time_ns);

/**
 * Whether busy polling keeps the network card from interrupting
 * (SO_PREFER_BUSY_POLL). Off at first.
 *
 * @return 0; kind PERMISSION_DENIED to switch it on without CAP_NET_ADMIN.
 *
 * Platforms: Linux 5.11.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_prefer_busy_poll(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_prefer_busy_poll(libsock_socket sock, bool *out_on);

/**
 * How many packets one round of busy polling takes (SO_BUSY_POLL_BUDGET). 0 at
 * first: the kernel chooses.
 *
 * @return 0; kind INVALID_INPUT above 65535; kind PERMISSION_DENIED for more
 *         than there was without CAP_NET_ADMIN.
 *
 * Platforms: Linux 5.11, which does not tell it back.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_busy_poll_budget(libsock_socket sock,
                                             uint32_t value);

/**
 * Whether each message brings its sender's process, user and group (passcred)
 * or security label (passsec) as ancillary data (SO_PASSCRED, SO_PASSSEC;
 * unix(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux, AF_UNIX and netlink.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_passcred(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_passcred(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_passsec(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_passsec(libsock_socket sock, bool *out_on);

/**
 * Whether each message brings the time it came in as ancillary data, in
 * microseconds or nanoseconds (SO_TIMESTAMP, SO_TIMESTAMPNS; socket(7)). Off at
 * first; switching one on switches the other off.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: timestamp_ns: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_timestamp(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_timestamp(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_timestamp_ns(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_timestamp_ns(libsock_socket sock, bool *out_on);

/**
 * Which times of each message are taken and told (SO_TIMESTAMPING; Linux's
 * Documentation/networking/timestamping): OR of `enum libsock_timestamping`,
 * see control_time.h. 0 at first.
 *
 * @return 0; kind INVALID_INPUT for flags that the kernel does not have, or
 *         above INT_MAX.
 *
 * Platforms: Linux; hardware times also need a device that was told to take
 *            them.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_timestamping(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_timestamping(libsock_socket sock,
                                         uint32_t *out_value);

/**
 * Whether each message brings the number of messages that were dropped for want
 * of buffers since the socket was made, as ancillary data (SO_RXQ_OVFL;
 * socket(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.33.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_drop_count(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_drop_count(libsock_socket sock, bool *out_on);

/**
 * How far from the front a receive with LIBSOCK_MSG_PEEK starts; -1: at the
 * front, always (SO_PEEK_OFF; socket(7)). -1 at first. Each peek moves it on,
 * each receive moves it back.
 *
 * @return 0; kind INVALID_INPUT below -1.
 *
 * Units:     bytes.
 * Platforms: Linux 3.4 for AF_UNIX, 4.18 for UDP, 6.9 for TCP.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_peek_offset(libsock_socket sock, int value);
LIBSOCK_API int libsock_get_peek_offset(libsock_socket sock, int *out_value);

/**
 * Whether a send may be asked to leave the bytes where they are (SO_ZEROCOPY;
 * socket(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.14, TCP and UDP.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_zerocopy(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_zerocopy(libsock_socket sock, bool *out_on);

/**
 * Whether outgoing IPv4 UDP datagrams go without a checksum (SO_NO_CHECK). Off
 * at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_no_check(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_no_check(libsock_socket sock, bool *out_on);

/**
 * The interface that the socket is bound to, by name; the empty text for any
 * (SO_BINDTODEVICE; socket(7)). Only packets of that interface are received,
 * and all are sent by it.
 *
 * `text` is `len` bytes, 0 to 15, and may be NULL when `len` is 0, which ends
 * the binding. What `buf` gets is NUL-terminated, so `cap` must be greater than
 * the length; LIBSOCK_OPT_TEXT_SIZE always is.
 *
 * @return 0, or the length of the text; kind INVALID_INPUT for a longer text or
 *         one with a NUL in it; kind NO_BUFFERS when `cap` is too small; kind
 *         PERMISSION_DENIED without CAP_NET_RAW, always before Linux 5.7, later
 *         to end or change a binding; kind NOT_FOUND for an interface that is
 *         not there.
 *
 * Platforms: Linux; not for AF_PACKET, which binds by its address.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_device(libsock_socket sock, const char *text,
                                   size_t len);
LIBSOCK_API ptrdiff_t libsock_get_device(libsock_socket sock, char *buf,
                                         size_t cap);

/**
 * The interface that the socket is bound to, by index; 0 for any
 * (SO_BINDTOIFINDEX, IP_BOUND_IF, IPV6_BOUND_IF).
 *
 * The option's family must be the socket's on systems other than Linux.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX; kind PERMISSION_DENIED as for
 *         libsock_set_device(). Linux takes an index that no interface has.
 *
 * Platforms: Linux 5.1 (one option for both), Apple, illumos, Solaris.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_device_index_v4(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_device_index_v4(libsock_socket sock,
                                            uint32_t *out_value);
LIBSOCK_API int libsock_set_device_index_v6(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_device_index_v6(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * Let a program decide which packets the socket receives, cut to how many bytes
 * (SO_ATTACH_FILTER; socket(7)), or which socket of a reuse_port group gets
 * them (SO_ATTACH_REUSEPORT_CBPF). BPF_STMT() and the like write instructions:
 * <linux/filter.h>. A new program replaces the old one. Offset 0 is the UDP or
 * TCP header, on a raw IPv4 socket the IP header; for a group, the data.
 *
 * The program of a group is attached by any of its sockets, for all of them. It
 * returns a socket's number: from 0 in the order of bind() for UDP, of listen()
 * for TCP; the last one takes the number of one that leaves. A number that
 * nobody has leaves the choice to the OS.
 *
 * @return 0; kind INVALID_INPUT when `program` is NULL, `n` is 0 or over 65535,
 *         or the OS finds it faulty; kind PERMISSION_DENIED once lock_filter is
 *         on.
 *
 * Platforms: Linux; the group 4.5.
 * Since:     0.1
 */
LIBSOCK_API int libsock_attach_filter(libsock_socket sock,
                                      const libsock_filter *program, size_t n);
LIBSOCK_API int libsock_attach_reuse_port_filter(libsock_socket sock,
                                                 const libsock_filter *program,
                                                 size_t n);

/**
 * Take the program away again (SO_DETACH_FILTER, SO_DETACH_REUSEPORT_BPF;
 * socket(7)).
 *
 * @return 0; kind NOT_FOUND when there is none; kind PERMISSION_DENIED once
 *         lock_filter is on.
 *
 * Platforms: Linux; the group 5.3.
 * Since:     0.1
 */
LIBSOCK_API int libsock_detach_filter(libsock_socket sock);
LIBSOCK_API int libsock_detach_reuse_port_filter(libsock_socket sock);

/**
 * Whether the filter can no longer be changed or taken away (SO_LOCK_FILTER;
 * socket(7)). Off at first, and on for good.
 *
 * @return 0; kind PERMISSION_DENIED to switch it off.
 *
 * Platforms: Linux 3.9.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_lock_filter(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_lock_filter(libsock_socket sock, bool *out_on);

LIBSOCK_END

#endif
