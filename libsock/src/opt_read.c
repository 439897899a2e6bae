/* SPDX-License-Identifier: MIT */
/*
 * Reading any row of the table into one tagged value.
 * How a value of each kind is read lives in opt_number.c and opt_bytes.c. No
 * state to guard.
 */
#include <libsock/opt.h>

#include <string.h>

#include "opt_value.h"
#include "util.h"

static int opt_read_number(libsock_socket sock, int id, libsock_opt_value *out)
{
    int kind = libsock__opt_row_of(id)->kind;
    int number = 0;
    int r;

    if (kind == LIBSOCK__OPT_KIND_DOMAIN) {
        r = libsock__opt_get_domain(sock, id, &number);
    } else if (kind == LIBSOCK__OPT_KIND_TYPE) {
        r = libsock__opt_get_type(sock, id, &number);
    } else {
        r = libsock__opt_get_int(sock, id, &number);
    }
    out->as.number = number;
    return r;
}

/* A size is 32 bits on some systems, and a number of 32 bits has no sign. */
static int opt_read_amount(libsock_socket sock, int id, libsock_opt_value *out)
{
    uint32_t number = 0;
    size_t size = 0;
    int r;

    switch (out->kind) {
    case LIBSOCK_OPT_KIND_UINT:
        r = libsock__opt_get_uint(sock, id, &number);
        out->as.amount = number;
        return r;
    case LIBSOCK_OPT_KIND_SIZE:
        r = libsock__opt_get_size(sock, id, &size);
        out->as.amount = size;
        return r;
    case LIBSOCK_OPT_KIND_DURATION:
        return libsock__opt_get_duration(sock, id, &out->as.amount);
    default:
        return libsock__opt_row_of(id)->kind == LIBSOCK__OPT_KIND_RATE
                   ? libsock__opt_get_rate(sock, id, &out->as.amount)
                   : libsock__opt_get_u64(sock, id, &out->as.amount);
    }
}

static int opt_read_text(libsock_socket sock, int id, libsock_opt_value *out)
{
    ptrdiff_t n =
        libsock__opt_get_text(sock, id, out->as.text, sizeof(out->as.text));

    out->len = n < 0 ? 0 : (uint32_t)n;
    return n < 0 ? (int)n : 0;
}

static int opt_read_any(libsock_socket sock, int id, libsock_opt_value *out)
{
    switch (out->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        return libsock__opt_get_bool(sock, id, &out->as.boolean);
    case LIBSOCK_OPT_KIND_INT:
        return opt_read_number(sock, id, out);
    case LIBSOCK_OPT_KIND_TEXT:
        return opt_read_text(sock, id, out);
    case LIBSOCK_OPT_KIND_ADDR:
        return libsock__opt_get_addr(sock, id, &out->as.addr);
    case LIBSOCK_OPT_KIND_IPV4:
        return libsock__opt_get_ipv4(sock, id, out->as.octets);
    default:
        return opt_read_amount(sock, id, out);
    }
}

int libsock_opt_get_value(libsock_socket sock, size_t index,
                          libsock_opt_value *out_value)
{
    const libsock__opt_row *row;
    libsock_opt_value value;
    int r;

    if (index >= LIBSOCK__OPT_COUNT || out_value == NULL) {
        return libsock__invalid();
    }
    row = libsock__opt_row_of((int)index);
    if ((row->access & LIBSOCK_OPT_GET) == 0 ||
        row->shape == LIBSOCK_OPT_KIND_BYTES ||
        row->shape == LIBSOCK_OPT_KIND_STRUCT) {
        return libsock__invalid();
    }
    memset(&value, 0, sizeof(value));
    value.kind = row->shape;
    r = opt_read_any(sock, (int)index, &value);
    if (r >= 0) {
        *out_value = value;
    }
    return r;
}
