/* SPDX-License-Identifier: MIT */
/*
 * The table of options as data: listing, finding, probing.
 * What sets and gets values lives in opt.c and opt_number.c, the native numbers
 * in the port. Constant data; nothing to guard.
 */
#include <libsock/opt.h>

#include <limits.h>
#include <string.h>

#include <libsock/error.h>

#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

/* The columns of opt_list.h in the words of opt.h. */
#define OPT_SHAPE_BOOL     LIBSOCK_OPT_KIND_BOOL
#define OPT_SHAPE_INT      LIBSOCK_OPT_KIND_INT
#define OPT_SHAPE_UINT     LIBSOCK_OPT_KIND_UINT
#define OPT_SHAPE_SIZE     LIBSOCK_OPT_KIND_SIZE
#define OPT_SHAPE_U64      LIBSOCK_OPT_KIND_U64
#define OPT_SHAPE_BOOL8    LIBSOCK_OPT_KIND_BOOL
#define OPT_SHAPE_UINT8    LIBSOCK_OPT_KIND_UINT
#define OPT_SHAPE_DURATION LIBSOCK_OPT_KIND_DURATION
#define OPT_SHAPE_TIMEOUT  LIBSOCK_OPT_KIND_DURATION
#define OPT_SHAPE_TIMEVAL  LIBSOCK_OPT_KIND_DURATION
#define OPT_SHAPE_LINGER   LIBSOCK_OPT_KIND_DURATION
#define OPT_SHAPE_DOMAIN   LIBSOCK_OPT_KIND_INT
#define OPT_SHAPE_TYPE     LIBSOCK_OPT_KIND_INT
#define OPT_SHAPE_TEXT     LIBSOCK_OPT_KIND_TEXT
#define OPT_SHAPE_ACCEPT   LIBSOCK_OPT_KIND_TEXT
#define OPT_SHAPE_ADDR     LIBSOCK_OPT_KIND_ADDR
#define OPT_SHAPE_IPV4     LIBSOCK_OPT_KIND_IPV4
#define OPT_SHAPE_IF4      LIBSOCK_OPT_KIND_UINT
#define OPT_SHAPE_MREQ4    LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_MREQN4   LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_SSM4     LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_MREQ6    LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_SSM6     LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_FILTER   LIBSOCK_OPT_KIND_FILTER
#define OPT_SHAPE_NONE     LIBSOCK_OPT_KIND_NONE
#define OPT_SHAPE_BOOLDF   LIBSOCK_OPT_KIND_BOOL
#define OPT_SHAPE_UINTN    LIBSOCK_OPT_KIND_UINT
#define OPT_SHAPE_UINT0    LIBSOCK_OPT_KIND_UINT
#define OPT_SHAPE_RATE     LIBSOCK_OPT_KIND_U64
#define OPT_SHAPE_SPAN     LIBSOCK_OPT_KIND_DURATION
#define OPT_SHAPE_GROUP    LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_SOURCE   LIBSOCK_OPT_KIND_MEMBERSHIP
#define OPT_SHAPE_FD       LIBSOCK_OPT_KIND_FD
#define OPT_SHAPE_BYTES    LIBSOCK_OPT_KIND_BYTES
#define OPT_SHAPE_STRUCT   LIBSOCK_OPT_KIND_STRUCT

#define OPT_UNIT_NONE  LIBSOCK_OPT_UNIT_NONE
#define OPT_UNIT_BYTES LIBSOCK_OPT_UNIT_BYTES
#define OPT_UNIT_RATE  LIBSOCK_OPT_UNIT_BYTES_PER_S
#define OPT_UNIT_S     LIBSOCK_OPT_UNIT_S
#define OPT_UNIT_MS    LIBSOCK_OPT_UNIT_MS
#define OPT_UNIT_US    LIBSOCK_OPT_UNIT_US
#define OPT_UNIT_OS    LIBSOCK__OPT_UNIT_OS

#define OPT_ACCESS_RW   (LIBSOCK_OPT_GET | LIBSOCK_OPT_SET)
#define OPT_ACCESS_GET  LIBSOCK_OPT_GET
#define OPT_ACCESS_TAKE (LIBSOCK_OPT_GET | LIBSOCK_OPT_TAKE)
#define OPT_ACCESS_SET  LIBSOCK_OPT_SET
#define OPT_ACCESS_CALL LIBSOCK_OPT_CALL

/* Domain, type, protocol. */
#define OPT_SCOPE_ANY         \
 {                            \
  LIBSOCK_DOMAIN_UNSPEC, 0, 0 \
 }
#define OPT_SCOPE_INET        \
 {                            \
  LIBSOCK_DOMAIN_UNSPEC, 0, 0 \
 }
#define OPT_SCOPE_UNIX      \
 {                          \
  LIBSOCK_DOMAIN_UNIX, 0, 0 \
 }
#define OPT_SCOPE_V4        \
 {                          \
  LIBSOCK_DOMAIN_IPV4, 0, 0 \
 }
#define OPT_SCOPE_V6        \
 {                          \
  LIBSOCK_DOMAIN_IPV6, 0, 0 \
 }
#define OPT_SCOPE_RAW4                     \
 {                                         \
  LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW, 0 \
 }
#define OPT_SCOPE_RAW6                     \
 {                                         \
  LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_RAW, 0 \
 }
#define OPT_SCOPE_TCP                                              \
 {                                                                 \
  LIBSOCK_DOMAIN_UNSPEC, LIBSOCK_TYPE_STREAM, LIBSOCK_PROTOCOL_TCP \
 }
#define OPT_SCOPE_UDP                                             \
 {                                                                \
  LIBSOCK_DOMAIN_UNSPEC, LIBSOCK_TYPE_DGRAM, LIBSOCK_PROTOCOL_UDP \
 }
#define OPT_SCOPE_UDPLITE                                             \
 {                                                                    \
  LIBSOCK_DOMAIN_UNSPEC, LIBSOCK_TYPE_DGRAM, LIBSOCK_PROTOCOL_UDPLITE \
 }
#define OPT_SCOPE_PACKET      \
 {                            \
  LIBSOCK_DOMAIN_PACKET, 0, 0 \
 }
#define OPT_SCOPE_SCTP                            \
 {                                                \
  LIBSOCK_DOMAIN_UNSPEC, 0, LIBSOCK_PROTOCOL_SCTP \
 }
#define OPT_SCOPE_DCCP                                            \
 {                                                                \
  LIBSOCK_DOMAIN_UNSPEC, LIBSOCK_TYPE_DCCP, LIBSOCK_PROTOCOL_DCCP \
 }
#define OPT_SCOPE_VSOCK      \
 {                           \
  LIBSOCK_DOMAIN_VSOCK, 0, 0 \
 }

static const libsock__opt_row opt_rows[] = {
#define OPT_ROW(name, level, constant, kind, access, unit, min, max, scope) \
 [LIBSOCK__OPT_##name] = {#name,                                            \
                          LIBSOCK__OPT_KIND_##kind,                         \
                          OPT_SHAPE_##kind,                                 \
                          OPT_UNIT_##unit,                                  \
                          OPT_ACCESS_##access,                              \
                          OPT_SCOPE_##scope,                                \
                          min,                                              \
                          max},
    LIBSOCK__OPT_LIST(OPT_ROW)
#undef OPT_ROW
};

_Static_assert(LIBSOCK__COUNT(opt_rows) == LIBSOCK__OPT_COUNT, "each row once");

const libsock__opt_row *libsock__opt_row_of(int id)
{
    return &opt_rows[id];
}

int libsock__opt_unit_of(int id)
{
    int unit = opt_rows[id].unit;

    return unit == LIBSOCK__OPT_UNIT_OS ? libsock__sys_opt_timeout_unit()
                                        : unit;
}

size_t libsock_opt_count(void)
{
    return LIBSOCK__OPT_COUNT;
}

int libsock_opt_info_at(size_t index, libsock_opt_info *out_info)
{
    const libsock__opt_row *row;
    int level = 0;
    int name = 0;

    if (index >= LIBSOCK__OPT_COUNT || out_info == NULL) {
        return libsock__invalid();
    }
    row = &opt_rows[index];
    memset(out_info, 0, sizeof(*out_info));
    out_info->present = libsock__sys_opt_native((int)index, &level, &name) >= 0;
    out_info->name = row->name;
    out_info->level = level;
    out_info->native = name;
    out_info->kind = row->shape;
    out_info->unit = libsock__opt_unit_of((int)index);
    out_info->access = row->access;
    out_info->domain = row->scope[0];
    out_info->type = row->scope[1];
    out_info->protocol = row->scope[2];
    out_info->min = row->min;
    out_info->max = row->max;
    return 0;
}

int libsock_opt_find(const char *name, size_t *out_index)
{
    if (name == NULL || out_index == NULL) {
        return libsock__invalid();
    }
    for (size_t i = 0; i < LIBSOCK__OPT_COUNT; i++) {
        if (strcmp(opt_rows[i].name, name) == 0) {
            *out_index = i;
            return 0;
        }
    }
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

/* Ask in the way of the row's getter: a kernel may insist on the length. */
static int opt_read(libsock_raw sock, int id)
{
    uint64_t bytes[LIBSOCK_ADDR_SIZE / 8];
    size_t len = sizeof(bytes);
    int64_t number;
    int level;
    int name;
    int r = libsock__sys_opt_native(id, &level, &name);

    if (r < 0) {
        return r;
    }
    switch (opt_rows[id].shape) {
    case LIBSOCK_OPT_KIND_TEXT:
    case LIBSOCK_OPT_KIND_ADDR:
    case LIBSOCK_OPT_KIND_IPV4:
        return libsock__sys_getopt(sock, level, name, bytes, &len);
    /* Nothing asked for, so that nothing is taken away by reading it. */
    case LIBSOCK_OPT_KIND_BYTES:
    case LIBSOCK_OPT_KIND_STRUCT:
        len = 0;
        return libsock__sys_getopt(sock, level, name, bytes, &len);
    default:
        return libsock__sys_opt_get_number(sock, id, &number);
    }
}

int libsock_opt_probe(libsock_socket sock, size_t index)
{
    int r;

    if (index >= LIBSOCK__OPT_COUNT ||
        (opt_rows[index].access & LIBSOCK_OPT_GET) == 0) {
        return libsock__invalid();
    }
    r = opt_read(sock.raw, (int)index);
    switch (libsock_kind(r)) {
    case LIBSOCK_KIND_OK:
    /* It knows the option well, and has no value for it yet. */
    case LIBSOCK_KIND_NOT_CONNECTED:
    case LIBSOCK_KIND_NOT_FOUND:
        return 1;
    case LIBSOCK_KIND_UNSUPPORTED:
        return 0;
    case LIBSOCK_KIND_INVALID_INPUT:
        /* There is more than the nothing that was asked for. */
        return opt_rows[index].shape == LIBSOCK_OPT_KIND_BYTES ? 1 : r;
    default:
        return r;
    }
}
