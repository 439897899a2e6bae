/* SPDX-License-Identifier: MIT */
/*
 * Control records with times, and those of the error queue.
 * The OS's structures live in the port. No state to guard.
 */
#include <libsock/control_error.h>
#include <libsock/control_time.h>

#include "control.h"

int libsock_control_get_timestamp(const libsock_control *record,
                                  uint64_t *out_ns)
{
    uint64_t ns;
    int r;

    if (!libsock__control_is(record, LIBSOCK_CONTROL_TIMESTAMP) ||
        out_ns == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_control_times(record, 1, &ns);
    if (r >= 0) {
        *out_ns = ns;
    }
    return r;
}

int libsock_control_get_timestamps(const libsock_control *record,
                                   libsock_timestamps *out_times)
{
    uint64_t ns[3];
    int r;

    if (!libsock__control_is(record, LIBSOCK_CONTROL_TIMESTAMPS) ||
        out_times == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_control_times(record, 3, ns);
    if (r >= 0) {
        out_times->software_ns = ns[0];
        /* The second one has not been filled in since Linux 3.17. */
        out_times->hardware_ns = ns[2];
    }
    return r;
}

int libsock_control_put_tx_time(libsock_control_writer *writer, uint64_t ns)
{
    libsock__control_made made;

    return libsock__control_put_made(
        writer,
        libsock__sys_control_number(LIBSOCK_CONTROL_TX_TIME,
                                    LIBSOCK_DOMAIN_UNSPEC, ns, &made),
        &made);
}

int libsock_control_get_error(const libsock_control *record,
                              libsock_sock_error *out_error)
{
    libsock_sock_error error;
    int r;

    if (!libsock__control_is(record, LIBSOCK_CONTROL_ERROR) ||
        out_error == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_control_error(record, &error);
    if (r >= 0) {
        *out_error = error;
    }
    return r;
}

/* An entry of the error queue that came from `origin`. */
static int control_get_report(const libsock_control *record, uint32_t origin,
                              libsock_sock_error *out_error)
{
    int r = libsock_control_get_error(record, out_error);

    if (r < 0) {
        return r;
    }
    return out_error->origin == origin ? 0 : libsock__invalid();
}

int libsock_control_get_tx_report(const libsock_control *record,
                                  libsock_tx_report *out_report)
{
    libsock_sock_error error = {0};
    int r = control_get_report(record, LIBSOCK_ORIGIN_TIMESTAMP, &error);

    if (r < 0 || out_report == NULL) {
        return r < 0 ? r : libsock__invalid();
    }
    out_report->stage = error.info;
    out_report->id = error.data;
    return 0;
}

/* The code by which Linux says that it has copied. */
#define CONTROL_COPIED 1

int libsock_control_get_zerocopy(const libsock_control *record,
                                 libsock_zerocopy *out_range)
{
    libsock_sock_error error = {0};
    int r = control_get_report(record, LIBSOCK_ORIGIN_ZEROCOPY, &error);

    if (r < 0 || out_range == NULL) {
        return r < 0 ? r : libsock__invalid();
    }
    out_range->first = error.info;
    out_range->last = error.data;
    out_range->copied = (error.code & CONTROL_COPIED) != 0;
    return 0;
}
