/* SPDX-License-Identifier: MIT */
/*
 * Makes system calls and allocations of the internal test builds fail, and
 * counts them. The shipped libraries do not ask; only builds with the seam do.
 * Counters are atomics: hooks may be asked from any thread or signal handler,
 * while the plan itself is set by one thread before the others start.
 */
#ifndef TESTS_SUPPORT_FAULT_H
#define TESTS_SUPPORT_FAULT_H

#include <stdbool.h>

/* Forget all plans, counters and the memory of having fired. */
void fault_reset(void);

/*
 * Fail the n-th call from now, whichever it is; n counts from 1. "close" is
 * neither counted here nor failed: a failed close has closed all the same.
 */
void fault_fail_nth(unsigned n, int err);

/*
 * Fail the n-th call from now of this name; n = 0 fails every one. `call` is
 * the C name ("accept4", "malloc") and must live as long as the process.
 */
void fault_fail_call(const char *call, unsigned n, int err);

/* Calls since the last reset: all but close, or those of one name. */
unsigned fault_calls(void);
unsigned fault_calls_of(const char *call);

/* Whether any failure was injected since the last reset. */
bool fault_fired(void);

/* What fault_each() saw. */
struct fault_summary {
    unsigned rounds;    /* rounds in which a failure was injected */
    unsigned failed;    /* of these, rounds that body() reported as failed */
    unsigned tolerated; /* of these, rounds in which body() still succeeded */
};

/*
 * Run body() with its 1st, 2nd, 3rd... call failing with `err`, until a round
 * passes in which nothing was left to fail; that round must succeed. body()
 * returns a library result and cleans up after itself, in failure too; each
 * round must leave the open descriptors as it found them. Callers check that
 * `rounds` is not 0, or they have tested nothing.
 */
struct fault_summary fault_each(int (*body)(void *arg), void *arg, int err);

#endif
