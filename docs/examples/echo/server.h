/* SPDX-License-Identifier: MIT */
/* The echo server: one thread, one poll, any number of listeners, connections
 * and UDP sockets. Everything that it watches begins with a struct watch. */
#ifndef ECHO_SERVER_H
#define ECHO_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/poll.h>
#include <libevio/source.h>
#include <libevio/waker.h>

#include "address.h"

/* How a turn of a watched thing ended. */
enum turn {
    TURN_DONE,    /* nothing more to do: the next event starts a turn */
    TURN_MORE,    /* the turn was long enough: go on after the others */
    TURN_STALLED, /* a resource is missing: go on when one may be back */
    TURN_OVER     /* end it */
};

struct server;

struct watch {
    struct server *server;
    enum turn (*run)(struct watch *w); /* does a bounded piece of work */
    void (*end)(struct watch *w);      /* closes and frees */
    struct watch *prev, *next;         /* among all that the server has */
    struct watch *after;               /* in the queue that it stands in */
    bool queued;                       /* stands in one */
    bool read_closed;                  /* an event said so: read to the end */
};

/* First in, first out. All zeros is empty. */
struct queue {
    struct watch *first, *last;
};

struct server_stats {
    uint64_t connections;
    uint64_t requests; /* pieces of a stream, and datagrams */
    uint64_t bytes;    /* echoed */
    uint64_t dropped;  /* datagrams whose answer could not be sent */
    uint64_t stalls;   /* times that accepting had to pause */
};

struct server {
    evio_poll *poll;
    evio_events *events;
    evio_waker *waker;
    struct watch *all;
    struct queue more;    /* had a full turn, and have more to do */
    struct queue stalled; /* listeners without a resource */
    uint64_t retry_ns;    /* when the stalled go on; of evio_now_ns() */
    struct server_stats stats;
};

/* Fills in a server that serves nothing yet. On failure there is nothing to
 * close. */
int server_open(struct server *s, int selector);

/* Begin to serve an address; the bound one has the port that the OS chose. */
int server_listen(struct server *s, const struct address *address,
                  struct address *out_bound);

/* Serve until server_stop(): 0, or what the wait said. */
int server_run(struct server *s);

/* Safe from any thread and from a signal handler. */
void server_stop(struct server *s);

/* Close and free everything. */
void server_close(struct server *s);

/* For what is watched: register it and take it into the server's care. On
 * failure it is as before. */
int server_add(struct server *s, struct watch *w, evio_source *source,
               uint32_t interest);

/* Each is closed and freed by the server; a stream is taken over in any case.
 */
int listener_start(struct server *s, const struct address *address,
                   struct address *out_bound);
int datagram_start(struct server *s, const struct address *address,
                   struct address *out_bound);

#endif
