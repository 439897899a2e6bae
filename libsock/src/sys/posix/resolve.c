/* SPDX-License-Identifier: MIT */
/*
 * getaddrinfo() and getnameinfo(). What their codes mean is in
 * resolve_error.c; arguments were judged in resolve.c above. The C library
 * guards its own state.
 */
#include "addr_native.h"
#include "resolve_error.h"

#include <libsock/error.h>

#include "util.h"

#include <string.h>

_Static_assert(LIBSOCK_HOST_SIZE >= NI_MAXHOST, "any host name fits");
_Static_assert(LIBSOCK_SERVICE_SIZE >= NI_MAXSERV, "any service name fits");

struct resolve_flag {
    uint32_t portable;
    int native;
};

/* What this OS lacks is 0. */
#if !defined(AI_V4MAPPED)
# define RESOLVE_V4MAPPED 0
#else
# define RESOLVE_V4MAPPED AI_V4MAPPED
#endif
#if !defined(AI_ALL)
# define RESOLVE_ALL 0
#else
# define RESOLVE_ALL AI_ALL
#endif

static const struct resolve_flag resolve_hints[] = {
    {LIBSOCK_RESOLVE_PASSIVE, AI_PASSIVE},
    {LIBSOCK_RESOLVE_NUMERIC_HOST, AI_NUMERICHOST},
    {LIBSOCK_RESOLVE_NUMERIC_SERVICE, AI_NUMERICSERV},
    {LIBSOCK_RESOLVE_CANONICAL_NAME, AI_CANONNAME},
    {LIBSOCK_RESOLVE_ADDR_CONFIG, AI_ADDRCONFIG},
    {LIBSOCK_RESOLVE_V4_MAPPED, RESOLVE_V4MAPPED},
    {LIBSOCK_RESOLVE_ALL, RESOLVE_ALL},
    {0, 0},
};

static const struct resolve_flag resolve_names[] = {
    {LIBSOCK_NAME_NUMERIC_HOST, NI_NUMERICHOST},
    {LIBSOCK_NAME_NUMERIC_SERVICE, NI_NUMERICSERV},
    {LIBSOCK_NAME_REQUIRED, NI_NAMEREQD},
    {LIBSOCK_NAME_DATAGRAM, NI_DGRAM},
    {LIBSOCK_NAME_LOCAL, NI_NOFQDN},
    {0, 0},
};

static int resolve_flags(const struct resolve_flag *table, uint32_t flags,
                         int *out_native)
{
    int native = 0;

    for (; table->portable != 0; table++) {
        if ((flags & table->portable) == 0) {
            continue;
        }
        if (table->native == 0) {
            return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
        }
        native |= table->native;
    }
    *out_native = native;
    return 0;
}

/* The resolver's code; EAI_SYSTEM says that errno has it. */
static int resolve_failed(int eai)
{
    if (eai == EAI_SYSTEM && errno > 0) {
        return libsock__errno();
    }
    return libsock__resolve_error(eai);
}

/* -1 with `*eai`, so that the seam can fail it as it fails a system call. */
static int resolve_getaddrinfo(const libsock__resolve_query *query,
                               const struct addrinfo *hints, int *eai,
                               struct addrinfo **out_all)
{
    errno = 0;
    *eai = getaddrinfo(query->host, query->service, hints, out_all);
    return *eai != 0 ? -1 : 0;
}

int libsock__sys_resolve(const libsock__resolve_query *query,
                         void **out_answers)
{
    struct addrinfo hints = {.ai_family = query->domain};
    struct addrinfo *all = NULL;
    int eai = EAI_SYSTEM;
    int r = resolve_flags(resolve_hints, query->flags, &hints.ai_flags);

    if (r < 0) {
        return r;
    }
    hints.ai_socktype = query->type;
    hints.ai_protocol = query->protocol;
    if (SYS(resolve_getaddrinfo, query, &hints, &eai, &all) < 0) {
        return resolve_failed(eai);
    }
    *out_answers = all;
    return 0;
}

/* An answer of a family that no socket of ours could use is passed over. */
bool libsock__sys_resolve_next(const void **at, libsock_resolved *out)
{
    const struct addrinfo *info = *at;

    while (info != NULL && (info->ai_addr == NULL || info->ai_addrlen == 0 ||
                            info->ai_addrlen > LIBSOCK_ADDR_SIZE)) {
        info = info->ai_next;
    }
    if (info == NULL) {
        return false;
    }
    memset(out, 0, sizeof(*out));
    libsock__posix_addr_store(info->ai_addr, info->ai_addrlen, &out->addr);
    out->type = libsock__sys_type_of(info->ai_socktype);
    out->protocol = info->ai_protocol;
    *at = info->ai_next;
    return true;
}

const char *libsock__sys_resolve_canonical(const void *answers)
{
    const struct addrinfo *info = answers;

    return info != NULL ? info->ai_canonname : NULL;
}

void libsock__sys_resolve_free(void *answers)
{
    if (answers != NULL) {
        freeaddrinfo(answers);
    }
}

static int resolve_getnameinfo(const libsock_addr *addr, int flags, int *eai,
                               libsock_resolved_name *out_name)
{
    errno = 0;
    *eai = getnameinfo((const struct sockaddr *)(const void *)addr->storage,
                       addr->len, out_name->host, sizeof(out_name->host),
                       out_name->service, sizeof(out_name->service), flags);
    return *eai != 0 ? -1 : 0;
}

int libsock__sys_resolve_name(const libsock_addr *addr, uint32_t flags,
                              libsock_resolved_name *out_name)
{
    libsock_resolved_name name;
    int eai = EAI_SYSTEM;
    int native = 0;
    int r = resolve_flags(resolve_names, flags, &native);

    if (r < 0) {
        return r;
    }
    memset(&name, 0, sizeof(name));
    if (SYS(resolve_getnameinfo, addr, native, &eai, &name) < 0) {
        return resolve_failed(eai);
    }
    *out_name = name;
    return 0;
}
