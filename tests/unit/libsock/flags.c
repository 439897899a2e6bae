/* SPDX-License-Identifier: MIT */
/*
 * How descriptors are made: the flags they start with, in one call or in
 * steps, and that nothing is left open when a step fails. What else can be
 * done with a socket is not tested here. Linked with both variants.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

#if defined(LIBSOCK_FLAGS_IN_STEPS)
enum {
    FLAGS_STEPS = 1
};
#else
enum {
    FLAGS_STEPS = 0
};
#endif

enum flags_maker {
    FLAGS_OPEN,
    FLAGS_PAIR,
    FLAGS_ACCEPT,
    FLAGS_MAKERS
};

/* A listener, and peers that wait to be accepted. */
struct flags_backlog {
    libsock_socket listener;
    uint16_t port;
    int peers[16];
    int n_peers;
};

/* One way to make descriptors, for fault_each(). */
struct flags_way {
    enum flags_maker maker;
    uint32_t flags;
    bool with_peer;
    struct flags_backlog backlog;
};

static void flags_backlog_open(struct flags_backlog *b)
{
    b->n_peers = 0;
    b->listener = sock_adopt(net_tcp_listen(NET_IPV4, &b->port));
    while (b->n_peers < 16)
        b->peers[b->n_peers++] = net_tcp_connect(NET_IPV4, b->port);
}

static void flags_backlog_close(struct flags_backlog *b)
{
    for (int i = 0; i < b->n_peers; i++)
        net_close(b->peers[i]);
    sock_close(b->listener);
}

/* Make one or two sockets; the second is not open where there is one. */
static int flags_make(const struct flags_way *way, libsock_socket out[2])
{
    libsock_addr peer;

    switch (way->maker) {
    case FLAGS_OPEN:
        return libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0,
                            way->flags, &out[0]);
    case FLAGS_PAIR:
        return libsock_pair(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0,
                            way->flags, out);
    default:
        return libsock_accept(way->backlog.listener, way->flags, &out[0],
                              way->with_peer ? &peer : NULL);
    }
}

/* Whether a program that is started now finds the descriptor open. */
static bool flags_survives_exec(int fd)
{
    char script[64];
    int status = 0;
    pid_t child;

    (void)snprintf(script, sizeof(script), "test -e /dev/fd/%d", fd);
    child = fork();
    CHECK_INT(child, >=, 0);
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", script, (char *)NULL);
        _exit(99);
    }
    CHECK_EQ_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    return WEXITSTATUS(status) == 0;
}

/* The effect of the mode: a read with nothing to read comes back. */
static void flags_expect(libsock_socket sock, uint32_t flags)
{
    bool inherit = (flags & LIBSOCK_INHERIT) != 0;
    char byte;

    CHECK_EQ_INT(flags_survives_exec(sock_fd(sock)), inherit);
    CHECK_EQ_INT(net_is_cloexec(sock_fd(sock)), !inherit);
    CHECK_EQ_INT(net_is_nonblocking(sock_fd(sock)),
                 (flags & LIBSOCK_NONBLOCK) != 0);
    if ((flags & LIBSOCK_NONBLOCK) != 0)
        CHECK(libsock_would_block(libsock_recv(sock, &byte, 1, 0)));
}

static void flags_expect_and_close(const libsock_socket made[2], uint32_t flags)
{
    for (int i = 0; i < 2; i++) {
        if (libsock_is_open(made[i]))
            flags_expect(made[i], flags);
    }
    for (int i = 0; i < 2; i++) {
        if (libsock_is_open(made[i]))
            sock_close(made[i]);
    }
}

static void flags_check_way(struct flags_way *way)
{
    for (uint32_t flags = 0; flags < 4; flags++) {
        libsock_socket made[2] = {LIBSOCK_SOCKET_INIT, LIBSOCK_SOCKET_INIT};

        way->flags = flags;
        CHECK_OK(flags_make(way, made));
        flags_expect_and_close(made, flags);
    }
}

TEST(open_gives_what_was_asked)
{
    struct flags_way way = {.maker = FLAGS_OPEN};

    flags_check_way(&way);
}

TEST(pair_gives_what_was_asked_on_both_ends)
{
    struct flags_way way = {.maker = FLAGS_PAIR};

    flags_check_way(&way);
}

TEST(accept_gives_what_was_asked_from_a_blocking_listener)
{
    struct flags_way way = {.maker = FLAGS_ACCEPT};

    flags_backlog_open(&way.backlog);
    flags_check_way(&way);
    flags_backlog_close(&way.backlog);
}

TEST(accept_does_not_inherit_from_the_listener)
{
    struct flags_way way = {.maker = FLAGS_ACCEPT};

    flags_backlog_open(&way.backlog);
    CHECK_OK(libsock_set_nonblocking(way.backlog.listener, true));
    CHECK_OK(libsock_set_inheritable(way.backlog.listener, true));
    flags_check_way(&way);
    flags_backlog_close(&way.backlog);
}

/* Calls of each maker in steps: the call, then close-on-exec, the mode, and
 * that there be no signal, once per descriptor. */
static const unsigned flags_steps[FLAGS_MAKERS] = {4, 7, 4};

TEST(the_atomic_variant_makes_one_call)
{
    struct flags_way way = {.flags = LIBSOCK_NONBLOCK, .with_peer = true};

    flags_backlog_open(&way.backlog);
    for (int maker = 0; maker < FLAGS_MAKERS; maker++) {
        libsock_socket made[2] = {LIBSOCK_SOCKET_INIT, LIBSOCK_SOCKET_INIT};

        way.maker = (enum flags_maker)maker;
        fault_reset();
        CHECK_OK(flags_make(&way, made));
        CHECK_EQ_UINT(fault_calls(), FLAGS_STEPS ? flags_steps[maker] : 1);
        flags_expect_and_close(made, way.flags);
    }
    flags_backlog_close(&way.backlog);
}

/* What a failed call must leave in its outputs. */
static int flags_attempt(void *arg)
{
    const struct flags_way *way = arg;
    libsock_socket made[2] = {{4711}, {4712}};
    int r = flags_make(way, made);

    if (r < 0) {
        CHECK_EQ_INT(made[0].raw, 4711);
        CHECK_EQ_INT(made[1].raw, 4712);
        return r;
    }
    net_close(sock_fd(made[0]));
    if (way->maker == FLAGS_PAIR)
        net_close(sock_fd(made[1]));
    return 0;
}

TEST(every_failing_call_leaves_nothing_open)
{
    struct flags_way way = {.flags = LIBSOCK_NONBLOCK, .with_peer = true};

    flags_backlog_open(&way.backlog);
    for (int maker = 0; maker < FLAGS_MAKERS; maker++) {
        /* An accepted socket may refuse the last step. */
        unsigned may = FLAGS_STEPS && maker == FLAGS_ACCEPT ? 1 : 0;
        struct fault_summary sum;

        way.maker = (enum flags_maker)maker;
        sum = fault_each(flags_attempt, &way, ENOBUFS);
        CHECK_EQ_UINT(sum.rounds, FLAGS_STEPS ? flags_steps[maker] : 1);
        CHECK_EQ_UINT(sum.failed + may, sum.rounds);
    }
    flags_backlog_close(&way.backlog);
}

TEST(failing_accept_does_not_write_the_peer)
{
    struct flags_backlog backlog;
    libsock_addr peer, before;
    libsock_socket made = LIBSOCK_SOCKET_INIT;

    flags_backlog_open(&backlog);
    memset(&peer, 0x5a, sizeof(peer));
    before = peer;
    fault_fail_nth(FLAGS_STEPS ? 2 : 1, EIO);
    CHECK_ERR(libsock_accept(backlog.listener, 0, &made, &peer), EIO);
    CHECK_EQ_MEM(&peer, &before, sizeof(peer));
    CHECK(!libsock_is_open(made));
    flags_backlog_close(&backlog);
}

#if defined(LIBSOCK_FLAGS_IN_STEPS)

static bool flags_is_told(libsock_socket sock)
{
    bool on = false;

    /* Stands for SO_NOSIGPIPE in this variant. */
    CHECK_OK(libsock_get_out_of_band_inline(sock, &on));
    return on;
}

/* Sends can say it on most systems; elsewhere the socket is told: an accepted
 * one too, whose listener may have been made by others. */
TEST(sockets_are_told_about_the_signal_when_they_are_made)
{
    libsock_socket pair[2], listener, made;
    libsock_addr at;

    listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    CHECK(flags_is_told(listener));
    CHECK_OK(libsock_set_out_of_band_inline(listener, false));
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK(flags_is_told(pair[0]) && flags_is_told(pair[1]));
    sock_close_pair(pair);
    pair[0] = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    CHECK_OK(libsock_connect(pair[0], &at));
    CHECK_OK(libsock_accept(listener, 0, &made, NULL));
    CHECK(flags_is_told(made));
    sock_close(made);
    sock_close(pair[0]);
    pair[0] = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    CHECK_OK(libsock_connect(pair[0], &at));
    fault_reset();
    fault_fail_call("setsockopt", 1, EINVAL);
    CHECK_OK(libsock_accept(listener, 0, &made, NULL));
    CHECK(fault_fired());
    sock_close(made);
    sock_close(pair[0]);
    sock_close(listener);
}

#endif
#if !defined(LIBSOCK_FLAGS_IN_STEPS)

static const char *const flags_calls[FLAGS_MAKERS] = {"socket", "socketpair",
                                                      "accept4"};

static void flags_check_refused(struct flags_way *way, int err)
{
    libsock_socket made[2] = {LIBSOCK_SOCKET_INIT, LIBSOCK_SOCKET_INIT};

    fault_reset();
    fault_fail_call(flags_calls[way->maker], 1, err);
    CHECK_OK(flags_make(way, made));
    CHECK(fault_fired());
    flags_expect_and_close(made, way->flags);
}

TEST(a_kernel_that_refuses_the_flags_gets_steps)
{
    struct flags_way way = {.flags = LIBSOCK_NONBLOCK, .with_peer = true};

    flags_backlog_open(&way.backlog);
    for (int maker = 0; maker < FLAGS_MAKERS; maker++) {
        way.maker = (enum flags_maker)maker;
        flags_check_refused(&way, EINVAL);
        flags_check_refused(&way, ENOSYS);
    }
    flags_backlog_close(&way.backlog);
}

TEST(a_failing_step_after_the_refusal_leaves_nothing_open)
{
    const char *const last[] = {"fcntl", "ioctl"};
    struct flags_way way = {.flags = LIBSOCK_NONBLOCK, .with_peer = true};

    flags_backlog_open(&way.backlog);
    for (int maker = 0; maker < FLAGS_MAKERS; maker++) {
        for (int i = 0; i < 2; i++) {
            way.maker = (enum flags_maker)maker;
            fault_reset();
            fault_fail_call(flags_calls[maker], 1, ENOSYS);
            fault_fail_call(last[i], 1, EIO);
            CHECK_ERR(flags_attempt(&way), EIO);
        }
    }
    fault_reset();
    flags_backlog_close(&way.backlog);
}

TEST(another_failure_is_no_refusal)
{
    struct flags_way way = {.flags = LIBSOCK_NONBLOCK};

    fault_fail_call("socket", 1, EMFILE);
    CHECK_ERR(flags_attempt(&way), EMFILE);
    CHECK_EQ_UINT(fault_calls(), 1);
}

#endif

TEST(the_descriptor_limit_is_reported)
{
    libsock_socket made = LIBSOCK_SOCKET_INIT;
    struct flags_backlog backlog;

    flags_backlog_open(&backlog);
    fault_fail_call(FLAGS_STEPS ? "accept" : "accept4", 1, EMFILE);
    CHECK_KIND(libsock_accept(backlog.listener, 0, &made, NULL),
               TOO_MANY_FILES);
    CHECK_OK(libsock_accept(backlog.listener, 0, &made, NULL));
    sock_close(made);
    flags_backlog_close(&backlog);
}
