/* SPDX-License-Identifier: MIT */
/*
 * The definitions of both libraries' fault hooks, and the plan they follow.
 * The calls themselves stay in the libraries: a hook only says "fail".
 * Lock-free, because a waker asks from signal handlers: a slot is claimed
 * once by its name and never given back.
 */
#include "fault.h"

#include "check.h"
#include "fdcount.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

enum {
    FAULT_SLOTS = 256,
    FAULT_ROUNDS_MAX = 100000
};

/* `fail_at`: 0 never, FAULT_ALWAYS each time, else the count that fails. */
#define FAULT_ALWAYS (~0U)

struct fault_plan {
    atomic_uint calls;
    atomic_uint fail_at;
    atomic_int err;
};

struct fault_slot {
    _Atomic(const char *) name;
    struct fault_plan plan;
};

static struct fault_plan fault_all;
static struct fault_slot fault_slots[FAULT_SLOTS];
static atomic_bool fault_has_fired;

/* The libraries declare these in private headers that tests/ cannot see. */
int libsock__fault(const char *call);
int evio__fault(const char *call);

static struct fault_plan *fault_find(const char *call)
{
    for (size_t i = 0; i < FAULT_SLOTS; i++) {
        const char *name = NULL;

        if (atomic_compare_exchange_strong(&fault_slots[i].name, &name, call) ||
            strcmp(name, call) == 0)
            return &fault_slots[i].plan;
    }
    check_fail(__FILE__, __LINE__, "more than %d names of calls", FAULT_SLOTS);
}

static int fault_step(struct fault_plan *plan)
{
    unsigned count = atomic_fetch_add(&plan->calls, 1) + 1;
    unsigned fail_at = atomic_load(&plan->fail_at);

    if (fail_at != FAULT_ALWAYS && fail_at != count)
        return 0;
    return atomic_load(&plan->err);
}

/*
 * A close that fails has closed all the same, which a seam in front of the call
 * cannot imitate: it would leak. So only a test that names it can fail it.
 */
static bool fault_goes_by_order(const char *call)
{
    return strcmp(call, "close") != 0;
}

static int fault_ask(const char *call)
{
    int by_order = fault_goes_by_order(call) ? fault_step(&fault_all) : 0;
    int by_name = fault_step(fault_find(call));
    int err = by_name != 0 ? by_name : by_order;

    if (err == 0)
        return 0;
    atomic_store(&fault_has_fired, true);
    errno = err;
    return -1;
}

int libsock__fault(const char *call)
{
    return fault_ask(call);
}

int evio__fault(const char *call)
{
    return fault_ask(call);
}

static void fault_clear(struct fault_plan *plan)
{
    atomic_store(&plan->fail_at, 0);
    atomic_store(&plan->err, 0);
    atomic_store(&plan->calls, 0);
}

static void fault_arm(struct fault_plan *plan, unsigned n, int err)
{
    unsigned fail_at = n == 0 ? FAULT_ALWAYS : atomic_load(&plan->calls) + n;

    atomic_store(&plan->err, err);
    atomic_store(&plan->fail_at, fail_at);
}

void fault_reset(void)
{
    fault_clear(&fault_all);
    for (size_t i = 0; i < FAULT_SLOTS; i++)
        fault_clear(&fault_slots[i].plan);
    atomic_store(&fault_has_fired, false);
}

void fault_fail_nth(unsigned n, int err)
{
    CHECK(n > 0 && err > 0);
    fault_arm(&fault_all, n, err);
}

void fault_fail_call(const char *call, unsigned n, int err)
{
    CHECK(err > 0);
    fault_arm(fault_find(call), n, err);
}

unsigned fault_calls(void)
{
    return atomic_load(&fault_all.calls);
}

unsigned fault_calls_of(const char *call)
{
    return atomic_load(&fault_find(call)->calls);
}

bool fault_fired(void)
{
    return atomic_load(&fault_has_fired);
}

static void fault_check_descriptors(const struct fdcount *before,
                                    unsigned round)
{
    if (fdcount_report(before) != 0)
        check_fail(__FILE__, __LINE__,
                   "descriptors differ after failing call %u", round);
}

struct fault_summary fault_each(int (*body)(void *arg), void *arg, int err)
{
    struct fault_summary sum = {0, 0, 0};
    struct fdcount before;
    int r;

    fdcount_take(&before);
    for (unsigned n = 1; n < FAULT_ROUNDS_MAX; n++) {
        fault_reset();
        fault_fail_nth(n, err);
        r = body(arg);
        fault_check_descriptors(&before, n);
        if (!fault_fired()) {
            fault_reset();
            CHECK_OK(r);
            return sum;
        }
        sum.rounds++;
        sum.failed += r < 0;
        sum.tolerated += r >= 0;
    }
    check_fail(__FILE__, __LINE__, "no end after %d rounds", FAULT_ROUNDS_MAX);
}
