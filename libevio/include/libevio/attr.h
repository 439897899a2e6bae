/* SPDX-License-Identifier: MIT */
/**
 * @file attr.h
 * Linkage of the public functions. A consumer defines nothing, whether it links
 * the static or the shared library: only functions are exported, never data.
 */
#ifndef EVIO_ATTR_H
#define EVIO_ATTR_H

/*
 * On Windows the export list is libevio.def, so that a program which links the
 * static library does not export our symbols as its own.
 */
#if defined(__GNUC__) && !defined(_WIN32)
# define EVIO_API __attribute__((visibility("default")))
#else
# define EVIO_API
#endif

/*
 * Private: how inline functions are defined. Programs have copies of their own.
 * The library's inline.c defines this differently, which exports the same
 * functions for languages that call by symbol.
 */
#ifndef EVIO_INLINE
# define EVIO_INLINE static inline
#endif

/*
 * Private: what parameter n points to is neither read nor written here, so that
 * gcc lets a program pass memory with nothing in it yet.
 */
#if defined(__GNUC__) && !defined(__clang__)
# if __GNUC__ >= 11
#  define EVIO__KEEPS_ONLY(n) __attribute__((access(none, n)))
# endif
#endif
#ifndef EVIO__KEEPS_ONLY
# define EVIO__KEEPS_ONLY(n)
#endif

#ifdef __cplusplus
# define EVIO_BEGIN extern "C" {
# define EVIO_END   }
#else
# define EVIO_BEGIN
# define EVIO_END
#endif

#endif
