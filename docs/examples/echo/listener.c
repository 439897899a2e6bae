/* SPDX-License-Identifier: MIT */
/* Accepts connections for the server. When a resource is missing, above all
 * descriptors, the connections wait in the kernel, and the listener goes on
 * after a connection here has ended, or after a while; it never spins. */
#include "conn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libevio/interest.h>
#include <libsock/error.h>

enum {
    LISTENER_ROUNDS = 64 /* connections per event */
};

struct listener {
    struct watch watch; /* first: a watch is a listener */
    struct acceptor acceptor;
    char file[LIBSOCK_UNIX_PATH_MAX + 1]; /* to be removed; "" for none */
};

static enum work listener_run(struct watch *w)
{
    struct listener *l = (struct listener *)w;

    for (int round = 0; round < LISTENER_ROUNDS; round++) {
        struct stream stream;
        int r = acceptor_accept(&l->acceptor, &stream);
        if (libsock_would_block(r))
            return WORK_DRAINED;
        if (libsock_kind(r) == LIBSOCK_KIND_CONNECTION_ABORTED)
            continue;
        /* TOO_MANY_FILES, OUT_OF_MEMORY, NO_BUFFERS; an error that nobody
         * expects is met in the same way, as it might never go away. */
        if (r < 0 || conn_start(w->server, &stream) < 0)
            return WORK_STALLED;
        w->server->stats.connections++;
    }
    return WORK_MORE;
}

static void listener_end(struct watch *w)
{
    struct listener *l = (struct listener *)w;

    acceptor_close(&l->acceptor);
    if (l->file[0] != '\0')
        remove(l->file);
    free(l);
}

/* Remember the file that the OS made for an AF_UNIX address. */
static void listener_note_file(struct listener *l, const libsock_addr *addr)
{
    const char *name;
    size_t len;
    int form;

    if (libsock_addr_get_unix(addr, &form, &name, &len) >= 0 &&
        form == LIBSOCK_UNIX_PATHNAME)
        memcpy(l->file, name, len);
}

int listener_start(struct server *s, const struct address *address,
                   struct address *out_bound)
{
    struct listener *l = calloc(1, sizeof(*l));
    struct address bound = {.transport = address->transport};
    int r;

    if (l == NULL)
        return -ENOMEM;
    l->watch = (struct watch){.run = listener_run, .end = listener_end};
    if ((r = acceptor_listen(address, &l->acceptor)) < 0) {
        free(l);
        return r;
    }
    if ((r = acceptor_local_addr(&l->acceptor, &bound.addr)) < 0)
        goto undo_listen;
    listener_note_file(l, &bound.addr);
    r = server_add(s, &l->watch, acceptor_source(&l->acceptor), EVIO_READABLE);
    if (r < 0)
        goto undo_listen;
    *out_bound = bound;
    return 0;

undo_listen:
    listener_end(&l->watch);
    return r;
}
