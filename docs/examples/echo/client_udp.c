/* SPDX-License-Identifier: MIT */
/* A client over UDP: a request is one datagram that begins with its number, so
 * that an answer which comes after its request was given up is told from one
 * that is wrong. Requests without an answer stand in a list, oldest first: the
 * time limit is the same for all, so the first to run out is the first. */
#include "client.h"

#include <string.h>

#include <libsock/error.h>

enum {
    CLIENT_UDP_TIMEOUT_NS = 200000000 /* 0.2 s */
};

static void client_udp_remember(struct client *c)
{
    c->newer = NULL;
    c->older = c->all->newest;
    if (c->older != NULL)
        c->older->newer = c;
    else
        c->all->oldest = c;
    c->all->newest = c;
}

void client_udp_forget(struct client *c)
{
    if (c->older != NULL)
        c->older->newer = c->newer;
    else if (c->all->oldest == c)
        c->all->oldest = c->newer;
    if (c->newer != NULL)
        c->newer->older = c->older;
    else if (c->all->newest == c)
        c->all->newest = c->older;
    c->older = c->newer = NULL;
}

static void client_udp_send(struct client *c)
{
    size_t size = c->all->options->size;
    char *datagram = c->all->scratch;

    memcpy(datagram, &c->number, sizeof(c->number));
    memcpy(datagram + sizeof(c->number), client_payload(c, c->number),
           size - sizeof(c->number));
    ptrdiff_t n = evio_udp_send(&c->udp, datagram, size);
    if (n >= 0) {
        c->sent = (size_t)n;
        c->all->result->bytes_out += (uint64_t)n;
    } else if (!libsock_would_block(n)) {
        client_fail(c, "send", n);
    }
}

static void client_udp_begin(struct client *c, uint64_t now_ns)
{
    client_udp_forget(c);
    client_begin(c, now_ns);
    client_udp_remember(c);
    client_udp_send(c);
}

void client_udp_ask(struct client *c)
{
    client_udp_begin(c, evio_now_ns());
}

static void client_udp_check(struct client *c, size_t n)
{
    const char *datagram = c->all->scratch;
    uint64_t number = 0;

    c->all->result->bytes_in += n;
    if (n == c->all->options->size)
        memcpy(&number, datagram, sizeof(number));
    if (number == 0 || number > c->number ||
        memcmp(datagram + sizeof(number), client_payload(c, number),
               n - sizeof(number)) != 0)
        client_fail(c, "other bytes came back than were sent", 0);
    else if (number < c->number)
        c->all->result->late++;
    else
        client_udp_begin(c, client_answered(c));
}

/* Datagrams have no short counts: only would-block ends draining. */
static void client_udp_receive(struct client *c)
{
    for (int round = 0; round < CLIENT_ROUNDS; round++) {
        ptrdiff_t n =
            evio_udp_recv(&c->udp, c->all->scratch, CLIENT_SCRATCH_SIZE);
        if (libsock_would_block(n))
            return;
        if (n < 0)
            client_fail(c, "receive", n);
        else
            client_udp_check(c, (size_t)n);
        if (c->state == CLIENT_CLOSED)
            return;
    }
    client_again(c);
}

void client_udp_event(struct client *c, const evio_event *event)
{
    if (evio_is_writable(event) && c->sent == 0)
        client_udp_send(c);
    if (c->state != CLIENT_CLOSED && evio_is_readable(event))
        client_udp_receive(c);
}

void clients_expire(struct clients *all, uint64_t now_ns)
{
    while (clients_deadline(all) <= now_ns) {
        all->result->lost++;
        client_udp_begin(all->oldest, now_ns);
    }
}

uint64_t clients_deadline(const struct clients *all)
{
    return all->oldest != NULL ? all->oldest->begun_ns + CLIENT_UDP_TIMEOUT_NS
                               : EVIO_FOREVER;
}
