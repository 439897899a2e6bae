/* SPDX-License-Identifier: MIT */
/*
 * Classic BPF programs for sockets, where the OS has them.
 * The programs themselves are the user's. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "sys/sys.h"

#if defined(SO_ATTACH_FILTER)

_Static_assert(
    sizeof(libsock_filter) == sizeof(struct sock_filter) &&
        offsetof(libsock_filter, code) == offsetof(struct sock_filter, code) &&
        offsetof(libsock_filter, jt) == offsetof(struct sock_filter, jt) &&
        offsetof(libsock_filter, jf) == offsetof(struct sock_filter, jf) &&
        offsetof(libsock_filter, k) == offsetof(struct sock_filter, k),
    "libsock_filter goes to the kernel as it is");

int libsock__sys_opt_set_filter(libsock_raw sock, int id,
                                const libsock_filter *program, size_t n)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    struct sock_fprog native;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    memset(&native, 0, sizeof(native));
    native.len = (unsigned short)n;
    /* The kernel only reads it. */
    native.filter = (struct sock_filter *)(uintptr_t)program;
    return libsock__sys_setopt(sock, row->level, row->name, &native,
                               sizeof(native));
}

#else

int libsock__sys_opt_set_filter(libsock_raw sock, int id,
                                const libsock_filter *program, size_t n)
{
    (void)sock;
    (void)id;
    (void)program;
    (void)n;
    return -ENOPROTOOPT;
}

#endif
