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
