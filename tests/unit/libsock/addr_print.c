/* SPDX-License-Identifier: MIT */
/*
 * The text that is written for each family, and what happens when it does not
 * fit. Reading is tested in addr_parse.c; random IPv6 texts are compared with
 * the C library in addr_oracle.c. Nothing is guarded.
 */
#include "support/check.h"

#include <libsock/libsock.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Prints `addr` as `text` in room for exactly that, and not in less. */
static void print_check(const libsock_addr *addr, const char *text)
{
    char buf[LIBSOCK_ADDR_TEXT_SIZE];
    char untouched[LIBSOCK_ADDR_TEXT_SIZE];
    size_t len = strlen(text);
    size_t cap;

    memset(buf, 'x', sizeof(buf));
    memset(untouched, 'x', sizeof(untouched));
    for (cap = 0; cap <= len; cap++) {
        CHECK_ERR(libsock_addr_print(addr, buf, cap), ENOBUFS);
        CHECK_EQ_MEM(buf, untouched, sizeof(buf));
    }
    CHECK_EQ_INT(libsock_addr_print(addr, buf, len + 1), len);
    CHECK_EQ_STR(buf, text);
    CHECK_EQ_MEM(buf + len + 1, untouched, sizeof(buf) - len - 1);
}

/* Reads `from`, prints `to`, and reads that back to an equal address. */
static void print_check_text(const char *from, const char *to)
{
    libsock_addr addr;
    libsock_addr again;

    CHECK_OK(libsock_addr_parse(from, strlen(from), &addr));
    print_check(&addr, to);
    CHECK_OK(libsock_addr_parse(to, strlen(to), &again));
    CHECK(libsock_addr_equal(&addr, &again));
}

static void print_check_same(const char *text)
{
    print_check_text(text, text);
}

TEST(what_is_written_reads_back)
{
    print_check_same("0.0.0.0:0");
    print_check_same("255.255.255.255:65535");
    print_check_same("[::]:0");
    print_check_same("[fe80::1%4294967295]:65535");
    print_check_same("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
    print_check_same("[::ffff:255.255.255.255%4294967295]:65535");
    print_check_same("unix:");
    print_check_same("unix:/run/app.sock");
    print_check_same("unix:@");
    print_check_same("unix:@name");
    print_check_same("vsock:3:5000");
    print_check_same("vsock:*:*");
    print_check_same("packet:2:0x0800:02:00:5e:10:00:01");
    print_check_same("packet:0:0x0003");
    print_check_same("netlink:0:0x0");
    print_check_same("netlink:4294967295:0xffffffff");
}

TEST(one_spelling_of_each)
{
    print_check_text("1.2.3.4:0080", "1.2.3.4:80");
    print_check_text("[FE80::A%0]:1", "[fe80::a]:1");
    print_check_text("[fe80::a%010]:1", "[fe80::a%10]:1");
    print_check_text("vsock:4294967295:04294967295", "vsock:*:*");
    print_check_text("packet:01:0x3:AB", "packet:1:0x0003:ab");
    print_check_text("netlink:00:0x00A", "netlink:0:0xa");
    print_check_text("unix:\\x2ftmp", "unix:/tmp");
}

/* The examples of RFC 5952, and of its errata's spirit. */
TEST(ipv6_as_rfc_5952_says)
{
    print_check_text("[2001:0db8::0001]:1", "[2001:db8::1]:1");
    print_check_text("[2001:db8:0:0:0:0:2:1]:1", "[2001:db8::2:1]:1");
    print_check_text("[2001:db8::1:1:1:1:1]:1", "[2001:db8:0:1:1:1:1:1]:1");
    print_check_text("[2001:0:0:1:0:0:0:1]:1", "[2001:0:0:1::1]:1");
    print_check_text("[2001:db8:0:0:1:0:0:1]:1", "[2001:db8::1:0:0:1]:1");
    print_check_text("[2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAAA]:1",
                     "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa]:1");
    print_check_text("[0:0:0:0:0:0:0:1]:1", "[::1]:1");
    print_check_text("[1:0:0:0:0:0:0:0]:1", "[1::]:1");
    print_check_text("[0:0:0:1:0:0:0:0]:1", "[0:0:0:1::]:1");
    print_check_text("[0:1:0:1:0:1:0:1]:1", "[0:1:0:1:0:1:0:1]:1");
    print_check_text("[1:2:3:4:5:6:0:0]:1", "[1:2:3:4:5:6::]:1");
    print_check_text("[0:0:3:4:5:6:7:8]:1", "[::3:4:5:6:7:8]:1");
    print_check_text("[::ffff:c000:280]:1", "[::ffff:192.0.2.128]:1");
    print_check_text("[::ffff:0:0]:1", "[::ffff:0.0.0.0]:1");
    print_check_text("[::1.2.3.4]:1", "[::102:304]:1");
    print_check_text("[64:ff9b::1.2.3.4]:1", "[64:ff9b::102:304]:1");
}

TEST(flow_is_left_out)
{
    const libsock_ipv6 ipv6 = {{[15] = 1}, 80, 0, 2, 0x12345};
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &addr));
    print_check(&addr, "[::1%2]:80");
}

TEST(names_are_escaped)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_unix_path("@a b\\\n\x7f\xff~", 9, &addr));
    print_check(&addr, "unix:\\x40a b\\x5c\\x0a\\x7f\\xff~");
    CHECK_OK(libsock_addr_from_unix_path("a@", 2, &addr));
    print_check(&addr, "unix:a@");
    CHECK_OK(libsock_addr_from_unix_abstract("@\0\x1f", 3, &addr));
    print_check(&addr, "unix:@@\\x00\\x1f");
}

TEST(every_byte_of_a_name_reads_back)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    int byte;

    for (byte = 0; byte < 256; byte++) {
        const char name[2] = {(char)byte, (char)byte};
        libsock_addr addr[3];
        ptrdiff_t len;

        CHECK_OK(libsock_addr_from_unix_abstract(name, 2, &addr[0]));
        len = libsock_addr_print(&addr[0], text, sizeof(text));
        CHECK_OK(libsock_addr_parse(text, (size_t)len, &addr[1]));
        CHECK(libsock_addr_equal(&addr[0], &addr[1]));
        if (byte == 0) {
            continue;
        }
        CHECK_OK(libsock_addr_from_unix_path(name, 2, &addr[0]));
        len = libsock_addr_print(&addr[0], text, sizeof(text));
        CHECK_OK(libsock_addr_parse(text, (size_t)len, &addr[2]));
        CHECK(libsock_addr_equal(&addr[0], &addr[2]));
        CHECK(!libsock_addr_equal(&addr[1], &addr[2]));
    }
}

/* The longest that the storage holds, every byte of it escaped. */
TEST(the_longest_text_fits)
{
    char want[LIBSOCK_ADDR_TEXT_SIZE] = "unix:";
    uint8_t bytes[LIBSOCK_ADDR_SIZE];
    const sa_family_t family = AF_UNIX;
    libsock_addr addr;
    size_t i;

    memset(bytes, 0xff, sizeof(bytes));
    memcpy(bytes, &family, 2);
    CHECK_OK(libsock_addr_from_raw(bytes, sizeof(bytes), &addr));
    for (i = 2; i < sizeof(bytes); i++) {
        strcat(want, "\\xff");
    }
    CHECK_UINT(strlen(want), <, LIBSOCK_ADDR_TEXT_SIZE);
    print_check(&addr, want);
}

TEST(what_has_no_text)
{
    const libsock_addr empty = {{0}, 0, 0};
    const uint8_t can[6] = {29, 0, 0xab, 0, 1, 2};
    char buf[8] = "xxxxxxx";
    libsock_addr addr;

    print_check(&empty, "-");
    print_check(NULL, "-");
    CHECK_OK(libsock_addr_from_raw(can, sizeof(can), &addr));
    print_check(&addr, "raw:1d00ab000102");
    CHECK_ERR(libsock_addr_print(&addr, NULL, 100), EINVAL);
    CHECK_ERR(libsock_addr_print(NULL, NULL, 0), EINVAL);
    CHECK_ERR(libsock_addr_print_ip(&addr, buf, sizeof(buf)), EINVAL);
    CHECK_ERR(libsock_addr_print_ip(&empty, buf, sizeof(buf)), EINVAL);
    CHECK_ERR(libsock_addr_print_ip(NULL, buf, sizeof(buf)), EINVAL);
    CHECK_EQ_STR(buf, "xxxxxxx");
}

TEST(an_infiniband_address_is_written_raw)
{
    uint8_t bytes[32] = {0};
    const sa_family_t family = AF_PACKET;
    char buf[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_addr addr;

    memcpy(bytes, &family, sizeof(family));
    bytes[11] = 20;
    CHECK_OK(libsock_addr_from_raw(bytes, sizeof(bytes), &addr));
    CHECK_EQ_INT(libsock_addr_print(&addr, buf, sizeof(buf)), 4 + 64);
    CHECK_EQ_MEM(buf, bytes[0] != 0 ? "raw:1100" : "raw:0011", 8);
}

static void print_check_ip(const char *from, const char *to)
{
    size_t len = strlen(to);
    libsock_addr addr;
    char buf[64];

    CHECK_OK(libsock_addr_parse_ip(from, strlen(from), 7, &addr));
    memset(buf, 'x', sizeof(buf));
    CHECK_ERR(libsock_addr_print_ip(&addr, buf, len), ENOBUFS);
    CHECK_EQ_INT(buf[0], 'x');
    CHECK_EQ_INT(libsock_addr_print_ip(&addr, buf, len + 1), len);
    CHECK_EQ_STR(buf, to);
    CHECK_ERR(libsock_addr_print_ip(&addr, NULL, 64), EINVAL);
}

TEST(ip_alone)
{
    print_check_ip("1.2.3.4", "1.2.3.4");
    print_check_ip("::", "::");
    print_check_ip("FE80::1%9", "fe80::1%9");
    print_check_ip("::ffff:102:304", "::ffff:1.2.3.4");
}
