/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that travel with data, and questions about the peer.
 * Records are control.c's work, the kernel's answers the port's.
 * Nothing is guarded: there is no state.
 */
#include <libsock/pass.h>

#include "util.h"

/*
 * Room for what may come in one message besides what the caller wants: some
 * kernels install descriptors that do not fit and lose their numbers, so there
 * must be none. No kernel makes a record of descriptors longer than half this.
 */
enum {
    PASS_ROOM = 4096
};

ptrdiff_t libsock_send_fds(libsock_socket sock, const void *buf, size_t len,
                           const libsock_raw *fds, size_t n_fds)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_FDS_MAX * LIBSOCK_FD_SIZE) / 8];
    libsock_buf data = libsock_buf_of(buf, len);
    libsock_control_writer writer;
    libsock_msg msg = {0};
    int r;

    if (buf == NULL || len == 0 || n_fds > LIBSOCK_FDS_MAX) {
        return libsock__invalid();
    }
    msg.bufs = &data;
    msg.n_bufs = 1;
    if (n_fds > 0) {
        r = libsock_control_writer_init(&writer, room, sizeof(room));
        if (r >= 0) {
            r = libsock_control_put_fds(&writer, fds, n_fds);
        }
        if (r >= 0) {
            r = libsock_msg_set_control(&msg, room,
                                        libsock_control_len(&writer));
        }
        if (r < 0) {
            return r;
        }
    }
    return libsock__sys_send_msg(sock.raw, &msg, 0);
}

static void pass_take_fds(const libsock_control *record, libsock_fds *fds)
{
    size_t n = libsock_control_fd_count(record);

    for (size_t i = 0; i < n; i++) {
        libsock_raw fd = libsock__sys_control_get_fd(record->data, i);

        if (fds->n < fds->cap) {
            fds->fds[fds->n++] = fd;
        } else {
            fds->flags |= LIBSOCK_MSG_CTRUNC;
            (void)libsock__sys_close(fd);
        }
    }
}

/* Every descriptor of the message finds its owner here. */
static void pass_take(const libsock_msg *msg, libsock_fds *fds)
{
    libsock_control_reader reader;
    libsock_control record;
    libsock_raw pidfd;

    fds->n = 0;
    fds->flags = libsock_msg_flags(msg);
    (void)libsock_control_reader_init(&reader, msg);
    while (libsock_control_next(&reader, &record) > 0) {
        if (record.kind == LIBSOCK_CONTROL_FDS) {
            pass_take_fds(&record, fds);
        } else if (record.kind == LIBSOCK_CONTROL_PIDFD &&
                   libsock_control_get_pidfd(&record, &pidfd) >= 0) {
            (void)libsock__sys_close(pidfd);
        }
    }
}

ptrdiff_t libsock_recv_fds(libsock_socket sock, void *buf, size_t cap,
                           int flags, libsock_fds *fds)
{
    uint64_t room[PASS_ROOM / sizeof(uint64_t)];
    libsock_buf data = libsock_buf_of(buf, cap);
    libsock_msg msg = {0};
    ptrdiff_t n;
    int r;

    if (buf == NULL || cap == 0 || fds == NULL ||
        (fds->fds == NULL && fds->cap != 0)) {
        return libsock__invalid();
    }
    msg.bufs = &data;
    msg.n_bufs = 1;
    r = libsock_msg_set_control(&msg, room, sizeof(room));
    if (r < 0) {
        return r;
    }
    n = libsock__sys_recv_msg(sock.raw, &msg, flags);
    if (n >= 0) {
        pass_take(&msg, fds);
    }
    return n;
}

int libsock_peer_cred(libsock_socket sock, libsock_cred *out_cred)
{
    if (out_cred == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_peer_cred(sock.raw, out_cred);
}

ptrdiff_t libsock_peer_groups(libsock_socket sock, uint32_t *groups, size_t cap)
{
    if (groups == NULL && cap != 0) {
        return libsock__invalid();
    }
    return libsock__sys_peer_groups(sock.raw, groups, cap);
}

int libsock_peer_pidfd(libsock_socket sock, libsock_raw *out_fd)
{
    if (out_fd == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_peer_pidfd(sock.raw, out_fd);
}

ptrdiff_t libsock_peer_label(libsock_socket sock, char *buf, size_t cap)
{
    if (buf == NULL && cap != 0) {
        return libsock__invalid();
    }
    return libsock__sys_peer_label(sock.raw, buf, cap);
}
