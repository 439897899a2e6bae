/* SPDX-License-Identifier: MIT */
/*
 * The cold half of check.h: how a failure or a skip is worded.
 * Which process prints it and who reads it is the runner's business.
 * Nothing is guarded: every function here ends the process or only reads.
 */
#include "check.h"

#include "runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check_fail(const char *file, int line, const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    fflush(stderr);
    runner_end(RUNNER_EXIT_FAIL);
}

void check_skip(const char *reason)
{
    fflush(stdout);
    fprintf(stderr, RUNNER_SKIP_MARK "%s\n", reason);
    fflush(stderr);
    runner_end(RUNNER_EXIT_SKIP);
}

void check_str(const char *file, int line, const char *text, const char *a,
               const char *b)
{
    if (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0))
        return;
    check_fail(file, line, "%s: \"%s\" against \"%s\"", text,
               a != NULL ? a : "(NULL)", b != NULL ? b : "(NULL)");
}

void check_mem(const char *file, int line, const char *text,
               const void *const side[2], size_t len)
{
    const unsigned char *a = side[0];
    const unsigned char *b = side[1];

    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i])
            check_fail(file, line,
                       "%s: byte %zu of %zu is 0x%02x against 0x%02x", text, i,
                       len, a[i], b[i]);
    }
}

void check_ok(const char *file, int line, const char *text, long long r)
{
    if (r < 0)
        check_fail(file, line, "%s: %lld (%s)", text, r, strerror((int)-r));
}

void check_err(const char *file, int line, const char *text,
               const long long pair[2])
{
    long long r = pair[0];

    if (r == -pair[1])
        return;
    check_fail(file, line, "%s: got %lld (%s), not %lld", text, r,
               r < 0 ? strerror((int)-r) : "success", -pair[1]);
}
