/* SPDX-License-Identifier: MIT */
/*
 * Promise: double registration, a foreign poll, and things that outlive the
 * poll are errors, never accidents. Each order of freeing leaks nothing and
 * touches nothing freed, which the sanitizers judge.
 */
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"

#include <string.h>

TEST(a_source_is_registered_once)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    CHECK(!evio_source_is_registered(&source));
    CHECK_KIND(evio_deregister(l.registry, &source), NOT_FOUND);
    CHECK_KIND(evio_reregister(l.registry, &source, 1, EVIO_READABLE),
               NOT_FOUND);
    CHECK_OK(evio_register(l.registry, &source, 1, EVIO_READABLE));
    CHECK(evio_source_is_registered(&source));
    CHECK_KIND(evio_register(l.registry, &source, 2, EVIO_READABLE),
               ALREADY_EXISTS);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    loop_remove(&l, &source);
    CHECK(!evio_source_is_registered(&source));
    CHECK_KIND(evio_deregister(l.registry, &source), NOT_FOUND);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Refused, and the refusal leaves the registration that is there alone. */
TEST(a_descriptor_is_registered_once)
{
    struct loop l;
    evio_source first;
    evio_source second;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &first, pair[0], 1, EVIO_READABLE);
    CHECK_OK(evio_source_from_fd(pair[0], &second));
    CHECK_KIND(evio_register(l.registry, &second, 2, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK(!evio_source_is_registered(&second));
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    loop_remove(&l, &first);
    CHECK_OK(evio_register(l.registry, &second, 2, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &second);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_foreign_poll_is_refused_and_changes_nothing)
{
    struct loop a;
    struct loop b;
    evio_source source;
    int pair[2];

    loop_open(&a, 4);
    loop_open(&b, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&a, &source, pair[0], 1, EVIO_READABLE);
    CHECK_KIND(evio_register(b.registry, &source, 2, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK_KIND(evio_reregister(b.registry, &source, 2, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK_KIND(evio_deregister(b.registry, &source), ALREADY_EXISTS);
    CHECK(evio_source_is_registered(&source));
    net_send_all(pair[1], "x", 1);
    loop_quiet(&b);
    CHECK_EQ_UINT(loop_await(&a, 1), EVIO_READABLE);
    CHECK_OK(evio_reregister(a.registry, &source, 3, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&a, 3), EVIO_READABLE);
    loop_remove(&a, &source);
    CHECK_OK(evio_register(b.registry, &source, 4, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&b, 4), EVIO_READABLE);
    loop_remove(&b, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&a);
    loop_close(&b);
}

/* Two polls may watch one descriptor, each through a source of its own. */
TEST(a_descriptor_may_be_in_two_polls)
{
    struct loop a;
    struct loop b;
    evio_source in_a;
    evio_source in_b;
    int pair[2];

    loop_open(&a, 4);
    loop_open(&b, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&a, &in_a, pair[0], 1, EVIO_READABLE);
    loop_add(&b, &in_b, pair[0], 2, EVIO_READABLE);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&a, 1), EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&b, 2), EVIO_READABLE);
    loop_remove(&a, &in_a);
    net_drain((net_set_nonblocking(pair[0], true), pair[0]));
    CHECK_OK(evio_rearm(&in_b, EVIO_READABLE));
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&b, 2), EVIO_READABLE);
    loop_remove(&b, &in_b);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&a);
    loop_close(&b);
}

/* Tokens are the user's affair: two sources may share one. */
TEST(two_sources_may_share_a_token)
{
    struct loop l;
    evio_source sources[2];
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &sources[0], pair[0], UINT64_MAX, EVIO_WRITABLE);
    loop_add(&l, &sources[1], pair[1], UINT64_MAX, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 2);
    for (int i = 0; i < 2; i++) {
        evio_event event;

        CHECK(evio_events_next(l.events, &event));
        CHECK_EQ_UINT(event.token, UINT64_MAX);
    }
    loop_remove(&l, &sources[0]);
    loop_remove(&l, &sources[1]);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* What refuses after the poll has gone, and what still works. */
TEST(the_poll_goes_first)
{
    struct loop l;
    evio_source source;
    evio_source late;
    evio_waker *waker;
    evio_waker *none = NULL;
    evio_registry *registry;
    evio_event event;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_OK(evio_waker_new(l.registry, 2, &waker));
    registry = evio_registry_ref(l.registry);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    evio_poll_free(l.poll);

    CHECK_OK(evio_source_from_fd(pair[1], &late));
    CHECK_KIND(evio_register(registry, &late, 3, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_reregister(registry, &source, 3, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_rearm(&source, EVIO_WRITABLE), BAD_DESCRIPTOR);
    CHECK_KIND(evio_waker_new(registry, 3, &none), BAD_DESCRIPTOR);
    CHECK(none == NULL);
    CHECK_OK(evio_wake(waker)); /* nobody is left to wake */
    CHECK(evio_events_next(l.events, &event));
    CHECK_EQ_UINT(event.token, 1);
    CHECK_OK(evio_deregister(registry, &source));
    evio_registry_unref(registry);
    evio_waker_free(waker);
    evio_events_free(l.events);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* Each of the four that hold the shared half may be the last to go. */
static void lifetime_in_order(const char *order)
{
    struct loop l;
    evio_source source;
    evio_waker *waker;
    evio_registry *registry;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_OK(evio_waker_new(l.registry, 2, &waker));
    CHECK_OK(evio_wake(waker));
    registry = evio_registry_ref(l.registry);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 2);
    for (; *order != '\0'; order++) {
        if (*order == 'p')
            evio_poll_free(l.poll);
        else if (*order == 's')
            CHECK_OK(evio_deregister(source.registry, &source));
        else if (*order == 'w')
            evio_waker_free(waker);
        else if (*order == 'e')
            evio_events_free(l.events);
        else
            evio_registry_unref(registry);
    }
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(every_order_of_freeing)
{
    static const char *const orders[] = {"pswer", "pwsre", "persw", "prwes",
                                         "esrwp", "wpesr", "rswep", "repws"};

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        lifetime_in_order(orders[i]);
}

TEST(a_source_moves_to_another_poll_after_its_poll_went)
{
    struct loop a;
    struct loop b;
    evio_source source;
    int pair[2];

    loop_open(&a, 4);
    loop_open(&b, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&a, &source, pair[0], 1, EVIO_WRITABLE);
    loop_close(&a);
    CHECK_KIND(evio_register(b.registry, &source, 2, EVIO_WRITABLE),
               ALREADY_EXISTS);
    CHECK_OK(evio_deregister(source.registry, &source));
    CHECK_OK(evio_register(b.registry, &source, 2, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&b, 2), EVIO_WRITABLE);
    loop_remove(&b, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&b);
}

/* A copy made while registered is against the rules, and harmless while the
 * poll lives: its registration has ended with the original's. */
TEST(a_copy_of_a_deregistered_source_is_refused)
{
    struct loop l;
    evio_source source;
    evio_source copy;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    copy = source;
    loop_remove(&l, &source);
    CHECK_KIND(evio_deregister(l.registry, &copy), NOT_FOUND);
    CHECK_KIND(evio_reregister(l.registry, &copy, 2, EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_rearm(&copy, EVIO_READABLE), NOT_FOUND);
    /* The slot has a new owner, whom the copy must not touch. */
    CHECK_OK(evio_register(l.registry, &source, 3, EVIO_READABLE));
    CHECK_KIND(evio_deregister(l.registry, &copy), NOT_FOUND);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 3), EVIO_READABLE);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_source_may_move_while_it_is_not_registered)
{
    struct loop l;
    evio_source here;
    evio_source there;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &here, pair[0], 1, EVIO_WRITABLE);
    loop_remove(&l, &here);
    memcpy(&there, &here, sizeof(there));
    memset(&here, 0xff, sizeof(here));
    CHECK_OK(evio_register(l.registry, &there, 2, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_WRITABLE);
    loop_remove(&l, &there);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_thousand_polls_leave_nothing_open)
{
    for (int i = 0; i < 1000; i++) {
        struct loop l;

        loop_open(&l, 1);
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
        loop_close(&l);
    }
}

struct composite {
    evio_source source;
    evio_source parts[2];
    int calls[3];
    int refuse;
};

static struct composite *composite_of(evio_source *source)
{
    return (struct composite *)(void *)source;
}

static int composite_add(evio_source *source, evio_registry *registry,
                         uint64_t token, uint32_t interest)
{
    struct composite *c = composite_of(source);
    int r;

    c->calls[0]++;
    if (c->refuse != 0)
        return c->refuse;
    r = evio_register(registry, &c->parts[0], token, interest);
    return r < 0 ? r
                 : evio_register(registry, &c->parts[1], token + 1, interest);
}

static int composite_modify(evio_source *source, evio_registry *registry,
                            uint64_t token, uint32_t interest)
{
    struct composite *c = composite_of(source);

    c->calls[1]++;
    if (c->refuse != 0)
        return c->refuse;
    return evio_reregister(registry, &c->parts[0], token, interest);
}

static int composite_remove(evio_source *source, evio_registry *registry)
{
    struct composite *c = composite_of(source);

    c->calls[2]++;
    if (c->refuse != 0)
        return c->refuse;
    CHECK_OK(evio_deregister(registry, &c->parts[0]));
    return evio_deregister(registry, &c->parts[1]);
}

static const evio_source_ops composite_ops = {
    sizeof(composite_ops), composite_add, composite_modify, composite_remove};

TEST(a_composite_is_called_once_per_verb)
{
    struct loop l;
    struct composite c;
    int pair[2];

    memset(&c, 0, sizeof(c));
    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_ops(&composite_ops, &c.source));
    CHECK_OK(evio_source_from_fd(pair[0], &c.parts[0]));
    CHECK_OK(evio_source_from_fd(pair[1], &c.parts[1]));
    c.refuse = -12345;
    CHECK_EQ_INT(evio_register(l.registry, &c.source, 1, EVIO_READABLE),
                 -12345);
    CHECK_EQ_INT(evio_reregister(l.registry, &c.source, 1, EVIO_READABLE),
                 -12345);
    CHECK_EQ_INT(evio_deregister(l.registry, &c.source), -12345);
    c.refuse = 0;
    CHECK_OK(evio_register(l.registry, &c.source, 1, EVIO_READABLE));
    CHECK(!evio_source_is_registered(&c.source));
    CHECK_KIND(evio_rearm(&c.source, EVIO_READABLE), UNSUPPORTED);
    net_send_all(pair[0], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    CHECK_OK(evio_reregister(l.registry, &c.source, 5, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&l, 5), EVIO_WRITABLE);
    CHECK_OK(evio_deregister(l.registry, &c.source));
    for (int i = 0; i < 3; i++)
        CHECK_EQ_INT(c.calls[i], 2);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}
