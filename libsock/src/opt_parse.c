/* SPDX-License-Identifier: MIT */
/*
 * From text to the value of an option: what opt_print.c writes, and what people
 * write. Which values an option takes is asked when it is set. Pure functions
 * over the caller's memory, so nothing needs a guard.
 */
#include <libsock/opt_value.h>

#include <string.h>

#include "ip_text.h"
#include "opt_member.h"
#include "opt_unit.h"
#include "opt_value.h"
#include "text.h"
#include "util.h"

const struct libsock__opt_time libsock__opt_times[LIBSOCK__OPT_TIMES] = {
    {"s", UINT64_C(1000000000)},
    {"ms", UINT64_C(1000000)},
    {"us", UINT64_C(1000)},
    {"ns", 1},
};

const char *libsock__opt_unit_word(int unit)
{
    static const char *const words[] = {
        [LIBSOCK_OPT_UNIT_NONE] = "",
        [LIBSOCK_OPT_UNIT_BYTES] = "bytes",
        [LIBSOCK_OPT_UNIT_S] = "s",
        [LIBSOCK_OPT_UNIT_MS] = "ms",
        [LIBSOCK_OPT_UNIT_US] = "us",
        [LIBSOCK_OPT_UNIT_BYTES_PER_S] = "bytes/s",
    };

    return words[unit];
}

bool libsock__opt_has_text(int id)
{
    switch (libsock__opt_row_of(id)->shape) {
    case LIBSOCK_OPT_KIND_STRUCT:
        return libsock__opt_struct_of(id)->n_members > 0;
    case LIBSOCK_OPT_KIND_MEMBERSHIP:
    case LIBSOCK_OPT_KIND_FILTER:
    case LIBSOCK_OPT_KIND_FD:
    case LIBSOCK_OPT_KIND_NONE:
        return false;
    default:
        return true;
    }
}

static bool parse_bool(struct libsock__scan *scan, bool *out)
{
    static const char *const words[] = {"true",  "on",  "yes", "1",
                                        "false", "off", "no",  "0"};

    for (size_t i = 0; i < LIBSOCK__COUNT(words); i++) {
        if (libsock__scan_word(scan, words[i])) {
            *out = i < LIBSOCK__COUNT(words) / 2;
            return true;
        }
    }
    return false;
}

/* Digits, all that are there; false when they are more than 64 bits. */
static bool parse_amount(struct libsock__scan *scan, uint64_t *out)
{
    uint32_t base = libsock__scan_word(scan, "0x") ? 16 : 10;
    const char *begin = scan->at;
    uint64_t amount = 0;

    while (!libsock__scan_end(scan) &&
           libsock__text_is_digit(*scan->at, (int)base)) {
        uint32_t digit = 0;

        /* A digit of ten is one of sixteen. */
        (void)libsock__scan_hex(scan, 1, &digit);
        if (amount > (UINT64_MAX - digit) / base) {
            return false;
        }
        amount = amount * base + digit;
    }
    *out = amount;
    return scan->at > begin;
}

static bool parse_duration(struct libsock__scan *scan, uint64_t *out)
{
    uint64_t amount;

    if (!parse_amount(scan, &amount)) {
        return false;
    }
    (void)libsock__scan_char(scan, ' ');
    for (int i = 0; i < LIBSOCK__OPT_TIMES; i++) {
        const struct libsock__opt_time *time = &libsock__opt_times[i];

        if (libsock__scan_word(scan, time->word)) {
            *out = amount * time->ns;
            /* What means none is said by its word. */
            return amount <= (UINT64_MAX - 1) / time->ns;
        }
    }
    return false;
}

/* The unit may be left out, but not be another. */
static bool parse_unit(struct libsock__scan *scan, int unit)
{
    struct libsock__scan behind = *scan;

    (void)libsock__scan_char(&behind, ' ');
    if (unit != LIBSOCK_OPT_UNIT_NONE &&
        libsock__scan_word(&behind, libsock__opt_unit_word(unit))) {
        *scan = behind;
    }
    return true;
}

/* An amount of any kind. */
static bool parse_number(struct libsock__scan *scan, int kind, int unit,
                         uint64_t *out)
{
    bool limits = kind == LIBSOCK_OPT_KIND_DURATION ||
                  unit == LIBSOCK_OPT_UNIT_BYTES_PER_S;

    if (limits && libsock__scan_word(scan, LIBSOCK__OPT_WORD_NONE)) {
        *out = UINT64_MAX;
        return true;
    }
    return kind == LIBSOCK_OPT_KIND_DURATION
               ? parse_duration(scan, out)
               : parse_amount(scan, out) && parse_unit(scan, unit);
}

static bool parse_signed(struct libsock__scan *scan, int unit, int32_t *out)
{
    bool negative = libsock__scan_char(scan, '-');
    uint64_t amount;

    if (!parse_number(scan, LIBSOCK_OPT_KIND_INT, unit, &amount) ||
        amount > (uint64_t)INT32_MAX + negative) {
        return false;
    }
    *out = (int32_t)(negative ? -(int64_t)amount : (int64_t)amount);
    return true;
}

/* All that is left, as text or two digits a byte. */
static bool parse_text(struct libsock__scan *scan, libsock_opt_value *out)
{
    size_t len = (size_t)(scan->end - scan->at);

    if (len >= sizeof(out->as.text) || memchr(scan->at, '\0', len) != NULL) {
        return false;
    }
    memcpy(out->as.text, scan->at, len);
    out->len = (uint32_t)len;
    scan->at = scan->end;
    return true;
}

static bool parse_bytes(struct libsock__scan *scan, libsock_opt_value *out)
{
    while (!libsock__scan_end(scan)) {
        const char *begin = scan->at;
        uint32_t byte;

        if (out->len == sizeof(out->as.bytes) ||
            !libsock__scan_hex(scan, 2, &byte) || scan->at != begin + 2) {
            return false;
        }
        out->as.bytes[out->len++] = (uint8_t)byte;
    }
    return true;
}

static bool parse_addr(struct libsock__scan *scan, libsock_addr *out)
{
    size_t len = (size_t)(scan->end - scan->at);
    bool good = libsock_addr_parse(scan->at, len, out) >= 0;

    scan->at = good ? scan->end : scan->at;
    return good;
}

/* Into the structure, if there is room. */
static bool parse_store(const struct libsock__opt_member *member,
                        uint64_t amount, libsock_opt_value *out)
{
    unsigned char *at = (unsigned char *)&out->as + member->offset;
    uint32_t word = (uint32_t)amount;
    uint16_t half = (uint16_t)amount;

    switch (member->size) {
    case sizeof(amount):
        memcpy(at, &amount, sizeof(amount));
        return true;
    case sizeof(word):
        memcpy(at, &word, sizeof(word));
        return word == amount;
    case sizeof(half):
        memcpy(at, &half, sizeof(half));
        return half == amount;
    default:
        *at = (unsigned char)amount;
        return amount <= UINT8_MAX;
    }
}

/* The member whose name and sign of equality stand here, and its number. */
static const struct libsock__opt_member *
parse_member_name(struct libsock__scan *scan,
                  const struct libsock__opt_struct *what)
{
    for (size_t i = 0; i < what->n_members; i++) {
        struct libsock__scan behind = *scan;

        if (libsock__scan_word(&behind, what->members[i].name) &&
            libsock__scan_char(&behind, '=')) {
            *scan = behind;
            return &what->members[i];
        }
    }
    return NULL;
}

static bool parse_members(struct libsock__scan *scan, int id,
                          libsock_opt_value *out)
{
    const struct libsock__opt_struct *what = libsock__opt_struct_of(id);
    uint64_t seen = 0;

    do {
        const struct libsock__opt_member *member =
            parse_member_name(scan, what);
        uint64_t bit, amount;

        if (member == NULL ||
            !parse_number(scan, member->kind, member->unit, &amount) ||
            !parse_store(member, amount, out)) {
            return false;
        }
        bit = UINT64_C(1) << (member - what->members);
        if ((seen & bit) != 0) {
            return false;
        }
        seen |= bit;
        if (member->bit >= 0) {
            out->as.tcp_info.valid |= UINT64_C(1) << member->bit;
        }
    } while (libsock__scan_word(scan, ", "));
    return true;
}

static bool parse_value(struct libsock__scan *scan, int id,
                        libsock_opt_value *out)
{
    int unit = libsock__opt_unit_of(id);

    switch (out->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        return parse_bool(scan, &out->as.boolean);
    case LIBSOCK_OPT_KIND_INT:
        return parse_signed(scan, unit, &out->as.number);
    case LIBSOCK_OPT_KIND_TEXT:
        return parse_text(scan, out);
    case LIBSOCK_OPT_KIND_BYTES:
        return parse_bytes(scan, out);
    case LIBSOCK_OPT_KIND_ADDR:
        return parse_addr(scan, &out->as.addr);
    case LIBSOCK_OPT_KIND_IPV4:
        return libsock__scan_ipv4(scan, out->as.octets);
    case LIBSOCK_OPT_KIND_STRUCT:
        return parse_members(scan, id, out);
    default:
        return parse_number(scan, out->kind, unit, &out->as.amount);
    }
}

int libsock_opt_parse(size_t index, const char *text, size_t len,
                      libsock_opt_value *out_value)
{
    struct libsock__scan scan;
    libsock_opt_value value;

    if (index >= LIBSOCK__OPT_COUNT || (text == NULL && len > 0) ||
        out_value == NULL) {
        return libsock__invalid();
    }
    if (!libsock__opt_has_text((int)index)) {
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
    scan.at = text != NULL ? text : "";
    scan.end = scan.at + len;
    memset(&value, 0, sizeof(value));
    value.kind = libsock__opt_row_of((int)index)->shape;
    if (!parse_value(&scan, (int)index, &value) || !libsock__scan_end(&scan)) {
        return libsock__invalid();
    }
    *out_value = value;
    return 0;
}
