/* SPDX-License-Identifier: MIT */
/*
 * Addresses on a Unix that lacks the families of Linux: the stub file takes the
 * place of sys/linux/addr.c. What such a system refuses, and what an AF_UNIX
 * name with a NUL in front means there. Nothing is guarded.
 */
#include "support/check.h"

#include <libsock/libsock.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void stub_check_text(const char *text, int code)
{
    libsock_addr addr;

    CHECK_EQ_INT(libsock_addr_parse(text, strlen(text), &addr), -code);
}

TEST(what_the_os_lacks_is_unsupported)
{
    const libsock_packet packet = {1, 3, 0, 0, 0, {0}, {0}};
    libsock_addr addr;
    libsock_addr before;

    memset(&addr, 0xa5, sizeof(addr));
    before = addr;
    CHECK_ERR(libsock_addr_from_unix_abstract("x", 1, &addr), EOPNOTSUPP);
    CHECK_ERR(libsock_addr_from_vsock(1, 2, &addr), EOPNOTSUPP);
    CHECK_ERR(libsock_addr_from_packet(&packet, &addr), EOPNOTSUPP);
    CHECK_ERR(libsock_addr_from_netlink(1, 2, &addr), EOPNOTSUPP);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
    CHECK_EQ_INT(libsock_kind(-EOPNOTSUPP), LIBSOCK_KIND_UNSUPPORTED);
}

TEST(text_is_judged_before_support)
{
    stub_check_text("vsock:3:5000", EOPNOTSUPP);
    stub_check_text("vsock:3", EINVAL);
    stub_check_text("packet:2:0x0800", EOPNOTSUPP);
    stub_check_text("netlink:0:0x1", EOPNOTSUPP);
    stub_check_text("unix:@x", EOPNOTSUPP);
    stub_check_text("unix:@\\", EINVAL);
    stub_check_text("unix:/x", 0);
    stub_check_text("unix:", 0);
    stub_check_text("1.2.3.4:80", 0);
}

/* Darwin pads the unnamed address with NULs. */
TEST(a_leading_nul_is_no_name)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    libsock_addr padded;
    libsock_addr unnamed;
    const char *name;
    size_t len = 9;
    int form = -1;

    CHECK_OK(libsock_addr_from_raw(&un, 16, &padded));
    CHECK_OK(libsock_addr_get_unix(&padded, &form, &name, &len));
    CHECK_EQ_INT(form, LIBSOCK_UNIX_UNNAMED);
    CHECK_EQ_UINT(len, 0);
    CHECK_OK(libsock_addr_from_unix_unnamed(&unnamed));
    CHECK(libsock_addr_equal(&padded, &unnamed));
    CHECK_EQ_UINT(libsock_addr_hash(&padded, NULL),
                  libsock_addr_hash(&unnamed, NULL));
}

/* A family that has a number but no parts is carried and compared by bytes. */
static void stub_check_carried(int native, int domain)
{
    uint8_t bytes[20] = {0};
    const sa_family_t family = (sa_family_t)native;
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_addr addr[2];

    memcpy(bytes, &family, sizeof(family));
    CHECK_OK(libsock_addr_from_raw(bytes, 20, &addr[0]));
    bytes[19] = 1;
    CHECK_OK(libsock_addr_from_raw(bytes, 20, &addr[1]));
    CHECK_EQ_INT(libsock_addr_domain(&addr[0]), domain);
    CHECK(!libsock_addr_equal(&addr[0], &addr[1]));
    CHECK_EQ_INT(libsock_addr_print(&addr[0], text, sizeof(text)), 4 + 40);
    CHECK_EQ_MEM(text, "raw:", 4);
}

TEST(foreign_families_are_carried)
{
    stub_check_carried(AF_VSOCK, LIBSOCK_DOMAIN_VSOCK);
    stub_check_carried(AF_PACKET, LIBSOCK_DOMAIN_PACKET);
    stub_check_carried(AF_NETLINK, LIBSOCK_DOMAIN_NETLINK);
}

TEST(foreign_families_have_no_parts)
{
    uint8_t bytes[20] = {0};
    const sa_family_t family = AF_VSOCK;
    libsock_addr addr;
    uint32_t cid = 5;

    memcpy(bytes, &family, sizeof(family));
    CHECK_OK(libsock_addr_from_raw(bytes, 20, &addr));
    CHECK_ERR(libsock_addr_get_vsock(&addr, &cid, NULL), EOPNOTSUPP);
    CHECK_EQ_UINT(cid, 5);
}
