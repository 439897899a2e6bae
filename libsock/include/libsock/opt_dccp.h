/* SPDX-License-Identifier: MIT */
/**
 * @file opt_dccp.h
 * The options of DCCP sockets (RFC 4340). Conventions, common errors and the
 * threads' rule are in opt.h. On a socket of another protocol, on a kernel
 * without DCCP (Linux dropped it in 6.16) and on other systems all return kind
 * UNSUPPORTED.
 *
 * A DCCP socket is libsock_open(domain, LIBSOCK_TYPE_DCCP,
 * LIBSOCK_PROTOCOL_DCCP, ...).
 */
#ifndef LIBSOCK_OPT_DCCP_H
#define LIBSOCK_OPT_DCCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * The service code that a connection asks for, or that a listener offers
 * (DCCP_SOCKOPT_SERVICE; RFC 4340, 8.1.2). Set it before bind or connect. A
 * connect for what is not offered fails with EBADRQC.
 *
 * @return 0, or as opt.h says.
 *
 * Units:     none: the kernel's number as it is, in network order.
 * Platforms: Linux 2.6.14 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dccp_service(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_dccp_service(libsock_socket sock,
                                         uint32_t *out_value);

/**
 * The congestion control of both directions (DCCP_SOCKOPT_CCID): 2 is like
 * TCP's, 3 is TFRC. Set it before connect or listen.
 *
 * @return 0; kind INVALID_INPUT above 255; else as opt.h says.
 *
 * Platforms: Linux 2.6.30 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dccp_ccid(libsock_socket sock, uint32_t value);

/**
 * The congestion control that was agreed on for what is sent, and for what is
 * received (DCCP_SOCKOPT_TX_CCID, _RX_CCID).
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.30 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_dccp_tx_ccid(libsock_socket sock,
                                         uint32_t *out_value);
LIBSOCK_API int libsock_get_dccp_rx_ccid(libsock_socket sock,
                                         uint32_t *out_value);

/**
 * The congestion controls that this kernel has (DCCP_SOCKOPT_AVAILABLE_CCIDS),
 * a byte each.
 *
 * @param      sock  DCCP socket. Borrowed.
 * @param[out] buf   `cap` bytes, of which the first are written; 16 are always
 *                   enough. Unspecified on failure.
 * @param      cap   Room.
 *
 * @return the bytes written; kind NO_BUFFERS when `cap` is too small; else as
 *         opt.h says.
 *
 * Platforms: Linux 2.6.30 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_get_dccp_available_ccids(libsock_socket sock,
                                                       void *buf, size_t cap);

/**
 * Whether a server, rather than its client, keeps the state of a connection
 * that ended (DCCP_SOCKOPT_SERVER_TIMEWAIT). Set it on an accepted socket.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.30 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dccp_server_timewait(libsock_socket sock,
                                                 bool value);
LIBSOCK_API int libsock_get_dccp_server_timewait(libsock_socket sock,
                                                 bool *out_value);

/**
 * How much of a packet its checksum covers, when sent and at least when
 * received (DCCP_SOCKOPT_SEND_CSCOV, _RECV_CSCOV; RFC 4340, 9.2): 0 is all of
 * it, n from 1 to 15 the header and (n - 1) words of data. Set it before
 * connect or listen. It reads as what the two ends agreed on; until then as 0.
 *
 * @return 0; kind INVALID_INPUT above 15; else as opt.h says.
 *
 * Units:     as said.
 * Platforms: Linux 2.6.22 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dccp_send_coverage(libsock_socket sock,
                                               uint32_t value);
LIBSOCK_API int libsock_get_dccp_send_coverage(libsock_socket sock,
                                               uint32_t *out_value);
LIBSOCK_API int libsock_set_dccp_recv_coverage(libsock_socket sock,
                                               uint32_t value);
LIBSOCK_API int libsock_get_dccp_recv_coverage(libsock_socket sock,
                                               uint32_t *out_value);

/**
 * How many packets may wait to be sent (DCCP_SOCKOPT_QPOLICY_TXQLEN); 0 for any
 * number.
 *
 * @return 0, or as opt.h says.
 *
 * Units:     packets.
 * Platforms: Linux 2.6.38 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_dccp_queue_length(libsock_socket sock,
                                              uint32_t value);
LIBSOCK_API int libsock_get_dccp_queue_length(libsock_socket sock,
                                              uint32_t *out_value);

/**
 * The most that one packet carries now (DCCP_SOCKOPT_GET_CUR_MPS).
 *
 * @return 0, or as opt.h says.
 *
 * Units:     bytes.
 * Platforms: Linux 2.6.22 to 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_dccp_max_packet_size(libsock_socket sock,
                                                 uint32_t *out_value);

LIBSOCK_END

#endif
