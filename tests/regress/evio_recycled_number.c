/* SPDX-License-Identifier: MIT */
/*
 * A source whose descriptor was closed elsewhere, and whose number belongs to
 * another file by now: reregister and deregister of the old source are kind
 * NOT_FOUND and leave the new owner alone, registered or not. How a program
 * does without that guess, evio_source_forget(), is tested here too.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

#include <libsock/libsock.h>

static const uint32_t recycled_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

enum {
    RECYCLED_MODES = sizeof(recycled_modes) / sizeof(recycled_modes[0])
};

/* The old source has token 1, the number's new owner token 2. */
struct recycled {
    struct loop l;
    evio_source old;
    evio_source owner;
    uint32_t interest;
    int fd[2];    /* [0] is closed */
    int next[2];  /* [0] has its number */
    int keeps_on; /* a duplicate of the old file, or -1 */
};

static void recycled_open(struct recycled *t, enum channel kind, uint32_t mode)
{
    t->interest = EVIO_READABLE | mode;
    t->keeps_on = -1;
    loop_open(&t->l, 8);
    channel_open(kind, t->fd);
    loop_add(&t->l, &t->old, t->fd[0], 1, t->interest);
}

static void recycled_close_elsewhere(struct recycled *t)
{
    net_close(t->fd[0]);
    channel_open_at(CHANNEL_UNIX, t->fd[0], t->next);
    CHECK_OK(evio_source_from_fd(t->next[0], &t->owner));
}

static void recycled_register_owner(struct recycled *t)
{
    CHECK_OK(evio_register(t->l.registry, &t->owner, 2, t->interest));
}

static void recycled_close(struct recycled *t)
{
    loop_remove(&t->l, &t->owner);
    channel_close(t->next);
    net_close(t->fd[1]);
    if (t->keeps_on >= 0)
        net_close(t->keeps_on);
    loop_close(&t->l);
}

/* The new owner has what it registered: readable, under its own token. */
static void recycled_owner_works(struct recycled *t)
{
    char byte;

    CHECK(evio_source_is_registered(&t->owner));
    for (int i = 0; i < 3; i++) {
        net_send_all(t->next[1], "x", 1);
        CHECK_EQ_UINT(loop_await(&t->l, 2), EVIO_READABLE);
        net_recv_all(t->next[0], &byte, 1);
        if ((t->interest & EVIO_ONESHOT) != 0)
            CHECK_OK(evio_reregister(t->l.registry, &t->owner, 2, t->interest));
        else
            CHECK_OK(evio_rearm(&t->owner, EVIO_READABLE));
    }
    loop_quiet(&t->l);
}

typedef void recycled_body(enum channel kind, uint32_t mode);

static void recycled_each(recycled_body *body)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        for (int i = 0; i < RECYCLED_MODES; i++)
            body(kind, recycled_modes[i]);
    }
}

static void recycled_registered(enum channel kind, uint32_t mode)
{
    struct recycled t;

    recycled_open(&t, kind, mode);
    recycled_close_elsewhere(&t);
    recycled_register_owner(&t);
    CHECK_KIND(evio_reregister(t.l.registry, &t.old, 3, EVIO_WRITABLE),
               NOT_FOUND);
    recycled_owner_works(&t);
    CHECK_KIND(evio_deregister(t.l.registry, &t.old), NOT_FOUND);
    recycled_owner_works(&t);
    recycled_close(&t);
}

TEST(old_calls_are_not_found_and_the_new_owner_goes_on)
{
    recycled_each(recycled_registered);
}

/* With a duplicate the old file is still open, and what happens to it is still
 * known to some kernels. Level mode is not for that: source.h. */
static void recycled_with_duplicate(enum channel kind, uint32_t mode)
{
    struct recycled t;

    if (mode == EVIO_LEVEL)
        return;
    recycled_open(&t, kind, mode);
    t.keeps_on = fd_dup(t.fd[0]);
    recycled_close_elsewhere(&t);
    recycled_register_owner(&t);
    CHECK_KIND(evio_reregister(t.l.registry, &t.old, 3, EVIO_READABLE),
               NOT_FOUND);
    CHECK_KIND(evio_deregister(t.l.registry, &t.old), NOT_FOUND);
    (void)evio_source_forget(&t.old);
    net_send_all(t.fd[1], "x", 1);
    recycled_owner_works(&t);
    recycled_close(&t);
}

TEST(with_a_duplicate_of_the_old_file)
{
    recycled_each(recycled_with_duplicate);
}

/* Registered by nobody yet, and then: nothing is left of the old source. */
static void recycled_unregistered(enum channel kind, uint32_t mode)
{
    struct recycled t;

    recycled_open(&t, kind, mode);
    recycled_close_elsewhere(&t);
    (void)evio_deregister(t.l.registry, &t.old);
    CHECK(!evio_source_is_registered(&t.old));
    CHECK_KIND(evio_deregister(t.l.registry, &t.old), NOT_FOUND);
    net_send_all(t.next[1], "x", 1);
    loop_quiet(&t.l);
    net_drain(t.next[0]);
    recycled_register_owner(&t);
    recycled_owner_works(&t);
    recycled_close(&t);
}

TEST(deregister_leaves_an_unregistered_owner_alone)
{
    recycled_each(recycled_unregistered);
}

static void recycled_forgotten(enum channel kind, uint32_t mode)
{
    struct recycled t;

    recycled_open(&t, kind, mode);
    recycled_close_elsewhere(&t);
    recycled_register_owner(&t);
    /* The new owner may have ended it already. */
    (void)evio_source_forget(&t.old);
    CHECK(!evio_source_is_registered(&t.old));
    CHECK_KIND(evio_source_forget(&t.old), NOT_FOUND);
    CHECK_KIND(evio_reregister(t.l.registry, &t.old, 3, EVIO_READABLE),
               NOT_FOUND);
    recycled_owner_works(&t);
    recycled_close(&t);
}

TEST(forget_leaves_a_registered_owner_alone)
{
    recycled_each(recycled_forgotten);
}

/* A typed close owns its descriptor, so it is not asked of a number that was
 * closed elsewhere; giving the descriptor up is, and must end nobody else's. */
TEST(a_typed_source_that_is_given_up_late)
{
    struct loop l;
    evio_unix_stream pair[2];
    evio_source owner;
    libsock_socket sock;
    int next[2];
    int number;

    loop_open(&l, 8);
    CHECK_OK(evio_unix_pair(pair));
    CHECK_OK(evio_register(l.registry, &pair[0].source, 1, EVIO_READABLE));
    number = (int)libsock_as_raw(evio_unix_as_socket(&pair[0]));
    net_close(number);
    channel_open_at(CHANNEL_UNIX, number, next);
    loop_add(&l, &owner, next[0], 2, EVIO_READABLE);
    CHECK_OK(evio_unix_into_socket(&pair[0], &sock));
    net_send_all(next[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &owner);
    CHECK_OK(evio_unix_close(&pair[1]));
    channel_close(next);
    loop_close(&l);
}
