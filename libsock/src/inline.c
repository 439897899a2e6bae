/* SPDX-License-Identifier: MIT */
/*
 * The inline functions of the public headers, compiled once more as exported
 * functions of the same names, for languages that call by symbol. Nothing is
 * defined here: LIBSOCK_INLINE makes the headers' own text external, so the two
 * cannot differ.
 * Meson lists this file first: a unity build includes each header only once,
 * and the macro must be defined before that.
 */
#if defined(LIBSOCK_ATTR_H)
# error "inline.c must be the first file of libsock"
#endif
#define LIBSOCK_INLINE LIBSOCK_API extern inline

#include <libsock/libsock.h>
#include <libsock/os.h>
