/* SPDX-License-Identifier: MIT */
/**
 * @file opt_value.h
 * Any option by its row of the table: its value read, set, shown and told from
 * text, for programs that learn at run time which option it is. Conventions,
 * common errors, the table and the threads' rule are in opt.h.
 *
 * These go through the typed functions, so they check what those check, and
 * what those refuse they refuse. A value is as large as the largest (520 bytes)
 * and lives where the program puts it.
 */
#ifndef LIBSOCK_OPT_VALUE_H
#define LIBSOCK_OPT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/mptcp_info.h>
#include <libsock/opt.h>
#include <libsock/opt_raw.h>
#include <libsock/opt_sctp.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_tcp.h>
#include <libsock/tcp_info.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Room for the value of any option that is bytes. */
#define LIBSOCK_OPT_BYTES_SIZE 256

/** What libsock_get_local_port_range() tells; 0 for an end of the system's. */
typedef struct libsock_port_range {
    uint16_t low;
    uint16_t high;
} libsock_port_range;

/** The value of any option. */
typedef struct libsock_opt_value {
    int32_t kind; /**< An `enum libsock_opt_kind`, as in the row. */
    uint32_t len; /**< Bytes of `text`, its NUL not counted, or of `bytes`; 0
                   *   otherwise. */
    /** The member that `kind` names; of kind STRUCT that of the row. */
    union {
        bool boolean;                          /**< BOOL */
        int32_t number;                        /**< INT */
        uint64_t amount;                       /**< UINT, SIZE, U64; DURATION:
                                                *   nanoseconds */
        libsock_addr addr;                     /**< ADDR */
        uint8_t octets[4];                     /**< IPV4 */
        char text[LIBSOCK_OPT_TEXT_SIZE];      /**< TEXT, NUL-terminated */
        uint8_t bytes[LIBSOCK_OPT_BYTES_SIZE]; /**< BYTES */
        libsock_icmp_filter icmp_filter;       /**< icmp_filter_v6 */
        libsock_packet_fanout fanout;          /**< packet_fanout */
        libsock_port_range ports;              /**< local_port_range */
        libsock_sctp_init sctp_init;           /**< sctp_init */
        libsock_tcp_info tcp_info;             /**< tcp_info */
        libsock_mptcp_info mptcp_info;         /**< mptcp_info */
        libsock_tcp_md5 md5;                   /**< tcp_md5 */
        libsock_txtime txtime;                 /**< txtime */
        uint64_t reserved[64];                 /**< The size of any of them. */
    } as;
} libsock_opt_value;

/** One member of a value of kind STRUCT. */
typedef struct libsock_opt_field {
    uint64_t amount;  /**< The value; DURATION: nanoseconds. */
    const char *name; /**< As in the structure, its unit left out; static. */
    int32_t kind;     /**< UINT, U64 or DURATION. */
    int32_t unit;     /**< An `enum libsock_opt_unit`; NONE of DURATION. */
    bool known;       /**< The system told it; `amount` is 0 otherwise. */
} libsock_opt_field;

/**
 * The value of a row, as its libsock_get_<name>() gives it.
 *
 * @param      sock       Open socket. Borrowed.
 * @param      index      A row that can be read (LIBSOCK_OPT_GET). Of one with
 *                        LIBSOCK_OPT_TAKE the kernel forgets what it told.
 * @param[out] out_value  The value; the bytes that `kind` does not name are
 *                        zero.
 *
 * @return 0; kind INVALID_INPUT for an index beyond the table, for a row that
 *         cannot be read, or NULL; kind NO_BUFFERS for more than
 *         LIBSOCK_OPT_BYTES_SIZE bytes; else as the typed function.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_get_value(libsock_socket sock, size_t index,
                                      libsock_opt_value *out_value);

/**
 * Set a row, as its libsock_set_<name>() does.
 *
 * @param sock   Open socket. Borrowed.
 * @param index  A row that can be set (LIBSOCK_OPT_SET).
 * @param value  Its value, of the kind of the row; of kind TEXT, `len` bytes of
 *               `text` count. What it points to (tcp_md5) is borrowed.
 *
 * @return 0; kind INVALID_INPUT for an index beyond the table, for a row that
 *         cannot be set, another kind or NULL; else as the typed function.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_set_value(libsock_socket sock, size_t index,
                                      const libsock_opt_value *value);

/**
 * A member of a value of kind STRUCT, for programs that show any.
 *
 * @param      index      The row of the value.
 * @param      value      Its value.
 * @param      field      0 and on; the order may change with each version.
 * @param[out] out_field  The member.
 *
 * @return 0; kind NOT_FOUND behind the last, and of every other kind at once;
 *         kind INVALID_INPUT for an index beyond the table, a value of another
 *         kind than the row's, or NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_field_at(size_t index,
                                     const libsock_opt_value *value,
                                     size_t field,
                                     libsock_opt_field *out_field);

/**
 * Write a value as text, in the form that libsock_opt_parse() reads back to an
 * equal value: `true`, `-1`, `65536 bytes`, `1500 ms`, `none` for no time-out
 * and no limit, `reno`, `192.0.2.7:80`, `4500003c` for bytes, and members as
 * `low=40000, high=41000`, those that the system did not tell left out.
 *
 * @param      index  The row of the value.
 * @param      value  Its value.
 * @param[out] buf    `cap` writable bytes; NUL-terminated on success. 4096 are
 *                    always enough.
 * @param      cap    Size of `buf`.
 *
 * @return the length without the NUL; kind NO_BUFFERS when `cap` is too small,
 *         and then `buf` is untouched; kind INVALID_INPUT for an index beyond
 *         the table, a value of another kind than the row's or longer than it
 *         can be, or NULL; kind UNSUPPORTED for a value without a text
 *         (tcp_md5).
 *
 * Units:     bytes.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_opt_print(size_t index,
                                        const libsock_opt_value *value,
                                        char *buf, size_t cap);

/**
 * Read a value from text, all of it: what libsock_opt_print() writes, and
 * besides `on`, `yes` and `1` for true, `off`, `no` and `0` for false, numbers
 * in hexadecimal (`0x1f`), without their unit unless it is a time, and without
 * the blank before it. A time has a unit: s, ms, us or ns, whatever the
 * kernel's is. Members may come in any order; those left out are 0. Whether
 * the number is one that the option takes is found by libsock_opt_set_value().
 *
 * @param      index      The row.
 * @param      text       `len` bytes; needs no NUL.
 * @param      len        Its length.
 * @param[out] out_value  The value.
 *
 * @return 0; kind INVALID_INPUT for text that is no value of this row, an index
 *         beyond the table, or NULL; kind UNSUPPORTED for a row whose value has
 *         no text.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_parse(size_t index, const char *text, size_t len,
                                  libsock_opt_value *out_value);

LIBSOCK_END

#endif
