/* SPDX-License-Identifier: MIT */
/*
 * IPv4 addresses as an IPv6 socket names them, and the scope of an address.
 * Building addresses and taking them apart is in addr.c. Nothing is guarded.
 */
#include <libsock/addr.h>

#include <errno.h>
#include <string.h>

#include "support/check.h"

TEST(set_scope_changes_the_scope_alone)
{
    const libsock_ipv6 in = {{0xff, 2, [15] = 7}, 443, 0, 0, 0xabcde};
    libsock_ipv6 out;
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_ipv6(&in, &addr));
    CHECK_OK(libsock_addr_set_scope(&addr, UINT32_MAX));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &out));
    CHECK_EQ_UINT(out.scope_id, UINT32_MAX);
    out.scope_id = in.scope_id;
    CHECK_EQ_MEM(&out, &in, sizeof(in));
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &addr));
    CHECK_ERR(libsock_addr_set_scope(&addr, 1), EINVAL);
    CHECK_ERR(libsock_addr_set_scope(NULL, 1), EINVAL);
}

/* Maps `ip` and unmaps it again, to the same address. */
static void addr_map_check(const char *ip, const char *mapped)
{
    libsock_addr addr;
    libsock_addr before;
    char text[64];

    CHECK_OK(libsock_addr_parse_ip(ip, strlen(ip), 65535, &addr));
    before = addr;
    CHECK(!libsock_addr_unmap(&addr) && libsock_addr_map(&addr));
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_IPV6);
    CHECK_EQ_INT(libsock_addr_port(&addr), 65535);
    CHECK(libsock_addr_print_ip(&addr, text, sizeof(text)) > 0);
    CHECK_EQ_STR(text, mapped);
    CHECK(!libsock_addr_map(&addr) && libsock_addr_unmap(&addr));
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

static void addr_map_refused(const char *ip)
{
    libsock_addr addr;
    libsock_addr before;

    CHECK_OK(libsock_addr_parse_ip(ip, strlen(ip), 9, &addr));
    before = addr;
    CHECK(!libsock_addr_unmap(&addr));
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

TEST(ipv4_addresses_are_mapped_and_unmapped)
{
    libsock_addr addr = {{0}, 0, 0};

    addr_map_check("192.0.2.7", "::ffff:192.0.2.7");
    addr_map_check("0.0.0.0", "::ffff:0.0.0.0");
    addr_map_check("255.255.255.255", "::ffff:255.255.255.255");
    addr_map_refused("::192.0.2.7");
    addr_map_refused("::fffe:192.0.2.7");
    addr_map_refused("1::ffff:192.0.2.7");
    addr_map_refused("64:ff9b::192.0.2.7");
    CHECK(!libsock_addr_map(NULL) && !libsock_addr_unmap(NULL));
    CHECK(!libsock_addr_map(&addr) && !libsock_addr_unmap(&addr));
}
