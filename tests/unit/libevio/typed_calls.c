/* SPDX-License-Identifier: MIT */
/*
 * What the typed sources cost and leave behind: the system calls of each
 * operation, counted by name, and constructors whose n-th call fails.
 * What the operations do is tested in behaviour/.
 */
#include <errno.h>

#include "support/check.h"
#include "support/evio_net.h"
#include "support/fault.h"
#include "support/pipes.h"
#include "support/thread.h"

/* The calls of one expression: all of them, and those of one name.
 * Allocations count as calls, so that none is made either. */
#define CHECK_CALLS(expression, total, name, count) \
 do {                                               \
  fault_reset();                                    \
  CHECK_OK(expression);                             \
  CHECK_EQ_UINT(fault_calls(), total);              \
  CHECK_EQ_UINT(fault_calls_of(name), count);       \
 } while (0)

/* The seam does not count close among all. */
#define CHECK_CLOSES(expression, others)     \
 do {                                        \
  fault_reset();                             \
  CHECK_OK(expression);                      \
  CHECK_EQ_UINT(fault_calls_of("close"), 1); \
  CHECK_EQ_UINT(fault_calls(), others);      \
 } while (0)

TEST(tcp_costs_one_call_per_operation)
{
    evio_tcp_listener listener;
    evio_tcp_stream a;
    evio_tcp_stream b;
    libsock_addr addr = net_addr_v4(0);
    char buf[4];
    libsock_buf one = libsock_buf_of(buf, sizeof(buf));

    CHECK_CALLS(evio_tcp_listen(&addr, &listener), 4, "setsockopt", 1);
    CHECK_EQ_UINT(fault_calls_of("socket"), 1);
    CHECK_EQ_UINT(fault_calls_of("bind"), 1);
    CHECK_EQ_UINT(fault_calls_of("listen"), 1);
    CHECK_OK(evio_tcp_listener_local_addr(&listener, &addr));
    CHECK_CALLS(evio_tcp_connect(&addr, &a), 2, "connect", 1);
    CHECK_EQ_UINT(fault_calls_of("socket"), 1);
    CHECK(net_wait_readable(net_fd(&listener.source), 10000));
    CHECK_CALLS(evio_tcp_accept(&listener, &b, &addr), 1, "accept4", 1);
    CHECK_CALLS(evio_tcp_write(&a, "abcd", 4), 1, "send", 1);
    CHECK(net_wait_readable(net_fd(&b.source), 10000));
    CHECK_CALLS(evio_tcp_peek(&b, buf, 1), 1, "recv", 1);
    CHECK_CALLS(evio_tcp_read(&b, buf, sizeof(buf)), 1, "recv", 1);
    CHECK_CALLS(evio_tcp_write_vectored(&a, &one, 1), 1, "sendmsg", 1);
    CHECK(net_wait_readable(net_fd(&b.source), 10000));
    CHECK_CALLS(evio_tcp_read_vectored(&b, &one, 1), 1, "recvmsg", 1);
    CHECK_CALLS(evio_tcp_shutdown(&a, LIBSOCK_SHUT_WRITE), 1, "shutdown", 1);
    CHECK_CLOSES(evio_tcp_close(&a), 0);
    CHECK_CLOSES(evio_tcp_close(&b), 0);
    CHECK_CLOSES(evio_tcp_listener_close(&listener), 0);
}

TEST(close_of_a_registered_source_is_one_call_on_epoll)
{
    struct loop loop;
    evio_unix_stream pair[2];

    loop_open(&loop, 4);
    if (!loop_is(&loop, EVIO_SELECTOR_EPOLL)) {
        loop_close(&loop);
        SKIP("about epoll");
    }
    CHECK_CALLS(evio_unix_pair(pair), 1, "socketpair", 1);
    /* The slab's first record may be an allocation, which counts too. */
    net_watch(&loop, &pair[1].source, 1, EVIO_READABLE);
    loop_remove(&loop, &pair[1].source);
    CHECK_CALLS(evio_register(loop.registry, &pair[0].source, 1, EVIO_READABLE),
                1, "epoll_ctl", 1);
    CHECK_CLOSES(evio_unix_close(&pair[0]), 0);
    /* In level mode a duplicate would spin: it is removed. */
    CHECK_OK(evio_register(loop.registry, &pair[1].source, 1,
                           EVIO_READABLE | EVIO_LEVEL));
    CHECK_CLOSES(evio_unix_close(&pair[1]), 1);
    CHECK_EQ_UINT(fault_calls_of("epoll_ctl"), 1);
    loop_close(&loop);
}

/* On epoll the kernel re-arms; on poll the table is changed, and nobody waits
 * who would have to be told. */
TEST(end_of_a_turn_costs_no_call)
{
    struct loop loop;
    evio_unix_stream pair[2];
    char buf[8];

    loop_open(&loop, 4);
    CHECK_OK(evio_unix_pair(pair));
    net_watch(&loop, &pair[0].source, 7, EVIO_READABLE);
    CHECK_OK(evio_unix_write(&pair[1], "abc", 3));
    loop_await(&loop, 7);
    CHECK_CALLS(evio_unix_read(&pair[0], buf, sizeof(buf)), 1, "recv", 1);
    CHECK_OK(evio_unix_write(&pair[1], "abc", 3));
    loop_await(&loop, 7);
    CHECK_OK(evio_unix_read(&pair[0], buf, 3));
    fault_reset();
    CHECK_KIND(evio_unix_read(&pair[0], buf, 3), WOULD_BLOCK);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_OK(evio_unix_close(&pair[0]));
    CHECK_OK(evio_unix_close(&pair[1]));
    loop_close(&loop);
}

/* A short batch re-arms, as a short read does. */
TEST(batch_costs_one_call_and_its_end_none)
{
    struct loop loop;
    evio_udp_socket udp;
    evio_unix_datagram pair[2];
    libsock_addr addr = net_addr_v4(0);
    char buf[4] = "";
    libsock_buf one = libsock_buf_of(buf, sizeof(buf));
    libsock_msg msgs[3];

    loop_open(&loop, 4);
    CHECK_OK(evio_udp_bind(&addr, &udp));
    CHECK_OK(evio_udp_local_addr(&udp, &addr));
    CHECK_OK(evio_udp_connect(&udp, &addr));
    CHECK_OK(evio_unix_datagram_pair(pair));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(libsock_msg_init(&msgs[i]));
        CHECK_OK(libsock_msg_set_bufs(&msgs[i], &one, 1));
    }
    net_watch(&loop, &udp.source, 7, EVIO_READABLE);
    CHECK_CALLS(evio_udp_send_batch(&udp, msgs, 2, 0), 1, "sendmmsg", 1);
    loop_await(&loop, 7);
    CHECK_CALLS(evio_udp_recv_batch(&udp, msgs, 3, 0), 1, "recvmmsg", 1);
    fault_reset();
    CHECK_KIND(evio_udp_recv_batch(&udp, msgs, 3, 0), WOULD_BLOCK);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_CALLS(evio_unix_datagram_send_batch(&pair[0], msgs, 2, 0), 1,
                "sendmmsg", 1);
    CHECK_CALLS(evio_unix_datagram_recv_batch(&pair[1], msgs, 3, 0), 1,
                "recvmmsg", 1);
    CHECK_OK(evio_udp_close(&udp));
    CHECK_OK(evio_unix_datagram_close(&pair[0]));
    CHECK_OK(evio_unix_datagram_close(&pair[1]));
    loop_close(&loop);
}

TEST(datagrams_cost_one_call_per_operation)
{
    evio_udp_socket udp;
    evio_unix_datagram pair[2];
    libsock_addr addr = net_addr_v4(0);
    char buf[4];

    CHECK_CALLS(evio_udp_bind(&addr, &udp), 2, "bind", 1);
    CHECK_EQ_UINT(fault_calls_of("socket"), 1);
    CHECK_OK(evio_udp_local_addr(&udp, &addr));
    CHECK_CALLS(evio_udp_send_to(&udp, "x", 1, &addr), 1, "sendto", 1);
    CHECK_CALLS(evio_udp_recv_from(&udp, buf, 4, &addr), 1, "recvfrom", 1);
    CHECK_CALLS(evio_udp_connect(&udp, &addr), 1, "connect", 1);
    CHECK_CALLS(evio_udp_send(&udp, "x", 1), 1, "send", 1);
    CHECK_CALLS(evio_udp_recv(&udp, buf, 4), 1, "recv", 1);
    CHECK_CLOSES(evio_udp_close(&udp), 0);
    CHECK_CALLS(evio_unix_datagram_pair(pair), 1, "socketpair", 1);
    CHECK_OK(evio_unix_datagram_close(&pair[0]));
    CHECK_OK(evio_unix_datagram_close(&pair[1]));
    CHECK_CALLS(evio_unix_datagram_open(&pair[0]), 1, "socket", 1);
    CHECK_OK(evio_unix_datagram_close(&pair[0]));
}

TEST(pipe_costs_one_call_per_operation)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    char buf[4];
    libsock_buf two[2] = {libsock_buf_of(buf, 2), libsock_buf_of(buf + 2, 2)};

    CHECK_CALLS(evio_pipe_open(&sender, &receiver), 1, "pipe2", 1);
    fault_reset();
    CHECK_EQ_INT(evio_pipe_write(&sender, "abcd", 4), 4);
    CHECK_EQ_UINT(fault_calls_of("pipe_write_flagged"), 1);
    if (fault_calls_of("writev") != 0)
        SKIP("this kernel has no RWF_NOSIGNAL");
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_CALLS(evio_pipe_read(&receiver, buf, 4), 1, "read", 1);
    CHECK_CALLS(evio_pipe_write_vectored(&sender, two, 2), 1,
                "pipe_write_flagged", 1);
    CHECK_CALLS(evio_pipe_read_vectored(&receiver, two, 2), 1, "readv", 1);
    CHECK_CLOSES(evio_pipe_sender_close(&sender), 0);
    CHECK_CLOSES(evio_pipe_receiver_close(&receiver), 0);
}

/* An older kernel refuses the flag: once, and from then on it is not asked. */
static void typed_write_without_flag(int refusal)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    char buf[4];

    CHECK_OK(evio_pipe_open(&sender, &receiver));
    fault_reset();
    fault_fail_call("pipe_write_flagged", 1, refusal);
    CHECK_EQ_INT(evio_pipe_write(&sender, "ab", 2), 2);
    CHECK(fault_fired());
    fault_reset();
    CHECK_EQ_INT(evio_pipe_write(&sender, "cd", 2), 2);
    CHECK_EQ_UINT(fault_calls_of("pipe_write_flagged"), 0);
    CHECK_EQ_UINT(fault_calls_of("pthread_sigmask"), 1);
    CHECK_EQ_UINT(fault_calls_of("writev"), 1);
    CHECK_EQ_UINT(fault_calls_of("sigtimedwait"), 0);
    CHECK_EQ_INT(evio_pipe_read(&receiver, buf, 4), 4);
    CHECK_EQ_MEM(buf, "abcd", 4);

    CHECK_OK(evio_pipe_receiver_close(&receiver));
    CHECK_KIND(evio_pipe_write(&sender, "x", 1), BROKEN_PIPE);
    CHECK_EQ_UINT(fault_calls_of("sigtimedwait"), 1);
    CHECK(!pipes_signal_is_pending());
    pipes_signal_block();
    CHECK_KIND(evio_pipe_write(&sender, "x", 1), BROKEN_PIPE);
    CHECK(!pipes_signal_is_pending());
    pipes_signal_raise();
    CHECK_KIND(evio_pipe_write(&sender, "x", 1), BROKEN_PIPE);
    CHECK(pipes_signal_is_pending());
    CHECK_OK(evio_pipe_sender_close(&sender));
}

TEST(write_without_the_flag_raises_no_signal_either)
{
    CHECK(pipes_signal_is_default());
    typed_write_without_flag(EOPNOTSUPP);
}

/* "Invalid" may be the caller's own mistake: the flag is tried again. */
TEST(write_that_is_wrong_in_itself_says_nothing_about_the_flag)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    char c = 0;
    const libsock_buf two[2] = {libsock_buf_of(&c, SIZE_MAX),
                                libsock_buf_of(&c, 1)};

    CHECK_OK(evio_pipe_open(&sender, &receiver));
    CHECK_KIND(evio_pipe_write_vectored(&sender, two, 2), INVALID_INPUT);
    CHECK(!pipes_signal_is_pending());
    fault_reset();
    fault_fail_call("pipe_write_flagged", 1, EINVAL);
    CHECK_EQ_INT(evio_pipe_write(&sender, "a", 1), 1);
    CHECK_EQ_UINT(fault_calls_of("writev"), 1);
    fault_reset();
    fault_fail_call("pipe_write_flagged", 1, EAGAIN);
    CHECK_KIND(evio_pipe_write(&sender, "a", 1), WOULD_BLOCK);
    CHECK(fault_fired());
    CHECK_EQ_INT(evio_pipe_read(&receiver, &c, 1), 1);
    CHECK_OK(evio_pipe_sender_close(&sender));
    CHECK_OK(evio_pipe_receiver_close(&receiver));
}

TEST(write_in_a_sandbox_raises_no_signal_either)
{
    typed_write_without_flag(EPERM);
}

static void typed_read_and_close(void *arg)
{
    evio_pipe_receiver *receiver = arg;
    char c;

    /* Something is in the pipe: the writer has begun. */
    CHECK(net_wait_readable(net_fd(&receiver->source), 10000));
    CHECK_EQ_INT(evio_pipe_read(receiver, &c, 1), 1);
    CHECK_OK(evio_pipe_receiver_close(receiver));
}

/* A write that broke after its first piece counts, and raises the signal. */
TEST(write_without_the_flag_that_breaks_in_the_middle_is_short)
{
    static char buf[1 << 20];
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    thread *reader;
    ptrdiff_t n;

    CHECK(pipes_signal_is_default());
    CHECK_OK(evio_pipe_open(&sender, &receiver));
    CHECK_OK(evio_pipe_sender_set_nonblocking(&sender, false));
    fault_reset();
    fault_fail_call("pipe_write_flagged", 1, EOPNOTSUPP);
    reader = thread_start(typed_read_and_close, &receiver);
    n = evio_pipe_write(&sender, buf, sizeof(buf));
    thread_join(reader);
    CHECK_INT(n, >, 0);
    CHECK_INT(n, <, (ptrdiff_t)sizeof(buf));
    CHECK(!pipes_signal_is_pending());
    CHECK_KIND(evio_pipe_write(&sender, buf, 1), BROKEN_PIPE);
    CHECK_OK(evio_pipe_sender_close(&sender));
}

TEST(write_that_cannot_block_the_signal_does_not_write)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    char c;

    CHECK_OK(evio_pipe_open(&sender, &receiver));
    fault_reset();
    fault_fail_call("pipe_write_flagged", 1, ENOSYS);
    fault_fail_call("pthread_sigmask", 1, EINVAL);
    CHECK_ERR(evio_pipe_write(&sender, "x", 1), EINVAL);
    CHECK_KIND(evio_pipe_read(&receiver, &c, 1), WOULD_BLOCK);
    CHECK_OK(evio_pipe_sender_close(&sender));
    CHECK_OK(evio_pipe_receiver_close(&receiver));
}

/* Each body makes one sort of object; fault_each() counts descriptors. */

static int typed_listen_connect_accept(void *arg)
{
    evio_tcp_listener listener;
    evio_tcp_stream client = {0};
    evio_tcp_stream server = {0};
    libsock_addr addr = net_addr_v4(0);
    int r;

    (void)arg;
    r = evio_tcp_listen(&addr, &listener);
    if (r < 0)
        return r;
    r = evio_tcp_listener_local_addr(&listener, &addr);
    if (r >= 0)
        r = evio_tcp_connect(&addr, &client);
    if (r >= 0) {
        CHECK(net_wait_readable(net_fd(&listener.source), 10000));
        r = evio_tcp_accept(&listener, &server, NULL);
    }
    /* Closing never leaves a descriptor open, so their failures are none. */
    (void)evio_tcp_close(&server);
    (void)evio_tcp_close(&client);
    (void)evio_tcp_listener_close(&listener);
    return r;
}

static int typed_bind(void *arg)
{
    libsock_addr addr = net_addr_v4(0);
    evio_udp_socket udp;
    int r = evio_udp_bind(&addr, &udp);

    (void)arg;
    return r < 0 ? r : evio_udp_close(&udp);
}

static int typed_unix(void *arg)
{
    const libsock_addr *addr = arg;
    evio_unix_datagram datagram = {0};
    evio_unix_stream pair[2] = {{{0}}};
    evio_unix_stream stream;
    int r = evio_unix_pair(pair);

    if (r >= 0)
        r = evio_unix_datagram_open(&datagram);
    if (r >= 0)
        r = evio_unix_connect(addr, &stream);
    if (r >= 0)
        (void)evio_unix_close(&stream);
    (void)evio_unix_datagram_close(&datagram);
    (void)evio_unix_close(&pair[0]);
    (void)evio_unix_close(&pair[1]);
    return r;
}

static int typed_pipe(void *arg)
{
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    int r = evio_pipe_open(&sender, &receiver);

    (void)arg;
    if (r < 0)
        return r;
    (void)evio_pipe_sender_close(&sender);
    (void)evio_pipe_receiver_close(&receiver);
    return 0;
}

/* Every injected failure must be reported; how many there are is known. */
static void typed_fails_cleanly(int (*body)(void *arg), void *arg,
                                unsigned least)
{
    struct fault_summary sum = fault_each(body, arg, EMFILE);

    CHECK_UINT(sum.rounds, >=, least);
    CHECK_UINT(sum.failed, >=, least);
}

TEST(tcp_constructors_leave_nothing_open_when_they_fail)
{
    /* socket, setsockopt, bind, listen, getsockname, socket, connect,
     * accept4. */
    typed_fails_cleanly(typed_listen_connect_accept, NULL, 8);
}

TEST(udp_constructor_leaves_nothing_open_when_it_fails)
{
    typed_fails_cleanly(typed_bind, NULL, 2);
}

TEST(unix_constructors_leave_nothing_open_when_they_fail)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    int listener = net_unix_listen(path);
    libsock_addr addr = net_addr_path(path);
    typed_fails_cleanly(typed_unix, &addr, 4);
    net_close(listener);
}

TEST(pipe_constructor_leaves_nothing_open_when_it_fails)
{
    typed_fails_cleanly(typed_pipe, NULL, 1);
}

TEST(failed_constructors_leave_their_outputs_alone)
{
    evio_tcp_listener listener;
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    libsock_addr addr = net_addr_v4(0);

    memset(&listener, 0x5a, sizeof(listener));
    memset(&sender, 0x5a, sizeof(sender));
    memset(&receiver, 0x5a, sizeof(receiver));
    evio_tcp_listener listener_before = listener;
    evio_pipe_sender sender_before = sender;
    evio_pipe_receiver receiver_before = receiver;
    fault_reset();
    fault_fail_call("listen", 1, ENOMEM);
    CHECK_ERR(evio_tcp_listen(&addr, &listener), ENOMEM);
    fault_fail_call("pipe2", 1, EMFILE);
    CHECK_KIND(evio_pipe_open(&sender, &receiver), TOO_MANY_FILES);
    CHECK_EQ_MEM(&listener, &listener_before, sizeof(listener));
    CHECK_EQ_MEM(&sender, &sender_before, sizeof(sender));
    CHECK_EQ_MEM(&receiver, &receiver_before, sizeof(receiver));
}
