/* SPDX-License-Identifier: MIT */
/*
 * Addresses built and taken apart, byte for byte as the kernel reads them, and
 * every argument that must be refused. Order, text and the kernel's own answers
 * are in addr_order.c, addr_parse.c, addr_print.c and addr_kernel.c.
 * Nothing is guarded.
 */
#include "support/check.h"

#include <libsock/libsock.h>

#include <sys/socket.h> /* which vm_sockets.h takes for granted */

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static const uint8_t addr_octets4[4] = {192, 0, 2, 1};

/* An address with every byte set, to see that a failure writes none. */
static libsock_addr addr_marked(void)
{
    libsock_addr addr;

    memset(&addr, 0xa5, sizeof(addr));
    return addr;
}

/* Everything behind the native structure is zero. */
static void addr_check_padding(const libsock_addr *addr, size_t len)
{
    const uint8_t *bytes = libsock_addr_raw(addr);
    size_t i;

    CHECK_EQ_UINT(libsock_addr_raw_len(addr), len);
    for (i = len; i < LIBSOCK_ADDR_SIZE; i++) {
        CHECK_EQ_UINT(bytes[i], 0);
    }
    CHECK_EQ_UINT(addr->reserved, 0);
}

TEST(ipv4_is_the_kernels_structure)
{
    libsock_addr addr = addr_marked();
    struct sockaddr_in sin;
    uint8_t octets[4];
    uint16_t port = 0;

    CHECK_OK(libsock_addr_from_ipv4(addr_octets4, 8080, &addr));
    addr_check_padding(&addr, sizeof(sin));
    memcpy(&sin, libsock_addr_raw(&addr), sizeof(sin));
    CHECK_EQ_INT(sin.sin_family, AF_INET);
    CHECK_EQ_UINT(sin.sin_port, htons(8080));
    CHECK_EQ_UINT(sin.sin_addr.s_addr, htonl(0xc0000201));
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_IPV4);
    CHECK_OK(libsock_addr_get_ipv4(&addr, octets, &port));
    CHECK_EQ_MEM(octets, addr_octets4, 4);
    CHECK_EQ_UINT(port, 8080);
    CHECK_OK(libsock_addr_get_ipv4(&addr, NULL, NULL));
}

TEST(ipv6_flow_is_host_order_outside_and_network_order_inside)
{
    const libsock_ipv6 in = {{0xfe, 0x80, [15] = 7}, 443, 0xffff, 3, 0xabcde};
    libsock_addr addr = addr_marked();
    struct sockaddr_in6 sin6;
    libsock_ipv6 out;

    CHECK_OK(libsock_addr_from_ipv6(&in, &addr));
    addr_check_padding(&addr, sizeof(sin6));
    memcpy(&sin6, libsock_addr_raw(&addr), sizeof(sin6));
    CHECK_EQ_INT(sin6.sin6_family, AF_INET6);
    CHECK_EQ_UINT(sin6.sin6_port, htons(443));
    CHECK_EQ_UINT(sin6.sin6_flowinfo, htonl(0xabcde));
    CHECK_EQ_UINT(sin6.sin6_scope_id, 3);
    CHECK_EQ_MEM(&sin6.sin6_addr, in.octets, 16);
    memset(&out, 0xff, sizeof(out));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &out));
    CHECK_EQ_MEM(out.octets, in.octets, 16);
    CHECK_EQ_UINT(out.port, 443);
    CHECK_EQ_UINT(out.scope_id, 3);
    CHECK_EQ_UINT(out.flow_info, 0xabcde);
    CHECK_EQ_UINT(out.reserved, 0);
}

static void addr_check_unix(const libsock_addr *addr, int form,
                            const char *name, size_t len)
{
    const char *got_name = NULL;
    size_t got_len = 777;
    int got_form = -1;

    CHECK_EQ_INT(libsock_addr_domain(addr), LIBSOCK_DOMAIN_UNIX);
    CHECK_OK(libsock_addr_get_unix(addr, &got_form, &got_name, &got_len));
    CHECK_EQ_INT(got_form, form);
    CHECK_EQ_UINT(got_len, len);
    CHECK_EQ_MEM(got_name, name, len);
}

TEST(unix_path_counts_its_nul_unless_it_is_full)
{
    libsock_addr addr = addr_marked();
    char path[LIBSOCK_UNIX_PATH_MAX];

    memset(path, 'p', sizeof(path));
    CHECK_OK(libsock_addr_from_unix_path(path, 1, &addr));
    addr_check_padding(&addr, 2 + 1 + 1);
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, path, 1);
    CHECK_OK(libsock_addr_from_unix_path(path, 107, &addr));
    addr_check_padding(&addr, sizeof(struct sockaddr_un));
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, path, 107);
    CHECK_OK(libsock_addr_from_unix_path(path, 108, &addr));
    addr_check_padding(&addr, sizeof(struct sockaddr_un));
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, path, 108);
}

TEST(unix_path_refused)
{
    libsock_addr addr = addr_marked();
    const libsock_addr before = addr;
    char path[LIBSOCK_UNIX_PATH_MAX + 1];

    memset(path, 'p', sizeof(path));
    CHECK_ERR(libsock_addr_from_unix_path(path, 109, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path(path, SIZE_MAX, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path(path, 0, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path(NULL, 4, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path(path, 4, NULL), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path("a\0b", 3, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path("ab\0", 3, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_path("\0ab", 3, &addr), EINVAL);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

TEST(unix_abstract_counts_exactly)
{
    libsock_addr addr = addr_marked();
    char name[LIBSOCK_UNIX_PATH_MAX];

    memset(name, 0, sizeof(name));
    CHECK_OK(libsock_addr_from_unix_abstract(NULL, 0, &addr));
    addr_check_padding(&addr, 3);
    addr_check_unix(&addr, LIBSOCK_UNIX_ABSTRACT, "", 0);
    CHECK_OK(libsock_addr_from_unix_abstract("\0a\0", 3, &addr));
    addr_check_padding(&addr, 6);
    addr_check_unix(&addr, LIBSOCK_UNIX_ABSTRACT, "\0a\0", 3);
    CHECK_OK(libsock_addr_from_unix_abstract(name, 107, &addr));
    addr_check_padding(&addr, 110);
    addr_check_unix(&addr, LIBSOCK_UNIX_ABSTRACT, name, 107);
    CHECK_ERR(libsock_addr_from_unix_abstract(name, 108, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_abstract(NULL, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_unix_abstract(name, 1, NULL), EINVAL);
    addr_check_unix(&addr, LIBSOCK_UNIX_ABSTRACT, name, 107);
}

TEST(unix_unnamed_is_the_family_alone)
{
    libsock_addr addr = addr_marked();

    CHECK_OK(libsock_addr_from_unix_unnamed(&addr));
    addr_check_padding(&addr, 2);
    addr_check_unix(&addr, LIBSOCK_UNIX_UNNAMED, "", 0);
    CHECK_ERR(libsock_addr_from_unix_unnamed(NULL), EINVAL);
}

TEST(unix_path_ends_at_its_nul_or_at_the_length)
{
    struct sockaddr_un native = {.sun_family = AF_UNIX,
                                 .sun_path = "path\0rest"};
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_raw(&native, sizeof(native), &addr));
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, "path", 4);
    CHECK_OK(libsock_addr_from_raw(&native, 2 + 4, &addr));
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, "path", 4);
    CHECK_OK(libsock_addr_from_raw(&native, 2 + 3, &addr));
    addr_check_unix(&addr, LIBSOCK_UNIX_PATHNAME, "pat", 3);
    CHECK_OK(libsock_addr_from_raw(&native, 2, &addr));
    addr_check_unix(&addr, LIBSOCK_UNIX_UNNAMED, "", 0);
}

TEST(vsock_is_the_kernels_structure)
{
    libsock_addr addr = addr_marked();
    struct sockaddr_vm svm;
    uint32_t cid = 0;
    uint32_t port = 0;

    CHECK_OK(libsock_addr_from_vsock(3, 0xfffffffe, &addr));
    addr_check_padding(&addr, sizeof(svm));
    memcpy(&svm, libsock_addr_raw(&addr), sizeof(svm));
    CHECK_EQ_INT(svm.svm_family, AF_VSOCK);
    CHECK_EQ_UINT(svm.svm_cid, 3);
    CHECK_EQ_UINT(svm.svm_port, 0xfffffffe);
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_VSOCK);
    CHECK_OK(libsock_addr_get_vsock(&addr, &cid, &port));
    CHECK_EQ_UINT(cid, 3);
    CHECK_EQ_UINT(port, 0xfffffffe);
    CHECK_OK(libsock_addr_get_vsock(&addr, NULL, NULL));
}

TEST(packet_is_the_kernels_structure)
{
    const libsock_packet in = {2, 0x88cc, 1, 4, 6, {2, 0, 0x5e, 1, 2, 3}, {9}};
    libsock_addr addr = addr_marked();
    struct sockaddr_ll sll;
    libsock_packet out;

    CHECK_OK(libsock_addr_from_packet(&in, &addr));
    addr_check_padding(&addr, sizeof(sll));
    memcpy(&sll, libsock_addr_raw(&addr), sizeof(sll));
    CHECK_EQ_INT(sll.sll_family, AF_PACKET);
    CHECK_EQ_UINT(sll.sll_protocol, htons(0x88cc));
    CHECK_EQ_INT(sll.sll_ifindex, 2);
    CHECK_EQ_UINT(sll.sll_hatype, 1);
    CHECK_EQ_UINT(sll.sll_pkttype, 4);
    CHECK_EQ_UINT(sll.sll_halen, 6);
    CHECK_EQ_MEM(sll.sll_addr, "\2\0\x5e\1\2\3\0\0", 8);
    memset(&out, 0xff, sizeof(out));
    CHECK_OK(libsock_addr_get_packet(&addr, &out));
    CHECK_EQ_UINT(out.ifindex, 2);
    CHECK_EQ_UINT(out.protocol, 0x88cc);
    CHECK_EQ_UINT(out.hatype, 1);
    CHECK_EQ_UINT(out.pkttype, 4);
    CHECK_EQ_UINT(out.len, 6);
    CHECK_EQ_MEM(out.octets, "\2\0\x5e\1\2\3\0\0", 8);
    CHECK_EQ_MEM(out.reserved, "\0\0", 2);
}

TEST(packet_refused)
{
    libsock_packet packet = {1, 0, 0, 0, 9, {0}, {0}};
    libsock_addr addr = addr_marked();
    const libsock_addr before = addr;

    CHECK_ERR(libsock_addr_from_packet(&packet, &addr), EINVAL);
    packet.len = 8;
    packet.ifindex = 0x80000000;
    CHECK_ERR(libsock_addr_from_packet(&packet, &addr), EINVAL);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
    packet.ifindex = INT32_MAX;
    CHECK_OK(libsock_addr_from_packet(&packet, &addr));
}

/* What getsockname() and recvfrom() store is shorter, or longer. */
TEST(packet_length_follows_the_hardware_address)
{
    struct {
        struct sockaddr_ll sll;
        uint8_t more[12];
    } native;
    libsock_packet out;
    libsock_addr addr;

    memset(&native, 0x11, sizeof(native));
    native.sll.sll_family = AF_PACKET;
    native.sll.sll_ifindex = 2;
    native.sll.sll_halen = 6;
    CHECK_OK(libsock_addr_from_raw(&native, 18, &addr));
    CHECK_EQ_UINT(libsock_addr_raw_len(&addr), sizeof(native.sll));
    CHECK_EQ_MEM((const char *)libsock_addr_raw(&addr) + 16, "\x11\x11\0\0", 4);
    CHECK_OK(libsock_addr_get_packet(&addr, &out));
    CHECK_EQ_MEM(out.octets, "\x11\x11\x11\x11\x11\x11\0\0", 8);
    CHECK_ERR(libsock_addr_from_raw(&native, 17, &addr), EINVAL);
    native.sll.sll_halen = 20;
    CHECK_OK(libsock_addr_from_raw(&native, 32, &addr));
    CHECK_ERR(libsock_addr_get_packet(&addr, &out), ENOBUFS);
    CHECK_ERR(libsock_addr_from_raw(&native, 31, &addr), EINVAL);
}

TEST(packet_interface_is_never_negative)
{
    struct sockaddr_ll sll = {.sll_family = AF_PACKET, .sll_ifindex = -1};
    libsock_addr addr;

    CHECK_ERR(libsock_addr_from_raw(&sll, sizeof(sll), &addr), EINVAL);
    sll.sll_ifindex = 0;
    CHECK_OK(libsock_addr_from_raw(&sll, sizeof(sll), &addr));
}

TEST(netlink_is_the_kernels_structure)
{
    libsock_addr addr = addr_marked();
    struct sockaddr_nl snl;
    uint32_t port_id = 0;
    uint32_t groups = 0;

    CHECK_OK(libsock_addr_from_netlink(4000000000, 0x80000001, &addr));
    addr_check_padding(&addr, sizeof(snl));
    memcpy(&snl, libsock_addr_raw(&addr), sizeof(snl));
    CHECK_EQ_INT(snl.nl_family, AF_NETLINK);
    CHECK_EQ_UINT(snl.nl_pid, 4000000000);
    CHECK_EQ_UINT(snl.nl_groups, 0x80000001);
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_DOMAIN_NETLINK);
    CHECK_OK(libsock_addr_get_netlink(&addr, &port_id, &groups));
    CHECK_EQ_UINT(port_id, 4000000000);
    CHECK_EQ_UINT(groups, 0x80000001);
    CHECK_OK(libsock_addr_get_netlink(&addr, NULL, NULL));
}

TEST(any_and_loopback)
{
    static const uint8_t loopback6[16] = {[15] = 1};
    libsock_addr addr;
    libsock_ipv6 ipv6;
    uint8_t octets[4];

    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 53, &addr));
    CHECK_OK(libsock_addr_get_ipv4(&addr, octets, NULL));
    CHECK_EQ_MEM(octets, "\0\0\0\0", 4);
    CHECK_EQ_INT(libsock_addr_port(&addr), 53);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 54, &addr));
    CHECK_OK(libsock_addr_get_ipv4(&addr, octets, NULL));
    CHECK_EQ_MEM(octets, "\x7f\0\0\1", 4);
    CHECK_EQ_INT(libsock_addr_port(&addr), 54);
    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV6, 55, &addr));
    CHECK(libsock_addr_is_unspecified(&addr));
    CHECK_EQ_INT(libsock_addr_port(&addr), 55);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 65535, &addr));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &ipv6));
    CHECK_EQ_MEM(ipv6.octets, loopback6, 16);
    CHECK_EQ_INT(libsock_addr_port(&addr), 65535);
}

TEST(any_and_loopback_refused)
{
    libsock_addr addr = addr_marked();
    const libsock_addr before = addr;

    CHECK_ERR(libsock_addr_any(LIBSOCK_DOMAIN_UNIX, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_any(LIBSOCK_DOMAIN_UNSPEC, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_loopback(LIBSOCK_RAW(AF_INET), 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_loopback(-1, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 1, NULL), EINVAL);
    CHECK_ERR(libsock_addr_any(LIBSOCK_DOMAIN_IPV6, 1, NULL), EINVAL);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

TEST(raw_needs_the_length_of_its_family)
{
    static const struct {
        sa_family_t family;
        size_t least;
    } rows[] = {
        {AF_INET, sizeof(struct sockaddr_in)},
        {AF_INET6, sizeof(struct sockaddr_in6)},
        {AF_UNIX, 2},
        {AF_VSOCK, sizeof(struct sockaddr_vm)},
        {AF_PACKET, 12},
        {AF_NETLINK, sizeof(struct sockaddr_nl)},
        {AF_UNSPEC, 2},
        {29, 2},
    };
    uint8_t native[LIBSOCK_ADDR_SIZE + 1];
    libsock_addr addr;
    size_t len;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(native, 0, sizeof(native));
        memcpy(native, &rows[i].family, 2);
        for (len = 0; len <= LIBSOCK_ADDR_SIZE; len++) {
            int r = libsock_addr_from_raw(native, len, &addr);

            CHECK_EQ_INT(r, len < rows[i].least ? -EINVAL : 0);
            /* Of AF_PACKET, all of the structure. */
            CHECK(r < 0 || libsock_addr_raw_len(&addr) == len ||
                  (rows[i].family == AF_PACKET && len < 20 &&
                   libsock_addr_raw_len(&addr) == 20));
        }
        CHECK_ERR(libsock_addr_from_raw(native, len, &addr), EINVAL);
    }
}

TEST(raw_is_kept_as_it_is_and_needs_no_alignment)
{
    const sa_family_t family = 29;
    uint8_t bytes[64];
    libsock_addr addr = addr_marked();
    const libsock_addr before = addr;

    memset(bytes, 0x77, sizeof(bytes));
    memcpy(bytes + 1, &family, sizeof(family)); /* at an odd address */
    CHECK_OK(libsock_addr_from_raw(bytes + 1, 20, &addr));
    addr_check_padding(&addr, 20);
    CHECK_EQ_MEM(libsock_addr_raw(&addr), bytes + 1, 20);
    CHECK_EQ_INT(libsock_addr_domain(&addr), LIBSOCK_RAW(29));
    addr = before;
    CHECK_ERR(libsock_addr_from_raw(NULL, 20, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_raw(bytes, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_raw(bytes, SIZE_MAX, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_raw(bytes, 20, NULL), EINVAL);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

TEST(empty_and_null_have_no_family)
{
    const libsock_addr empty = {{0}, 0, 0};
    libsock_addr damaged = addr_marked();

    CHECK_EQ_INT(libsock_addr_domain(&empty), LIBSOCK_DOMAIN_UNSPEC);
    CHECK_EQ_INT(libsock_addr_domain(NULL), LIBSOCK_DOMAIN_UNSPEC);
    CHECK_EQ_INT(libsock_addr_domain(&damaged), LIBSOCK_DOMAIN_UNSPEC);
    CHECK_EQ_UINT(libsock_addr_raw_len(&empty), 0);
    CHECK_ERR(libsock_addr_port(&empty), EINVAL);
    CHECK_ERR(libsock_addr_port(NULL), EINVAL);
    CHECK_ERR(libsock_addr_set_port(&damaged, 1), EINVAL);
    CHECK(!libsock_addr_is_unspecified(&empty));
    CHECK(!libsock_addr_is_unspecified(NULL));
    CHECK(!libsock_addr_is_loopback(&empty) && !libsock_addr_is_loopback(NULL));
    CHECK(!libsock_addr_is_multicast(&empty));
    CHECK(!libsock_addr_is_multicast(NULL));
}

/* An IP address cut short, as a peer's code may hand it over. */
static void addr_check_cut(int domain)
{
    libsock_addr addr;
    libsock_addr before;
    libsock_ipv6 ipv6;
    char text[64];

    CHECK_OK(libsock_addr_loopback(domain, 80, &addr));
    addr.len = 8;
    before = addr;
    CHECK_EQ_INT(libsock_addr_domain(&addr), domain);
    CHECK_ERR(libsock_addr_port(&addr), EINVAL);
    CHECK_ERR(libsock_addr_set_port(&addr, 1), EINVAL);
    CHECK_ERR(libsock_addr_get_ipv4(&addr, NULL, NULL), EINVAL);
    CHECK_ERR(libsock_addr_get_ipv6(&addr, &ipv6), EINVAL);
    CHECK_ERR(libsock_addr_print_ip(&addr, text, sizeof(text)), EINVAL);
    CHECK(!libsock_addr_is_loopback(&addr));
    CHECK_EQ_INT(libsock_addr_print(&addr, text, sizeof(text)), 4 + 16);
    CHECK_EQ_MEM(text, "raw:", 4);
    CHECK_EQ_MEM(&addr, &before, sizeof(addr));
}

TEST(ip_addresses_cut_short_have_no_parts)
{
    addr_check_cut(LIBSOCK_DOMAIN_IPV4);
    addr_check_cut(LIBSOCK_DOMAIN_IPV6);
}

/* Ask an address for the parts of each family: only its own answers. */
static void addr_check_only(const libsock_addr *addr, int domain)
{
    libsock_packet packet;
    libsock_ipv6 ipv6;
    const char *name;
    size_t len;
    int form;
    const int r[] = {
        [LIBSOCK_DOMAIN_IPV4] = libsock_addr_get_ipv4(addr, NULL, NULL),
        [LIBSOCK_DOMAIN_IPV6] = libsock_addr_get_ipv6(addr, &ipv6),
        [LIBSOCK_DOMAIN_UNIX] = libsock_addr_get_unix(addr, &form, &name, &len),
        [LIBSOCK_DOMAIN_VSOCK] = libsock_addr_get_vsock(addr, NULL, NULL),
        [LIBSOCK_DOMAIN_PACKET] = libsock_addr_get_packet(addr, &packet),
        [LIBSOCK_DOMAIN_NETLINK] = libsock_addr_get_netlink(addr, NULL, NULL),
    };
    int i;

    for (i = LIBSOCK_DOMAIN_IPV4; i <= LIBSOCK_DOMAIN_NETLINK; i++) {
        CHECK_EQ_INT(r[i], i == domain ? 0 : -EINVAL);
    }
}

TEST(every_family_answers_for_itself_only)
{
    const libsock_packet packet = {1, 3, 0, 0, 0, {0}, {0}};
    libsock_addr addr = {{0}, 0, 0};

    addr_check_only(&addr, 0);
    addr_check_only(NULL, 0);
    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_IPV4);
    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV6, 0, &addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_IPV6);
    CHECK_OK(libsock_addr_from_unix_unnamed(&addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_UNIX);
    CHECK_OK(libsock_addr_from_vsock(1, 1, &addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_VSOCK);
    CHECK_OK(libsock_addr_from_packet(&packet, &addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_PACKET);
    CHECK_OK(libsock_addr_from_netlink(1, 1, &addr));
    addr_check_only(&addr, LIBSOCK_DOMAIN_NETLINK);
}

TEST(null_is_refused_everywhere)
{
    libsock_addr addr;
    const char *name;
    size_t len;
    int form;

    CHECK_ERR(libsock_addr_from_ipv4(NULL, 1, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_ipv4(addr_octets4, 1, NULL), EINVAL);
    CHECK_ERR(libsock_addr_from_ipv6(NULL, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_ipv6(&(libsock_ipv6){{0}, 0, 0, 0, 0}, NULL),
              EINVAL);
    CHECK_ERR(libsock_addr_from_vsock(1, 1, NULL), EINVAL);
    CHECK_ERR(libsock_addr_from_packet(NULL, &addr), EINVAL);
    CHECK_ERR(libsock_addr_from_packet(
                  &(libsock_packet){0, 0, 0, 0, 0, {0}, {0}}, NULL),
              EINVAL);
    CHECK_ERR(libsock_addr_from_netlink(1, 1, NULL), EINVAL);
    CHECK_ERR(libsock_addr_set_port(NULL, 1), EINVAL);
    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV6, 0, &addr));
    CHECK_ERR(libsock_addr_get_ipv6(&addr, NULL), EINVAL);
    CHECK_OK(libsock_addr_from_unix_unnamed(&addr));
    CHECK_ERR(libsock_addr_get_unix(&addr, NULL, &name, &len), EINVAL);
    CHECK_ERR(libsock_addr_get_unix(&addr, &form, NULL, &len), EINVAL);
    CHECK_ERR(libsock_addr_get_unix(&addr, &form, &name, NULL), EINVAL);
}

TEST(outputs_are_untouched_on_failure)
{
    uint8_t octets[4] = {1, 2, 3, 4};
    uint32_t pair[2] = {5, 6};
    uint16_t port = 7;
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_unix_unnamed(&addr));
    CHECK_ERR(libsock_addr_get_ipv4(&addr, octets, &port), EINVAL);
    CHECK_ERR(libsock_addr_get_vsock(&addr, &pair[0], &pair[1]), EINVAL);
    CHECK_ERR(libsock_addr_get_netlink(&addr, &pair[0], &pair[1]), EINVAL);
    CHECK_EQ_MEM(octets, "\1\2\3\4", 4);
    CHECK(pair[0] == 5 && pair[1] == 6 && port == 7);
}

TEST(set_port_changes_the_port_alone)
{
    const libsock_ipv6 in = {{0xfe, 0x80, [15] = 7}, 443, 0, 3, 0xabcde};
    libsock_ipv6 out;
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_ipv6(&in, &addr));
    CHECK_OK(libsock_addr_set_port(&addr, 65535));
    CHECK_EQ_INT(libsock_addr_port(&addr), 65535);
    CHECK_OK(libsock_addr_get_ipv6(&addr, &out));
    out.port = in.port;
    CHECK_EQ_MEM(&out, &in, sizeof(in));
    CHECK_OK(libsock_addr_from_ipv4(addr_octets4, 1, &addr));
    CHECK_OK(libsock_addr_set_port(&addr, 0));
    CHECK_EQ_INT(libsock_addr_port(&addr), 0);
    CHECK_OK(libsock_addr_from_vsock(1, 2, &addr));
    CHECK_ERR(libsock_addr_port(&addr), EINVAL);
    CHECK_ERR(libsock_addr_set_port(&addr, 1), EINVAL);
}

/* Whether an address is unspecified, loopback, multicast: "u", "l", "m". */
static void addr_check_sort(const char *ip, const char *sort)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(ip, strlen(ip), 9, &addr));
    CHECK_EQ_INT(libsock_addr_is_unspecified(&addr), sort[0] == 'u');
    CHECK_EQ_INT(libsock_addr_is_loopback(&addr), sort[0] == 'l');
    CHECK_EQ_INT(libsock_addr_is_multicast(&addr), sort[0] == 'm');
}

TEST(sorts_of_ip_addresses)
{
    addr_check_sort("0.0.0.0", "u");
    addr_check_sort("0.0.0.1", "");
    addr_check_sort("126.255.255.255", "");
    addr_check_sort("127.0.0.0", "l");
    addr_check_sort("127.255.255.255", "l");
    addr_check_sort("128.0.0.0", "");
    addr_check_sort("223.255.255.255", "");
    addr_check_sort("224.0.0.0", "m");
    addr_check_sort("239.255.255.255", "m");
    addr_check_sort("240.0.0.0", "");
    addr_check_sort("255.255.255.255", "");
    addr_check_sort("::", "u");
    addr_check_sort("::1", "l");
    addr_check_sort("::2", "");
    addr_check_sort("1::1", "");
    addr_check_sort("::ffff:127.0.0.1", "l");
    addr_check_sort("::ffff:127.9.9.9", "l");
    addr_check_sort("::ffff:128.0.0.1", "");
    addr_check_sort("::ffff:0.0.0.0", "");
    addr_check_sort("::ffff:224.0.0.1", "");
    addr_check_sort("::127.0.0.1", "");
    addr_check_sort("ff00::", "m");
    addr_check_sort("ff02::1%1", "m");
    addr_check_sort("feff::1", "");
}
