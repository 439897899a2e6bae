/* SPDX-License-Identifier: MIT */
/*
 * The calls that make descriptors, where none of them takes flags along.
 * flags_atomic.c is for the systems that can. Built into the tests everywhere.
 * Nothing is guarded; steps.c names the race that cannot be closed here.
 */
#include "fd.h"

#include <string.h>

#include "../sys.h"

int libsock__sys_open(int domain, int type, int protocol, uint32_t flags,
                      libsock_raw *out_raw)
{
    return libsock__steps_open((const int[3]){domain, type, protocol}, flags,
                               out_raw);
}

int libsock__sys_pair(const int native[3], uint32_t flags,
                      libsock_raw out_pair[2])
{
    return libsock__steps_pair(native, flags, out_pair);
}

int libsock__sys_accept(libsock_raw sock, uint32_t flags, libsock_raw *out_raw,
                        libsock_addr *out_peer_or_null)
{
    return libsock__steps_accept(sock, flags, out_raw, out_peer_or_null);
}

/* Bytes of `control` that are there: where control data was cut, POSIX does not
 * say that the header tells the length that is left. */
static size_t flags_control_len(const struct msghdr *msg,
                                struct cmsghdr *control)
{
    const unsigned char *data = CMSG_DATA(control);
    const unsigned char *end =
        (const unsigned char *)msg->msg_control + msg->msg_controllen;
    size_t there = data < end ? (size_t)(end - data) : 0;
    size_t len = control->cmsg_len - CMSG_LEN(0);

    return len < there ? len : there;
}

/* Setting the flag of an open descriptor cannot fail, and the message, which
 * cannot be received again, must not be lost over it. */
static void flags_close_on_exec(const unsigned char *data, size_t len)
{
    for (size_t at = 0; at + sizeof(int) <= len; at += sizeof(int)) {
        int fd;

        memcpy(&fd, data + at, sizeof(fd));
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

ssize_t libsock__fd_recvmsg(int fd, struct msghdr *msg, int flags)
{
    ssize_t n = SYS(recvmsg, fd, msg, flags);

    if (n < 0 || msg->msg_controllen == 0) {
        return n;
    }
    if ((flags & MSG_PEEK) != 0) {
        libsock__fd_peeked(msg);
    }
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
         c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            flags_close_on_exec(CMSG_DATA(c), flags_control_len(msg, c));
        }
    }
    return n;
}
