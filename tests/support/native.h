/* SPDX-License-Identifier: MIT */
/*
 * The bits of epoll_wait(2) and poll(2), for tests of `detail` that have no
 * header of the OS. On Linux both calls have the same values, which is checked.
 */
#ifndef TESTS_SUPPORT_NATIVE_H
#define TESTS_SUPPORT_NATIVE_H

#include <stdint.h>

extern const uint32_t native_in;
extern const uint32_t native_pri;
extern const uint32_t native_out;
extern const uint32_t native_err;
extern const uint32_t native_hup;
extern const uint32_t native_rdhup;

/* What poll(2) reports for `fd` when everything is requested. */
uint32_t native_of(int fd);

#endif
