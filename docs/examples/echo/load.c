/* SPDX-License-Identifier: MIT */
/* Sets up the clients, waits for their events, and keeps the time. What a
 * client does is in client.c and client_udp.c. After the set-up nothing
 * allocates. One thread. */
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libevio/poll.h>
#include <libsock/error.h>

#include "client.h"
#include "report.h"

enum {
    LOAD_EVENTS = 256,
    LOAD_SECOND_NS = 1000000000
};

struct load {
    struct clients clients;
    struct client *client; /* options->connections of them */
    evio_poll *poll;
    evio_events *events;
};

/* Random enough that bytes out of place do not match (xorshift64). */
static void load_fill(char *bytes, size_t len)
{
    uint64_t x = 0x9e3779b97f4a7c15;

    for (size_t i = 0; i < len; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        bytes[i] = (char)(x >> 56);
    }
}

static void load_close(struct load *l)
{
    for (unsigned i = 0;
         l->client != NULL && i < l->clients.options->connections; i++)
        if (l->client[i].all != NULL)
            client_close(&l->client[i]);
    free(l->client);
    free(l->clients.bytes);
    free(l->clients.scratch);
    evio_events_free(l->events);
    evio_poll_free(l->poll);
}

static int load_open(struct load *l, const struct load_options *options)
{
    evio_poll_options poll = {.size = sizeof(poll),
                              .selector = options->selector};
    size_t n_bytes = options->size + CLIENT_SHIFTS;
    int r;

    if ((r = evio_poll_new(&poll, &l->poll)) < 0 ||
        (r = evio_events_new(LOAD_EVENTS, &l->events)) < 0)
        return r;
    l->client = calloc(options->connections, sizeof(*l->client));
    l->clients.bytes = malloc(n_bytes);
    l->clients.scratch = malloc(CLIENT_SCRATCH_SIZE);
    if (l->client == NULL || l->clients.bytes == NULL ||
        l->clients.scratch == NULL)
        return -ENOMEM;
    load_fill(l->clients.bytes, n_bytes);
    l->clients.registry = evio_poll_registry(l->poll);
    return 0;
}

static uint64_t load_earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Serve events until `deadline_ns`, or until no client is left. */
static int load_serve(struct load *l, uint64_t deadline_ns)
{
    struct clients *all = &l->clients;

    while (all->open > 0 && evio_now_ns() < deadline_ns) {
        int r = evio_poll_wait_until(
            l->poll, l->events,
            load_earlier(deadline_ns, clients_deadline(all)));
        if (r < 0 && !libsock_interrupted(r))
            return r;
        for (evio_event event; evio_events_next(l->events, &event);)
            client_event(evio_event_pointer(&event), &event);
        clients_expire(all, evio_now_ns());
    }
    return 0;
}

static int load_seconds(struct load *l)
{
    const struct load_options *options = l->clients.options;
    struct load_result *result = l->clients.result;
    uint64_t begin = evio_now_ns();
    uint64_t end = begin + options->duration_ns;
    int r = 0;

    for (unsigned i = 0; i < options->connections; i++)
        client_open(&l->client[i], &l->clients);
    for (uint64_t now = begin; r >= 0 && now < end && l->clients.open > 0;) {
        uint64_t bytes = result->bytes_in, requests = result->requests;
        uint64_t since = now;
        r = load_serve(l, load_earlier(since + LOAD_SECOND_NS, end));
        now = evio_now_ns();
        report_second(&options->peer, now - begin, now - since,
                      result->requests - requests, result->bytes_in - bytes);
    }
    result->duration_ns = evio_now_ns() - begin;
    return r;
}

int load_run(const struct load_options *options, struct load_result *result)
{
    struct load l = {.clients = {.options = options, .result = result}};

    memset(result, 0, sizeof(*result));
    int r = load_open(&l, options);
    if (r >= 0)
        r = load_seconds(&l);
    load_close(&l);
    return r;
}
