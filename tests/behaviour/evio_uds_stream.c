/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX streams and listeners: connecting, bytes, descriptors that travel
 * with them, and ends. Datagrams are in evio_uds_datagram.c.
 * Both ends are in the test; paths are in its own directory.
 */
#include "support/check.h"
#include "support/evio_net.h"

#include <libsock/os.h>

/* A pair, its first end registered. */
struct uds_fix {
    struct loop loop;
    evio_unix_stream end[2];
};

static void uds_open(struct uds_fix *f, uint32_t interest)
{
    loop_open(&f->loop, 16);
    CHECK_EQ_INT(evio_unix_pair(f->end), 0);
    net_watch(&f->loop, &f->end[0].source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void uds_close(struct uds_fix *f)
{
    CHECK_OK(evio_unix_close(&f->end[0]));
    CHECK_OK(evio_unix_close(&f->end[1]));
    loop_close(&f->loop);
}

static void uds_check_path(const libsock_addr *addr, const char *path)
{
    const char *name;
    size_t len;
    int form;

    CHECK_OK(libsock_addr_get_unix(addr, &form, &name, &len));
    if (path == NULL) {
        CHECK_EQ_INT(form, LIBSOCK_UNIX_UNNAMED);
        return;
    }
    CHECK_EQ_INT(form, LIBSOCK_UNIX_PATHNAME);
    CHECK_EQ_UINT(len, strlen(path));
    CHECK_EQ_MEM(name, path, len);
}

TEST(stream_connects_to_a_path)
{
    struct loop loop;
    char path[NET_PATH_MAX];
    evio_unix_listener listener;
    evio_unix_stream client;
    evio_unix_stream server;
    libsock_addr peer;
    int error = -1;

    net_temp_path(path);
    libsock_addr addr = net_addr_path(path);
    loop_open(&loop, 4);
    CHECK_EQ_INT(evio_unix_listen(&addr, &listener), 0);
    net_watch(&loop, &listener.source, 7, LOOP_RW);
    loop_quiet(&loop);
    CHECK_EQ_INT(evio_unix_connect(&addr, &client), 0);
    net_watch(&loop, &client.source, 8, EVIO_WRITABLE);
    net_until(&loop, 8, EVIO_WRITABLE);
    CHECK_OK(evio_unix_take_error(&client, &error));
    CHECK_EQ_INT(error, 0);
    CHECK_EQ_INT(evio_unix_accept(&listener, &server, &peer), 0);
    uds_check_path(&peer, NULL);
    CHECK_OK(evio_unix_local_addr(&server, &peer));
    uds_check_path(&peer, path);
    CHECK_OK(evio_unix_peer_addr(&client, &peer));
    uds_check_path(&peer, path);
    CHECK_OK(evio_unix_listener_local_addr(&listener, &peer));
    uds_check_path(&peer, path);
    CHECK(net_is_nonblocking(net_fd(&listener.source)));
    CHECK(net_is_cloexec(net_fd(&listener.source)));
    CHECK(net_is_nonblocking(net_fd(&client.source)));
    CHECK(net_is_cloexec(net_fd(&client.source)));
    CHECK(net_is_nonblocking(net_fd(&server.source)));
    CHECK(net_is_cloexec(net_fd(&server.source)));
    CHECK_OK(evio_unix_close(&client));
    CHECK_OK(evio_unix_close(&server));
    CHECK_OK(evio_unix_listener_close(&listener));
    /* The file stays, so that the path is taken and nobody answers. */
    CHECK_KIND(evio_unix_listen(&addr, &listener), ADDR_IN_USE);
    CHECK_KIND(evio_unix_connect(&addr, &client), CONNECTION_REFUSED);
    loop_close(&loop);
}

TEST(accept_that_would_block_lets_the_next_be_reported)
{
    struct loop loop;
    char path[NET_PATH_MAX];
    evio_unix_listener listener;

    net_temp_path(path);
    libsock_addr addr = net_addr_path(path);
    loop_open(&loop, 4);
    CHECK_OK(evio_unix_listen(&addr, &listener));
    net_watch(&loop, &listener.source, 7, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        evio_unix_stream server;
        int client = net_unix_connect(path);
        int error = -1;

        CHECK_EQ_UINT(loop_await(&loop, 7), EVIO_READABLE);
        CHECK_OK(evio_unix_accept(&listener, &server, NULL));
        CHECK_KIND(evio_unix_accept(&listener, &server, NULL), WOULD_BLOCK);
        loop_quiet(&loop);
        CHECK_OK(evio_unix_listener_take_error(&listener, &error));
        CHECK_EQ_INT(error, 0);
        CHECK_OK(evio_unix_close(&server));
        net_close(client);
    }
    CHECK_OK(evio_unix_listener_close(&listener));
    loop_close(&loop);
}

TEST(pending_connection_waits_for_readable_interest)
{
    struct loop loop;
    char path[NET_PATH_MAX];
    evio_unix_listener listener;

    net_temp_path(path);
    libsock_addr addr = net_addr_path(path);
    loop_open(&loop, 4);
    CHECK_OK(evio_unix_listen(&addr, &listener));
    net_watch(&loop, &listener.source, 7, EVIO_WRITABLE);
    int client = net_unix_connect(path);
    loop_quiet(&loop);
    CHECK_OK(
        evio_reregister(loop.registry, &listener.source, 8, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&loop, 8), EVIO_READABLE);
    loop_remove(&loop, &listener.source);
    loop_quiet(&loop);
    net_close(client);
    CHECK_OK(evio_unix_listener_close(&listener));
    loop_close(&loop);
}

/* Each attempt that would block leaves nothing open: the harness counts. */
TEST(full_backlog_would_block_and_leaves_nothing_open)
{
    char path[NET_PATH_MAX];
    evio_unix_listener listener;
    evio_unix_stream accepted;
    evio_unix_stream held[3];
    evio_unix_stream more;
    int n = 0;
    int r = 0;

    net_temp_path(path);
    libsock_addr addr = net_addr_path(path);
    CHECK_OK(evio_unix_listen(&addr, &listener));
    CHECK_OK(libsock_listen(evio_unix_listener_as_socket(&listener), 1));
    while (n < 3 && (r = evio_unix_connect(&addr, &held[n])) >= 0)
        n++;
    CHECK_INT(n, <, 3);
    CHECK_KIND(r, WOULD_BLOCK);
    CHECK_KIND(evio_unix_connect(&addr, &more), WOULD_BLOCK);
    CHECK_OK(evio_unix_accept(&listener, &accepted, NULL));
    CHECK_OK(evio_unix_connect(&addr, &more));
    CHECK_OK(evio_unix_close(&more));
    CHECK_OK(evio_unix_close(&accepted));
    while (n > 0)
        CHECK_OK(evio_unix_close(&held[--n]));
    CHECK_OK(evio_unix_listener_close(&listener));
}

TEST(abstract_name_is_bound_exactly)
{
    evio_unix_listener listener;
    evio_unix_stream client;
    evio_unix_stream server;
    libsock_addr addr;
    libsock_addr got;
    char path[NET_PATH_MAX];
    char name[NET_PATH_MAX];

    /* Begins with NUL, and is as unique as the test's own directory. */
    net_temp_path(path);
    name[0] = '\0';
    memcpy(name + 1, path, strlen(path));
    CHECK_OK(libsock_addr_from_unix_abstract(name, strlen(path) + 1, &addr));
    CHECK_OK(evio_unix_listen(&addr, &listener));
    CHECK_OK(evio_unix_listener_local_addr(&listener, &got));
    CHECK(libsock_addr_equal(&got, &addr));
    CHECK_OK(evio_unix_connect(&addr, &client));
    CHECK_OK(evio_unix_accept(&listener, &server, &got));
    uds_check_path(&got, NULL);
    CHECK_OK(evio_unix_close(&client));
    CHECK_OK(evio_unix_close(&server));
    CHECK_OK(evio_unix_listener_close(&listener));
}

TEST(missing_path_and_other_families_are_refused)
{
    char path[NET_PATH_MAX];
    evio_unix_stream stream;
    evio_unix_listener listener;
    libsock_addr ip = net_addr_v4(1);

    net_temp_path(path);
    libsock_addr addr = net_addr_path(path);
    CHECK_KIND(evio_unix_connect(&addr, &stream), NOT_FOUND);
    CHECK_KIND(evio_unix_connect(&ip, &stream), INVALID_INPUT);
    CHECK_KIND(evio_unix_connect(NULL, &stream), INVALID_INPUT);
    CHECK_KIND(evio_unix_connect(&addr, NULL), INVALID_INPUT);
    CHECK_KIND(evio_unix_listen(&ip, &listener), INVALID_INPUT);
    CHECK_KIND(evio_unix_listen(&addr, NULL), INVALID_INPUT);
    CHECK_KIND(evio_unix_pair(NULL), INVALID_INPUT);
}

TEST(short_count_lets_new_data_be_reported)
{
    struct uds_fix f;
    char buf[64];

    uds_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ_INT(evio_unix_write(&f.end[1], "abc", 3), 3);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_peek(&f.end[0], buf, sizeof(buf)), 3);
        CHECK_EQ_INT(evio_unix_read(&f.end[0], buf, sizeof(buf)), 3);
        loop_quiet(&f.loop);
    }
    uds_close(&f);
}

TEST(would_block_rearms_its_direction_only)
{
    struct uds_fix f;
    char c;

    uds_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        CHECK_KIND(evio_unix_read(&f.end[0], &c, 1), WOULD_BLOCK);
        loop_quiet(&f.loop);
        CHECK_EQ_INT(evio_unix_write(&f.end[1], "x", 1), 1);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_read(&f.end[0], &c, 1), 1);
    }
    uds_close(&f);
}

TEST(full_stream_becomes_writable_when_drained)
{
    struct uds_fix f;
    uint8_t zeros[4096] = {0};
    ptrdiff_t n;

    uds_open(&f, EVIO_WRITABLE);
    for (int round = 0; round < 3; round++) {
        while ((n = evio_unix_write(&f.end[0], zeros, sizeof(zeros))) > 0) {
        }
        CHECK_KIND(n, WOULD_BLOCK);
        loop_quiet(&f.loop);
        while ((n = evio_unix_read(&f.end[1], zeros, sizeof(zeros))) > 0) {
        }
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_WRITABLE);
    }
    uds_close(&f);
}

TEST(vectored_bytes_arrive_in_order)
{
    struct uds_fix f;
    char a[4];
    char b[8] = "";
    libsock_buf out[] = {libsock_buf_of("ab", 2), libsock_buf_of("cdefg", 5)};
    libsock_buf in[] = {libsock_buf_of(a, 4), libsock_buf_of(b, 7)};

    uds_open(&f, EVIO_READABLE);
    for (int round = 0; round < 2; round++) {
        CHECK_EQ_INT(evio_unix_write_vectored(&f.end[1], out, 2), 7);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_read_vectored(&f.end[0], in, 2), 7);
        CHECK_EQ_MEM(a, "abcd", 4);
        CHECK_EQ_STR(b, "efg");
    }
    uds_close(&f);
}

/* Send the bytes with a descriptor. */
static void uds_send_fd(evio_unix_stream *stream, const char *bytes, int fd)
{
    libsock_buf one = libsock_buf_of(bytes, strlen(bytes));
    uint64_t control[CMSG_SPACE(sizeof(fd)) / sizeof(uint64_t)] = {0};
    struct cmsghdr head = {.cmsg_len = CMSG_LEN(sizeof(fd)),
                           .cmsg_level = SOL_SOCKET,
                           .cmsg_type = SCM_RIGHTS};
    libsock_msg msg;

    memcpy(control, &head, sizeof(head));
    memcpy((char *)control + CMSG_LEN(0), &fd, sizeof(fd));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &one, 1));
    CHECK_OK(libsock_msg_set_control(&msg, control, sizeof(control)));
    CHECK_EQ_INT(evio_unix_send_msg(stream, &msg, 0), strlen(bytes));
}

/* Receive up to 16 bytes, and the descriptor that came along, or -1. */
static ptrdiff_t uds_recv_fd(evio_unix_stream *stream, char *buf, int *out_fd)
{
    libsock_buf one = libsock_buf_of(buf, 16);
    uint64_t control[CMSG_SPACE(sizeof(int)) / sizeof(uint64_t)] = {0};
    libsock_msg msg;

    *out_fd = -1;
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &one, 1));
    CHECK_OK(libsock_msg_set_control(&msg, control, sizeof(control)));
    ptrdiff_t n = evio_unix_recv_msg(stream, &msg, 0);
    if (n >= 0 && libsock_msg_control_len(&msg) > 0)
        memcpy(out_fd, (char *)control + CMSG_LEN(0), sizeof(*out_fd));
    return n;
}

/* A receive ends at the bytes that a descriptor came with: the count is short
 * and there is more. So the turn goes on until would-block, on every
 * selector. */
TEST(descriptors_travel_and_the_turn_goes_on)
{
    struct uds_fix f;
    int pipe_ends[2];
    char buf[16];
    int fd;

    uds_open(&f, EVIO_READABLE);
    net_pipe(pipe_ends);
    for (int round = 0; round < 2; round++) {
        uds_send_fd(&f.end[1], "one", pipe_ends[1]);
        CHECK_EQ_INT(evio_unix_write(&f.end[1], "two", 3), 3);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(uds_recv_fd(&f.end[0], buf, &fd), 3);
        CHECK_EQ_MEM(buf, "one", 3);
        CHECK(net_is_cloexec(fd));
        net_close(fd);
        CHECK_EQ_INT(uds_recv_fd(&f.end[0], buf, &fd), 3);
        CHECK_EQ_MEM(buf, "two", 3);
        CHECK_EQ_INT(fd, -1);
        CHECK_KIND(uds_recv_fd(&f.end[0], buf, &fd), WOULD_BLOCK);
        net_settle(&f.loop);
    }
    CHECK_KIND(evio_unix_recv_msg(&f.end[0], NULL, 0), INVALID_INPUT);
    CHECK_KIND(evio_unix_send_msg(&f.end[0], NULL, 0), INVALID_INPUT);
    net_close(pipe_ends[0]);
    net_close(pipe_ends[1]);
    uds_close(&f);
}

TEST(peer_close_is_read_closed_then_end_of_file)
{
    struct uds_fix f;
    char buf[8];

    uds_open(&f, EVIO_READABLE);
    CHECK_EQ_INT(evio_unix_write(&f.end[1], "abc", 3), 3);
    CHECK_OK(evio_unix_close(&f.end[1]));
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_unix_read(&f.end[0], buf, sizeof(buf)), 3);
    CHECK_EQ_INT(evio_unix_read(&f.end[0], buf, sizeof(buf)), 0);
    /* The signal has its default disposition: it would end the process. */
    CHECK_KIND(evio_unix_write(&f.end[0], "x", 1), BROKEN_PIPE);
    CHECK_OK(evio_unix_close(&f.end[0]));
    loop_close(&f.loop);
}

#define UDS_CLOSED ((uint32_t)EVIO_READ_CLOSED | EVIO_WRITE_CLOSED)

/* Shut a side of end `i` down; which sides end 0 is then reported closed. */
static uint32_t uds_shut(struct uds_fix *f, int i, int how)
{
    uint32_t seen = 0;
    uint32_t bits;

    uds_open(f, LOOP_RW);
    CHECK_OK(evio_unix_shutdown(&f->end[i], how));
    while (net_count(&f->loop, LOOP_QUIET, &bits) > 0)
        seen |= bits;
    return seen & UDS_CLOSED;
}

TEST(shutdown_of_reading_is_read_closed)
{
    struct uds_fix f;
    char c;

    CHECK_EQ_UINT(uds_shut(&f, 0, LIBSOCK_SHUT_READ), EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_unix_read(&f.end[0], &c, 1), 0);
    CHECK_EQ_INT(evio_unix_write(&f.end[0], "x", 1), 1);
    CHECK_EQ_INT(evio_unix_read(&f.end[1], &c, 1), 1);
    uds_close(&f);
}

TEST(shutdown_of_both_is_write_closed)
{
    struct uds_fix f;

    CHECK_EQ_UINT(uds_shut(&f, 0, LIBSOCK_SHUT_BOTH), UDS_CLOSED);
    CHECK_KIND(evio_unix_write(&f.end[0], "x", 1), BROKEN_PIPE);
    uds_close(&f);
}

/* Of Linux; kqueue reports it. */
TEST(shutdown_of_writing_reports_nothing_closed)
{
    struct uds_fix f;
    char c;

    CHECK_EQ_UINT(uds_shut(&f, 0, LIBSOCK_SHUT_WRITE), 0);
    CHECK_KIND(evio_unix_write(&f.end[0], "x", 1), BROKEN_PIPE);
    CHECK_EQ_INT(evio_unix_read(&f.end[1], &c, 1), 0);
    CHECK_EQ_INT(evio_unix_write(&f.end[1], "x", 1), 1);
    net_until(&f.loop, 7, EVIO_READABLE);
    uds_close(&f);
}

TEST(peer_shutdown_of_writing_is_read_closed)
{
    struct uds_fix f;
    char c;

    CHECK_EQ_UINT(uds_shut(&f, 1, LIBSOCK_SHUT_WRITE), EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_unix_read(&f.end[0], &c, 1), 0);
    CHECK_EQ_INT(evio_unix_write(&f.end[0], "x", 1), 1);
    CHECK_KIND(evio_unix_write(&f.end[1], "x", 1), BROKEN_PIPE);
    uds_close(&f);
}

TEST(stream_and_listener_are_adopted_and_given_back)
{
    struct uds_fix f;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    evio_unix_listener listener;
    char path[NET_PATH_MAX];

    uds_open(&f, EVIO_READABLE);
    CHECK_OK(evio_unix_into_socket(&f.end[0], &sock));
    CHECK_EQ_INT(evio_unix_write(&f.end[1], "x", 1), 1);
    loop_quiet(&f.loop);
    CHECK_OK(evio_unix_from_socket(sock, &f.end[0]));
    CHECK_EQ_INT(libsock_as_raw(evio_unix_as_socket(&f.end[0])),
                 libsock_as_raw(sock));
    uds_close(&f);

    net_temp_path(path);
    int fd = net_unix_listen(path);
    CHECK_OK(evio_unix_listener_from_socket(net_sock(fd), &listener));
    CHECK_OK(evio_unix_listener_into_socket(&listener, &sock));
    CHECK_EQ_INT(libsock_as_raw(sock), fd);
    CHECK_KIND(evio_unix_listener_close(&listener), BAD_DESCRIPTOR);
    net_close(fd);
}

static void uds_refuses_all(evio_unix_stream *s, evio_unix_listener *l)
{
    libsock_buf one = libsock_buf_of("x", 1);
    libsock_socket sock;
    libsock_addr addr;
    libsock_msg msg;
    int error;
    char c;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_KIND(evio_unix_read(s, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_peek(s, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_read_vectored(s, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_write(s, "x", 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_write_vectored(s, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_send_msg(s, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_recv_msg(s, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_shutdown(s, LIBSOCK_SHUT_BOTH), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_take_error(s, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_local_addr(s, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_peer_addr(s, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_into_socket(s, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_close(s), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_unix_as_socket(s)));
    CHECK_KIND(evio_unix_accept(l, s, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_listener_take_error(l, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_listener_local_addr(l, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_listener_into_socket(l, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_listener_close(l), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_unix_listener_as_socket(l)));
}

TEST(zeroed_objects_are_inert)
{
    evio_unix_stream stream;
    evio_unix_listener listener;
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    memset(&stream, 0, sizeof(stream));
    memset(&listener, 0, sizeof(listener));
    uds_refuses_all(&stream, &listener);
    uds_refuses_all(NULL, NULL);
    CHECK_KIND(evio_unix_from_socket(none, &stream), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_listener_from_socket(none, &listener), BAD_DESCRIPTOR);
}
