/* SPDX-License-Identifier: MIT */
/*
 * What batches of 64 and single messages with pktinfo cost over the system's
 * own calls, and what a batch saves over 64 single transfers. With a way and a
 * number of rounds it makes these, to be counted by callgrind; without, two
 * ways are timed alternately, and the median of their ratios is printed. One
 * thread, one datagram socket that is connected to itself.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <libevio/libevio.h>
#include <libsock/libsock.h>

#include "tool.h"

enum {
    BATCH_SIZE = 64,
    BATCH_BYTES = 64,
    BATCH_TURN = 20, /* rounds of a turn */
    BATCH_TURNS = 601
};

/* The same messages, laid out by either hand. */
struct batch {
    int fd;
    libsock_socket sock;
    evio_udp_socket udp;
    struct mmsghdr raw[BATCH_SIZE];
    struct iovec iov[BATCH_SIZE];
    struct sockaddr_storage raw_from[BATCH_SIZE];
    libsock_msg msgs[BATCH_SIZE];
    libsock_buf bufs[BATCH_SIZE];
    libsock_addr from[BATCH_SIZE];
    char bytes[BATCH_SIZE][BATCH_BYTES];
    uint64_t room[16];
};

static void batch_must(bool good, const char *what)
{
    bench_check(good ? 0 : -1, what);
}

static void batch_init(struct batch *b)
{
    libsock_addr addr;

    memset(b, 0, sizeof(*b));
    batch_must(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr) == 0 &&
                   libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, 0,
                                &b->sock) == 0 &&
                   libsock_bind(b->sock, &addr) == 0 &&
                   libsock_local_addr(b->sock, &addr) == 0 &&
                   libsock_connect(b->sock, &addr) == 0 &&
                   evio_udp_from_socket(b->sock, &b->udp) == 0,
               "socket");
    b->fd = (int)libsock_as_raw(b->sock);
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->iov[i].iov_base = b->bytes[i];
        b->iov[i].iov_len = BATCH_BYTES;
        b->raw[i].msg_hdr.msg_iov = &b->iov[i];
        b->raw[i].msg_hdr.msg_iovlen = 1;
        b->raw[i].msg_hdr.msg_name = &b->raw_from[i];
        b->bufs[i] = libsock_buf_of(b->bytes[i], BATCH_BYTES);
        libsock_msg_init(&b->msgs[i]);
        libsock_msg_set_bufs(&b->msgs[i], &b->bufs[i], 1);
        libsock_msg_set_from(&b->msgs[i], &b->from[i]);
    }
}

/*
 * A round is one batch out and one in. To the connected socket nothing is
 * addressed: both ways take the address away before a send, and offer the room
 * for the sender again before a receive, where the other does it by itself.
 */
static void batch_raw(struct batch *b)
{
    int sent, got;

    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->raw[i].msg_hdr.msg_namelen = 0;
    }
    sent = sendmmsg(b->fd, b->raw, BATCH_SIZE, MSG_NOSIGNAL);
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->raw[i].msg_hdr.msg_namelen = sizeof(b->raw_from[i]);
    }
    got = recvmmsg(b->fd, b->raw, BATCH_SIZE, MSG_CMSG_CLOEXEC, NULL);
    batch_must(sent == BATCH_SIZE && got == BATCH_SIZE, "raw batch");
}

static void batch_sock(struct batch *b)
{
    ptrdiff_t sent, got;

    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->msgs[i].name_len = 0;
    }
    sent = libsock_send_batch(b->sock, b->msgs, BATCH_SIZE, 0);
    got = libsock_recv_batch(b->sock, b->msgs, BATCH_SIZE, 0);
    batch_must(sent == BATCH_SIZE && got == BATCH_SIZE, "batch");
}

static void batch_evio(struct batch *b)
{
    ptrdiff_t sent, got;

    for (size_t i = 0; i < BATCH_SIZE; i++) {
        b->msgs[i].name_len = 0;
    }
    sent = evio_udp_send_batch(&b->udp, b->msgs, BATCH_SIZE, 0);
    got = evio_udp_recv_batch(&b->udp, b->msgs, BATCH_SIZE, 0);
    batch_must(sent == BATCH_SIZE && got == BATCH_SIZE, "evio batch");
}

/* The datagrams of a batch, one by one. */
static void batch_raw_single(struct batch *b)
{
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        batch_must(send(b->fd, b->bytes[i], BATCH_BYTES, MSG_NOSIGNAL) ==
                       BATCH_BYTES,
                   "raw send");
    }
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        socklen_t len = sizeof(b->raw_from[i]);
        batch_must(recvfrom(b->fd, b->bytes[i], BATCH_BYTES, 0,
                            (struct sockaddr *)&b->raw_from[i],
                            &len) == BATCH_BYTES,
                   "raw recvfrom");
    }
}

static void batch_evio_single(struct batch *b)
{
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        batch_must(evio_udp_send(&b->udp, b->bytes[i], BATCH_BYTES) ==
                       BATCH_BYTES,
                   "evio send");
    }
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        batch_must(evio_udp_recv_from(&b->udp, b->bytes[i], BATCH_BYTES,
                                      &b->from[i]) == BATCH_BYTES,
                   "evio recv_from");
    }
}

/* One datagram out and in; where it arrived is read from the control data. */
static void batch_raw_pktinfo(struct batch *b)
{
    struct msghdr *msg = &b->raw[0].msg_hdr;
    struct in_pktinfo info = {0};
    ssize_t sent, got;

    sent = send(b->fd, b->bytes[0], BATCH_BYTES, MSG_NOSIGNAL);
    msg->msg_namelen = sizeof(b->raw_from[0]);
    msg->msg_control = b->room;
    msg->msg_controllen = sizeof(b->room);
    got = recvmsg(b->fd, msg, MSG_CMSG_CLOEXEC);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
         c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO &&
            c->cmsg_len == CMSG_LEN(sizeof(info))) {
            memcpy(&info, CMSG_DATA(c), sizeof(info));
        }
    }
    batch_must(sent == BATCH_BYTES && got == BATCH_BYTES &&
                   info.ipi_ifindex > 0,
               "raw pktinfo");
    msg->msg_control = NULL;
    msg->msg_controllen = 0;
}

static void batch_sock_pktinfo(struct batch *b)
{
    libsock_msg *msg = &b->msgs[0];
    libsock_pktinfo info = {0};
    libsock_control_reader reader;
    libsock_control c;
    ptrdiff_t sent, got;

    sent = libsock_send(b->sock, b->bytes[0], BATCH_BYTES, 0);
    libsock_msg_set_control(msg, b->room, sizeof(b->room));
    got = libsock_recv_msg(b->sock, msg, 0);
    libsock_control_reader_init(&reader, msg);
    while (libsock_control_next(&reader, &c) > 0) {
        if (c.kind == LIBSOCK_CONTROL_PKTINFO) {
            libsock_control_get_pktinfo(&c, &info);
        }
    }
    batch_must(sent == BATCH_BYTES && got == BATCH_BYTES && info.ifindex > 0,
               "pktinfo");
    libsock_msg_set_control(msg, NULL, 0);
}

static const struct batch_way {
    const char *name;
    void (*run)(struct batch *);
    bool pktinfo;
} batch_ways[] = {
    {"raw-batch", batch_raw, false},
    {"sock-batch", batch_sock, false},
    {"raw-pktinfo", batch_raw_pktinfo, true},
    {"sock-pktinfo", batch_sock_pktinfo, true},
    {"raw-single", batch_raw_single, false},
    {"raw-batch", batch_raw, false},
    {"evio-single", batch_evio_single, false},
    {"evio-batch", batch_evio, false},
};

static void batch_prepare(struct batch *b, const struct batch_way *way)
{
    batch_must(libsock_set_recv_pktinfo_v4(b->sock, way->pktinfo) == 0,
               "option");
}

static void batch_run(struct batch *b, const struct batch_way *way, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        way->run(b);
    }
}

static double batch_time(struct batch *b, const struct batch_way *way)
{
    struct timespec from, to;

    clock_gettime(CLOCK_MONOTONIC, &from);
    batch_run(b, way, BATCH_TURN);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return (double)(to.tv_sec - from.tv_sec) * 1e9 +
           (double)(to.tv_nsec - from.tv_nsec);
}

static int batch_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Both alternately, beginning with either: nanoseconds of a round at best, and
 * the median of the ratios of the second to the first. */
static void batch_compare(struct batch *b, const char *what,
                          const struct batch_way pair[2])
{
    double ratios[BATCH_TURNS], least[2] = {1e18, 1e18};

    batch_prepare(b, &pair[0]);
    for (int i = 0; i < BATCH_TURNS; i++) {
        double ns[2];
        int first = i % 2;

        ns[first] = batch_time(b, &pair[first]);
        ns[!first] = batch_time(b, &pair[!first]);
        ratios[i] = ns[1] / ns[0];
        for (int k = 0; k < 2; k++) {
            least[k] = ns[k] < least[k] ? ns[k] : least[k];
        }
    }
    qsort(ratios, BATCH_TURNS, sizeof(ratios[0]), batch_order);
    printf("%s_base %.0f\n%s_ours %.0f\n%s_ratio %.4f\n", what,
           least[0] / BATCH_TURN, what, least[1] / BATCH_TURN, what,
           ratios[BATCH_TURNS / 2]);
}

int main(int argc, char **argv)
{
    static struct batch b;

    batch_init(&b);
    if (argc == 1) {
        batch_compare(&b, "batch", &batch_ways[0]);
        batch_compare(&b, "pktinfo", &batch_ways[2]);
        batch_compare(&b, "raw_single", &batch_ways[4]);
        batch_compare(&b, "evio_single", &batch_ways[6]);
        return 0;
    }
    for (size_t i = 0; i < sizeof(batch_ways) / sizeof(batch_ways[0]); i++) {
        if (argc == 3 && strcmp(argv[1], batch_ways[i].name) == 0) {
            batch_prepare(&b, &batch_ways[i]);
            batch_run(&b, &batch_ways[i], (int)bench_number(argv[2]));
            return 0;
        }
    }
    fprintf(stderr, "usage: %s [WAY ROUNDS]\n", argv[0]);
    return 2;
}
