/* SPDX-License-Identifier: MIT */
/*
 * native.h over the headers of the OS. POLLRDHUP is 0 where there is none.
 * No state.
 */
#include "native.h"

#include "check.h"

#include <poll.h>

#if defined(__linux__)
# include <sys/epoll.h>

_Static_assert((unsigned)EPOLLIN == POLLIN, "one value");
_Static_assert((unsigned)EPOLLPRI == POLLPRI, "one value");
_Static_assert((unsigned)EPOLLOUT == POLLOUT, "one value");
_Static_assert((unsigned)EPOLLERR == POLLERR, "one value");
_Static_assert((unsigned)EPOLLHUP == POLLHUP, "one value");
_Static_assert((unsigned)EPOLLRDHUP == POLLRDHUP, "one value");
#endif

const uint32_t native_in = POLLIN;
const uint32_t native_pri = POLLPRI;
const uint32_t native_out = POLLOUT;
const uint32_t native_err = POLLERR;
const uint32_t native_hup = POLLHUP;
#if defined(POLLRDHUP)
const uint32_t native_rdhup = POLLRDHUP;
#else
const uint32_t native_rdhup = 0;
#endif

uint32_t native_of(int fd)
{
    struct pollfd item = {fd, 0, 0};

    item.events = (short)(native_in | native_pri | native_out | native_rdhup);
    CHECK_INT(poll(&item, 1, 0), >=, 0);
    return (uint32_t)(unsigned short)item.revents;
}
