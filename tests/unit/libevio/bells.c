/* SPDX-License-Identifier: MIT */
/*
 * Bells at their limits: one that cannot take another ring says no error, and
 * can be heard and hushed all the same; and a poll(2) that is short of memory
 * is asked again. Waking itself is tested in behaviour/.
 * Nothing is guarded.
 */
#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/loop.h"
#include "support/net.h"

#include "sys/posix/platform.h"
#include "sys/posix/selectors.h"

static void bells_check_rings(const evio__bell_ops *ops, const evio__bell *bell)
{
    errno = 4711;
    CHECK_OK(ops->ring(bell));
    CHECK_EQ_INT(errno, 4711);
    CHECK(net_wait_readable((int)bell->read_end, 0));
}

/* Hushed, it is silent, and rings anew. */
static void bells_check_hush(const evio__bell_ops *ops, evio__bell *bell)
{
    for (int i = 0; i < 2; i++) {
        ops->hush(bell->read_end);
        CHECK(!net_wait_readable((int)bell->read_end, 0));
        bells_check_rings(ops, bell);
    }
    ops->close(bell);
}

TEST(a_full_eventfd_begins_anew)
{
    const uint64_t most = UINT64_MAX - 1;
    const uint64_t one = 1;
    evio__bell bell;

    CHECK_OK(evio__bell_eventfd.open(&bell));
    CHECK_EQ_INT(write((int)bell.write_end, &most, sizeof(most)), 8);
    CHECK_EQ_INT(write((int)bell.write_end, &one, sizeof(one)), -1);
    CHECK_EQ_INT(errno, EAGAIN);
    bells_check_rings(&evio__bell_eventfd, &bell);
    CHECK_EQ_INT(write((int)bell.write_end, &one, sizeof(one)), 8);
    bells_check_hush(&evio__bell_eventfd, &bell);
}

TEST(a_full_pipe_rings_already)
{
    evio__bell bell;
    char bytes[4096];

    memset(bytes, '!', sizeof(bytes));
    CHECK_OK(evio__bell_pipe.open(&bell));
    while (write((int)bell.write_end, bytes, sizeof(bytes)) > 0) {
    }
    CHECK_EQ_INT(errno, EAGAIN);
    bells_check_rings(&evio__bell_pipe, &bell);
    bells_check_hush(&evio__bell_pipe, &bell);
}

/* Systems may answer EAGAIN when they are short of memory (poll(2)). */
TEST(a_poll_that_says_eagain_is_asked_again)
{
    const evio_poll_options options = {sizeof(options), EVIO_SELECTOR_POLL};
    evio_poll *poll = NULL;
    evio_events *events = NULL;
    evio_source source;
    evio_event event;
    int pair[2];

    if (evio_selector_name(EVIO_SELECTOR_POLL) == NULL)
        SKIP("the poll selector is not built");
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_poll_new(&options, &poll));
    CHECK_OK(evio_events_new(1, &events));
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    CHECK_OK(
        evio_register(evio_poll_registry(poll), &source, 5, EVIO_WRITABLE));
    fault_fail_call("ppoll", 1, EAGAIN);
    CHECK_EQ_INT(evio_poll_wait(poll, events, EVIO_FOREVER), 1);
    CHECK(fault_fired());
    CHECK(evio_events_next(events, &event) && event.token == 5);
    fault_reset();
    CHECK_OK(evio_deregister(evio_poll_registry(poll), &source));
    evio_events_free(events);
    evio_poll_free(poll);
    net_close(pair[0]);
    net_close(pair[1]);
}
