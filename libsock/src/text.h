/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing short texts: a cursor over the one, a bounded buffer for
 * the other. Addresses are the business of those who include this.
 */
#ifndef LIBSOCK__TEXT_H
#define LIBSOCK__TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>

/* What is left to read. */
struct libsock__scan {
    const char *at;
    const char *end;
};

/* Each reads what it is named for and moves on, or returns false and stays. */
bool libsock__scan_char(struct libsock__scan *scan, char c);
bool libsock__scan_word(struct libsock__scan *scan, const char *word);
/* One digit or more, all that are there; false when over `max`. */
bool libsock__scan_decimal(struct libsock__scan *scan, uint32_t max,
                           uint32_t *out_value);
/* As many of the next `width` (at most 8) characters as are hex digits. */
bool libsock__scan_hex(struct libsock__scan *scan, size_t width,
                       uint32_t *out_value);

static inline bool libsock__scan_end(const struct libsock__scan *scan)
{
    return scan->at == scan->end;
}

/* Whether a character is a digit of the base, 10 or 16. */
bool libsock__text_is_digit(char c, int base);

/* A text under construction; whoever writes knows that it fits. */
struct libsock__print {
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    size_t len;
};

void libsock__print_char(struct libsock__print *print, char c);
void libsock__print_word(struct libsock__print *print, const char *word);
void libsock__print_decimal(struct libsock__print *print, uint32_t value);
/* At least `width` digits, lower case. */
void libsock__print_hex(struct libsock__print *print, uint32_t value,
                        int width);

#endif
