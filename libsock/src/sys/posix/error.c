/* SPDX-License-Identifier: MIT */
/*
 * The errno values of a Unix: kind, name and sentence of each. The values
 * themselves stand in error_table.h, the resolver's in resolve_error.c; what
 * callers see is libsock/error.h.
 * Constant tables only, so nothing needs a guard.
 */
#include "platform.h"

#include <libsock/error.h>

#include "resolve_error.h"
#include "util.h"

#include <stdio.h>
#include <string.h>

struct posix_error {
    int code;
    int kind;
    const char *name;
};

#define ROW(code, kind) {code, LIBSOCK_KIND_##kind, #code},
static const struct posix_error posix_errors[] = {
#include "error_table.h"
};
#undef ROW

/* A result is minus the code: Haiku's negative errno values would not fit. */
_Static_assert(EINVAL > 0 && EAGAIN > 0, "errno values are positive");

/* About a hundred compares; a result is asked for its kind when it failed. */
static const struct posix_error *posix_error_find(int code)
{
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(posix_errors); i++) {
        if (posix_errors[i].code == code) {
            return &posix_errors[i];
        }
    }
    return NULL;
}

/* The first row of a kind is the code that stands for it. */
int libsock__sys_error(int kind)
{
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(posix_errors); i++) {
        if (posix_errors[i].kind == kind && kind != LIBSOCK_KIND_OTHER) {
            return -posix_errors[i].code;
        }
    }
    return -EINVAL;
}

int libsock__sys_error_kind(int code)
{
    const struct posix_error *error = posix_error_find(code);

    return error != NULL ? error->kind : libsock__resolve_error_kind(code);
}

const char *libsock__sys_error_name(int code)
{
    const struct posix_error *error = posix_error_find(code);

    return error != NULL ? error->name : libsock__resolve_error_name(code);
}

/*
 * strerror_r() returns the sentence with glibc's own feature macros and a
 * status everywhere else; the type tells which one this is.
 */
static inline const char *posix_sentence_gnu(const char *r, const char *buf)
{
    (void)buf;
    return r;
}

static inline const char *posix_sentence_xsi(int r, const char *buf)
{
    return r == 0 ? buf : NULL;
}

#define POSIX_SENTENCE(r, buf) \
 _Generic((r), int : posix_sentence_xsi, default : posix_sentence_gnu)(r, buf)

size_t libsock__sys_error_text(int code, char *buf, size_t cap)
{
    char space[256] = "";
    const char *text = libsock__resolve_error_text(code);
    int len;

    if (text == NULL) {
        text = POSIX_SENTENCE(strerror_r(code, space, sizeof(space)), space);
    }
    if (text == NULL || text[0] == '\0') {
        len = snprintf(buf, cap, "Unknown error %d", code);
    } else {
        len = snprintf(buf, cap, "%s", text);
    }
    return len < 0 ? 0 : (size_t)len;
}
