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
    struct ip_mreqn mreqn4;
    struct ip_mreq_source ssm4;
    struct ipv6_mreq mreq6;
    struct group_source_req ssm6;
};

static size_t opt_fill_mreq4(const libsock__membership *what,
                             struct ip_mreq *mreq)
{
    memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    memcpy(&mreq->imr_interface, what->local, sizeof(mreq->imr_interface));
    return sizeof(*mreq);
}

static size_t opt_fill_mreqn4(const libsock__membership *what,
                              struct ip_mreqn *mreq)
{
    memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    mreq->imr_ifindex = (int)what->ifindex;
    return sizeof(*mreq);
}

static size_t opt_fill_if4(const libsock__membership *what,
                           struct ip_mreqn *mreq)
{
    mreq->imr_ifindex = (int)what->ifindex;
    return sizeof(*mreq);
}

static size_t opt_fill_ssm4(const libsock__membership *what,
                            struct ip_mreq_source *mreq)
{
    memcpy(&mreq->imr_multiaddr, what->group, sizeof(mreq->imr_multiaddr));
    memcpy(&mreq->imr_interface, what->local, sizeof(mreq->imr_interface));
    memcpy(&mreq->imr_sourceaddr, what->source, sizeof(mreq->imr_sourceaddr));
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

/* The protocol-independent request carries whole addresses. */
static void opt_put_ipv6(const uint8_t *octets, struct sockaddr_storage *out)
{
    struct sockaddr_in6 addr;

    memset(&addr, 0, sizeof(addr));
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

static size_t opt_fill(int kind, const libsock__membership *what,
                       union opt_request *out)
{
    switch (kind) {
    case LIBSOCK__OPT_KIND_MREQ4:
        return opt_fill_mreq4(what, &out->mreq4);
    case LIBSOCK__OPT_KIND_MREQN4:
        return opt_fill_mreqn4(what, &out->mreqn4);
    case LIBSOCK__OPT_KIND_SSM4:
        return opt_fill_ssm4(what, &out->ssm4);
    case LIBSOCK__OPT_KIND_MREQ6:
        return opt_fill_mreq6(what, &out->mreq6);
    case LIBSOCK__OPT_KIND_SSM6:
        return opt_fill_ssm6(what, &out->ssm6);
    default:
        return opt_fill_if4(what, &out->mreqn4);
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
    return libsock__sys_setopt(sock, row->level, row->name, &request, len);
}
