/* SPDX-License-Identifier: MIT */
/*
 * The text of bare IP addresses: octets to characters and back. No ports, no
 * zones, no brackets.
 */
#ifndef LIBSOCK__IP_TEXT_H
#define LIBSOCK__IP_TEXT_H

#include "text.h"

/* Each reads as much as belongs to the address; false leaves `scan` as is. */
bool libsock__scan_ipv4(struct libsock__scan *scan, uint8_t out_octets[4]);
bool libsock__scan_ipv6(struct libsock__scan *scan, uint8_t out_octets[16]);

void libsock__print_ipv4(struct libsock__print *print, const uint8_t octets[4]);
/* As RFC 5952 says. */
void libsock__print_ipv6(struct libsock__print *print,
                         const uint8_t octets[16]);

#endif
