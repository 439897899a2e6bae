/* SPDX-License-Identifier: MIT */
/* Schemes, and what kind of socket each stands for. What is no address of
 * numbers may be a name and a port or service. There is no state. */
#include "target.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsock/addr.h>
#include <libsock/connect.h>
#include <libsock/resolve.h>
#include <libsock/socket.h>

struct target_scheme {
    const char *name; /* with its colon */
    const char *form; /* what libsock's form of the address begins with */
    int type;
};

/* IP addresses have no scheme in libsock, and the others no other. */
static const struct target_scheme target_schemes[] = {
    {"tcp:", "", LIBSOCK_TYPE_STREAM},
    {"udp:", "", LIBSOCK_TYPE_DGRAM},
    {"unix:", "unix:", LIBSOCK_TYPE_STREAM},
    {"unix-dgram:", "unix:", LIBSOCK_TYPE_DGRAM},
    {"unix-seqpacket:", "unix:", LIBSOCK_TYPE_SEQPACKET},
    {"vsock:", "vsock:", LIBSOCK_TYPE_STREAM},
    {"netlink:", "netlink:", LIBSOCK_TYPE_RAW},
};

static const struct target_scheme *target_scheme_of(const char *text)
{
    for (size_t i = 0; i < sizeof(target_schemes) / sizeof(target_schemes[0]);
         i++) {
        const struct target_scheme *s = &target_schemes[i];
        if (strncmp(text, s->name, strlen(s->name)) == 0)
            return s;
    }
    return NULL;
}

static bool target_is_ip(const libsock_addr *addr)
{
    int domain = libsock_addr_domain(addr);

    return domain == LIBSOCK_DOMAIN_IPV4 || domain == LIBSOCK_DOMAIN_IPV6;
}

/* What libsock says to text that is no address. */
static int target_refuse(void)
{
    libsock_addr addr;

    return libsock_addr_parse("", 0, &addr);
}

/* HOST:SERVICE, where HOST has no colon. */
static int target_resolve(const char *text, struct target *out_target)
{
    libsock_resolve_options options = {.size = sizeof(options),
                                       .type = out_target->type};
    const char *colon = strchr(text, ':');
    libsock_resolve_list *list;
    char host[256];

    if (colon == NULL || colon == text || colon[1] == '\0' ||
        strchr(colon + 1, ':') != NULL || strchr(text, '/') != NULL ||
        (size_t)(colon - text) >= sizeof(host))
        return target_refuse();
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    int r = libsock_resolve(host, colon + 1, &options, &list);
    if (r < 0)
        return r;
    size_t n = libsock_resolve_list_count(list);
    out_target->n_addrs = n < TARGET_ADDRS_MAX ? n : TARGET_ADDRS_MAX;
    for (size_t i = 0; i < out_target->n_addrs; i++)
        out_target->addrs[i] = libsock_resolve_list_at(list, i)->addr;
    libsock_resolve_list_free(list);
    return 0;
}

int target_find(const char *text, struct target *out_target)
{
    const struct target_scheme *scheme = target_scheme_of(text);
    char form[LIBSOCK_ADDR_TEXT_SIZE];

    if (scheme == NULL)
        return target_refuse();
    const char *rest = text + strlen(scheme->name);
    bool is_ip = scheme->form[0] == '\0';
    int n = snprintf(form, sizeof(form), "%s%s", scheme->form, rest);
    if (n < 0 || (size_t)n >= sizeof(form))
        return target_refuse();
    out_target->type = scheme->type;
    out_target->n_addrs = 1;
    int r = libsock_addr_parse(form, (size_t)n, &out_target->addrs[0]);
    if (r < 0 && is_ip)
        return target_resolve(rest, out_target);
    return r >= 0 && is_ip && !target_is_ip(&out_target->addrs[0])
               ? target_refuse()
               : r;
}

int target_reach(const libsock_addr *addr, libsock_socket sock, bool bind)
{
    const uint64_t timeout_ns = TARGET_TIMEOUT_S * UINT64_C(1000000000);

    return bind ? libsock_bind(sock, addr)
                : libsock_connect_timeout(sock, addr, timeout_ns);
}

bool target_from_number(const char *text, libsock_socket *out_sock)
{
    size_t len = strlen(text);

    if (len == 0 || len > 10 || strspn(text, "0123456789") != len)
        return false;
    unsigned long long number = strtoull(text, NULL, 10);
    return number <= INT_MAX &&
           libsock_from_raw((libsock_raw)number, out_sock) >= 0;
}
