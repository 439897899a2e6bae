/* SPDX-License-Identifier: MIT */
/**
 * @file control.h
 * Control data of a message: writing records into the caller's memory, and
 * reading what came along; see cmsg(3). What single records mean is in
 * control_net.h, control_time.h, control_error.h and control_unix.h.
 *
 * Before sending, a libsock_control_writer puts records one after the other
 * into room of the caller's; its length goes to libsock_msg_set_control().
 * After receiving, a libsock_control_reader walks over what the kernel left;
 * each record is a libsock_control, whose `kind` says which typed getter reads
 * it.
 *
 * Nothing here trusts a length: neither the room's nor the one that a record
 * claims. Payloads are copied byte by byte, so no alignment is assumed.
 *
 * What did not fit into the room at a receive is lost, and the message says so
 * with LIBSOCK_MSG_CTRUNC: look at libsock_msg_flags(). Its last record may be
 * shorter than its kind needs; the typed getters refuse it then.
 *
 * These functions make no system call, keep nothing and do not block.
 *
 * Threads: any; a writer, a reader and a message each belong to one thread at
 * a time.
 */
#ifndef LIBSOCK_CONTROL_H
#define LIBSOCK_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/io.h>

LIBSOCK_BEGIN

/**
 * Room for one record of `payload` bytes on any OS: a constant, for arrays.
 * Room for several is the sum. Declare it as an array of uint64_t, which is
 * aligned as every OS wants it:
 *
 *     uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_PKTINFO_SIZE) / 8];
 */
#define LIBSOCK_CONTROL_SPACE(payload) \
 ((size_t)16 + (((size_t)(payload) + 15) & ~(size_t)15))

/**
 * What a record is, whatever number the OS gives it. New kinds may be added:
 * skip one that you do not know.
 */
enum libsock_control_kind {
    LIBSOCK_CONTROL_OTHER = 0,    /**< Only level, type and bytes are known. */
    LIBSOCK_CONTROL_HOP_LIMIT,    /**< libsock_control_get_hop_limit() */
    LIBSOCK_CONTROL_TOS,          /**< libsock_control_get_tos() */
    LIBSOCK_CONTROL_PKTINFO,      /**< libsock_control_get_pktinfo() */
    LIBSOCK_CONTROL_ORIGINAL_DST, /**< libsock_control_get_original_dst() */
    LIBSOCK_CONTROL_UDP_SEGMENT,  /**< libsock_control_get_udp_segment() */
    LIBSOCK_CONTROL_DROP_COUNT,   /**< libsock_control_get_drop_count() */
    LIBSOCK_CONTROL_TCP_QUEUED,   /**< libsock_control_get_tcp_queued() */
    LIBSOCK_CONTROL_TLS_RECORD,   /**< libsock_control_get_tls_record() */
    LIBSOCK_CONTROL_TIMESTAMP,    /**< libsock_control_get_timestamp() */
    LIBSOCK_CONTROL_TIMESTAMPS,   /**< libsock_control_get_timestamps() */
    LIBSOCK_CONTROL_TX_TIME,      /**< Only ever written. */
    LIBSOCK_CONTROL_ERROR,        /**< libsock_control_get_error() */
    LIBSOCK_CONTROL_FDS,          /**< libsock_control_get_fd() */
    LIBSOCK_CONTROL_CRED,         /**< libsock_control_get_cred() */
    LIBSOCK_CONTROL_PIDFD,        /**< libsock_control_get_pidfd() */
    LIBSOCK_CONTROL_SECURITY,     /**< A label: the bytes themselves. */
    LIBSOCK_CONTROL_PRIORITY,     /**< libsock_control_get_priority() */
    LIBSOCK_CONTROL_MARK,         /**< libsock_control_get_mark() */
    LIBSOCK_CONTROL_FRAGMENT,     /**< libsock_control_get_fragment_size() */
    LIBSOCK_CONTROL_FLOW_LABEL,   /**< libsock_control_get_flow_label() */
    LIBSOCK_CONTROL_SCTP          /**< libsock_control_get_sctp() */
};

/** One record, as libsock_control_next() found it. */
typedef struct libsock_control {
    int32_t kind;     /**< An `enum libsock_control_kind`. */
    int32_t level;    /**< The OS's number. */
    int32_t type;     /**< The OS's number. */
    int32_t reserved; /**< 0. */
    const void *data; /**< The payload, inside the message's control data; of
                       *   any alignment. */
    size_t len;       /**< Its bytes. */
} libsock_control;

/** Writes records; made by libsock_control_writer_init(). */
typedef struct libsock_control_writer {
    unsigned char *room; /**< Private. */
    size_t cap;          /**< Private. */
    size_t len;          /**< Private. */
} libsock_control_writer;

/** Reads records; made by libsock_control_reader_init(). */
typedef struct libsock_control_reader {
    const unsigned char *next; /**< Private. */
    size_t left;               /**< Private. */
} libsock_control_reader;

/**
 * What one record takes on this OS, its header and padding included.
 *
 * @param payload  Bytes of its payload.
 *
 * @return bytes, at most LIBSOCK_CONTROL_SPACE(payload); 0 when no record can
 *         be so long.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_control_space(size_t payload);

/**
 * Begin to write into room of the caller's.
 *
 * @param[out] writer  The writer.
 * @param      room    `cap` writable bytes, aligned as the OS's struct cmsghdr
 *                     (8 is always enough); NULL when `cap` is 0. Lent for as
 *                     long as the writer is used.
 * @param      cap     Size of `room`; LIBSOCK_CONTROL_SPACE() for each record.
 *
 * @return 0; kind INVALID_INPUT when NULL, not aligned, or above INT_MAX.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_writer_init(libsock_control_writer *writer,
                                            void *room, size_t cap);

/**
 * How much has been written: the length for libsock_msg_set_control().
 *
 * @param writer  The writer, or NULL.
 *
 * @return bytes; 0 when none.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_control_len(const libsock_control_writer *writer);

/**
 * Write any record, by the OS's own numbers. The typed writers are in
 * control_net.h and the other headers.
 *
 * @param writer  The writer.
 * @param level   SOL_SOCKET, IPPROTO_IP...: the OS's number.
 * @param type    SCM_RIGHTS, IP_PKTINFO...: the OS's number.
 * @param data    `len` bytes as the OS wants them; may be NULL when `len` is 0.
 * @param len     Bytes of payload.
 *
 * @return 0; kind NO_BUFFERS when it does not fit: what was written before is
 *         as it was; kind INVALID_INPUT for NULL or a length that no record
 *         has.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put(libsock_control_writer *writer, int level,
                                    int type, const void *data, size_t len);

/**
 * Begin to read the control data of a received message.
 *
 * @param[out] reader  The reader.
 * @param      msg     The message; its control data is lent for as long as the
 *                     reader and its records are used.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_reader_init(libsock_control_reader *reader,
                                            const libsock_msg *msg);

/**
 * Begin to read control data that came by another way than a libsock_msg.
 *
 * @param[out] reader   The reader.
 * @param      control  `len` bytes in the OS's layout, of any alignment; lent
 *                      as above.
 * @param      len      Bytes; with 0, `control` may be NULL.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_reader_over(libsock_control_reader *reader,
                                            const void *control, size_t len);

/**
 * The next record.
 *
 * @param         reader      The reader.
 * @param[out]    out_record  The record; its payload lies in the control data.
 *
 * @return 1 when there is one, 0 at the end; kind INVALID_INPUT when NULL, or
 *         once when a record claims a length that is below its header's or
 *         reaches beyond the end: the rest cannot be read, and the next call
 *         returns 0.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_next(libsock_control_reader *reader,
                                     libsock_control *out_record);

/**
 * The first record of a kind in a received message.
 *
 * @param      msg         The message; its control data is lent to the record.
 * @param      kind        An `enum libsock_control_kind` other than OTHER.
 * @param[out] out_record  The record.
 *
 * @return 0; kind NOT_FOUND when there is none; kind INVALID_INPUT when NULL,
 *         or when a damaged record comes first.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_find(const libsock_msg *msg, int kind,
                                     libsock_control *out_record);

LIBSOCK_END

#endif
