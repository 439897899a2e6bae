/* SPDX-License-Identifier: MIT */
/*
 * How a system's structure about a TCP connection becomes ours: a table says
 * where each number comes from, what one is worth, and where it goes. What a
 * system tells is its own file's. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_TCP_INFO_H
#define LIBSOCK__POSIX_TCP_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/tcp_info.h>

struct libsock__tcp_info_row {
    int field; /* an `enum libsock_tcp_info_field` */
    uint16_t from;
    uint8_t from_size; /* 1, 4 or 8 */
    uint8_t to_size;   /* 4 or 8 */
    uint16_t to;
    uint32_t scale;
};

#define LIBSOCK__TCP_INFO_SIZE(type, member) sizeof(((type *)0)->member)
#define LIBSOCK__TCP_INFO_ROW(type, field, native, member, scale) \
 {                                                                \
  LIBSOCK_TCP_INFO_##field, offsetof(type, native),               \
      LIBSOCK__TCP_INFO_SIZE(type, native),                       \
      LIBSOCK__TCP_INFO_SIZE(libsock_tcp_info, member),           \
      offsetof(libsock_tcp_info, member), scale                   \
 }

/* What one is worth, in nanoseconds. */
enum {
    LIBSOCK__TCP_INFO_US = 1000,
    LIBSOCK__TCP_INFO_MS = 1000000
};

/* Whether all of a member is within the first `len` bytes. */
static inline bool
libsock__tcp_info_told(const struct libsock__tcp_info_row *row, size_t len)
{
    return len >= (size_t)row->from + row->from_size;
}

uint64_t libsock__tcp_info_number(const struct libsock__tcp_info_row *row,
                                  const void *native);

/* Store it, and that it is valid; not when it does not fit. */
void libsock__tcp_info_put(const struct libsock__tcp_info_row *row,
                           uint64_t number, libsock_tcp_info *out);

/* What follows is for the systems that derive from 4.4BSD. */

/* Their number of a state; 0 for one that there is not. */
uint32_t libsock__tcp_info_bsd_state(uint32_t native);

/* Whether anything else means something in this state: before there is a
 * connection the rest is what it will begin with. */
bool libsock__tcp_info_bsd_connects(uint32_t native);

/* Whether a number means what it says: there is no time of 0, and slow start
 * has no end at first. */
bool libsock__tcp_info_bsd_knows(int field, uint64_t number);

/* Bytes stored in one member become segments, or not valid. */
void libsock__tcp_info_segments(libsock_tcp_info *out, int field,
                                uint32_t *member);

#endif
