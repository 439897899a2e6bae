/* SPDX-License-Identifier: MIT */
/*
 * Options that are not there, dead descriptors, the raw escape and the probe.
 * Single options are tested elsewhere.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <limits.h>
#include <stdio.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

TEST(options_of_another_protocol_are_unsupported)
{
    int udp = open_sort(UDP4);
    int tcp = open_sort(TCP4);
    bool on = false;

    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_nodelay(sock_of(udp), true)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_get_tcp_nodelay(sock_of(udp), &on)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_set_only_v6(sock_of(tcp), true)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_get_only_v6(sock_of(tcp), &on)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_set_udp_gro(sock_of(tcp), true)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(
        libsock_kind(libsock_set_header_included_v4(sock_of(udp), true)),
        LIBSOCK_KIND_UNSUPPORTED);
    CHECK(!on);
    net_close(udp);
    net_close(tcp);
}

TEST(a_dead_descriptor_is_told)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    char buf[LIBSOCK_OPT_TEXT_SIZE];
    bool on = true;
    size_t len = sizeof(on);
    int pipes[2];

    CHECK_ERR(libsock_set_keepalive(none, true), EBADF);
    CHECK_ERR(libsock_get_keepalive(none, &on), EBADF);
    CHECK_ERR(libsock_get_tcp_congestion(none, buf, sizeof(buf)), EBADF);
    CHECK_ERR(libsock_getopt(none, SOL_SOCKET, SO_TYPE, &on, &len), EBADF);
    CHECK_EQ_UINT(len, sizeof(on));
    net_pipe(pipes);
    CHECK_ERR(libsock_set_keepalive(sock_of(pipes[0]), true), ENOTSOCK);
    net_close(pipes[0]);
    net_close(pipes[1]);
}

TEST(raw_escape_takes_native_numbers)
{
    int fd = open_sort(TCP4);
    int value = 1;
    int back = 0;
    size_t len = sizeof(back);

    CHECK_OK(libsock_setopt(sock_of(fd), IPPROTO_TCP, TCP_NODELAY, &value,
                            sizeof(value)));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    CHECK_OK(
        libsock_getopt(sock_of(fd), IPPROTO_TCP, TCP_NODELAY, &back, &len));
    CHECK_EQ_INT(back, 1);
    CHECK_EQ_UINT(len, sizeof(back));
    /* A shorter answer is told. */
    {
        char name[64];

        len = sizeof(name);
        CHECK_OK(libsock_getopt(sock_of(fd), IPPROTO_TCP, TCP_CONGESTION, name,
                                &len));
        CHECK_EQ_UINT(len, 16);
    }
    CHECK_ERR(libsock_setopt(sock_of(fd), SOL_SOCKET, SO_KEEPALIVE, NULL, 4),
              EINVAL);
    CHECK_ERR(libsock_setopt(sock_of(fd), SOL_SOCKET, SO_KEEPALIVE, &value,
                             (size_t)INT_MAX + 1),
              EINVAL);
    CHECK_ERR(
        libsock_getopt(sock_of(fd), SOL_SOCKET, SO_KEEPALIVE, &back, NULL),
        EINVAL);
    len = 4;
    CHECK_ERR(libsock_getopt(sock_of(fd), SOL_SOCKET, SO_KEEPALIVE, NULL, &len),
              EINVAL);
    len = (size_t)INT_MAX + 1;
    CHECK_ERR(
        libsock_getopt(sock_of(fd), SOL_SOCKET, SO_KEEPALIVE, &back, &len),
        EINVAL);
    CHECK_EQ_INT(libsock_kind(libsock_setopt(sock_of(fd), SOL_SOCKET, 29999,
                                             &value, sizeof(value))),
                 LIBSOCK_KIND_UNSUPPORTED);
    net_close(fd);
}

TEST(probe_tells_what_this_socket_has)
{
    int tcp = open_sort(TCP4);
    int udp = open_sort(UDP4);
    size_t i;

    CHECK_OK(libsock_opt_find("tcp_nodelay", &i));
    CHECK_EQ_INT(libsock_opt_probe(sock_of(tcp), i), 1);
    CHECK_EQ_INT(libsock_opt_probe(sock_of(udp), i), 0);
    CHECK_ERR(libsock_opt_probe((libsock_socket)LIBSOCK_SOCKET_INIT, i), EBADF);
    /* There, but there is no route to measure yet. */
    CHECK_OK(libsock_opt_find("mtu_v4", &i));
    CHECK_EQ_INT(libsock_opt_probe(sock_of(udp), i), 1);
    CHECK_OK(libsock_opt_find("nosigpipe", &i));
    CHECK_EQ_INT(libsock_opt_probe(sock_of(udp), i), 0);
    CHECK_OK(libsock_opt_find("join_multicast_v4", &i));
    CHECK_ERR(libsock_opt_probe(sock_of(udp), i), EINVAL);
    CHECK_ERR(libsock_opt_probe(sock_of(udp), libsock_opt_count()), EINVAL);
    net_close(tcp);
    net_close(udp);
}

/* Whatever can be read here either is there or is not: no probe is confused. */
TEST(probe_answers_for_every_readable_row)
{
    static const enum sort sorts[] = {TCP4, TCP6, UDP4, UDP6, LOCAL};
    size_t has = 0;

    for (size_t s = 0; s < sizeof(sorts) / sizeof(sorts[0]); s++) {
        int fd = open_sort(sorts[s]);

        for (size_t i = 0; fd >= 0 && i < libsock_opt_count(); i++) {
            libsock_opt_info info;
            int r;

            CHECK_OK(libsock_opt_info_at(i, &info));
            if ((info.access & LIBSOCK_OPT_GET) == 0)
                continue;
            r = libsock_opt_probe(sock_of(fd), i);
            if (r < 0)
                printf("# %s on sort %d\n", info.name, (int)sorts[s]);
            CHECK_OK(r);
            CHECK(info.present || r == 0);
            has += r == 1;
        }
        if (fd >= 0)
            net_close(fd);
    }
    CHECK_UINT(has, >, 100);
}
