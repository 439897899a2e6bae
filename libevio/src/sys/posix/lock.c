/* SPDX-License-Identifier: MIT */
/*
 * The mutexes of a port, by POSIX threads: where the inline half of a lock
 * sleeps. Whoever sleeps has set WAITING under the mutex, and whoever finds it
 * set signals under the mutex, so that no signal is lost in between.
 */
#include "sys/lock.h"

#include "base/alloc.h"
#include "sys/posix/platform.h"

struct lock_posix {
    evio__lock lock; /* first */
    pthread_mutex_t mutex;
    pthread_cond_t released;
};

static struct lock_posix *lock_of(evio__lock *lock)
{
    return (struct lock_posix *)(void *)lock;
}

evio__lock *evio__lock_new(void)
{
    struct lock_posix *self = evio__alloc(1, sizeof(*self));
    if (self == NULL) {
        return NULL;
    }
    if (pthread_mutex_init(&self->mutex, NULL) != 0) {
        goto free_self;
    }
    if (pthread_cond_init(&self->released, NULL) != 0) {
        goto destroy_mutex;
    }
    return &self->lock;

destroy_mutex:
    pthread_mutex_destroy(&self->mutex);
free_self:
    evio__free(self);
    return NULL;
}

void evio__lock_free(evio__lock *lock)
{
    if (lock != NULL) {
        struct lock_posix *self = lock_of(lock);
        pthread_cond_destroy(&self->released);
        pthread_mutex_destroy(&self->mutex);
        evio__free(self);
    }
}

/* What it was is not destroyed: the threads that used it are not here. */
void evio__lock_reset(evio__lock *lock)
{
    struct lock_posix *self = lock_of(lock);
    (void)pthread_mutex_init(&self->mutex, NULL);
    (void)pthread_cond_init(&self->released, NULL);
    evio__store32(&lock->state, EVIO__LOCK_FREE);
}

void evio__lock_sleep(evio__lock *lock)
{
    struct lock_posix *self = lock_of(lock);
    int state;
    /* pthread_cond_wait() is a cancellation point. */
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&self->mutex);
    while (evio__swap32(&lock->state, EVIO__LOCK_WAITING) != EVIO__LOCK_FREE) {
        pthread_cond_wait(&self->released, &self->mutex);
    }
    pthread_mutex_unlock(&self->mutex);
    (void)pthread_setcancelstate(state, NULL);
}

void evio__lock_wake(evio__lock *lock)
{
    struct lock_posix *self = lock_of(lock);
    pthread_mutex_lock(&self->mutex);
    pthread_cond_signal(&self->released);
    pthread_mutex_unlock(&self->mutex);
}

static pthread_mutex_t lock_process = PTHREAD_MUTEX_INITIALIZER;

void evio__lock_process_acquire(void)
{
    pthread_mutex_lock(&lock_process);
}

void evio__lock_process_release(void)
{
    pthread_mutex_unlock(&lock_process);
}
