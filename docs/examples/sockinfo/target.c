/* SPDX-License-Identifier: MIT */
/* Schemes, and what kind of socket each stands for. Nothing is resolved: an
 * address is numbers. There is no state. */
#include "target.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsock/addr.h>
#include <libsock/connect.h>
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

static int target_parse(const char *text, int *out_type, libsock_addr *out_addr)
{
    const struct target_scheme *scheme = target_scheme_of(text);
    char form[LIBSOCK_ADDR_TEXT_SIZE];

    if (scheme == NULL)
        return target_refuse();
    int n = snprintf(form, sizeof(form), "%s%s", scheme->form,
                     text + strlen(scheme->name));
    if (n < 0 || (size_t)n >= sizeof(form))
        return target_refuse();
    int r = libsock_addr_parse(form, (size_t)n, out_addr);
    if (r >= 0 && scheme->form[0] == '\0' && !target_is_ip(out_addr))
        r = target_refuse();
    *out_type = scheme->type;
    return r;
}

int target_open(const char *text, bool bind, libsock_socket *out_sock,
                const char **out_step)
{
    const uint64_t timeout_ns = TARGET_TIMEOUT_S * UINT64_C(1000000000);
    libsock_socket sock;
    libsock_addr addr;
    int type = 0;

    *out_step = "address";
    int r = target_parse(text, &type, &addr);
    if (r < 0)
        return r;
    *out_step = "open";
    r = libsock_open(libsock_addr_domain(&addr), type, 0, 0, &sock);
    if (r < 0)
        return r;
    *out_step = bind ? "bind" : "connect";
    r = bind ? libsock_bind(sock, &addr)
             : libsock_connect_timeout(sock, &addr, timeout_ns);
    if (r < 0) {
        libsock_close(sock);
        return r;
    }
    *out_sock = sock;
    return 0;
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
