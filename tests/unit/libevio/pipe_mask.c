/* SPDX-License-Identifier: MIT */
/*
 * A write into a pipe leaves the signal mask of its thread as it was, however
 * the write ends. Every case runs twice: as this kernel does it, and as a
 * kernel without RWF_NOSIGNAL does, where the signal is blocked around the
 * write. That no signal is raised or lost is in typed_calls.c and evio_pipe.c.
 */
#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/evio_net.h"
#include "support/fault.h"
#include "support/pipes.h"
#include "support/thread.h"

static char mask_zeros[1 << 20];

struct mask_fix {
    evio_pipe_sender sender;
    evio_pipe_receiver receiver;
    uint64_t before;
};

/* From here on the kernel refuses the flag, or does as it pleases. */
static void mask_open(struct mask_fix *f, bool refuse)
{
    CHECK_OK(evio_pipe_open(&f->sender, &f->receiver));
    f->before = pipes_signal_mask();
    fault_reset();
    if (refuse)
        fault_fail_call("pipe_write_flagged", 0, EOPNOTSUPP);
}

/* The mask is what it was, and the write went the way that is tested. */
static void mask_check(const struct mask_fix *f, bool refuse)
{
    CHECK_EQ_UINT(pipes_signal_mask(), f->before);
    if (refuse)
        CHECK_UINT(fault_calls_of("pthread_sigmask"), >, 0);
}

static void mask_close(struct mask_fix *f)
{
    CHECK_OK(evio_pipe_sender_close(&f->sender));
    (void)evio_pipe_receiver_close(&f->receiver); /* some tests did already */
}

/* Success; a short count and would-block; a broken pipe. */
static void mask_of_every_result(bool refuse)
{
    struct mask_fix f;
    libsock_buf two[] = {libsock_buf_of("a", 1), libsock_buf_of("b", 1)};

    mask_open(&f, refuse);
    CHECK_EQ_INT(evio_pipe_write(&f.sender, "ab", 2), 2);
    mask_check(&f, refuse);
    CHECK_EQ_INT(evio_pipe_write_vectored(&f.sender, two, 2), 2);
    mask_check(&f, refuse);
    ptrdiff_t n = evio_pipe_write(&f.sender, mask_zeros, sizeof(mask_zeros));
    CHECK_INT(n, >, 0);
    CHECK_INT(n, <, (ptrdiff_t)sizeof(mask_zeros));
    mask_check(&f, refuse);
    while (evio_pipe_write(&f.sender, mask_zeros, 1) > 0) {
    }
    CHECK_KIND(evio_pipe_write(&f.sender, "x", 1), WOULD_BLOCK);
    mask_check(&f, refuse);
    CHECK_OK(evio_pipe_receiver_close(&f.receiver));
    CHECK_KIND(evio_pipe_write(&f.sender, "x", 1), BROKEN_PIPE);
    mask_check(&f, refuse);
    mask_close(&f);
}

static void mask_of_both_ways(void)
{
    mask_of_every_result(false);
    mask_of_every_result(true);
}

TEST(write_leaves_sigpipe_unblocked)
{
    uint64_t before = pipes_signal_mask();

    mask_of_both_ways();
    CHECK_EQ_UINT(pipes_signal_mask(), before);
    pipes_signal_block(); /* It was not blocked, if that changes the mask. */
    CHECK_UINT(pipes_signal_mask(), !=, before);
}

TEST(write_leaves_sigpipe_blocked)
{
    pipes_signal_block();
    mask_of_both_ways();
    CHECK(!pipes_signal_is_pending());
}

TEST(write_leaves_a_pending_sigpipe_blocked)
{
    pipes_signal_block();
    pipes_signal_raise();
    mask_of_both_ways();
    CHECK(pipes_signal_is_pending());
}

TEST(write_that_fails_otherwise_leaves_the_mask)
{
    struct mask_fix f;

    mask_open(&f, true);
    fault_fail_call("writev", 1, EIO);
    CHECK_ERR(evio_pipe_write(&f.sender, "x", 1), EIO);
    mask_check(&f, true);
    fault_fail_call("pthread_sigmask", 1, EINVAL);
    CHECK_ERR(evio_pipe_write(&f.sender, "x", 1), EINVAL);
    mask_check(&f, true);
    CHECK_OK(evio_pipe_receiver_close(&f.receiver));
    fault_fail_call("sigtimedwait", 1, EINTR); /* and again */
    CHECK_KIND(evio_pipe_write(&f.sender, "x", 1), BROKEN_PIPE);
    mask_check(&f, true);
    CHECK(!pipes_signal_is_pending());
    mask_close(&f);
}

static void mask_read_and_close(void *arg)
{
    evio_pipe_receiver *receiver = arg;
    char c;

    CHECK(net_wait_readable(net_fd(&receiver->source), 10000));
    CHECK_EQ_INT(evio_pipe_read(receiver, &c, 1), 1);
    CHECK_OK(evio_pipe_receiver_close(receiver));
}

TEST(write_that_breaks_in_the_middle_leaves_the_mask)
{
    struct mask_fix f;

    mask_open(&f, true);
    CHECK_OK(evio_pipe_sender_set_nonblocking(&f.sender, false));
    thread *reader = thread_start(mask_read_and_close, &f.receiver);
    ptrdiff_t n = evio_pipe_write(&f.sender, mask_zeros, sizeof(mask_zeros));
    thread_join(reader);
    CHECK_INT(n, >, 0);
    CHECK_INT(n, <, (ptrdiff_t)sizeof(mask_zeros));
    mask_check(&f, true);
    CHECK(!pipes_signal_is_pending());
    mask_close(&f);
}
