/* SPDX-License-Identifier: MIT */
/*
 * A registered descriptor is closed, and the same open file comes back under
 * the same number: put back by dup2(), or sent away and back by SCM_RIGHTS.
 * Registering it is registering a new descriptor, whatever the kernel still has
 * of the old one; only a live registration makes it kind ALREADY_EXISTS.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

#include <libsock/libsock.h>

static const uint32_t again_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

enum {
    AGAIN_MODES = sizeof(again_modes) / sizeof(again_modes[0])
};

/* How a descriptor comes back. */
enum again_way {
    AGAIN_DUP,
    AGAIN_SENT
};

struct again {
    struct loop l;
    evio_source source; /* the second life of the descriptor */
    int kept;           /* AGAIN_DUP: a duplicate */
    int mail[2];        /* AGAIN_SENT: where it is meanwhile */
};

static void again_open(struct again *t)
{
    loop_open(&t->l, 8);
    t->kept = -1;
    net_unix_pair(NET_STREAM, t->mail);
}

static void again_save(struct again *t, enum again_way way, int fd)
{
    const libsock_raw sent = fd;

    if (way == AGAIN_DUP)
        t->kept = fd_dup(fd);
    else
        CHECK_EQ_INT(libsock_send_fds(net_sock(t->mail[0]), "x", 1, &sent, 1),
                     1);
}

/* The lowest free number is that of the descriptor that was closed. */
static int again_receive(struct again *t)
{
    libsock_raw raw = -1;
    libsock_fds fds = {.fds = &raw, .cap = 1};
    char byte;

    CHECK_EQ_INT(libsock_recv_fds(net_sock(t->mail[1]), &byte, 1, 0, &fds), 1);
    CHECK_EQ_UINT(fds.n, 1);
    return (int)raw;
}

static void again_restore(struct again *t, enum again_way way, int number)
{
    int fd = way == AGAIN_DUP ? t->kept : again_receive(t);

    CHECK(!net_is_open(number) || fd == number);
    if (fd == number)
        return;
    fd_dup_onto(fd, number);
    net_close(fd);
}

static void again_works(struct again *t, int fd, int peer, uint32_t interest)
{
    char byte;

    net_send_all(peer, "x", 1);
    CHECK_EQ_UINT(loop_await(&t->l, 2), EVIO_READABLE);
    net_recv_all(fd, &byte, 1);
    if ((interest & EVIO_ONESHOT) == 0) {
        CHECK_OK(evio_rearm(&t->source, EVIO_READABLE));
        net_send_all(peer, "x", 1);
        CHECK_EQ_UINT(loop_await(&t->l, 2), EVIO_READABLE);
        net_recv_all(fd, &byte, 1);
    }
    loop_quiet(&t->l);
    CHECK_OK(evio_reregister(t->l.registry, &t->source, 2, EVIO_READABLE));
    net_send_all(peer, "x", 1);
    CHECK_EQ_UINT(loop_await(&t->l, 2), EVIO_READABLE);
    loop_remove(&t->l, &t->source);
    net_send_all(peer, "x", 1);
    loop_quiet(&t->l);
}

static void again_close(struct again *t)
{
    channel_close(t->mail);
    loop_close(&t->l);
}

/* Closed through the library, as typed sources are. */
static void again_typed(enum again_way way, uint32_t first, uint32_t second)
{
    struct again t;
    evio_unix_stream pair[2];
    int fd;

    again_open(&t);
    CHECK_OK(evio_unix_pair(pair));
    fd = net_fd(&pair[0].source);
    net_watch(&t.l, &pair[0].source, 1, first);
    again_save(&t, way, fd);
    CHECK_OK(evio_unix_close(&pair[0]));
    again_restore(&t, way, fd);
    loop_add(&t.l, &t.source, fd, 2, second);
    again_works(&t, fd, net_fd(&pair[1].source), second);
    net_close(fd);
    CHECK_OK(evio_unix_close(&pair[1]));
    again_close(&t);
}

static void again_each_typed(enum again_way way)
{
    for (int i = 0; i < AGAIN_MODES; i++) {
        for (int j = 0; j < AGAIN_MODES; j++)
            again_typed(way, EVIO_READABLE | again_modes[i],
                        EVIO_READABLE | again_modes[j]);
    }
}

TEST(typed_close_and_dup2_back)
{
    again_each_typed(AGAIN_DUP);
}

TEST(typed_close_and_sent_back)
{
    again_each_typed(AGAIN_SENT);
}

/* Closed elsewhere, the old registration ended late: against the rules, and
 * all the same no reason to refuse a descriptor for ever. */
static void again_foreign(enum channel kind, enum again_way way, uint32_t mode)
{
    struct again t;
    evio_source old;
    int fd[2];

    again_open(&t);
    channel_open(kind, fd);
    loop_add(&t.l, &old, fd[0], 1, EVIO_READABLE | mode);
    again_save(&t, way, fd[0]);
    net_close(fd[0]);
    (void)evio_deregister(t.l.registry, &old);
    CHECK(!evio_source_is_registered(&old));
    again_restore(&t, way, fd[0]);
    loop_add(&t.l, &t.source, fd[0], 2, EVIO_READABLE | mode);
    again_works(&t, fd[0], fd[1], mode);
    channel_close(fd);
    again_close(&t);
}

static void again_forgotten(enum channel kind, enum again_way way,
                            uint32_t mode)
{
    struct again t;
    evio_source old;
    int fd[2];

    again_open(&t);
    channel_open(kind, fd);
    loop_add(&t.l, &old, fd[0], 1, EVIO_READABLE | mode);
    again_save(&t, way, fd[0]);
    net_close(fd[0]);
    CHECK_OK(evio_source_forget(&old));
    again_restore(&t, way, fd[0]);
    loop_add(&t.l, &t.source, fd[0], 2, EVIO_READABLE | mode);
    again_works(&t, fd[0], fd[1], mode);
    channel_close(fd);
    again_close(&t);
}

typedef void again_body(enum channel kind, enum again_way way, uint32_t mode);

static void again_each(again_body *body)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        for (int i = 0; i < AGAIN_MODES; i++) {
            body(kind, AGAIN_DUP, again_modes[i]);
            body(kind, AGAIN_SENT, again_modes[i]);
        }
    }
}

TEST(closed_elsewhere_deregistered_and_put_back)
{
    again_each(again_foreign);
}

TEST(closed_elsewhere_forgotten_and_put_back)
{
    again_each(again_forgotten);
}

/* The kernel cannot change an exclusive entry, only remove it: what is left of
 * one must not be in the way, and neither may its exclusiveness be inherited.
 */
static void again_exclusive(uint32_t first, uint32_t second)
{
    struct again t;
    evio_source old;
    int fd[2];
    int r;

    again_open(&t);
    channel_open(CHANNEL_UNIX, fd);
    CHECK_OK(evio_source_from_fd(fd[0], &old));
    r = evio_register(t.l.registry, &old, 1, first);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this selector has no EVIO_EXCLUSIVE");
    CHECK_OK(r);
    again_save(&t, AGAIN_DUP, fd[0]);
    net_close(fd[0]);
    (void)evio_deregister(t.l.registry, &old);
    again_restore(&t, AGAIN_DUP, fd[0]);
    loop_add(&t.l, &t.source, fd[0], 2, second);
    net_send_all(fd[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 2), EVIO_READABLE);
    r = evio_reregister(t.l.registry, &t.source, 2, EVIO_READABLE);
    if ((second & EVIO_EXCLUSIVE) != 0)
        CHECK_KIND(r, INVALID_INPUT);
    else
        CHECK_OK(r);
    loop_remove(&t.l, &t.source);
    net_send_all(fd[1], "x", 1);
    loop_quiet(&t.l);
    channel_close(fd);
    again_close(&t);
}

TEST(what_is_left_of_an_exclusive_registration)
{
    static const uint32_t plain = EVIO_READABLE;
    static const uint32_t exclusive = (uint32_t)EVIO_READABLE | EVIO_EXCLUSIVE;

    again_exclusive(exclusive, plain);
    again_exclusive(exclusive, exclusive);
    again_exclusive(plain, exclusive);
    again_exclusive(exclusive | EVIO_LEVEL, plain);
    again_exclusive(exclusive, plain | EVIO_LEVEL);
}

/* A descriptor that is registered is refused, before and after. */
TEST(a_live_registration_is_still_in_the_way)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct again t;
        evio_source second;
        int fd[2];

        again_open(&t);
        channel_open(kind, fd);
        loop_add(&t.l, &t.source, fd[0], 2, EVIO_READABLE);
        CHECK_OK(evio_source_from_fd(fd[0], &second));
        for (int i = 0; i < AGAIN_MODES; i++)
            CHECK_KIND(evio_register(t.l.registry, &second, 3,
                                     EVIO_READABLE | again_modes[i]),
                       ALREADY_EXISTS);
        CHECK(!evio_source_is_registered(&second));
        again_works(&t, fd[0], fd[1], EVIO_EDGE);
        CHECK_OK(evio_register(t.l.registry, &second, 3, EVIO_READABLE));
        CHECK_EQ_UINT(loop_await(&t.l, 3), EVIO_READABLE);
        loop_remove(&t.l, &second);
        channel_close(fd);
        again_close(&t);
    }
}
