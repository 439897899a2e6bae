/* SPDX-License-Identifier: MIT */
/*
 * What is told about a connection: answers of older kernels made up, and what
 * this kernel says about connections whose life we know.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/linux/tcp_info.h"
#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

#define HAS(info, field) libsock_tcp_info_has(&(info), LIBSOCK_TCP_INFO_##field)

static libsock_tcp_info info_of(int fd)
{
    libsock_tcp_info info;

    CHECK_OK(libsock_get_tcp_info(sock_of(fd), sizeof(info), &info));
    return info;
}

/* Every byte different, so that no member can pass for another. */
static struct libsock__tcp_info_native answer(void)
{
    struct libsock__tcp_info_native native;
    unsigned char *bytes = (unsigned char *)&native;

    for (size_t i = 0; i < sizeof(native); i++)
        bytes[i] = (unsigned char)(i + 1);
    native.state = 1;
    return native;
}

TEST(units_are_what_the_names_say)
{
    struct libsock__tcp_info_native native = answer();
    libsock_tcp_info info;

    native.rtt = 1500;
    native.min_rtt = UINT32_MAX - 1;
    native.last_data_sent = 7;
    native.busy_time = UINT64_C(5000000000);
    native.bytes_sent = UINT64_C(1) << 40;
    native.pacing_rate = UINT64_MAX;
    libsock__tcp_info_parse(&native, sizeof(native), &info);
    CHECK_EQ_UINT(info.rtt_ns, 1500000);
    CHECK_EQ_UINT(info.min_rtt_ns, UINT64_C(4294967294000));
    CHECK_EQ_UINT(info.last_sent_ns, 7000000);
    CHECK_EQ_UINT(info.busy_ns, UINT64_C(5000000000000));
    CHECK_EQ_UINT(info.bytes_sent, UINT64_C(1) << 40);
    CHECK_EQ_UINT(info.pacing_rate, UINT64_MAX);
    CHECK_EQ_UINT(info.cwnd, native.snd_cwnd);
    CHECK_EQ_UINT(info.snd_window, native.snd_wnd);
    CHECK_EQ_UINT(info.lost, native.lost);
    CHECK(!HAS(info, ACCEPT_QUEUE));
    CHECK_EQ_UINT(info.reserved, 0);
}

/* Linux 2.6 answered 104 bytes, 3.15 added rates, 5.4 the window. */
TEST(what_an_older_kernel_does_not_tell_is_not_valid)
{
    struct libsock__tcp_info_native native = answer();
    libsock_tcp_info info;

    libsock__tcp_info_parse(&native, 104, &info);
    CHECK(HAS(info, RTT));
    CHECK(HAS(info, TOTAL_RETRANSMITS));
    CHECK(!HAS(info, PACING_RATE));
    CHECK(!HAS(info, BYTES_ACKED));
    CHECK_EQ_UINT(info.pacing_rate, 0);
    CHECK_EQ_UINT(info.bytes_acked, 0);
    /* Half of a member is none of it. */
    libsock__tcp_info_parse(&native, 108, &info);
    CHECK(!HAS(info, PACING_RATE));
    libsock__tcp_info_parse(&native, 112, &info);
    CHECK(HAS(info, PACING_RATE));
    CHECK(!HAS(info, MAX_PACING_RATE));
    libsock__tcp_info_parse(&native, 228, &info);
    CHECK(HAS(info, BYTES_SENT));
    CHECK(!HAS(info, SND_WINDOW));
    libsock__tcp_info_parse(&native, 0, &info);
    CHECK_EQ_UINT(info.valid, 0);
    CHECK_EQ_UINT(info.state, 0);
}

TEST(numbers_that_mean_unknown_are_not_valid)
{
    struct libsock__tcp_info_native native = answer();
    libsock_tcp_info info;

    native.min_rtt = UINT32_MAX;
    native.snd_ssthresh = 0x7fffffff;
    native.rtt = 0;
    native.options = 0xff;
    native.state = 12;
    libsock__tcp_info_parse(&native, sizeof(native), &info);
    CHECK(!HAS(info, MIN_RTT));
    CHECK(!HAS(info, SSTHRESH));
    CHECK(!HAS(info, RTT));
    CHECK_EQ_UINT(info.ssthresh, 0);
    CHECK_EQ_UINT(info.options, 63);
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_SYN_RECEIVED);
}

TEST(a_connection_counts_what_went_through_it)
{
    static char block[100000];
    libsock_tcp_info sender;
    libsock_tcp_info receiver;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    net_send_all(pair[0], block, sizeof(block));
    net_recv_all(pair[1], block, sizeof(block));
    net_send_all(pair[1], "x", 1);
    net_recv_all(pair[0], block, 1);
    sender = info_of(pair[0]);
    receiver = info_of(pair[1]);
    CHECK_EQ_UINT(sender.state, LIBSOCK_TCP_ESTABLISHED);
    CHECK(HAS(receiver, BYTES_RECEIVED));
    CHECK_EQ_UINT(receiver.bytes_received, sizeof(block));
    CHECK_EQ_UINT(sender.bytes_received, 1);
    CHECK(HAS(sender, BYTES_SENT));
    CHECK_UINT(sender.bytes_sent, >=, sizeof(block));
    /* The connection request counts as one. */
    CHECK_UINT(sender.bytes_acked, >=, sizeof(block));
    CHECK_UINT(sender.bytes_acked, <=, sizeof(block) + 1);
    CHECK_EQ_UINT(sender.notsent, 0);
    CHECK(HAS(sender, RTT));
    CHECK_UINT(sender.rtt_ns, >=, 1000);
    CHECK_UINT(sender.rtt_ns, <, NS_PER_S);
    CHECK_UINT(sender.rto_ns, >, sender.rtt_ns);
    CHECK_UINT(sender.cwnd, >, 0);
    CHECK_UINT(sender.segments_sent, >, 2);
    CHECK_EQ_UINT(sender.total_retransmits, 0);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(what_waits_is_told)
{
    libsock_tcp_info info;
    size_t filled;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    net_set_nonblocking(pair[0], true);
    filled = net_fill(pair[0]);
    info = info_of(pair[0]);
    CHECK(HAS(info, NOTSENT));
    CHECK_UINT(info.notsent, >, 0);
    CHECK_UINT(info.notsent, <, filled);
    CHECK_UINT(info.notsent + info.bytes_sent, >=, filled);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(options_and_segment_sizes_are_those_agreed_on)
{
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    libsock_tcp_info info;
    int client;
    int server;

    CHECK_OK(libsock_set_tcp_mss(sock_of(listener), 1000));
    client = net_tcp_connect(NET_IPV4, port);
    server = net_accept(listener);
    info = info_of(client);
    CHECK_UINT(info.snd_mss, <=, 1000);
    CHECK_UINT(info.snd_mss, >, 900);
    CHECK_EQ_UINT(info.pmtu, 65535);
    CHECK((info.options & LIBSOCK_TCP_SYN_DATA) == 0);
    CHECK(HAS(info, SND_WSCALE) && HAS(info, RCV_WSCALE));
    if ((info.options & LIBSOCK_TCP_WINDOW_SCALE) != 0) {
        /* What one end shifts by is what the other was told. */
        CHECK_EQ_UINT(info.snd_wscale, info_of(server).rcv_wscale);
        CHECK_EQ_UINT(info.rcv_wscale, info_of(server).snd_wscale);
        CHECK_UINT(info.rcv_wscale, <=, 14);
    }
    net_close(client);
    net_close(server);
    net_close(listener);
}

TEST(a_listener_tells_its_queue)
{
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int client = net_tcp_connect(NET_IPV4, port);
    libsock_tcp_info info;

    CHECK(listen(listener, 5) == 0);
    CHECK(net_wait_readable(listener, 5000));
    info = info_of(listener);
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_LISTEN);
    CHECK(HAS(info, ACCEPT_QUEUE) && HAS(info, ACCEPT_QUEUE_MAX));
    CHECK_EQ_UINT(info.accept_queue, 1);
    CHECK_EQ_UINT(info.accept_queue_max, 5);
    CHECK(!HAS(info, UNACKED));
    CHECK(!HAS(info, RTT));
    CHECK_EQ_UINT(info.unacked, 0);
    net_close(net_accept(listener));
    CHECK_EQ_UINT(info_of(listener).accept_queue, 0);
    net_close(client);
    net_close(listener);
}

TEST(states_have_names)
{
    CHECK_EQ_STR(libsock_tcp_state_name(LIBSOCK_TCP_ESTABLISHED),
                 "ESTABLISHED");
    CHECK_EQ_STR(libsock_tcp_state_name(LIBSOCK_TCP_CLOSING), "CLOSING");
    CHECK_EQ_STR(libsock_tcp_state_name(0), "UNKNOWN");
    CHECK_EQ_STR(libsock_tcp_state_name(LIBSOCK_TCP_CLOSING + 1), "UNKNOWN");
    CHECK_EQ_STR(libsock_tcp_state_name(UINT32_MAX), "UNKNOWN");
}

TEST(states_follow_the_connection)
{
    uint32_t state;
    int pair[2];
    int fd = open_sort(TCP4);

    CHECK_EQ_UINT(info_of(fd).state, LIBSOCK_TCP_CLOSED);
    net_close(fd);
    net_tcp_pair(NET_IPV4, pair);
    net_shutdown_write(pair[0]);
    net_expect_eof(pair[1]);
    CHECK_EQ_UINT(info_of(pair[1]).state, LIBSOCK_TCP_CLOSE_WAIT);
    CHECK_EQ_STR(libsock_tcp_state_name(LIBSOCK_TCP_CLOSE_WAIT), "CLOSE_WAIT");
    /* The peer's acknowledgement may still be under way. */
    state = info_of(pair[0]).state;
    CHECK(state == LIBSOCK_TCP_FIN_WAIT_1 || state == LIBSOCK_TCP_FIN_WAIT_2);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* A program of another version asks for less, or for more. */
TEST(the_size_is_the_callers)
{
    struct {
        libsock_tcp_info info;
        uint64_t later;
    } grown;
    libsock_tcp_info info;
    unsigned char *bytes = (unsigned char *)&info;
    int fd = open_sort(TCP4);

    memset(&info, 0xee, sizeof(info));
    CHECK_OK(libsock_get_tcp_info(sock_of(fd), 16, &info));
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_CLOSED);
    CHECK_EQ_UINT(bytes[16], 0xee);
    memset(&grown, 0xee, sizeof(grown));
    CHECK_OK(libsock_get_tcp_info(sock_of(fd), sizeof(grown), &grown.info));
    CHECK_EQ_UINT(grown.later, 0);
    memset(&info, 0xee, sizeof(info));
    CHECK_ERR(libsock_get_tcp_info(sock_of(fd), 7, &info), EINVAL);
    CHECK_ERR(libsock_get_tcp_info(sock_of(fd), sizeof(info), NULL), EINVAL);
    CHECK_EQ_UINT(bytes[0], 0xee);
    net_close(fd);
    fd = open_sort(UDP4);
    CHECK_EQ_INT(
        libsock_kind(libsock_get_tcp_info(sock_of(fd), sizeof(info), &info)),
        LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_UINT(bytes[0], 0xee);
    net_close(fd);
}
