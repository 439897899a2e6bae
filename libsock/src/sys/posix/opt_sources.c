/* SPDX-License-Identifier: MIT */
/*
 * All senders of a multicast group at once (RFC 3678): Linux has one option for
 * it, elsewhere the C library has a function. Single senders are in
 * opt_group.c. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "sys/sys.h"

#if defined(MCAST_MSFILTER)
# define SOURCES_HEAD offsetof(struct group_filter, gf_slist)
#else
# define SOURCES_HEAD sizeof(struct sockaddr_storage)
#endif

struct sources_request {
    unsigned char head[SOURCES_HEAD];
    struct sockaddr_storage list[LIBSOCK_GROUP_SOURCES_MAX];
};

#if defined(MCAST_MSFILTER)

_Static_assert(offsetof(struct sources_request, list) == SOURCES_HEAD,
               "the list begins where the kernel looks for it");

static int sources_level(const libsock_group_filter *filter)
{
    return libsock__sys_addr_family(&filter->group) == AF_INET ? IPPROTO_IP
                                                               : IPPROTO_IPV6;
}

static size_t sources_begin(const libsock_group_filter *filter, uint32_t n,
                            struct sources_request *request)
{
    struct group_filter head;

    memset(&head, 0, sizeof(head));
    head.gf_interface = filter->ifindex;
    head.gf_fmode =
        filter->mode == LIBSOCK_GROUP_INCLUDE ? MCAST_INCLUDE : MCAST_EXCLUDE;
    head.gf_numsrc = n;
    libsock__opt_group_addr(&filter->group, &head.gf_group);
    memcpy(request->head, &head, sizeof(request->head));
    return sizeof(request->head) + n * sizeof(request->list[0]);
}

static int sources_set(libsock_raw sock, const libsock_group_filter *filter,
                       uint32_t n, struct sources_request *request)
{
    size_t len = sources_begin(filter, n, request);

    return libsock__sys_setopt(sock, sources_level(filter), MCAST_MSFILTER,
                               request, len);
}

static int sources_get(libsock_raw sock, libsock_group_filter *filter,
                       struct sources_request *request, uint32_t *out_n)
{
    size_t len = sources_begin(filter, LIBSOCK_GROUP_SOURCES_MAX, request);
    struct group_filter head;
    int r = libsock__sys_getopt(sock, sources_level(filter), MCAST_MSFILTER,
                                request, &len);

    if (r >= 0) {
        memcpy(&head, request->head, sizeof(request->head));
        *out_n = head.gf_numsrc;
        filter->mode = head.gf_fmode == MCAST_INCLUDE ? LIBSOCK_GROUP_INCLUDE
                                                      : LIBSOCK_GROUP_EXCLUDE;
    }
    return r;
}

#elif defined(MCAST_EXCLUDE)

static socklen_t sources_begin(const libsock_group_filter *filter,
                               struct sockaddr_storage *out_group)
{
    libsock__opt_group_addr(&filter->group, out_group);
    return out_group->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                           : sizeof(struct sockaddr_in6);
}

static int sources_set(libsock_raw sock, const libsock_group_filter *filter,
                       uint32_t n, struct sources_request *request)
{
    struct sockaddr_storage group;
    socklen_t len = sources_begin(filter, &group);
    uint32_t mode =
        filter->mode == LIBSOCK_GROUP_INCLUDE ? MCAST_INCLUDE : MCAST_EXCLUDE;

    return libsock__result(SYS(setsourcefilter, (int)sock, filter->ifindex,
                               (struct sockaddr *)&group, len, mode, n,
                               request->list));
}

static int sources_get(libsock_raw sock, libsock_group_filter *filter,
                       struct sources_request *request, uint32_t *out_n)
{
    struct sockaddr_storage group;
    socklen_t len = sources_begin(filter, &group);
    uint32_t mode = 0;
    int r;

    *out_n = LIBSOCK_GROUP_SOURCES_MAX;
    r = libsock__result(SYS(getsourcefilter, (int)sock, filter->ifindex,
                            (struct sockaddr *)&group, len, &mode, out_n,
                            request->list));
    if (r >= 0) {
        filter->mode = mode == MCAST_INCLUDE ? LIBSOCK_GROUP_INCLUDE
                                             : LIBSOCK_GROUP_EXCLUDE;
    }
    return r;
}

#else

static int sources_set(libsock_raw sock, const libsock_group_filter *filter,
                       uint32_t n, struct sources_request *request)
{
    (void)sock;
    (void)filter;
    (void)n;
    (void)request;
    return -ENOPROTOOPT;
}

static int sources_get(libsock_raw sock, libsock_group_filter *filter,
                       struct sources_request *request, uint32_t *out_n)
{
    (void)sock;
    (void)filter;
    (void)out_n;
    (void)request;
    return -ENOPROTOOPT;
}

#endif

int libsock__sys_opt_set_sources(libsock_raw sock,
                                 const libsock_group_filter *filter,
                                 const libsock_addr *sources, size_t n)
{
    struct sources_request request;

    for (size_t i = 0; i < n; i++) {
        libsock__opt_group_addr(&sources[i], &request.list[i]);
    }
    return sources_set(sock, filter, (uint32_t)n, &request);
}

ptrdiff_t libsock__sys_opt_get_sources(libsock_raw sock,
                                       libsock_group_filter *filter,
                                       libsock_addr *sources, size_t cap)
{
    struct sources_request request;
    libsock_group_filter answer = *filter;
    uint32_t n = 0;
    int r;

    memset(&request, 0, sizeof(request));
    r = sources_get(sock, &answer, &request, &n);
    if (r < 0) {
        return r;
    }
    if (cap != 0 && (n > cap || n > LIBSOCK_GROUP_SOURCES_MAX)) {
        return -ENOBUFS;
    }
    filter->mode = answer.mode;
    for (uint32_t i = 0; cap != 0 && i < n; i++) {
        memset(&sources[i], 0, sizeof(sources[i]));
        sources[i].len = filter->group.len;
        memcpy(sources[i].storage, &request.list[i], filter->group.len);
    }
    return (ptrdiff_t)n;
}
