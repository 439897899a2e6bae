/* SPDX-License-Identifier: MIT */
/*
 * From text to address: the grammar of libsock_addr_parse(), one function per
 * family. Bare IP addresses are read in ip_text.c, the way back is in
 * addr_print.c. Only a zone name asks the OS; nothing is kept, so nothing
 * needs a guard.
 */
#include <libsock/addr.h>

#include "ip_text.h"
#include "text.h"
#include "util.h"

#include <string.h>

/* Longer than the interface names of any OS, Windows' 256 included. */
#define PARSE_ZONE_MAX 256

/* Reads what follows the prefix, to the end. 0, or a negative result. */
typedef int (*parse_rest)(struct libsock__scan *scan, libsock_addr *out_addr);

static bool parse_port(struct libsock__scan *scan, uint16_t *out_port)
{
    uint32_t value;

    if (!libsock__scan_char(scan, ':') ||
        !libsock__scan_decimal(scan, UINT16_MAX, &value)) {
        return false;
    }
    *out_port = (uint16_t)value;
    return true;
}

/* "0x" and up to `width` hex digits. */
static bool parse_hex(struct libsock__scan *scan, size_t width,
                      uint32_t *out_value)
{
    return libsock__scan_word(scan, "0x") &&
           libsock__scan_hex(scan, width, out_value);
}

static int parse_zone_name(const char *name, size_t len, uint32_t *out_scope)
{
    char copy[PARSE_ZONE_MAX + 1];

    if (len == 0 || len > PARSE_ZONE_MAX || memchr(name, '\0', len) != NULL) {
        return libsock__invalid();
    }
    memcpy(copy, name, len);
    copy[len] = '\0';
    return libsock__sys_if_index(copy, out_scope);
}

/* All up to a bracket or the end: a number if it is one, else a name. */
static int parse_zone(struct libsock__scan *scan, uint32_t *out_scope)
{
    struct libsock__scan zone = *scan;
    bool number = true;

    while (scan->at < scan->end && *scan->at != ']') {
        number = number && libsock__text_is_digit(*scan->at, 10);
        scan->at++;
    }
    zone.end = scan->at;
    if (!number || libsock__scan_end(&zone)) {
        return parse_zone_name(zone.at, (size_t)(zone.end - zone.at),
                               out_scope);
    }
    if (!libsock__scan_decimal(&zone, UINT32_MAX, out_scope)) {
        return libsock__invalid();
    }
    return 0;
}

/* An address and its zone, without brackets and port. */
static int parse_ipv6(struct libsock__scan *scan, libsock_ipv6 *out_ipv6)
{
    if (!libsock__scan_ipv6(scan, out_ipv6->octets)) {
        return libsock__invalid();
    }
    if (libsock__scan_char(scan, '%')) {
        return parse_zone(scan, &out_ipv6->scope_id);
    }
    return 0;
}

static int parse_ipv6_port(struct libsock__scan *scan, libsock_addr *out_addr)
{
    libsock_ipv6 ipv6 = {{0}, 0, 0, 0, 0};
    int r = parse_ipv6(scan, &ipv6);

    if (r < 0) {
        return r;
    }
    if (!libsock__scan_char(scan, ']') || !parse_port(scan, &ipv6.port) ||
        !libsock__scan_end(scan)) {
        return libsock__invalid();
    }
    return libsock_addr_from_ipv6(&ipv6, out_addr);
}

static int parse_ipv4_port(struct libsock__scan *scan, libsock_addr *out_addr)
{
    uint8_t octets[4];
    uint16_t port;

    if (!libsock__scan_ipv4(scan, octets) || !parse_port(scan, &port) ||
        !libsock__scan_end(scan)) {
        return libsock__invalid();
    }
    return libsock_addr_from_ipv4(octets, port, out_addr);
}

/* One byte of an AF_UNIX name: itself, or the escape \xHH. */
static bool parse_name_byte(struct libsock__scan *scan, char *out_byte)
{
    struct libsock__scan at = *scan;
    uint32_t value;

    if (!libsock__scan_char(&at, '\\')) {
        *out_byte = *scan->at++;
        return *out_byte != '\0';
    }
    if (!libsock__scan_char(&at, 'x') || at.end - at.at < 2 ||
        !libsock__text_is_digit(at.at[1], 16) ||
        !libsock__scan_hex(&at, 2, &value)) {
        return false;
    }
    *out_byte = (char)value;
    *scan = at;
    return true;
}

static int parse_unix(struct libsock__scan *scan, libsock_addr *out_addr)
{
    bool abstract = libsock__scan_char(scan, '@');
    char name[LIBSOCK_UNIX_PATH_MAX];
    size_t len = 0;

    if (!abstract && libsock__scan_end(scan)) {
        return libsock_addr_from_unix_unnamed(out_addr);
    }
    while (!libsock__scan_end(scan)) {
        if (len == sizeof(name) || !parse_name_byte(scan, &name[len])) {
            return libsock__invalid();
        }
        len++;
    }
    return abstract ? libsock_addr_from_unix_abstract(name, len, out_addr)
                    : libsock_addr_from_unix_path(name, len, out_addr);
}

static bool parse_vsock_number(struct libsock__scan *scan, uint32_t *out_value)
{
    if (libsock__scan_char(scan, '*')) {
        *out_value = UINT32_MAX;
        return true;
    }
    return libsock__scan_decimal(scan, UINT32_MAX, out_value);
}

static int parse_vsock(struct libsock__scan *scan, libsock_addr *out_addr)
{
    uint32_t cid;
    uint32_t port;

    if (!parse_vsock_number(scan, &cid) || !libsock__scan_char(scan, ':') ||
        !parse_vsock_number(scan, &port) || !libsock__scan_end(scan)) {
        return libsock__invalid();
    }
    return libsock_addr_from_vsock(cid, port, out_addr);
}

/* ":HH" for each octet of a hardware address; there may be none. */
static bool parse_hardware(struct libsock__scan *scan, libsock_packet *packet)
{
    uint32_t value;

    while (libsock__scan_char(scan, ':')) {
        const char *start = scan->at;

        if (packet->len == sizeof(packet->octets) ||
            !libsock__scan_hex(scan, 2, &value) || scan->at - start != 2) {
            return false;
        }
        packet->octets[packet->len++] = (uint8_t)value;
    }
    return true;
}

static int parse_packet(struct libsock__scan *scan, libsock_addr *out_addr)
{
    libsock_packet packet = {0};
    uint32_t protocol;

    if (!libsock__scan_decimal(scan, INT32_MAX, &packet.ifindex) ||
        !libsock__scan_char(scan, ':') || !parse_hex(scan, 4, &protocol) ||
        !parse_hardware(scan, &packet) || !libsock__scan_end(scan)) {
        return libsock__invalid();
    }
    packet.protocol = (uint16_t)protocol;
    return libsock_addr_from_packet(&packet, out_addr);
}

static int parse_netlink(struct libsock__scan *scan, libsock_addr *out_addr)
{
    uint32_t port_id;
    uint32_t groups;

    if (!libsock__scan_decimal(scan, UINT32_MAX, &port_id) ||
        !libsock__scan_char(scan, ':') || !parse_hex(scan, 8, &groups) ||
        !libsock__scan_end(scan)) {
        return libsock__invalid();
    }
    return libsock_addr_from_netlink(port_id, groups, out_addr);
}

/* The last one has no prefix and takes what the others leave. */
static const struct {
    const char *prefix;
    parse_rest rest;
} parse_families[] = {
    {"[", parse_ipv6_port},      {"unix:", parse_unix},
    {"vsock:", parse_vsock},     {"packet:", parse_packet},
    {"netlink:", parse_netlink}, {"", parse_ipv4_port},
};

int libsock_addr_parse(const char *text, size_t len, libsock_addr *out_addr)
{
    struct libsock__scan scan;
    size_t i = 0;

    if (text == NULL || out_addr == NULL) {
        return libsock__invalid();
    }
    scan.at = text;
    scan.end = text + len;
    while (!libsock__scan_word(&scan, parse_families[i].prefix)) {
        i++;
    }
    return parse_families[i].rest(&scan, out_addr);
}

int libsock_addr_parse_ip(const char *text, size_t len, uint16_t port,
                          libsock_addr *out_addr)
{
    libsock_ipv6 ipv6 = {{0}, port, 0, 0, 0};
    struct libsock__scan scan;
    uint8_t ipv4[4];
    int r;

    if (text == NULL || out_addr == NULL) {
        return libsock__invalid();
    }
    scan.at = text;
    scan.end = text + len;
    if (libsock__scan_ipv4(&scan, ipv4)) {
        return libsock__scan_end(&scan)
                   ? libsock_addr_from_ipv4(ipv4, port, out_addr)
                   : libsock__invalid();
    }
    r = parse_ipv6(&scan, &ipv6);
    if (r < 0) {
        return r;
    }
    return libsock__scan_end(&scan) ? libsock_addr_from_ipv6(&ipv6, out_addr)
                                    : libsock__invalid();
}
