/* SPDX-License-Identifier: MIT */
/* The half of a poll that is the waiting thread's. */
#ifndef EVIO__CORE_POLL_H
#define EVIO__CORE_POLL_H

#include <libevio/poll.h>

#include "core/registry.h"

struct evio_poll {
    evio_registry *registry; /* a reference */
};

#endif
