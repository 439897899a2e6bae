/* SPDX-License-Identifier: MIT */
/*
 * evio_poll_after_fork() with each of its system calls and allocations failing:
 * the error is clear, nothing leaks, and the call can be tried again. What it
 * does when all goes well is tested in behaviour/evio_after_fork.c.
 */
#include <errno.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fdcount.h"
#include "support/loop.h"
#include "support/process.h"
#include "support/taken.h"

enum {
    FORK_PEERS = 3
};

struct faults {
    struct loop l;
    struct peer peers[FORK_PEERS];
    evio_waker *waker;
    evio_trigger *trigger;
    const char *call; /* the one that fails, NULL for the nth */
};

static void faults_open(struct faults *f)
{
    loop_open(&f->l, 8);
    for (unsigned i = 0; i < FORK_PEERS; i++)
        peer_open(&f->l, &f->peers[i], i, EVIO_READABLE);
    CHECK_OK(evio_waker_new(f->l.registry, 10, &f->waker));
    CHECK_OK(evio_trigger_new(f->l.registry, &f->trigger));
    CHECK_OK(evio_register(f->l.registry, evio_trigger_source(f->trigger), 11,
                           EVIO_READABLE));
    CHECK_EQ_INT(evio_poll_wait(f->l.poll, f->l.events, 1), 0);
}

static void faults_close(struct faults *f)
{
    for (unsigned i = 0; i < FORK_PEERS; i++)
        peer_close(&f->l, &f->peers[i]);
    evio_waker_free(f->waker);
    evio_trigger_free(f->trigger);
    loop_close(&f->l);
}

static void faults_works(struct faults *f)
{
    for (unsigned i = 0; i < FORK_PEERS; i++) {
        peer_send(&f->peers[i], 1);
        CHECK_EQ_UINT(taken_one(&f->l, i).readiness, EVIO_READABLE);
        net_drain(f->peers[i].fd[0]);
        CHECK_OK(evio_rearm(&f->peers[i].source, EVIO_READABLE));
    }
    CHECK_OK(evio_wake(f->waker));
    CHECK_EQ_UINT(taken_one(&f->l, 10).readiness, EVIO_READABLE);
    CHECK_OK(evio_trigger_fire(f->trigger, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&f->l, 11).readiness, EVIO_READABLE);
    CHECK_EQ_INT(evio_poll_wait(f->l.poll, f->l.events, 0), 0);
}

static size_t faults_open_now(void)
{
    static struct fdcount now;

    fdcount_take(&now);
    return now.count;
}

/* The parent's may be closed already, and the child's are as many. */
static void faults_no_leak(size_t before)
{
    CHECK_UINT(faults_open_now(), <=, before);
}

/* Failing from the first call on, until a try succeeds. */
static void faults_child_each(void *arg)
{
    struct faults *f = arg;
    size_t before = faults_open_now();
    unsigned failed = 0;

    for (unsigned n = 1; n < 100; n++) {
        int r;

        fault_reset();
        fault_fail_nth(n, EMFILE);
        r = evio_poll_after_fork(f->l.poll);
        if (!fault_fired()) {
            CHECK_EQ_INT(r, 0);
            break;
        }
        CHECK(r == -EMFILE || r == -ENOMEM);
        failed++;
        faults_no_leak(before);
    }
    fault_reset();
    CHECK_UINT(failed, >=, 1);
    faults_no_leak(before);
    faults_works(f);
    CHECK_EQ_INT(evio_poll_after_fork(f->l.poll), 0);
    faults_close(f);
}

TEST(each_call_fails_once)
{
    struct faults f;

    faults_open(&f);
    process_run(faults_child_each, &f);
    faults_works(&f);
    faults_close(&f);
}

/* Not the set-up, but one of the registrations: memory, or the kernel's limit
 * of watches. A child that went on without it would wait for ever. */
static void faults_child_registration(void *arg)
{
    const int errors[] = {ENOMEM, ENOSPC};
    struct faults *f = arg;
    unsigned failed = 0;
    int r;

    for (unsigned n = 1; n <= 2 + FORK_PEERS; n++) {
        fault_reset();
        fault_fail_call("epoll_ctl", n, errors[n % 2]);
        r = evio_poll_after_fork(f->l.poll);
        if (!fault_fired()) {
            CHECK_EQ_INT(r, 0);
            break;
        }
        CHECK_ERR(r, errors[n % 2]);
        failed++;
    }
    fault_reset();
    CHECK_EQ_INT(evio_poll_after_fork(f->l.poll), 0);
    if (loop_is(&f->l, EVIO_SELECTOR_EPOLL))
        CHECK_EQ_UINT(failed, 1 + FORK_PEERS);
    faults_works(f);
    faults_close(f);
}

TEST(a_registration_fails)
{
    struct faults f;

    faults_open(&f);
    process_run(faults_child_registration, &f);
    faults_works(&f);
    faults_close(&f);
}

/* By name; what this selector does not call cannot fail. */
static void faults_child_call(void *arg)
{
    struct faults *f = arg;
    int r;

    fault_reset();
    fault_fail_call(f->call, 1, ENFILE);
    r = evio_poll_after_fork(f->l.poll);
    if (fault_fired()) {
        CHECK_ERR(r, ENFILE);
        CHECK_EQ_INT(evio_poll_after_fork(f->l.poll), 0);
    } else {
        CHECK_EQ_INT(r, 0);
    }
    fault_reset();
    faults_works(f);
    faults_close(f);
}

TEST(a_call_fails_by_name)
{
    const char *const calls[] = {"epoll_create1", "eventfd", "pipe2",
                                 "epoll_ctl", "fcntl"};

    for (int i = 0; i < 5; i++) {
        struct faults f;

        faults_open(&f);
        f.call = calls[i];
        process_run(faults_child_call, &f);
        faults_works(&f);
        faults_close(&f);
    }
}

/* Without the call the first wait, or registration, has the error, and the
 * next one tries again. */
static void faults_child_wait(void *arg)
{
    struct faults *f = arg;
    struct peer late;
    unsigned failed = 0;

    for (unsigned n = 1; n < 100; n++) {
        int r;

        fault_reset();
        fault_fail_nth(n, EMFILE);
        r = evio_poll_wait(f->l.poll, f->l.events, 0);
        if (!fault_fired())
            break;
        failed += r < 0;
    }
    fault_reset();
    CHECK_UINT(failed, >=, 1);
    faults_works(f);
    peer_open(&f->l, &late, 50, EVIO_READABLE);
    peer_close(&f->l, &late);
    faults_close(f);
}

TEST(the_first_wait_fails)
{
    struct faults f;

    faults_open(&f);
    process_run(faults_child_wait, &f);
    faults_works(&f);
    faults_close(&f);
}

static void faults_child_register(void *arg)
{
    struct faults *f = arg;
    struct peer late;
    unsigned failed = 0;

    net_unix_pair(NET_STREAM, late.fd);
    net_set_nonblocking(late.fd[0], true);
    CHECK_OK(evio_source_from_fd(late.fd[0], &late.source));
    for (unsigned n = 1; n < 100; n++) {
        int r;

        fault_reset();
        fault_fail_nth(n, EMFILE);
        r = evio_register(f->l.registry, &late.source, 50, EVIO_READABLE);
        CHECK((r == 0) == evio_source_is_registered(&late.source));
        if (r == 0)
            break;
        failed++;
    }
    fault_reset();
    CHECK_UINT(failed, >=, 1);
    net_send_all(late.fd[1], "x", 1);
    CHECK_EQ_UINT(taken_one(&f->l, 50).readiness, EVIO_READABLE);
    peer_close(&f->l, &late);
    faults_works(f);
    faults_close(f);
}

TEST(the_first_registration_fails)
{
    struct faults f;

    faults_open(&f);
    process_run(faults_child_register, &f);
    faults_works(&f);
    faults_close(&f);
}
