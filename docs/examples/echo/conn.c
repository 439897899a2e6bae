/* SPDX-License-Identifier: MIT */
/* Echoes one stream: what was read goes back before more is read, so that a
 * peer who does not read fills one buffer here and then the kernel's, never
 * more. At the end of file everything has gone back, and it is closed. */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>

#include <libevio/interest.h>
#include <libsock/error.h>

enum {
    CONN_ROUNDS = 8, /* reads per event: 128 KiB, then others come first */
    CONN_BUF_SIZE = 16384
};

struct conn {
    struct watch watch; /* first: a watch is a connection */
    struct stream stream;
    size_t len, sent; /* bytes in buf, and how many of them went back */
    char buf[CONN_BUF_SIZE];
};

/* 0 when everything has gone back; else what the write returned. */
static ptrdiff_t conn_flush(struct conn *c)
{
    while (c->sent < c->len) {
        ptrdiff_t n =
            stream_write(&c->stream, c->buf + c->sent, c->len - c->sent);
        if (n < 0)
            return n;
        c->sent += (size_t)n;
        c->watch.server->stats.bytes += (uint64_t)n;
    }
    return 0;
}

/* What the read returned. */
static ptrdiff_t conn_fill(struct conn *c)
{
    ptrdiff_t n = stream_read(&c->stream, c->buf, sizeof(c->buf));

    if (n > 0) {
        c->len = (size_t)n;
        c->sent = 0;
        c->watch.server->stats.requests++;
    }
    return n;
}

static enum work conn_run(struct watch *w)
{
    struct conn *c = (struct conn *)w;
    bool drained = false;

    for (int round = 0; round < CONN_ROUNDS; round++) {
        ptrdiff_t n = conn_flush(c);
        if (n == 0 && drained)
            return WORK_DRAINED;
        if (n == 0 && (n = conn_fill(c)) == 0)
            return WORK_OVER;
        if (n < 0)
            return libsock_would_block(n) ? WORK_DRAINED : WORK_OVER;
        drained =
            stream_is_drained(&c->stream, n, sizeof(c->buf)) && !w->read_closed;
    }
    return WORK_MORE;
}

static void conn_end(struct watch *w)
{
    struct conn *c = (struct conn *)w;

    stream_close(&c->stream);
    free(c);
}

int conn_start(struct server *s, const struct stream *stream)
{
    struct conn *c = malloc(sizeof(*c));
    struct stream taken = *stream;

    if (c == NULL) {
        stream_close(&taken);
        return -ENOMEM;
    }
    c->watch = (struct watch){.run = conn_run, .end = conn_end};
    c->stream = taken;
    c->len = c->sent = 0;
    int r = server_add(s, &c->watch, stream_source(&c->stream),
                       EVIO_READABLE | EVIO_WRITABLE);
    if (r < 0)
        conn_end(&c->watch);
    return r;
}
