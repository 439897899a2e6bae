/* SPDX-License-Identifier: MIT */
/*
 * What the codes of getaddrinfo() mean. They are small numbers that collide
 * with errno, negative on Linux and positive on the BSDs, so 65536 is added to
 * their magnitude. Constant tables only, so nothing needs a guard.
 */
#include "resolve_error.h"

#include "platform.h"

#include <libsock/error.h>

#include "util.h"

enum {
    RESOLVE_BASE = LIBSOCK_RESOLVER_CODES,
    RESOLVE_MAX = 4096
};

struct resolve_error {
    int eai;
    int kind;
    const char *name;
};

#define RESOLVE_ROW(eai, kind)   \
 {                               \
  eai, LIBSOCK_KIND_##kind, #eai \
 }

/* Where two share a number, the first row wins. */
static const struct resolve_error resolve_errors[] = {
    RESOLVE_ROW(EAI_NONAME, NOT_FOUND),
    RESOLVE_ROW(EAI_AGAIN, TEMPORARY),
    RESOLVE_ROW(EAI_FAIL, OTHER),
    RESOLVE_ROW(EAI_SERVICE, NOT_FOUND),
    RESOLVE_ROW(EAI_FAMILY, UNSUPPORTED),
    RESOLVE_ROW(EAI_SOCKTYPE, UNSUPPORTED),
    RESOLVE_ROW(EAI_BADFLAGS, INVALID_INPUT),
    RESOLVE_ROW(EAI_MEMORY, OUT_OF_MEMORY),
    RESOLVE_ROW(EAI_SYSTEM, OTHER),
    RESOLVE_ROW(EAI_OVERFLOW, NO_BUFFERS),
#if defined(EAI_NODATA)
    RESOLVE_ROW(EAI_NODATA, NOT_FOUND),
#endif
#if defined(EAI_ADDRFAMILY)
    RESOLVE_ROW(EAI_ADDRFAMILY, NOT_FOUND),
#endif
#if defined(EAI_BADHINTS)
    RESOLVE_ROW(EAI_BADHINTS, INVALID_INPUT),
#endif
#if defined(EAI_PROTOCOL)
    RESOLVE_ROW(EAI_PROTOCOL, UNSUPPORTED),
#endif
#if defined(EAI_INTR)
    RESOLVE_ROW(EAI_INTR, INTERRUPTED),
#endif
#if defined(EAI_IDN_ENCODE)
    RESOLVE_ROW(EAI_IDN_ENCODE, INVALID_INPUT),
#endif
};

int libsock__resolve_error(int eai)
{
    return -(RESOLVE_BASE + (eai < 0 ? -eai : eai));
}

int libsock__sys_resolve_code(int code)
{
    if (code <= RESOLVE_BASE || code > RESOLVE_BASE + RESOLVE_MAX) {
        return 0;
    }
    return EAI_NONAME < 0 ? RESOLVE_BASE - code : code - RESOLVE_BASE;
}

static const struct resolve_error *resolve_error_find(int code)
{
    int eai = libsock__sys_resolve_code(code);

    for (size_t i = 0; i < LIBSOCK__COUNT(resolve_errors); i++) {
        if (resolve_errors[i].eai == eai) {
            return &resolve_errors[i];
        }
    }
    return NULL;
}

int libsock__resolve_error_kind(int code)
{
    const struct resolve_error *error = resolve_error_find(code);

    return error != NULL ? error->kind : LIBSOCK_KIND_OTHER;
}

const char *libsock__resolve_error_name(int code)
{
    const struct resolve_error *error = resolve_error_find(code);

    return error != NULL ? error->name : NULL;
}

const char *libsock__resolve_error_text(int code)
{
    int eai = libsock__sys_resolve_code(code);

    return eai != 0 ? gai_strerror(eai) : NULL;
}
