/* SPDX-License-Identifier: MIT */
/*
 * The maps between interest, epoll's masks and readiness, over every
 * combination of bits, against rules written down a second time.
 * What the kernel really delivers is the behaviour table's affair.
 */
#include "sys/posix/epoll_flags.h"

#include "support/check.h"

static bool flags_has(uint32_t mask, uint32_t bit)
{
    return (mask & bit) != 0;
}

TEST(every_interest_has_its_mask)
{
    for (uint32_t interest = 0; interest < 1u << 11; interest++) {
        uint32_t mask = evio__epoll_mask(interest);
        bool exclusive = flags_has(interest, EVIO_EXCLUSIVE);
        bool oneshot = flags_has(interest, EVIO_ONESHOT);
        bool readable = flags_has(interest, EVIO_READABLE);

        CHECK(flags_has(mask, EPOLLIN) == readable);
        CHECK(flags_has(mask, EPOLLRDHUP) == (readable && !exclusive));
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

static const uint32_t flags_bits[] = {EPOLLIN,  EPOLLOUT,   EPOLLPRI,
                                      EPOLLERR, EPOLLHUP,   EPOLLRDHUP,
                                      EPOLLMSG, EPOLLRDNORM};

TEST(every_mask_has_its_readiness)
{
    for (uint32_t pick = 0; pick < 256; pick++) {
        uint32_t events = 0;

        for (int i = 0; i < 8; i++)
            events |= (pick >> i & 1) != 0 ? flags_bits[i] : 0;

        uint32_t got = evio__epoll_readiness(events);
        bool hup = flags_has(events, EPOLLHUP);
        bool err = flags_has(events, EPOLLERR);

        CHECK(flags_has(got, EVIO_READABLE) ==
              (hup || err || flags_has(events, EPOLLIN | EPOLLRDHUP)));
        CHECK(flags_has(got, EVIO_WRITABLE) ==
              (hup || err || flags_has(events, EPOLLOUT)));
        CHECK(flags_has(got, EVIO_PRIORITY) == flags_has(events, EPOLLPRI));
        CHECK(flags_has(got, EVIO_ERROR) == err);
        CHECK(flags_has(got, EVIO__READY_PIPE_BROKEN) == err);
        CHECK(flags_has(got, EVIO_READ_CLOSED) ==
              (hup || flags_has(events, EPOLLRDHUP)));
        CHECK(flags_has(got, EVIO_WRITE_CLOSED) == hup);
        CHECK_EQ_UINT(got & ~(0x77u | EVIO__READY_PIPE_BROKEN), 0);
    }
}
