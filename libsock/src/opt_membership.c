/* SPDX-License-Identifier: MIT */
/*
 * Options that name a multicast group, a sender or an interface.
 * The OS's structures for them live in the port. No state to guard.
 */
#include <libsock/opt_multicast.h>

#include "addr.h"
#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

/* Interface indexes are an int in some structures. */
static bool opt_index_fits(int id, uint32_t ifindex)
{
    const libsock__opt_row *row = libsock__opt_row_of(id);

    return row->max == 0 || (int64_t)ifindex <= row->max;
}

int libsock__opt_set_mreq(libsock_socket sock, int id, const uint8_t *group,
                          const uint8_t *local)
{
    libsock__membership what = {group, NULL, local, 0};

    if (group == NULL || local == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_membership(sock.raw, id, &what);
}

int libsock__opt_set_mreqn(libsock_socket sock, int id, const uint8_t *group,
                           uint32_t ifindex)
{
    libsock__membership what = {group, NULL, NULL, ifindex};

    if (group == NULL || !opt_index_fits(id, ifindex)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_membership(sock.raw, id, &what);
}

int libsock__opt_set_if(libsock_socket sock, int id, uint32_t ifindex)
{
    libsock__membership what = {NULL, NULL, NULL, ifindex};

    if (!opt_index_fits(id, ifindex)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_membership(sock.raw, id, &what);
}

int libsock__opt_set_ssm(libsock_socket sock, int id,
                         const libsock__membership *what)
{
    bool by_address = libsock__opt_row_of(id)->kind == LIBSOCK__OPT_KIND_SSM4;

    if (what->group == NULL || what->source == NULL ||
        (by_address && what->local == NULL) ||
        !opt_index_fits(id, what->ifindex)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_membership(sock.raw, id, what);
}

/* The family of an address that can be a group or a sender; its scope, when it
 * has one, must be the interface. */
static int opt_group_family(const libsock_addr *addr, uint32_t ifindex)
{
    struct libsock__parts parts;

    if (addr == NULL || libsock__addr_parts(addr, &parts) < 0) {
        return LIBSOCK_DOMAIN_UNSPEC;
    }
    if (parts.domain == LIBSOCK_DOMAIN_IPV6 && parts.u.ipv6.scope_id != 0 &&
        parts.u.ipv6.scope_id != ifindex) {
        return LIBSOCK_DOMAIN_UNSPEC;
    }
    return parts.domain;
}

int libsock__opt_set_group(libsock_socket sock, int id,
                           const libsock__group *what)
{
    bool sourced = libsock__opt_row_of(id)->kind == LIBSOCK__OPT_KIND_SOURCE;
    int family = opt_group_family(what->group, what->ifindex);

    if ((family != LIBSOCK_DOMAIN_IPV4 && family != LIBSOCK_DOMAIN_IPV6) ||
        (sourced && opt_group_family(what->source, what->ifindex) != family)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_group(sock.raw, id, what);
}

static bool opt_filter_valid(const libsock_group_filter *filter)
{
    int family;

    if (filter == NULL || (filter->mode != LIBSOCK_GROUP_INCLUDE &&
                           filter->mode != LIBSOCK_GROUP_EXCLUDE)) {
        return false;
    }
    family = opt_group_family(&filter->group, filter->ifindex);
    return family == LIBSOCK_DOMAIN_IPV4 || family == LIBSOCK_DOMAIN_IPV6;
}

int libsock_filter_group(libsock_socket sock,
                         const libsock_group_filter *filter,
                         const libsock_addr *sources, size_t n)
{
    if (!opt_filter_valid(filter) || n > LIBSOCK_GROUP_SOURCES_MAX ||
        (sources == NULL && n > 0)) {
        return libsock__invalid();
    }
    for (size_t i = 0; i < n; i++) {
        if (opt_group_family(&sources[i], filter->ifindex) !=
            opt_group_family(&filter->group, filter->ifindex)) {
            return libsock__invalid();
        }
    }
    return libsock__sys_opt_set_sources(sock.raw, filter, sources, n);
}

ptrdiff_t libsock_get_group_filter(libsock_socket sock,
                                   libsock_group_filter *filter,
                                   libsock_addr *sources, size_t cap)
{
    libsock_group_filter asked;
    ptrdiff_t n;

    if (filter == NULL || (sources == NULL && cap > 0)) {
        return libsock__invalid();
    }
    asked = *filter;
    asked.mode = LIBSOCK_GROUP_EXCLUDE;
    if (!opt_filter_valid(&asked)) {
        return libsock__invalid();
    }
    n = libsock__sys_opt_get_sources(sock.raw, &asked, sources, cap);
    if (n >= 0) {
        filter->mode = asked.mode;
    }
    return n;
}
