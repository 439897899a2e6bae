/* SPDX-License-Identifier: MIT */
/*
 * The grammar of address text: what is read, into what, and everything near it
 * that must be refused. Writing is tested in addr_print.c; random IPv6 texts
 * are compared with the C library in addr_oracle.c.
 * Nothing is guarded.
 */
#include "support/check.h"
#include "support/fault.h"

#include <libsock/libsock.h>

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* The text in memory of exactly its size, so that a sanitizer sees one byte
 * too far; the address marked, so that a failure that writes shows. */
static int parse_exact(int (*parse)(const char *, size_t, libsock_addr *),
                       const char *text, size_t len, libsock_addr *out_addr)
{
    char *exact = malloc(len > 0 ? len : 1);
    libsock_addr addr;
    libsock_addr before;
    int r;

    CHECK(exact != NULL);
    memcpy(exact, text, len);
    memset(&addr, 0xa5, sizeof(addr));
    before = addr;
    r = parse(exact, len, &addr);
    free(exact);
    if (r < 0) {
        CHECK_EQ_MEM(&addr, &before, sizeof(addr));
        return r;
    }
    CHECK_EQ_INT(r, 0);
    *out_addr = addr;
    return 0;
}

static int parse_bare(const char *text, size_t len, libsock_addr *out_addr)
{
    return libsock_addr_parse_ip(text, len, 4660, out_addr);
}

static libsock_addr parse_good(const char *text)
{
    libsock_addr addr = {{0}, 0, 0};

    CHECK_OK(parse_exact(libsock_addr_parse, text, strlen(text), &addr));
    return addr;
}

static void parse_bad_all(int (*parse)(const char *, size_t, libsock_addr *),
                          const char *const *texts)
{
    libsock_addr addr;

    for (; *texts != NULL; texts++) {
        if (parse_exact(parse, *texts, strlen(*texts), &addr) != -EINVAL) {
            check_fail(__FILE__, __LINE__, "not refused: \"%s\"", *texts);
        }
    }
}

static void parse_check_ipv4(const char *text, const char *octets, int port)
{
    libsock_addr addr = parse_good(text);
    uint8_t got[4];

    CHECK_OK(libsock_addr_get_ipv4(&addr, got, NULL));
    CHECK_EQ_MEM(got, octets, 4);
    CHECK_EQ_INT(libsock_addr_port(&addr), port);
}

TEST(ipv4)
{
    parse_check_ipv4("1.2.3.4:80", "\1\2\3\4", 80);
    parse_check_ipv4("0.0.0.0:0", "\0\0\0\0", 0);
    parse_check_ipv4("255.255.255.255:65535", "\xff\xff\xff\xff", 65535);
    parse_check_ipv4("10.20.30.40:00080", "\x0a\x14\x1e\x28", 80);
}

TEST(ipv4_refused)
{
    static const char *const bad[] = {
        "",
        ":",
        "1",
        "1.2.3.4",
        "1.2.3.4:",
        "1.2.3.4:65536",
        "1.2.3.4:4294967376",
        "1.2.3.4:18446744073709551696",
        "1.2.3.4:+80",
        "1.2.3.4:-80",
        "1.2.3.4:0x50",
        "1.2.3.4: 80",
        "1.2.3.4 :80",
        " 1.2.3.4:80",
        "1.2.3.4:80 ",
        "1.2.3.4:80\n",
        "\t1.2.3.4:80",
        "1.2.3.4:80x",
        "1.2.3.4:80:81",
        "1.2.3.4::80",
        "1.2.3.4:8 0",
        "1.2.3:80",
        "1.2.3.4.5:80",
        "1.2.3.:80",
        ".1.2.3.4:80",
        "1..3.4:80",
        "1.2.3.256:80",
        "1.2.3.999:80",
        "1.2.3.4294967297:80",
        "01.2.3.4:80",
        "1.2.3.04:80",
        "1.2.3.00:80",
        "001.2.3.4:80",
        "0x1.2.3.4:80",
        "a.2.3.4:80",
        "+1.2.3.4:80",
        "-1.2.3.4:80",
        "1.2.3.4%1:80",
        "[1.2.3.4]:80",
        "16909060:80",
        "localhost:80",
        "-",
        "raw:0200",
        NULL,
    };

    parse_bad_all(libsock_addr_parse, bad);
}

static void parse_check_ipv6(const char *text, const char *octets,
                             uint32_t scope)
{
    libsock_addr addr = {{0}, 0, 0};
    libsock_ipv6 got;

    CHECK_OK(parse_exact(parse_bare, text, strlen(text), &addr));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &got));
    CHECK_EQ_MEM(got.octets, octets, 16);
    CHECK_EQ_UINT(got.scope_id, scope);
    CHECK_EQ_UINT(got.flow_info, 0);
    CHECK_EQ_UINT(got.port, 4660);
}

TEST(ipv6_forms)
{
    parse_check_ipv6("::", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0);
    parse_check_ipv6("::1", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 0);
    parse_check_ipv6("1::", "\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0);
    parse_check_ipv6("1:2:3:4:5:6:7:8", "\0\1\0\2\0\3\0\4\0\5\0\6\0\7\0\x8", 0);
    parse_check_ipv6("1:2:3:4:5:6:7::", "\0\1\0\2\0\3\0\4\0\5\0\6\0\7\0\0", 0);
    parse_check_ipv6("::2:3:4:5:6:7:8", "\0\0\0\2\0\3\0\4\0\5\0\6\0\7\0\x8", 0);
    parse_check_ipv6("1:2:3::7:8", "\0\1\0\2\0\3\0\0\0\0\0\0\0\7\0\x8", 0);
    parse_check_ipv6("FE80:0000::00aB",
                     "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\xab", 0);
    parse_check_ipv6("::ffff:1.2.3.4", "\0\0\0\0\0\0\0\0\0\0\xff\xff\1\2\3\4",
                     0);
    parse_check_ipv6("::1.2.3.4", "\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4", 0);
    parse_check_ipv6("1:2:3:4:5:6:7.8.9.10",
                     "\0\1\0\2\0\3\0\4\0\5\0\6\7\x8\x9\xa", 0);
    parse_check_ipv6("1:2:3:4:5::7.8.9.10",
                     "\0\1\0\2\0\3\0\4\0\5\0\0\7\x8\x9\xa", 0);
    parse_check_ipv6("fe80::%7", "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 7);
    parse_check_ipv6("fe80::1%0", "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 0);
    parse_check_ipv6("fe80::1%4294967295",
                     "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", UINT32_MAX);
    parse_check_ipv6("::1.2.3.4%3", "\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4", 3);
}

TEST(ipv6_with_port)
{
    libsock_addr addr = parse_good("[2001:db8::1]:443");
    libsock_ipv6 got;

    CHECK_EQ_INT(libsock_addr_port(&addr), 443);
    addr = parse_good("[fe80::1%12]:65535");
    CHECK_OK(libsock_addr_get_ipv6(&addr, &got));
    CHECK_EQ_UINT(got.scope_id, 12);
    CHECK_EQ_UINT(got.port, 65535);
    addr = parse_good("[::ffff:127.0.0.1]:0");
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_IPV6);
}

TEST(ipv6_refused)
{
    static const char *const bad[] = {
        "[",
        "[]",
        "[]:80",
        "[::1",
        "[::1]",
        "[::1]:",
        "[::1]garbage",
        "[::1]:80garbage",
        "[::1]80",
        "[::1]:65536",
        "[::1]:-1",
        "[::1]: 80",
        "[ ::1]:80",
        "[::1 ]:80",
        "[[::1]]:80",
        "[::1:80",
        "::1:80]",
        "::1",
        "[::1]:80]",
        "[::1%]:80",
        "[::1%4294967296]:80",
        "[::1%1]2:80",
        "[::1]%1:80",
        NULL,
    };

    parse_bad_all(libsock_addr_parse, bad);
}

TEST(bare_ip_refused)
{
    static const char *const bad[] = {
        "",
        ":",
        ":::",
        "1",
        "1:",
        ":1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "1::2::3",
        "::1::",
        ":::1",
        "1:::2",
        "1:2:3:4:5:6:7:",
        ":2:3:4:5:6:7:8",
        "::12345",
        "::00001",
        "::g",
        "::-1",
        "::+1",
        "::0x1",
        ":: 1",
        " ::1",
        "::1 ",
        "::1/64",
        "[::1]",
        "::1.2.3",
        "::1.2.3.4.5",
        "::1.2.3.4:5",
        "::1.2.3.256",
        "::1.2.3.04",
        "1.2.3.4::",
        "::1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.12.0",
        "1:2:3:4:5:6::1.2.3.4:1",
        "::1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "1.2.3.4:80",
        "1.2.3.4%1",
        "1.2.3",
        "fe80::1%",
        "fe80::1%4294967296",
        "fe80::1%99999999999999999999",
        "fe80::1]",
        "%1",
        NULL,
    };

    parse_bad_all(parse_bare, bad);
}

TEST(a_zone_name_must_exist)
{
    libsock_addr addr;
    char text[600];

    CHECK_ERR(parse_exact(parse_bare, "fe80::1%nosuch", 14, &addr), ENODEV);
    CHECK_EQ_INT(libsock_kind(-ENODEV), LIBSOCK_KIND_NOT_FOUND);
    CHECK_ERR(parse_exact(libsock_addr_parse, "[fe80::1%nosuch]:80", 19, &addr),
              ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%1x", 10, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%-1", 10, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1% 1", 10, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%1%2", 11, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lo\0", 11, &addr), EINVAL);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lo\0x", 12, &addr), EINVAL);
    memset(text, 'l', sizeof(text));
    memcpy(text, "fe80::1%", 8);
    CHECK_ERR(parse_exact(parse_bare, text, 8 + IF_NAMESIZE, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, text, 8 + 256, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, text, 8 + 257, &addr), EINVAL);
    CHECK_ERR(parse_exact(parse_bare, text, sizeof(text), &addr), EINVAL);
}

/* A name whose first 15 bytes exist must not be cut to them. */
TEST(a_zone_name_is_the_interface)
{
    uint32_t index = if_nametoindex("lo");
    libsock_addr addr;
    libsock_ipv6 got;

    if (index == 0) {
        SKIP("no interface lo");
    }
    addr = parse_good("[fe80::1%lo]:80");
    CHECK_OK(libsock_addr_get_ipv6(&addr, &got));
    CHECK_EQ_UINT(got.scope_id, index);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lox", 11, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%LO", 10, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lo:", 11, &addr), ENODEV);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lo:1", 12, &addr), ENODEV);
}

TEST(a_zone_name_that_the_os_cannot_look_up)
{
    libsock_addr addr;

    fault_reset();
    fault_fail_call("posix_if_index", 1, EMFILE);
    CHECK_ERR(parse_exact(parse_bare, "fe80::1%lo", 10, &addr), EMFILE);
    CHECK(fault_fired());
    CHECK_EQ_UINT(fault_calls(), 1);
    fault_reset();
    CHECK_OK(parse_exact(parse_bare, "fe80::1%1", 9, &addr));
    CHECK_EQ_UINT(fault_calls(), 0);
}

static void parse_check_unix(const char *text, int form, const char *name,
                             size_t len)
{
    libsock_addr addr = parse_good(text);
    const char *got;
    size_t got_len;
    int got_form;

    CHECK_OK(libsock_addr_get_unix(&addr, &got_form, &got, &got_len));
    CHECK_EQ_INT(got_form, form);
    CHECK_EQ_UINT(got_len, len);
    CHECK_EQ_MEM(got, name, len);
}

TEST(unix_names)
{
    parse_check_unix("unix:", LIBSOCK_UNIX_UNNAMED, "", 0);
    parse_check_unix("unix:/run/app.sock", LIBSOCK_UNIX_PATHNAME,
                     "/run/app.sock", 13);
    parse_check_unix("unix:a b:[]%", LIBSOCK_UNIX_PATHNAME, "a b:[]%", 7);
    parse_check_unix("unix:\\x40at", LIBSOCK_UNIX_PATHNAME, "@at", 3);
    parse_check_unix("unix:a@", LIBSOCK_UNIX_PATHNAME, "a@", 2);
    parse_check_unix("unix:\\x5cx", LIBSOCK_UNIX_PATHNAME, "\\x", 2);
    parse_check_unix("unix:\\xfF\xc3\xb6", LIBSOCK_UNIX_PATHNAME,
                     "\xff\xc3\xb6", 3);
    parse_check_unix("unix:@", LIBSOCK_UNIX_ABSTRACT, "", 0);
    parse_check_unix("unix:@@", LIBSOCK_UNIX_ABSTRACT, "@", 1);
    parse_check_unix("unix:@\\x00a\\x00", LIBSOCK_UNIX_ABSTRACT, "\0a\0", 3);
}

TEST(unix_refused)
{
    static const char *const bad[] = {
        "unix",      "Unix:/a",    "UNIX:/a",    "unix:\\",      "unix:\\x",
        "unix:\\x4", "unix:\\x4g", "unix:\\xg4", "unix:\\x 4",   "unix:\\X40",
        "unix:\\n",  "unix:\\\\",  "unix:\\x00", "unix:a\\x00b", "unix:a\\x00",
        " unix:/a",  NULL,
    };
    libsock_addr addr;

    parse_bad_all(libsock_addr_parse, bad);
    CHECK_ERR(parse_exact(libsock_addr_parse, "unix:a\0b", 8, &addr), EINVAL);
    CHECK_ERR(parse_exact(libsock_addr_parse, "unix:\0b", 7, &addr), EINVAL);
    CHECK_ERR(parse_exact(libsock_addr_parse, "unix:@a\0", 8, &addr), EINVAL);
}

TEST(unix_names_of_every_length)
{
    char text[200] = "unix:@";
    libsock_addr addr;
    size_t n;

    memset(text + 5, 'p', sizeof(text) - 5);
    for (n = 1; n < 190; n++) {
        int r = parse_exact(libsock_addr_parse, text, 5 + n, &addr);

        CHECK_EQ_INT(r, n <= 108 ? 0 : -EINVAL);
    }
    text[5] = '@';
    for (n = 0; n < 190; n++) {
        int r = parse_exact(libsock_addr_parse, text, 6 + n, &addr);

        CHECK_EQ_INT(r, n <= 107 ? 0 : -EINVAL);
    }
}

static void parse_check_pair(const char *text, uint32_t first, uint32_t second)
{
    libsock_addr addr = parse_good(text);
    uint32_t got[2] = {0, 0};
    int r = libsock_addr_domain(&addr) == LIBSOCK_DOMAIN_VSOCK
                ? libsock_addr_get_vsock(&addr, &got[0], &got[1])
                : libsock_addr_get_netlink(&addr, &got[0], &got[1]);

    CHECK_OK(r);
    CHECK_EQ_UINT(got[0], first);
    CHECK_EQ_UINT(got[1], second);
}

TEST(vsock_and_netlink)
{
    static const char *const bad[] = {
        "vsock:",
        "vsock:3",
        "vsock:3:",
        "vsock::5",
        "vsock:3:5:7",
        "vsock:3:4294967296",
        "vsock:4294967296:5",
        "vsock:-1:5",
        "vsock:3:**",
        "vsock:0x3:5",
        "vsock:3:5 ",
        "vsock: 3:5",
        "Vsock:3:5",
        "netlink:",
        "netlink:0",
        "netlink:0:",
        "netlink:0:1",
        "netlink:0:0x",
        "netlink:0:0xg",
        "netlink:0:0x123456789",
        "netlink:0:0X1",
        "netlink:0:0x1 ",
        "netlink:4294967296:0x1",
        "netlink:*:0x1",
        "netlink:-1:0x1",
        "netlink:0:-0x1",
        NULL,
    };

    parse_check_pair("vsock:3:5000", 3, 5000);
    parse_check_pair("vsock:*:*", UINT32_MAX, UINT32_MAX);
    parse_check_pair("vsock:4294967295:0", UINT32_MAX, 0);
    parse_check_pair("netlink:0:0x1", 0, 1);
    parse_check_pair("netlink:4294967295:0xDeadBeef", UINT32_MAX, 0xdeadbeef);
    parse_bad_all(libsock_addr_parse, bad);
}

TEST(packet)
{
    static const char *const bad[] = {
        "packet:",
        "packet:2",
        "packet:2:",
        "packet:2:2048",
        "packet:2:0x",
        "packet:2:0x10000",
        "packet:2:0x0800:",
        "packet:2:0x0800:0",
        "packet:2:0x0800:000",
        "packet:2:0x0800:0g",
        "packet:2:0x0800:00:",
        "packet:2:0x0800::00",
        "packet:2:0x0800:00-11",
        "packet:2147483648:0x1",
        "packet:-1:0x1",
        "packet:lo:0x1",
        "packet:2:0x0800 ",
        "packet:2:0x0800:00:01:02:03:04:05:06:07:08",
        NULL,
    };
    libsock_addr addr = parse_good("packet:2:0x0800:02:00:5E:10:00:01");
    libsock_packet got;

    CHECK_OK(libsock_addr_get_packet(&addr, &got));
    CHECK_EQ_UINT(got.ifindex, 2);
    CHECK_EQ_UINT(got.protocol, 0x0800);
    CHECK_EQ_UINT(got.len, 6);
    CHECK_EQ_MEM(got.octets, "\2\0\x5e\x10\0\1", 6);
    addr = parse_good("packet:2147483647:0x3");
    CHECK_OK(libsock_addr_get_packet(&addr, &got));
    CHECK_EQ_UINT(got.ifindex, INT32_MAX);
    CHECK_EQ_UINT(got.len, 0);
    addr = parse_good("packet:0:0xffff:00:01:02:03:04:05:06:07");
    CHECK_OK(libsock_addr_get_packet(&addr, &got));
    CHECK_EQ_UINT(got.len, 8);
    parse_bad_all(libsock_addr_parse, bad);
}

TEST(null_and_the_given_length)
{
    libsock_addr addr;

    CHECK_ERR(libsock_addr_parse(NULL, 0, &addr), EINVAL);
    CHECK_ERR(libsock_addr_parse("1.2.3.4:80", 10, NULL), EINVAL);
    CHECK_ERR(libsock_addr_parse_ip(NULL, 0, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_parse_ip("1.2.3.4", 7, 1, NULL), EINVAL);
    CHECK_OK(libsock_addr_parse("1.2.3.4:8099", 11, &addr));
    CHECK_EQ_INT(libsock_addr_port(&addr), 809);
    CHECK_ERR(libsock_addr_parse("1.2.3.4:80\0", 11, &addr), EINVAL);
    CHECK_ERR(libsock_addr_parse("1.2.3.4\0:80", 11, &addr), EINVAL);
    CHECK_ERR(libsock_addr_parse_ip("::1\0", 4, 1, &addr), EINVAL);
}

/* Every cut and every single changed byte of good texts: read or refused, and
 * what is read has one meaning only. */
TEST(texts_one_byte_off)
{
    static const char *const good[] = {
        "1.2.3.4:80",   "[2001:db8::1]:443", "[::ffff:1.2.3.4%3]:9",
        "unix:@a\\x00", "vsock:3:*",         "packet:2:0x0800:02:00",
        "netlink:7:0x1"};
    size_t i;
    size_t at;
    int byte;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        for (at = 0; at < strlen(good[i]); at++) {
            for (byte = 1; byte < 256; byte++) {
                libsock_addr addr[2];
                char text[LIBSOCK_ADDR_TEXT_SIZE];
                ptrdiff_t len;

                memcpy(text, good[i], strlen(good[i]));
                text[at] = (char)byte;
                if (parse_exact(libsock_addr_parse, text, strlen(good[i]),
                                &addr[0]) < 0) {
                    continue;
                }
                len = libsock_addr_print(&addr[0], text, sizeof(text));
                CHECK_OK(len);
                CHECK_OK(libsock_addr_parse(text, (size_t)len, &addr[1]));
                CHECK(libsock_addr_equal(&addr[0], &addr[1]));
            }
        }
    }
}
