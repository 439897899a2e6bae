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

/* How the work for an event ended. */
enum work {
    WORK_DRAINED, /* nothing more to do before the next event */
    WORK_MORE,    /* the budget is used up: go on after the others */
    WORK_STALLED, /* a resource is missing: go on when one may be back */
    WORK_OVER     /* end it */
};

struct server;

struct watch {
    struct server *server;
    evio_source *source;
    enum work (*run)(struct watch *w); /* does a bounded piece of work */
    void (*end)(struct watch *w);      /* closes and frees */
    struct watch *prev, *next;         /* among all that the server has */
    struct watch *next_stalled;
    uint64_t wait;    /* of server->waits, the one that it ran after */
    bool stalled;     /* in the list of the stalled */
    bool read_closed; /* an event reported it: read to end of file */
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
    struct watch *stalled; /* listeners without a resource */
    uint64_t retry_ns;     /* when the stalled go on; of evio_now_ns() */
    uint64_t waits;        /* how many there were */
    struct server_stats stats;
};

/* Fills in a server that serves nothing yet. On failure there is nothing to
 * close. */
int server_open(struct server *s, int selector);

/* Begin to serve an address; the bound one has the port that the OS chose. */
int server_listen(struct server *s, const struct address *address,
                  struct address *out_bound);

/* Serve until server_stop(): 0, or what the wait returned. */
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
