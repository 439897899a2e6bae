/* SPDX-License-Identifier: MIT */
/*
 * Rates in bytes per second: 32 bits at first, 64 where the kernel has grown.
 * A kernel with 32 reads the low or the high half of a longer number, by its
 * byte order, and says nothing. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "sys/sys.h"

union opt_rate {
    uint32_t word;
    uint64_t wide;
};

/* Ask for 64 bits; what comes is as long as the kernel's number. */
static int opt_rate_read(libsock_raw sock,
                         const struct libsock__opt_native *row,
                         union opt_rate *out, size_t *out_len)
{
    int r;

    memset(out, 0, sizeof(*out));
    *out_len = sizeof(out->wide);
    r = libsock__sys_getopt(sock, row->level, row->name, out, out_len);
    if (r >= 0 && *out_len != sizeof(out->word) &&
        *out_len != sizeof(out->wide)) {
        return -ENOPROTOOPT;
    }
    return r;
}

int libsock__sys_opt_get_rate(libsock_raw sock, int id, uint64_t *out_rate)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    union opt_rate rate;
    size_t len;
    int r;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    r = opt_rate_read(sock, row, &rate, &len);
    if (r < 0) {
        return r;
    }
    if (len == sizeof(rate.wide)) {
        *out_rate = rate.wide;
    } else {
        *out_rate = rate.word == UINT32_MAX ? UINT64_MAX : rate.word;
    }
    return r;
}

int libsock__sys_opt_set_rate(libsock_raw sock, int id, uint64_t rate)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    union opt_rate native;
    size_t len;
    int r;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    if (rate < UINT32_MAX || rate == UINT64_MAX) {
        /* Every kernel takes these, and all ones for "no limit". */
        native.word = (uint32_t)rate;
        return libsock__sys_setopt(sock, row->level, row->name, &native.word,
                                   sizeof(native.word));
    }
    r = opt_rate_read(sock, row, &native, &len);
    if (r < 0) {
        return r;
    }
    if (len != sizeof(native.wide)) {
        return -EINVAL;
    }
    native.wide = rate;
    return libsock__sys_setopt(sock, row->level, row->name, &native.wide,
                               sizeof(native.wide));
}
