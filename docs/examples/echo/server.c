/* SPDX-License-Identifier: MIT */
/* The loop of the server: who gets a turn, when, and what follows from it.
 * What a turn does is in listener.c, conn.c and datagram.c. One thread runs
 * it; only server_stop() may come from elsewhere. */
#include "server.h"

#include <stddef.h>
#include <string.h>

#include <libevio/interest.h>
#include <libsock/error.h>

enum {
    SERVER_EVENTS = 256,
    SERVER_RETRY_NS = 100000000 /* 0.1 s */
};

/* The waker's; all others are addresses. */
#define SERVER_TOKEN_STOP 0

static void server_queue(struct queue *q, struct watch *w)
{
    w->after = NULL;
    w->queued = true;
    if (q->last != NULL)
        q->last->after = w;
    else
        q->first = w;
    q->last = w;
}

static struct watch *server_unqueue(struct queue *q)
{
    struct watch *w = q->first;

    if (w != NULL) {
        q->first = w->after;
        if (q->first == NULL)
            q->last = NULL;
        w->queued = false;
    }
    return w;
}

/* Everybody who is stalled may go on. */
static void server_revive(struct server *s)
{
    struct watch *w;

    while ((w = server_unqueue(&s->stalled)) != NULL)
        server_queue(&s->more, w);
}

static void server_end(struct server *s, struct watch *w)
{
    if (w->prev != NULL)
        w->prev->next = w->next;
    else
        s->all = w->next;
    if (w->next != NULL)
        w->next->prev = w->prev;
    w->end(w);
    /* What it held is free for those who wait for it. */
    server_revive(s);
}

static void server_stall(struct server *s, struct watch *w)
{
    s->retry_ns = evio_now_ns() + SERVER_RETRY_NS;
    s->stats.stalls++;
    server_queue(&s->stalled, w);
}

static void server_turn(struct server *s, struct watch *w)
{
    switch (w->run(w)) {
    case TURN_DONE:
        break;
    case TURN_MORE:
        server_queue(&s->more, w);
        break;
    case TURN_STALLED:
        server_stall(s, w);
        break;
    case TURN_OVER:
        server_end(s, w);
        break;
    }
}

static void server_event(struct server *s, const evio_event *event)
{
    struct watch *w = evio_event_pointer(event);

    w->read_closed = w->read_closed || evio_is_read_closed(event);
    if (!w->queued)
        server_turn(s, w);
}

/* One turn for each who stands in a queue. Who has still more to do stands in
 * the server's again, behind the events of the next wait. In edge mode nothing
 * else would bring such a one back: its source stays silent until an operation
 * would block or moves less than asked. */
static void server_run_queue(struct server *s, struct queue *q)
{
    for (struct watch *w; (w = server_unqueue(q)) != NULL;)
        server_turn(s, w);
}

/* Until when to wait: not at all while somebody has more to do. */
static uint64_t server_deadline(const struct server *s)
{
    if (s->more.first != NULL)
        return 0;
    return s->stalled.first != NULL ? s->retry_ns : EVIO_FOREVER;
}

int server_run(struct server *s)
{
    for (;;) {
        int r = evio_poll_wait_until(s->poll, s->events, server_deadline(s));
        if (r < 0 && !libsock_interrupted(r))
            return r;
        if (s->stalled.first != NULL && evio_now_ns() >= s->retry_ns)
            server_revive(s);
        /* Those whom an event queues have had their turn. */
        struct queue waiting = s->more;
        s->more = (struct queue){NULL, NULL};
        for (evio_event event; evio_events_next(s->events, &event);) {
            if (event.token == SERVER_TOKEN_STOP)
                return 0;
            server_event(s, &event);
        }
        server_run_queue(s, &waiting);
    }
}

void server_stop(struct server *s)
{
    evio_wake(s->waker);
}

int server_add(struct server *s, struct watch *w, evio_source *source,
               uint32_t interest)
{
    int r = evio_register(evio_poll_registry(s->poll), source, evio_token_of(w),
                          interest);

    if (r < 0)
        return r;
    w->server = s;
    w->prev = NULL;
    w->next = s->all;
    if (s->all != NULL)
        s->all->prev = w;
    s->all = w;
    return 0;
}

int server_open(struct server *s, int selector)
{
    evio_poll_options options = {.size = sizeof(options), .selector = selector};
    int r;

    memset(s, 0, sizeof(*s));
    if ((r = evio_poll_new(&options, &s->poll)) < 0 ||
        (r = evio_events_new(SERVER_EVENTS, &s->events)) < 0 ||
        (r = evio_waker_new(evio_poll_registry(s->poll), SERVER_TOKEN_STOP,
                            &s->waker)) < 0)
        server_close(s);
    return r;
}

int server_listen(struct server *s, const struct address *address,
                  struct address *out_bound)
{
    return address->transport == TRANSPORT_UDP
               ? datagram_start(s, address, out_bound)
               : listener_start(s, address, out_bound);
}

void server_close(struct server *s)
{
    s->more = s->stalled = (struct queue){NULL, NULL};
    while (s->all != NULL)
        server_end(s, s->all);
    evio_waker_free(s->waker);
    evio_events_free(s->events);
    evio_poll_free(s->poll);
    s->waker = NULL;
    s->events = NULL;
    s->poll = NULL;
}
