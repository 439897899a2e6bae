/* SPDX-License-Identifier: MIT */
/**
 * @file version.h
 * The version of the headers, and of the library that is really linked.
 */
#ifndef EVIO_VERSION_H
#define EVIO_VERSION_H

#include <stdint.h>

#include <libevio/attr.h>

EVIO_BEGIN

#define EVIO_VERSION_MAJOR 0
#define EVIO_VERSION_MINOR 1
#define EVIO_VERSION_PATCH 0

/** The version as text, for example "0.1.0". */
#define EVIO_VERSION_TEXT "0.1.0"

/** The version as one comparable number: 0xMMmmpp. */
#define EVIO_VERSION \
 ((EVIO_VERSION_MAJOR << 16) | (EVIO_VERSION_MINOR << 8) | EVIO_VERSION_PATCH)

/**
 * The version of the library at run time, which may be newer than the headers.
 *
 * @return the number laid out as EVIO_VERSION.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API uint32_t evio_version(void);

EVIO_END

#endif
