/* SPDX-License-Identifier: MIT */
/*
 * Keys, first segments, Multipath TCP, and checksums of a part: the options of
 * TCP and UDP-Lite that take more than a number, by what they do to the peer.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/netns.h"

static libsock_tcp_md5 key_for(const char *peer, uint32_t prefix,
                               const char *text)
{
    libsock_tcp_md5 key;

    memset(&key, 0, sizeof(key));
    CHECK_OK(libsock_addr_parse_ip(peer, strlen(peer), 0, &key.peer));
    key.prefix_len = prefix;
    key.key = text;
    key.key_len = strlen(text);
    return key;
}

/* A listener that wants this key of the loopback. */
static int guarded_listener(const libsock_tcp_md5 *key, libsock_addr *out_addr)
{
    int fd = open_sort(TCP4);
    int r = libsock_set_tcp_md5(sock_of(fd), key);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED) {
        net_close(fd);
        SKIP("a kernel built without TCP_MD5SIG");
    }
    CHECK_OK(r);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, out_addr));
    CHECK_OK(libsock_bind(sock_of(fd), out_addr));
    CHECK_OK(libsock_listen(sock_of(fd), 8));
    CHECK_OK(libsock_local_addr(sock_of(fd), out_addr));
    return fd;
}

/* Whether a client with this key, or none, gets through. */
static void expect_connect(const libsock_addr *to, const libsock_tcp_md5 *key,
                           bool expected)
{
    int fd = open_sort(TCP4);
    int r;

    net_set_nonblocking(fd, true);
    if (key != NULL)
        CHECK_OK(libsock_set_tcp_md5(sock_of(fd), key));
    r = libsock_connect(sock_of(fd), to);
    CHECK(r >= 0 || libsock_in_progress(r));
    CHECK_EQ_INT(net_wait_writable(fd, expected ? 5000 : 50), expected);
    net_close(fd);
}

TEST(only_who_has_the_key_connects)
{
    libsock_tcp_md5 key = key_for("127.0.0.1", 32, "secret");
    libsock_tcp_md5 wrong = key_for("127.0.0.1", 32, "guess");
    libsock_addr addr;
    int listener = guarded_listener(&key, &addr);

    expect_connect(&addr, NULL, false);
    expect_connect(&addr, &wrong, false);
    expect_connect(&addr, &key, true);
    net_close(net_accept(listener));
    net_close(listener);
}

TEST(a_key_may_be_for_a_network)
{
    libsock_tcp_md5 key = key_for("127.0.0.0", 8, "secret");
    libsock_tcp_md5 single = key_for("127.0.0.1", 32, "secret");
    libsock_addr addr;
    int listener = guarded_listener(&key, &addr);

    expect_connect(&addr, NULL, false);
    expect_connect(&addr, &single, true);
    net_close(net_accept(listener));
    net_close(listener);
}

TEST(a_key_can_be_taken_away)
{
    libsock_tcp_md5 key = key_for("127.0.0.1", 32, "secret");
    libsock_addr addr;
    int listener = guarded_listener(&key, &addr);

    key.key_len = 0;
    key.key = NULL;
    CHECK_OK(libsock_set_tcp_md5(sock_of(listener), &key));
    expect_connect(&addr, NULL, true);
    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_md5(sock_of(listener), &key)),
                 LIBSOCK_KIND_NOT_FOUND);
    net_close(net_accept(listener));
    net_close(listener);
}

TEST(keys_out_of_range_are_refused)
{
    char longest[LIBSOCK_TCP_MD5_KEY_MAX + 2];
    int fd = open_sort(TCP4);
    libsock_tcp_md5 good = key_for("127.0.0.1", 32, "secret");
    libsock_tcp_md5 key = good;

    memset(longest, 'k', sizeof(longest));
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), NULL), EINVAL);
    key.prefix_len = 33;
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    key = good;
    key.reserved = 1;
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    key = good;
    key.key = NULL;
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    key.key = longest;
    key.key_len = LIBSOCK_TCP_MD5_KEY_MAX + 1;
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    key.key_len = SIZE_MAX;
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    key = good;
    memset(&key.peer, 0, sizeof(key.peer));
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    CHECK_OK(libsock_addr_from_unix_path("/x", 2, &key.peer));
    CHECK_ERR(libsock_set_tcp_md5(sock_of(fd), &key), EINVAL);
    net_close(fd);
}

/* --- segments */

TEST(the_first_segment_is_told_once)
{
    unsigned char syn[256];
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int client;
    int server;
    ptrdiff_t len;

    CHECK_OK(libsock_set_tcp_save_syn(sock_of(listener), true));
    client = net_tcp_connect(NET_IPV4, port);
    server = net_accept(listener);
    CHECK_ERR(libsock_get_tcp_saved_syn(sock_of(server), NULL, 9), EINVAL);
    CHECK_EQ_INT(
        libsock_kind(libsock_get_tcp_saved_syn(sock_of(server), syn, 39)),
        LIBSOCK_KIND_NO_BUFFERS);
    len = libsock_get_tcp_saved_syn(sock_of(server), syn, sizeof(syn));
    CHECK_INT(len, >=, 40);
    CHECK_EQ_UINT(syn[0], 0x45); /* an IPv4 header of 20 bytes */
    CHECK_EQ_UINT((unsigned)(syn[22] << 8 | syn[23]), port);
    CHECK_EQ_UINT((unsigned)(syn[20] << 8 | syn[21]), net_local_port(client));
    CHECK_EQ_INT(libsock_get_tcp_saved_syn(sock_of(server), syn, sizeof(syn)),
                 0);
    net_close(server);
    net_close(client);
    net_close(listener);
}

/* Asking whether a kernel keeps first segments does not take one away. */
TEST(probing_leaves_the_first_segment_alone)
{
    unsigned char syn[256];
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int client;
    int server;
    size_t row;

    CHECK_OK(libsock_set_tcp_save_syn(sock_of(listener), true));
    client = net_tcp_connect(NET_IPV4, port);
    server = net_accept(listener);
    CHECK_OK(libsock_opt_find("tcp_saved_syn", &row));
    CHECK_EQ_INT(libsock_opt_probe(sock_of(server), row), 1);
    CHECK_INT(libsock_get_tcp_saved_syn(sock_of(server), syn, sizeof(syn)), >=,
              40);
    net_close(server);
    net_close(client);
    net_close(listener);
}

TEST(linger2_is_seconds_within_the_kernels_limit)
{
    int fd = open_sort(TCP4);
    uint64_t ns = 0;

    CHECK_OK(libsock_set_tcp_linger2(sock_of(fd), 1));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_LINGER2), 1);
    CHECK_OK(libsock_get_tcp_linger2(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, NS_PER_S);
    CHECK_OK(libsock_set_tcp_linger2(sock_of(fd), 120 * NS_PER_S));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_LINGER2), 120);
    CHECK_ERR(libsock_set_tcp_linger2(sock_of(fd), 0), EINVAL);
    CHECK_ERR(libsock_set_tcp_linger2(sock_of(fd), 121 * NS_PER_S), EINVAL);
    CHECK_ERR(libsock_set_tcp_linger2(sock_of(fd), LIBSOCK_NO_TIMEOUT), EINVAL);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_LINGER2), 120);
    net_close(fd);
}

/* Connect with the first byte, and tell whether it went in the first segment.
 */
static bool sent_with_syn(const libsock_addr *to, int listener)
{
    libsock_tcp_info info;
    int fd = open_sort(TCP4);
    int server;
    char byte = 0;

    CHECK_EQ_INT(libsock_send_to(sock_of(fd), "x", 1, LIBSOCK_MSG_FASTOPEN, to),
                 1);
    server = net_accept(listener);
    net_recv_all(server, &byte, 1);
    CHECK_EQ_INT(byte, 'x');
    CHECK_OK(libsock_get_tcp_info(sock_of(fd), sizeof(info), &info));
    net_close(fd);
    net_close(server);
    return (info.options & LIBSOCK_TCP_SYN_DATA) != 0;
}

TEST(fast_open_needs_a_cookie_and_then_sends_at_once)
{
    libsock_addr addr;
    int listener;

    netns_enter();
    netns_sysctl("ipv4/tcp_fastopen", "3");
    listener = open_sort(TCP4);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(sock_of(listener), &addr));
    CHECK_OK(libsock_set_tcp_fastopen(sock_of(listener), 8));
    CHECK_OK(libsock_listen(sock_of(listener), 8));
    CHECK_OK(libsock_local_addr(sock_of(listener), &addr));
    CHECK(!sent_with_syn(&addr, listener));
    CHECK(sent_with_syn(&addr, listener));
    net_close(listener);
}

/* --- Multipath TCP */

static int open_mptcp(bool *out_is_mptcp)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, 0, &sock, out_is_mptcp));
    return (int)libsock_as_raw(sock);
}

TEST(multipath_is_opened_and_carries)
{
    libsock_addr addr;
    bool is_mptcp = false;
    int protocol = 0;
    int listener = open_mptcp(&is_mptcp);
    int client = open_mptcp(NULL);
    int server;
    char byte = 0;

    CHECK(net_is_cloexec(listener));
    CHECK_OK(libsock_get_protocol(sock_of(listener), &protocol));
    CHECK_EQ_INT(protocol,
                 is_mptcp ? LIBSOCK_PROTOCOL_MPTCP : LIBSOCK_PROTOCOL_TCP);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(sock_of(listener), &addr));
    CHECK_OK(libsock_listen(sock_of(listener), 1));
    CHECK_OK(libsock_local_addr(sock_of(listener), &addr));
    CHECK_OK(libsock_connect(sock_of(client), &addr));
    server = net_accept(listener);
    net_send_all(client, "x", 1);
    net_recv_all(server, &byte, 1);
    CHECK_EQ_INT(byte, 'x');
    net_close(client);
    net_close(server);
    net_close(listener);
}

/* What a kernel without it says, by age and by setting; SELinux; a sandbox. */
TEST(without_multipath_it_is_tcp)
{
    static const int codes[] = {EPROTONOSUPPORT, ENOPROTOOPT, EINVAL, EACCES,
                                EPERM};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        bool is_mptcp = true;
        int protocol = 0;
        int fd;

        fault_reset();
        fault_fail_call("socket", 1, codes[i]);
        fd = open_mptcp(&is_mptcp);
        CHECK(fault_fired());
        /* To EINVAL the port tries without flags first, and has it then. */
        if (codes[i] != EINVAL)
            CHECK(!is_mptcp);
        CHECK_OK(libsock_get_protocol(sock_of(fd), &protocol));
        CHECK_EQ_INT(protocol,
                     is_mptcp ? LIBSOCK_PROTOCOL_MPTCP : LIBSOCK_PROTOCOL_TCP);
        net_close(fd);
    }
}

TEST(a_switched_off_multipath_is_tcp)
{
    bool is_mptcp = false;
    int fd = open_mptcp(&is_mptcp);

    net_close(fd);
    if (!is_mptcp)
        SKIP("a kernel without MPTCP");
    netns_enter();
    netns_sysctl("mptcp/enabled", "0");
    fd = open_mptcp(&is_mptcp);
    CHECK(!is_mptcp);
    net_close(fd);
}

TEST(other_failures_are_told)
{
    libsock_socket sock = {4711};
    bool is_mptcp = true;

    fault_reset();
    fault_fail_call("socket", 1, EMFILE);
    CHECK_ERR(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, 0, &sock, &is_mptcp),
              EMFILE);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_ERR(libsock_open_mptcp(LIBSOCK_DOMAIN_UNIX, 0, &sock, &is_mptcp),
              EINVAL);
    CHECK_ERR(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, 0x100, &sock, &is_mptcp),
              EINVAL);
    CHECK_ERR(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, 0, NULL, &is_mptcp),
              EINVAL);
    CHECK_EQ_INT(libsock_as_raw(sock), 4711);
    CHECK(is_mptcp);
}

/* --- UDP-Lite */

static int open_udplite(void)
{
    libsock_addr addr;
    int fd = socket(AF_INET, SOCK_DGRAM, LIBSOCK_PROTOCOL_UDPLITE);

    if (fd < 0)
        SKIP("no UDP-Lite in this kernel");
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(sock_of(fd), &addr));
    return fd;
}

TEST(coverage_is_taken_whole_or_not)
{
    static const uint32_t good[] = {8, 20, 65535, 0};
    static const uint32_t bad[] = {1, 7, 65536, UINT32_MAX};
    int fd = open_udplite();
    libsock_socket sock = sock_of(fd);
    uint32_t value = 7;

    for (size_t i = 0; i < 4; i++) {
        CHECK_OK(libsock_set_udplite_send_coverage(sock, good[i]));
        CHECK_EQ_INT(raw_int(fd, 136, 10), good[i]);
        CHECK_OK(libsock_get_udplite_send_coverage(sock, &value));
        CHECK_EQ_UINT(value, good[i]);
        CHECK_OK(libsock_set_udplite_recv_coverage(sock, good[i]));
        CHECK_EQ_INT(raw_int(fd, 136, 11), good[i]);
        CHECK_OK(libsock_get_udplite_recv_coverage(sock, &value));
        CHECK_EQ_UINT(value, good[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK_ERR(libsock_set_udplite_send_coverage(sock, bad[i]), EINVAL);
        CHECK_ERR(libsock_set_udplite_recv_coverage(sock, bad[i]), EINVAL);
    }
    CHECK_EQ_INT(raw_int(fd, 136, 10), 0);
    net_close(fd);
}

TEST(what_covers_too_little_is_dropped)
{
    int receiver = open_udplite();
    int sender = open_udplite();
    libsock_addr to;
    char bytes[32] = {0};

    CHECK_OK(libsock_local_addr(sock_of(receiver), &to));
    CHECK_OK(libsock_set_udplite_recv_coverage(sock_of(receiver), 20));
    CHECK_OK(libsock_set_udplite_send_coverage(sock_of(sender), 8));
    CHECK_EQ_INT(libsock_send_to(sock_of(sender), bytes, 32, 0, &to), 32);
    CHECK(!net_wait_readable(receiver, 20));
    CHECK_OK(libsock_set_udplite_send_coverage(sock_of(sender), 20));
    CHECK_EQ_INT(libsock_send_to(sock_of(sender), bytes, 32, 0, &to), 32);
    CHECK(net_wait_readable(receiver, 5000));
    net_close(sender);
    net_close(receiver);
}
