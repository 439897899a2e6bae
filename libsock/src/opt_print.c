/* SPDX-License-Identifier: MIT */
/*
 * From the value of an option to text; opt_parse.c reads it back. Written
 * twice, first to nowhere to learn the length, so that a failure leaves the
 * caller's buffer alone and no text is too long. No state to guard.
 */
#include <libsock/opt_value.h>

#include <string.h>

#include "ip_text.h"
#include "opt_member.h"
#include "opt_unit.h"
#include "opt_value.h"
#include "text.h"
#include "util.h"

/* Where to write; nowhere when `buf` is NULL. */
struct print_to {
    char *buf;
    size_t len;
};

static void print_chars(struct print_to *to, const char *text, size_t n)
{
    if (to->buf != NULL) {
        memcpy(to->buf + to->len, text, n);
    }
    to->len += n;
}

static void print_words(struct print_to *to, const char *words)
{
    print_chars(to, words, strlen(words));
}

static void print_amount(struct print_to *to, uint64_t amount)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + amount % 10);
        amount /= 10;
    } while (amount > 0);
    print_chars(to, digits + at, sizeof(digits) - at);
}

/* In the greatest unit that leaves no fraction. */
static void print_duration(struct print_to *to, uint64_t ns)
{
    const struct libsock__opt_time *time = libsock__opt_times;

    while (ns % time->ns != 0) {
        time++;
    }
    print_amount(to, ns / time->ns);
    print_words(to, " ");
    print_words(to, time->word);
}

/* An amount of any kind. */
static void print_number(struct print_to *to, int kind, int unit,
                         uint64_t amount)
{
    bool limits = kind == LIBSOCK_OPT_KIND_DURATION ||
                  unit == LIBSOCK_OPT_UNIT_BYTES_PER_S;

    if (limits && amount == UINT64_MAX) {
        print_words(to, LIBSOCK__OPT_WORD_NONE);
    } else if (kind == LIBSOCK_OPT_KIND_DURATION) {
        print_duration(to, amount);
    } else {
        print_amount(to, amount);
        print_words(to, unit == LIBSOCK_OPT_UNIT_NONE ? "" : " ");
        print_words(to, libsock__opt_unit_word(unit));
    }
}

static void print_signed(struct print_to *to, int unit, int32_t number)
{
    int64_t wide = number;

    print_words(to, wide < 0 ? "-" : "");
    print_number(to, LIBSOCK_OPT_KIND_INT, unit,
                 (uint64_t)(wide < 0 ? -wide : wide));
}

static void print_hex(struct print_to *to, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        print_chars(to, &digits[bytes[i] >> 4], 1);
        print_chars(to, &digits[bytes[i] & 0xf], 1);
    }
}

static void print_members(struct print_to *to, size_t index,
                          const libsock_opt_value *value)
{
    bool follows = false;
    libsock_opt_field field;

    for (size_t i = 0; libsock_opt_field_at(index, value, i, &field) >= 0;
         i++) {
        if (!field.known) {
            continue;
        }
        print_words(to, follows ? ", " : "");
        print_words(to, field.name);
        print_words(to, "=");
        print_number(to, field.kind, field.unit, field.amount);
        follows = true;
    }
}

static void print_value(struct print_to *to, size_t index,
                        const libsock_opt_value *value)
{
    int unit = libsock__opt_unit_of((int)index);
    struct libsock__print ipv4 = {.len = 0};
    char addr[LIBSOCK_ADDR_TEXT_SIZE];

    switch (value->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        print_words(to, value->as.boolean ? "true" : "false");
        break;
    case LIBSOCK_OPT_KIND_INT:
        print_signed(to, unit, value->as.number);
        break;
    case LIBSOCK_OPT_KIND_TEXT:
        print_chars(to, value->as.text, value->len);
        break;
    case LIBSOCK_OPT_KIND_BYTES:
        print_hex(to, value->as.bytes, value->len);
        break;
    case LIBSOCK_OPT_KIND_IPV4:
        libsock__print_ipv4(&ipv4, value->as.octets);
        print_chars(to, ipv4.text, ipv4.len);
        break;
    case LIBSOCK_OPT_KIND_ADDR:
        if (libsock_addr_print(&value->as.addr, addr, sizeof(addr)) >= 0) {
            print_words(to, addr);
        }
        break;
    case LIBSOCK_OPT_KIND_STRUCT:
        print_members(to, index, value);
        break;
    default:
        print_number(to, value->kind, unit, value->as.amount);
        break;
    }
}

/* Whether it is as long as a value can be. */
static bool print_fits(const libsock_opt_value *value)
{
    switch (value->kind) {
    case LIBSOCK_OPT_KIND_TEXT:
        return value->len < sizeof(value->as.text);
    case LIBSOCK_OPT_KIND_BYTES:
        return value->len <= sizeof(value->as.bytes);
    default:
        return true;
    }
}

ptrdiff_t libsock_opt_print(size_t index, const libsock_opt_value *value,
                            char *buf, size_t cap)
{
    struct print_to to = {NULL, 0};

    if (!libsock__opt_value_fits(index, value) || !print_fits(value) ||
        buf == NULL) {
        return libsock__invalid();
    }
    if (!libsock__opt_has_text((int)index)) {
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
    print_value(&to, index, value);
    if (to.len >= cap) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    to = (struct print_to){buf, 0};
    print_value(&to, index, value);
    buf[to.len] = '\0';
    return (ptrdiff_t)to.len;
}
