/* SPDX-License-Identifier: MIT */
/*
 * What a result means: its portable kind, its name and its sentence. The
 * tables behind them belong to the port, sys/<os>/error.c. Nothing here keeps
 * state, so every function is safe from any thread.
 */
#include <libsock/error.h>

#include "util.h"

#include <limits.h>
#include <string.h>

/* What no library call returns, such as PTRDIFF_MIN, has no native code. */
static int error_code(ptrdiff_t r)
{
    return r < -INT_MAX ? INT_MAX : libsock_os_code(r);
}

int libsock_kind(ptrdiff_t r)
{
    return r >= 0 ? LIBSOCK_KIND_OK : libsock__sys_error_kind(error_code(r));
}

const char *libsock_kind_name(int kind)
{
#define ERROR_KIND(kind) [LIBSOCK_KIND_##kind] = #kind
    static const char *const names[] = {
        ERROR_KIND(OK),
        ERROR_KIND(OTHER),
        ERROR_KIND(WOULD_BLOCK),
        ERROR_KIND(IN_PROGRESS),
        ERROR_KIND(INTERRUPTED),
        ERROR_KIND(TIMED_OUT),
        ERROR_KIND(INVALID_INPUT),
        ERROR_KIND(UNSUPPORTED),
        ERROR_KIND(PERMISSION_DENIED),
        ERROR_KIND(NOT_FOUND),
        ERROR_KIND(ALREADY_EXISTS),
        ERROR_KIND(BAD_DESCRIPTOR),
        ERROR_KIND(NOT_A_SOCKET),
        ERROR_KIND(ADDR_IN_USE),
        ERROR_KIND(ADDR_NOT_AVAILABLE),
        ERROR_KIND(CONNECTION_REFUSED),
        ERROR_KIND(CONNECTION_RESET),
        ERROR_KIND(CONNECTION_ABORTED),
        ERROR_KIND(NOT_CONNECTED),
        ERROR_KIND(ALREADY_CONNECTED),
        ERROR_KIND(BROKEN_PIPE),
        ERROR_KIND(HOST_UNREACHABLE),
        ERROR_KIND(NETWORK_UNREACHABLE),
        ERROR_KIND(NETWORK_DOWN),
        ERROR_KIND(MSG_SIZE),
        ERROR_KIND(NO_BUFFERS),
        ERROR_KIND(OUT_OF_MEMORY),
        ERROR_KIND(TOO_MANY_FILES),
        ERROR_KIND(BUSY),
        ERROR_KIND(TEMPORARY),
    };
#undef ERROR_KIND
    bool known = kind >= 0 && (size_t)kind < LIBSOCK__COUNT(names);

    return names[known ? kind : LIBSOCK_KIND_OTHER];
}

int libsock_error_of(int kind)
{
    return kind == LIBSOCK_KIND_OK ? 0 : libsock__sys_error(kind);
}

const char *libsock_error_name(ptrdiff_t r)
{
    const char *name;

    if (r >= 0) {
        return "OK";
    }
    name = libsock__sys_error_name(error_code(r));
    return name != NULL ? name : "UNKNOWN";
}

static size_t error_copy(const char *text, char *buf, size_t cap)
{
    size_t len = strlen(text);
    size_t fits = len < cap ? len : cap - 1;

    if (cap > 0) {
        memcpy(buf, text, fits);
        buf[fits] = '\0';
    }
    return len;
}

size_t libsock_error_text(ptrdiff_t r, char *buf, size_t cap)
{
    if (buf == NULL) {
        cap = 0;
    }
    if (r >= 0) {
        return error_copy("Success", buf, cap);
    }
    return libsock__sys_error_text(error_code(r), buf, cap);
}
