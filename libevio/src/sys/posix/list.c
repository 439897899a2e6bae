/* SPDX-License-Identifier: MIT */
/* The selectors of this build, best first; Meson's option decides. */
#include "sys/posix/selectors.h"

const evio__selector_ops *const evio__selectors[] = {
#if defined(EVIO_WITH_EPOLL)
    &evio__selector_epoll,
#endif
#if defined(EVIO_WITH_POLL)
    &evio__selector_poll,
#endif
    NULL,
};

const evio__selector_ops *evio__selector_strict(const evio__selector_ops *ops)
{
#if defined(EVIO_WITH_EPOLL)
    if (ops == &evio__selector_epoll) {
        return &evio__selector_epoll_strict;
    }
#endif
    return ops;
}
