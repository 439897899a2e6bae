/* SPDX-License-Identifier: MIT */
/*
 * Many threads that post the same records and their own, against one that
 * takes: nothing is lost, and a record is in one place at a time. To be run
 * with ThreadSanitizer, too.
 * The counters are atomics; the events are the waiting thread's.
 */
#include "fake_selector.h"

enum {
    POSTERS = 4,
    POSTED_SHARED = POSTERS,     /* the token of what all post */
    POSTED_SOURCE = POSTERS + 1, /* and of a registered source's record */
    POSTED_TOKENS = POSTERS + 2,
    POSTED_ROUNDS = 5000
};

static struct loop posted_loop;
static evio_waker *posted_wakers[POSTERS + 1];
static evio_source posted_source;
static evio__record *posted_record;
/* How often each was posted: counted before, so that whoever takes the event
 * sees at least that. */
static atomic_uint posted_count[POSTED_TOKENS];
static unsigned posted_seen[POSTED_TOKENS];

static void posted_open(size_t capacity)
{
    fake_open(&posted_loop, capacity);
    memset(posted_seen, 0, sizeof(posted_seen));
    for (unsigned i = 0; i < POSTED_TOKENS; i++)
        atomic_store(&posted_count[i], 0);
    for (unsigned i = 0; i <= POSTERS; i++)
        CHECK_OK(evio_waker_new(posted_loop.registry, i, &posted_wakers[i]));
    posted_record = fake_register(&posted_loop, &posted_source, 10,
                                  POSTED_SOURCE, EVIO_READABLE);
}

static void posted_close(void)
{
    for (unsigned i = 0; i <= POSTERS; i++)
        evio_waker_free(posted_wakers[i]);
    loop_remove(&posted_loop, &posted_source);
    fake_close(&posted_loop);
}

static void posted_run(void *arg)
{
    unsigned self = *(const unsigned *)arg;

    for (int i = 0; i < POSTED_ROUNDS; i++) {
        atomic_fetch_add(&posted_count[self], 1);
        CHECK_OK(evio_wake(posted_wakers[self]));
        atomic_fetch_add(&posted_count[POSTED_SHARED], 1);
        CHECK_OK(evio_wake(posted_wakers[POSTED_SHARED]));
        atomic_fetch_add(&posted_count[POSTED_SOURCE], 1);
        CHECK_OK(
            evio__post(posted_loop.registry, posted_record, EVIO_READABLE));
        if (i % 64 == 0)
            thread_yield();
    }
}

/* The last event of each token came after its last post. */
static bool posted_all_seen(void)
{
    for (unsigned i = 0; i < POSTED_TOKENS; i++) {
        unsigned rounds = i < POSTERS ? POSTED_ROUNDS : POSTERS * POSTED_ROUNDS;

        if (posted_seen[i] != rounds)
            return false;
    }
    return true;
}

/* One wait's events, some of which are left for the next. */
static unsigned posted_take(unsigned leave)
{
    bool here[POSTED_TOKENS] = {false};
    unsigned n = 0;
    evio_event event;
    int r = evio_poll_wait(posted_loop.poll, posted_loop.events, EVIO_FOREVER);

    CHECK_INT(r, >=, 1);
    while (n + leave < (unsigned)r &&
           evio_events_next(posted_loop.events, &event)) {
        CHECK_UINT(event.token, <, POSTED_TOKENS);
        CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
        CHECK(!here[event.token]);
        here[event.token] = true;
        posted_seen[event.token] = atomic_load(&posted_count[event.token]);
        n++;
    }
    return n;
}

static void posted_check_capacity(size_t capacity)
{
    unsigned numbers[POSTERS];
    thread *threads[POSTERS];
    unsigned taken = 0;

    posted_open(capacity);
    for (unsigned i = 0; i < POSTERS; i++) {
        numbers[i] = i;
        threads[i] = thread_start(posted_run, &numbers[i]);
    }
    for (unsigned i = 0; !posted_all_seen(); i++)
        taken += posted_take(capacity > 2 && i % 3 == 0 ? 1 : 0);
    for (unsigned i = 0; i < POSTERS; i++)
        thread_join(threads[i]);
    while (fake_check(&posted_loop) > 0) {
        evio_event event;

        while (evio_events_next(posted_loop.events, &event))
            taken++;
    }
    CHECK_UINT(taken, >=, POSTED_TOKENS);
    CHECK_UINT(taken, <=, 3 * POSTERS * POSTED_ROUNDS);
    CHECK_EQ_UINT(fake_stats(&posted_loop).events, taken);
    CHECK_EQ_UINT(fake_stats(&posted_loop).stale, 0);
    CHECK(!evio__posted_any(posted_loop.registry));
    CHECK_EQ_UINT(evio__load32(&posted_record->posted), 0);
    CHECK_EQ_UINT(evio__load32(&posted_loop.registry->state), 0);
    posted_close();
}

TEST(nothing_is_lost_at_capacity_one)
{
    posted_check_capacity(1);
}

TEST(nothing_is_lost_when_some_do_not_fit)
{
    posted_check_capacity(3);
}

TEST(nothing_is_lost_when_all_fit)
{
    posted_check_capacity(POSTED_TOKENS + 4);
}
