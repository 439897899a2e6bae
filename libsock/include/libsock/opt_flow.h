/* SPDX-License-Identifier: MIT */
/**
 * @file opt_flow.h
 * Flow labels of IPv6 (RFC 6437): 20 bits by which routers keep the packets of
 * one flow together and spread different flows. Conventions, common errors and
 * the threads' rule are in opt.h.
 *
 * Without any of this the OS makes labels up
 * (libsock_set_auto_flow_label_v6()). A label of one's own goes with a single
 * datagram as control data (libsock_control_put_flow_label()), or in
 * `flow_info` of the peer's address, in connect and send, once
 * libsock_set_send_flow_label_v6() is on; outside Linux it always counts there.
 * What a packet came with is control data too
 * (libsock_control_get_flow_label()), and part of no sender's address.
 */
#ifndef LIBSOCK_OPT_FLOW_H
#define LIBSOCK_OPT_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** The greatest flow label. */
#define LIBSOCK_FLOW_LABEL_MAX 0xfffff

/**
 * Whether the flow label in the address of a peer is sent
 * (IPV6_FLOWINFO_SEND). Off at first: the label in an address is ignored.
 *
 * Its traffic class bits are ignored either way: see libsock_set_tclass_v6().
 *
 * @return 0, or as opt.h says. Connecting and sending fail with kind
 *         INVALID_INPUT for a label that another's lease forbids.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_send_flow_label_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_send_flow_label_v6(libsock_socket sock,
                                               bool *out_on);

/**
 * Whether each datagram brings its flow label as ancillary data
 * (IPV6_FLOWINFO). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_flow_label_v6(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_flow_label_v6(libsock_socket sock,
                                               bool *out_on);

/** Who else on this host may use a leased label. */
enum libsock_flow_share {
    LIBSOCK_FLOW_EXCLUSIVE = 1, /**< Nobody. */
    LIBSOCK_FLOW_PROCESS = 2,   /**< Other sockets of this process. */
    LIBSOCK_FLOW_USER = 3,      /**< Processes of this user. */
    LIBSOCK_FLOW_ANY = 255      /**< Everybody who leases it too. */
};

/** A label that one asks for. */
typedef struct libsock_flow_lease {
    uint8_t dst[16];    /**< Where it will be sent to; not all zero. */
    uint32_t label;     /**< 1 to LIBSOCK_FLOW_LABEL_MAX; 0: any free one. */
    uint32_t share;     /**< An `enum libsock_flow_share`. */
    uint64_t linger_ns; /**< How long it stays taken after its release: 6 s to
                         *   65535 s; 0 for the least. */
} libsock_flow_lease;

/**
 * Take a flow label, so that nobody on this host labels another flow so
 * (IPV6_FLOWLABEL_MGR). The lease ends with the socket, or by
 * libsock_release_flow_label_v6(). Sending with it is another matter: see
 * above.
 *
 * While somebody has a lease that is not shared with ANY, nobody on this host
 * (in this network namespace) can send a label that is not leased.
 *
 * @param      sock       Open IPv6 socket. Borrowed.
 * @param      lease      What is asked for.
 * @param[out] out_label  The label, in host order.
 *
 * @return 0; kind INVALID_INPUT for NULL, a destination of zeros or an
 *         IPv4-mapped one, a member outside its range; kind
 *         PERMISSION_DENIED when somebody else has the label, and for more than
 *         150 s of lingering without CAP_NET_ADMIN; kind NO_BUFFERS when there
 *         are too many leases.
 *
 * Units:     nanoseconds, rounded up to whole seconds.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_lease_flow_label_v6(libsock_socket sock,
                                            const libsock_flow_lease *lease,
                                            uint32_t *out_label);

/**
 * Give a leased label back (IPV6_FLOWLABEL_MGR).
 *
 * @param sock   The socket that has the lease. Borrowed.
 * @param label  The label.
 *
 * @return 0; kind INVALID_INPUT for 0 or above LIBSOCK_FLOW_LABEL_MAX; kind
 *         NOT_FOUND when this socket has no such lease.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_release_flow_label_v6(libsock_socket sock,
                                              uint32_t label);

LIBSOCK_END

#endif
