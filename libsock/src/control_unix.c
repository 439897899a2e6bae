/* SPDX-License-Identifier: MIT */
/*
 * Control records between processes: descriptors and credentials.
 * The OS's structures live in the port. No state to guard.
 */
#include <libsock/control_unix.h>

#include <limits.h>

#include "control.h"

size_t libsock_control_fd_count(const libsock_control *record)
{
    return libsock__control_is(record, LIBSOCK_CONTROL_FDS)
               ? record->len / libsock__sys_control_fd_size()
               : 0;
}

int libsock_control_get_fd(const libsock_control *record, size_t index,
                           libsock_raw *out_fd)
{
    if (index >= libsock_control_fd_count(record) || out_fd == NULL) {
        return libsock__invalid();
    }
    *out_fd = libsock__sys_control_get_fd(record->data, index);
    return 0;
}

int libsock_control_put_fds(libsock_control_writer *writer,
                            const libsock_raw *fds, size_t n)
{
    unsigned char *payload;
    ptrdiff_t space;
    int native[2];
    int r = libsock__sys_control_fds(&native[0], &native[1]);

    if (r < 0) {
        return r;
    }
    if (fds == NULL || n == 0 || n > INT_MAX / libsock__sys_control_fd_size()) {
        return libsock__invalid();
    }
    space = libsock__control_begin(
        writer, native, n * libsock__sys_control_fd_size(), &payload);
    if (space < 0) {
        return (int)space;
    }
    for (size_t i = 0; i < n; i++) {
        r = libsock__sys_control_put_fd(payload, i, fds[i]);
        if (r < 0) {
            return r;
        }
    }
    return libsock__control_commit(writer, space);
}

int libsock_control_get_cred(const libsock_control *record,
                             libsock_cred *out_cred)
{
    if (!libsock__control_is(record, LIBSOCK_CONTROL_CRED) ||
        out_cred == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_control_get_cred(record, out_cred);
}

int libsock_control_put_cred(libsock_control_writer *writer,
                             const libsock_cred *cred)
{
    libsock__control_made made;

    if (cred == NULL) {
        return libsock__invalid();
    }
    return libsock__control_put_made(
        writer, libsock__sys_control_put_cred(cred, &made), &made);
}

int libsock_control_get_pidfd(const libsock_control *record,
                              libsock_raw *out_fd)
{
    libsock_raw fd;

    if (!libsock__control_is(record, LIBSOCK_CONTROL_PIDFD) || out_fd == NULL ||
        record->len != libsock__sys_control_fd_size()) {
        return libsock__invalid();
    }
    fd = libsock__sys_control_get_fd(record->data, 0);
    /* The kernel puts its own error code where it could make none. */
    if (fd < 0) {
        return (int)fd;
    }
    *out_fd = fd;
    return 0;
}
