/* SPDX-License-Identifier: MIT */
/*
 * Reads that move fewer bytes than requested and are not the end of what is
 * there, because the peer can send what stops a read: the list of poll.h. A
 * program that drains until would-block has everything, and gets an event for
 * what comes next, in every mode.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/spin.h"

#include <libsock/libsock.h>

static const uint32_t short_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

enum {
    SHORT_MODES = sizeof(short_modes) / sizeof(short_modes[0]),
    SHORT_ROUNDS = 3
};

/* The receiving end, of one of three types, and its peer. */
struct short_reader {
    struct loop l;
    evio_source *source;
    evio_unix_stream stream;
    evio_tcp_stream tcp;
    evio_pipe_receiver pipe;
    ptrdiff_t (*read)(struct short_reader *r, void *buf, size_t cap);
    int peer;
    uint32_t interest;
};

static ptrdiff_t short_read_unix(struct short_reader *r, void *buf, size_t cap)
{
    return evio_unix_read(&r->stream, buf, cap);
}

static ptrdiff_t short_read_tcp(struct short_reader *r, void *buf, size_t cap)
{
    return evio_tcp_read(&r->tcp, buf, cap);
}

static ptrdiff_t short_read_pipe(struct short_reader *r, void *buf, size_t cap)
{
    return evio_pipe_read(&r->pipe, buf, cap);
}

static void short_watch(struct short_reader *r, uint32_t mode)
{
    r->interest = EVIO_READABLE | mode;
    loop_open(&r->l, 8);
    net_watch(&r->l, r->source, 1, r->interest);
}

static void short_open_unix(struct short_reader *r, int type, uint32_t mode)
{
    libsock_socket pair[2];

    CHECK_OK(
        libsock_pair(LIBSOCK_DOMAIN_UNIX, type, 0, LIBSOCK_NONBLOCK, pair));
    CHECK_OK(evio_unix_from_socket(pair[0], &r->stream));
    r->peer = (int)libsock_as_raw(pair[1]);
    r->read = short_read_unix;
    r->source = &r->stream.source;
    short_watch(r, mode);
}

static void short_open_tcp(struct short_reader *r, uint32_t mode)
{
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    net_set_nonblocking(pair[0], true);
    CHECK_OK(evio_tcp_from_socket(net_sock(pair[0]), &r->tcp));
    r->peer = pair[1];
    r->read = short_read_tcp;
    r->source = &r->tcp.source;
    short_watch(r, mode);
}

static void short_open_pipe(struct short_reader *r, const int fd[2],
                            uint32_t mode)
{
    CHECK_OK(evio_pipe_receiver_from_fd(fd[0], &r->pipe));
    r->peer = fd[1];
    r->read = short_read_pipe;
    r->source = &r->pipe.source;
    short_watch(r, mode);
}

static void short_close(struct short_reader *r)
{
    int fd = net_fd(r->source);

    loop_remove(&r->l, r->source);
    net_close(fd);
    net_close(r->peer);
    loop_close(&r->l);
}

/* Until would-block, and armed again where the mode wants that. */
static size_t short_drain(struct short_reader *r, char *buf, size_t cap)
{
    size_t len = 0;
    ptrdiff_t n;

    while ((n = r->read(r, buf + len, cap - len)) > 0)
        len += (size_t)n;
    CHECK_KIND(n, WOULD_BLOCK);
    if ((r->interest & EVIO_ONESHOT) != 0)
        CHECK_OK(evio_reregister(r->l.registry, r->source, 1, r->interest));
    return len;
}

/* The events bring exactly these bytes, and then there is nothing. */
static void short_expect(struct short_reader *r, const char *bytes)
{
    size_t len = strlen(bytes);
    size_t got = 0;
    char buf[256];

    while (got < len) {
        CHECK((loop_await(&r->l, 1) & EVIO_READABLE) != 0);
        got += short_drain(r, buf + got, sizeof(buf) - got);
    }
    CHECK_EQ_UINT(got, len);
    CHECK_EQ_MEM(buf, bytes, len);
    spin_quiet(&r->l, 5 * CLOCK_MS);
}

TEST(descriptors_that_were_not_requested)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;

        short_open_unix(&r, LIBSOCK_TYPE_STREAM, short_modes[i]);
        for (int round = 0; round < SHORT_ROUNDS; round++) {
            libsock_raw sent = r.peer;

            net_send_all(r.peer, "a", 1);
            CHECK_EQ_INT(libsock_send_fds(net_sock(r.peer), "b", 1, &sent, 1),
                         1);
            net_send_all(r.peer, "c", 1);
            CHECK_EQ_INT(libsock_send_fds(net_sock(r.peer), "d", 1, &sent, 1),
                         1);
            net_send_all(r.peer, "ef", 2);
            short_expect(&r, "abcdef");
        }
        short_close(&r);
    }
}

static void short_write_from_child(void *arg)
{
    const struct short_reader *r = arg;

    net_send_all(r->peer, "b", 1);
}

/* The credentials of two processes are not read in one go. */
TEST(credentials_of_two_writers)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;
        int done;

        short_open_unix(&r, LIBSOCK_TYPE_STREAM, short_modes[i]);
        done = libsock_set_passcred(evio_unix_as_socket(&r.stream), true);
        if (libsock_kind(done) == LIBSOCK_KIND_UNSUPPORTED)
            SKIP("no SO_PASSCRED here");
        CHECK_OK(done);
        for (int round = 0; round < SHORT_ROUNDS; round++) {
            net_send_all(r.peer, "a", 1);
            process_run(short_write_from_child, &r);
            net_send_all(r.peer, "c", 1);
            short_expect(&r, "abc");
        }
        short_close(&r);
    }
}

/* A read stops in front of the byte, and goes on behind it. */
static void short_out_of_band(struct short_reader *r)
{
    for (int round = 0; round < SHORT_ROUNDS; round++) {
        ptrdiff_t n;

        net_send_all(r->peer, "ab", 2);
        n = libsock_send(net_sock(r->peer), "!", 1, LIBSOCK_MSG_OOB);
        if (n < 0)
            SKIP("no out-of-band data here");
        net_send_all(r->peer, "cd", 2);
        short_expect(r, "abcd");
    }
    short_close(r);
}

TEST(out_of_band_bytes_on_af_unix)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;

        short_open_unix(&r, LIBSOCK_TYPE_STREAM, short_modes[i]);
        short_out_of_band(&r);
    }
}

TEST(tcp_urgent_data)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;

        short_open_tcp(&r, short_modes[i]);
        short_out_of_band(&r);
    }
}

/* Three messages or lines, each a read of its own. */
static void short_three(struct short_reader *r)
{
    for (int round = 0; round < SHORT_ROUNDS; round++) {
        net_send_all(r->peer, "one\n", 4);
        net_send_all(r->peer, "three\n", 6);
        net_send_all(r->peer, "2\n", 2);
        short_expect(r, "one\nthree\n2\n");
    }
    short_close(r);
}

TEST(seqpacket)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;

        short_open_unix(&r, LIBSOCK_TYPE_SEQPACKET, short_modes[i]);
        short_three(&r);
    }
}

TEST(a_pipe_of_packets)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;
        int fd[2];

        if (!fd_packet_pipe(fd))
            SKIP("no pipe with O_DIRECT here");
        short_open_pipe(&r, fd, short_modes[i]);
        short_three(&r);
    }
}

TEST(a_terminal)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;
        int fd[2];

        if (!fd_terminal(fd))
            SKIP("no terminal here");
        short_open_pipe(&r, fd, short_modes[i]);
        short_three(&r);
    }
}

/* Data and the end at once: a short read behind an event with READ_CLOSED is
 * followed by one that returns the end. */
TEST(the_end_behind_a_short_read)
{
    for (int i = 0; i < SHORT_MODES; i++) {
        struct short_reader r;
        char buf[8];

        short_open_tcp(&r, short_modes[i]);
        net_send_all(r.peer, "abc", 3);
        net_shutdown_write(r.peer);
        while (!net_wait_readable(net_fd(r.source), 10000))
            continue;
        CHECK((loop_await(&r.l, 1) & EVIO_READABLE) != 0);
        CHECK_EQ_INT(r.read(&r, buf, sizeof(buf)), 3);
        if ((r.interest & EVIO_ONESHOT) != 0)
            CHECK_OK(evio_reregister(r.l.registry, r.source, 1, r.interest));
        while (r.read(&r, buf, sizeof(buf)) != 0)
            CHECK((loop_await(&r.l, 1) & EVIO_READABLE) != 0);
        short_close(&r);
    }
}
