/* SPDX-License-Identifier: MIT */
/* Addresses as the program takes and prints them: tcp:127.0.0.1:7000,
 * udp:[::1]:7000, unix:/tmp/echo.sock, unix:@name; tcp: may be left out. What
 * follows tcp: and udp:, and all of unix:, is an address in libsock's form. */
#ifndef ECHO_ADDRESS_H
#define ECHO_ADDRESS_H

#include <libsock/addr.h>

enum transport {
    TRANSPORT_TCP,
    TRANSPORT_UDP,
    TRANSPORT_UNIX
};

struct address {
    enum transport transport;
    libsock_addr addr;
};

/* Room for the text of any address. */
#define ADDRESS_TEXT_SIZE (LIBSOCK_ADDR_TEXT_SIZE + 4)

/* 0, or what libsock_addr_parse() said. */
int address_parse(const char *text, struct address *out_address);

/* Returns `buf`, of ADDRESS_TEXT_SIZE bytes. */
const char *address_print(const struct address *address, char *buf);

/* "tcp", "udp" or "unix". */
const char *address_transport(const struct address *address);

#endif
