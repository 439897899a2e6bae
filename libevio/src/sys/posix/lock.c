/* SPDX-License-Identifier: MIT */
/* The mutexes of a port, by POSIX threads. */
#include "sys/lock.h"

#include "base/alloc.h"
#include "sys/posix/platform.h"

struct evio__lock {
    pthread_mutex_t mutex;
};

evio__lock *evio__lock_new(void)
{
    evio__lock *lock = evio__alloc(1, sizeof(*lock));
    if (lock != NULL && pthread_mutex_init(&lock->mutex, NULL) != 0) {
        evio__free(lock);
        return NULL;
    }
    return lock;
}

void evio__lock_free(evio__lock *lock)
{
    if (lock != NULL) {
        pthread_mutex_destroy(&lock->mutex);
        evio__free(lock);
    }
}

void evio__lock_acquire(evio__lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

void evio__lock_release(evio__lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
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
