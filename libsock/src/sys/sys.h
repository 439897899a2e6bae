/* SPDX-License-Identifier: MIT */
/*
 * What a port of libsock supplies. A port is a folder sys/<os>/ (files missing
 * there come from sys/stub/) that defines every function below; the portable
 * code above calls nothing else of the OS. docs/PORTING.md is the check-list.
 *
 * For all of them: pointers are not NULL and flags are known unless said
 * otherwise, because the public function checked; sockets may be anything, the
 * OS judges them. A function makes the one system call that it is named for,
 * may block as that call does, holds no lock, keeps no state, and returns what
 * the public function returns: >= 0, or minus the native code. On failure no
 * output is written and no descriptor is left open.
 */
#ifndef LIBSOCK__SYS_H
#define LIBSOCK__SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/control_error.h>
#include <libsock/control_net.h>
#include <libsock/control_unix.h>
#include <libsock/interface.h>
#include <libsock/io.h>
#include <libsock/mptcp_info.h>
#include <libsock/opt.h>
#include <libsock/opt_flow.h>
#include <libsock/opt_multicast.h>
#include <libsock/opt_raw.h>
#include <libsock/opt_sctp.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_tcp.h>
#include <libsock/resolve.h>
#include <libsock/socket.h>
#include <libsock/tcp_info.h>
#include <libsock/transfer.h>
#include <libsock/types.h>

/* error.c: the native code of an `enum libsock_kind` but OK, negated; how the
 * portable code makes an error of its own. Never 0. */
int libsock__sys_error(int kind);
/* error.c: the kind and the name of a native code (positive); OTHER and NULL
 * when unknown. */
int libsock__sys_error_kind(int code);
const char *libsock__sys_error_name(int code);
/* error.c: as libsock_error_text(), for a positive code. */
size_t libsock__sys_error_text(int code, char *buf, size_t cap);

/* const.c: native constants of the portable ones (LIBSOCK_RAW() taken off);
 * -1 when this OS has no such thing or the number is out of range. */
int libsock__sys_domain(int domain);
int libsock__sys_type(int type);
int libsock__sys_protocol(int protocol);
/* const.c: those of `enum libsock_open_flags` that this OS has. */
uint32_t libsock__sys_open_flags(void);
/* const.c: the way back; LIBSOCK_RAW(native) when there is no portable one. */
int libsock__sys_domain_of(int native);
int libsock__sys_type_of(int native);
/* const.c: native transfer flags, MSG_NOSIGNAL not included. INVALID_INPUT for
 * an unknown bit, UNSUPPORTED for one that this OS lacks. */
int libsock__sys_msg_flags(int flags, int *out_native);
/* const.c: portable flags that the OS reported in a received message. */
int libsock__sys_msg_flags_of(int native);

/* addr.c: the family of a non-empty address, native. */
int libsock__sys_addr_family(const libsock_addr *addr);
/* addr.c: encode and decode one family. `out` is written whole, padding zeroed.
 * decode knows that the family is right, and returns INVALID_INPUT when the
 * address is shorter than that. */
int libsock__sys_addr_put_ipv4(const uint8_t octets[4], uint16_t port,
                               libsock_addr *out);
int libsock__sys_addr_get_ipv4(const libsock_addr *addr, uint8_t octets[4],
                               uint16_t *out_port);
int libsock__sys_addr_put_ipv6(const libsock_ipv6 *ipv6, libsock_addr *out);
int libsock__sys_addr_get_ipv6(const libsock_addr *addr,
                               libsock_ipv6 *out_ipv6);
int libsock__sys_addr_put_unix(int form, const char *name, size_t len,
                               libsock_addr *out);
int libsock__sys_addr_get_unix(const libsock_addr *addr, int *out_form,
                               const char **out_name, size_t *out_len);
int libsock__sys_addr_put_vsock(uint32_t cid, uint32_t port, libsock_addr *out);
int libsock__sys_addr_get_vsock(const libsock_addr *addr, uint32_t *out_cid,
                                uint32_t *out_port);
int libsock__sys_addr_put_packet(const libsock_packet *packet,
                                 libsock_addr *out);
int libsock__sys_addr_get_packet(const libsock_addr *addr,
                                 libsock_packet *out_packet);
int libsock__sys_addr_put_netlink(uint32_t port_id, uint32_t groups,
                                  libsock_addr *out);
int libsock__sys_addr_get_netlink(const libsock_addr *addr,
                                  uint32_t *out_port_id, uint32_t *out_groups);
/* addr.c: lengthen an address that the OS stores shorter than it takes it. */
void libsock__sys_addr_whole(libsock_addr *addr);
/* addr.c: whether AF_UNIX has abstract names (Linux). Where not, a path that
 * begins with NUL is no name. */
bool libsock__sys_has_abstract(void);
/* addr.c: the index of an interface, for a zone; NUL-terminated name. */
int libsock__sys_if_index(const char *name, uint32_t *out_index);

/* flags_atomic.c or flags_fcntl.c: the calls that make descriptors. Domain,
 * type and protocol are native; flags are among libsock__sys_open_flags(). */
int libsock__sys_open(int domain, int type, int protocol, uint32_t flags,
                      libsock_raw *out_raw);
int libsock__sys_pair(const int native[3], uint32_t flags,
                      libsock_raw out_pair[2]);
int libsock__sys_accept(libsock_raw sock, uint32_t flags, libsock_raw *out_raw,
                        libsock_addr *out_peer_or_null);

/* socket.c */
int libsock__sys_dup(libsock_raw sock, libsock_raw *out_raw);
int libsock__sys_close(libsock_raw sock);
int libsock__sys_bind(libsock_raw sock, const libsock_addr *addr);
int libsock__sys_listen(libsock_raw sock, int backlog);
int libsock__sys_connect(libsock_raw sock, const libsock_addr *addr);
int libsock__sys_local_addr(libsock_raw sock, libsock_addr *out_addr);
int libsock__sys_peer_addr(libsock_raw sock, libsock_addr *out_addr);
int libsock__sys_shutdown(libsock_raw sock, int how);
int libsock__sys_take_error(libsock_raw sock, int *out_error);
int libsock__sys_set_nonblocking(libsock_raw sock, bool nonblock);
int libsock__sys_get_nonblocking(libsock_raw sock, bool *out_nonblock);
int libsock__sys_set_inheritable(libsock_raw sock, bool inherit);
int libsock__sys_get_inheritable(libsock_raw sock, bool *out_inherit);

/* interface_name.c: the way back, the rest of the array zeroed. */
int libsock__sys_if_name(uint32_t index,
                         char out_name[LIBSOCK_INTERFACE_NAME_SIZE]);
/* interface_netlink.c or interface_getifaddrs.c: all interfaces and their
 * addresses into an empty table, in any order; the caller frees it in any case.
 * As many calls as it takes. */
struct libsock__link_table;
int libsock__sys_interfaces(struct libsock__link_table *table);

/* What libsock_resolve() asks: texts that were judged, native numbers, portable
 * flags. */
typedef struct libsock__resolve_query {
    const char *host;
    const char *service;
    int domain;
    int type;
    int protocol;
    uint32_t flags;
} libsock__resolve_query;
/* resolve.c: ask, as long as it takes. next() steps `at` through the answers,
 * from the first one; canonical() is NULL when there is none. */
int libsock__sys_resolve(const libsock__resolve_query *query,
                         void **out_answers);
bool libsock__sys_resolve_next(const void **at, libsock_resolved *out);
const char *libsock__sys_resolve_canonical(const void *answers);
void libsock__sys_resolve_free(void *answers);
int libsock__sys_resolve_name(const libsock_addr *addr, uint32_t flags,
                              libsock_resolved_name *out_name);
/* resolve_error.c: the resolver's own code behind a native one (positive); 0
 * when that is the OS's. */
int libsock__sys_resolve_code(int code);

/* clock.c: nanoseconds of a clock that never goes back. */
uint64_t libsock__sys_now_ns(void);
/* wait_ppoll.c or wait_poll.c: wait until `sock` can be written or has failed,
 * `wait_ns` at most; LIBSOCK_RAW_INVALID only lets the time go by. 1 or 0; a 0
 * may come before the time, but not much. UINT64_MAX is as long as the OS can
 * be told. */
int libsock__sys_wait_writable(libsock_raw sock, uint64_t wait_ns);

/* queue.c: one of the counts below; at the mark is 1 or 0. UNSUPPORTED for what
 * this OS cannot tell. */
enum libsock__queue {
    LIBSOCK__QUEUE_UNREAD,
    LIBSOCK__QUEUE_UNACKED,
    LIBSOCK__QUEUE_UNSENT,
    LIBSOCK__QUEUE_AT_MARK
};
int libsock__sys_queued(libsock_raw sock, int which, size_t *out_value);

/* io.c: flags are portable and unchecked; addresses may be NULL. The hot path:
 * flags of 0 must cost one compare. */
ptrdiff_t libsock__sys_send(libsock_raw sock, const void *buf, size_t len,
                            int flags);
ptrdiff_t libsock__sys_recv(libsock_raw sock, void *buf, size_t cap, int flags);
ptrdiff_t libsock__sys_send_to(libsock_raw sock, const void *buf, size_t len,
                               int flags, const libsock_addr *to);
ptrdiff_t libsock__sys_recv_from(libsock_raw sock, void *buf, size_t cap,
                                 int flags, libsock_addr *out_from);
/* msg.c: as io.c. The sender's whole room is offered on each call. More buffers
 * than the OS takes are cut to its limit on a stream, and refused elsewhere. */
ptrdiff_t libsock__sys_send_msg(libsock_raw sock, const libsock_msg *msg,
                                int flags);
ptrdiff_t libsock__sys_recv_msg(libsock_raw sock, libsock_msg *msg, int flags);
/* msg.c: the fields whose place differs. set judges the alignment; the length
 * is at most INT_MAX. */
int libsock__sys_msg_set_control(libsock_msg *msg, void *control_or_null,
                                 size_t len);
size_t libsock__sys_msg_control_len(const libsock_msg *msg);
const void *libsock__sys_msg_control(const libsock_msg *msg);

/* batch.c: as msg.c for each message, and its length in `n_bytes`; `msgs` may
 * be NULL when `n` is 0. The number of messages moved, or the failure of the
 * first. */
ptrdiff_t libsock__sys_send_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags);
ptrdiff_t libsock__sys_recv_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags);

/* Control data; none of these makes a system call. Addresses of records have
 * any alignment. */

/* control.c: what a record with a payload of `len` takes; at most INT_MAX / 2
 * is asked for. */
size_t libsock__sys_control_space(size_t len);
/* control.c: write a header into zeroed room of that size, return where the
 * payload goes. */
unsigned char *libsock__sys_control_head(unsigned char *at, int level, int type,
                                         size_t len);
/* control.c: the record at `at`, of which `left` bytes are there, its kind
 * found out, and the way to the next. 1; 0 when not even a header is left;
 * INVALID_INPUT for a length that does not fit. */
int libsock__sys_control_parse(const unsigned char *at, size_t left,
                               libsock_control *out_record, size_t *out_step);

/* A record that the port has made of a value. */
typedef struct libsock__control_made {
    int level;
    int type;
    size_t len;
    uint64_t bytes[4];
} libsock__control_made;

/* control.c: a kind that holds a number; a kind has one record per domain, or
 * one for UNSPEC. UNSUPPORTED where the OS takes no such record. */
int libsock__sys_control_number(int kind, int domain, uint64_t value,
                                libsock__control_made *out);
/* control.c: the record of descriptors, the size of one, and the one at `i` in
 * a payload. put: BAD_DESCRIPTOR for what cannot be one. */
int libsock__sys_control_fds(int *out_level, int *out_type);
size_t libsock__sys_control_fd_size(void);
libsock_raw libsock__sys_control_get_fd(const void *payload, size_t i);
int libsock__sys_control_put_fd(unsigned char *payload, size_t i,
                                libsock_raw fd);
/* control_net.c: the record is of kind PKTINFO; the domain is one of the two.
 * INVALID_INPUT for a length that is not the structure's. */
int libsock__sys_control_get_pktinfo(const libsock_control *record,
                                     libsock_pktinfo *out_info);
int libsock__sys_control_put_pktinfo(const libsock_pktinfo *info,
                                     libsock__control_made *out);
/* <os>/control.c: the `n` times of a record of kind TIMESTAMP or TIMESTAMPS, in
 * nanoseconds. INVALID_INPUT for another length, or what is no time. */
int libsock__sys_control_times(const libsock_control *record, size_t n,
                               uint64_t *out_ns);
/* The record is of kind ERROR; INVALID_INPUT when it is too
 * short. `out` may be written on failure. */
int libsock__sys_control_error(const libsock_control *record,
                               libsock_sock_error *out_error);
/* The record is of kind CRED. */
int libsock__sys_control_get_cred(const libsock_control *record,
                                  libsock_cred *out_cred);
int libsock__sys_control_put_cred(const libsock_cred *cred,
                                  libsock__control_made *out);

/* linux/peer.c, bsd/peer.c, bsd/peer_xucred.c or a stub: who the peer is.
 * NOT_CONNECTED when the OS keeps no record of one, UNSUPPORTED when it never
 * does, or on another sort of socket. A room of 0 asks for the count or length
 * alone; what does not fit is NO_BUFFERS. */
int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred);
ptrdiff_t libsock__sys_peer_groups(libsock_raw sock, uint32_t *groups_or_null,
                                   size_t cap);
int libsock__sys_peer_pidfd(libsock_raw sock, libsock_raw *out_fd);
ptrdiff_t libsock__sys_peer_label(libsock_raw sock, char *buf_or_null,
                                  size_t cap);

/* linux/transfer.c, <os>/send_file.c or a stub: `offset` is not negative, `len`
 * is 1 to 0x7ffff000 and does not reach beyond INT64_MAX. What went before a
 * failure is the result, and the failure is forgotten. No SIGPIPE. */
ptrdiff_t libsock__sys_send_file(libsock_raw sock, libsock_raw file,
                                 int64_t offset, size_t len);
/* linux/transfer.c or a stub: each offset is at most INT64_MAX or
 * LIBSOCK_NO_OFFSET, the flags are known. No SIGPIPE. */
ptrdiff_t libsock__sys_splice(const libsock_splice_end *from,
                              const libsock_splice_end *to, size_t len,
                              int flags);

/* process.c: the number of this process; -1 where it has none. */
int64_t libsock__sys_process_id(void);
/* process.c: take a variable out of the environment, if it is there. */
int libsock__sys_unset_env(const char *name);

/* opt.c: one socket option, native level and name. get leaves the stored
 * length in *len. INVALID_INPUT for a length that the OS cannot be told. */
int libsock__sys_setopt(libsock_raw sock, int level, int name,
                        const void *value, size_t len);
int libsock__sys_getopt(libsock_raw sock, int level, int name, void *value,
                        size_t *len);

/* What a row of opt_list.h is to this OS. `id` is an `enum libsock__opt`; all
 * of these return UNSUPPORTED for a row whose constant this OS lacks. */

/* opt_native.c: level and name of a row; makes no system call. */
int libsock__sys_opt_native(int id, int *out_level, int *out_name);
/* opt_number.c: the unit of kind TIMEVAL, an `enum libsock_opt_unit`. */
int libsock__sys_opt_timeout_unit(void);
/* opt_number.c: a row whose value is a number or a time, in the row's unit and
 * within its range, in the form that this OS wants. TIMEVAL: 0 is for ever.
 * LINGER: -1 is off. DOMAIN and TYPE are native. U64 is the same bits. get
 * returns UNSUPPORTED for an answer of a length that no number has. */
int libsock__sys_opt_set_number(libsock_raw sock, int id, int64_t value);
int libsock__sys_opt_get_number(libsock_raw sock, int id, int64_t *out_value);

/* What kinds MREQ4, MREQN4, SSM4, MREQ6, SSM6 and IF4 are made of; a row uses
 * what its kind has, the rest is not looked at. */
typedef struct libsock__membership {
    const uint8_t *group;  /* 4 or 16 octets in network order */
    const uint8_t *source; /* of SSM4, SSM6: the same */
    const uint8_t *local;  /* of MREQ4, SSM4: an address of the interface */
    uint32_t ifindex;      /* of MREQN4, MREQ6, SSM6, IF4; 0 for any */
} libsock__membership;
/* opt_membership.c */
int libsock__sys_opt_set_membership(libsock_raw sock, int id,
                                    const libsock__membership *what);
/* What kinds GROUP and SOURCE are made of: addresses of IPv4 or IPv6, both of
 * one family, of which only the octets count. */
typedef struct libsock__group {
    const libsock_addr *group;
    const libsock_addr *source; /* of SOURCE */
    uint32_t ifindex;           /* 0 for any */
} libsock__group;
/* opt_group.c */
int libsock__sys_opt_set_group(libsock_raw sock, int id,
                               const libsock__group *what);
/* opt_sources.c: a filter of IPv4 or IPv6, its senders of the same family, at
 * most LIBSOCK_GROUP_SOURCES_MAX. get: NO_BUFFERS for what does not fit, but
 * for a `cap` of 0. */
int libsock__sys_opt_set_sources(libsock_raw sock,
                                 const libsock_group_filter *filter,
                                 const libsock_addr *sources, size_t n);
ptrdiff_t libsock__sys_opt_get_sources(libsock_raw sock,
                                       libsock_group_filter *filter,
                                       libsock_addr *sources, size_t cap);
/* opt_rate.c: bytes per second, not 0; UINT64_MAX is without limit.
 * INVALID_INPUT for a rate that this kernel would cut, which may cost a second
 * call to find out. */
int libsock__sys_opt_set_rate(libsock_raw sock, int id, uint64_t rate);
int libsock__sys_opt_get_rate(libsock_raw sock, int id, uint64_t *out_rate);
/* opt_icmp.c: one bit of `block` for each type. */
int libsock__sys_opt_set_icmp6(libsock_raw sock,
                               const libsock_icmp_filter *filter);
int libsock__sys_opt_get_icmp6(libsock_raw sock,
                               libsock_icmp_filter *out_filter);
/* opt_linux.c: structures that Linux alone has. The key is within its limits,
 * its peer of IPv4 or IPv6, the prefix not longer than the address. */
int libsock__sys_opt_set_txtime(libsock_raw sock, const libsock_txtime *txtime);
int libsock__sys_opt_get_txtime(libsock_raw sock, libsock_txtime *out_txtime);
int libsock__sys_opt_set_md5(libsock_raw sock, const libsock_tcp_md5 *key);
/* opt_linux.c: INVALID_INPUT for an address that is too long for the OS. */
int libsock__sys_opt_set_packet(libsock_raw sock, int id,
                                const libsock_packet_membership *what);
int libsock__sys_opt_take_packet(libsock_raw sock,
                                 libsock_packet_statistics *out_statistics);
/* opt_linux.c: a lease whose members are within their range, its time in
 * seconds; a label in host order. */
int libsock__sys_opt_lease_flow(libsock_raw sock,
                                const libsock_flow_lease *lease,
                                uint16_t linger_s, uint32_t *out_label);
int libsock__sys_opt_release_flow(libsock_raw sock, uint32_t label);
/* opt_linux.c: as many calls as it takes; the socket may be any. */
int libsock__sys_vsock_cid(uint32_t *out_cid);
/* tcp_info.c, mptcp_info.c: all of `out`, with what the kernel told. */
int libsock__sys_tcp_info(libsock_raw sock, libsock_tcp_info *out_info);
int libsock__sys_mptcp_info(libsock_raw sock, libsock_mptcp_info *out_info);
/* opt_accept.c: kind ACCEPT, a text without a NUL; a length of 0 is none. get
 * has room for any name, and leaves the stored length in *len. */
int libsock__sys_opt_set_accept(libsock_raw sock, const char *text, size_t len);
int libsock__sys_opt_get_accept(libsock_raw sock, char *text, size_t *len);

/* opt_sctp.c: addresses are of IPv4 and IPv6, 1 to LIBSOCK_SCTP_ADDRS_MAX. */
/* Streams out, streams in, attempts, milliseconds. */
int libsock__sys_sctp_set_init(libsock_raw sock, const uint16_t init[4]);
int libsock__sys_sctp_get_init(libsock_raw sock, uint16_t out_init[4]);
int libsock__sys_sctp_addresses(libsock_raw sock, int id,
                                const libsock_addr *addrs, size_t n);
/* The record is of kind SCTP; the flags are known. */
int libsock__sys_control_get_sctp(const libsock_control *record,
                                  libsock_sctp_message *out_message);
int libsock__sys_control_put_sctp(const libsock_sctp_message *message,
                                  libsock__control_made *out);

/* opt_filter.c: `n` is 1 to UINT16_MAX. */
int libsock__sys_opt_set_filter(libsock_raw sock, int id,
                                const libsock_filter *program, size_t n);

#endif
