/* SPDX-License-Identifier: MIT */
/*
 * How TCP streams end: by the peer, by shutdown, by close; and what is left of
 * a typed source afterwards. Moving bytes is in evio_tcp_stream.c.
 * Peers are raw sockets of the test itself.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/thread.h"

/* A connected stream, registered, its write readiness taken; its raw peer. */
struct end_fix {
    struct loop loop;
    evio_tcp_stream stream;
    int peer;
};

static void end_open(struct end_fix *f, uint32_t interest)
{
    int pair[2];

    loop_open(&f->loop, 16);
    net_tcp_pair(NET_IPV4, pair);
    net_set_nonblocking(pair[0], true);
    CHECK_OK(evio_tcp_from_socket(net_sock(pair[0]), &f->stream));
    f->peer = pair[1];
    net_watch(&f->loop, &f->stream.source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void end_close(struct end_fix *f)
{
    CHECK_OK(evio_tcp_close(&f->stream));
    loop_close(&f->loop);
}

TEST(peer_shutdown_is_read_closed_then_end_of_file)
{
    struct end_fix f;
    char buf[8];

    end_open(&f, EVIO_READABLE);
    net_send_all(f.peer, "abcd", 4);
    net_shutdown_write(f.peer);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 4);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 0);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 0);
    CHECK_EQ_INT(evio_tcp_write(&f.stream, "still", 5), 5);
    net_recv_all(f.peer, buf, 5);
    net_close(f.peer);
    end_close(&f);
}

TEST(peer_close_after_write_leaves_the_bytes)
{
    struct end_fix f;
    char buf[8];

    end_open(&f, EVIO_READABLE);
    net_send_all(f.peer, "abcd", 4);
    net_close(f.peer);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, 4), 4);
    CHECK_EQ_MEM(buf, "abcd", 4);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 0);
    end_close(&f);
}

TEST(peer_reset_is_reported_and_then_quiet)
{
    struct end_fix f;
    char c;

    end_open(&f, LOOP_RW);
    net_reset(f.peer);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_KIND(evio_tcp_read(&f.stream, &c, 1), CONNECTION_RESET);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, &c, 1), 0);
    net_settle(&f.loop);
    loop_quiet(&f.loop);
    end_close(&f);
}

TEST(peer_that_left_bytes_unread_resets)
{
    struct end_fix f;
    char c;

    end_open(&f, EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_write(&f.stream, "unread", 6), 6);
    CHECK(net_wait_readable(f.peer, 10000));
    net_close(f.peer);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_KIND(evio_tcp_read(&f.stream, &c, 1), CONNECTION_RESET);
    loop_quiet(&f.loop);
    end_close(&f);
}

/* The signal has its default disposition here: it would end the process. */
TEST(writing_to_a_gone_peer_is_an_error_and_no_signal)
{
    struct end_fix f;
    uint8_t buf[1024] = {0};
    ptrdiff_t n;

    end_open(&f, EVIO_WRITABLE);
    net_close(f.peer);
    while ((n = evio_tcp_write(&f.stream, buf, sizeof(buf))) != 0) {
        if (libsock_would_block(n))
            net_until(&f.loop, 7, EVIO_WRITABLE);
        else if (n < 0)
            break;
    }
    CHECK(libsock_kind(n) == LIBSOCK_KIND_CONNECTION_RESET ||
          libsock_kind(n) == LIBSOCK_KIND_BROKEN_PIPE);
    CHECK_KIND(evio_tcp_write(&f.stream, buf, sizeof(buf)), BROKEN_PIPE);
    end_close(&f);
}

TEST(shutdown_of_reading_is_read_closed)
{
    struct end_fix f;

    end_open(&f, LOOP_RW);
    CHECK_OK(evio_tcp_shutdown(&f.stream, LIBSOCK_SHUT_READ));
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_READ_CLOSED);
    net_close(f.peer);
    end_close(&f);
}

/* Linux keeps what has come, and even takes what comes later; BSDs do not. */
TEST(shutdown_of_reading_leaves_buffered_data)
{
    struct end_fix f;
    uint32_t bits;
    char buf[8];

    end_open(&f, EVIO_READABLE);
    net_send_all(f.peer, "abcd", 4);
    CHECK(net_wait_readable(net_fd(&f.stream.source), 10000));
    CHECK_OK(evio_tcp_shutdown(&f.stream, LIBSOCK_SHUT_READ));
    CHECK_EQ_UINT(net_count(&f.loop, LOOP_PATIENCE, &bits), 1);
    CHECK_EQ_UINT(bits, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 4);
    CHECK_EQ_MEM(buf, "abcd", 4);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 0);
    CHECK_EQ_INT(evio_tcp_write(&f.stream, "still", 5), 5);
    net_recv_all(f.peer, buf, 5);
    net_close(f.peer);
    end_close(&f);
}

TEST(shutdown_of_writing_breaks_the_pipe)
{
    struct end_fix f;
    char buf[8];

    end_open(&f, EVIO_READABLE);
    CHECK_OK(evio_tcp_shutdown(&f.stream, LIBSOCK_SHUT_WRITE));
    CHECK_KIND(evio_tcp_write(&f.stream, "x", 1), BROKEN_PIPE);
    net_expect_eof(f.peer);
    net_send_all(f.peer, "reply", 5);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 5);
    net_close(f.peer);
    end_close(&f);
}

TEST(shutdown_of_both_is_write_closed)
{
    struct end_fix f;

    end_open(&f, LOOP_RW);
    CHECK_OK(evio_tcp_shutdown(&f.stream, LIBSOCK_SHUT_BOTH));
    net_until(&f.loop, 7, EVIO_WRITE_CLOSED);
    CHECK_KIND(evio_tcp_write(&f.stream, "x", 1), BROKEN_PIPE);
    CHECK_KIND(evio_tcp_shutdown(&f.stream, 9), INVALID_INPUT);
    net_close(f.peer);
    end_close(&f);
}

struct end_waiter {
    struct loop loop;
    gate *started;
};

/* Waits until it is woken, over and over; tokens of streams are passed by. */
static void end_wait(void *arg)
{
    struct end_waiter *w = arg;
    bool woken = false;

    gate_open(w->started);
    while (!woken) {
        evio_event event;

        CHECK_OK(evio_poll_wait(w->loop.poll, w->loop.events, EVIO_FOREVER));
        while (evio_events_next(w->loop.events, &event))
            woken = woken || event.token == 99;
    }
}

/* poll(2) holds on to the files that it waits for: a close that did not
 * interrupt it would leave the peer's read blocked. */
TEST(close_while_another_thread_waits_ends_the_peer)
{
    struct end_waiter w;
    evio_waker *waker;

    loop_open(&w.loop, 16);
    CHECK_OK(evio_waker_new(w.loop.registry, 99, &waker));
    w.started = gate_new();
    thread *t = thread_start(end_wait, &w);
    gate_wait(w.started);
    for (int round = 0; round < 50; round++) {
        evio_tcp_stream stream;
        int pair[2];

        net_tcp_pair(NET_IPV4, pair);
        net_set_nonblocking(pair[0], true);
        CHECK_OK(evio_tcp_from_socket(net_sock(pair[0]), &stream));
        net_watch(&w.loop, &stream.source, 7, LOOP_RW);
        thread_yield();
        CHECK_OK(evio_tcp_close(&stream));
        net_expect_eof(pair[1]);
        net_close(pair[1]);
    }
    CHECK_OK(evio_wake(waker));
    thread_join(t);
    gate_free(w.started);
    evio_waker_free(waker);
    loop_close(&w.loop);
}

TEST(close_silences_what_the_batch_still_holds)
{
    struct loop loop;
    evio_tcp_stream stream[2];
    int peer[2];
    evio_event event;

    loop_open(&loop, 16);
    for (int i = 0; i < 2; i++) {
        int pair[2];

        net_tcp_pair(NET_IPV4, pair);
        CHECK_OK(evio_tcp_from_socket(net_sock(pair[0]), &stream[i]));
        peer[i] = pair[1];
        net_watch(&loop, &stream[i].source, (uint64_t)i, EVIO_WRITABLE);
    }
    CHECK_EQ_INT(evio_poll_wait(loop.poll, loop.events, LOOP_PATIENCE), 2);
    CHECK(evio_events_next(loop.events, &event));
    CHECK_OK(evio_tcp_close(&stream[1 - event.token]));
    CHECK(!evio_events_next(loop.events, &event));
    CHECK_EQ_UINT(loop_stale(&loop), 1);
    CHECK_OK(evio_tcp_close(&stream[event.token]));
    net_close(peer[0]);
    net_close(peer[1]);
    loop_close(&loop);
}

TEST(second_close_leaves_a_foreign_descriptor_alone)
{
    struct end_fix f;
    int foreign[2];

    end_open(&f, EVIO_READABLE);
    int fd = net_fd(&f.stream.source);
    CHECK_OK(evio_tcp_close(&f.stream));
    net_pipe(foreign);
    CHECK(foreign[0] == fd || foreign[1] == fd);
    CHECK_KIND(evio_tcp_close(&f.stream), BAD_DESCRIPTOR);
    CHECK(net_is_open(fd));
    net_close(foreign[0]);
    net_close(foreign[1]);
    net_close(f.peer);
    loop_close(&f.loop);
}

TEST(socket_taken_back_is_open_and_not_watched)
{
    struct end_fix f;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    char c;

    end_open(&f, EVIO_READABLE);
    int fd = net_fd(&f.stream.source);
    CHECK_KIND(evio_tcp_into_socket(&f.stream, NULL), INVALID_INPUT);
    CHECK_OK(evio_tcp_into_socket(&f.stream, &sock));
    CHECK_EQ_INT(libsock_as_raw(sock), fd);
    CHECK(!libsock_is_open(evio_tcp_as_socket(&f.stream)));
    CHECK_KIND(evio_tcp_close(&f.stream), BAD_DESCRIPTOR);
    net_send_all(f.peer, "x", 1);
    CHECK(net_wait_readable(fd, 10000));
    loop_quiet(&f.loop);
    CHECK_EQ_INT(libsock_recv(sock, &c, 1, 0), 1);
    /* And back again, under another token. */
    CHECK_OK(evio_tcp_from_socket(sock, &f.stream));
    net_watch(&f.loop, &f.stream.source, 8, EVIO_READABLE);
    net_send_all(f.peer, "y", 1);
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    net_close(f.peer);
    end_close(&f);
}

TEST(result_survives_a_rearm_that_fails)
{
    struct end_fix f;
    char buf[8];

    end_open(&f, LOOP_RW);
    loop_close(&f.loop); /* the poll goes first */
    CHECK_KIND(evio_tcp_read(&f.stream, buf, sizeof(buf)), WOULD_BLOCK);
    net_send_all(f.peer, "abc", 3);
    CHECK(net_wait_readable(net_fd(&f.stream.source), 10000));
    CHECK_EQ_INT(evio_tcp_read(&f.stream, buf, sizeof(buf)), 3);
    CHECK_OK(evio_tcp_close(&f.stream));
    net_close(f.peer);
}

static void end_refuses_all(evio_tcp_stream *s)
{
    libsock_buf one = libsock_buf_of("x", 1);
    libsock_socket sock = {7};
    libsock_addr addr;
    int error = 5;
    bool on = true;
    char c = 'c';

    CHECK_KIND(evio_tcp_read(s, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_peek(s, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_read_vectored(s, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_write(s, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_write_vectored(s, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_shutdown(s, LIBSOCK_SHUT_BOTH), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_set_nodelay(s, true), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_get_nodelay(s, &on), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_take_error(s, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_local_addr(s, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_peer_addr(s, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_into_socket(s, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_close(s), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_tcp_as_socket(s)));
    CHECK_EQ_INT(sock.raw, 7);
    CHECK_EQ_INT(error, 5);
    CHECK_EQ_INT(c, 'c');
}

TEST(zeroed_stream_is_inert)
{
    evio_tcp_stream stream;
    struct loop loop;

    memset(&stream, 0, sizeof(stream));
    end_refuses_all(&stream);
    end_refuses_all(NULL);
    loop_open(&loop, 1);
    CHECK_KIND(evio_register(loop.registry, &stream.source, 1, EVIO_READABLE),
               BAD_DESCRIPTOR);
    loop_close(&loop);
}

TEST(only_an_open_socket_is_adopted)
{
    libsock_socket closed = LIBSOCK_SOCKET_INIT;
    evio_tcp_stream stream;

    CHECK_KIND(evio_tcp_from_socket(closed, &stream), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_from_socket(net_sock(0), NULL), INVALID_INPUT);
}
