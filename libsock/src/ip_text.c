/* SPDX-License-Identifier: MIT */
/*
 * Bare IP addresses as text: strict IPv4, IPv6 as in RFC 4291, 2.2, written as
 * in RFC 5952. Ports and zones are read in addr_parse.c. Pure functions, so
 * nothing needs a guard.
 */
#include "ip_text.h"

#include <string.h>

/* No leading zero: "010" is 10 to some and 8 to others. */
static bool ip_scan_octet(struct libsock__scan *scan, uint8_t *out_octet)
{
    struct libsock__scan at = *scan;
    uint32_t value;

    if (!libsock__scan_decimal(&at, 255, &value) ||
        (*scan->at == '0' && at.at - scan->at > 1)) {
        return false;
    }
    *scan = at;
    *out_octet = (uint8_t)value;
    return true;
}

bool libsock__scan_ipv4(struct libsock__scan *scan, uint8_t out_octets[4])
{
    struct libsock__scan at = *scan;
    uint8_t octets[4];
    size_t i;

    for (i = 0; i < 4; i++) {
        if ((i > 0 && !libsock__scan_char(&at, '.')) ||
            !ip_scan_octet(&at, &octets[i])) {
            return false;
        }
    }
    *scan = at;
    memcpy(out_octets, octets, 4);
    return true;
}

/* An IPv6 address being read. */
struct ip_groups {
    uint8_t octets[16];
    size_t len; /* octets filled */
    size_t gap; /* octets before the "::"; NO_GAP while there is none */
};

#define NO_GAP SIZE_MAX

/* "::", once. */
static bool ip_scan_gap(struct libsock__scan *scan, struct ip_groups *groups)
{
    if (groups->gap != NO_GAP || !libsock__scan_word(scan, "::")) {
        return false;
    }
    groups->gap = groups->len;
    return true;
}

static bool ip_scan_group(struct libsock__scan *scan, struct ip_groups *groups)
{
    uint32_t value;

    if (groups->len > 14 || !libsock__scan_hex(scan, 4, &value)) {
        return false;
    }
    groups->octets[groups->len++] = (uint8_t)(value >> 8);
    groups->octets[groups->len++] = (uint8_t)(value & 0xff);
    return true;
}

/* The last 32 bits may be written as IPv4. */
static bool ip_scan_embedded(struct libsock__scan *scan,
                             struct ip_groups *groups)
{
    if (groups->len > 12 ||
        !libsock__scan_ipv4(scan, groups->octets + groups->len)) {
        return false;
    }
    groups->len += 4;
    return true;
}

/* A gap may be the end of the address: no group begins there. */
static bool ip_ends(const struct libsock__scan *scan)
{
    return libsock__scan_end(scan) || !libsock__text_is_digit(*scan->at, 16);
}

/* What stands between groups; false when the last one has been read. */
static bool ip_scan_separator(struct libsock__scan *scan,
                              struct ip_groups *groups)
{
    if (ip_scan_gap(scan, groups)) {
        return !ip_ends(scan);
    }
    return libsock__scan_char(scan, ':');
}

/* From the start of a group to the end of the address. */
static bool ip_scan_groups(struct libsock__scan *scan, struct ip_groups *groups)
{
    while (!ip_scan_embedded(scan, groups)) {
        if (!ip_scan_group(scan, groups)) {
            return false;
        }
        if (!ip_scan_separator(scan, groups)) {
            return true;
        }
    }
    return true;
}

/* Put the zeros where the gap is, which stands for one group or more. */
static bool ip_expand(const struct ip_groups *groups, uint8_t out_octets[16])
{
    size_t tail;

    if (groups->gap == NO_GAP) {
        memcpy(out_octets, groups->octets, 16);
        return groups->len == 16;
    }
    if (groups->len > 14) {
        return false;
    }
    tail = groups->len - groups->gap;
    memset(out_octets, 0, 16);
    memcpy(out_octets, groups->octets, groups->gap);
    memcpy(out_octets + 16 - tail, groups->octets + groups->gap, tail);
    return true;
}

bool libsock__scan_ipv6(struct libsock__scan *scan, uint8_t out_octets[16])
{
    struct ip_groups groups = {{0}, 0, NO_GAP};
    struct libsock__scan at = *scan;
    uint8_t octets[16];
    bool alone =
        ip_scan_gap(&at, &groups) &&
        (libsock__scan_end(&at) || !libsock__text_is_digit(*at.at, 16));

    if ((!alone && !ip_scan_groups(&at, &groups)) ||
        !ip_expand(&groups, octets)) {
        return false;
    }
    *scan = at;
    memcpy(out_octets, octets, 16);
    return true;
}

void libsock__print_ipv4(struct libsock__print *print, const uint8_t octets[4])
{
    size_t i;

    for (i = 0; i < 4; i++) {
        if (i > 0) {
            libsock__print_char(print, '.');
        }
        libsock__print_decimal(print, octets[i]);
    }
}

/* A run of groups that are zero. */
struct ip_run {
    size_t start;
    size_t len;
};

static uint32_t ip_group(const uint8_t octets[16], size_t i)
{
    return (uint32_t)octets[2 * i] << 8 | octets[2 * i + 1];
}

/* The longest run, the first of several; a lone zero is written out. */
static struct ip_run ip_longest_run(const uint8_t octets[16])
{
    struct ip_run best = {8, 1};
    struct ip_run run = {0, 0};
    size_t i;

    for (i = 0; i < 8; i++) {
        if (ip_group(octets, i) != 0) {
            run.len = 0;
            continue;
        }
        if (run.len++ == 0) {
            run.start = i;
        }
        if (run.len > best.len) {
            best = run;
        }
    }
    return best;
}

void libsock__print_ipv6(struct libsock__print *print, const uint8_t octets[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct ip_run run = ip_longest_run(octets);
    bool separated = true;
    size_t i = 0;

    if (memcmp(octets, mapped, 12) == 0) {
        libsock__print_word(print, "::ffff:");
        libsock__print_ipv4(print, octets + 12);
        return;
    }
    while (i < 8) {
        if (i == run.start) {
            libsock__print_word(print, "::");
            separated = true;
            i += run.len;
            continue;
        }
        if (!separated) {
            libsock__print_char(print, ':');
        }
        libsock__print_hex(print, ip_group(octets, i), 1);
        separated = false;
        i++;
    }
}
