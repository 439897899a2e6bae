/* SPDX-License-Identifier: MIT */
/*
 * What is the same for every wakeup of a Unix: errno is kept, and a thread that
 * is being cancelled signals all the same.
 * The one who calls owns the wakeup.
 */
#ifndef TESTS_UNIT_WAKEUP_SUPPORT_H
#define TESTS_UNIT_WAKEUP_SUPPORT_H

#include <stdatomic.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"

#include "sys/posix/wakeup.h"

static inline bool wakeup_is_signalled(const evio__wakeup *wakeup)
{
    return net_wait_readable((int)wakeup->read_end, 0);
}

static inline void wakeup_check_signal(const evio__wakeup *wakeup)
{
    errno = 4711;
    CHECK_OK(wakeup->ops->signal(wakeup));
    CHECK_EQ_INT(errno, 4711);
    CHECK(wakeup_is_signalled(wakeup));
}

/* What the OS says is returned, and is not left in errno. */
static inline void wakeup_check_failure(const evio__wakeup *wakeup)
{
    errno = 4711;
    fault_fail_call("write", 1, EIO);
    CHECK_ERR(wakeup->ops->signal(wakeup), EIO);
    CHECK_EQ_INT(errno, 4711);
    fault_reset();
    CHECK(!wakeup_is_signalled(wakeup));
    wakeup_check_signal(wakeup);
}

struct wakeup_cancelled {
    evio__wakeup *wakeup;
    void (*work)(const evio__wakeup *wakeup);
    atomic_bool is_pending; /* the cancellation */
    atomic_bool is_done;    /* the work */
};

static inline void *wakeup_work_cancelled(void *arg)
{
    struct wakeup_cancelled *c = arg;
    int state;

    while (!atomic_load(&c->is_pending)) {
    }
    c->work(c->wakeup);
    CHECK_EQ_INT(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state), 0);
    CHECK_EQ_INT(state, PTHREAD_CANCEL_ENABLE);
    atomic_store(&c->is_done, true);
    /* Sanitizers do not stand the end that it would come to. */
    CHECK_EQ_INT(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL), 0);
    return NULL;
}

/* A thread works on the wakeup while its cancellation is pending: it completes.
 */
static inline void
wakeup_check_cancelled(evio__wakeup *wakeup,
                       void (*work)(const evio__wakeup *wakeup))
{
    struct wakeup_cancelled c = {.wakeup = wakeup, .work = work};
    pthread_t id;
    void *end;

    CHECK_EQ_INT(pthread_create(&id, NULL, wakeup_work_cancelled, &c), 0);
    CHECK_EQ_INT(pthread_cancel(id), 0);
    atomic_store(&c.is_pending, true);
    CHECK_EQ_INT(pthread_join(id, &end), 0);
    CHECK_EQ_PTR(end, NULL);
    CHECK(atomic_load(&c.is_done));
}

#endif
