/* SPDX-License-Identifier: MIT */
/* Words for the numbers of libsock's table. Nothing is printed here. There is
 * no state. */
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libsock/types.h>

#define WORDS_COUNT(words) (sizeof(words) / sizeof((words)[0]))

/* A table of libsock may be newer than this program. */
static const char *words_at(const char *const *words, size_t n, int i)
{
    if (i < 0 || (size_t)i >= n || words[i] == NULL)
        return "?";
    return words[i];
}

const char *words_kind(int kind)
{
    static const char *const words[] = {
        [LIBSOCK_OPT_KIND_BOOL] = "bool",
        [LIBSOCK_OPT_KIND_INT] = "int",
        [LIBSOCK_OPT_KIND_UINT] = "uint",
        [LIBSOCK_OPT_KIND_SIZE] = "size",
        [LIBSOCK_OPT_KIND_U64] = "u64",
        [LIBSOCK_OPT_KIND_DURATION] = "duration",
        [LIBSOCK_OPT_KIND_TEXT] = "text",
        [LIBSOCK_OPT_KIND_ADDR] = "addr",
        [LIBSOCK_OPT_KIND_IPV4] = "ipv4",
        [LIBSOCK_OPT_KIND_MEMBERSHIP] = "membership",
        [LIBSOCK_OPT_KIND_FILTER] = "filter",
        [LIBSOCK_OPT_KIND_NONE] = "none",
        [LIBSOCK_OPT_KIND_FD] = "fd",
        [LIBSOCK_OPT_KIND_BYTES] = "bytes",
        [LIBSOCK_OPT_KIND_STRUCT] = "struct",
    };

    return words_at(words, WORDS_COUNT(words), kind);
}

const char *words_unit(int unit)
{
    static const char *const words[] = {
        [LIBSOCK_OPT_UNIT_NONE] = "-",
        [LIBSOCK_OPT_UNIT_BYTES] = "bytes",
        [LIBSOCK_OPT_UNIT_S] = "s",
        [LIBSOCK_OPT_UNIT_MS] = "ms",
        [LIBSOCK_OPT_UNIT_US] = "us",
        [LIBSOCK_OPT_UNIT_BYTES_PER_S] = "bytes/s",
    };

    return words_at(words, WORDS_COUNT(words), unit);
}

const char *words_domain(int domain)
{
    static const char *const words[] = {
        [LIBSOCK_DOMAIN_UNSPEC] = "any",     [LIBSOCK_DOMAIN_IPV4] = "ipv4",
        [LIBSOCK_DOMAIN_IPV6] = "ipv6",      [LIBSOCK_DOMAIN_UNIX] = "unix",
        [LIBSOCK_DOMAIN_VSOCK] = "vsock",    [LIBSOCK_DOMAIN_PACKET] = "packet",
        [LIBSOCK_DOMAIN_NETLINK] = "netlink"};

    return words_at(words, WORDS_COUNT(words), domain);
}

const char *words_type(int type)
{
    static const char *const words[] = {"any",
                                        [LIBSOCK_TYPE_STREAM] = "stream",
                                        [LIBSOCK_TYPE_DGRAM] = "dgram",
                                        [LIBSOCK_TYPE_RAW] = "raw",
                                        [LIBSOCK_TYPE_SEQPACKET] = "seqpacket",
                                        [LIBSOCK_TYPE_DCCP] = "dccp"};

    return words_at(words, WORDS_COUNT(words), type);
}

const char *words_protocol(int protocol)
{
    static const char *const words[] = {[LIBSOCK_PROTOCOL_DEFAULT] = "any",
                                        [LIBSOCK_PROTOCOL_ICMPV4] = "icmpv4",
                                        [LIBSOCK_PROTOCOL_TCP] = "tcp",
                                        [LIBSOCK_PROTOCOL_UDP] = "udp",
                                        [LIBSOCK_PROTOCOL_DCCP] = "dccp",
                                        [LIBSOCK_PROTOCOL_ICMPV6] = "icmpv6",
                                        [LIBSOCK_PROTOCOL_SCTP] = "sctp",
                                        [LIBSOCK_PROTOCOL_UDPLITE] = "udplite",
                                        [LIBSOCK_PROTOCOL_MPTCP] = "mptcp"};

    return words_at(words, WORDS_COUNT(words), protocol);
}

const char *words_access(int access, char *buf)
{
    snprintf(buf, WORDS_SIZE, "%s%s%s%s",
             (access & LIBSOCK_OPT_GET) != 0 ? "get" : "",
             (access & LIBSOCK_OPT_GET) != 0 && (access & LIBSOCK_OPT_SET) != 0
                 ? " "
                 : "",
             (access & LIBSOCK_OPT_SET) != 0 ? "set" : "",
             (access & LIBSOCK_OPT_CALL) != 0 ? "call" : "");
    return buf;
}

/* Of domain, type and protocol what narrows it; a protocol says the type. */
const char *words_sockets(const libsock_opt_info *info, char *buf)
{
    const char *domain = words_domain(info->domain);
    const char *rest = info->protocol != 0 ? words_protocol(info->protocol)
                                           : words_type(info->type);

    if (info->protocol == 0 && info->type == 0)
        snprintf(buf, WORDS_SIZE, "%s", domain);
    else if (info->domain == LIBSOCK_DOMAIN_UNSPEC)
        snprintf(buf, WORDS_SIZE, "%s", rest);
    else
        snprintf(buf, WORDS_SIZE, "%s %s", domain, rest);
    return buf;
}

const char *words_range(const libsock_opt_info *info, char *buf)
{
    if (info->min == 0 && info->max == 0)
        snprintf(buf, WORDS_SIZE, "-");
    else if (info->max == INT64_MAX)
        snprintf(buf, WORDS_SIZE, "%" PRId64 "..", info->min);
    else
        snprintf(buf, WORDS_SIZE, "%" PRId64 "..%" PRId64, info->min,
                 info->max);
    return buf;
}
