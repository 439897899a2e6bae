/* SPDX-License-Identifier: MIT */
/*
 * SCTP: arguments are judged here, the structures are the port's. The options
 * that are numbers are rows of opt_list.h alone. No state to guard.
 */
#include <libsock/opt_sctp.h>

#include <string.h>

#include "addr.h"
#include "control.h"
#include "opt_list.h"
#include "sys/sys.h"
#include "util.h"

#define SCTP_NS_PER_MS UINT64_C(1000000)

int libsock_set_sctp_init(libsock_socket sock, const libsock_sctp_init *init)
{
    uint64_t ms;

    if (init == NULL) {
        return libsock__invalid();
    }
    ms = init->max_timeout_ns / SCTP_NS_PER_MS +
         (init->max_timeout_ns % SCTP_NS_PER_MS != 0);
    if (ms > UINT16_MAX) {
        return libsock__invalid();
    }
    return libsock__sys_sctp_set_init(
        sock.raw, (const uint16_t[4]){init->out_streams, init->max_in_streams,
                                      init->attempts, (uint16_t)ms});
}

int libsock_get_sctp_init(libsock_socket sock, libsock_sctp_init *out_init)
{
    uint16_t init[4] = {0, 0, 0, 0};
    int r;

    if (out_init == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_sctp_get_init(sock.raw, init);
    if (r >= 0) {
        memset(out_init, 0, sizeof(*out_init));
        out_init->out_streams = init[0];
        out_init->max_in_streams = init[1];
        out_init->attempts = init[2];
        out_init->max_timeout_ns = init[3] * SCTP_NS_PER_MS;
    }
    return r;
}

int libsock_control_get_sctp(const libsock_control *record,
                             libsock_sctp_message *out_message)
{
    if (!libsock__control_is(record, LIBSOCK_CONTROL_SCTP) ||
        out_message == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_control_get_sctp(record, out_message);
}

int libsock_control_put_sctp(libsock_control_writer *writer,
                             const libsock_sctp_message *message)
{
    libsock__control_made made;

    if (message == NULL ||
        (message->flags & ~(uint32_t)LIBSOCK_SCTP_UNORDERED) != 0) {
        return libsock__invalid();
    }
    return libsock__control_put_made(
        writer, libsock__sys_control_put_sctp(message, &made), &made);
}

static int sctp_addresses(libsock_socket sock, int id,
                          const libsock_addr *addrs, size_t n)
{
    struct libsock__parts parts;

    if (addrs == NULL || n == 0 || n > LIBSOCK_SCTP_ADDRS_MAX) {
        return libsock__invalid();
    }
    for (size_t i = 0; i < n; i++) {
        if (libsock__addr_parts(&addrs[i], &parts) < 0 ||
            (parts.domain != LIBSOCK_DOMAIN_IPV4 &&
             parts.domain != LIBSOCK_DOMAIN_IPV6)) {
            return libsock__invalid();
        }
    }
    return libsock__sys_sctp_addresses(sock.raw, id, addrs, n);
}

int libsock_sctp_bind_add(libsock_socket sock, const libsock_addr *addrs,
                          size_t n)
{
    return sctp_addresses(sock, LIBSOCK__OPT_sctp_bind_add, addrs, n);
}

int libsock_sctp_bind_remove(libsock_socket sock, const libsock_addr *addrs,
                             size_t n)
{
    return sctp_addresses(sock, LIBSOCK__OPT_sctp_bind_remove, addrs, n);
}

int libsock_sctp_connect(libsock_socket sock, const libsock_addr *addrs,
                         size_t n)
{
    return sctp_addresses(sock, LIBSOCK__OPT_sctp_connect, addrs, n);
}
