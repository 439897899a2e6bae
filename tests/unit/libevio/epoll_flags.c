/* SPDX-License-Identifier: MIT */
/*
 * What every interest is to epoll, against rules that are written down a second
 * time. What the kernel really reports is the behaviour table's affair.
 * Nothing to guard.
 */
#include "sys/posix/epoll_flags.h"

#include "support/check.h"

static bool flags_has(uint32_t mask, uint32_t bit)
{
    return (mask & bit) != 0;
}

TEST(every_interest_has_its_mask)
{
    for (uint32_t interest = 0; interest < 1u << 20; interest++) {
        uint32_t mask = evio__epoll_mask(interest);
        bool exclusive = flags_has(interest, EVIO_EXCLUSIVE);
        bool oneshot = flags_has(interest, EVIO_ONESHOT);
        bool readable = flags_has(interest, EVIO_READABLE);
        bool closed = flags_has(interest, EVIO_CLOSED);

        CHECK(flags_has(mask, EPOLLIN) == readable);
        CHECK(flags_has(mask, EPOLLRDHUP) ==
              ((readable || closed) && !exclusive));
        CHECK(flags_has(mask, EPOLLOUT) == flags_has(interest, EVIO_WRITABLE));
        CHECK(flags_has(mask, EPOLLPRI) == flags_has(interest, EVIO_PRIORITY));
        CHECK(flags_has(mask, EPOLLEXCLUSIVE) == exclusive);
        CHECK(flags_has(mask, EPOLLONESHOT) == oneshot);
        CHECK(flags_has(mask, EPOLLET) ==
              (!oneshot && !flags_has(interest, EVIO_LEVEL)));
        CHECK_EQ_UINT(mask & ~(uint32_t)(EPOLLIN | EPOLLRDHUP | EPOLLOUT |
                                         EPOLLPRI | EPOLLEXCLUSIVE |
                                         EPOLLONESHOT | EPOLLET),
                      0);
    }
}
