/* SPDX-License-Identifier: MIT */
/*
 * Connections of DCCP, and the effects of its options; numbers and refusals are
 * tested in unit/libsock/opt_dccp.c.
 * Runs where vm.py has loaded it, so a missing protocol is a failure.
 */
#include "pair.h"

#include <errno.h>

#include "support/netns.h"

static const struct pair_shape dccp = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DCCP,
                                       LIBSOCK_PROTOCOL_DCCP};

static libsock_socket dccp_open(uint32_t service)
{
    libsock_socket sock = pair_open(&dccp);

    CHECK_OK(libsock_set_dccp_service(sock, service));
    return sock;
}

static void dccp_listen(libsock_socket sock, libsock_addr *out_addr)
{
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, out_addr));
    CHECK_OK(libsock_bind(sock, out_addr));
    CHECK_OK(libsock_listen(sock, 10));
    CHECK_OK(libsock_local_addr(sock, out_addr));
}

/* A connection to `listener`, from `out[0]`, which is open. */
static void dccp_connect(libsock_socket listener, libsock_socket out[2])
{
    libsock_addr at;

    dccp_listen(listener, &at);
    CHECK_OK(libsock_connect(out[0], &at));
    CHECK_OK(libsock_accept(listener, 0, &out[1], NULL));
    sock_close(listener);
}

/* Two ends of a connection with this congestion control. */
static void dccp_pair(uint32_t ccid, libsock_socket out[2])
{
    libsock_socket listener = dccp_open(45);

    out[0] = dccp_open(45);
    CHECK_OK(libsock_set_dccp_ccid(listener, ccid));
    CHECK_OK(libsock_set_dccp_ccid(out[0], ccid));
    dccp_connect(listener, out);
}

TEST(what_is_sent_arrives_as_packets)
{
    libsock_socket pair[2];
    char buf[64];

    dccp_pair(2, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "Hello World!", 12, 0), 12);
    CHECK_EQ_INT(libsock_send(pair[0], "two", 3, 0), 3);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 12);
    CHECK_EQ_MEM(buf, "Hello World!", 12);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 3);
    sock_close_pair(pair);
}

TEST(the_values_at_first)
{
    libsock_socket sock = pair_open(&dccp);
    uint32_t value = 99;
    uint8_t ccids[16];

    CHECK_OK(libsock_get_dccp_send_coverage(sock, &value));
    CHECK_EQ_UINT(value, 0);
    value = 99;
    CHECK_OK(libsock_get_dccp_recv_coverage(sock, &value));
    CHECK_EQ_UINT(value, 0);
    CHECK_OK(libsock_get_dccp_max_packet_size(sock, &value));
    CHECK_UINT(value, >, 0);
    /* Of the three that have a number, Linux has two. */
    CHECK_EQ_INT(libsock_get_dccp_available_ccids(sock, ccids, sizeof(ccids)),
                 2);
    CHECK_EQ_UINT(ccids[0], 2);
    CHECK_EQ_UINT(ccids[1], 3);
    sock_close(sock);
}

TEST(only_the_service_that_is_offered_is_found)
{
    libsock_socket listener = dccp_open(45);
    libsock_socket stranger = dccp_open(46);
    uint32_t value = 0;
    libsock_addr at;

    dccp_listen(listener, &at);
    CHECK_ERR(libsock_connect(stranger, &at), EBADRQC);
    CHECK_OK(libsock_get_dccp_service(listener, &value));
    CHECK_EQ_UINT(value, 45);
    sock_close(stranger);
    sock_close(listener);
}

TEST(congestion_control_is_agreed_on)
{
    for (uint32_t ccid = 2; ccid <= 3; ccid++) {
        libsock_socket pair[2];

        dccp_pair(ccid, pair);
        for (int i = 0; i < 2; i++) {
            uint32_t tx = 0, rx = 0;

            CHECK_OK(libsock_get_dccp_tx_ccid(pair[i], &tx));
            CHECK_EQ_UINT(tx, ccid);
            CHECK_OK(libsock_get_dccp_rx_ccid(pair[i], &rx));
            CHECK_EQ_UINT(rx, ccid);
        }
        sock_close_pair(pair);
    }
}

TEST(a_congestion_control_that_is_not_there_is_refused)
{
    libsock_socket sock = pair_open(&dccp);

    CHECK(libsock_set_dccp_ccid(sock, 200) < 0);
    sock_close(sock);
}

TEST(too_long_for_a_packet_is_refused)
{
    static char block[70000];
    libsock_socket pair[2];
    uint32_t most = 0;
    char *got = block;

    dccp_pair(2, pair);
    CHECK_OK(libsock_get_dccp_max_packet_size(pair[0], &most));
    CHECK_UINT(most, <, sizeof(block));
    CHECK_KIND(libsock_send(pair[0], block, most + 1, 0), MSG_SIZE);
    CHECK_EQ_INT(libsock_send(pair[0], block, most, 0), most);
    CHECK_EQ_INT(libsock_recv(pair[1], got, sizeof(block), 0), most);
    sock_close_pair(pair);
}

/* What one end sends the other receives, so they agree. */
TEST(coverage_is_agreed_on)
{
    libsock_socket listener = dccp_open(45);
    libsock_socket pair[2];
    char byte;

    pair[0] = dccp_open(45);
    CHECK_OK(libsock_set_dccp_send_coverage(pair[0], 3));
    CHECK_OK(libsock_set_dccp_recv_coverage(pair[0], 2));
    dccp_connect(listener, pair);
    for (int i = 0; i < 2; i++) {
        uint32_t send = 0, recv = 0;

        CHECK_OK(libsock_get_dccp_send_coverage(pair[i], &send));
        CHECK_EQ_UINT(send, i == 0 ? 3 : 2);
        CHECK_OK(libsock_get_dccp_recv_coverage(pair[i], &recv));
        CHECK_EQ_UINT(recv, i == 0 ? 2 : 3);
    }
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
    sock_close_pair(pair);
}

TEST(who_keeps_the_state_is_told)
{
    libsock_socket pair[2];
    bool on = true;

    dccp_pair(2, pair);
    CHECK_OK(libsock_get_dccp_server_timewait(pair[1], &on));
    CHECK(!on);
    CHECK_OK(libsock_set_dccp_server_timewait(pair[1], true));
    CHECK_OK(libsock_get_dccp_server_timewait(pair[1], &on));
    CHECK(on);
    sock_close_pair(pair);
}

/* How many packets are taken for a peer that answers nothing. */
static int dccp_count(uint32_t queue)
{
    libsock_socket pair[2];
    int sent = 0;
    ptrdiff_t n;

    dccp_pair(2, pair);
    CHECK_OK(libsock_set_dccp_queue_length(pair[0], queue));
    CHECK_OK(libsock_set_nonblocking(pair[0], true));
    netns_tc("qdisc add dev lo root netem loss 100%%");
    while ((n = libsock_send(pair[0], "x", 1, 0)) == 1)
        sent++;
    CHECK(libsock_would_block(n));
    netns_tc("qdisc del dev lo root");
    sock_close_pair(pair);
    return sent;
}

TEST(as_many_wait_as_the_queue_is_long)
{
    netns_enter();
    CHECK_EQ_INT(dccp_count(16) - dccp_count(6), 10);
}
