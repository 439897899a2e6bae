/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX as two programs see it: pathname, abstract and unnamed addresses on
 * stream, datagram and seqpacket sockets, and its own meaning of would-block.
 * Descriptors that travel are in sock_control.c. Nothing is guarded.
 */
#include <libsock/os.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

static void unix_pathname(libsock_addr *out_addr)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    CHECK_OK(libsock_addr_from_unix_path(path, strlen(path), out_addr));
}

/* A name that no other process has: that of a fresh file. */
static void unix_abstract(libsock_addr *out_addr)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    CHECK_OK(libsock_addr_from_unix_abstract(path, strlen(path), out_addr));
}

static int unix_form(const libsock_addr *addr)
{
    const char *name;
    size_t len;
    int form = -1;

    CHECK_OK(libsock_addr_get_unix(addr, &form, &name, &len));
    return form;
}

static void unix_check_connection(const libsock_addr *at, int type)
{
    libsock_socket listener = sock_open(LIBSOCK_DOMAIN_UNIX, type, 0);
    libsock_socket client = sock_open(LIBSOCK_DOMAIN_UNIX, type, 0);
    libsock_socket server = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;
    char byte = 0;

    CHECK_OK(libsock_bind(listener, at));
    CHECK_OK(libsock_listen(listener, 1));
    CHECK_OK(libsock_local_addr(listener, &addr));
    CHECK(libsock_addr_equal(&addr, at));
    CHECK_OK(libsock_connect(client, at));
    memset(&addr, 0xff, sizeof(addr));
    CHECK_OK(libsock_accept(listener, 0, &server, &addr));
    CHECK_EQ_INT(unix_form(&addr), LIBSOCK_UNIX_UNNAMED);
    CHECK_OK(libsock_peer_addr(client, &addr));
    CHECK(libsock_addr_equal(&addr, at));
    CHECK_EQ_INT(libsock_send(client, "u", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(server, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'u');
    sock_close(server);
    sock_close(client);
    sock_close(listener);
}

TEST(connections_by_pathname)
{
    libsock_addr at;

    unix_pathname(&at);
    unix_check_connection(&at, LIBSOCK_TYPE_STREAM);
    unix_pathname(&at);
    unix_check_connection(&at, LIBSOCK_TYPE_SEQPACKET);
}

TEST(connections_by_abstract_name)
{
    libsock_addr at;

    unix_abstract(&at);
    unix_check_connection(&at, LIBSOCK_TYPE_STREAM);
    unix_check_connection(&at, LIBSOCK_TYPE_SEQPACKET);
}

TEST(who_left_before_is_accepted_all_the_same)
{
    libsock_socket listener =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket client =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket server = LIBSOCK_SOCKET_INIT;
    libsock_addr at, peer;
    char bytes[8];

    unix_pathname(&at);
    CHECK_OK(libsock_bind(listener, &at));
    CHECK_OK(libsock_listen(listener, 1));
    CHECK_OK(libsock_connect(client, &at));
    CHECK_EQ_INT(libsock_send(client, "bye", 3, 0), 3);
    sock_close(client);
    CHECK_OK(libsock_accept(listener, 0, &server, &peer));
    CHECK_EQ_INT(unix_form(&peer), LIBSOCK_UNIX_UNNAMED);
    CHECK(net_is_cloexec(sock_fd(server)));
    CHECK_EQ_INT(libsock_recv(server, bytes, sizeof(bytes), 0), 3);
    CHECK_EQ_INT(libsock_recv(server, bytes, sizeof(bytes), 0), 0);
    sock_close(server);
    sock_close(listener);
}

static void unix_check_datagrams(const libsock_addr *a, const libsock_addr *b)
{
    libsock_socket one = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket two = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_DGRAM, 0);
    libsock_addr from;
    char bytes[4];

    CHECK_OK(libsock_bind(one, a));
    CHECK_OK(libsock_bind(two, b));
    memset(&from, 0xff, sizeof(from));
    CHECK_EQ_INT(libsock_send_to(one, "abc", 3, 0, b), 3);
    CHECK_EQ_INT(libsock_recv_from(two, bytes, sizeof(bytes), 0, &from), 3);
    CHECK(libsock_addr_equal(&from, a));
    CHECK_EQ_INT(libsock_send_to(two, "d", 1, 0, &from), 1);
    CHECK_EQ_INT(libsock_recv_from(one, bytes, sizeof(bytes), 0, &from), 1);
    CHECK(libsock_addr_equal(&from, b));
    sock_close(one);
    sock_close(two);
}

TEST(datagrams_name_their_sender)
{
    libsock_addr a, b;

    unix_pathname(&a);
    unix_pathname(&b);
    unix_check_datagrams(&a, &b);
    unix_abstract(&a);
    unix_abstract(&b);
    unix_check_datagrams(&a, &b);
}

TEST(a_sender_without_a_name_is_empty)
{
    libsock_socket pair[2];
    libsock_addr from;
    char byte;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    memset(&from, 0xff, sizeof(from));
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_from(pair[1], &byte, 1, 0, &from), 1);
    CHECK_EQ_UINT(libsock_addr_raw_len(&from), 0);
    CHECK_EQ_INT(libsock_addr_domain(&from), LIBSOCK_DOMAIN_UNSPEC);
    sock_close_pair(pair);
}

TEST(the_longest_path_survives_the_kernel)
{
    char path[LIBSOCK_UNIX_PATH_MAX];
    char own[NET_PATH_MAX];
    libsock_addr at, got;
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    size_t len;

    net_temp_path(own);
    len = strlen(own);
    memcpy(path, own, len);
    memset(path + len, 'x', sizeof(path) - len);
    CHECK_OK(libsock_addr_from_unix_path(path, sizeof(path), &at));
    CHECK_OK(libsock_bind(sock, &at));
    CHECK_OK(libsock_local_addr(sock, &got));
    CHECK(libsock_addr_equal(&got, &at));
    sock_close(sock);
}

TEST(seqpacket_keeps_records_and_order)
{
    libsock_socket pair[2];
    char bytes[8];

    sock_pair(LIBSOCK_TYPE_SEQPACKET, 0, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "abc", 3, 0), 3);
    CHECK_EQ_INT(libsock_send(pair[0], "de", 2, 0), 2);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, sizeof(bytes), 0), 3);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, sizeof(bytes), 0), 2);
    sock_close(pair[0]);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, sizeof(bytes), 0), 0);
    sock_close(pair[1]);
}

TEST(a_pair_is_connected_both_ways)
{
    const int types[] = {LIBSOCK_TYPE_STREAM, LIBSOCK_TYPE_DGRAM,
                         LIBSOCK_TYPE_SEQPACKET};

    for (int i = 0; i < 3; i++) {
        libsock_socket pair[2];
        char byte = 0;

        sock_pair(types[i], 0, pair);
        for (int from = 0; from < 2; from++) {
            CHECK_EQ_INT(libsock_send(pair[from], "p", 1, 0), 1);
            CHECK_EQ_INT(libsock_recv(pair[1 - from], &byte, 1, 0), 1);
            CHECK_EQ_INT(byte, 'p');
        }
        sock_close_pair(pair);
    }
}

TEST(a_full_backlog_would_block_and_begins_nothing)
{
    libsock_addr at, peer;
    libsock_socket listener =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket clients[8];
    int n = 0, r = 0;

    unix_pathname(&at);
    CHECK_OK(libsock_bind(listener, &at));
    CHECK_OK(libsock_listen(listener, 1));
    while (r == 0) {
        CHECK_INT(n, <, 8);
        clients[n] = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM,
                               LIBSOCK_NONBLOCK);
        r = libsock_connect(clients[n++], &at);
    }
    CHECK(libsock_would_block(r));
    CHECK(!libsock_in_progress(r));
    CHECK_KIND(libsock_peer_addr(clients[n - 1], &peer), NOT_CONNECTED);
    while (n > 0)
        sock_close(clients[--n]);
    sock_close(listener);
}

TEST(the_longest_backlog_takes_many)
{
    enum {
        MANY = 64
    };
    libsock_addr at;
    libsock_socket listener =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket clients[MANY];

    unix_pathname(&at);
    CHECK_OK(libsock_bind(listener, &at));
    CHECK_OK(libsock_listen(listener, LIBSOCK_BACKLOG_MAX));
    for (int i = 0; i < MANY; i++) {
        clients[i] = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM,
                               LIBSOCK_NONBLOCK);
        CHECK_OK(libsock_connect(clients[i], &at));
    }
    for (int i = 0; i < MANY; i++)
        sock_close(clients[i]);
    sock_close(listener);
}

TEST(nobody_listens_on_a_path)
{
    libsock_addr at;
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);

    unix_pathname(&at);
    CHECK_KIND(libsock_connect(sock, &at), NOT_FOUND);
    sock_close(sock);
}
