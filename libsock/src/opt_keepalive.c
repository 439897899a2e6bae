/* SPDX-License-Identifier: MIT */
/*
 * Keepalive set as a whole: all of it, or nothing.
 * The single options are rows like any other. No state to guard.
 */
#include <libsock/opt_tcp.h>

#include <libsock/opt_sock.h>

#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

enum {
    OPT_KEEPALIVE_ROWS = 3
};

/* One setting: its row, what to set, what was there. */
struct opt_keepalive_step {
    int id;
    bool wanted;
    int64_t value;
    int64_t before;
};

/* Ranges and the OS's abilities first, so that a refusal costs no call. */
static int opt_keepalive_plan(const libsock_keepalive *keepalive,
                              struct opt_keepalive_step *steps)
{
    static const int ids[OPT_KEEPALIVE_ROWS] = {
        LIBSOCK__OPT_tcp_keepalive_time,
        LIBSOCK__OPT_tcp_keepalive_interval,
        LIBSOCK__OPT_tcp_keepalive_retries,
    };
    const uint64_t asked[OPT_KEEPALIVE_ROWS] = {
        keepalive->time_ns, keepalive->interval_ns, keepalive->retries};

    for (int i = 0; i < OPT_KEEPALIVE_ROWS; i++) {
        int native[2];
        int r = 0;

        steps[i] = (struct opt_keepalive_step){ids[i], asked[i] != 0, 0, 0};
        if (steps[i].wanted) {
            /* Retries have no unit and pass through. */
            r = libsock__opt_ticks(ids[i], asked[i], &steps[i].value);
        }
        if (r >= 0 && steps[i].wanted) {
            r = libsock__sys_opt_native(ids[i], &native[0], &native[1]);
        }
        if (r < 0) {
            return r;
        }
    }
    return 0;
}

static int opt_keepalive_step(libsock_raw sock, struct opt_keepalive_step *step)
{
    int r;

    if (!step->wanted) {
        return 0;
    }
    r = libsock__sys_opt_get_number(sock, step->id, &step->before);
    return r < 0 ? r : libsock__sys_opt_set_number(sock, step->id, step->value);
}

int libsock_set_tcp_keepalive(libsock_socket sock,
                              const libsock_keepalive *keepalive)
{
    struct opt_keepalive_step steps[OPT_KEEPALIVE_ROWS];
    int done;
    int r;

    if (keepalive == NULL || keepalive->reserved != 0) {
        return libsock__invalid();
    }
    r = opt_keepalive_plan(keepalive, steps);
    if (r < 0) {
        return r;
    }
    for (done = 0; done < OPT_KEEPALIVE_ROWS; done++) {
        r = opt_keepalive_step(sock.raw, &steps[done]);
        if (r < 0) {
            goto undo_steps;
        }
    }
    r = libsock__sys_opt_set_number(sock.raw, LIBSOCK__OPT_keepalive, 1);
    if (r >= 0) {
        return r;
    }
undo_steps:
    while (done-- > 0) {
        if (steps[done].wanted) {
            (void)libsock__sys_opt_set_number(sock.raw, steps[done].id,
                                              steps[done].before);
        }
    }
    return r;
}
