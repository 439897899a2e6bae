/* SPDX-License-Identifier: MIT */
/* One set of verbs over libevio's TCP and AF_UNIX streams. What is sent over
 * them is not known here. A stream is used by one thread at a time. */
#include "stream.h"

#include <libsock/error.h>
#include <libsock/opt_tcp.h>

/* Small answers must not wait for acknowledgements. Failing to set this makes
 * a connection slow, not wrong. */
static void stream_send_at_once(evio_tcp_stream *tcp)
{
    libsock_set_tcp_nodelay(evio_tcp_as_socket(tcp), true);
}

int stream_connect(const struct address *peer, struct stream *out_stream)
{
    struct stream s = {.transport = peer->transport};
    int r = peer->transport == TRANSPORT_UNIX
                ? evio_unix_connect(&peer->addr, &s.as.local)
                : evio_tcp_connect(&peer->addr, &s.as.tcp);

    if (r < 0)
        return r;
    if (peer->transport == TRANSPORT_TCP)
        stream_send_at_once(&s.as.tcp);
    *out_stream = s;
    return 0;
}

ptrdiff_t stream_read(struct stream *s, void *buf, size_t cap)
{
    if (s->transport == TRANSPORT_UNIX)
        return evio_unix_read(&s->as.local, buf, cap);
    return evio_tcp_read(&s->as.tcp, buf, cap);
}

ptrdiff_t stream_write(struct stream *s, const void *buf, size_t len)
{
    if (s->transport == TRANSPORT_UNIX)
        return evio_unix_write(&s->as.local, buf, len);
    return evio_tcp_write(&s->as.tcp, buf, len);
}

/* A peer on AF_UNIX can pass descriptors, and a read ends early at them: there
 * only would-block means that nothing more is there. */
bool stream_is_drained(const struct stream *s, ptrdiff_t n, size_t cap)
{
    if (s->transport == TRANSPORT_UNIX)
        return libsock_would_block(n);
    return libsock_would_block(n) || (n > 0 && (size_t)n < cap);
}

int stream_connect_result(struct stream *s)
{
    int error = 0;
    int r = s->transport == TRANSPORT_UNIX
                ? evio_unix_take_error(&s->as.local, &error)
                : evio_tcp_take_error(&s->as.tcp, &error);

    return r < 0 ? r : error;
}

evio_source *stream_source(struct stream *s)
{
    return s->transport == TRANSPORT_UNIX ? &s->as.local.source
                                          : &s->as.tcp.source;
}

void stream_close(struct stream *s)
{
    if (s->transport == TRANSPORT_UNIX)
        evio_unix_close(&s->as.local);
    else
        evio_tcp_close(&s->as.tcp);
}

int acceptor_listen(const struct address *address,
                    struct acceptor *out_acceptor)
{
    struct acceptor a = {.transport = address->transport};
    int r = a.transport == TRANSPORT_UNIX
                ? evio_unix_listen(&address->addr, &a.as.local)
                : evio_tcp_listen(&address->addr, &a.as.tcp);

    if (r >= 0)
        *out_acceptor = a;
    return r;
}

int acceptor_accept(struct acceptor *a, struct stream *out_stream)
{
    struct stream s = {.transport = a->transport};
    int r = a->transport == TRANSPORT_UNIX
                ? evio_unix_accept(&a->as.local, &s.as.local, NULL)
                : evio_tcp_accept(&a->as.tcp, &s.as.tcp, NULL);

    if (r < 0)
        return r;
    if (a->transport == TRANSPORT_TCP)
        stream_send_at_once(&s.as.tcp);
    *out_stream = s;
    return 0;
}

int acceptor_local_addr(const struct acceptor *a, libsock_addr *out_addr)
{
    if (a->transport == TRANSPORT_UNIX)
        return evio_unix_listener_local_addr(&a->as.local, out_addr);
    return evio_tcp_listener_local_addr(&a->as.tcp, out_addr);
}

evio_source *acceptor_source(struct acceptor *a)
{
    return a->transport == TRANSPORT_UNIX ? &a->as.local.source
                                          : &a->as.tcp.source;
}

void acceptor_close(struct acceptor *a)
{
    if (a->transport == TRANSPORT_UNIX)
        evio_unix_listener_close(&a->as.local);
    else
        evio_tcp_listener_close(&a->as.tcp);
}
