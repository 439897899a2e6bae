/* SPDX-License-Identifier: MIT */
/*
 * Promise: bad input is an error in release builds too, and changes nothing.
 * Every function of poll.h, source.h and waker.h is asked for nonsense.
 * Outputs are checked to be untouched.
 */
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

TEST(null_is_refused_everywhere)
{
    struct loop l;
    evio_source source;
    evio_event event;
    evio_poll_stats stats = {.size = sizeof(stats)};
    libsock_raw raw;

    loop_open(&l, 1);
    memset(&source, 0, sizeof(source));
    CHECK_KIND(evio_poll_new(NULL, NULL), INVALID_INPUT);
    CHECK_KIND(evio_events_new(1, NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_wait(NULL, l.events, 0), INVALID_INPUT);
    CHECK_KIND(evio_poll_wait(l.poll, NULL, 0), INVALID_INPUT);
    CHECK_KIND(evio_poll_wait_until(NULL, l.events, 0), INVALID_INPUT);
    CHECK_KIND(evio_poll_wait_until(l.poll, NULL, 0), INVALID_INPUT);
    CHECK_KIND(evio_poll_selector(NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_raw(NULL, &raw), INVALID_INPUT);
    CHECK_KIND(evio_poll_raw(l.poll, NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_get_stats(NULL, &stats), INVALID_INPUT);
    CHECK_KIND(evio_poll_get_stats(l.poll, NULL), INVALID_INPUT);
    CHECK_KIND(evio_register(NULL, &source, 0, EVIO_READABLE), INVALID_INPUT);
    CHECK_KIND(evio_register(l.registry, NULL, 0, EVIO_READABLE),
               INVALID_INPUT);
    CHECK_KIND(evio_reregister(NULL, &source, 0, EVIO_READABLE), INVALID_INPUT);
    CHECK_KIND(evio_reregister(l.registry, NULL, 0, EVIO_READABLE),
               INVALID_INPUT);
    CHECK_KIND(evio_deregister(NULL, &source), INVALID_INPUT);
    CHECK_KIND(evio_deregister(l.registry, NULL), INVALID_INPUT);
    CHECK_KIND(evio_source_from_fd(0, NULL), INVALID_INPUT);
    CHECK_KIND(evio_source_from_socket((libsock_socket){0}, NULL),
               INVALID_INPUT);
    CHECK_KIND(evio_source_from_ops(NULL, &source), INVALID_INPUT);
    CHECK(!evio_events_next(NULL, &event));
    CHECK(!evio_events_next(l.events, NULL));
    CHECK_EQ_UINT(evio_events_capacity(NULL), 0);
    CHECK(evio_poll_registry(NULL) == NULL);
    CHECK(evio_registry_ref(NULL) == NULL);
    CHECK(!evio_source_is_registered(NULL));
    evio_registry_unref(NULL);
    evio_events_free(NULL);
    evio_poll_free(NULL);
    evio_waker_free(NULL);
    loop_close(&l);
}

TEST(wakers_refuse_null)
{
    struct loop l;
    evio_waker *waker = (evio_waker *)&l;

    loop_open(&l, 1);
    CHECK_KIND(evio_waker_new(NULL, 0, &waker), INVALID_INPUT);
    CHECK_KIND(evio_waker_new(l.registry, 0, NULL), INVALID_INPUT);
    CHECK_EQ_PTR(waker, &l);
    CHECK_KIND(evio_wake(NULL), INVALID_INPUT);
    loop_close(&l);
}

TEST(capacities_out_of_range_are_refused)
{
    evio_events *events = (evio_events *)&events;
    evio_events *largest;

    CHECK_KIND(evio_events_new(0, &events), INVALID_INPUT);
    CHECK_KIND(evio_events_new(1048577, &events), INVALID_INPUT);
    CHECK_KIND(evio_events_new(SIZE_MAX, &events), INVALID_INPUT);
    CHECK_KIND(evio_events_new((size_t)UINT32_MAX + 1, &events), INVALID_INPUT);
    CHECK_EQ_PTR(events, &events);
    CHECK_OK(evio_events_new(1048576, &largest));
    CHECK_EQ_UINT(evio_events_capacity(largest), 1048576);
    evio_events_free(largest);
}

static const uint32_t input_bad_interests[] = {
    0,
    EVIO_LEVEL,
    EVIO_ONESHOT,
    EVIO_EXCLUSIVE,
    (uint32_t)EVIO_READABLE | EVIO_LEVEL | EVIO_ONESHOT,
    (uint32_t)EVIO_READABLE | EVIO_ONESHOT | EVIO_EXCLUSIVE,
    (uint32_t)EVIO_READABLE | EVIO_PRIORITY | EVIO_EXCLUSIVE,
    (uint32_t)EVIO_CLOSED | EVIO_EXCLUSIVE,
    (uint32_t)EVIO_READABLE | EVIO_ERROR,
    (uint32_t)EVIO_READABLE | EVIO_READ_CLOSED,
    (uint32_t)EVIO_WRITABLE | EVIO_WRITE_CLOSED,
    EVIO_READABLE | 0x800u,
    EVIO_READABLE | 0x10000u,
    EVIO_READABLE | 0x20000u,
    EVIO_READABLE | 0x80000000u,
    UINT32_MAX,
};

TEST(bad_interests_are_refused)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    for (size_t i = 0;
         i < sizeof(input_bad_interests) / sizeof(input_bad_interests[0]); i++)
        CHECK_KIND(
            evio_register(l.registry, &source, 1, input_bad_interests[i]),
            INVALID_INPUT);
    CHECK_OK(evio_register(l.registry, &source, 1, EVIO_READABLE));
    for (size_t i = 0;
         i < sizeof(input_bad_interests) / sizeof(input_bad_interests[0]); i++)
        CHECK_KIND(
            evio_reregister(l.registry, &source, 2, input_bad_interests[i]),
            INVALID_INPUT);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Each direction is enough by itself, in every mode. */
TEST(each_direction_is_an_interest)
{
    const uint32_t directions[] = {EVIO_READABLE, EVIO_PRIORITY, EVIO_WRITABLE,
                                   EVIO_CLOSED, EVIO_HANGUP};
    const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    for (size_t i = 0; i < 15; i++) {
        uint32_t interest = directions[i / 3] | modes[i % 3];

        loop_add(&l, &source, pair[0], 1, interest);
        CHECK_OK(evio_reregister(l.registry, &source, 1, interest));
        CHECK_EQ_UINT(loop_wait(&l, 1, 0), interest & EVIO_WRITABLE);
        loop_remove(&l, &source);
    }
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_source_that_refers_to_nothing_is_refused)
{
    struct loop l;
    evio_source source;

    loop_open(&l, 1);
    memset(&source, 0, sizeof(source));
    CHECK_KIND(evio_register(l.registry, &source, 1, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_reregister(l.registry, &source, 1, EVIO_READABLE),
               NOT_FOUND);
    CHECK_KIND(evio_deregister(l.registry, &source), NOT_FOUND);
    CHECK_KIND(evio_source_from_fd(-1, &source), BAD_DESCRIPTOR);
    if (INTPTR_MAX > INT_MAX)
        CHECK_KIND(
            evio_source_from_fd((libsock_raw)(INT_MAX + INT64_C(1)), &source),
            BAD_DESCRIPTOR);
    CHECK_KIND(evio_source_from_fd(INTPTR_MIN, &source), BAD_DESCRIPTOR);
    CHECK_KIND(
        evio_source_from_socket((libsock_socket)LIBSOCK_SOCKET_INIT, &source),
        BAD_DESCRIPTOR);
    loop_close(&l);
}

static void input_register_closed(struct loop *l, int fd)
{
    evio_source source;

    CHECK_OK(evio_source_from_fd(fd, &source));
    CHECK_KIND(evio_register(l->registry, &source, 1, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK(!evio_source_is_registered(&source));
    CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, 0), 0);
}

/* The largest number of all would need a map of eight gigabytes. */
TEST(a_closed_descriptor_is_refused)
{
    struct loop l;
    int pair[2];

    loop_open(&l, 1);
    net_unix_pair(NET_STREAM, pair);
    net_close(pair[0]);
    input_register_closed(&l, pair[0]);
    input_register_closed(&l, INT_MAX);
    input_register_closed(&l, INT_MAX - 1);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(changing_a_closed_descriptor_is_refused)
{
    struct loop l;
    evio_source source;
    int pair[2];
    int r;

    loop_open(&l, 1);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    net_close(pair[0]);
    CHECK_KIND(evio_reregister(l.registry, &source, 2, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK(evio_source_is_registered(&source));
    r = evio_deregister(l.registry, &source);
    CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BAD_DESCRIPTOR);
    net_close(pair[1]);
    loop_close(&l);
}

/* epoll refuses what is always ready; poll() says that it is ready. */
TEST(a_regular_file_is_refused_or_always_ready)
{
    struct loop l;
    evio_source source;
    int fd = fd_regular();
    int r;

    loop_open(&l, 1);
    CHECK_OK(evio_source_from_fd(fd, &source));
    r = evio_register(l.registry, &source, 1, LOOP_RW);
    if (loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        CHECK_KIND(r, PERMISSION_DENIED);
        CHECK(!evio_source_is_registered(&source));
    } else {
        CHECK_OK(r);
        CHECK_EQ_UINT(loop_await(&l, 1), LOOP_RW);
        loop_remove(&l, &source);
    }
    net_close(fd);
    loop_close(&l);
}

static int input_poll_sized(size_t size, size_t poison)
{
    evio_poll *poll = NULL;
    static unsigned char room[64];
    int r;

    memset(room, 0, sizeof(room));
    memcpy(room, &size, sizeof(size));
    if (poison != 0)
        room[poison] = 1;
    r = evio_poll_new((const evio_poll_options *)(const void *)room, &poll);
    CHECK((poll != NULL) == (r >= 0));
    evio_poll_free(poll);
    return r;
}

TEST(option_sizes)
{
    const size_t size = sizeof(evio_poll_options);

    CHECK_OK(input_poll_sized(size, 0));
    CHECK_OK(input_poll_sized(size + 8, 0));
    CHECK_KIND(input_poll_sized(0, 0), INVALID_INPUT);
    CHECK_KIND(input_poll_sized(size - 1, 0), INVALID_INPUT);
    CHECK_KIND(input_poll_sized(size + 8, size), INVALID_INPUT);
    CHECK_KIND(input_poll_sized(size + 8, size + 7), INVALID_INPUT);
    /* Garbage: must not be taken for a structure that fills memory. */
    CHECK_KIND(input_poll_sized(SIZE_MAX, 0), INVALID_INPUT);
    CHECK_KIND(input_poll_sized(SIZE_MAX / 2, 0), INVALID_INPUT);
}

TEST(sizes_of_other_structures)
{
    struct loop l;
    evio_source source;
    evio_source_ops ops;
    evio_poll_stats stats;
    evio_allocator allocator;

    loop_open(&l, 1);
    memset(&ops, 0, sizeof(ops));
    memset(&stats, 0, sizeof(stats));
    memset(&allocator, 0, sizeof(allocator));
    CHECK_KIND(evio_source_from_ops(&ops, &source), INVALID_INPUT);
    ops.size = sizeof(ops);
    CHECK_KIND(evio_source_from_ops(&ops, &source), INVALID_INPUT);
    CHECK_KIND(evio_poll_get_stats(l.poll, &stats), INVALID_INPUT);
    stats.size = sizeof(stats) + 8;
    CHECK_KIND(evio_poll_get_stats(l.poll, &stats), INVALID_INPUT);
    CHECK_KIND(evio_set_allocator(&allocator), INVALID_INPUT);
    allocator.size = sizeof(allocator);
    CHECK_KIND(evio_set_allocator(&allocator), INVALID_INPUT);
    loop_close(&l);
}

static int input_selector(int selector)
{
    evio_poll_options options = {sizeof(options), selector, 0};
    evio_poll *poll = NULL;
    int r = evio_poll_new(&options, &poll);

    if (r >= 0)
        CHECK_EQ_INT(evio_poll_selector(poll), selector);
    else
        CHECK(poll == NULL);
    evio_poll_free(poll);
    return r;
}

TEST(selectors_by_number)
{
    const int all[] = {EVIO_SELECTOR_EPOLL, EVIO_SELECTOR_POLL};

    CHECK_KIND(input_selector(-1), INVALID_INPUT);
    CHECK_KIND(input_selector(EVIO_SELECTOR_POLL + 1), INVALID_INPUT);
    CHECK_KIND(input_selector(INT_MAX), INVALID_INPUT);
    CHECK_KIND(input_selector(INT_MIN), INVALID_INPUT);
    CHECK(evio_selector_name(EVIO_SELECTOR_AUTO) == NULL);
    CHECK(evio_selector_name(-1) == NULL);
    for (size_t i = 0; i < 2; i++) {
        if (evio_selector_name(all[i]) != NULL)
            CHECK_OK(input_selector(all[i]));
        else
            CHECK_KIND(input_selector(all[i]), UNSUPPORTED);
    }
}

/* The environment is the runner's; each test is a process of its own. */
TEST(selectors_by_name)
{
    const char *name = getenv("EVIO_SELECTOR");
    evio_poll *poll;

    CHECK(name != NULL);
    CHECK_OK(evio_poll_new(NULL, &poll));
    CHECK_EQ_STR(evio_selector_name(evio_poll_selector(poll)), name);
    CHECK_EQ_INT(evio_selector_from_name(name), evio_poll_selector(poll));
    CHECK_ERR(evio_selector_from_name("nonsense"), ENOENT);
    CHECK_ERR(evio_selector_from_name(NULL), EINVAL);
    evio_poll_free(poll);
}

TEST(poll_raw_is_a_descriptor_or_unsupported)
{
    struct loop l;
    libsock_raw raw = 4711;
    int r;

    loop_open(&l, 1);
    r = evio_poll_raw(l.poll, &raw);
    if (loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        CHECK_OK(r);
        CHECK(net_is_open((int)raw) && net_is_cloexec((int)raw));
    } else {
        CHECK_KIND(r, UNSUPPORTED);
        CHECK_EQ_INT(raw, 4711);
    }
    loop_close(&l);
}
