/* SPDX-License-Identifier: MIT */
/*
 * Options that are bytes: names, addresses, programs, and no value at all.
 * Numbers live in opt_number.c, memberships in opt_membership.c. No state to
 * guard.
 */
#include <string.h>

#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

/* The kernel would cut the text at its own limit or at a NUL, silently. */
int libsock__opt_set_text(libsock_socket sock, int id, const char *text,
                          size_t len)
{
    const libsock__opt_row *row = libsock__opt_row_of(id);
    int level;
    int name;
    int r;

    if (len < (size_t)row->min || len > (size_t)row->max ||
        (len > 0 && (text == NULL || memchr(text, '\0', len) != NULL))) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_native(id, &level, &name);
    if (r < 0) {
        return r;
    }
    return row->kind == LIBSOCK__OPT_KIND_ACCEPT
               ? libsock__sys_opt_set_accept(sock.raw, text, len)
               : libsock__sys_setopt(sock.raw, level, name, len > 0 ? text : "",
                                     len);
}

/* Read into our own buffer first: kernels refuse one that is too small for the
 * longest name, cut to fit it, or pad with NULs; users want none of it. */
ptrdiff_t libsock__opt_get_text(libsock_socket sock, int id, char *buf,
                                size_t cap)
{
    char text[LIBSOCK_OPT_TEXT_SIZE] = {0};
    size_t len = sizeof(text);
    const char *end;
    int level;
    int name;
    int r;

    if (buf == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_native(id, &level, &name);
    if (r >= 0) {
        r = libsock__opt_row_of(id)->kind == LIBSOCK__OPT_KIND_ACCEPT
                ? libsock__sys_opt_get_accept(sock.raw, text, &len)
                : libsock__sys_getopt(sock.raw, level, name, text, &len);
    }
    if (r < 0) {
        return r;
    }
    end = memchr(text, '\0', len);
    len = end == NULL ? len : (size_t)(end - text);
    if (len >= cap) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    memcpy(buf, text, len);
    buf[len] = '\0';
    return (ptrdiff_t)len;
}

/* Straight into the user's buffer: a kernel may forget what it has told. That
 * there is more than the room is the only thing that it finds invalid. */
ptrdiff_t libsock__opt_get_bytes(libsock_socket sock, int id, void *buf,
                                 size_t cap)
{
    size_t len = cap < UINT16_MAX ? cap : UINT16_MAX;
    int level;
    int name;
    int r;

    if (buf == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_native(id, &level, &name);
    if (r >= 0) {
        r = libsock__sys_getopt(sock.raw, level, name, buf, &len);
    }
    if (r >= 0) {
        return (ptrdiff_t)len;
    }
    return libsock_kind(r) == LIBSOCK_KIND_INVALID_INPUT
               ? libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS)
               : r;
}

int libsock__opt_get_addr(libsock_socket sock, int id, libsock_addr *out)
{
    libsock_addr addr;
    size_t len = sizeof(addr.storage);
    int level;
    int name;
    int r;

    if (out == NULL) {
        return libsock__invalid();
    }
    memset(&addr, 0, sizeof(addr));
    r = libsock__sys_opt_native(id, &level, &name);
    if (r >= 0) {
        r = libsock__sys_getopt(sock.raw, level, name, addr.storage, &len);
    }
    if (r >= 0) {
        addr.len = (uint32_t)len;
        *out = addr;
    }
    return r;
}

int libsock__opt_set_ipv4(libsock_socket sock, int id, const uint8_t *octets)
{
    int level;
    int name;
    int r;

    if (octets == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_native(id, &level, &name);
    return r < 0 ? r : libsock__sys_setopt(sock.raw, level, name, octets, 4);
}

int libsock__opt_get_ipv4(libsock_socket sock, int id, uint8_t *out)
{
    uint8_t octets[4] = {0};
    size_t len = sizeof(octets);
    int level;
    int name;
    int r;

    if (out == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_native(id, &level, &name);
    if (r >= 0) {
        r = libsock__sys_getopt(sock.raw, level, name, octets, &len);
    }
    if (r >= 0) {
        memcpy(out, octets, sizeof(octets));
    }
    return r;
}

int libsock__opt_set_filter(libsock_socket sock, int id,
                            const libsock_filter *program, size_t n)
{
    const libsock__opt_row *row = libsock__opt_row_of(id);

    /* The kernel counts in 16 bits. */
    if (program == NULL || n < (size_t)row->min || n > (size_t)row->max) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_filter(sock.raw, id, program, n);
}

int libsock__opt_set_fd(libsock_socket sock, int id, libsock_raw fd)
{
    if (fd < 0 || (int64_t)fd > libsock__opt_row_of(id)->max) {
        return libsock__sys_error(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    return libsock__sys_opt_set_number(sock.raw, id, (int64_t)fd);
}

int libsock__opt_set_none(libsock_socket sock, int id)
{
    return libsock__sys_opt_set_number(sock.raw, id, 0);
}
