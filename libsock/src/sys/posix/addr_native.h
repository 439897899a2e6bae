/* SPDX-License-Identifier: MIT */
/*
 * How the address files of a Unix port copy a native structure in and out of a
 * libsock_addr. Nothing about any one family.
 */
#ifndef LIBSOCK__POSIX_ADDR_NATIVE_H
#define LIBSOCK__POSIX_ADDR_NATIVE_H

#include "platform.h"

#include <libsock/addr.h>

/* Copy `len` bytes in, the rest zeroed. Always 0, so that it ends a function.
 */
int libsock__posix_addr_store(const void *native, size_t len,
                              libsock_addr *out);

/* Copy the first `len` bytes out; false when the address is shorter. */
bool libsock__posix_addr_load(const libsock_addr *addr, void *native,
                              size_t len);

#endif
