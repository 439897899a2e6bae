/* SPDX-License-Identifier: MIT */
/*
 * Names to addresses and back: arguments are judged here, and answers copied
 * into an object of ours. Asking is the port's. A list never changes once it
 * is made, so nothing is guarded.
 */
#include <libsock/resolve.h>

#include <limits.h>
#include <string.h>

#include "memory.h"
#include "text.h"
#include "util.h"

enum {
    RESOLVE_OPTIONS_MAX = 4096,
    RESOLVE_FLAGS = 127,
    RESOLVE_NAME_FLAGS = 31,
    RESOLVE_PORT_MAX = 65535
};

struct libsock_resolve_list {
    libsock_resolved *items;
    char *canonical; /* NULL when not asked for */
    size_t n;
};

/* A structure from a newer header is fine as long as what is unknown here was
 * left at zero. */
static bool resolve_options_known(const libsock_resolve_options *options)
{
    const unsigned char *bytes = (const void *)options;

    if (options->size < sizeof(*options) ||
        options->size > RESOLVE_OPTIONS_MAX) {
        return false;
    }
    for (size_t i = sizeof(*options); i < options->size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return (options->flags & ~(uint32_t)RESOLVE_FLAGS) == 0 &&
           options->protocol >= 0;
}

static int resolve_options(const libsock_resolve_options *options,
                           libsock__resolve_query *query)
{
    if (!resolve_options_known(options)) {
        return libsock__invalid();
    }
    query->domain = libsock__sys_domain(options->domain);
    query->type = options->type == 0 ? 0 : libsock__sys_type(options->type);
    query->protocol = options->protocol;
    query->flags = options->flags;
    if (query->domain < 0 || query->type < 0) {
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
    return 0;
}

/* The length of a text, `size` when it is that or more. */
static size_t resolve_length(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);

    return end != NULL ? (size_t)(end - text) : size;
}

/* With a zone the system may cut its name; as a number it may guess. */
static int resolve_check_host(const char *host, uint32_t flags)
{
    size_t len = resolve_length(host, LIBSOCK_HOST_SIZE);
    libsock_addr addr;

    if (len == 0 || len == LIBSOCK_HOST_SIZE) {
        return libsock__invalid();
    }
    if ((flags & LIBSOCK_RESOLVE_NUMERIC_HOST) != 0 ||
        memchr(host, '%', len) != NULL) {
        return libsock_addr_parse_ip(host, len, 0, &addr);
    }
    return 0;
}

/* Systems take "65616" for 80, and "-1", "+80", " 80" for ports. */
static int resolve_check_service(const char *service, uint32_t flags)
{
    size_t len = resolve_length(service, LIBSOCK_SERVICE_SIZE);
    struct libsock__scan scan = {service, service + len};
    uint32_t port = 0;
    bool number;

    if (len == 0 || len == LIBSOCK_SERVICE_SIZE) {
        return libsock__invalid();
    }
    number = strspn(service, "0123456789") == len;
    if (number) {
        return libsock__scan_decimal(&scan, RESOLVE_PORT_MAX, &port)
                   ? 0
                   : libsock__invalid();
    }
    if ((flags & LIBSOCK_RESOLVE_NUMERIC_SERVICE) != 0 ||
        strchr("+- \t\n\v\f\r", service[0]) != NULL) {
        return libsock__invalid();
    }
    return 0;
}

static int resolve_check(const libsock__resolve_query *query)
{
    int r = 0;

    if (query->host == NULL && query->service == NULL) {
        return libsock__invalid();
    }
    if (query->host != NULL) {
        r = resolve_check_host(query->host, query->flags);
    }
    if (r >= 0 && query->service != NULL) {
        r = resolve_check_service(query->service, query->flags);
    }
    return r;
}

static size_t resolve_count(const void *answers)
{
    libsock_resolved unused;
    size_t n = 0;

    while (libsock__sys_resolve_next(&answers, &unused)) {
        n++;
    }
    return n;
}

static int resolve_list_fill(libsock_resolve_list *list, const void *answers,
                             const char *canonical)
{
    size_t n = resolve_count(answers);
    size_t name = canonical != NULL ? strlen(canonical) + 1 : 0;

    list->items = libsock__resize(NULL, (n + 1) * sizeof(*list->items));
    list->canonical = name > 0 ? libsock__resize(NULL, name) : NULL;
    if (list->items == NULL || (name > 0 && list->canonical == NULL)) {
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    while (list->n < n) {
        (void)libsock__sys_resolve_next(&answers, &list->items[list->n++]);
    }
    if (name > 0) {
        memcpy(list->canonical, canonical, name);
    }
    return 0;
}

static int resolve_list_make(const libsock__resolve_query *query,
                             const void *answers,
                             libsock_resolve_list **out_list)
{
    /* musl tells it unasked. */
    bool asked = (query->flags & LIBSOCK_RESOLVE_CANONICAL_NAME) != 0;
    const char *canonical =
        asked ? libsock__sys_resolve_canonical(answers) : NULL;
    libsock_resolve_list *list = libsock__resize(NULL, sizeof(*list));
    int r;

    if (list == NULL) {
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    memset(list, 0, sizeof(*list));
    r = resolve_list_fill(list, answers, canonical);
    if (r < 0) {
        libsock_resolve_list_free(list);
        return r;
    }
    *out_list = list;
    return 0;
}

int libsock_resolve(const char *host, const char *service,
                    const libsock_resolve_options *options,
                    libsock_resolve_list **out_list)
{
    libsock__resolve_query query = {host, service, 0, 0, 0, 0};
    void *answers = NULL;
    int r;

    if (out_list == NULL) {
        return libsock__invalid();
    }
    r = options != NULL ? resolve_options(options, &query) : 0;
    if (r >= 0) {
        r = resolve_check(&query);
    }
    if (r >= 0) {
        r = libsock__sys_resolve(&query, &answers);
    }
    if (r < 0) {
        return r;
    }
    r = resolve_list_make(&query, answers, out_list);
    libsock__sys_resolve_free(answers);
    return r;
}

void libsock_resolve_list_free(libsock_resolve_list *list)
{
    if (list != NULL) {
        libsock__free(list->canonical);
        libsock__free(list->items);
        libsock__free(list);
    }
}

size_t libsock_resolve_list_count(const libsock_resolve_list *list)
{
    return list != NULL ? list->n : 0;
}

const libsock_resolved *
libsock_resolve_list_at(const libsock_resolve_list *list, size_t i)
{
    return i < libsock_resolve_list_count(list) ? &list->items[i] : NULL;
}

const char *
libsock_resolve_list_canonical_name(const libsock_resolve_list *list)
{
    return list != NULL ? list->canonical : NULL;
}

int libsock_resolve_name(const libsock_addr *addr, uint32_t flags,
                         libsock_resolved_name *out_name)
{
    /* Only IP addresses have a port. */
    if (libsock_addr_port(addr) < 0 || out_name == NULL ||
        (flags & ~(uint32_t)RESOLVE_NAME_FLAGS) != 0) {
        return libsock__invalid();
    }
    return libsock__sys_resolve_name(addr, flags, out_name);
}

int libsock_resolve_code(ptrdiff_t r)
{
    return r < 0 && r >= -INT_MAX ? libsock__sys_resolve_code(-(int)r) : 0;
}
