/* SPDX-License-Identifier: MIT */
/*
 * Batches of datagrams as servers use them: with control data, echoed with
 * chosen sources, and a failure that is told with the next call. Counts and
 * limits are in unit/libsock/batch.c.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    BATCH_SIZE = 16,
    BATCH_ROOM = LIBSOCK_CONTROL_SPACE(LIBSOCK_PKTINFO_SIZE) +
                 LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE)
};

struct batch {
    libsock_msg msgs[BATCH_SIZE];
    libsock_buf bufs[BATCH_SIZE];
    libsock_addr from[BATCH_SIZE];
    uint64_t room[BATCH_SIZE][BATCH_ROOM / 8];
    char bytes[BATCH_SIZE][8];
};

static void batch_prepare(struct batch *b)
{
    memset(b, 0, sizeof(*b));
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->bufs[i] = libsock_buf_of(b->bytes[i], sizeof(b->bytes[i]));
        CHECK_OK(libsock_msg_init(&b->msgs[i]));
        CHECK_OK(libsock_msg_set_bufs(&b->msgs[i], &b->bufs[i], 1));
        CHECK_OK(libsock_msg_set_from(&b->msgs[i], &b->from[i]));
        CHECK_OK(libsock_msg_set_control(&b->msgs[i], b->room[i],
                                         sizeof(b->room[i])));
    }
}

/* Turn what came into what goes back, from the address that was asked. */
static void batch_turn(struct batch *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        libsock_control_writer w;
        libsock_pktinfo info;
        libsock_control c;

        CHECK_OK(
            libsock_control_find(&b->msgs[i], LIBSOCK_CONTROL_PKTINFO, &c));
        CHECK_OK(libsock_control_get_pktinfo(&c, &info));
        CHECK_OK(
            libsock_control_writer_init(&w, b->room[i], sizeof(b->room[i])));
        CHECK_OK(libsock_control_put_source(&w, &info));
        CHECK_OK(
            libsock_control_put_tos(&w, LIBSOCK_DOMAIN_IPV4, (uint32_t)i << 2));
        CHECK_OK(libsock_msg_set_control(&b->msgs[i], b->room[i],
                                         libsock_control_len(&w)));
        b->bufs[i] = libsock_buf_of(b->bytes[i], libsock_msg_len(&b->msgs[i]));
    }
}

/* Each of the batch asks another address of one server, and is answered from
 * there, with a class byte of its own. */
TEST(a_batch_is_answered_from_the_addresses_that_were_asked)
{
    libsock_addr a, any;
    libsock_socket client =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket server =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    libsock_addr asked[BATCH_SIZE];
    struct batch b;

    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 0, &any));
    CHECK_OK(libsock_bind(server, &any));
    CHECK_OK(libsock_local_addr(server, &any));
    CHECK_OK(libsock_set_recv_pktinfo_v4(server, true));
    CHECK_OK(libsock_set_recv_tos_v4(client, true));
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        const uint8_t octets[4] = {127, 0, 1, (uint8_t)i};

        CHECK_OK(libsock_addr_from_ipv4(
            octets, (uint16_t)libsock_addr_port(&any), &asked[i]));
        CHECK_EQ_INT(libsock_send_to(client, &i, 1 + i % 8, 0, &asked[i]),
                     1 + i % 8);
    }
    batch_prepare(&b);
    CHECK_EQ_INT(libsock_recv_batch(server, b.msgs, BATCH_SIZE, 0), BATCH_SIZE);
    batch_turn(&b, BATCH_SIZE);
    CHECK_EQ_INT(libsock_send_batch(server, b.msgs, BATCH_SIZE, 0), BATCH_SIZE);
    batch_prepare(&b);
    CHECK_EQ_INT(libsock_recv_batch(client, b.msgs, BATCH_SIZE, 0), BATCH_SIZE);
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        libsock_control c;
        uint32_t tos = 0;

        CHECK(libsock_addr_equal(&b.from[i], &asked[i]));
        CHECK_EQ_UINT(libsock_msg_len(&b.msgs[i]), 1 + i % 8);
        CHECK_OK(libsock_control_find(&b.msgs[i], LIBSOCK_CONTROL_TOS, &c));
        CHECK_OK(libsock_control_get_tos(&c, &tos));
        CHECK_EQ_UINT(tos, i << 2);
    }
    sock_close(client);
    sock_close(server);
}

/* The third message has no room that can be written to. */
TEST(a_failure_within_a_batch_is_told_by_the_next)
{
    libsock_socket pair[2];
    struct batch b;

    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    for (int i = 0; i < 4; i++)
        CHECK_EQ_INT(libsock_send(pair[0], "abcd", 4, 0), 4);
    batch_prepare(&b);
    b.bufs[2] = libsock_buf_of((void *)(uintptr_t)16, 8);
    CHECK_EQ_INT(libsock_recv_batch(pair[1], b.msgs, 4, 0), 2);
    CHECK_EQ_MEM(b.bytes[1], "abcd", 4);
    CHECK_EQ_STR(libsock_error_name(libsock_recv_batch(pair[1], b.msgs, 2, 0)),
                 "EFAULT");
    CHECK_EQ_INT(libsock_recv_batch(pair[1], b.msgs, 1, 0), 1);
    sock_close_pair(pair);
}

/* A refused datagram makes a later one fail; the batch before it counts. */
TEST(a_batch_ends_where_the_peer_is_gone)
{
    libsock_addr a, b, to;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    struct batch batch;
    ptrdiff_t n;

    to = b;
    sock_close(two);
    CHECK_OK(libsock_connect(one, &to));
    batch_prepare(&batch);
    for (size_t i = 0; i < 4; i++) {
        CHECK_OK(libsock_msg_set_to(&batch.msgs[i], NULL));
        CHECK_OK(libsock_msg_set_control(&batch.msgs[i], NULL, 0));
    }
    n = libsock_send_batch(one, batch.msgs, 4, 0);
    CHECK_INT(n, >=, 1);
    CHECK_INT(n, <, 4);
    sock_close(one);
}
