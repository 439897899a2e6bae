/* SPDX-License-Identifier: MIT */
/* The loop of the server: who works when, and what follows from it. The work
 * itself is in listener.c, conn.c and datagram.c. One thread runs it; only
 * server_stop() may come from elsewhere. */
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

/* The next wait reports it, however much is left undrained: no selector would
 * report by itself what is there already. */
static void server_again(struct watch *w)
{
    (void)evio_again(w->source, EVIO_READABLE | EVIO_WRITABLE);
}

static void server_stall(struct server *s, struct watch *w)
{
    s->retry_ns = evio_now_ns() + SERVER_RETRY_NS;
    s->stats.stalls++;
    w->stalled = true;
    w->next_stalled = s->stalled;
    s->stalled = w;
}

/* All that are stalled may go on. */
static void server_revive(struct server *s)
{
    for (struct watch *w; (w = s->stalled) != NULL;) {
        s->stalled = w->next_stalled;
        w->stalled = false;
        server_again(w);
    }
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

static void server_work(struct server *s, struct watch *w)
{
    w->wait = s->waits;
    switch (w->run(w)) {
    case WORK_DRAINED:
        break;
    case WORK_MORE:
        server_again(w);
        break;
    case WORK_STALLED:
        server_stall(s, w);
        break;
    case WORK_OVER:
        server_end(s, w);
        break;
    }
}

/* A wait may report one source twice, for evio_again() and for what has come
 * since; but each gets one budget, so that all others come in between. */
static void server_event(struct server *s, const evio_event *event)
{
    struct watch *w = evio_event_pointer(event);

    w->read_closed = w->read_closed || evio_is_read_closed(event);
    if (w->stalled)
        return;
    if (w->wait == s->waits)
        server_again(w);
    else
        server_work(s, w);
}

int server_run(struct server *s)
{
    for (;;) {
        int r = evio_poll_wait_until(s->poll, s->events,
                                     s->stalled != NULL ? s->retry_ns
                                                        : EVIO_FOREVER);
        if (r < 0 && !libsock_interrupted(r))
            return r;
        s->waits++;
        if (s->stalled != NULL && evio_now_ns() >= s->retry_ns)
            server_revive(s);
        for (evio_event event; evio_events_next(s->events, &event);) {
            if (event.token == SERVER_TOKEN_STOP)
                return 0;
            server_event(s, &event);
        }
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
    w->source = source;
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
    s->stalled = NULL;
    while (s->all != NULL)
        server_end(s, s->all);
    evio_waker_free(s->waker);
    evio_events_free(s->events);
    evio_poll_free(s->poll);
    s->waker = NULL;
    s->events = NULL;
    s->poll = NULL;
}
