/* SPDX-License-Identifier: MIT */
/*
 * The layout of the values that programs copy and keep, as docs/ABI.md froze
 * it, on every width of pointer. Exported names are symbols.py's. Nothing to
 * guard.
 */
#include <libevio/libevio.h>

#include <stddef.h>

#include "support/check.h"

/* A language without these types registers an object by its own address. */
#define LAYOUT_SOURCE_IS_FIRST(type)         \
 _Static_assert(offsetof(type, source) == 0, \
                #type " does not begin with its source")

LAYOUT_SOURCE_IS_FIRST(evio_tcp_stream);
LAYOUT_SOURCE_IS_FIRST(evio_tcp_listener);
LAYOUT_SOURCE_IS_FIRST(evio_udp_socket);
LAYOUT_SOURCE_IS_FIRST(evio_unix_stream);
LAYOUT_SOURCE_IS_FIRST(evio_unix_listener);
LAYOUT_SOURCE_IS_FIRST(evio_unix_datagram);
LAYOUT_SOURCE_IS_FIRST(evio_pipe_sender);
LAYOUT_SOURCE_IS_FIRST(evio_pipe_receiver);

TEST(values_have_the_sizes_that_were_promised)
{
    CHECK_EQ_UINT(sizeof(libsock_raw), sizeof(void *));
    CHECK_EQ_UINT(sizeof(libsock_socket), sizeof(void *));
    CHECK_EQ_UINT(sizeof(libsock_buf), 2 * sizeof(void *));
    CHECK_EQ_UINT(sizeof(libsock_addr), 136);
    CHECK_EQ_UINT(sizeof(libsock_ipv6), 28);
    CHECK_EQ_UINT(sizeof(libsock_packet), 20);
    CHECK_EQ_UINT(sizeof(libsock_filter), 8);
    CHECK_EQ_UINT(sizeof(libsock_opt_value), 520);
    CHECK_EQ_UINT(sizeof(libsock_opt_field), 16 + 2 * sizeof(void *));
    CHECK_EQ_UINT(sizeof(evio_event), 16);
}

TEST(values_have_their_fields_where_they_were)
{
    CHECK_EQ_UINT(offsetof(libsock_addr, len), 128);
    CHECK_EQ_UINT(offsetof(libsock_opt_value, len), 4);
    CHECK_EQ_UINT(offsetof(libsock_opt_value, as), 8);
    CHECK_EQ_UINT(offsetof(evio_event, token), 0);
    CHECK_EQ_UINT(offsetof(evio_event, readiness), 8);
}
