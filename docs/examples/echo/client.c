/* SPDX-License-Identifier: MIT */
/* A client over a stream: writes a request while it reads the answer, so that
 * no payload is too large for the buffers between the two, and compares every
 * byte. UDP is in client_udp.c. Nothing here allocates. */
#include "client.h"

#include <string.h>

#include <libevio/interest.h>
#include <libsock/error.h>

enum {
    CLIENT_INTEREST = EVIO_READABLE | EVIO_WRITABLE
};

void client_fail(struct client *c, const char *what, ptrdiff_t code)
{
    struct load_result *result = c->all->result;

    if (result->errors++ == 0) {
        result->failure = what;
        result->failure_code = (int)code;
    }
    client_close(c);
}

const char *client_payload(const struct client *c, uint64_t number)
{
    return c->all->bytes + number * 61 % CLIENT_SHIFTS;
}

static bool client_is_udp(const struct client *c)
{
    return c->all->options->peer.transport == TRANSPORT_UDP;
}

static evio_source *client_source(struct client *c)
{
    return client_is_udp(c) ? &c->udp.source : stream_source(&c->stream);
}

void client_begin(struct client *c, uint64_t now_ns)
{
    c->state = CLIENT_ASKING;
    c->number++;
    c->sent = c->got = 0;
    c->begun_ns = now_ns;
}

uint64_t client_answered(struct client *c)
{
    uint64_t now = evio_now_ns();

    histogram_add(&c->all->result->latency, now - c->begun_ns);
    c->all->result->requests++;
    return now;
}

/* Write as far as it goes; false when the client was closed. */
static bool client_write(struct client *c)
{
    size_t size = c->all->options->size;
    const char *payload = client_payload(c, c->number);

    while (c->sent < size) {
        ptrdiff_t n =
            stream_write(&c->stream, payload + c->sent, size - c->sent);
        if (libsock_would_block(n))
            return true;
        if (n < 0) {
            client_fail(c, "write", n);
            return false;
        }
        c->sent += (size_t)n;
        c->all->result->bytes_out += (uint64_t)n;
    }
    return true;
}

/* Compare what came with what was sent; false when the client was closed. */
static bool client_check(struct client *c, size_t n)
{
    const char *expected = client_payload(c, c->number) + c->got;

    c->all->result->bytes_in += n;
    if (n > c->sent - c->got) {
        client_fail(c, "more came back than was sent", 0);
        return false;
    }
    if (memcmp(c->all->scratch, expected, n) != 0) {
        client_fail(c, "other bytes came back than were sent", 0);
        return false;
    }
    c->got += n;
    if (c->got < c->all->options->size)
        return true;
    client_begin(c, client_answered(c));
    return client_write(c);
}

/* The budget is used up and more may be there: the next wait reports it. */
void client_again(struct client *c)
{
    int r = evio_again(client_source(c), EVIO_READABLE);

    if (r < 0)
        client_fail(c, "again", r);
}

static void client_read(struct client *c, bool to_end)
{
    for (int round = 0; round < CLIENT_ROUNDS; round++) {
        ptrdiff_t n =
            stream_read(&c->stream, c->all->scratch, CLIENT_SCRATCH_SIZE);
        if (libsock_would_block(n))
            return;
        if (n <= 0) {
            client_fail(c, n == 0 ? "closed by the server" : "read", n);
            return;
        }
        if (!client_check(c, (size_t)n))
            return;
        if (stream_is_drained(&c->stream, n, CLIENT_SCRATCH_SIZE) && !to_end)
            return;
    }
    client_again(c);
}

/* The first writable event says that the connect has ended, well or not. */
static bool client_connected(struct client *c, const evio_event *event)
{
    if (!evio_is_writable(event))
        return false;
    int r = stream_connect_result(&c->stream);
    if (r < 0) {
        client_fail(c, "connect", r);
        return false;
    }
    client_begin(c, evio_now_ns());
    return true;
}

void client_event(struct client *c, const evio_event *event)
{
    if (client_is_udp(c)) {
        client_udp_event(c, event);
        return;
    }
    if (c->state == CLIENT_CONNECTING && !client_connected(c, event))
        return;
    if (client_write(c) && evio_is_readable(event))
        client_read(c, evio_is_read_closed(event));
}

static int client_open_udp(struct client *c)
{
    const libsock_addr *peer = &c->all->options->peer.addr;
    libsock_addr any;
    int r = libsock_addr_any(libsock_addr_domain(peer), 0, &any);

    if (r < 0 || (r = evio_udp_bind(&any, &c->udp)) < 0)
        return r;
    return evio_udp_connect(&c->udp, peer);
}

void client_open(struct client *c, struct clients *all)
{
    memset(c, 0, sizeof(*c));
    c->all = all;
    c->state = CLIENT_CONNECTING;
    all->open++;
    bool udp = client_is_udp(c);
    int r = udp ? client_open_udp(c)
                : stream_connect(&all->options->peer, &c->stream);
    if (r >= 0)
        r = evio_register(all->registry, client_source(c), evio_token_of(c),
                          CLIENT_INTEREST);
    if (r < 0) {
        client_fail(c, "connect", r);
        return;
    }
    if (udp)
        client_udp_ask(c);
}

void client_close(struct client *c)
{
    if (c->state == CLIENT_CLOSED)
        return;
    c->state = CLIENT_CLOSED;
    c->all->open--;
    if (client_is_udp(c)) {
        client_udp_forget(c);
        evio_udp_close(&c->udp);
    } else {
        stream_close(&c->stream);
    }
}
