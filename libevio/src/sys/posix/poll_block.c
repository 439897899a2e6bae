/* SPDX-License-Identifier: MIT */
/*
 * poll() for any number of descriptors. The kernel refuses more than the soft
 * limit RLIMIT_NOFILE, which a program may lower below what it has open; then
 * they are polled in pieces, of which only the first is waited for. No state.
 */
#include "sys/posix/poll_block.h"

#include "base/deadline.h"

/* How often the pieces that are not waited for are polled. */
#define BLOCK_SLICE_NS (UINT64_C(10) * EVIO__NS_PER_MS)

/* A thread that is cancelled in a wait would leave the poll busy for ever. */
static int block_ppoll(struct pollfd *fds, uint32_t n,
                       const struct timespec *timeout, const sigset_t *mask)
{
    int state;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    int r = evio__result(SYS(ppoll, fds, n, timeout, mask));
    (void)pthread_setcancelstate(state, NULL);
    return r;
}

static int block_once(struct pollfd *fds, uint32_t n, uint64_t ns,
                      const void *mask)
{
    if (ns == UINT64_MAX) {
        return block_ppoll(fds, n, NULL, mask);
    }
    /* 100 million seconds fit any time_t; the caller goes on from there. */
    uint64_t sec = ns / EVIO__NS_PER_S;
    struct timespec timeout = {.tv_sec =
                                   sec > 100000000 ? 100000000 : (time_t)sec,
                               .tv_nsec = (long)(ns % EVIO__NS_PER_S)};
    return block_ppoll(fds, n, &timeout, mask);
}

/* Poll the pieces behind the first; then wait for the first, for a slice at
 * most, if nothing was ready in the others. */
static int block_in_pieces(struct pollfd *fds, uint32_t n, uint32_t piece,
                           uint64_t ns, const void *mask)
{
    int fired = 0;
    for (uint32_t at = piece; at < n; at += piece) {
        uint32_t size = n - at < piece ? n - at : piece;
        int r = block_once(fds + at, size, 0, mask);
        if (r < 0) {
            return r;
        }
        fired += r;
    }
    ns = ns < BLOCK_SLICE_NS ? ns : BLOCK_SLICE_NS;
    int r = block_once(fds, piece, fired == 0 ? ns : 0, mask);
    return r < 0 ? r : fired + r;
}

int evio__poll_block(struct pollfd *fds, uint32_t n, uint64_t ns,
                     const void *mask)
{
    struct rlimit limit;
    int r = block_once(fds, n, ns, mask);
    if (r != -EINVAL || getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur >= n || limit.rlim_cur == 0) {
        return r;
    }
    return block_in_pieces(fds, n, (uint32_t)limit.rlim_cur, ns, mask);
}
