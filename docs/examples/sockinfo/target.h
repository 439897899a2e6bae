/* SPDX-License-Identifier: MIT */
/* A socket from what the user wrote: a scheme and an address or a name, or the
 * number of a descriptor. */
#ifndef SOCKINFO_TARGET_H
#define SOCKINFO_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <libsock/addr.h>
#include <libsock/types.h>

/* How long a connection may take. */
#define TARGET_TIMEOUT_S 10

enum {
    TARGET_ADDRS_MAX = 16
};

/* A name may have several addresses, in the order in which to try them. */
struct target {
    int type;
    size_t n_addrs; /* 1 or more */
    libsock_addr addrs[TARGET_ADDRS_MAX];
};

/* Find out what is meant; asks the resolver for a name. 0, or why not. */
int target_find(const char *text, struct target *out_target);

/* Connect the socket, or give it the address itself. */
int target_reach(const libsock_addr *addr, libsock_socket sock, bool bind);

/* A number of decimal digits, up to INT_MAX: a socket that somebody else opened
 * and goes on owning. */
bool target_from_number(const char *text, libsock_socket *out_sock);

#endif
