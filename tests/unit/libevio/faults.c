/* SPDX-License-Identifier: MIT */
/*
 * Failure injection: each allocation and each system call of set-up and of
 * registration fails once. The error is clear, nothing leaks, nothing changed,
 * and a second try succeeds. What succeeds is tested elsewhere.
 */
#include "support/check.h"
#include "support/fault.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that the library holds, by an allocator that keeps count. */
static long faults_blocks;

static void *faults_alloc(void *ctx, size_t n)
{
    (void)ctx;
    CHECK_UINT(n, >, 0);
    faults_blocks++;
    return malloc(n);
}

static void faults_release(void *ctx, void *p)
{
    (void)ctx;
    if (p != NULL)
        faults_blocks--;
    free(p);
}

static void faults_count_blocks(void)
{
    evio_allocator allocator = {sizeof(allocator), faults_alloc, faults_release,
                                NULL};

    CHECK_OK(evio_set_allocator(&allocator));
}

static int faults_poll(void *arg)
{
    evio_poll *poll = NULL;
    int r = evio_poll_new(NULL, &poll);

    (void)arg;
    CHECK((poll != NULL) == (r >= 0));
    evio_poll_free(poll);
    CHECK_EQ_INT(faults_blocks, 0);
    return r;
}

TEST(poll_new)
{
    struct fault_summary sum;

    faults_count_blocks();
    sum = fault_each(faults_poll, NULL, EMFILE);
    CHECK_EQ_UINT(sum.rounds, 7);
    CHECK_EQ_UINT(sum.tolerated, 0);
}

static int faults_events(void *arg)
{
    evio_events *events = NULL;
    int r = evio_events_new(100, &events);

    (void)arg;
    CHECK(r >= 0 || r == -ENOMEM);
    CHECK((events != NULL) == (r >= 0));
    evio_events_free(events);
    CHECK_EQ_INT(faults_blocks, 0);
    return r;
}

TEST(events_new)
{
    struct fault_summary sum;

    faults_count_blocks();
    sum = fault_each(faults_events, NULL, ENOMEM);
    CHECK_EQ_UINT(sum.rounds, 2);
    CHECK_EQ_UINT(sum.tolerated, 0);
}

/* Lives through all rounds, so that a failed round must leave it whole. */
struct faults {
    struct loop l;
    evio_source *sources;
    int (*fds)[2];
    unsigned count; /* registered and working */
};

enum {
    FAULTS_SOURCES = 300
};

static void faults_open(struct faults *f)
{
    faults_count_blocks();
    memset(f, 0, sizeof(*f));
    loop_open(&f->l, FAULTS_SOURCES);
    f->sources = calloc(FAULTS_SOURCES, sizeof(*f->sources));
    f->fds = calloc(FAULTS_SOURCES, sizeof(*f->fds));
    CHECK(f->sources != NULL && f->fds != NULL);
    for (unsigned i = 0; i < FAULTS_SOURCES; i++)
        net_unix_pair(NET_STREAM, f->fds[i]);
}

static void faults_close(struct faults *f)
{
    for (unsigned i = 0; i < f->count; i++)
        loop_remove(&f->l, &f->sources[i]);
    for (unsigned i = 0; i < FAULTS_SOURCES; i++) {
        net_close(f->fds[i][0]);
        net_close(f->fds[i][1]);
    }
    loop_close(&f->l);
    CHECK_EQ_INT(faults_blocks, 0);
    free(f->sources);
    free(f->fds);
}

/* All that are registered say so, once; nobody else does. */
static void faults_check_all(struct faults *f)
{
    evio_event event;
    unsigned seen = 0;

    for (unsigned i = 0; i < f->count; i++)
        CHECK_OK(
            evio_reregister(f->l.registry, &f->sources[i], i, EVIO_WRITABLE));
    CHECK_EQ_INT(evio_poll_wait(f->l.poll, f->l.events, 0), f->count);
    while (evio_events_next(f->l.events, &event))
        CHECK_EQ_UINT(event.token, seen++);
    CHECK_EQ_UINT(seen, f->count);
}

static bool faults_register_one(struct faults *f, unsigned nth, int err)
{
    evio_source *source = &f->sources[f->count];
    long before = faults_blocks;
    int r;

    CHECK_OK(evio_source_from_fd(f->fds[f->count][0], source));
    fault_reset();
    fault_fail_nth(nth, err);
    r = evio_register(f->l.registry, source, f->count, EVIO_WRITABLE);
    if (!fault_fired()) {
        CHECK_OK(r);
        fault_reset();
        f->count++;
        return false;
    }
    fault_reset();
    CHECK(r == -err || r == -ENOMEM);
    CHECK(!evio_source_is_registered(source));
    CHECK_INT(faults_blocks, >=, before);
    return true;
}

/* The slab grows at 64 and 192, the table at 15, 31, 63..., the map too. */
TEST(register_with_growth)
{
    struct faults f;
    unsigned failures = 0;

    faults_open(&f);
    while (f.count < FAULTS_SOURCES) {
        unsigned nth = 1;

        while (faults_register_one(&f, nth, ENOSPC)) {
            nth++;
            failures++;
        }
    }
    CHECK_UINT(failures, >=, FAULTS_SOURCES + 3);
    /* epoll reports in order of readiness, which is the order of this loop. */
    faults_check_all(&f);
    faults_close(&f);
}

/* A number that is closed, for 45 minutes: neither the slot nor its generations
 * are used up. */
TEST(a_refused_descriptor_costs_no_slot)
{
    struct faults f;
    evio_source source;
    uint32_t slot;
    uint32_t generation;

    faults_open(&f);
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    slot = f.sources[0].slot;
    generation = f.sources[0].generation;
    loop_remove(&f.l, &f.sources[0]);
    f.count = 0;
    CHECK_OK(evio_source_from_fd(1023, &source));
    for (int i = 0; i < 10000; i++)
        CHECK_KIND(evio_register(f.l.registry, &source, 1, EVIO_READABLE),
                   BAD_DESCRIPTOR);
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    CHECK_EQ_UINT(f.sources[0].slot, slot);
    CHECK_EQ_UINT(f.sources[0].generation, generation + 0x100);
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    CHECK_EQ_UINT(f.sources[1].slot, slot + 1);
    faults_close(&f);
}

TEST(reregister)
{
    struct faults f;
    int r;

    faults_open(&f);
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    CHECK_EQ_UINT(loop_await(&f.l, 0), EVIO_WRITABLE);
    fault_fail_nth(1, ENOMEM);
    r = evio_reregister(f.l.registry, &f.sources[0], 77, EVIO_READABLE);
    CHECK(fault_fired());
    fault_reset();
    CHECK_ERR(r, ENOMEM);
    loop_quiet(&f.l);
    /* Token and interest are as they were. */
    net_set_nonblocking(f.fds[0][0], true);
    net_set_nonblocking(f.fds[0][1], true);
    net_fill(f.fds[0][0]);
    CHECK_OK(evio_rearm(&f.sources[0], EVIO_WRITABLE));
    net_drain(f.fds[0][1]);
    CHECK_EQ_UINT(loop_await(&f.l, 0), EVIO_WRITABLE);
    CHECK_OK(evio_reregister(f.l.registry, &f.sources[0], 77, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&f.l, 77), EVIO_WRITABLE);
    faults_close(&f);
}

/* The registration has ended whatever the kernel says. */
TEST(deregister)
{
    struct faults f;
    int r;

    faults_open(&f);
    if (!loop_is(&f.l, EVIO_SELECTOR_EPOLL)) {
        faults_close(&f);
        SKIP("removing makes no system call on this selector");
    }
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    fault_fail_nth(1, EIO);
    r = evio_deregister(f.l.registry, &f.sources[0]);
    fault_reset();
    CHECK_ERR(r, EIO);
    CHECK(!evio_source_is_registered(&f.sources[0]));
    f.count = 0;
    CHECK_OK(evio_poll_wait(f.l.poll, f.l.events, 0));
    faults_check_all(&f);
    faults_close(&f);
}

static int faults_waker(void *arg)
{
    struct faults *f = arg;
    evio_waker *waker = NULL;
    long before = faults_blocks;
    int r = evio_waker_new(f->l.registry, 1, &waker);

    CHECK((waker != NULL) == (r >= 0));
    evio_waker_free(waker);
    /* The first one that succeeds grew the slab. */
    CHECK_INT(faults_blocks, >=, before);
    CHECK_INT(faults_blocks, <=, before + 1);
    return r;
}

TEST(waker_new)
{
    struct fault_summary sum;
    struct faults f;

    faults_open(&f);
    sum = fault_each(faults_waker, &f, EMFILE);
    CHECK_EQ_UINT(sum.rounds, 2);
    CHECK_EQ_UINT(sum.tolerated, 0);
    faults_close(&f);
}

static const char *faults_wait_call(const struct faults *f)
{
    return loop_is(&f->l, EVIO_SELECTOR_EPOLL) ? "epoll_wait_raw" : "ppoll";
}

static void faults_wait(void *arg)
{
    struct faults *f = arg;

    CHECK_EQ_INT(evio_poll_wait(f->l.poll, f->l.events, EVIO_FOREVER), 1);
}

/* A thread that waits has to be signalled. The wake is pending all the same,
 * and the next try, of any waker, ends the wait. */
TEST(a_wake_that_fails_can_be_tried_again)
{
    struct faults f;
    evio_waker *waker;
    thread *waiting;

    faults_open(&f);
    CHECK_OK(evio_waker_new(f.l.registry, 5, &waker));
    for (int round = 0; round < 3; round++) {
        fault_reset();
        waiting = thread_start(faults_wait, &f);
        while (fault_calls_of(faults_wait_call(&f)) == 0)
            thread_yield();
        fault_fail_call("write", 0, EIO);
        CHECK_ERR(evio_wake(waker), EIO);
        CHECK_ERR(evio_wake(waker), EIO);
        fault_reset();
        CHECK_OK(evio_wake(waker));
        CHECK_EQ_UINT(fault_calls_of("write"), 1);
        thread_join(waiting);
        CHECK_EQ_UINT(loop_await(&f.l, 5), EVIO_READABLE);
        loop_quiet(&f.l);
    }
    evio_waker_free(waker);
    faults_close(&f);
}

/* Said, and nothing of it stays: no event is lost, no wait is stuck. */
TEST(a_wait_that_fails_loses_nothing)
{
    const int errors[] = {EINTR, ENOMEM, EINVAL, EBADF};
    struct faults f;

    faults_open(&f);
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    for (int i = 0; i < 4; i++) {
        fault_fail_call(faults_wait_call(&f), 1, errors[i]);
        CHECK_ERR(evio_poll_wait(f.l.poll, f.l.events, 0), errors[i]);
        CHECK(fault_fired());
        fault_reset();
        CHECK_EQ_UINT(loop_await(&f.l, 0), EVIO_WRITABLE);
        CHECK_OK(
            evio_reregister(f.l.registry, &f.sources[0], 0, EVIO_WRITABLE));
    }
    faults_close(&f);
}

/* EAGAIN of poll() is a kernel's passing shortage, and nobody's would-block. */
TEST(a_wait_goes_on_after_a_shortage)
{
    struct faults f;

    faults_open(&f);
    if (loop_is(&f.l, EVIO_SELECTOR_EPOLL)) {
        faults_close(&f);
        SKIP("epoll_wait never says EAGAIN");
    }
    CHECK(!faults_register_one(&f, 1000, ENOMEM));
    fault_fail_call("ppoll", 1, EAGAIN);
    CHECK_EQ_UINT(loop_await(&f.l, 0), EVIO_WRITABLE);
    CHECK(fault_fired());
    CHECK_EQ_UINT(fault_calls_of("ppoll"), 2);
    fault_reset();
    faults_close(&f);
}

/* A kernel or a sandbox without epoll_pwait2: asked once, never again. */
static void faults_without_pwait2(int err)
{
    struct loop l;

    loop_open(&l, 1);
    if (!loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        loop_close(&l);
        SKIP("epoll_pwait2 is epoll's");
    }
    fault_fail_call("epoll_pwait2_raw", 0, err);
    for (unsigned i = 0; i < 100; i++) {
        uint64_t ns = i * 37000 + 1;
        uint64_t start = clock_ns();

        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, ns), 0);
        CHECK_UINT(clock_ns() - start, >=, ns);
    }
    CHECK_EQ_UINT(fault_calls_of("epoll_pwait2_raw"), 1);
    CHECK_EQ_UINT(fault_calls_of("epoll_pwait_raw"), 100);
    fault_reset();
    loop_close(&l);
}

TEST(without_epoll_pwait2)
{
    faults_without_pwait2(ENOSYS);
}

TEST(with_epoll_pwait2_forbidden)
{
    faults_without_pwait2(EPERM);
}

/* The poll's own thread does not care; only the call was another. */
TEST(a_wake_ends_a_wait_without_pwait2)
{
    struct loop l;
    evio_waker *waker;

    loop_open(&l, 1);
    CHECK_OK(evio_waker_new(l.registry, 1, &waker));
    fault_fail_call("epoll_pwait2_raw", 0, ENOSYS);
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(loop_wait(&l, 1, UINT64_MAX - 1), EVIO_READABLE);
    fault_reset();
    evio_waker_free(waker);
    loop_close(&l);
}

TEST(a_system_without_epoll_takes_the_next)
{
    evio_poll *poll = NULL;
    int r;

    if (evio_selector_name(EVIO_SELECTOR_EPOLL) == NULL ||
        evio_selector_name(EVIO_SELECTOR_POLL) == NULL)
        SKIP("needs both selectors");
    unsetenv("EVIO_SELECTOR");
    fault_fail_call("epoll_create1", 0, ENOSYS);
    CHECK_OK(evio_poll_new(NULL, &poll));
    CHECK_EQ_INT(evio_poll_selector(poll), EVIO_SELECTOR_POLL);
    evio_poll_free(poll);
    fault_fail_call("epoll_create1", 0, EMFILE);
    CHECK_ERR(evio_poll_new(NULL, &poll), EMFILE);
    CHECK_OK(setenv("EVIO_SELECTOR", "epoll", 1));
    fault_fail_call("epoll_create1", 0, ENOSYS);
    r = evio_poll_new(NULL, &poll);
    CHECK_ERR(r, ENOSYS);
}
