/* SPDX-License-Identifier: MIT */
/*
 * Descriptors after their making: names, modes, end of life.
 * The calls that make descriptors are in flags_atomic.c or flags_fcntl.c.
 * Nothing is guarded: there is no state.
 */
#include "fd.h"

#include <limits.h>

#include "../sys.h"

int libsock__sys_dup(libsock_raw sock, libsock_raw *out_raw)
{
    int fd = SYS(fcntl, libsock__fd(sock), F_DUPFD_CLOEXEC, 0);

    if (fd < 0) {
        return libsock__errno();
    }
    *out_raw = fd;
    return 0;
}

int libsock__sys_close(libsock_raw sock)
{
    return libsock__result(SYS(close, libsock__fd(sock)));
}

int libsock__sys_bind(libsock_raw sock, const libsock_addr *addr)
{
    return libsock__result(
        SYS(bind, libsock__fd(sock), libsock__name(addr), addr->len));
}

int libsock__sys_listen(libsock_raw sock, int backlog)
{
    /* SOMAXCONN is what the headers were built with, not this host's limit. */
    int most = backlog == LIBSOCK_BACKLOG_MAX ? INT_MAX : backlog;

    return libsock__result(SYS(listen, libsock__fd(sock), most));
}

int libsock__sys_connect(libsock_raw sock, const libsock_addr *addr)
{
    return libsock__result(
        SYS(connect, libsock__fd(sock), libsock__name(addr), addr->len));
}

int libsock__sys_local_addr(libsock_raw sock, libsock_addr *out_addr)
{
    socklen_t len = LIBSOCK_ADDR_SIZE;
    int r =
        SYS(getsockname, libsock__fd(sock), libsock__out_name(out_addr), &len);

    if (r < 0) {
        return libsock__errno();
    }
    r = (int)libsock__name_stored(out_addr, len, 0);
    if (r >= 0) {
        libsock__sys_addr_whole(out_addr);
    }
    return r;
}

int libsock__sys_peer_addr(libsock_raw sock, libsock_addr *out_addr)
{
    socklen_t len = LIBSOCK_ADDR_SIZE;
    int r =
        SYS(getpeername, libsock__fd(sock), libsock__out_name(out_addr), &len);

    return r < 0 ? libsock__errno()
                 : (int)libsock__name_stored(out_addr, len, 0);
}

int libsock__sys_shutdown(libsock_raw sock, int how)
{
    static const int sides[] = {
        [LIBSOCK_SHUT_READ] = SHUT_RD,
        [LIBSOCK_SHUT_WRITE] = SHUT_WR,
        [LIBSOCK_SHUT_BOTH] = SHUT_RDWR,
    };

    return libsock__result(SYS(shutdown, libsock__fd(sock), sides[how]));
}

int libsock__sys_take_error(libsock_raw sock, int *out_error)
{
    int error = 0;
    socklen_t len = sizeof(error);

    if (SYS(getsockopt, libsock__fd(sock), SOL_SOCKET, SO_ERROR, &error, &len) <
        0) {
        return libsock__errno();
    }
    *out_error = -error;
    return 0;
}

int libsock__sys_set_nonblocking(libsock_raw sock, bool nonblock)
{
    int on = nonblock;

    return libsock__result(SYS(ioctl, libsock__fd(sock), FIONBIO, &on));
}

int libsock__sys_get_nonblocking(libsock_raw sock, bool *out_nonblock)
{
    int flags = SYS(fcntl, libsock__fd(sock), F_GETFL);

    if (flags < 0) {
        return libsock__errno();
    }
    *out_nonblock = (flags & O_NONBLOCK) != 0;
    return 0;
}

int libsock__sys_set_inheritable(libsock_raw sock, bool inherit)
{
    int flags = inherit ? 0 : FD_CLOEXEC;

    return libsock__result(SYS(fcntl, libsock__fd(sock), F_SETFD, flags));
}

int libsock__sys_get_inheritable(libsock_raw sock, bool *out_inherit)
{
    int flags = SYS(fcntl, libsock__fd(sock), F_GETFD);

    if (flags < 0) {
        return libsock__errno();
    }
    *out_inherit = (flags & FD_CLOEXEC) == 0;
    return 0;
}
