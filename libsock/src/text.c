/* SPDX-License-Identifier: MIT */
/*
 * Numbers and words of short texts, independent of the locale. What they mean
 * is decided in ip_text.c, addr_parse.c and addr_print.c. Pure functions over
 * the caller's memory, so nothing needs a guard.
 */
#include "text.h"

#include <string.h>

static const char text_digits[] = "0123456789abcdef";

/* The value of a hex digit; 16 for any other character. */
static uint32_t text_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (uint32_t)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (uint32_t)(c - 'A') + 10;
    }
    return 16;
}

bool libsock__text_is_digit(char c, int base)
{
    return text_value(c) < (uint32_t)base;
}

bool libsock__scan_char(struct libsock__scan *scan, char c)
{
    if (libsock__scan_end(scan) || *scan->at != c) {
        return false;
    }
    scan->at++;
    return true;
}

bool libsock__scan_word(struct libsock__scan *scan, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(scan->end - scan->at) < len ||
        memcmp(scan->at, word, len) != 0) {
        return false;
    }
    scan->at += len;
    return true;
}

bool libsock__scan_decimal(struct libsock__scan *scan, uint32_t max,
                           uint32_t *out_value)
{
    const char *at = scan->at;
    uint64_t value = 0;

    while (at < scan->end && libsock__text_is_digit(*at, 10)) {
        value = value * 10 + text_value(*at++);
        if (value > max) {
            return false;
        }
    }
    if (at == scan->at) {
        return false;
    }
    scan->at = at;
    *out_value = (uint32_t)value;
    return true;
}

bool libsock__scan_hex(struct libsock__scan *scan, size_t width,
                       uint32_t *out_value)
{
    const char *at = scan->at;
    uint32_t value = 0;

    while (at < scan->end && width > 0 && libsock__text_is_digit(*at, 16)) {
        value = value << 4 | text_value(*at++);
        width--;
    }
    if (at == scan->at) {
        return false;
    }
    scan->at = at;
    *out_value = value;
    return true;
}

void libsock__print_char(struct libsock__print *print, char c)
{
    print->text[print->len++] = c;
}

void libsock__print_word(struct libsock__print *print, const char *word)
{
    size_t len = strlen(word);

    memcpy(print->text + print->len, word, len);
    print->len += len;
}

void libsock__print_decimal(struct libsock__print *print, uint32_t value)
{
    char digits[10];
    int n = 0;

    do {
        digits[n++] = text_digits[value % 10];
        value /= 10;
    } while (value > 0);
    while (n > 0) {
        libsock__print_char(print, digits[--n]);
    }
}

void libsock__print_hex(struct libsock__print *print, uint32_t value, int width)
{
    char digits[8];
    int n = 0;

    do {
        digits[n++] = text_digits[value & 0xf];
        value >>= 4;
    } while (value > 0 || n < width);
    while (n > 0) {
        libsock__print_char(print, digits[--n]);
    }
}
