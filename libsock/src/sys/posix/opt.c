/* SPDX-License-Identifier: MIT */
/*
 * The two system calls behind every socket option.
 * What the options are lives in opt_list.h; numbers, structures and programs
 * are put into bytes by the other opt_*.c files. No state to guard.
 */
#include "platform.h"

#include <limits.h>

#include "sys/sys.h"

int libsock__sys_setopt(libsock_raw sock, int level, int name,
                        const void *value, size_t len)
{
    if (len > INT_MAX) {
        return -EINVAL;
    }
    return libsock__result(
        SYS(setsockopt, (int)sock, level, name, value, (socklen_t)len));
}

int libsock__sys_getopt(libsock_raw sock, int level, int name, void *value,
                        size_t *len)
{
    socklen_t stored;
    int r;

    if (*len > INT_MAX) {
        return -EINVAL;
    }
    stored = (socklen_t)*len;
    r = libsock__result(
        SYS(getsockopt, (int)sock, level, name, value, &stored));
    if (r >= 0) {
        *len = stored;
    }
    return r;
}
