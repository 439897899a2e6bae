/* SPDX-License-Identifier: MIT */
/*
 * The inline functions of the public headers, compiled once more as exported
 * functions of the same names, for languages that call by symbol. Nothing is
 * defined here: EVIO_INLINE makes the headers' own text external, so the two
 * cannot differ. libsock exports its own.
 * Meson lists this file first: a unity build includes each header only once,
 * and the macro must be defined before that.
 */
#if defined(EVIO_ATTR_H)
# error "inline.c must be the first file of libevio"
#endif
#define EVIO_INLINE EVIO_API extern inline

#include <libevio/libevio.h>
