/* SPDX-License-Identifier: MIT */
/*
 * What the tests of libevio's typed sources share: several sources in one
 * loop, and the addresses of test peers.
 * Header only, as loop.h is; used by one thread.
 */
#ifndef TESTS_SUPPORT_EVIO_NET_H
#define TESTS_SUPPORT_EVIO_NET_H

#include <string.h>

#include <libevio/libevio.h>
#include <libsock/libsock.h>

#include "loop.h"
#include "net.h"

static inline void net_watch(struct loop *l, evio_source *source,
                             uint64_t token, uint32_t interest)
{
    CHECK_OK(evio_register(l->registry, source, token, interest));
}

/* Wait until `token` has been told all of `bits`; other tokens may speak. */
static inline void net_until(struct loop *l, uint64_t token, uint32_t bits)
{
    uint64_t deadline = evio_now_ns() + LOOP_PATIENCE * clock_slow_factor();
    uint32_t seen = 0;

    while ((seen & bits) != bits) {
        evio_event event;

        CHECK_INT(evio_poll_wait_until(l->poll, l->events, deadline), >, 0);
        while (evio_events_next(l->events, &event)) {
            if (event.token == token)
                seen |= event.readiness;
        }
    }
}

/* How many events one wait delivers within `ns`; their bits are ored. */
static inline unsigned net_count(struct loop *l, uint64_t ns,
                                 uint32_t *out_bits)
{
    evio_event event;
    uint32_t bits = 0;
    unsigned n = 0;

    CHECK_OK(evio_poll_wait(l->poll, l->events, ns));
    while (evio_events_next(l->events, &event)) {
        bits |= event.readiness;
        n++;
    }
    *out_bits = bits;
    return n;
}

/* Take events until none comes any more. */
static inline void net_settle(struct loop *l)
{
    unsigned rounds = 0;
    uint32_t bits;

    while (net_count(l, LOOP_QUIET, &bits) > 0)
        CHECK_UINT(++rounds, <, 100);
}

static inline libsock_addr net_addr(int domain, uint16_t port)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_loopback(domain, port, &addr));
    return addr;
}

static inline libsock_addr net_addr_v4(uint16_t port)
{
    return net_addr(LIBSOCK_DOMAIN_IPV4, port);
}

static inline libsock_addr net_addr_path(const char *path)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_unix_path(path, strlen(path), &addr));
    return addr;
}

static inline int net_fd(const evio_source *source)
{
    return (int)source->raw;
}

static inline libsock_socket net_sock(int fd)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_from_raw(fd, &sock));
    return sock;
}

#endif
