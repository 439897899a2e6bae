/* SPDX-License-Identifier: MIT */
/* A wakeup made of a pipe: for every Unix, and for selectors that must drain
 * it.
 */
#include "sys/posix/wakeup.h"

static int wakeup_pipe_signal(const evio__wakeup *wakeup)
{
    int r = evio__wakeup_write(wakeup->write_end, "!", 1);
    /* A full pipe is signalled already. */
    return r == -EAGAIN ? 0 : r;
}

static void wakeup_pipe_close(evio__wakeup *wakeup)
{
    evio__wakeup_close(wakeup->read_end);
    evio__wakeup_close(wakeup->write_end);
}

static const evio__wakeup_ops wakeup_pipe = {
    .signal = wakeup_pipe_signal,
    .close = wakeup_pipe_close,
};

int evio__wakeup_pipe_open(evio__wakeup *out_wakeup)
{
    int fds[2];
    int r = evio__result(SYS(pipe2, fds, O_CLOEXEC | O_NONBLOCK));
    if (r < 0) {
        return r;
    }
    out_wakeup->ops = &wakeup_pipe;
    out_wakeup->read_end = fds[0];
    out_wakeup->write_end = fds[1];
    return 0;
}

void evio__wakeup_pipe_drain(const evio__wakeup *wakeup)
{
    char buf[64];
    int state;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    while (SYS(read, (int)wakeup->read_end, buf, sizeof(buf)) ==
           (ssize_t)sizeof(buf)) {
    }
    (void)pthread_setcancelstate(state, NULL);
}
