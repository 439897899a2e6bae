/* SPDX-License-Identifier: MIT */
/*
 * Addresses that have been to the kernel: what is bound is what we built, and
 * what the kernel answers is read right. Raw system calls only, so that the
 * library's own sockets take no part. Nothing is guarded.
 */
#include "support/check.h"
#include "support/net.h"

#include <libsock/libsock.h>

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int kernel_open(int family, int type)
{
    int fd = socket(family, type | SOCK_CLOEXEC, 0);

    CHECK_INT(fd, >=, 0);
    return fd;
}

static int kernel_bind(int fd, const libsock_addr *addr)
{
    int r =
        bind(fd, libsock_addr_raw(addr), (socklen_t)libsock_addr_raw_len(addr));

    return r < 0 ? -errno : 0;
}

/* What getsockname() says, and how many bytes it took to say it. */
static size_t kernel_name(int fd, libsock_addr *out_addr)
{
    char bytes[LIBSOCK_ADDR_SIZE];
    socklen_t len = sizeof(bytes);

    CHECK_EQ_INT(getsockname(fd, (struct sockaddr *)bytes, &len), 0);
    CHECK_OK(libsock_addr_from_raw(bytes, len, out_addr));
    return len;
}

/* Work in the test's own directory, where short names are enough. */
static void kernel_enter_tmpdir(void)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    *strrchr(path, '/') = '\0';
    CHECK_EQ_INT(chdir(path), 0);
}

/* Bind `addr`; the kernel must report an equal one, `len` bytes long. */
static void kernel_check_unix(const libsock_addr *addr, size_t len)
{
    int fd = kernel_open(AF_UNIX, SOCK_DGRAM);
    libsock_addr got;

    CHECK_OK(kernel_bind(fd, addr));
    CHECK_EQ_UINT(kernel_name(fd, &got), len);
    CHECK(libsock_addr_equal(addr, &got));
    net_close(fd);
}

static void kernel_check_path(size_t len, size_t reported)
{
    char path[LIBSOCK_UNIX_PATH_MAX + 1] = "";
    struct stat info;
    libsock_addr addr;

    memset(path, 'p', len);
    CHECK_OK(libsock_addr_from_unix_path(path, len, &addr));
    kernel_check_unix(&addr, reported);
    CHECK_EQ_INT(stat(path, &info), 0);
    CHECK(S_ISSOCK(info.st_mode));
    CHECK_EQ_INT(unlink(path), 0);
}

TEST(unix_paths_of_every_length_name_the_file)
{
    size_t len;

    kernel_enter_tmpdir();
    for (len = 1; len <= 107; len++) {
        kernel_check_path(len, 2 + len + 1);
    }
}

/* The kernel adds the NUL itself and reports one byte more than sockaddr_un. */
TEST(unix_path_of_108_bytes_has_no_nul)
{
    kernel_enter_tmpdir();
    kernel_check_path(108, 111);
}

TEST(unix_path_that_begins_with_at_is_a_file)
{
    struct stat info;
    libsock_addr addr;

    kernel_enter_tmpdir();
    CHECK_OK(libsock_addr_parse("unix:\\x40file", 13, &addr));
    kernel_check_unix(&addr, 2 + 5 + 1);
    CHECK_EQ_INT(stat("@file", &info), 0);
}

/* A name no other test has: the pid, then the bytes that are to be tried. */
static size_t kernel_own_name(const char *end, size_t len, char out_name[32])
{
    pid_t pid = getpid();

    memcpy(out_name, &pid, sizeof(pid));
    memcpy(out_name + sizeof(pid), end, len);
    return sizeof(pid) + len;
}

TEST(unix_abstract_names_hold_any_byte)
{
    static const char ends[][4] = {"abc", "a\0b", "\0\0\0", "ab\0"};
    libsock_addr addr;
    char name[32];
    size_t i;

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t len = kernel_own_name(ends[i], 3, name);

        CHECK_OK(libsock_addr_from_unix_abstract(name, len, &addr));
        kernel_check_unix(&addr, 2 + 1 + len);
    }
}

/* A NUL more is another name: both can be bound at once. */
TEST(unix_abstract_names_count_every_byte)
{
    int fd[2] = {kernel_open(AF_UNIX, SOCK_DGRAM),
                 kernel_open(AF_UNIX, SOCK_DGRAM)};
    libsock_addr addr[2];
    char name[32];
    size_t len = kernel_own_name("a\0", 2, name);

    CHECK_OK(libsock_addr_from_unix_abstract(name, len - 1, &addr[0]));
    CHECK_OK(libsock_addr_from_unix_abstract(name, len, &addr[1]));
    CHECK_OK(kernel_bind(fd[0], &addr[0]));
    CHECK_OK(kernel_bind(fd[1], &addr[1]));
    net_close(fd[0]);
    fd[0] = kernel_open(AF_UNIX, SOCK_DGRAM);
    CHECK_ERR(kernel_bind(fd[0], &addr[1]), EADDRINUSE);
    net_close(fd[0]);
    net_close(fd[1]);
}

TEST(unix_unnamed_binds_to_a_name_of_the_kernels)
{
    int fd = kernel_open(AF_UNIX, SOCK_STREAM);
    libsock_addr addr;
    const char *name;
    size_t len;
    int form;

    CHECK_EQ_UINT(kernel_name(fd, &addr), 2);
    CHECK_OK(libsock_addr_get_unix(&addr, &form, &name, &len));
    CHECK_EQ_INT(form, LIBSOCK_UNIX_UNNAMED);
    CHECK_OK(libsock_addr_from_unix_unnamed(&addr));
    CHECK_OK(kernel_bind(fd, &addr));
    CHECK_EQ_UINT(kernel_name(fd, &addr), 2 + 1 + 5);
    CHECK_OK(libsock_addr_get_unix(&addr, &form, &name, &len));
    CHECK_EQ_INT(form, LIBSOCK_UNIX_ABSTRACT);
    CHECK_EQ_UINT(len, 5);
    CHECK_EQ_UINT(strspn(name, "0123456789abcdef"), 5);
    net_close(fd);
}

TEST(unix_sender_is_read_right)
{
    int pair[2] = {kernel_open(AF_UNIX, SOCK_DGRAM),
                   kernel_open(AF_UNIX, SOCK_DGRAM)};
    char bytes[LIBSOCK_ADDR_SIZE];
    char path[LIBSOCK_UNIX_PATH_MAX];
    socklen_t len = sizeof(bytes);
    libsock_addr addr[2];
    libsock_addr from;
    char word[2];

    kernel_enter_tmpdir();
    memset(path, 's', sizeof(path));
    CHECK_OK(libsock_addr_from_unix_path(path, sizeof(path), &addr[0]));
    CHECK_OK(libsock_addr_from_unix_path("to", 2, &addr[1]));
    CHECK_OK(kernel_bind(pair[0], &addr[0]));
    CHECK_OK(kernel_bind(pair[1], &addr[1]));
    CHECK_EQ_INT(sendto(pair[0], "hi", 2, 0, libsock_addr_raw(&addr[1]),
                        (socklen_t)libsock_addr_raw_len(&addr[1])),
                 2);
    CHECK_EQ_INT(recvfrom(pair[1], word, 2, 0, (struct sockaddr *)bytes, &len),
                 2);
    CHECK_OK(libsock_addr_from_raw(bytes, len, &from));
    CHECK(libsock_addr_equal(&from, &addr[0]));
    net_close(pair[0]);
    net_close(pair[1]);
}

static void kernel_check_ip(int family, int domain)
{
    int fd = kernel_open(family, SOCK_DGRAM);
    libsock_addr addr;
    libsock_addr got;

    CHECK_OK(libsock_addr_loopback(domain, 0, &addr));
    CHECK_OK(kernel_bind(fd, &addr));
    kernel_name(fd, &got);
    CHECK_EQ_INT(libsock_addr_port(&got), net_local_port(fd));
    CHECK_INT(libsock_addr_port(&got), >, 0);
    CHECK(libsock_addr_is_loopback(&got));
    CHECK_OK(libsock_addr_set_port(&got, 0));
    CHECK(libsock_addr_equal(&got, &addr));
    net_close(fd);
}

TEST(ip_addresses_bind)
{
    kernel_check_ip(AF_INET, LIBSOCK_DOMAIN_IPV4);
    if (!net_has_ipv6()) {
        SKIP("no ::1 here");
    }
    kernel_check_ip(AF_INET6, LIBSOCK_DOMAIN_IPV6);
}

TEST(ipv6_zone_by_name_is_the_zone_by_number)
{
    uint32_t index = if_nametoindex("lo");
    const libsock_ipv6 ipv6 = {{0xfe, 0x80, [15] = 1}, 80, 0, index, 0};
    libsock_addr named;
    libsock_addr numbered;

    if (index == 0) {
        SKIP("no interface lo");
    }
    CHECK_OK(libsock_addr_parse("[fe80::1%lo]:80", 15, &named));
    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &numbered));
    CHECK(libsock_addr_equal(&named, &numbered));
}

/* A link-local address of this host, with its interface; false if none. */
static bool kernel_link_local(char out_text[INET6_ADDRSTRLEN + IF_NAMESIZE])
{
    struct ifaddrs *list = NULL;
    struct ifaddrs *at;
    bool found = false;

    CHECK_EQ_INT(getifaddrs(&list), 0);
    for (at = list; at != NULL && !found; at = at->ifa_next) {
        struct sockaddr_in6 sin6;

        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET6) {
            continue;
        }
        memcpy(&sin6, at->ifa_addr, sizeof(sin6));
        found = IN6_IS_ADDR_LINKLOCAL(&sin6.sin6_addr);
        inet_ntop(AF_INET6, &sin6.sin6_addr, out_text, INET6_ADDRSTRLEN);
        strcat(strcat(out_text, "%"), at->ifa_name);
    }
    freeifaddrs(list);
    return found;
}

/* The kernel binds a link-local address on its own interface only. */
TEST(ipv6_zone_reaches_its_interface)
{
    int fd = kernel_open(AF_INET6, SOCK_DGRAM);
    char text[INET6_ADDRSTRLEN + IF_NAMESIZE];
    libsock_ipv6 ipv6;
    libsock_addr addr;
    libsock_addr elsewhere;

    if (!kernel_link_local(text)) {
        net_close(fd);
        SKIP("no link-local address here");
    }
    CHECK_OK(libsock_addr_parse_ip(text, strlen(text), 0, &addr));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &ipv6));
    ipv6.scope_id = if_nametoindex("lo");
    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &elsewhere));
    CHECK_ERR(kernel_bind(fd, &elsewhere), EADDRNOTAVAIL);
    CHECK_OK(kernel_bind(fd, &addr));
    net_close(fd);
}

TEST(netlink_binds)
{
    int fd = kernel_open(AF_NETLINK, SOCK_RAW);
    libsock_addr addr;
    uint32_t port_id = 0;
    uint32_t groups = 0;

    CHECK_OK(libsock_addr_parse("netlink:0:0x1", 13, &addr));
    CHECK_OK(kernel_bind(fd, &addr));
    CHECK_EQ_UINT(kernel_name(fd, &addr), 12);
    CHECK_OK(libsock_addr_get_netlink(&addr, &port_id, &groups));
    CHECK_UINT(port_id, !=, 0);
    CHECK_EQ_UINT(groups, 1);
    net_close(fd);
}

TEST(packet_binds)
{
    const uint32_t index = if_nametoindex("lo");
    const libsock_packet packet = {index, 0x0800, 0, 0, 0, {0}, {0}};
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    libsock_packet got;
    libsock_addr addr;

    if (fd < 0 || index == 0) {
        SKIP("packet sockets need a privilege, and lo");
    }
    CHECK_OK(libsock_addr_from_packet(&packet, &addr));
    CHECK_OK(kernel_bind(fd, &addr));
    CHECK_EQ_UINT(kernel_name(fd, &addr), 12 + 6);
    CHECK_OK(libsock_addr_get_packet(&addr, &got));
    CHECK_EQ_UINT(got.ifindex, index);
    CHECK_EQ_UINT(got.protocol, 0x0800);
    CHECK_EQ_UINT(got.hatype, 772); /* ARPHRD_LOOPBACK */
    CHECK_EQ_UINT(got.len, 6);
    net_close(fd);
}

TEST(vsock_binds)
{
    int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
    libsock_addr addr;
    uint32_t cid = 7;
    uint32_t port = 7;

    if (fd < 0) {
        SKIP("this kernel has no AF_VSOCK");
    }
    CHECK_OK(libsock_addr_parse("vsock:*:*", 9, &addr));
    CHECK_OK(kernel_bind(fd, &addr));
    kernel_name(fd, &addr);
    CHECK_OK(libsock_addr_get_vsock(&addr, &cid, &port));
    CHECK_EQ_UINT(cid, UINT32_MAX);
    CHECK_UINT(port, !=, UINT32_MAX);
    net_close(fd);
}
