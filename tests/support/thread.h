/* SPDX-License-Identifier: MIT */
/*
 * Threads and a gate for tests, without an OS header in the test file.
 * No thread pools, no detaching: every thread is joined, or the test fails.
 * Any thread may use a gate; start and join belong to one owner.
 */
#ifndef TESTS_SUPPORT_THREAD_H
#define TESTS_SUPPORT_THREAD_H

#include <stdbool.h>

typedef struct thread thread;
typedef struct gate gate;

/* Start body(arg); a failure to start fails the test. */
thread *thread_start(void (*body)(void *arg), void *arg);

/* Wait for its end and free it. */
void thread_join(thread *t);

/*
 * Let other threads run now. Only for spinning on a condition that another
 * thread is sure to bring about; not a means of synchronisation.
 */
void thread_yield(void);

/*
 * Cancel a thread: it ends at its next cancellation point, and is joined as any
 * other. Its test decides where that is: a gate is one, thread_yield() is none.
 */
void thread_cancel(thread *t);
void thread_cancel_point(void);

/*
 * A gate starts shut. gate_open() lets every present and future gate_wait()
 * through, and what happened before the opening is visible after the wait.
 */
gate *gate_new(void);
void gate_free(gate *g);
void gate_open(gate *g);
void gate_wait(gate *g);

#endif
