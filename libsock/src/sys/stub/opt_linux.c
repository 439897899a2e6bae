/* SPDX-License-Identifier: MIT */
/*
 * The options of Linux's own structures on a system that has none of them. The
 * same functions as sys/linux/opt_linux.c, opt_sctp.c and mptcp_info.c. No
 * state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

/* NOLINTBEGIN(readability-non-const-parameter): the types of the contract */

static int stub_opt_unsupported(void)
{
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

int libsock__sys_opt_set_txtime(libsock_raw sock, const libsock_txtime *txtime)
{
    (void)sock;
    (void)txtime;
    return stub_opt_unsupported();
}

int libsock__sys_opt_get_txtime(libsock_raw sock, libsock_txtime *out_txtime)
{
    (void)sock;
    (void)out_txtime;
    return stub_opt_unsupported();
}

int libsock__sys_opt_set_md5(libsock_raw sock, const libsock_tcp_md5 *key)
{
    (void)sock;
    (void)key;
    return stub_opt_unsupported();
}

int libsock__sys_opt_set_packet(libsock_raw sock, int id,
                                const libsock_packet_membership *what)
{
    (void)sock;
    (void)id;
    (void)what;
    return stub_opt_unsupported();
}

int libsock__sys_opt_take_packet(libsock_raw sock,
                                 libsock_packet_statistics *out_statistics)
{
    (void)sock;
    (void)out_statistics;
    return stub_opt_unsupported();
}

int libsock__sys_opt_lease_flow(libsock_raw sock,
                                const libsock_flow_lease *lease,
                                uint16_t linger_s, uint32_t *out_label)
{
    (void)sock;
    (void)lease;
    (void)linger_s;
    (void)out_label;
    return stub_opt_unsupported();
}

int libsock__sys_opt_release_flow(libsock_raw sock, uint32_t label)
{
    (void)sock;
    (void)label;
    return stub_opt_unsupported();
}

int libsock__sys_vsock_cid(uint32_t *out_cid)
{
    (void)out_cid;
    return stub_opt_unsupported();
}

int libsock__sys_mptcp_info(libsock_raw sock, libsock_mptcp_info *out_info)
{
    (void)sock;
    (void)out_info;
    return stub_opt_unsupported();
}

int libsock__sys_sctp_set_init(libsock_raw sock, const uint16_t init[4])
{
    (void)sock;
    (void)init;
    return stub_opt_unsupported();
}

int libsock__sys_sctp_get_init(libsock_raw sock, uint16_t out_init[4])
{
    (void)sock;
    (void)out_init;
    return stub_opt_unsupported();
}

int libsock__sys_sctp_addresses(libsock_raw sock, int id,
                                const libsock_addr *addrs, size_t n)
{
    (void)sock;
    (void)id;
    (void)addrs;
    (void)n;
    return stub_opt_unsupported();
}

int libsock__sys_control_get_sctp(const libsock_control *record,
                                  libsock_sctp_message *out_message)
{
    (void)record;
    (void)out_message;
    return stub_opt_unsupported();
}

int libsock__sys_control_put_sctp(const libsock_sctp_message *message,
                                  libsock__control_made *out)
{
    (void)message;
    (void)out;
    return stub_opt_unsupported();
}

/* NOLINTEND(readability-non-const-parameter) */
