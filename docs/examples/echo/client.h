/* SPDX-License-Identifier: MIT */
/* One client of the load, and what all clients share. */
#ifndef ECHO_CLIENT_H
#define ECHO_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libevio/poll.h>
#include <libevio/udp.h>

#include "load.h"
#include "stream.h"

enum client_state {
    CLIENT_CLOSED,
    CLIENT_CONNECTING,
    CLIENT_ASKING /* a request is on its way */
};

struct client {
    struct clients *all;
    enum client_state state;
    struct stream stream;         /* of TCP and AF_UNIX */
    evio_udp_socket udp;          /* of UDP */
    uint64_t number;              /* of the request; decides about its bytes */
    uint64_t begun_ns;            /* when it was sent */
    size_t sent, got;             /* bytes of it */
    struct client *older, *newer; /* UDP: in the order of begun_ns */
};

struct clients {
    const struct load_options *options;
    struct load_result *result;
    evio_registry *registry;
    unsigned open;                  /* clients that are not closed */
    char *bytes;                    /* random; payloads are pieces of it */
    char *scratch;                  /* CLIENT_SCRATCH_SIZE, for one call */
    struct client *oldest, *newest; /* UDP requests without an answer */
};

enum {
    CLIENT_ROUNDS = 8,           /* reads per event */
    CLIENT_SCRATCH_SIZE = 65536, /* holds any datagram */
    CLIENT_SHIFTS = 4096         /* distinct payloads in `bytes` */
};

/* A failure counts as an error and leaves the client closed. */
void client_open(struct client *c, struct clients *all);
void client_event(struct client *c, const evio_event *event);
void client_close(struct client *c);

/* Give up UDP requests that are too old, and send others instead. */
void clients_expire(struct clients *all, uint64_t now_ns);

/* When the next one will be; EVIO_FOREVER when none is on its way. */
uint64_t clients_deadline(const struct clients *all);

/* UDP, in client_udp.c: begin a request, do what an event is about, forget the
 * request that is on its way. */
void client_udp_ask(struct client *c);
void client_udp_event(struct client *c, const evio_event *event);
void client_udp_forget(struct client *c);

/* For client_udp.c, in client.c: an error; a request begins; its answer was
 * right; the bytes of a request; go on reading after the others. */
void client_fail(struct client *c, const char *what, ptrdiff_t code);
void client_begin(struct client *c, uint64_t now_ns);
uint64_t client_answered(struct client *c);
const char *client_payload(const struct client *c, uint64_t number);
void client_again(struct client *c);

#endif
