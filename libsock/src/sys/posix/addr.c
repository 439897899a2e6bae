/* SPDX-License-Identifier: MIT */
/*
 * Encode and decode the address families that every Unix has, and look up a
 * zone name. Families of Linux alone are in sys/linux/addr.c or its stub; what
 * an address means is decided above, in addr.c. Pure functions but for the
 * look-up, so nothing needs a guard.
 */
#include "addr_native.h"

#include <libsock/error.h>

#include "util.h"

#include <string.h>

/* Not sockaddr_storage, which illumos makes 256 bytes for nobody's use. */
_Static_assert(sizeof(struct sockaddr_un) < LIBSOCK_ADDR_SIZE,
               "the longest address fits, and the NUL that Linux adds to it");

#define UNIX_PATH_AT offsetof(struct sockaddr_un, sun_path)

int libsock__posix_addr_store(const void *native, size_t len, libsock_addr *out)
{
    libsock_addr addr = {{0}, 0, 0};

    memcpy(addr.storage, native, len);
    addr.len = (uint32_t)len;
    /* RFC 3493, 3.3: defined where socket addresses begin with a length. */
#if defined(SIN6_LEN)
    ((uint8_t *)addr.storage)[offsetof(struct sockaddr, sa_len)] = (uint8_t)len;
#endif
    *out = addr;
    return 0;
}

bool libsock__posix_addr_load(const libsock_addr *addr, void *native,
                              size_t len)
{
    if (addr->len < len) {
        return false;
    }
    memcpy(native, addr->storage, len);
    return true;
}

int libsock__sys_addr_family(const libsock_addr *addr)
{
    sa_family_t family;

    memcpy(&family,
           (const char *)addr->storage + offsetof(struct sockaddr, sa_family),
           sizeof(family));
    return family;
}

int libsock__sys_addr_put_ipv4(const uint8_t octets[4], uint16_t port,
                               libsock_addr *out)
{
    struct sockaddr_in sin;

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_port = htons(port);
    memcpy(&sin.sin_addr, octets, 4);
    return libsock__posix_addr_store(&sin, sizeof(sin), out);
}

int libsock__sys_addr_get_ipv4(const libsock_addr *addr, uint8_t octets[4],
                               uint16_t *out_port)
{
    struct sockaddr_in sin;

    if (!libsock__posix_addr_load(addr, &sin, sizeof(sin))) {
        return libsock__invalid();
    }
    memcpy(octets, &sin.sin_addr, 4);
    *out_port = ntohs(sin.sin_port);
    return 0;
}

int libsock__sys_addr_put_ipv6(const libsock_ipv6 *ipv6, libsock_addr *out)
{
    struct sockaddr_in6 sin6;

    memset(&sin6, 0, sizeof(sin6));
    sin6.sin6_family = AF_INET6;
    sin6.sin6_port = htons(ipv6->port);
    sin6.sin6_flowinfo = htonl(ipv6->flow_info);
    sin6.sin6_scope_id = ipv6->scope_id;
    memcpy(&sin6.sin6_addr, ipv6->octets, 16);
    return libsock__posix_addr_store(&sin6, sizeof(sin6), out);
}

int libsock__sys_addr_get_ipv6(const libsock_addr *addr, libsock_ipv6 *out_ipv6)
{
    struct sockaddr_in6 sin6;

    if (!libsock__posix_addr_load(addr, &sin6, sizeof(sin6))) {
        return libsock__invalid();
    }
    memcpy(out_ipv6->octets, &sin6.sin6_addr, 16);
    out_ipv6->port = ntohs(sin6.sin6_port);
    out_ipv6->reserved = 0;
    out_ipv6->scope_id = sin6.sin6_scope_id;
    out_ipv6->flow_info = ntohl(sin6.sin6_flowinfo);
    return 0;
}

/*
 * A path is counted with a NUL behind it unless it fills sun_path; the unnamed
 * address is the family alone; an abstract name is counted exactly.
 */
int libsock__sys_addr_put_unix(int form, const char *name, size_t len,
                               libsock_addr *out)
{
    size_t skip = form == LIBSOCK_UNIX_ABSTRACT ? 1 : 0;
    size_t counted = skip + len;
    struct sockaddr_un native;

    if (form == LIBSOCK_UNIX_ABSTRACT && !libsock__sys_has_abstract()) {
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
    if (counted > sizeof(native.sun_path)) {
        return libsock__invalid();
    }
    memset(&native, 0, sizeof(native));
    native.sun_family = AF_UNIX;
    if (len > 0) {
        memcpy(native.sun_path + skip, name, len);
    }
    if (form == LIBSOCK_UNIX_PATHNAME && counted < sizeof(native.sun_path)) {
        counted++;
    }
    return libsock__posix_addr_store(&native, UNIX_PATH_AT + counted, out);
}

/* Darwin pads the unnamed address with NULs; Linux counts the family alone. */
static int unix_form(const char *path, size_t counted)
{
    if (counted == 0) {
        return LIBSOCK_UNIX_UNNAMED;
    }
    if (path[0] != '\0') {
        return LIBSOCK_UNIX_PATHNAME;
    }
    return libsock__sys_has_abstract() ? LIBSOCK_UNIX_ABSTRACT
                                       : LIBSOCK_UNIX_UNNAMED;
}

int libsock__sys_addr_get_unix(const libsock_addr *addr, int *out_form,
                               const char **out_name, size_t *out_len)
{
    const char *path = (const char *)addr->storage + UNIX_PATH_AT;
    size_t counted;

    if (addr->len < UNIX_PATH_AT) {
        return libsock__invalid();
    }
    counted = addr->len - UNIX_PATH_AT;
    *out_form = unix_form(path, counted);
    switch (*out_form) {
    case LIBSOCK_UNIX_PATHNAME:
        *out_name = path;
        *out_len = strnlen(path, counted);
        return 0;
    case LIBSOCK_UNIX_ABSTRACT:
        *out_name = path + 1;
        *out_len = counted - 1;
        return 0;
    default:
        *out_name = path;
        *out_len = 0;
        return 0;
    }
}

static int posix_if_index(const char *name)
{
    unsigned index = if_nametoindex(name);

    return index == 0 ? -1 : (int)index;
}

/* Refused here: a longer name, because musl cuts it before it asks; one with a
 * colon, because Linux looks at what stands before it alone. */
int libsock__sys_if_index(const char *name, uint32_t *out_index)
{
    int r;

    if (strlen(name) >= IF_NAMESIZE || strchr(name, ':') != NULL) {
        return -ENODEV;
    }
    r = libsock__result(SYS(posix_if_index, name));
    if (r < 0) {
        return r;
    }
    *out_index = (uint32_t)r;
    return 0;
}
