/* SPDX-License-Identifier: MIT */
/*
 * The message structure: fill it, hand it to the port, read it.
 * Where the OSes' structures differ, the port's msg.c knows.
 * Nothing is guarded: a message belongs to one thread at a time.
 */
#include <libsock/io.h>

#include <limits.h>

#include "addr.h"
#include "util.h"

int libsock_msg_init(libsock_msg *msg)
{
    if (msg == NULL) {
        return libsock__invalid();
    }
    *msg = (libsock_msg){0};
    return 0;
}

int libsock_msg_set_to(libsock_msg *msg, const libsock_addr *to)
{
    if (msg == NULL || (to != NULL && libsock__addr_is_empty(to))) {
        return libsock__invalid();
    }
    msg->name = (void *)(uintptr_t)to;
    msg->name_len = to != NULL ? (libsock__len)to->len : 0;
    return 0;
}

int libsock_msg_set_from(libsock_msg *msg, libsock_addr *out_from)
{
    if (msg == NULL) {
        return libsock__invalid();
    }
    msg->name = out_from;
    msg->name_len = out_from != NULL ? LIBSOCK_ADDR_SIZE : 0;
    return 0;
}

/* The narrowest field of a count or a length among the OSes is an int. */
int libsock_msg_set_bufs(libsock_msg *msg, const libsock_buf *bufs,
                         size_t n_bufs)
{
    if (msg == NULL || n_bufs > INT_MAX || (bufs == NULL && n_bufs != 0)) {
        return libsock__invalid();
    }
    msg->bufs = (libsock_buf *)(uintptr_t)bufs;
    msg->n_bufs = (libsock__count)n_bufs;
    return 0;
}

int libsock_msg_set_control(libsock_msg *msg, void *control, size_t len)
{
    if (msg == NULL || len > INT_MAX || (control == NULL && len != 0)) {
        return libsock__invalid();
    }
    return libsock__sys_msg_set_control(msg, control, len);
}

size_t libsock_msg_control_len(const libsock_msg *msg)
{
    return msg != NULL ? libsock__sys_msg_control_len(msg) : 0;
}

int libsock_msg_flags(const libsock_msg *msg)
{
    return msg != NULL ? libsock__sys_msg_flags_of((int)msg->flags) : 0;
}

ptrdiff_t libsock_send_msg(libsock_socket sock, const libsock_msg *msg,
                           int flags)
{
    if (msg == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_send_msg(sock.raw, msg, flags);
}

ptrdiff_t libsock_recv_msg(libsock_socket sock, libsock_msg *msg, int flags)
{
    if (msg == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_recv_msg(sock.raw, msg, flags);
}
