/* SPDX-License-Identifier: MIT */
/* SipHash-2-4, the keyed hash of Aumasson and Bernstein. No addresses here. */
#ifndef LIBSOCK__SIPHASH_H
#define LIBSOCK__SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of `len` bytes under the two key words, the same on every CPU. */
uint64_t libsock__siphash(const uint64_t key[2], const void *bytes, size_t len);

#endif
