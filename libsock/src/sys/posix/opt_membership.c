/* SPDX-License-Identifier: MIT */
/*
 * The structures of multicast membership. Their fields are set by name because
 * systems order them differently. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

union opt_request {
    struct ip_mreq mreq4;
    struct ipv6_mreq mreq6;
#if defined(LIBSOCK__OPT_HAS_MREQN)
    struct ip_mreqn mreqn4;
#endif
#if defined(IP_ADD_SOURCE_MEMBERSHIP)
    struct ip_mreq_source ssm4;
#endif
#if defined(MCAST_JOIN_SOURCE_GROUP)
    struct group_source_req ssm6;
#endif
};

static size_t opt_fill_mreq4(const libsock__membership *what,
                             struct ip_mreq *mreq)
{
    memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    memcpy(&mreq->imr_interface, what->local, sizeof(mreq->imr_interface));
    return sizeof(*mreq);
}

static size_t opt_fill_mreq6(const libsock__membership *what,
                             struct ipv6_mreq *mreq)
{
    memcpy(&mreq->ipv6mr_multiaddr, what->group,
           sizeof(mreq->ipv6mr_multiaddr));
    mreq->ipv6mr_interface = what->ifindex;
    return sizeof(*mreq);
}

#if defined(LIBSOCK__OPT_HAS_MREQN)

/* IF4 has no group. */
static size_t opt_fill_mreqn4(const libsock__membership *what,
                              struct ip_mreqn *mreq)
{
    if (what->group != NULL) {
        memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    }
    mreq->imr_ifindex = (int)what->ifindex;
    return sizeof(*mreq);
}

#endif
#if defined(IP_ADD_SOURCE_MEMBERSHIP)

static size_t opt_fill_ssm4(const libsock__membership *what,
                            struct ip_mreq_source *mreq)
{
    memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    memcpy(&mreq->imr_interface, what->local, sizeof(mreq->imr_interface));
    memcpy(&mreq->imr_sourceaddr, what->source, sizeof(mreq->imr_sourceaddr));
    return sizeof(*mreq);
}

#endif
#if defined(MCAST_JOIN_SOURCE_GROUP)

/* The protocol-independent request carries whole addresses, which begin with
 * their length where addresses do (RFC 3493, 3.3). */
static void opt_put_ipv6(const uint8_t *octets, struct sockaddr_storage *out)
{
    struct sockaddr_in6 addr;

    memset(&addr, 0, sizeof(addr));
# if defined(SIN6_LEN)
    addr.sin6_len = sizeof(addr);
# endif
    addr.sin6_family = AF_INET6;
    memcpy(&addr.sin6_addr, octets, sizeof(addr.sin6_addr));
    memcpy(out, &addr, sizeof(addr));
}

static size_t opt_fill_ssm6(const libsock__membership *what,
                            struct group_source_req *req)
{
    req->gsr_interface = what->ifindex;
    opt_put_ipv6(what->group, &req->gsr_group);
    opt_put_ipv6(what->source, &req->gsr_source);
    return sizeof(*req);
}

#endif

/* The length of the request; 0 for one that this OS lacks. */
static size_t opt_fill(int kind, const libsock__membership *what,
                       union opt_request *out)
{
    switch (kind) {
    case LIBSOCK__OPT_KIND_MREQ4:
        return opt_fill_mreq4(what, &out->mreq4);
    case LIBSOCK__OPT_KIND_MREQ6:
        return opt_fill_mreq6(what, &out->mreq6);
#if defined(LIBSOCK__OPT_HAS_MREQN)
    case LIBSOCK__OPT_KIND_MREQN4:
    case LIBSOCK__OPT_KIND_IF4:
        return opt_fill_mreqn4(what, &out->mreqn4);
#endif
#if defined(IP_ADD_SOURCE_MEMBERSHIP)
    case LIBSOCK__OPT_KIND_SSM4:
        return opt_fill_ssm4(what, &out->ssm4);
#endif
#if defined(MCAST_JOIN_SOURCE_GROUP)
    case LIBSOCK__OPT_KIND_SSM6:
        return opt_fill_ssm6(what, &out->ssm6);
#endif
    default:
        return 0;
    }
}

int libsock__sys_opt_set_membership(libsock_raw sock, int id,
                                    const libsock__membership *what)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    union opt_request request;
    size_t len;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    memset(&request, 0, sizeof(request));
    len = opt_fill(row->kind, what, &request);
    if (len == 0) {
        return -ENOPROTOOPT;
    }
    return libsock__sys_setopt(sock, row->level, row->name, &request, len);
}
