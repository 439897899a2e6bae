/* SPDX-License-Identifier: MIT */
/* Echoes the datagrams of one UDP socket to their senders. While the socket
 * has no space for an answer, no datagram is read: what comes then waits in the
 * kernel, which drops what is too much, as UDP may. */
#include "server.h"

#include <errno.h>
#include <stdlib.h>

#include <libevio/interest.h>
#include <libevio/udp.h>
#include <libsock/error.h>

enum {
    DATAGRAM_ROUNDS = 64,     /* datagrams per event */
    DATAGRAM_BUF_SIZE = 65536 /* none is longer */
};

struct datagram {
    struct watch watch; /* first: a watch is a UDP socket */
    evio_udp_socket udp;
    bool pending;      /* buf waits to be sent to `from` */
    size_t len;        /* bytes in buf */
    libsock_addr from; /* who sent them */
    char buf[DATAGRAM_BUF_SIZE];
};

/* 0, or would-block. An answer that fails otherwise is dropped: its sender is
 * out of reach, and the next may be another. */
static ptrdiff_t datagram_answer(struct datagram *d)
{
    struct server_stats *stats = &d->watch.server->stats;
    ptrdiff_t n = evio_udp_send_to(&d->udp, d->buf, d->len, &d->from);

    if (libsock_would_block(n))
        return n;
    d->pending = false;
    if (n < 0) {
        stats->dropped++;
    } else {
        stats->requests++;
        stats->bytes += (uint64_t)n;
    }
    return 0;
}

static enum work datagram_run(struct watch *w)
{
    struct datagram *d = (struct datagram *)w;

    for (int round = 0; round < DATAGRAM_ROUNDS; round++) {
        if (d->pending && datagram_answer(d) < 0)
            return WORK_DRAINED;
        ptrdiff_t n =
            evio_udp_recv_from(&d->udp, d->buf, sizeof(d->buf), &d->from);
        if (libsock_would_block(n))
            return WORK_DRAINED;
        /* Other failures report an answer that did not arrive. */
        d->pending = n >= 0;
        d->len = n >= 0 ? (size_t)n : 0;
    }
    return WORK_MORE;
}

static void datagram_end(struct watch *w)
{
    struct datagram *d = (struct datagram *)w;

    evio_udp_close(&d->udp);
    free(d);
}

int datagram_start(struct server *s, const struct address *address,
                   struct address *out_bound)
{
    struct datagram *d = calloc(1, sizeof(*d));
    struct address bound = {.transport = TRANSPORT_UDP};
    int r;

    if (d == NULL)
        return -ENOMEM;
    d->watch = (struct watch){.run = datagram_run, .end = datagram_end};
    if ((r = evio_udp_bind(&address->addr, &d->udp)) < 0 ||
        (r = evio_udp_local_addr(&d->udp, &bound.addr)) < 0 ||
        (r = server_add(s, &d->watch, &d->udp.source,
                        EVIO_READABLE | EVIO_WRITABLE)) < 0) {
        datagram_end(&d->watch);
        return r;
    }
    *out_bound = bound;
    return 0;
}
