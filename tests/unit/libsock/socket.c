/* SPDX-License-Identifier: MIT */
/*
 * socket.c: which arguments are refused, that each function is one system
 * call, that failures leave the outputs alone, and the modes of a descriptor.
 * What peers see of a socket is in behaviour/sock_*.c. Nothing is guarded.
 */
#include <libsock/addr.h>
#include <libsock/libsock.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/posix/fd.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

static const libsock_socket socket_none = LIBSOCK_SOCKET_INIT;

TEST(open_refuses_what_makes_no_sense)
{
    const int ipv4 = LIBSOCK_DOMAIN_IPV4;
    const int dgram = LIBSOCK_TYPE_DGRAM;
    libsock_socket sock = {4711};

    CHECK_KIND(libsock_open(ipv4, dgram, 0, 0, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, dgram, 0, 8, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, dgram, 0, UINT32_MAX, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(-1, dgram, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(7, dgram, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(INT_MIN, dgram, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, 0, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, 6, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, -1, 0, 0, &sock), INVALID_INPUT);
    CHECK_KIND(libsock_open(ipv4, dgram, -1, 0, &sock), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_INT(sock.raw, 4711);
}

TEST(open_says_what_the_os_does_not_know)
{
    libsock_socket sock = {4711};

    CHECK_KIND(
        libsock_open(LIBSOCK_DOMAIN_UNSPEC, LIBSOCK_TYPE_DGRAM, 0, 0, &sock),
        UNSUPPORTED);
    CHECK_KIND(libsock_open(LIBSOCK_RAW(4000), LIBSOCK_TYPE_DGRAM, 0, 0, &sock),
               UNSUPPORTED);
    CHECK_KIND(libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                            LIBSOCK_PROTOCOL_TCP, 0, &sock),
               UNSUPPORTED);
    CHECK_EQ_INT(sock.raw, 4711);
}

TEST(open_takes_constants_of_the_os)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;

    CHECK_OK(libsock_open(LIBSOCK_RAW(AF_INET6), LIBSOCK_RAW(SOCK_STREAM),
                          LIBSOCK_PROTOCOL_TCP, 0, &sock));
    CHECK_OK(libsock_local_addr(sock, &addr));
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_IPV6);
    sock_close(sock);
}

/* What other systems have is not passed to this one, to which the number may
 * mean something else. */
TEST(what_other_systems_have_is_unsupported)
{
    const int local = LIBSOCK_DOMAIN_UNIX;
    const uint32_t rio = LIBSOCK_REGISTERED_IO;
    libsock_socket sock = {4711};
    libsock_socket pair[2] = {{4711}, {4712}};

    fault_reset();
    CHECK_KIND(libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW,
                            LIBSOCK_PROTOCOL_DIVERT, 0, &sock),
               UNSUPPORTED);
    CHECK_KIND(libsock_open(local, LIBSOCK_TYPE_STREAM, 0, rio, &sock),
               UNSUPPORTED);
    CHECK_KIND(libsock_open(local, LIBSOCK_TYPE_STREAM, 0,
                            rio | LIBSOCK_NONBLOCK, &sock),
               UNSUPPORTED);
    CHECK_KIND(libsock_pair(local, LIBSOCK_TYPE_STREAM, 0, rio, pair),
               UNSUPPORTED);
    CHECK_KIND(libsock_accept(sock, rio, &sock, NULL), UNSUPPORTED);
    CHECK_KIND(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, rio, &sock, NULL),
               UNSUPPORTED);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_INT(sock.raw, 4711);
    CHECK_EQ_INT(pair[0].raw, 4711);
}

TEST(pair_refuses_what_makes_no_sense)
{
    const int local = LIBSOCK_DOMAIN_UNIX;
    const int stream = LIBSOCK_TYPE_STREAM;
    libsock_socket pair[2] = {{4711}, {4712}};

    CHECK_KIND(libsock_pair(local, stream, 0, 0, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_pair(local, stream, 0, 8, pair), INVALID_INPUT);
    CHECK_KIND(libsock_pair(9, stream, 0, 0, pair), INVALID_INPUT);
    CHECK_KIND(libsock_pair(local, 9, 0, 0, pair), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_INT(libsock_pair(LIBSOCK_DOMAIN_IPV4, stream, 0, 0, pair), <, 0);
    CHECK_EQ_INT(pair[0].raw, 4711);
    CHECK_EQ_INT(pair[1].raw, 4712);
}

TEST(from_raw_takes_handles_only)
{
    libsock_socket sock = {4711};

    CHECK_KIND(libsock_from_raw(0, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_from_raw(-1, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_from_raw(INTPTR_MIN, &sock), BAD_DESCRIPTOR);
#if INTPTR_MAX > INT_MAX
    CHECK_KIND(libsock_from_raw((libsock_raw)INT_MAX + 1, &sock),
               BAD_DESCRIPTOR);
    CHECK_KIND(libsock_from_raw(INTPTR_MAX, &sock), BAD_DESCRIPTOR);
#endif
    CHECK_EQ_INT(sock.raw, 4711);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(into_raw_gives_the_handle_up)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    int fd = sock_fd(sock);

    CHECK_EQ_INT(libsock_into_raw(&sock), fd);
    CHECK(!libsock_is_open(sock));
    CHECK(net_is_open(fd));
    CHECK_EQ_INT(libsock_into_raw(&sock), LIBSOCK_RAW_INVALID);
    CHECK_EQ_INT(libsock_into_raw(NULL), LIBSOCK_RAW_INVALID);
    net_close(fd);
}

TEST(null_and_empty_arguments_are_refused)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket made = {4711};
    libsock_addr empty = {0};
    libsock_addr broken = {.len = LIBSOCK_ADDR_SIZE + 1};

    fault_reset();
    CHECK_KIND(libsock_dup(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_bind(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_bind(sock, &empty), INVALID_INPUT);
    CHECK_KIND(libsock_bind(sock, &broken), INVALID_INPUT);
    CHECK_KIND(libsock_connect(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_connect(sock, &empty), INVALID_INPUT);
    CHECK_KIND(libsock_connect(sock, &broken), INVALID_INPUT);
    CHECK_KIND(libsock_listen(sock, -2), INVALID_INPUT);
    CHECK_KIND(libsock_listen(sock, INT_MIN), INVALID_INPUT);
    CHECK_KIND(libsock_accept(sock, 0, NULL, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_accept(sock, 8, &made, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_local_addr(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_peer_addr(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_shutdown(sock, 0), INVALID_INPUT);
    CHECK_KIND(libsock_shutdown(sock, 4), INVALID_INPUT);
    CHECK_KIND(libsock_shutdown(sock, -1), INVALID_INPUT);
    CHECK_KIND(libsock_take_error(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_get_nonblocking(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_get_inheritable(sock, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_INT(made.raw, 4711);
    sock_close(sock);
}

/* Every function on `sock`, with outputs that must stay as they are. */
static void socket_all_fail(libsock_socket sock, int kind)
{
    libsock_addr addr, before;
    libsock_socket made = {4711};
    int error = 4713;
    bool flag = true;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &addr));
    before = addr;
    CHECK_EQ_INT(libsock_kind(libsock_dup(sock, &made)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_bind(sock, &addr)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_connect(sock, &addr)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_listen(sock, 1)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_accept(sock, 0, &made, &addr)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_local_addr(sock, &addr)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_peer_addr(sock, &addr)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_shutdown(sock, LIBSOCK_SHUT_BOTH)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_take_error(sock, &error)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_set_nonblocking(sock, true)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_get_nonblocking(sock, &flag)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_set_inheritable(sock, true)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_get_inheritable(sock, &flag)), kind);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
    CHECK_EQ_INT(made.raw, 4711);
    CHECK_EQ_INT(error, 4713);
    CHECK(flag);
}

TEST(a_socket_that_is_not_open_is_a_bad_descriptor)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);

    socket_all_fail(socket_none, LIBSOCK_KIND_BAD_DESCRIPTOR);
    CHECK_KIND(libsock_close(socket_none), BAD_DESCRIPTOR);
    sock_close(sock);
    socket_all_fail(sock, LIBSOCK_KIND_BAD_DESCRIPTOR);
    CHECK_KIND(libsock_close(sock), BAD_DESCRIPTOR);
}

TEST(a_handle_too_wide_for_a_descriptor_is_never_cut)
{
#if INTPTR_MAX > INT_MAX
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    const libsock_raw above = (libsock_raw)1 << 32;
    libsock_socket wide = {sock.raw + above};
    libsock_socket low = {sock.raw - above};

    socket_all_fail(wide, LIBSOCK_KIND_BAD_DESCRIPTOR);
    socket_all_fail(low, LIBSOCK_KIND_BAD_DESCRIPTOR);
    CHECK_KIND(libsock_close(wide), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_close(low), BAD_DESCRIPTOR);
    CHECK(net_is_open(sock_fd(sock)));
    CHECK(net_is_cloexec(sock_fd(sock)));
    sock_close(sock);
#else
    SKIP("a handle is as wide as a descriptor");
#endif
}

TEST(what_is_no_socket_is_told_apart)
{
    int fd[2];
    libsock_socket sock;
    libsock_addr addr;
    int error = 4713;

    net_pipe(fd);
    sock = sock_adopt(fd[0]);
    CHECK_KIND(libsock_listen(sock, 1), NOT_A_SOCKET);
    CHECK_KIND(libsock_local_addr(sock, &addr), NOT_A_SOCKET);
    CHECK_KIND(libsock_take_error(sock, &error), NOT_A_SOCKET);
    CHECK_KIND(libsock_shutdown(sock, LIBSOCK_SHUT_READ), NOT_A_SOCKET);
    CHECK_EQ_INT(error, 4713);
    net_close(fd[0]);
    net_close(fd[1]);
}

/* One call of this name and no other since the last time. */
static void socket_one_call(const char *call)
{
    CHECK_EQ_UINT(fault_calls_of(call), 1);
    CHECK_EQ_UINT(fault_calls(), 1);
    fault_reset();
}

static void socket_count_modes(libsock_socket sock)
{
    libsock_socket copy;
    int error;
    bool flag;

    fault_reset();
    CHECK_OK(libsock_set_nonblocking(sock, true));
    socket_one_call("ioctl");
    CHECK_OK(libsock_get_nonblocking(sock, &flag));
    socket_one_call("fcntl");
    CHECK_OK(libsock_set_inheritable(sock, false));
    socket_one_call("fcntl");
    CHECK_OK(libsock_get_inheritable(sock, &flag));
    socket_one_call("fcntl");
    CHECK_OK(libsock_take_error(sock, &error));
    socket_one_call("getsockopt");
    CHECK_OK(libsock_dup(sock, &copy));
    socket_one_call("fcntl");
    CHECK_OK(libsock_close(copy));
    CHECK_EQ_UINT(fault_calls_of("close"), 1);
    CHECK_EQ_UINT(fault_calls(), 0); /* which leaves closes out */
}

TEST(each_function_is_one_system_call)
{
    libsock_socket server, client;
    libsock_addr addr;

    server = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    socket_one_call("socket");
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(server, &addr));
    socket_one_call("bind");
    CHECK_OK(libsock_listen(server, 1));
    socket_one_call("listen");
    CHECK_OK(libsock_local_addr(server, &addr));
    socket_one_call("getsockname");
    client = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    fault_reset();
    CHECK_OK(libsock_connect(client, &addr));
    socket_one_call("connect");
    CHECK_OK(libsock_peer_addr(client, &addr));
    socket_one_call("getpeername");
    CHECK_OK(libsock_shutdown(client, LIBSOCK_SHUT_WRITE));
    socket_one_call("shutdown");
    socket_count_modes(server);
    sock_close(client);
    sock_close(server);
}

TEST(the_mode_is_seen_and_set_on_foreign_sockets)
{
    int fd[2];
    libsock_socket sock;
    bool flag = false;

    net_unix_pair(NET_STREAM, fd);
    sock = sock_adopt(fd[0]);
    net_set_nonblocking(fd[0], true);
    CHECK_OK(libsock_get_nonblocking(sock, &flag));
    CHECK(flag);
    CHECK_OK(libsock_set_nonblocking(sock, false));
    CHECK(!net_is_nonblocking(fd[0]));
    CHECK_OK(libsock_get_nonblocking(sock, &flag));
    CHECK(!flag);
    net_close(fd[0]);
    net_close(fd[1]);
}

TEST(setting_the_mode_leaves_other_status_flags)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    int fd = sock_fd(sock);

    CHECK(fcntl(fd, F_SETFL, O_APPEND) == 0);
    CHECK_OK(libsock_set_nonblocking(sock, true));
    CHECK_EQ_INT(fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK),
                 O_APPEND | O_NONBLOCK);
    CHECK_OK(libsock_set_nonblocking(sock, false));
    CHECK_EQ_INT(fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK), O_APPEND);
    sock_close(sock);
}

TEST(inheritance_is_seen_and_set)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    bool flag = true;

    CHECK_OK(libsock_get_inheritable(sock, &flag));
    CHECK(!flag);
    CHECK_OK(libsock_set_inheritable(sock, true));
    CHECK(!net_is_cloexec(sock_fd(sock)));
    CHECK_OK(libsock_get_inheritable(sock, &flag));
    CHECK(flag);
    CHECK_OK(libsock_set_inheritable(sock, false));
    CHECK(net_is_cloexec(sock_fd(sock)));
    sock_close(sock);
}

TEST(duplicates_share_the_mode_but_not_inheritance)
{
    libsock_socket pair[2], copy;
    char byte = 0;

    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_INHERIT, pair);
    CHECK_OK(libsock_dup(pair[0], &copy));
    CHECK_INT(sock_fd(copy), !=, sock_fd(pair[0]));
    CHECK(net_is_cloexec(sock_fd(copy)));
    CHECK(!net_is_cloexec(sock_fd(pair[0])));
    CHECK_OK(libsock_set_nonblocking(copy, true));
    CHECK(libsock_would_block(libsock_recv(pair[0], &byte, 1, 0)));
    sock_close(pair[0]);
    net_send_all(sock_fd(pair[1]), "x", 1);
    CHECK_EQ_INT(libsock_recv(copy, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'x');
    sock_close(copy);
    sock_close(pair[1]);
}

TEST(stored_addresses_keep_nothing_of_the_old_one)
{
    libsock_addr addr, want = {0};
    libsock_socket sock;
    struct sockaddr_in native = {.sin_family = AF_INET};
    int fd[2];

    net_tcp_pair(NET_IPV4, fd);
    sock = sock_adopt(fd[0]);
    native.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memset(&addr, 0xff, sizeof(addr));
    CHECK_OK(libsock_local_addr(sock, &addr));
    native.sin_port = htons(net_local_port(fd[0]));
    memcpy(want.storage, &native, sizeof(native));
    want.len = sizeof(native);
    CHECK(libsock_addr_equal(&addr, &want));
    CHECK_EQ_UINT(addr.reserved, 0);
    memset(&addr, 0xff, sizeof(addr));
    CHECK_OK(libsock_peer_addr(sock, &addr));
    native.sin_port = htons(net_peer_port(fd[0]));
    memcpy(want.storage, &native, sizeof(native));
    CHECK(libsock_addr_equal(&addr, &want));
    CHECK_EQ_UINT(addr.reserved, 0);
    net_close(fd[0]);
    net_close(fd[1]);
}

TEST(an_address_without_room_is_an_error)
{
    libsock_addr addr, before;

    memset(&addr, 0x5a, sizeof(addr));
    before = addr;
    CHECK_ERR(libsock__name_stored(&addr, LIBSOCK_ADDR_SIZE + 1, 7), ENOBUFS);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
    CHECK_EQ_INT(libsock__name_stored(&addr, LIBSOCK_ADDR_SIZE, 7), 7);
    CHECK_EQ_MEM(addr.storage, before.storage, LIBSOCK_ADDR_SIZE);
    CHECK_EQ_UINT(addr.len, LIBSOCK_ADDR_SIZE);
    CHECK_EQ_UINT(addr.reserved, 0);
}
