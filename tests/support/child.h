/* SPDX-License-Identifier: MIT */
/*
 * Forked copies of a test, for what a fork() inherits, and the environment.
 * No programs are started here; runner.h does that. A child that fails a check,
 * ends by a signal or takes too long fails the test that joins it.
 */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

/* Fork; the child calls body(arg) and ends. Returns its number. */
int child_start(void (*body)(void *arg), void *arg);

/* Wait for its end, which must be a success. */
void child_join(int child);

/* Both. */
void child_run(void (*body)(void *arg), void *arg);

/* Set a variable of this process' environment; NULL takes it away. */
void child_env(const char *name, const char *value);

#endif
