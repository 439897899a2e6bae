/* SPDX-License-Identifier: MIT */
/* A byte stream, TCP or AF_UNIX, and what it is accepted from: libevio has a
 * type for each, this program wants one. All zeros is one that is not open. */
#ifndef ECHO_STREAM_H
#define ECHO_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include <libevio/source.h>
#include <libevio/tcp.h>
#include <libevio/uds.h>

#include "address.h"

struct stream {
    enum transport transport;
    union {
        evio_tcp_stream tcp;
        evio_unix_stream local;
    } as;
};

struct acceptor {
    enum transport transport;
    union {
        evio_tcp_listener tcp;
        evio_unix_listener local;
    } as;
};

int stream_connect(const struct address *peer, struct stream *out_stream);
ptrdiff_t stream_read(struct stream *s, void *buf, size_t cap);
ptrdiff_t stream_write(struct stream *s, const void *buf, size_t len);

/* Whether reading `n` bytes of `cap` means that nothing more is there. */
bool stream_is_drained(const struct stream *s, ptrdiff_t n, size_t cap);

/* How a connect ended: 0, or minus the OS code. */
int stream_connect_result(struct stream *s);

/* What to register. */
evio_source *stream_source(struct stream *s);

/* Also ends the registration. */
void stream_close(struct stream *s);

int acceptor_listen(const struct address *address,
                    struct acceptor *out_acceptor);
int acceptor_accept(struct acceptor *a, struct stream *out_stream);
int acceptor_local_addr(const struct acceptor *a, libsock_addr *out_addr);
evio_source *acceptor_source(struct acceptor *a);
void acceptor_close(struct acceptor *a);

#endif
