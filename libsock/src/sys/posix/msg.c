/* SPDX-License-Identifier: MIT */
/*
 * Messages: several buffers, control data, flags. A libsock_msg is a struct
 * msghdr (layout.c asserts it) and goes to the system call as it is.
 * Nothing is guarded: a message belongs to one thread at a time.
 */
#include "fd.h"

#include <limits.h>

#include "../sys.h"

/* What POSIX promises, for systems that keep the number for sysconf(). */
#if !defined(IOV_MAX)
# define IOV_MAX _XOPEN_IOV_MAX
#endif

static struct msghdr *msg_native(libsock_msg *msg)
{
    return (struct msghdr *)(void *)msg;
}

int libsock__msg_native(int flags)
{
    int native;
    int r = libsock__sys_msg_flags(flags, &native);

    return r < 0 ? r : native;
}

/*
 * Whether a transfer failed for its number of buffers, and may be cut to fewer:
 * on a stream that is a short transfer like any other, but a record must go as
 * one. The system is asked on this failing path only.
 */
static bool msg_may_clamp(int fd, const libsock_msg *msg, int error)
{
    int type = 0;
    socklen_t len = sizeof(type);

    if (msg->n_bufs <= IOV_MAX || (error != EMSGSIZE && error != EINVAL)) {
        return false;
    }
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
           type == SOCK_STREAM;
}

ptrdiff_t libsock__sys_send_msg(libsock_raw sock, const libsock_msg *msg,
                                int flags)
{
    int fd = libsock__fd(sock);
    libsock_msg copy;
    int native = flags == 0 ? 0 : libsock__msg_native(flags);
    ptrdiff_t n;

    if (native < 0) {
        return native;
    }
    native |= LIBSOCK__SEND_FLAGS;
    n = libsock__count_result(
        SYS(sendmsg, fd, (const struct msghdr *)(const void *)msg, native));
    if (n >= 0 || !msg_may_clamp(fd, msg, (int)-n)) {
        return n;
    }
    copy = *msg;
    copy.n_bufs = IOV_MAX;
    return libsock__count_result(SYS(sendmsg, fd, msg_native(&copy), native));
}

/* A message without control data may be sent; then the BSDs want NULL. */
static void msg_settle_control(libsock_msg *msg)
{
    if (msg->control_len == 0) {
        msg->control = NULL;
    }
}

static ptrdiff_t msg_recv(int fd, libsock_msg *msg, int native)
{
    libsock__count n_bufs = msg->n_bufs;
    ptrdiff_t n =
        libsock__count_result(libsock__fd_recvmsg(fd, msg_native(msg), native));

    if (n >= 0 || !msg_may_clamp(fd, msg, (int)-n)) {
        return n;
    }
    msg->n_bufs = IOV_MAX;
    n = libsock__count_result(libsock__fd_recvmsg(fd, msg_native(msg), native));
    msg->n_bufs = n_bufs;
    return n;
}

ptrdiff_t libsock__sys_recv_msg(libsock_raw sock, libsock_msg *msg, int flags)
{
    libsock_addr *from = msg->name;
    libsock__len former = msg->name_len;
    libsock__count room = msg->control_len;
    int native = flags == 0 ? 0 : libsock__msg_native(flags);
    ptrdiff_t n;

    if (native < 0) {
        return native;
    }
    msg->name_len = from != NULL ? LIBSOCK_ADDR_SIZE : 0;
    n = msg_recv(libsock__fd(sock), msg, native);
    if (n < 0) {
        msg->name_len = former;
        return n;
    }
    /* NetBSD counts the padding that it had no room for. */
    if (msg->control_len > room) {
        msg->control_len = room;
    }
    msg_settle_control(msg);
    return from != NULL ? libsock__name_stored(from, msg->name_len, n) : n;
}

int libsock__sys_msg_set_control(libsock_msg *msg, void *control, size_t len)
{
    if ((uintptr_t)control % _Alignof(struct cmsghdr) != 0) {
        return -EINVAL;
    }
    msg->control = control;
    msg->control_len = (libsock__count)len;
    msg_settle_control(msg);
    return 0;
}

size_t libsock__sys_msg_control_len(const libsock_msg *msg)
{
    return msg->control_len;
}

const void *libsock__sys_msg_control(const libsock_msg *msg)
{
    return msg->control;
}
