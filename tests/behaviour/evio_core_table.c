/* SPDX-License-Identifier: MIT */
/*
 * The behaviour table: which flags an event has in which situation. This
 * program prints the column of one selector; evio_core_table.py puts columns
 * together and compares them with docs/behaviour.tsv. What the flags may never
 * say is checked here.
 */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

/* [0] is looked at; [1] and [2] are what it needs, or -1. */
struct table_fds {
    int fd[3];
};

static void table_pipe(struct table_fds *t, bool reader)
{
    int fds[2];

    net_pipe(fds);
    t->fd[0] = fds[reader ? 0 : 1];
    t->fd[1] = fds[reader ? 1 : 0];
}

static void table_drop(struct table_fds *t, int i)
{
    net_close(t->fd[i]);
    t->fd[i] = -1;
}

static void pipe_writer_fresh(struct table_fds *t)
{
    table_pipe(t, false);
}

static void pipe_reader_fresh(struct table_fds *t)
{
    table_pipe(t, true);
}

static void pipe_reader_data(struct table_fds *t)
{
    table_pipe(t, true);
    net_send_all(t->fd[1], "x", 1);
}

static void pipe_writer_closed_data_left(struct table_fds *t)
{
    pipe_reader_data(t);
    table_drop(t, 1);
}

static void pipe_writer_closed(struct table_fds *t)
{
    table_pipe(t, true);
    table_drop(t, 1);
}

static void pipe_reader_closed(struct table_fds *t)
{
    table_pipe(t, false);
    table_drop(t, 1);
}

static void pipe_full(struct table_fds *t)
{
    table_pipe(t, false);
    fd_stuff(t->fd[0]);
}

static void pipe_full_reader_closed(struct table_fds *t)
{
    pipe_full(t);
    table_drop(t, 1);
}

static void fifo_no_writer_yet(struct table_fds *t)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    t->fd[0] = fd_fifo_reader(path);
}

static void fifo_writer_left(struct table_fds *t)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    t->fd[0] = fd_fifo_reader(path);
    net_close(fd_fifo_writer(path));
}

static void tcp_never_connected(struct table_fds *t)
{
    t->fd[0] = fd_tcp_socket();
}

static void tcp_refused(struct table_fds *t)
{
    t->fd[0] = fd_tcp_socket();
    fd_tcp_connect(t->fd[0], net_tcp_refused_port(NET_IPV4));
    CHECK(net_wait_writable(t->fd[0], 5000));
}

static void tcp_connected(struct table_fds *t)
{
    net_tcp_pair(NET_IPV4, t->fd);
}

static void tcp_data(struct table_fds *t)
{
    tcp_connected(t);
    net_send_all(t->fd[1], "x", 1);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_full(struct table_fds *t)
{
    tcp_connected(t);
    /* What the peer takes in frees room again: until that has ended. */
    do
        fd_stuff(t->fd[0]);
    while (net_wait_writable(t->fd[0], 100));
}

static void tcp_peer_shut_write(struct table_fds *t)
{
    tcp_connected(t);
    net_shutdown_write(t->fd[1]);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_local_shut_read(struct table_fds *t)
{
    tcp_connected(t);
    fd_shutdown_read(t->fd[0]);
}

static void tcp_local_shut_write(struct table_fds *t)
{
    tcp_connected(t);
    net_shutdown_write(t->fd[0]);
}

static void tcp_local_shut_both(struct table_fds *t)
{
    tcp_local_shut_read(t);
    net_shutdown_write(t->fd[0]);
}

static void tcp_peer_closed(struct table_fds *t)
{
    tcp_connected(t);
    table_drop(t, 1);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_both_shut_write(struct table_fds *t)
{
    tcp_peer_shut_write(t);
    net_shutdown_write(t->fd[0]);
}

static void tcp_reset(struct table_fds *t)
{
    tcp_connected(t);
    net_reset(t->fd[1]);
    t->fd[1] = -1;
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_peer_closed_with_data_unread(struct table_fds *t)
{
    tcp_connected(t);
    net_send_all(t->fd[0], "x", 1);
    CHECK(net_wait_readable(t->fd[1], 5000));
    table_drop(t, 1);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_out_of_band(struct table_fds *t)
{
    tcp_connected(t);
    fd_send_oob(t->fd[1]);
    net_send_all(t->fd[1], "x", 1);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void tcp_listener_idle(struct table_fds *t)
{
    uint16_t port;

    t->fd[0] = net_tcp_listen(NET_IPV4, &port);
}

static void tcp_listener_pending(struct table_fds *t)
{
    uint16_t port;

    t->fd[0] = net_tcp_listen(NET_IPV4, &port);
    t->fd[1] = net_tcp_connect(NET_IPV4, port);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void unix_stream_connected(struct table_fds *t)
{
    net_unix_pair(NET_STREAM, t->fd);
}

static void unix_stream_full(struct table_fds *t)
{
    unix_stream_connected(t);
    fd_stuff(t->fd[0]);
}

static void unix_stream_peer_closed(struct table_fds *t)
{
    unix_stream_connected(t);
    table_drop(t, 1);
}

static void unix_stream_peer_closed_data_left(struct table_fds *t)
{
    unix_stream_connected(t);
    net_send_all(t->fd[1], "x", 1);
    table_drop(t, 1);
}

static void unix_stream_peer_closed_with_data_unread(struct table_fds *t)
{
    unix_stream_connected(t);
    net_send_all(t->fd[0], "x", 1);
    table_drop(t, 1);
}

static void unix_stream_peer_shut_write(struct table_fds *t)
{
    unix_stream_connected(t);
    net_shutdown_write(t->fd[1]);
}

static void unix_stream_local_shut_read(struct table_fds *t)
{
    unix_stream_connected(t);
    fd_shutdown_read(t->fd[0]);
}

static void unix_stream_local_shut_write(struct table_fds *t)
{
    unix_stream_connected(t);
    net_shutdown_write(t->fd[0]);
}

static void unix_stream_local_shut_both(struct table_fds *t)
{
    unix_stream_local_shut_read(t);
    net_shutdown_write(t->fd[0]);
}

static void unix_datagram_connected(struct table_fds *t)
{
    net_unix_pair(NET_DGRAM, t->fd);
}

static void unix_datagram_peer_closed(struct table_fds *t)
{
    unix_datagram_connected(t);
    table_drop(t, 1);
}

static void unix_datagram_local_shut_both(struct table_fds *t)
{
    unix_datagram_connected(t);
    fd_shutdown_read(t->fd[0]);
    net_shutdown_write(t->fd[0]);
}

static void udp_bound(struct table_fds *t)
{
    uint16_t port;

    t->fd[0] = net_udp_bind(NET_IPV4, &port);
}

static void udp_data(struct table_fds *t)
{
    uint16_t port;

    t->fd[0] = net_udp_bind(NET_IPV4, &port);
    t->fd[1] = net_udp_bind(NET_IPV4, &(uint16_t){0});
    net_udp_send(t->fd[1], NET_IPV4, port, "x", 1);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

/* Nobody is at the port any more, which an ICMP message says. */
static void udp_port_unreachable(struct table_fds *t)
{
    uint16_t port;

    t->fd[0] = net_udp_bind(NET_IPV4, &port);
    net_close(net_udp_bind(NET_IPV4, &port));
    fd_udp_connect(t->fd[0], port);
    CHECK_EQ_INT(fd_udp_send(t->fd[0]), 0);
    CHECK(net_wait_readable(t->fd[0], 5000));
}

static void counter_zero(struct table_fds *t)
{
    t->fd[0] = fd_counter();
}

static void counter_added(struct table_fds *t)
{
    t->fd[0] = fd_counter();
    fd_counter_add(t->fd[0]);
}

static void regular_file(struct table_fds *t)
{
    t->fd[0] = fd_regular();
}

#define TABLE_ROW(name) \
 {                      \
#  name, name           \
 }

static const struct table_row {
    const char *name;
    void (*make)(struct table_fds *t);
} table_rows[] = {
    TABLE_ROW(pipe_writer_fresh),
    TABLE_ROW(pipe_reader_fresh),
    TABLE_ROW(pipe_reader_data),
    TABLE_ROW(pipe_writer_closed_data_left),
    TABLE_ROW(pipe_writer_closed),
    TABLE_ROW(pipe_reader_closed),
    TABLE_ROW(pipe_full),
    TABLE_ROW(pipe_full_reader_closed),
    TABLE_ROW(fifo_no_writer_yet),
    TABLE_ROW(fifo_writer_left),
    TABLE_ROW(tcp_never_connected),
    TABLE_ROW(tcp_refused),
    TABLE_ROW(tcp_connected),
    TABLE_ROW(tcp_data),
    TABLE_ROW(tcp_full),
    TABLE_ROW(tcp_peer_shut_write),
    TABLE_ROW(tcp_local_shut_read),
    TABLE_ROW(tcp_local_shut_write),
    TABLE_ROW(tcp_local_shut_both),
    TABLE_ROW(tcp_both_shut_write),
    TABLE_ROW(tcp_peer_closed),
    TABLE_ROW(tcp_peer_closed_with_data_unread),
    TABLE_ROW(tcp_reset),
    TABLE_ROW(tcp_out_of_band),
    TABLE_ROW(tcp_listener_idle),
    TABLE_ROW(tcp_listener_pending),
    TABLE_ROW(unix_stream_connected),
    TABLE_ROW(unix_stream_full),
    TABLE_ROW(unix_stream_peer_closed),
    TABLE_ROW(unix_stream_peer_closed_data_left),
    TABLE_ROW(unix_stream_peer_closed_with_data_unread),
    TABLE_ROW(unix_stream_peer_shut_write),
    TABLE_ROW(unix_stream_local_shut_read),
    TABLE_ROW(unix_stream_local_shut_write),
    TABLE_ROW(unix_stream_local_shut_both),
    TABLE_ROW(unix_datagram_connected),
    TABLE_ROW(unix_datagram_peer_closed),
    TABLE_ROW(unix_datagram_local_shut_both),
    TABLE_ROW(udp_bound),
    TABLE_ROW(udp_data),
    TABLE_ROW(udp_port_unreachable),
    TABLE_ROW(counter_zero),
    TABLE_ROW(counter_added),
    TABLE_ROW(regular_file),
};

enum {
    TABLE_ROWS = sizeof(table_rows) / sizeof(table_rows[0])
};

static const struct table_interest {
    const char *name;
    uint32_t bits;
} table_interests[] = {
    {"R", EVIO_READABLE},
    {"W", EVIO_WRITABLE},
    {"RW", (uint32_t)EVIO_READABLE | EVIO_WRITABLE},
    {"P", EVIO_PRIORITY},
    {"RWP", (uint32_t)EVIO_READABLE | EVIO_WRITABLE | EVIO_PRIORITY},
};

enum {
    TABLE_INTERESTS = sizeof(table_interests) / sizeof(table_interests[0]),
    TABLE_REFUSED = 1 << 30
};

/* The flags of the event that registering brings; TABLE_REFUSED. */
static uint32_t table_look(const struct table_row *row, uint32_t interest)
{
    struct table_fds t = {{-1, -1, -1}};
    struct loop l;
    evio_source source;
    uint32_t readiness = TABLE_REFUSED;

    loop_open(&l, 4);
    row->make(&t);
    CHECK_OK(evio_source_from_fd(t.fd[0], &source));
    if (evio_register(l.registry, &source, 1, interest) >= 0) {
        readiness = loop_wait(&l, 1, 0);
        /* The same again, without a word in between: an edge. */
        CHECK_EQ_UINT(loop_wait(&l, 1, 0), 0);
        loop_remove(&l, &source);
    }
    for (int i = 0; i < 3; i++) {
        if (t.fd[i] >= 0)
            net_close(t.fd[i]);
    }
    loop_close(&l);
    return readiness;
}

static void table_print_flags(uint32_t readiness)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } flags[] = {
        {EVIO_READABLE, "readable"},       {EVIO_WRITABLE, "writable"},
        {EVIO_PRIORITY, "priority"},       {EVIO_ERROR, "error"},
        {EVIO_READ_CLOSED, "read_closed"}, {EVIO_WRITE_CLOSED, "write_closed"},
        {TABLE_REFUSED, "refused"}};
    const char *between = "";

    if (readiness == 0)
        printf("-");
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if ((readiness & flags[i].bit) != 0) {
            printf("%s%s", between, flags[i].name);
            between = "+";
        }
    }
}

TEST(print_the_table)
{
    for (int row = 0; row < TABLE_ROWS; row++) {
        for (int i = 0; i < TABLE_INTERESTS; i++) {
            uint32_t readiness =
                table_look(&table_rows[row], table_interests[i].bits);

            printf("%s\t%s\t", table_rows[row].name, table_interests[i].name);
            table_print_flags(readiness);
            printf("\n");
        }
    }
}

static uint32_t table_look_named(const char *name, uint32_t interest)
{
    for (int row = 0; row < TABLE_ROWS; row++) {
        if (strcmp(table_rows[row].name, name) == 0)
            return table_look(&table_rows[row], interest);
    }
    check_fail(__FILE__, __LINE__, "no row %s", name);
}

/* An error that waits on a datagram socket does not end it. */
TEST(a_datagram_error_closes_nothing)
{
    uint32_t r = table_look_named("udp_port_unreachable", LOOP_RW);

    CHECK_EQ_UINT(r & (EVIO_READ_CLOSED | EVIO_WRITE_CLOSED), 0);
    CHECK_UINT(r & EVIO_ERROR, !=, 0);
    CHECK_EQ_UINT(r & LOOP_RW, LOOP_RW);
}

/* Hints are never wrong: what is said to be closed is. */
TEST(what_is_open_is_not_said_to_be_closed)
{
    static const char *const open_ones[] = {
        "pipe_reader_data",      "tcp_connected",     "tcp_data",
        "tcp_out_of_band",       "tcp_listener_idle", "tcp_listener_pending",
        "unix_stream_connected", "udp_bound",         "udp_data",
        "counter_added",         "fifo_no_writer_yet"};
    const uint32_t closed =
        (uint32_t)EVIO_READ_CLOSED | EVIO_WRITE_CLOSED | EVIO_ERROR;

    for (size_t i = 0; i < sizeof(open_ones) / sizeof(open_ones[0]); i++)
        CHECK_EQ_UINT(table_look_named(open_ones[i], LOOP_RW) & closed, 0);
    CHECK_EQ_UINT(table_look_named("tcp_peer_shut_write", LOOP_RW) &
                      EVIO_WRITE_CLOSED,
                  0);
    CHECK_EQ_UINT(table_look_named("tcp_local_shut_write", LOOP_RW) &
                      EVIO_READ_CLOSED,
                  0);
}

/* Whatever ends a source is seen by a loop that knows two bits. */
TEST(readable_and_writable_alone_miss_no_end)
{
    static const char *const ended[] = {
        "pipe_writer_closed",      "fifo_writer_left", "tcp_peer_closed",
        "unix_stream_peer_closed", "tcp_reset",        "tcp_refused"};

    for (size_t i = 0; i < sizeof(ended) / sizeof(ended[0]); i++)
        CHECK_UINT(table_look_named(ended[i], EVIO_READABLE) & EVIO_READABLE,
                   !=, 0);
    CHECK_UINT(table_look_named("pipe_reader_closed", EVIO_WRITABLE) &
                   EVIO_WRITABLE,
               !=, 0);
    CHECK_UINT(table_look_named("pipe_full_reader_closed", EVIO_WRITABLE) &
                   EVIO_WRITABLE,
               !=, 0);
}
