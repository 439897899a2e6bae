/* SPDX-License-Identifier: MIT */
/*
 * Binding to an interface, by name and by index: who is still reached. The
 * other interface that this needs is any that is there besides the loopback.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

/* An interface besides "lo": its index, or 0. */
static unsigned other_interface(char out_name[IF_NAMESIZE])
{
    struct if_nameindex *all = if_nameindex();
    unsigned index = 0;

    CHECK(all != NULL);
    for (size_t i = 0; all[i].if_index != 0 && index == 0; i++) {
        if (strcmp(all[i].if_name, "lo") == 0)
            continue;
        index = all[i].if_index;
        memcpy(out_name, all[i].if_name, strlen(all[i].if_name) + 1);
    }
    if_freenameindex(all);
    return index;
}

/* A datagram from 127.0.0.1 gets to `fd`, or does not. */
static void check_reached(int fd, bool expected)
{
    uint16_t port;
    char byte;
    int sender = net_udp_bind(NET_IPV4, &port);

    net_udp_send(sender, NET_IPV4, net_local_port(fd), "x", 1);
    CHECK_EQ_INT(net_wait_readable(fd, expected ? 5000 : 50), expected);
    if (expected)
        CHECK_EQ_INT(net_recv(fd, &byte, 1), 1);
    net_close(sender);
}

static int bound_socket(void)
{
    struct sockaddr_in any;
    int fd = open_sort(UDP4);

    memset(&any, 0, sizeof(any));
    any.sin_family = AF_INET;
    CHECK(bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0);
    return fd;
}

TEST(a_name_decides_who_is_reached)
{
    char name[IF_NAMESIZE];
    char buf[LIBSOCK_OPT_TEXT_SIZE];
    int fd = bound_socket();

    CHECK_EQ_INT(libsock_get_device(sock_of(fd), buf, sizeof(buf)), 0);
    CHECK_EQ_STR(buf, "");
    CHECK_OK(libsock_set_device(sock_of(fd), "lo", 2));
    CHECK_EQ_INT(libsock_get_device(sock_of(fd), buf, sizeof(buf)), 2);
    CHECK_EQ_STR(buf, "lo");
    check_reached(fd, true);
    if (other_interface(name) == 0) {
        net_close(fd);
        SKIP("no interface but lo");
    }
    if (may(libsock_set_device(sock_of(fd), name, strlen(name)), "device")) {
        CHECK_EQ_INT(libsock_get_device(sock_of(fd), buf, sizeof(buf)),
                     strlen(name));
        CHECK_EQ_STR(buf, name);
        check_reached(fd, false);
        CHECK_OK(libsock_set_device(sock_of(fd), NULL, 0));
        check_reached(fd, true);
        CHECK_EQ_INT(libsock_get_device(sock_of(fd), buf, sizeof(buf)), 0);
    }
    net_close(fd);
}

TEST(an_index_decides_who_is_reached)
{
    char name[IF_NAMESIZE];
    uint32_t index = 4711;
    unsigned other = other_interface(name);
    int fd = bound_socket();

    CHECK_OK(libsock_get_device_index_v4(sock_of(fd), &index));
    CHECK_EQ_UINT(index, 0);
    if (other == 0) {
        net_close(fd);
        SKIP("no interface but lo");
    }
    if (may(libsock_set_device_index_v4(sock_of(fd), other), "device_index")) {
        check_reached(fd, false);
        CHECK_OK(libsock_get_device_index_v4(sock_of(fd), &index));
        CHECK_EQ_UINT(index, other);
        CHECK_OK(
            libsock_set_device_index_v4(sock_of(fd), if_nametoindex("lo")));
        check_reached(fd, true);
        CHECK_OK(libsock_set_device_index_v4(sock_of(fd), 0));
        check_reached(fd, true);
    }
    net_close(fd);
}

TEST(names_are_never_cut)
{
    int fd = open_sort(UDP4);
    char buf[LIBSOCK_OPT_TEXT_SIZE];

    /* The kernel would take the first 15 bytes, or those before the NUL. */
    CHECK_ERR(libsock_set_device(sock_of(fd), "lo\0o", 4), EINVAL);
    CHECK_ERR(libsock_set_device(sock_of(fd), "lo", 3), EINVAL);
    CHECK_ERR(libsock_set_device(sock_of(fd), "0123456789abcdef", 16), EINVAL);
    CHECK_ERR(libsock_set_device(sock_of(fd), "lo", SIZE_MAX), EINVAL);
    CHECK_ERR(libsock_set_device(sock_of(fd), NULL, 1), EINVAL);
    CHECK_EQ_INT(
        libsock_kind(libsock_set_device(sock_of(fd), "0123456789abcde", 15)),
        LIBSOCK_KIND_NOT_FOUND);
    CHECK_OK(libsock_set_device(sock_of(fd), "lo", 2));
    memset(buf, 'x', sizeof(buf));
    CHECK_EQ_INT(libsock_kind(libsock_get_device(sock_of(fd), buf, 2)),
                 LIBSOCK_KIND_NO_BUFFERS);
    CHECK_EQ_INT(buf[0], 'x');
    CHECK_EQ_INT(libsock_get_device(sock_of(fd), buf, 3), 2);
    CHECK_EQ_STR(buf, "lo");
    net_close(fd);
}
