/* SPDX-License-Identifier: MIT */
/*
 * thread.h over pthreads.
 * Nothing here knows what the threads do.
 * A gate's flag is guarded by its lock.
 */
#include "thread.h"

#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct thread {
    pthread_t id;
    void (*body)(void *arg);
    void *arg;
};

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool is_open; /* under lock */
};

static void *thread_enter(void *self)
{
    thread *t = self;

    t->body(t->arg);
    return NULL;
}

thread *thread_start(void (*body)(void *arg), void *arg)
{
    thread *t = malloc(sizeof(*t));

    CHECK(t != NULL);
    t->body = body;
    t->arg = arg;
    CHECK_EQ_INT(pthread_create(&t->id, NULL, thread_enter, t), 0);
    return t;
}

void thread_join(thread *t)
{
    CHECK_EQ_INT(pthread_join(t->id, NULL), 0);
    free(t);
}

void thread_yield(void)
{
    sched_yield();
}

void thread_cancel(thread *t)
{
    CHECK_EQ_INT(pthread_cancel(t->id), 0);
}

void thread_cancel_point(void)
{
    pthread_testcancel();
}

gate *gate_new(void)
{
    gate *g = malloc(sizeof(*g));

    CHECK(g != NULL);
    CHECK_EQ_INT(pthread_mutex_init(&g->lock, NULL), 0);
    CHECK_EQ_INT(pthread_cond_init(&g->opened, NULL), 0);
    g->is_open = false;
    return g;
}

void gate_free(gate *g)
{
    if (g == NULL)
        return;
    pthread_cond_destroy(&g->opened);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

void gate_open(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->is_open = true;
    pthread_cond_broadcast(&g->opened);
    pthread_mutex_unlock(&g->lock);
}

void gate_wait(gate *g)
{
    pthread_mutex_lock(&g->lock);
    while (!g->is_open)
        pthread_cond_wait(&g->opened, &g->lock);
    pthread_mutex_unlock(&g->lock);
}
