/* SPDX-License-Identifier: MIT */
/*
 * Options that are numbers and times: ranges, rounding, units.
 * How a number goes to the kernel lives in the port. No state to guard.
 */
#include <limits.h>

#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

static bool opt_in_range(int id, int64_t value)
{
    const libsock__opt_row *row = libsock__opt_row_of(id);

    if (row->kind == LIBSOCK__OPT_KIND_UINT0 && value == 0) {
        return true;
    }
    return value >= row->min && value <= row->max;
}

static uint64_t opt_unit_ns(int id)
{
    switch (libsock__opt_unit_of(id)) {
    case LIBSOCK_OPT_UNIT_S:
        return UINT64_C(1000000000);
    case LIBSOCK_OPT_UNIT_MS:
        return UINT64_C(1000000);
    case LIBSOCK_OPT_UNIT_US:
        return UINT64_C(1000);
    default:
        return 1;
    }
}

/* The number by which the kernel says "no limit". DURATION and SPAN have none.
 */
static bool opt_has_forever(int kind, int64_t *out_forever)
{
    *out_forever = kind == LIBSOCK__OPT_KIND_LINGER ? -1 : 0;
    return kind != LIBSOCK__OPT_KIND_DURATION && kind != LIBSOCK__OPT_KIND_SPAN;
}

int libsock__opt_set_number(libsock_socket sock, int id, int64_t value)
{
    if (!opt_in_range(id, value)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_number(sock.raw, id, value);
}

int libsock__opt_set_size(libsock_socket sock, int id, size_t value)
{
    uint64_t bytes = value;

    if (bytes > INT64_MAX) {
        return libsock__invalid();
    }
    return libsock__opt_set_number(sock, id, (int64_t)bytes);
}

int libsock__opt_set_u64(libsock_socket sock, int id, uint64_t value)
{
    return libsock__sys_opt_set_number(sock.raw, id, (int64_t)value);
}

int libsock__opt_set_rate(libsock_socket sock, int id, uint64_t rate)
{
    /* A rate of 0 would stop the socket for good. */
    return rate == 0 ? libsock__invalid()
                     : libsock__sys_opt_set_rate(sock.raw, id, rate);
}

int libsock__opt_get_rate(libsock_socket sock, int id, uint64_t *out)
{
    return out == NULL ? libsock__invalid()
                       : libsock__sys_opt_get_rate(sock.raw, id, out);
}

int libsock__opt_ticks(int id, uint64_t ns, int64_t *out_ticks)
{
    uint64_t unit = opt_unit_ns(id);
    uint64_t ticks = ns / unit + (ns % unit != 0);

    if (ticks > INT64_MAX || !opt_in_range(id, (int64_t)ticks)) {
        return libsock__invalid();
    }
    *out_ticks = (int64_t)ticks;
    return 0;
}

int libsock__opt_set_duration(libsock_socket sock, int id, uint64_t ns)
{
    int64_t ticks;
    bool has_forever = opt_has_forever(libsock__opt_row_of(id)->kind, &ticks);
    int r = 0;

    if (ns != LIBSOCK_NO_TIMEOUT) {
        r = libsock__opt_ticks(id, ns, &ticks);
    } else if (!has_forever) {
        r = libsock__invalid();
    }
    return r < 0 ? r : libsock__sys_opt_set_number(sock.raw, id, ticks);
}

/* Getters differ in the type of what they store alone: opt_list.h's ranges see
 * to it that a number fits. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type takes none. */
#define NUMBER_GETTER(name, type)                                    \
 int libsock__opt_get_##name(libsock_socket sock, int id, type *out) \
 {                                                                   \
  int64_t value;                                                     \
  int r;                                                             \
                                                                     \
  if (out == NULL) {                                                 \
   return libsock__invalid();                                        \
  }                                                                  \
  r = libsock__sys_opt_get_number(sock.raw, id, &value);             \
  if (r >= 0) {                                                      \
   *out = (type)value;                                               \
  }                                                                  \
  return r;                                                          \
 }

/* NOLINTEND(bugprone-macro-parentheses) */
NUMBER_GETTER(bool, bool)
NUMBER_GETTER(int, int)
NUMBER_GETTER(uint, uint32_t)
NUMBER_GETTER(size, size_t)
NUMBER_GETTER(u64, uint64_t)

int libsock__opt_get_duration(libsock_socket sock, int id, uint64_t *out)
{
    uint64_t unit = opt_unit_ns(id);
    int64_t ticks;
    int64_t forever;
    int r;

    if (out == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_get_number(sock.raw, id, &ticks);
    if (r < 0) {
        return r;
    }
    if (opt_has_forever(libsock__opt_row_of(id)->kind, &forever) &&
        ticks == forever) {
        *out = LIBSOCK_NO_TIMEOUT;
        return r;
    }
    /* Over 584 years is no limit either. */
    *out = (uint64_t)ticks > UINT64_MAX / unit ? LIBSOCK_NO_TIMEOUT
                                               : (uint64_t)ticks * unit;
    return r;
}

int libsock__opt_get_domain(libsock_socket sock, int id, int *out)
{
    int r = libsock__opt_get_int(sock, id, out);

    if (r >= 0) {
        *out = libsock__sys_domain_of(*out);
    }
    return r;
}

int libsock__opt_get_type(libsock_socket sock, int id, int *out)
{
    int r = libsock__opt_get_int(sock, id, out);

    if (r >= 0) {
        *out = libsock__sys_type_of(*out);
    }
    return r;
}
