/* SPDX-License-Identifier: MIT */
/*
 * Asking the kernel's routing tables for a dump: a socket, a question, and a
 * walk over what comes back. What the messages mean is for who asks.
 * One owner, so nothing is guarded.
 */
#ifndef LIBSOCK__LINUX_NETLINK_H
#define LIBSOCK__LINUX_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../posix/platform.h"

typedef struct libsock__netlink {
    unsigned char *buf;
    size_t cap;   /* of `buf`; at least what libsock__netlink_open() was told */
    uint32_t seq; /* of the last question */
    int fd;
} libsock__netlink;

/* The answers that are no errors. */
enum libsock__netlink_answer {
    LIBSOCK__NETLINK_MORE = 0, /* the dump goes on */
    LIBSOCK__NETLINK_DONE = 1, /* that was all */
    /* Something changed meanwhile, or was lost: close, and ask anew. When a
     * message did not fit, `cap` says what it takes. */
    LIBSOCK__NETLINK_AGAIN = 2
};

/* One message, not aligned. A negative result ends the walk. */
typedef struct libsock__netlink_message {
    const unsigned char *payload;
    size_t len;
    uint16_t type;
} libsock__netlink_message;
typedef int (*libsock__netlink_visit)(void *ctx,
                                      const libsock__netlink_message *message);

/* One attribute of a message; `next` steps to it, false at the end. */
typedef struct libsock__netlink_attr {
    const unsigned char *rest; /* set these two first */
    size_t rest_len;
    const unsigned char *data; /* not aligned */
    size_t len;
    uint16_t type;
} libsock__netlink_attr;

/* Open with room for messages of `cap` bytes; close in any case but failure. */
int libsock__netlink_open(libsock__netlink *self, size_t cap);
void libsock__netlink_close(libsock__netlink *self);

/*
 * Ask for all objects of a kind, RTM_GETLINK or RTM_GETADDR, and visit each.
 * DONE, AGAIN, or minus the code.
 */
int libsock__netlink_dump(libsock__netlink *self, uint16_t type,
                          libsock__netlink_visit visit, void *ctx);

/*
 * Visit the messages of one datagram, those with another number than `seq`
 * left out. Any bytes may be in it. An `enum libsock__netlink_answer`, or
 * minus the code that the kernel, the visitor or broken bytes gave.
 */
int libsock__netlink_walk(const libsock__netlink_message *datagram,
                          uint32_t seq, libsock__netlink_visit visit,
                          void *ctx);

bool libsock__netlink_next(libsock__netlink_attr *attr);

#endif
