/* SPDX-License-Identifier: MIT */
/* A complete TCP echo server: tcp_echo [ADDRESS], such as [::]:7000. */
#include <libevio/libevio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct conn {
    evio_tcp_stream tcp;
    size_t len, sent; /* bytes in buf, and how many of them went back */
    char buf[16384];
};

/* Read once, or send the rest; false when the connection is over. While the
 * peer does not take its bytes, no more are read from it. */
static bool echo(evio_registry *registry, struct conn *c)
{
    bool was_full = c->sent < c->len;
    if (!was_full) {
        ptrdiff_t n = evio_tcp_read(&c->tcp, c->buf, sizeof(c->buf));
        if (n <= 0)
            return libsock_would_block(n);
        c->len = (size_t)n;
        c->sent = 0;
    }
    ptrdiff_t n = evio_tcp_write(&c->tcp, c->buf + c->sent, c->len - c->sent);
    if (n < 0 && !libsock_would_block(n))
        return false;
    c->sent += n > 0 ? (size_t)n : 0;
    uint32_t want = c->sent < c->len ? EVIO_WRITABLE : EVIO_READABLE;
    return was_full == (want == EVIO_WRITABLE) ||
           evio_reregister(registry, &c->tcp.source, evio_token_of(c),
                           want | EVIO_LEVEL) >= 0;
}

/* The token of a connection is its address: once closed, it may be freed. */
static void serve(evio_registry *registry, evio_tcp_listener *l, struct conn *c)
{
    bool alive = c != NULL && echo(registry, c);
    if (c == NULL && (c = calloc(1, sizeof(*c))) != NULL)
        alive = evio_tcp_accept(l, &c->tcp, NULL) >= 0 &&
                evio_register(registry, &c->tcp.source, evio_token_of(c),
                              EVIO_READABLE | EVIO_LEVEL) >= 0;
    if (c != NULL && !alive) {
        evio_tcp_close(&c->tcp);
        free(c);
    }
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "127.0.0.1:7000";
    libsock_addr addr;
    evio_tcp_listener listener;
    evio_poll *poll;
    evio_events *events;
    int r = libsock_addr_parse(text, strlen(text), &addr);
    if (r >= 0 && (r = evio_tcp_listen(&addr, &listener)) >= 0 &&
        (r = evio_poll_new(NULL, &poll)) >= 0 &&
        (r = evio_events_new(256, &events)) >= 0 &&
        (r = evio_register(evio_poll_registry(poll), &listener.source, 0,
                           EVIO_READABLE | EVIO_LEVEL)) >= 0)
        while ((r = evio_poll_wait(poll, events, EVIO_FOREVER)) >= 0 ||
               libsock_interrupted(r))
            for (evio_event ev; evio_events_next(events, &ev);)
                serve(evio_poll_registry(poll), &listener,
                      evio_event_pointer(&ev));
    return fprintf(stderr, "%s: %s\n", text, libsock_error_name(r)), 1;
}
