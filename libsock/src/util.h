/* SPDX-License-Identifier: MIT */
/*
 * What every portable file of libsock needs and ISO C lacks. No OS, no types
 * of the API.
 */
#ifndef LIBSOCK__UTIL_H
#define LIBSOCK__UTIL_H

#include <libsock/error.h>

#include "sys/sys.h"

#define LIBSOCK__COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The result for a call that the user got wrong. */
static inline int libsock__invalid(void)
{
    return libsock__sys_error(LIBSOCK_KIND_INVALID_INPUT);
}

#endif
