/* SPDX-License-Identifier: MIT */
/*
 * Promise: a selector name that this build does not have is an error, not a
 * reason to take another. What the names do is tested in evio_core_input.c.
 * The environment comes from the table of tests.
 */
#include <stdlib.h>

#include "support/check.h"
#include "support/loop.h"

TEST(nonsense_in_the_environment_is_refused)
{
    evio_poll *poll = NULL;

    CHECK_EQ_STR(getenv("EVIO_SELECTOR"), "nonsense");
    CHECK_KIND(evio_poll_new(NULL, &poll), INVALID_INPUT);
    CHECK(poll == NULL);
}

TEST(a_selector_of_the_program_needs_no_environment)
{
    for (int id = EVIO_SELECTOR_EPOLL; id <= EVIO_SELECTOR_POLL; id++) {
        evio_poll_options options = {sizeof(options), id, 0};
        evio_poll *poll = NULL;

        if (evio_selector_name(id) == NULL)
            continue;
        CHECK_OK(evio_poll_new(&options, &poll));
        CHECK_EQ_INT(evio_poll_selector(poll), id);
        evio_poll_free(poll);
    }
}
