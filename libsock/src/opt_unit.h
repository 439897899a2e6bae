/* SPDX-License-Identifier: MIT */
/*
 * The words that opt_print.c writes and opt_parse.c reads. What they stand for
 * is in opt_value.h of the public headers. Constant data; nothing to guard.
 */
#ifndef LIBSOCK__OPT_UNIT_H
#define LIBSOCK__OPT_UNIT_H

#include <stdbool.h>
#include <stdint.h>

/* LIBSOCK_NO_TIMEOUT and LIBSOCK_NO_LIMIT. */
#define LIBSOCK__OPT_WORD_NONE "none"

/* A unit of time, whatever the kernel counts in. */
struct libsock__opt_time {
    const char *word;
    uint64_t ns;
};

enum {
    LIBSOCK__OPT_TIMES = 4
};

/* From the greatest to the nanosecond. */
extern const struct libsock__opt_time libsock__opt_times[LIBSOCK__OPT_TIMES];

/* Of an enum libsock_opt_unit; "" for NONE. */
const char *libsock__opt_unit_word(int unit);

/* Whether values of this row have a text. */
bool libsock__opt_has_text(int id);

#endif
