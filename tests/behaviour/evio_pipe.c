/* SPDX-License-Identifier: MIT */
/*
 * Pipe ends: bytes, what each end learns of the other's death, and that no
 * write can end the process. FIFOs and the signal are further below.
 * Other ends are raw descriptors of the test itself.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/pipes.h"

#define TOKEN_SENDER   7
#define TOKEN_RECEIVER 8

struct pipe_fix {
    struct loop loop;
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
};

/* Both ends registered, the sender's first event taken. */
static void pipe_start(struct pipe_fix *f)
{
    loop_open(&f->loop, 16);
    CHECK_EQ_INT(evio_pipe_open(&f->sender, &f->receiver), 0);
    net_watch(&f->loop, &f->sender.source, TOKEN_SENDER, EVIO_WRITABLE);
    net_watch(&f->loop, &f->receiver.source, TOKEN_RECEIVER, EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&f->loop, TOKEN_SENDER), EVIO_WRITABLE);
}

static void pipe_end(struct pipe_fix *f)
{
    CHECK_OK(evio_pipe_sender_close(&f->sender));
    CHECK_OK(evio_pipe_receiver_close(&f->receiver));
    loop_close(&f->loop);
}

TEST(bytes_go_through)
{
    struct pipe_fix f;
    char buf[16];

    pipe_start(&f);
    int in = (int)evio_pipe_sender_as_fd(&f.sender);
    int out = (int)evio_pipe_receiver_as_fd(&f.receiver);
    CHECK(net_is_nonblocking(in) && net_is_cloexec(in));
    CHECK(net_is_nonblocking(out) && net_is_cloexec(out));
    CHECK_KIND(evio_pipe_read(&f.receiver, buf, sizeof(buf)), WOULD_BLOCK);
    CHECK_EQ_INT(evio_pipe_write(&f.sender, "Hello pipe!", 11), 11);
    CHECK_EQ_UINT(loop_await(&f.loop, TOKEN_RECEIVER), EVIO_READABLE);
    CHECK_EQ_INT(evio_pipe_read(&f.receiver, buf, sizeof(buf)), 11);
    CHECK_EQ_MEM(buf, "Hello pipe!", 11);
    CHECK_EQ_INT(evio_pipe_write(&f.sender, NULL, 0), 0);
    CHECK_EQ_INT(evio_pipe_read(&f.receiver, NULL, 0), 0);
    CHECK_KIND(evio_pipe_write(&f.sender, NULL, 1), INVALID_INPUT);
    CHECK_KIND(evio_pipe_read(&f.receiver, NULL, 1), INVALID_INPUT);
    pipe_end(&f);
}

TEST(vectored_bytes_go_through_in_order)
{
    struct pipe_fix f;
    char a[3];
    char b[8] = "";
    libsock_buf out[] = {libsock_buf_of("ab", 2), libsock_buf_of("", 0),
                         libsock_buf_of("cdef", 4)};
    libsock_buf in[] = {libsock_buf_of(a, 3), libsock_buf_of(b, 7)};

    pipe_start(&f);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ_INT(evio_pipe_write_vectored(&f.sender, out, 3), 6);
        CHECK_EQ_UINT(loop_await(&f.loop, TOKEN_RECEIVER), EVIO_READABLE);
        /* Short: 6 of 10. The next round must be reported. */
        CHECK_EQ_INT(evio_pipe_read_vectored(&f.receiver, in, 2), 6);
        CHECK_EQ_MEM(a, "abc", 3);
        CHECK_EQ_STR(b, "def");
    }
    CHECK_EQ_INT(evio_pipe_write_vectored(&f.sender, NULL, 0), 0);
    CHECK_KIND(evio_pipe_write_vectored(&f.sender, NULL, 1), INVALID_INPUT);
    CHECK_KIND(evio_pipe_read_vectored(&f.receiver, NULL, 1), INVALID_INPUT);
    pipe_end(&f);
}

TEST(more_buffers_than_the_os_takes_are_a_short_count)
{
    static libsock_buf bufs[5000];
    struct pipe_fix f;
    char buf[5000];
    size_t total = 0;

    pipe_start(&f);
    for (size_t i = 0; i < 5000; i++)
        bufs[i] = libsock_buf_of("x", 1);
    while (total < 5000) {
        ptrdiff_t n =
            evio_pipe_write_vectored(&f.sender, bufs + total, 5000 - total);

        CHECK_INT(n, >, 0);
        total += (size_t)n;
    }
    CHECK_EQ_INT(evio_pipe_read(&f.receiver, buf, sizeof(buf)), 5000);
    pipe_end(&f);
}

TEST(short_count_lets_new_bytes_be_reported)
{
    struct pipe_fix f;
    char buf[64];

    pipe_start(&f);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ_INT(evio_pipe_write(&f.sender, "abc", 3), 3);
        CHECK_EQ_UINT(loop_await(&f.loop, TOKEN_RECEIVER), EVIO_READABLE);
        CHECK_EQ_INT(evio_pipe_read(&f.receiver, buf, sizeof(buf)), 3);
        loop_quiet(&f.loop);
    }
    pipe_end(&f);
}

TEST(full_pipe_becomes_writable_when_drained)
{
    struct pipe_fix f;
    uint8_t buf[4096] = {0};
    ptrdiff_t n;

    pipe_start(&f);
    for (int round = 0; round < 3; round++) {
        while ((n = evio_pipe_write(&f.sender, buf, sizeof(buf))) > 0) {
        }
        CHECK_KIND(n, WOULD_BLOCK);
        loop_await(&f.loop, TOKEN_RECEIVER);
        loop_quiet(&f.loop);
        while ((n = evio_pipe_read(&f.receiver, buf, sizeof(buf))) > 0) {
        }
        CHECK_KIND(n, WOULD_BLOCK);
        CHECK_EQ_UINT(loop_await(&f.loop, TOKEN_SENDER), EVIO_WRITABLE);
    }
    pipe_end(&f);
}

TEST(receiver_is_told_once_that_the_sender_is_gone)
{
    struct pipe_fix f;
    uint32_t bits;
    char buf[8];

    pipe_start(&f);
    CHECK_EQ_INT(evio_pipe_write(&f.sender, "rest", 4), 4);
    CHECK_OK(evio_pipe_sender_close(&f.sender));
    CHECK_EQ_UINT(net_count(&f.loop, LOOP_PATIENCE, &bits), 1);
    CHECK_UINT(bits & EVIO_READABLE, !=, 0);
    CHECK_UINT(bits & EVIO_READ_CLOSED, !=, 0);
    loop_quiet(&f.loop);
    CHECK_EQ_INT(evio_pipe_read(&f.receiver, buf, sizeof(buf)), 4);
    CHECK_EQ_INT(evio_pipe_read(&f.receiver, buf, sizeof(buf)), 0);
    net_settle(&f.loop);
    CHECK_OK(evio_pipe_receiver_close(&f.receiver));
    loop_close(&f.loop);
}

/* Linux reports an error and no hang-up; one event has what follows of it. */
static void pipe_lose_receiver(struct pipe_fix *f)
{
    uint32_t bits;

    CHECK_OK(evio_pipe_receiver_close(&f->receiver));
    CHECK_EQ_UINT(net_count(&f->loop, LOOP_PATIENCE, &bits), 1);
    CHECK_EQ_UINT(bits, EVIO_WRITABLE | EVIO_ERROR | EVIO_WRITE_CLOSED);
    loop_quiet(&f->loop);
    CHECK_KIND(evio_pipe_write(&f->sender, "x", 1), BROKEN_PIPE);
    CHECK_OK(evio_pipe_sender_close(&f->sender));
    loop_close(&f->loop);
}

TEST(lone_error_of_an_empty_pipe_is_write_closed)
{
    struct pipe_fix f;

    pipe_start(&f);
    pipe_lose_receiver(&f);
}

TEST(lone_error_of_a_full_pipe_is_write_closed)
{
    struct pipe_fix f;
    uint8_t buf[4096] = {0};

    pipe_start(&f);
    while (evio_pipe_write(&f.sender, buf, sizeof(buf)) > 0) {
    }
    pipe_lose_receiver(&f);
}

/* An error need not end writing: a socket's error queue does not. */
TEST(lone_error_of_any_descriptor_is_an_error)
{
    struct loop loop;
    evio_source source;
    int ends[2];

    loop_open(&loop, 4);
    net_pipe(ends);
    loop_add(&loop, &source, ends[1], TOKEN_SENDER, EVIO_WRITABLE);
    CHECK_EQ_UINT(loop_await(&loop, TOKEN_SENDER), EVIO_WRITABLE);
    net_close(ends[0]);
    CHECK_EQ_UINT(loop_await(&loop, TOKEN_SENDER), EVIO_WRITABLE | EVIO_ERROR);
    loop_remove(&loop, &source);
    net_close(ends[1]);
    loop_close(&loop);
}

static void pipe_break(void)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    libsock_buf two[] = {libsock_buf_of("a", 1), libsock_buf_of("b", 1)};

    CHECK_OK(evio_pipe_open(&sender, &receiver));
    CHECK_OK(evio_pipe_receiver_close(&receiver));
    CHECK_KIND(evio_pipe_write(&sender, "x", 1), BROKEN_PIPE);
    CHECK_KIND(evio_pipe_write_vectored(&sender, two, 2), BROKEN_PIPE);
    CHECK_OK(evio_pipe_sender_close(&sender));
}

/* The harness starts each test with the default disposition: death. */
TEST(broken_pipe_raises_no_signal)
{
    CHECK(pipes_signal_is_default());
    pipe_break();
    CHECK(!pipes_signal_is_pending());
}

TEST(broken_pipe_leaves_no_signal_pending_where_it_is_blocked)
{
    pipes_signal_block();
    pipe_break();
    CHECK(!pipes_signal_is_pending());
}

TEST(broken_pipe_takes_no_foreign_signal)
{
    pipes_signal_block();
    pipes_signal_raise();
    pipe_break();
    CHECK(pipes_signal_is_pending());
}

TEST(ends_of_a_child_process_are_adopted)
{
    struct loop loop;
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    char buf[16];
    int in;
    int out;

    loop_open(&loop, 4);
    int child = pipes_cat(&in, &out);
    CHECK_OK(evio_pipe_sender_from_fd(in, &sender));
    CHECK_OK(evio_pipe_receiver_from_fd(out, &receiver));
    CHECK(!net_is_nonblocking(in)); /* nothing was changed */
    CHECK_OK(evio_pipe_sender_set_nonblocking(&sender, true));
    CHECK_OK(evio_pipe_receiver_set_nonblocking(&receiver, true));
    CHECK(net_is_nonblocking(in) && net_is_nonblocking(out));
    CHECK_KIND(evio_pipe_read(&receiver, buf, sizeof(buf)), WOULD_BLOCK);
    net_watch(&loop, &sender.source, TOKEN_SENDER, EVIO_WRITABLE);
    net_watch(&loop, &receiver.source, TOKEN_RECEIVER, EVIO_READABLE);
    net_until(&loop, TOKEN_SENDER, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_pipe_write(&sender, "echo", 4), 4);
    net_until(&loop, TOKEN_RECEIVER, EVIO_READABLE);
    CHECK_EQ_INT(evio_pipe_read(&receiver, buf, sizeof(buf)), 4);
    CHECK_OK(evio_pipe_sender_close(&sender));
    net_until(&loop, TOKEN_RECEIVER, EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_pipe_read(&receiver, buf, sizeof(buf)), 0);
    CHECK_OK(evio_pipe_receiver_set_nonblocking(&receiver, false));
    CHECK(!net_is_nonblocking(out));
    CHECK_OK(evio_pipe_receiver_close(&receiver));
    pipes_join(child);
    loop_close(&loop);
}

/* Opened O_RDWR a FIFO has no end: writers come and go unseen. */
TEST(fifo_that_keeps_a_writer_survives_the_others)
{
    struct loop loop;
    evio_pipe_receiver receiver;
    char path[NET_PATH_MAX];
    char buf[8];

    net_temp_path(path);
    pipes_fifo(path);
    loop_open(&loop, 4);
    int fd = pipes_fifo_open(path, PIPES_BOTH);
    CHECK_OK(evio_pipe_receiver_from_fd(fd, &receiver));
    net_watch(&loop, &receiver.source, TOKEN_RECEIVER, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        int writer = pipes_fifo_open(path, PIPES_WRITER);

        net_close(writer);
        loop_quiet(&loop);
        writer = pipes_fifo_open(path, PIPES_WRITER);
        pipes_write(writer, "abc", 3);
        net_close(writer);
        CHECK_EQ_UINT(loop_await(&loop, TOKEN_RECEIVER), EVIO_READABLE);
        CHECK_EQ_INT(evio_pipe_read(&receiver, buf, sizeof(buf)), 3);
    }
    CHECK_OK(evio_pipe_receiver_close(&receiver));
    loop_close(&loop);
}

/* Each writer's leaving is an end of file; registering anew begins anew. */
TEST(fifo_begins_anew_after_its_end)
{
    struct loop loop;
    evio_pipe_receiver receiver;
    char path[NET_PATH_MAX];
    char buf[8];

    net_temp_path(path);
    pipes_fifo(path);
    loop_open(&loop, 4);
    int fd = pipes_fifo_open(path, PIPES_READER);
    CHECK_OK(evio_pipe_receiver_from_fd(fd, &receiver));
    net_watch(&loop, &receiver.source, TOKEN_RECEIVER, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        int writer = pipes_fifo_open(path, PIPES_WRITER);

        pipes_write(writer, "abc", 3);
        CHECK_OK(evio_reregister(loop.registry, &receiver.source,
                                 TOKEN_RECEIVER, EVIO_READABLE));
        net_until(&loop, TOKEN_RECEIVER, EVIO_READABLE);
        CHECK_EQ_INT(evio_pipe_read(&receiver, buf, sizeof(buf)), 3);
        net_close(writer);
        net_until(&loop, TOKEN_RECEIVER, EVIO_READ_CLOSED);
        CHECK_EQ_INT(evio_pipe_read(&receiver, buf, sizeof(buf)), 0);
        net_settle(&loop); /* told, and not over and over */
    }
    CHECK_OK(evio_pipe_receiver_close(&receiver));
    loop_close(&loop);
}

TEST(ends_are_given_back)
{
    struct pipe_fix f;
    libsock_raw in = LIBSOCK_RAW_INVALID;
    libsock_raw out = LIBSOCK_RAW_INVALID;

    pipe_start(&f);
    CHECK_KIND(evio_pipe_sender_into_fd(&f.sender, NULL), INVALID_INPUT);
    CHECK_OK(evio_pipe_sender_into_fd(&f.sender, &in));
    CHECK_OK(evio_pipe_receiver_into_fd(&f.receiver, &out));
    pipes_write((int)in, "x", 1);
    loop_quiet(&f.loop);
    CHECK_KIND(evio_pipe_sender_close(&f.sender), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_receiver_close(&f.receiver), BAD_DESCRIPTOR);
    net_close((int)in);
    net_close((int)out);
    loop_close(&f.loop);
}

static void pipe_refuses_all(evio_pipe_sender *s, evio_pipe_receiver *r)
{
    libsock_buf one = libsock_buf_of("x", 1);
    libsock_raw fd = 5;
    char c;

    CHECK_KIND(evio_pipe_write(s, "x", 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_write_vectored(s, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_read(r, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_read_vectored(r, &one, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_sender_set_nonblocking(s, true), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_receiver_set_nonblocking(r, true), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_sender_into_fd(s, &fd), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_receiver_into_fd(r, &fd), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_sender_close(s), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_receiver_close(r), BAD_DESCRIPTOR);
    CHECK_EQ_INT(evio_pipe_sender_as_fd(s), LIBSOCK_RAW_INVALID);
    CHECK_EQ_INT(evio_pipe_receiver_as_fd(r), LIBSOCK_RAW_INVALID);
    CHECK_EQ_INT(fd, 5);
}

TEST(zeroed_ends_are_inert)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;

    memset(&sender, 0, sizeof(sender));
    memset(&receiver, 0, sizeof(receiver));
    pipe_refuses_all(&sender, &receiver);
    pipe_refuses_all(NULL, NULL);
    CHECK_KIND(evio_pipe_open(NULL, &receiver), INVALID_INPUT);
    CHECK_KIND(evio_pipe_open(&sender, NULL), INVALID_INPUT);
    CHECK_KIND(evio_pipe_sender_from_fd(-1, &sender), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_receiver_from_fd(-1, &receiver), BAD_DESCRIPTOR);
    CHECK_KIND(evio_pipe_sender_from_fd(0, NULL), INVALID_INPUT);
    CHECK_KIND(evio_pipe_receiver_from_fd(0, NULL), INVALID_INPUT);
}
