/* SPDX-License-Identifier: MIT */
/*
 * Control data as struct cmsghdr: headers, kinds, numbers, descriptors.
 * Structures with addresses are in control_net.c; what only Linux has, in its
 * own folder. Headers are copied in and out, so nothing here needs alignment;
 * no state to guard.
 */
#include "platform.h"

#include <string.h>

#include "../sys.h"
#include "control_types.h"
#include "util.h"

size_t libsock__sys_control_space(size_t len)
{
    return CMSG_SPACE(len);
}

unsigned char *libsock__sys_control_head(unsigned char *at, int level, int type,
                                         size_t len)
{
    struct cmsghdr head;

    memset(&head, 0, sizeof(head));
    head.cmsg_level = level;
    head.cmsg_type = type;
    /* A size_t or a socklen_t; the payload was limited to fit both. */
    head.cmsg_len = (libsock__cmsg_len)CMSG_LEN(len);
    memcpy(at, &head, sizeof(head));
    return at + CMSG_LEN(0);
}

static int control_kind_socket(int type)
{
    switch (type) {
    case SCM_RIGHTS:
        return LIBSOCK_CONTROL_FDS;
#if defined(SCM_CREDENTIALS)
    case SCM_CREDENTIALS:
        return LIBSOCK_CONTROL_CRED;
#endif
#if defined(SCM_SECURITY)
    case SCM_SECURITY:
        return LIBSOCK_CONTROL_SECURITY;
#endif
#if defined(SCM_PIDFD)
    case SCM_PIDFD:
        return LIBSOCK_CONTROL_PIDFD;
#endif
#if defined(SO_RXQ_OVFL)
    case SO_RXQ_OVFL:
        return LIBSOCK_CONTROL_DROP_COUNT;
#endif
#if defined(SO_TIMESTAMP_OLD)
    case SO_TIMESTAMP_OLD:
    case SO_TIMESTAMP_NEW:
    case SO_TIMESTAMPNS_OLD:
    case SO_TIMESTAMPNS_NEW:
        return LIBSOCK_CONTROL_TIMESTAMP;
    case SO_TIMESTAMPING_OLD:
    case SO_TIMESTAMPING_NEW:
        return LIBSOCK_CONTROL_TIMESTAMPS;
#elif defined(SCM_TIMESTAMP)
    case SCM_TIMESTAMP:
        return LIBSOCK_CONTROL_TIMESTAMP;
#endif
#if defined(SCM_REALTIME)
    case SCM_REALTIME:
        return LIBSOCK_CONTROL_TIMESTAMP;
#endif
#if defined(SCM_TXTIME)
    case SCM_TXTIME:
        return LIBSOCK_CONTROL_TX_TIME;
#endif
#if defined(SO_PRIORITY) && defined(SO_MARK)
    case SO_PRIORITY:
        return LIBSOCK_CONTROL_PRIORITY;
    case SO_MARK:
        return LIBSOCK_CONTROL_MARK;
#endif
    default:
        return LIBSOCK_CONTROL_OTHER;
    }
}

/* Linux names the record after the value, the BSDs after the option that asks
 * for it. */
#if defined(__linux__)
# define CONTROL_TTL IP_TTL
# define CONTROL_TOS IP_TOS
#else
# if defined(IP_RECVTTL)
#  define CONTROL_TTL IP_RECVTTL
# endif
# if defined(IP_RECVTOS)
#  define CONTROL_TOS IP_RECVTOS
# endif
#endif

static int control_kind_ipv4(int type)
{
    switch (type) {
#if defined(CONTROL_TTL)
    case CONTROL_TTL:
        return LIBSOCK_CONTROL_HOP_LIMIT;
#endif
#if defined(CONTROL_TOS)
    case CONTROL_TOS:
        return LIBSOCK_CONTROL_TOS;
#endif
#if defined(IP_PKTINFO)
    case IP_PKTINFO:
        return LIBSOCK_CONTROL_PKTINFO;
#elif defined(IP_RECVDSTADDR)
    case IP_RECVDSTADDR:
        return LIBSOCK_CONTROL_PKTINFO;
#endif
#if defined(IP_ORIGDSTADDR)
    case IP_ORIGDSTADDR:
        return LIBSOCK_CONTROL_ORIGINAL_DST;
#endif
#if defined(IP_RECVERR)
    case IP_RECVERR:
        return LIBSOCK_CONTROL_ERROR;
#endif
#if defined(IP_RECVFRAGSIZE)
    case IP_RECVFRAGSIZE:
        return LIBSOCK_CONTROL_FRAGMENT;
#endif
    default:
        return LIBSOCK_CONTROL_OTHER;
    }
}

static int control_kind_ipv6(int type)
{
    switch (type) {
#if defined(IPV6_HOPLIMIT)
    case IPV6_HOPLIMIT:
        return LIBSOCK_CONTROL_HOP_LIMIT;
#endif
#if defined(IPV6_TCLASS)
    case IPV6_TCLASS:
        return LIBSOCK_CONTROL_TOS;
#endif
#if defined(IPV6_PKTINFO)
    case IPV6_PKTINFO:
        return LIBSOCK_CONTROL_PKTINFO;
#endif
#if defined(IPV6_ORIGDSTADDR)
    case IPV6_ORIGDSTADDR:
        return LIBSOCK_CONTROL_ORIGINAL_DST;
#endif
#if defined(IPV6_RECVERR)
    case IPV6_RECVERR:
        return LIBSOCK_CONTROL_ERROR;
#endif
#if defined(IPV6_RECVFRAGSIZE)
    case IPV6_RECVFRAGSIZE:
        return LIBSOCK_CONTROL_FRAGMENT;
#endif
#if defined(IPV6_FLOWINFO)
    case IPV6_FLOWINFO:
        return LIBSOCK_CONTROL_FLOW_LABEL;
#endif
    default:
        return LIBSOCK_CONTROL_OTHER;
    }
}

/* Levels of which one record or two are known. */
static int control_kind_other(int level, int type)
{
#if defined(UDP_SEGMENT)
    if (level == IPPROTO_UDP && (type == UDP_GRO || type == UDP_SEGMENT)) {
        return LIBSOCK_CONTROL_UDP_SEGMENT;
    }
#endif
#if defined(TCP_CM_INQ)
    if (level == IPPROTO_TCP && type == TCP_CM_INQ) {
        return LIBSOCK_CONTROL_TCP_QUEUED;
    }
#endif
#if defined(SOL_TLS)
    if (level == SOL_TLS &&
        (type == TLS_GET_RECORD_TYPE || type == TLS_SET_RECORD_TYPE)) {
        return LIBSOCK_CONTROL_TLS_RECORD;
    }
#endif
#if defined(__linux__)
    if (level == IPPROTO_SCTP && type == SCTP_RCVINFO_TYPE) {
        return LIBSOCK_CONTROL_SCTP;
    }
#endif
#if defined(PACKET_TX_TIMESTAMP)
    if ((level == SOL_PACKET && type == PACKET_TX_TIMESTAMP) ||
        (level == SOL_VSOCK && type == VSOCK_RECVERR)) {
        return LIBSOCK_CONTROL_ERROR;
    }
#endif
    (void)level;
    (void)type;
    return LIBSOCK_CONTROL_OTHER;
}

static int control_kind(int level, int type)
{
    switch (level) {
    case SOL_SOCKET:
        return control_kind_socket(type);
    case IPPROTO_IP:
        return control_kind_ipv4(type);
    case IPPROTO_IPV6:
        return control_kind_ipv6(type);
    default:
        return control_kind_other(level, type);
    }
}

int libsock__sys_control_parse(const unsigned char *at, size_t left,
                               libsock_control *out_record, size_t *out_step)
{
    struct cmsghdr head;
    size_t len;
    size_t step;

    if (left < CMSG_LEN(0)) {
        return 0;
    }
    memcpy(&head, at, sizeof(head));
    len = head.cmsg_len;
    if (len < CMSG_LEN(0) || len > left) {
        return -EINVAL;
    }
    step = CMSG_SPACE(len - CMSG_LEN(0));
    out_record->kind = control_kind(head.cmsg_level, head.cmsg_type);
    out_record->level = head.cmsg_level;
    out_record->type = head.cmsg_type;
    out_record->reserved = 0;
    out_record->data = at + CMSG_LEN(0);
    out_record->len = len - CMSG_LEN(0);
    /* The last one may come without its padding. */
    *out_step = step < left ? step : left;
    return 1;
}

/* What a number becomes when it is sent. */
struct control_number {
    int kind;
    int domain;
    int level;
    int type;
    size_t len;
};

/* FreeBSD insists on one byte, Linux takes either, Apple an int. */
#if defined(__FreeBSD__)
# define CONTROL_TOS_LEN sizeof(uint8_t)
#else
# define CONTROL_TOS_LEN sizeof(int)
#endif

static const struct control_number control_numbers[] = {
#if defined(__linux__)
    {LIBSOCK_CONTROL_HOP_LIMIT, LIBSOCK_DOMAIN_IPV4, IPPROTO_IP, IP_TTL,
     sizeof(int)},
#endif
#if defined(__linux__) || defined(__FreeBSD__) || defined(__APPLE__)
    {LIBSOCK_CONTROL_TOS, LIBSOCK_DOMAIN_IPV4, IPPROTO_IP, IP_TOS,
     CONTROL_TOS_LEN},
#endif
#if defined(IPV6_HOPLIMIT)
    {LIBSOCK_CONTROL_HOP_LIMIT, LIBSOCK_DOMAIN_IPV6, IPPROTO_IPV6,
     IPV6_HOPLIMIT, sizeof(int)},
#endif
#if defined(IPV6_TCLASS)
    {LIBSOCK_CONTROL_TOS, LIBSOCK_DOMAIN_IPV6, IPPROTO_IPV6, IPV6_TCLASS,
     sizeof(int)},
#endif
#if defined(UDP_SEGMENT)
    {LIBSOCK_CONTROL_UDP_SEGMENT, LIBSOCK_DOMAIN_UNSPEC, IPPROTO_UDP,
     UDP_SEGMENT, sizeof(uint16_t)},
#endif
#if defined(SOL_TLS)
    {LIBSOCK_CONTROL_TLS_RECORD, LIBSOCK_DOMAIN_UNSPEC, SOL_TLS,
     TLS_SET_RECORD_TYPE, sizeof(uint8_t)},
#endif
#if defined(SO_PRIORITY) && defined(SO_MARK)
    {LIBSOCK_CONTROL_PRIORITY, LIBSOCK_DOMAIN_UNSPEC, SOL_SOCKET, SO_PRIORITY,
     sizeof(uint32_t)},
    {LIBSOCK_CONTROL_MARK, LIBSOCK_DOMAIN_UNSPEC, SOL_SOCKET, SO_MARK,
     sizeof(uint32_t)},
#endif
#if defined(IPV6_FLOWINFO)
    {LIBSOCK_CONTROL_FLOW_LABEL, LIBSOCK_DOMAIN_UNSPEC, IPPROTO_IPV6,
     IPV6_FLOWINFO, sizeof(uint32_t)},
#endif
#if defined(SCM_TXTIME)
    {LIBSOCK_CONTROL_TX_TIME, LIBSOCK_DOMAIN_UNSPEC, SOL_SOCKET, SCM_TXTIME,
     sizeof(uint64_t)},
#endif
    {LIBSOCK_CONTROL_OTHER, 0, 0, 0, 0},
};

/* The value in the width that the record has; it fits, because the caller knows
 * the kind's range. */
static void control_store(uint64_t value, size_t len, void *bytes)
{
    uint8_t byte = (uint8_t)value;
    uint16_t half = (uint16_t)value;
    uint32_t word = (uint32_t)value;

    switch (len) {
    case sizeof(byte):
        memcpy(bytes, &byte, sizeof(byte));
        break;
    case sizeof(half):
        memcpy(bytes, &half, sizeof(half));
        break;
    case sizeof(word):
        memcpy(bytes, &word, sizeof(word));
        break;
    default:
        memcpy(bytes, &value, sizeof(value));
        break;
    }
}

int libsock__sys_control_number(int kind, int domain, uint64_t value,
                                libsock__control_made *out)
{
    for (size_t i = 0; i < LIBSOCK__COUNT(control_numbers) - 1; i++) {
        const struct control_number *row = &control_numbers[i];

        if (row->kind == kind && row->domain == domain) {
            out->level = row->level;
            out->type = row->type;
            out->len = row->len;
            control_store(value, row->len, out->bytes);
            return 0;
        }
    }
    return -EOPNOTSUPP;
}

int libsock__sys_control_fds(int *out_level, int *out_type)
{
    *out_level = SOL_SOCKET;
    *out_type = SCM_RIGHTS;
    return 0;
}

size_t libsock__sys_control_fd_size(void)
{
    return sizeof(int);
}

libsock_raw libsock__sys_control_get_fd(const void *payload, size_t i)
{
    int fd;

    memcpy(&fd, (const unsigned char *)payload + i * sizeof(fd), sizeof(fd));
    return fd;
}

int libsock__sys_control_put_fd(unsigned char *payload, size_t i,
                                libsock_raw fd)
{
    int native = (int)fd;

    if (fd < 0 || fd != native) {
        return -EBADF;
    }
    memcpy(payload + i * sizeof(native), &native, sizeof(native));
    return 0;
}
