/* SPDX-License-Identifier: MIT */
/**
 * @file version.h
 * The version of the headers, and of the library that is really linked.
 */
#ifndef LIBSOCK_VERSION_H
#define LIBSOCK_VERSION_H

#include <stdint.h>

#include <libsock/attr.h>

LIBSOCK_BEGIN

#define LIBSOCK_VERSION_MAJOR 0
#define LIBSOCK_VERSION_MINOR 1
#define LIBSOCK_VERSION_PATCH 0

/** The version as text, for example "0.1.0". */
#define LIBSOCK_VERSION_TEXT "0.1.0"

/** The version as one comparable number: 0xMMmmpp. */
#define LIBSOCK_VERSION                                          \
 ((LIBSOCK_VERSION_MAJOR << 16) | (LIBSOCK_VERSION_MINOR << 8) | \
  LIBSOCK_VERSION_PATCH)

/**
 * The version of the library at run time, which may be newer than the headers.
 *
 * @return the number laid out as LIBSOCK_VERSION.
 *
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API uint32_t libsock_version(void);

LIBSOCK_END

#endif
