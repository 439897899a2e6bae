/* SPDX-License-Identifier: MIT */
/**
 * @file opt_sctp.h
 * What SCTP has besides the calls of every protocol (RFC 6458): its options,
 * streams of messages, and several addresses for one end. Conventions, common
 * errors and the threads' rule are in opt.h. On a socket of another protocol,
 * on a kernel without SCTP and on other systems than Linux all return kind
 * UNSUPPORTED.
 *
 * A socket for one association is libsock_open(domain, LIBSOCK_TYPE_STREAM,
 * LIBSOCK_PROTOCOL_SCTP, ...), one for many LIBSOCK_TYPE_SEQPACKET.
 */
#ifndef LIBSOCK_OPT_SCTP_H
#define LIBSOCK_OPT_SCTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/control.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Whether small messages leave at once, instead of waiting for more to go with
 * them (SCTP_NODELAY). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_sctp_nodelay(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_sctp_nodelay(libsock_socket sock, bool *out_on);

/**
 * Whether a message that is too long for one packet fails with kind MSG_SIZE,
 * instead of going in pieces (SCTP_DISABLE_FRAGMENTS). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_sctp_no_fragments(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_sctp_no_fragments(libsock_socket sock,
                                              bool *out_on);

/**
 * How long an association is idle before a socket for many ends it; 0 for never
 * (SCTP_AUTOCLOSE). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 2147483 s; kind UNSUPPORTED also on a
 *         socket for one association.
 *
 * Units:     nanoseconds, rounded up to whole seconds.
 * Platforms: Linux, which keeps within net.sctp.max_autoclose.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_sctp_autoclose(libsock_socket sock,
                                           uint64_t time_ns);
LIBSOCK_API int libsock_get_sctp_autoclose(libsock_socket sock,
                                           uint64_t *out_time_ns);

/** How an association is asked for. */
typedef struct libsock_sctp_init {
    uint16_t out_streams;    /**< Streams to send on; 10 at first. */
    uint16_t max_in_streams; /**< The most that the peer may send on; 65535 at
                              *   first. */
    uint16_t attempts;       /**< How often to ask. */
    uint64_t max_timeout_ns; /**< The most between two of them. */
} libsock_sctp_init;

/**
 * How many streams an association has, and how it is asked for (SCTP_INITMSG).
 * Set it before connect or listen. A member that is 0 leaves its setting.
 *
 * @return 0; kind INVALID_INPUT for NULL, and for a time above 65535 ms.
 *
 * Units:     streams; nanoseconds, rounded up to whole milliseconds.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_sctp_init(libsock_socket sock,
                                      const libsock_sctp_init *init);
LIBSOCK_API int libsock_get_sctp_init(libsock_socket sock,
                                      libsock_sctp_init *out_init);

/**
 * Whether each message brings what libsock_control_get_sctp() reads
 * (SCTP_RECVRCVINFO). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.8.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_sctp_recv_info(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_sctp_recv_info(libsock_socket sock, bool *out_on);

/** Bits of libsock_sctp_message.flags. */
enum libsock_sctp_flags {
    LIBSOCK_SCTP_UNORDERED = 1 /**< It need not wait for those before it. */
};

/** What goes with a message besides its bytes. */
typedef struct libsock_sctp_message {
    uint16_t stream;     /**< 0 and on. */
    uint16_t sequence;   /**< In its stream. Not used in sending. */
    uint32_t flags;      /**< OR of `enum libsock_sctp_flags`. */
    uint32_t payload;    /**< What the bytes are, by a number of the
                          *   application's; it travels as it is here. */
    uint32_t context;    /**< Of this end alone: a number that comes back with
                          *   the failure to send. */
    int32_t association; /**< On a socket for many: which one. */
} libsock_sctp_message;

/** Payload size for LIBSOCK_CONTROL_SPACE(): the greater of both ways. */
#define LIBSOCK_SCTP_MESSAGE_SIZE 28

/**
 * What came with a message.
 *
 * @param      record       A record of kind LIBSOCK_CONTROL_SCTP.
 * @param[out] out_message  Written whole.
 *
 * @return 0; kind INVALID_INPUT as control_net.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_sctp(const libsock_control *record,
                                         libsock_sctp_message *out_message);

/**
 * Send this message so.
 *
 * @param writer   The writer.
 * @param message  How.
 *
 * @return 0; kind INVALID_INPUT for unknown flags or NULL; else as
 *         libsock_control_put(). The send itself fails with kind INVALID_INPUT
 *         on a stream that the association does not have.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_sctp(libsock_control_writer *writer,
                                         const libsock_sctp_message *message);

/** The most addresses that one of the calls below takes. */
#define LIBSOCK_SCTP_ADDRS_MAX 64

/**
 * Bind to more addresses of this host (bind_add), or to fewer (bind_remove), or
 * connect to a peer by several of its own (connect); sctp_bindx() and
 * sctp_connectx() of RFC 6458. The ports are all the same, that of the first
 * bind(); to connect, that of the peer.
 *
 * @param sock   Open socket. Borrowed.
 * @param addrs  `n` addresses of IPv4 or IPv6.
 * @param n      1 to LIBSOCK_SCTP_ADDRS_MAX.
 *
 * @return 0; kind INVALID_INPUT for NULL, another number or family; connecting
 *         as libsock_connect(); else what the OS said.
 *
 * Blocking:  connecting as the socket's mode.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_sctp_bind_add(libsock_socket sock,
                                      const libsock_addr *addrs, size_t n);
LIBSOCK_API int libsock_sctp_bind_remove(libsock_socket sock,
                                         const libsock_addr *addrs, size_t n);
LIBSOCK_API int libsock_sctp_connect(libsock_socket sock,
                                     const libsock_addr *addrs, size_t n);

LIBSOCK_END

#endif
