/* SPDX-License-Identifier: MIT */
/*
 * Options whose value is a structure, told member by member: how opt_any.c
 * reads and sets them whole, and what opt_print.c and opt_parse.c find in them.
 * Constant data; nothing to guard.
 */
#ifndef LIBSOCK__OPT_MEMBER_H
#define LIBSOCK__OPT_MEMBER_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/opt_value.h>

/* A number within the structure that `as` begins with. */
struct libsock__opt_member {
    const char *name;
    uint16_t offset;
    uint8_t size;
    uint8_t kind; /* UINT, U64 or DURATION */
    uint8_t unit; /* an enum libsock_opt_unit */
    int8_t bit;   /* of the `valid` that the structure begins with, or -1 */
};

/* A row of kind STRUCT. What it does not have is NULL or 0. */
struct libsock__opt_struct {
    int (*get)(libsock_socket sock, libsock_opt_value *out);
    int (*set)(libsock_socket sock, const libsock_opt_value *value);
    const struct libsock__opt_member *members;
    size_t n_members;
};

/* Of a row that is no structure, one that has nothing. */
const struct libsock__opt_struct *libsock__opt_struct_of(int id);

/* Whether this is a value of that row. */
bool libsock__opt_value_fits(size_t index, const libsock_opt_value *value);

#endif
