/* SPDX-License-Identifier: MIT */
/* The wakeups of a Unix. For selectors only. */
#ifndef EVIO__POSIX_WAKEUP_H
#define EVIO__POSIX_WAKEUP_H

#include "sys/posix/platform.h"
#include "sys/wakeup.h"

int evio__wakeup_eventfd_open(evio__wakeup *out_wakeup);

int evio__wakeup_pipe_open(evio__wakeup *out_wakeup);
/* Make the read end unready, whoever wrote to it. */
void evio__wakeup_pipe_drain(const evio__wakeup *wakeup);

/* close(), which is a cancellation point, without being one: its caller has
 * more to give back. */
static inline void evio__wakeup_close(libsock_raw fd)
{
    int state;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    close((int)fd);
    (void)pthread_setcancelstate(state, NULL);
}

/* write(), which is a cancellation point, without being one; errno is kept. A
 * wakeup that was written must not be left half done. */
static inline int evio__wakeup_write(libsock_raw fd, const void *data, size_t n)
{
    int saved = errno;
    int state;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    ssize_t done = SYS(write, (int)fd, data, n);
    int r = done < 0 ? -errno : 0;
    (void)pthread_setcancelstate(state, NULL);
    errno = saved;
    return r;
}

#endif
