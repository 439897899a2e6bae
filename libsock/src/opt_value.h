/* SPDX-License-Identifier: MIT */
/*
 * What the functions of opt.c are made of: one routine for each way in which a
 * row of opt_list.h takes or gives a value. Each checks the user's pointers and
 * the row's range, then asks the port. No state to guard.
 */
#ifndef LIBSOCK__OPT_VALUE_H
#define LIBSOCK__OPT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/opt.h>

#include "opt_list.h"
#include "sys/sys.h"

/* opt_table.c: the columns of a row that need no OS. */
typedef struct libsock__opt_row {
    const char *name;
    int kind;     /* an enum libsock__opt_kind */
    int shape;    /* the same for the public: an enum libsock_opt_kind */
    int unit;     /* an enum libsock_opt_unit, or LIBSOCK__OPT_UNIT_OS */
    int access;   /* OR of enum libsock_opt_access */
    int scope[3]; /* domain, type, protocol */
    int64_t min;
    int64_t max;
} libsock__opt_row;

enum {
    LIBSOCK__OPT_UNIT_OS = -1
};

const libsock__opt_row *libsock__opt_row_of(int id);
/* An enum libsock_opt_unit, the OS's own settled. */
int libsock__opt_unit_of(int id);

/* opt_number.c */
int libsock__opt_set_number(libsock_socket sock, int id, int64_t value);
int libsock__opt_set_size(libsock_socket sock, int id, size_t value);
int libsock__opt_set_u64(libsock_socket sock, int id, uint64_t value);
int libsock__opt_set_rate(libsock_socket sock, int id, uint64_t rate);
int libsock__opt_get_rate(libsock_socket sock, int id, uint64_t *out);
int libsock__opt_set_duration(libsock_socket sock, int id, uint64_t ns);
int libsock__opt_get_bool(libsock_socket sock, int id, bool *out);
int libsock__opt_get_int(libsock_socket sock, int id, int *out);
int libsock__opt_get_uint(libsock_socket sock, int id, uint32_t *out);
int libsock__opt_get_size(libsock_socket sock, int id, size_t *out);
int libsock__opt_get_u64(libsock_socket sock, int id, uint64_t *out);
int libsock__opt_get_duration(libsock_socket sock, int id, uint64_t *out);
int libsock__opt_get_domain(libsock_socket sock, int id, int *out);
int libsock__opt_get_type(libsock_socket sock, int id, int *out);
/* The kernel's number for a duration; INVALID_INPUT outside the row's range. */
int libsock__opt_ticks(int id, uint64_t ns, int64_t *out_ticks);

/* opt_bytes.c */
int libsock__opt_set_text(libsock_socket sock, int id, const char *text,
                          size_t len);
ptrdiff_t libsock__opt_get_text(libsock_socket sock, int id, char *buf,
                                size_t cap);
ptrdiff_t libsock__opt_get_bytes(libsock_socket sock, int id, void *buf,
                                 size_t cap);
int libsock__opt_get_addr(libsock_socket sock, int id, libsock_addr *out);
int libsock__opt_set_ipv4(libsock_socket sock, int id, const uint8_t *octets);
int libsock__opt_get_ipv4(libsock_socket sock, int id, uint8_t *out);
int libsock__opt_set_filter(libsock_socket sock, int id,
                            const libsock_filter *program, size_t n);
int libsock__opt_set_fd(libsock_socket sock, int id, libsock_raw fd);
int libsock__opt_set_none(libsock_socket sock, int id);

/* opt_membership.c: what a row's kind does not have is NULL or 0. */
int libsock__opt_set_mreq(libsock_socket sock, int id, const uint8_t *group,
                          const uint8_t *local);
int libsock__opt_set_mreqn(libsock_socket sock, int id, const uint8_t *group,
                           uint32_t ifindex);
int libsock__opt_set_if(libsock_socket sock, int id, uint32_t ifindex);
int libsock__opt_set_ssm(libsock_socket sock, int id,
                         const libsock__membership *what);
int libsock__opt_set_group(libsock_socket sock, int id,
                           const libsock__group *what);

#endif
