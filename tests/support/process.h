/* SPDX-License-Identifier: MIT */
/*
 * Copies of the test's own process, made by fork(), and the CPU time that a
 * thread has used. Every child has an alarm and is waited for, or the test
 * fails. A child that fails a check prints it and fails its parent's
 * process_join().
 */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stdint.h>

/*
 * Fork; the child runs body(arg) and exits with 0 when that returns, running no
 * exit handlers. Of a process with threads only the calling one is in the
 * child. Returns the child, for process_join().
 */
int process_fork(void (*body)(void *arg), void *arg);

/* Wait for the end of a child, which must be an exit with 0. */
void process_join(int child);

/* Fork and join. */
void process_run(void (*body)(void *arg), void *arg);

/*
 * A daemon: a child runs setup(arg), forks and exits; its child forks and
 * exits, and so on for so many `generations`; the last one runs serve(arg).
 * Nobody can wait for that one: let its last word come through a descriptor.
 */
struct process_daemon {
    void (*setup)(void *arg);
    void (*serve)(void *arg);
    void *arg;
    unsigned generations;
};
void process_daemon(const struct process_daemon *daemon);

/* Set a variable of this process' environment; NULL takes it away. */
void process_env(const char *name, const char *value);

/* Nanoseconds of CPU time that the calling thread has used. */
uint64_t process_cpu_ns(void);

#endif
