/* SPDX-License-Identifier: MIT */
/* The load: N clients that send a payload to an echo server, wait until it has
 * come back, compare it, and send the next; in one thread, over one poll. */
#ifndef ECHO_LOAD_H
#define ECHO_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "histogram.h"

enum {
    LOAD_CONNECTIONS_MAX = 10000,
    LOAD_SIZE_MAX = 16777216,
    LOAD_UDP_SIZE_MIN = 8, /* room for the number of the request */
    LOAD_UDP_SIZE_MAX = 65507
};

struct load_options {
    struct address peer;
    int selector;         /* an enum evio_selector */
    unsigned connections; /* 1 to LOAD_CONNECTIONS_MAX */
    size_t size;          /* bytes of a payload */
    uint64_t duration_ns;
};

struct load_result {
    uint64_t duration_ns; /* that it really took */
    uint64_t requests;    /* answered, rightly */
    uint64_t bytes_out, bytes_in;
    uint64_t errors;     /* connections that failed, answers that were wrong */
    uint64_t lost;       /* datagrams without an answer in time */
    uint64_t late;       /* answers that came after that */
    const char *failure; /* of the first error: what failed */
    int failure_code;    /* and what the OS said, or 0 */
    struct histogram latency; /* from the first byte sent to the last back */
};

/* Run it to its end. 0, also when there were errors in the result; else the
 * reason why it could not begin. */
int load_run(const struct load_options *options, struct load_result *result);

#endif
