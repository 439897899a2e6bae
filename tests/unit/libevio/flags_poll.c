/* SPDX-License-Identifier: MIT */
/*
 * The maps between directions, poll()'s events and readiness, over every
 * combination of bits, against rules written down a second time.
 * What poll() really answers is the behaviour table's affair.
 */
#include "sys/posix/poll_flags.h"

#include "support/check.h"

static bool flags_has(int mask, int bit)
{
    return (mask & bit) != 0;
}

TEST(every_direction_has_its_events)
{
    for (int d = 0; d < 8; d++) {
        int events = evio__poll_events((uint32_t)d);

        CHECK(flags_has(events, POLLIN) == flags_has(d, EVIO_READABLE));
        CHECK(EVIO__POLLRDHUP == 0 || flags_has(events, EVIO__POLLRDHUP) ==
                                          flags_has(d, EVIO_READABLE));
        CHECK(flags_has(events, POLLOUT) == flags_has(d, EVIO_WRITABLE));
        CHECK(flags_has(events, POLLPRI) == flags_has(d, EVIO_PRIORITY));
        CHECK_EQ_INT(events & ~(POLLIN | EVIO__POLLRDHUP | POLLOUT | POLLPRI),
                     0);
    }
}

static const int flags_bits[] = {POLLIN,  POLLOUT,  POLLPRI,        POLLERR,
                                 POLLHUP, POLLNVAL, EVIO__POLLRDHUP};

TEST(every_answer_has_its_readiness)
{
    for (int pick = 0; pick < 128; pick++) {
        int events = 0;

        for (int i = 0; i < 7; i++)
            events |= (pick >> i & 1) != 0 ? flags_bits[i] : 0;

        int got = (int)evio__poll_readiness((short)events);
        bool both = flags_has(events, POLLHUP | POLLERR | POLLNVAL);

        CHECK(flags_has(got, EVIO_READABLE) ==
              (both || flags_has(events, POLLIN | EVIO__POLLRDHUP)));
        CHECK(flags_has(got, EVIO_WRITABLE) ==
              (both || flags_has(events, POLLOUT)));
        CHECK(flags_has(got, EVIO_PRIORITY) == flags_has(events, POLLPRI));
        CHECK(flags_has(got, EVIO_ERROR) ==
              flags_has(events, POLLERR | POLLNVAL));
        CHECK(flags_has(got, (int)EVIO__READY_PIPE_BROKEN) ==
              flags_has(events, POLLERR));
        CHECK(flags_has(got, EVIO_READ_CLOSED) ==
              flags_has(events, POLLHUP | EVIO__POLLRDHUP));
        CHECK(flags_has(got, EVIO_WRITE_CLOSED) == flags_has(events, POLLHUP));
        CHECK_EQ_INT(got & ~(0x77 | (int)EVIO__READY_PIPE_BROKEN), 0);
    }
}
