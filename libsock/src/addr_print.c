/* SPDX-License-Identifier: MIT */
/*
 * From address to text, one function per family; libsock_addr_parse() reads it
 * back. Bare IP addresses are written in ip_text.c. Texts are built on the
 * stack and copied out whole, so a failure leaves the caller's buffer alone.
 */
#include <libsock/addr.h>

#include "addr.h"
#include "ip_text.h"
#include "text.h"
#include "util.h"

#include <string.h>

/* The longest text: "unix:@" and every byte of a full storage as \xHH. */
_Static_assert(6 + 4 * (LIBSOCK_ADDR_SIZE - 3) < LIBSOCK_ADDR_TEXT_SIZE,
               "LIBSOCK_ADDR_TEXT_SIZE holds every text");

static void print_ip(struct libsock__print *print,
                     const struct libsock__parts *parts)
{
    if (parts->domain == LIBSOCK_DOMAIN_IPV4) {
        libsock__print_ipv4(print, parts->u.ipv4.octets);
        return;
    }
    libsock__print_ipv6(print, parts->u.ipv6.octets);
    if (parts->u.ipv6.scope_id != 0) {
        libsock__print_char(print, '%');
        libsock__print_decimal(print, parts->u.ipv6.scope_id);
    }
}

static void print_ip_port(struct libsock__print *print,
                          const struct libsock__parts *parts)
{
    bool ipv6 = parts->domain == LIBSOCK_DOMAIN_IPV6;

    libsock__print_word(print, ipv6 ? "[" : "");
    print_ip(print, parts);
    libsock__print_word(print, ipv6 ? "]:" : ":");
    libsock__print_decimal(print,
                           ipv6 ? parts->u.ipv6.port : parts->u.ipv4.port);
}

/* Printable ASCII as it is, so that a log line stays one; the rest escaped. */
static void print_name(struct libsock__print *print, const char *name,
                       size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (name[i] >= 0x20 && name[i] < 0x7f && name[i] != '\\') {
            libsock__print_char(print, name[i]);
        } else {
            libsock__print_word(print, "\\x");
            libsock__print_hex(print, (uint8_t)name[i], 2);
        }
    }
}

static void print_unix(struct libsock__print *print,
                       const struct libsock__parts *parts)
{
    const char *name = parts->u.un.name;
    size_t len = parts->u.un.len;

    libsock__print_word(print, "unix:");
    if (parts->u.un.form == LIBSOCK_UNIX_ABSTRACT) {
        libsock__print_char(print, '@');
    } else if (len > 0 && name[0] == '@') {
        libsock__print_word(print, "\\x40");
        name++;
        len--;
    }
    print_name(print, name, len);
}

static void print_vsock_number(struct libsock__print *print, uint32_t value)
{
    if (value == UINT32_MAX) {
        libsock__print_char(print, '*');
    } else {
        libsock__print_decimal(print, value);
    }
}

static void print_vsock(struct libsock__print *print,
                        const struct libsock__parts *parts)
{
    libsock__print_word(print, "vsock:");
    print_vsock_number(print, parts->u.pair[0]);
    libsock__print_char(print, ':');
    print_vsock_number(print, parts->u.pair[1]);
}

static void print_packet(struct libsock__print *print,
                         const struct libsock__parts *parts)
{
    size_t i;

    libsock__print_word(print, "packet:");
    libsock__print_decimal(print, parts->u.packet.ifindex);
    libsock__print_word(print, ":0x");
    libsock__print_hex(print, parts->u.packet.protocol, 4);
    for (i = 0; i < parts->u.packet.len; i++) {
        libsock__print_char(print, ':');
        libsock__print_hex(print, parts->u.packet.octets[i], 2);
    }
}

static void print_netlink(struct libsock__print *print,
                          const struct libsock__parts *parts)
{
    libsock__print_word(print, "netlink:");
    libsock__print_decimal(print, parts->u.pair[0]);
    libsock__print_word(print, ":0x");
    libsock__print_hex(print, parts->u.pair[1], 1);
}

static void print_raw(struct libsock__print *print, const libsock_addr *addr)
{
    const uint8_t *bytes = libsock_addr_raw(addr);
    size_t i;

    libsock__print_word(print, "raw:");
    for (i = 0; i < addr->len; i++) {
        libsock__print_hex(print, bytes[i], 2);
    }
}

static void print_parts(struct libsock__print *print,
                        const struct libsock__parts *parts)
{
    switch (parts->domain) {
    case LIBSOCK_DOMAIN_UNIX:
        print_unix(print, parts);
        break;
    case LIBSOCK_DOMAIN_VSOCK:
        print_vsock(print, parts);
        break;
    case LIBSOCK_DOMAIN_PACKET:
        print_packet(print, parts);
        break;
    case LIBSOCK_DOMAIN_NETLINK:
        print_netlink(print, parts);
        break;
    default:
        print_ip_port(print, parts);
        break;
    }
}

static ptrdiff_t print_copy(const struct libsock__print *print, char *buf,
                            size_t cap)
{
    if (print->len >= cap) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    memcpy(buf, print->text, print->len);
    buf[print->len] = '\0';
    return (ptrdiff_t)print->len;
}

ptrdiff_t libsock_addr_print(const libsock_addr *addr, char *buf, size_t cap)
{
    struct libsock__parts parts;
    struct libsock__print print;

    if (buf == NULL) {
        return libsock__invalid();
    }
    print.len = 0;
    if (libsock__addr_is_empty(addr)) {
        libsock__print_char(&print, '-');
    } else if (libsock__addr_parts(addr, &parts) < 0) {
        print_raw(&print, addr);
    } else {
        print_parts(&print, &parts);
    }
    return print_copy(&print, buf, cap);
}

ptrdiff_t libsock_addr_print_ip(const libsock_addr *addr, char *buf, size_t cap)
{
    struct libsock__parts parts;
    struct libsock__print print;
    int r = libsock__addr_parts(addr, &parts);

    if (buf == NULL || r < 0 ||
        (parts.domain != LIBSOCK_DOMAIN_IPV4 &&
         parts.domain != LIBSOCK_DOMAIN_IPV6)) {
        return libsock__invalid();
    }
    print.len = 0;
    print_ip(&print, &parts);
    return print_copy(&print, buf, cap);
}
