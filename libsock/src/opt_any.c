/* SPDX-License-Identifier: MIT */
/*
 * Reading and setting any row of the table by one tagged value.
 * How a value of each kind is read and set lives in opt_number.c, opt_bytes.c
 * and opt_member.c. No state to guard.
 */
#include <libsock/opt_value.h>

#include <string.h>

#include "opt_member.h"
#include "opt_value.h"
#include "util.h"

static int any_get_number(libsock_socket sock, int id, libsock_opt_value *out)
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
static int any_get_amount(libsock_socket sock, int id, libsock_opt_value *out)
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

static int any_get_counted(libsock_socket sock, int id, libsock_opt_value *out)
{
    ptrdiff_t n = out->kind == LIBSOCK_OPT_KIND_TEXT
                      ? libsock__opt_get_text(sock, id, out->as.text,
                                              sizeof(out->as.text))
                      : libsock__opt_get_bytes(sock, id, out->as.bytes,
                                               sizeof(out->as.bytes));

    out->len = n < 0 ? 0 : (uint32_t)n;
    return n < 0 ? (int)n : 0;
}

static int any_get(libsock_socket sock, int id, libsock_opt_value *out)
{
    const struct libsock__opt_struct *what = libsock__opt_struct_of(id);

    switch (out->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        return libsock__opt_get_bool(sock, id, &out->as.boolean);
    case LIBSOCK_OPT_KIND_INT:
        return any_get_number(sock, id, out);
    case LIBSOCK_OPT_KIND_TEXT:
    case LIBSOCK_OPT_KIND_BYTES:
        return any_get_counted(sock, id, out);
    case LIBSOCK_OPT_KIND_ADDR:
        return libsock__opt_get_addr(sock, id, &out->as.addr);
    case LIBSOCK_OPT_KIND_IPV4:
        return libsock__opt_get_ipv4(sock, id, out->as.octets);
    case LIBSOCK_OPT_KIND_STRUCT:
        return what->get != NULL ? what->get(sock, out) : libsock__invalid();
    default:
        return any_get_amount(sock, id, out);
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
    if ((row->access & LIBSOCK_OPT_GET) == 0) {
        return libsock__invalid();
    }
    memset(&value, 0, sizeof(value));
    value.kind = row->shape;
    r = any_get(sock, (int)index, &value);
    if (r >= 0) {
        *out_value = value;
    }
    return r;
}

/* What the typed setters' own types keep out is kept out here. */
static int any_set_amount(libsock_socket sock, int id, uint64_t amount)
{
    const libsock__opt_row *row = libsock__opt_row_of(id);

    switch (row->shape) {
    case LIBSOCK_OPT_KIND_UINT:
        if (amount > UINT32_MAX) {
            return libsock__invalid();
        }
        return row->kind == LIBSOCK__OPT_KIND_IF4
                   ? libsock__opt_set_if(sock, id, (uint32_t)amount)
                   : libsock__opt_set_number(sock, id, (int64_t)amount);
    case LIBSOCK_OPT_KIND_SIZE:
        return (size_t)amount == amount
                   ? libsock__opt_set_size(sock, id, (size_t)amount)
                   : libsock__invalid();
    case LIBSOCK_OPT_KIND_DURATION:
        return libsock__opt_set_duration(sock, id, amount);
    default:
        return row->kind == LIBSOCK__OPT_KIND_RATE
                   ? libsock__opt_set_rate(sock, id, amount)
                   : libsock__opt_set_u64(sock, id, amount);
    }
}

static int any_set(libsock_socket sock, int id, const libsock_opt_value *value)
{
    const struct libsock__opt_struct *what = libsock__opt_struct_of(id);

    switch (value->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        return libsock__opt_set_number(sock, id, value->as.boolean);
    case LIBSOCK_OPT_KIND_INT:
        return libsock__opt_set_number(sock, id, value->as.number);
    case LIBSOCK_OPT_KIND_TEXT:
        return value->len < sizeof(value->as.text)
                   ? libsock__opt_set_text(sock, id, value->as.text, value->len)
                   : libsock__invalid();
    case LIBSOCK_OPT_KIND_IPV4:
        return libsock__opt_set_ipv4(sock, id, value->as.octets);
    case LIBSOCK_OPT_KIND_STRUCT:
        return what->set != NULL ? what->set(sock, value) : libsock__invalid();
    case LIBSOCK_OPT_KIND_UINT:
    case LIBSOCK_OPT_KIND_SIZE:
    case LIBSOCK_OPT_KIND_U64:
    case LIBSOCK_OPT_KIND_DURATION:
        return any_set_amount(sock, id, value->as.amount);
    default:
        return libsock__invalid();
    }
}

int libsock_opt_set_value(libsock_socket sock, size_t index,
                          const libsock_opt_value *value)
{
    if (!libsock__opt_value_fits(index, value) ||
        (libsock__opt_row_of((int)index)->access & LIBSOCK_OPT_SET) == 0) {
        return libsock__invalid();
    }
    return any_set(sock, (int)index, value);
}
