/* SPDX-License-Identifier: MIT */
/*
 * What the option tests share: raw sockets of each sort, and the kernel's own
 * word on an option. The library takes no part but to name the kind of errors.
 * Nothing is guarded.
 */
#ifndef TESTS_UNIT_LIBSOCK_OPT_SUPPORT_H
#define TESTS_UNIT_LIBSOCK_OPT_SUPPORT_H

#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "support/check.h"
#include "support/net.h"

#define NS_PER_S UINT64_C(1000000000)

/* name, setter, getter of a row of a test's table. */
#define BOTH(name) #name, libsock_set_##name, libsock_get_##name

enum sort {
    TCP4,
    TCP6,
    UDP4,
    UDP6,
    RAW4,
    RAW6,
    PACKETS,
    LOCAL
};

/* A fresh socket, or -1 where it needs a privilege that we lack. */
static inline int open_sort(enum sort sort)
{
    static const int triples[][3] = {
        [TCP4] = {AF_INET, SOCK_STREAM, 0},
        [TCP6] = {AF_INET6, SOCK_STREAM, 0},
        [UDP4] = {AF_INET, SOCK_DGRAM, 0},
        [UDP6] = {AF_INET6, SOCK_DGRAM, 0},
        [RAW4] = {AF_INET, SOCK_RAW, IPPROTO_ICMP},
        [RAW6] = {AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
        [PACKETS] = {AF_PACKET, SOCK_DGRAM, 0},
        [LOCAL] = {AF_UNIX, SOCK_DGRAM, 0},
    };
    int fd = socket(triples[sort][0], triples[sort][1], triples[sort][2]);

    CHECK(fd >= 0 || errno == EPERM || errno == EAFNOSUPPORT);
    return fd;
}

static inline libsock_socket sock_of(int fd)
{
    libsock_socket sock = {fd};

    return sock;
}

static inline enum sort tcp_of(enum net_family family)
{
    return family == NET_IPV4 ? TCP4 : TCP6;
}

static inline enum sort udp_of(enum net_family family)
{
    return family == NET_IPV4 ? UDP4 : UDP6;
}

static inline int raw_int(int fd, int level, int option)
{
    int value = 0;
    socklen_t len = sizeof(value);

    CHECK(getsockopt(fd, level, option, &value, &len) == 0);
    CHECK_EQ_UINT(len, sizeof(value));
    return value;
}

/* Say aloud what this machine or this user may not do. */
static inline bool may(int r, const char *name)
{
    int kind = libsock_kind(r);

    if (kind != LIBSOCK_KIND_PERMISSION_DENIED)
        return true;
    printf("# %s not tested: no privilege\n", name);
    return false;
}

/* Receive one message of up to `cap` bytes into `buf`, which may be NULL, and
 * the control message of this kind; returns its length, or -1 without one. */
struct opt_control {
    int level;
    int type;
    unsigned char bytes[64];
    int len;
};

static inline ptrdiff_t recv_control(int fd, int flags, void *buf, size_t cap,
                                     struct opt_control *control)
{
    union {
        struct cmsghdr align;
        char room[512];
    } space;
    char waste[2048];
    struct iovec piece = {buf != NULL ? buf : waste,
                          buf != NULL ? cap : sizeof(waste)};
    struct msghdr msg;
    ssize_t n;

    memset(&msg, 0, sizeof(msg));
    msg.msg_iov = &piece;
    msg.msg_iovlen = 1;
    msg.msg_control = space.room;
    msg.msg_controllen = sizeof(space.room);
    n = recvmsg(fd, &msg, flags);
    control->len = -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); n >= 0 && c != NULL;
         c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level != control->level || c->cmsg_type != control->type)
            continue;
        control->len = (int)(c->cmsg_len - CMSG_LEN(0));
        CHECK_UINT(control->len, <=, sizeof(control->bytes));
        memcpy(control->bytes, CMSG_DATA(c), (size_t)control->len);
    }
    return n < 0 ? -errno : n;
}

/* The control message's payload as an int; it must be one. */
static inline int control_int(const struct opt_control *control)
{
    int value;

    CHECK_EQ_INT(control->len, sizeof(value));
    memcpy(&value, control->bytes, sizeof(value));
    return value;
}

#endif
