/* SPDX-License-Identifier: MIT */
/*
 * evio_poll_wait_masked() is one system call, with a mask and without, also on
 * a kernel that lacks epoll_pwait2(). What the mask does is tested in
 * behaviour/evio_wait_masked.c.
 */
#include <errno.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/signals.h"
#include "support/taken.h"
#include "waits.h"

static unsigned masked_handled;

static void masked_on_signal(void)
{
    masked_handled++;
}

/* One wait; all of its system calls. */
static int masked_calls(struct loop *l, uint64_t ns,
                        const struct signals_mask *mask, unsigned *out_calls)
{
    unsigned before = fault_calls();
    int r = evio_poll_wait_masked(l->poll, l->events, 0, ns, mask);

    *out_calls = fault_calls() - before;
    return r;
}

static void masked_one_call(struct loop *l)
{
    const uint64_t times[] = {0, 1, CLOCK_MS, 3 * CLOCK_MS + 1};
    struct signals_mask mask;
    unsigned calls;

    signals_mask(true, &mask);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ_INT(masked_calls(l, times[i], NULL, &calls), 0);
        CHECK_EQ_UINT(calls, 1);
        CHECK_EQ_INT(masked_calls(l, times[i], &mask, &calls), 0);
        CHECK_EQ_UINT(calls, 1);
    }
}

static void masked_signal(struct loop *l)
{
    struct signals_mask open;
    unsigned calls;

    signal_handle(masked_on_signal);
    signals_block(true);
    signals_mask(false, &open);
    for (unsigned i = 1; i <= 5; i++) {
        masked_handled = 0;
        signal_raise();
        CHECK_KIND(masked_calls(l, LOOP_PATIENCE, &open, &calls), INTERRUPTED);
        CHECK_EQ_UINT(calls, 1);
        CHECK_EQ_UINT(masked_handled, 1);
        signal_raise();
        CHECK_KIND(masked_calls(l, EVIO_FOREVER, &open, &calls), INTERRUPTED);
        CHECK_EQ_UINT(calls, 1);
        CHECK_EQ_UINT(masked_handled, 2);
    }
    signals_block(false);
}

static void masked_with_events(struct loop *l)
{
    struct signals_mask mask;
    struct peer p;
    struct taken taken;
    unsigned calls;

    signals_mask(true, &mask);
    peer_open(l, &p, 1, EVIO_READABLE | EVIO_LEVEL);
    peer_send(&p, 1);
    CHECK_EQ_INT(masked_calls(l, EVIO_FOREVER, &mask, &calls), 1);
    CHECK_EQ_UINT(calls, 1);
    taken_all(l->events, &taken);
    CHECK_EQ_INT(masked_calls(l, LOOP_PATIENCE, &mask, &calls), 1);
    CHECK_EQ_UINT(calls, 1);
    taken_all(l->events, &taken);
    peer_close(l, &p);
}

TEST(one_system_call)
{
    struct loop l;

    loop_open(&l, 8);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 1), 0);
    masked_one_call(&l);
    masked_with_events(&l);
    masked_signal(&l);
    loop_close(&l);
}

/* Tried once, by whichever wait comes first; then epoll_pwait(). */
static void masked_without_pwait2(int err, bool first_is_masked)
{
    struct signals_mask mask;
    struct loop l;
    unsigned calls;

    loop_open(&l, 8);
    if (!loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        loop_close(&l);
        SKIP("epoll_pwait2 is epoll's");
    }
    signals_mask(true, &mask);
    fault_reset();
    fault_fail_call("epoll_pwait2_raw", 0, err);
    CHECK_EQ_INT(
        masked_calls(&l, CLOCK_MS, first_is_masked ? &mask : NULL, &calls), 0);
    CHECK_UINT(calls, <=, 2);
    masked_one_call(&l);
    masked_with_events(&l);
    masked_signal(&l);
    CHECK_UINT(fault_calls_of("epoll_pwait2_raw"), <=, 1);
    fault_reset();
    loop_close(&l);
}

TEST(without_epoll_pwait2)
{
    masked_without_pwait2(ENOSYS, true);
    masked_without_pwait2(ENOSYS, false);
    masked_without_pwait2(EPERM, true);
}

/* Never early, in milliseconds too. */
TEST(never_early_without_epoll_pwait2)
{
    struct signals_mask mask;
    struct loop l;

    loop_open(&l, 8);
    signals_mask(true, &mask);
    fault_fail_call("epoll_pwait2_raw", 0, ENOSYS);
    for (unsigned i = 0; i < 50; i++) {
        uint64_t ns = i * 37000 + 1;
        uint64_t start = clock_ns();

        CHECK_EQ_INT(evio_poll_wait_masked(l.poll, l.events, 0, ns, &mask), 0);
        CHECK_UINT(clock_ns() - start, >=, ns);
    }
    fault_reset();
    loop_close(&l);
}

TEST(errors_of_the_call_are_returned)
{
    const int errors[] = {EINTR, ENOMEM, EINVAL, EBADF};
    struct signals_mask mask;
    struct loop l;

    loop_open(&l, 8);
    signals_mask(true, &mask);
    for (int i = 0; i < 4; i++) {
        fault_fail_nth(1, errors[i]);
        CHECK_ERR(evio_poll_wait_masked(l.poll, l.events, 0, 0, &mask),
                  errors[i]);
        CHECK(fault_fired());
        fault_reset();
        CHECK_EQ_INT(evio_poll_wait_masked(l.poll, l.events, 0, 1, &mask), 0);
    }
    loop_close(&l);
}
