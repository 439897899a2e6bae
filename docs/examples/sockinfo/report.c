/* SPDX-License-Identifier: MIT */
/* Sentences about failures. Results are not printed here. There is no
 * state. */
#include "report.h"

#include <stdio.h>

#include <libsock/error.h>

int report_failure(const char *what, int code)
{
    char text[256];

    libsock_error_text(code, text, sizeof(text));
    fprintf(stderr, "sockinfo: %s: %s (%s)\n", what, text,
            libsock_error_name(code));
    return REPORT_FAILED;
}

int report_step(const char *what, const char *step, int code)
{
    char text[600];

    snprintf(text, sizeof(text), "%s (%s)", what, step);
    return report_failure(text, code);
}

int report_usage(const char *what, const char *word)
{
    fprintf(stderr, "sockinfo: %s '%s'; try sockinfo --help\n", what, word);
    return REPORT_USAGE;
}

int report_end(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fputs("sockinfo: the output could not be written\n", stderr);
    return REPORT_FAILED;
}
