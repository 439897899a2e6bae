/* SPDX-License-Identifier: MIT */
/* The transport in front of an address, and the address behind it. Nothing is
 * resolved: an address is numbers. There is no state. */
#include "address.h"

#include <stdio.h>
#include <string.h>

#include <libsock/error.h>
#include <libsock/types.h>

static int address_wrong_family(const struct address *a)
{
    int domain = libsock_addr_domain(&a->addr);
    bool local = domain == LIBSOCK_DOMAIN_UNIX;
    bool ip = domain == LIBSOCK_DOMAIN_IPV4 || domain == LIBSOCK_DOMAIN_IPV6;

    return a->transport == TRANSPORT_UNIX ? !local : !ip;
}

int address_parse(const char *text, struct address *out_address)
{
    struct address a = {.transport = TRANSPORT_TCP};
    const char *rest = text;

    if (strncmp(text, "unix:", 5) == 0) {
        a.transport = TRANSPORT_UNIX;
    } else if (strncmp(text, "udp:", 4) == 0) {
        a.transport = TRANSPORT_UDP;
        rest += 4;
    } else if (strncmp(text, "tcp:", 4) == 0) {
        rest += 4;
    }
    int r = libsock_addr_parse(rest, strlen(rest), &a.addr);
    if (r < 0)
        return r;
    if (address_wrong_family(&a))
        return libsock_addr_parse("", 0, &a.addr);
    *out_address = a;
    return 0;
}

const char *address_print(const struct address *address, char *buf)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];

    if (libsock_addr_print(&address->addr, text, sizeof(text)) < 0)
        return "?";
    snprintf(buf, ADDRESS_TEXT_SIZE, "%s%s",
             address->transport == TRANSPORT_TCP   ? "tcp:"
             : address->transport == TRANSPORT_UDP ? "udp:"
                                                   : "",
             text);
    return buf;
}

const char *address_transport(const struct address *address)
{
    static const char *const names[] = {"tcp", "udp", "unix"};

    return names[address->transport];
}
