/* SPDX-License-Identifier: MIT */
/*
 * The address families of Linux on a system that has none of them. The same
 * functions as sys/linux/addr.c, which says what they are for. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

/* NOLINTBEGIN(readability-non-const-parameter): the types of the contract */

static int stub_addr_unsupported(void)
{
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

bool libsock__sys_has_abstract(void)
{
    return false;
}

void libsock__sys_addr_whole(libsock_addr *addr)
{
    (void)addr;
}

int libsock__sys_addr_put_vsock(uint32_t cid, uint32_t port, libsock_addr *out)
{
    (void)cid;
    (void)port;
    (void)out;
    return stub_addr_unsupported();
}

int libsock__sys_addr_get_vsock(const libsock_addr *addr, uint32_t *out_cid,
                                uint32_t *out_port)
{
    (void)addr;
    (void)out_cid;
    (void)out_port;
    return stub_addr_unsupported();
}

int libsock__sys_addr_put_packet(const libsock_packet *packet,
                                 libsock_addr *out)
{
    (void)packet;
    (void)out;
    return stub_addr_unsupported();
}

int libsock__sys_addr_get_packet(const libsock_addr *addr,
                                 libsock_packet *out_packet)
{
    (void)addr;
    (void)out_packet;
    return stub_addr_unsupported();
}

int libsock__sys_addr_put_netlink(uint32_t port_id, uint32_t groups,
                                  libsock_addr *out)
{
    (void)port_id;
    (void)groups;
    (void)out;
    return stub_addr_unsupported();
}

int libsock__sys_addr_get_netlink(const libsock_addr *addr,
                                  uint32_t *out_port_id, uint32_t *out_groups)
{
    (void)addr;
    (void)out_port_id;
    (void)out_groups;
    return stub_addr_unsupported();
}

/* NOLINTEND(readability-non-const-parameter) */
