/* SPDX-License-Identifier: MIT */
/*
 * What waits in a socket: arguments are judged here, the work is the port's.
 * The options about it are rows of opt_list.h. Nothing is guarded: there is no
 * state.
 */
#include <libsock/queue.h>

#include "sys/sys.h"
#include "util.h"

static int queue_count(libsock_socket sock, int which, size_t *out_bytes)
{
    return out_bytes == NULL ? libsock__invalid()
                             : libsock__sys_queued(sock.raw, which, out_bytes);
}

int libsock_get_unread(libsock_socket sock, size_t *out_bytes)
{
    return queue_count(sock, LIBSOCK__QUEUE_UNREAD, out_bytes);
}

int libsock_get_unacked(libsock_socket sock, size_t *out_bytes)
{
    return queue_count(sock, LIBSOCK__QUEUE_UNACKED, out_bytes);
}

int libsock_get_unsent(libsock_socket sock, size_t *out_bytes)
{
    return queue_count(sock, LIBSOCK__QUEUE_UNSENT, out_bytes);
}

int libsock_is_at_mark(libsock_socket sock, bool *out_at_mark)
{
    size_t at_mark = 0;
    int r;

    if (out_at_mark == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_queued(sock.raw, LIBSOCK__QUEUE_AT_MARK, &at_mark);
    if (r >= 0) {
        *out_at_mark = at_mark != 0;
    }
    return r;
}
