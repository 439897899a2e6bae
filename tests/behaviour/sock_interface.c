/* SPDX-License-Identifier: MIT */
/*
 * The list of interfaces, against what `ip` and /sys say, in a network that
 * the test makes. Broken answers of the kernel are in
 * unit/libsock/interface_netlink.c. The other build lists by getifaddrs(),
 * so that both ways are held against the same words. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"

#if defined(LIBSOCK_FLAGS_IN_STEPS)
# define INTERFACE_BY_NETLINK false
#else
# define INTERFACE_BY_NETLINK true
#endif

enum {
    INTERFACE_TEXT = 16384
};

static libsock_interface_list *interface_list(void)
{
    libsock_interface_list *list = NULL;

    CHECK_OK(libsock_interface_list_new(&list));
    CHECK(list != NULL);
    CHECK_UINT(libsock_interface_list_count(list), >, 0);
    return list;
}

static const libsock_interface *interface_named(libsock_interface_list *list,
                                                const char *name)
{
    for (size_t i = 0; i < libsock_interface_list_count(list); i++) {
        const libsock_interface *what = libsock_interface_list_at(list, i);

        if (strcmp(what->name, name) == 0)
            return what;
    }
    return NULL;
}

/* The text of an address without its zone; "" for an empty one. */
static const char *interface_ip(const libsock_addr *addr, char text[512])
{
    text[0] = '\0';
    if (libsock_addr_raw_len(addr) != 0)
        CHECK_OK(libsock_addr_print_ip(addr, text, 512));
    text[strcspn(text, "%")] = '\0';
    return text;
}

/* An address as it should be found; `other` is its broadcast address or peer.
 */
struct interface_want {
    const char *dev;
    const char *ip;
    uint32_t prefix_len;
    const char *broadcast;
    const char *peer;
};

static const libsock_interface_addr *
interface_addr_of(const libsock_interface *what, const char *ip)
{
    char text[512];

    for (size_t i = 0; i < what->n_addrs; i++) {
        if (strcmp(interface_ip(&what->addrs[i].addr, text), ip) == 0)
            return &what->addrs[i];
    }
    return NULL;
}

static void interface_expect(libsock_interface_list *list,
                             const struct interface_want *want)
{
    const libsock_interface *what = interface_named(list, want->dev);
    const libsock_interface_addr *found;
    char text[512];

    CHECK(what != NULL);
    found = interface_addr_of(what, want->ip);
    if (found == NULL)
        check_fail(__FILE__, __LINE__, "%s lacks %s", want->dev, want->ip);
    CHECK_EQ_UINT(found->prefix_len, want->prefix_len);
    CHECK_EQ_STR(interface_ip(&found->broadcast, text), want->broadcast);
    CHECK_EQ_STR(interface_ip(&found->peer, text), want->peer);
    CHECK_EQ_UINT(found->reserved, 0);
    CHECK_EQ_INT(libsock_addr_port(&found->addr), 0);
}

static size_t interface_lines(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static const struct {
    uint32_t flag;
    const char *word;
} interface_words[] = {
    {LIBSOCK_INTERFACE_UP, "UP"},
    {LIBSOCK_INTERFACE_LOOPBACK, "LOOPBACK"},
    {LIBSOCK_INTERFACE_POINT_TO_POINT, "POINTOPOINT"},
    {LIBSOCK_INTERFACE_BROADCAST, "BROADCAST"},
    {LIBSOCK_INTERFACE_MULTICAST, "MULTICAST"},
};

/* Whether one of the words between < and > is this one. */
static bool interface_has_word(const char *text, const char *word)
{
    const char *at = strchr(text, '<');
    const char *end = strchr(text, '>');
    size_t len = strlen(word);

    CHECK(at != NULL && end != NULL);
    while (at < end) {
        size_t n = strcspn(at + 1, ",>");

        if (n == len && memcmp(at + 1, word, len) == 0)
            return true;
        at += n + 1;
    }
    return false;
}

/* What `ip` says about one interface, word by word. */
static void interface_compare(const libsock_interface *what)
{
    char text[INTERFACE_TEXT], want[512], ip[512];
    size_t n = 0;

    netns_read_ip(text, sizeof(text), "-o link show dev %s", what->name);
    snprintf(want, sizeof(want), "%u: %s", what->index, what->name);
    CHECK(strncmp(text, want, strlen(want)) == 0);
    snprintf(want, sizeof(want), " mtu %u ", what->mtu);
    CHECK(strstr(text, want) != NULL);
    for (size_t i = 0; i < sizeof(interface_words) / sizeof(*interface_words);
         i++)
        CHECK_EQ_INT((what->flags & interface_words[i].flag) != 0,
                     interface_has_word(text, interface_words[i].word));
    if (what->hw_len == 6) {
        snprintf(want, sizeof(want), " %02x:%02x:%02x:%02x:%02x:%02x ",
                 what->hw[0], what->hw[1], what->hw[2], what->hw[3],
                 what->hw[4], what->hw[5]);
        CHECK(strstr(text, want) != NULL);
    }
    netns_read_ip(text, sizeof(text), "-o addr show dev %s", what->name);
    CHECK_EQ_UINT(what->n_addrs, interface_lines(text));
    for (n = 0; n < what->n_addrs; n++) {
        snprintf(want, sizeof(want), " %s/%u ",
                 interface_ip(&what->addrs[n].addr, ip),
                 what->addrs[n].prefix_len);
        if (libsock_addr_raw_len(&what->addrs[n].peer) == 0 &&
            strstr(text, " peer ") == NULL)
            CHECK(strstr(text, want) != NULL);
    }
}

static void interface_compare_all(libsock_interface_list *list)
{
    char text[INTERFACE_TEXT];
    uint32_t last = 0;

    netns_read_ip(text, sizeof(text), "-o link show");
    CHECK_EQ_UINT(libsock_interface_list_count(list), interface_lines(text));
    for (size_t i = 0; i < libsock_interface_list_count(list); i++) {
        const libsock_interface *what = libsock_interface_list_at(list, i);
        char name[LIBSOCK_INTERFACE_NAME_SIZE];
        uint32_t index = 0;

        CHECK_UINT(what->index, >, last);
        last = what->index;
        CHECK_OK(libsock_interface_index(what->name, &index));
        CHECK_EQ_UINT(index, what->index);
        CHECK_EQ_INT(libsock_interface_name(index, name, sizeof(name)),
                     strlen(what->name));
        CHECK_EQ_STR(name, what->name);
        interface_compare(what);
    }
}

TEST(a_fresh_network_has_a_loopback_and_nothing_else)
{
    const struct interface_want ipv4 = {"lo", "127.0.0.1", 8, "", ""};
    libsock_interface_list *list;
    const libsock_interface *lo;

    netns_enter();
    list = interface_list();
    lo = interface_named(list, "lo");
    CHECK(lo != NULL);
    CHECK_EQ_UINT(lo->index, 1);
    CHECK_EQ_UINT(lo->flags, LIBSOCK_INTERFACE_UP | LIBSOCK_INTERFACE_RUNNING |
                                 LIBSOCK_INTERFACE_LOOPBACK);
    CHECK_EQ_UINT(lo->hw_type, 772);
    interface_expect(list, &ipv4);
    interface_compare_all(list);
    libsock_interface_list_free(list);
    netns_ip("link set lo down");
    list = interface_list();
    lo = interface_named(list, "lo");
    CHECK_EQ_UINT(lo->flags, LIBSOCK_INTERFACE_LOOPBACK);
    libsock_interface_list_free(list);
}

static void interface_wire(void)
{
    int ns = netns_open();
    const struct netns_end here = {ns, "v0"};
    const struct netns_end there = {ns, "v1"};

    netns_wire(&here, &there);
    net_close(ns);
}

static void interface_add_addresses(void)
{
    netns_ip("link set v0 addrgenmode none");
    netns_ip("link set v1 down");
    netns_ip("link set v0 down");
    netns_ip("link set v0 mtu 1400 address 02:00:00:00:00:07 up");
    netns_ip("addr add 198.51.100.1/24 brd + dev v0");
    netns_ip("addr add 198.51.100.2/25 dev v0");
    netns_ip("addr add 198.51.100.3/32 brd 198.51.100.77 dev v0 label v0:x");
    netns_ip("addr add 2001:db8::1/64 dev v0 nodad");
    netns_ip("addr add 2001:db8::2/128 dev v0 nodad");
    netns_ip("addr add fe80::7/64 dev v0 nodad");
}

/* The kernel tells both ends of a wire that it is up some time after it was
 * asked; the test's own limit ends a wait in vain. */
static void interface_await_running(const char *name)
{
    uint32_t flags = 0;

    while ((flags & LIBSOCK_INTERFACE_RUNNING) == 0) {
        libsock_interface_list *list = interface_list();

        flags = interface_named(list, name)->flags;
        libsock_interface_list_free(list);
    }
}

TEST(every_address_is_found_with_what_belongs_to_it)
{
    static const struct interface_want wants[] = {
        {"v0", "198.51.100.1", 24, "198.51.100.255", ""},
        {"v0", "198.51.100.2", 25, "", ""},
        {"v0", "198.51.100.3", 32, "198.51.100.77", ""},
        {"v0", "2001:db8::1", 64, "", ""},
        {"v0", "2001:db8::2", 128, "", ""},
    };
    const libsock_interface *v0, *v1;
    libsock_interface_list *list;
    const uint8_t hw[] = {2, 0, 0, 0, 0, 7};

    netns_enter();
    interface_wire();
    interface_add_addresses();
    list = interface_list();
    CHECK_EQ_UINT(libsock_interface_list_count(list), 3);
    for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
        interface_expect(list, &wants[i]);
    v0 = interface_named(list, "v0");
    v1 = interface_named(list, "v1");
    CHECK(v0 != NULL && v1 != NULL);
    CHECK_EQ_UINT(v0->n_addrs, 6);
    CHECK_EQ_UINT(v0->mtu, 1400);
    CHECK_EQ_UINT(v0->hw_type, 1);
    CHECK_EQ_UINT(v0->hw_len, sizeof(hw));
    CHECK_EQ_MEM(v0->hw, hw, sizeof(hw));
    /* Switched on, but at the other end of the wire nothing is. */
    CHECK_EQ_UINT(v0->flags, LIBSOCK_INTERFACE_UP |
                                 LIBSOCK_INTERFACE_BROADCAST |
                                 LIBSOCK_INTERFACE_MULTICAST);
    CHECK_EQ_UINT(v1->n_addrs, 0);
    interface_compare_all(list);
    libsock_interface_list_free(list);
    netns_ip("link set v1 up");
    interface_await_running("v0");
}

TEST(a_link_local_address_has_its_interface_as_scope)
{
    libsock_interface_list *list;
    const libsock_interface *v0;
    bool seen = false;

    netns_enter();
    interface_wire();
    interface_add_addresses();
    list = interface_list();
    v0 = interface_named(list, "v0");
    for (size_t i = 0; i < v0->n_addrs; i++) {
        libsock_ipv6 ipv6;

        if (libsock_addr_get_ipv6(&v0->addrs[i].addr, &ipv6) < 0)
            continue;
        if (ipv6.octets[0] == 0xfe) {
            CHECK_EQ_UINT(ipv6.scope_id, v0->index);
            seen = true;
        } else {
            CHECK_EQ_UINT(ipv6.scope_id, 0);
        }
    }
    CHECK(seen);
    libsock_interface_list_free(list);
}

TEST(a_link_local_address_can_be_bound_as_it_is)
{
    libsock_interface_list *list;
    const libsock_interface *v0;

    netns_enter();
    interface_wire();
    interface_add_addresses();
    list = interface_list();
    v0 = interface_named(list, "v0");
    for (size_t i = 0; i < v0->n_addrs; i++) {
        const libsock_addr *addr = &v0->addrs[i].addr;
        libsock_socket sock =
            sock_open(libsock_addr_domain(addr), LIBSOCK_TYPE_DGRAM, 0);

        CHECK_OK(libsock_bind(sock, addr));
        sock_close(sock);
    }
    libsock_interface_list_free(list);
}

TEST(a_point_to_point_interface_has_a_peer)
{
    const struct interface_want want = {"t0", "192.0.2.1", 32, "", "192.0.2.2"};
    libsock_interface_list *list;
    const libsock_interface *t0;

    netns_enter();
    if (!netns_try_ip("tuntap add dev t0 mode tun"))
        SKIP("no tun devices here");
    netns_ip("addr add 192.0.2.1 peer 192.0.2.2/32 dev t0");
    list = interface_list();
    interface_expect(list, &want);
    t0 = interface_named(list, "t0");
    CHECK((t0->flags & LIBSOCK_INTERFACE_POINT_TO_POINT) != 0);
    CHECK((t0->flags & LIBSOCK_INTERFACE_UP) == 0);
    CHECK_EQ_UINT(t0->hw_len, 0);
    interface_compare_all(list);
    libsock_interface_list_free(list);
}

TEST(other_interfaces_may_have_a_peer_and_a_broadcast_address)
{
    static const struct interface_want wants[] = {
        {"v0", "203.0.113.1", 24, "", "203.0.113.2"},
        {"v0", "203.0.113.3", 32, "203.0.113.255", "203.0.113.4"},
        {"v0", "2001:db8::1", 128, "", "2001:db8::2"},
    };
    libsock_interface_list *list;

    if (!INTERFACE_BY_NETLINK)
        SKIP("getifaddrs() has one field for both");
    netns_enter();
    interface_wire();
    netns_ip("addr add 203.0.113.1 peer 203.0.113.2/24 dev v0");
    netns_ip("addr add 203.0.113.3 peer 203.0.113.4/32 brd 203.0.113.255 "
             "dev v0");
    netns_ip("addr add 2001:db8::1 peer 2001:db8::2/128 dev v0 nodad");
    list = interface_list();
    for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
        interface_expect(list, &wants[i]);
    libsock_interface_list_free(list);
}

TEST(many_interfaces_take_many_answers)
{
    enum {
        MANY = 120
    };
    libsock_interface_list *list;

    netns_enter();
    interface_wire();
    for (int i = 0; i < MANY; i++)
        netns_ip("addr add 198.51.100.%d/24 dev v%d", i + 1, i % 2);
    list = interface_list();
    interface_compare_all(list);
    for (int i = 0; i < MANY; i++) {
        char ip[32];

        snprintf(ip, sizeof(ip), "198.51.100.%d", i + 1);
        CHECK(interface_addr_of(interface_named(list, i % 2 == 0 ? "v0" : "v1"),
                                ip) != NULL);
    }
    libsock_interface_list_free(list);
}

/* More names make the kernel's message about it longer, up to 64 KiB; `ip`
 * takes so many at once. */
static void interface_add_names(const char *dev, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        char words[1024];
        size_t len = 0;

        for (int k = 0; k < 7; k++)
            len += (size_t)snprintf(words + len, sizeof(words) - len,
                                    " altname a%0120dx%d", i, k);
        CHECK_UINT(len, <, sizeof(words));
        netns_ip("link property add dev %s%s", dev, words);
    }
}

TEST(one_interface_may_take_a_very_long_message)
{
    const struct interface_want want = {"v0", "198.51.100.1", 24, "", ""};
    libsock_interface_list *list;

    if (!INTERFACE_BY_NETLINK)
        SKIP("glibc's getifaddrs() does not come back from that");
    netns_enter();
    interface_wire();
    netns_ip("addr add 198.51.100.1/24 dev v0");
    interface_add_names("v0", 43);
    list = interface_list();
    CHECK_EQ_UINT(libsock_interface_list_count(list), 3);
    interface_expect(list, &want);
    CHECK_EQ_UINT(interface_named(list, "v0")->mtu, 1500);
    libsock_interface_list_free(list);
}

/* One number out of a file below /sys/class/net; -1 when it is not there. */
static long interface_sys(const char *name, const char *what)
{
    char path[256], text[64] = "";
    FILE *file;

    snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, what);
    file = fopen(path, "r");
    if (file == NULL)
        return -1;
    CHECK(fgets(text, sizeof(text), file) != NULL);
    fclose(file);
    return strtol(text, NULL, 0);
}

TEST(the_machines_own_interfaces_are_what_sys_says)
{
    libsock_interface_list *list = interface_list();
    size_t compared = 0;

    for (size_t i = 0; i < libsock_interface_list_count(list); i++) {
        const libsock_interface *what = libsock_interface_list_at(list, i);

        if (interface_sys(what->name, "ifindex") < 0)
            continue;
        compared++;
        CHECK_EQ_INT(what->index, interface_sys(what->name, "ifindex"));
        CHECK_EQ_INT(what->mtu, interface_sys(what->name, "mtu"));
        CHECK_EQ_INT(what->hw_type, interface_sys(what->name, "type"));
        CHECK_EQ_INT(what->hw_len, interface_sys(what->name, "addr_len"));
        CHECK_EQ_INT(what->flags & 1, interface_sys(what->name, "flags") & 1);
    }
    libsock_interface_list_free(list);
    if (compared == 0)
        SKIP("no /sys/class/net here");
}

TEST(names_and_numbers_that_are_not_there)
{
    char name[LIBSOCK_INTERFACE_NAME_SIZE] = "as it was";
    uint32_t index = 4711;

    CHECK_KIND(libsock_interface_index("no such device", &index), NOT_FOUND);
    CHECK_KIND(libsock_interface_index("lo0123456789012", &index), NOT_FOUND);
    CHECK_KIND(libsock_interface_index("lo01234567890123456789", &index),
               NOT_FOUND);
    /* Linux itself stops reading at the colon. */
    CHECK_KIND(libsock_interface_index("lo:", &index), NOT_FOUND);
    CHECK_KIND(libsock_interface_index("lo:1", &index), NOT_FOUND);
    CHECK_KIND(libsock_interface_index("", &index), INVALID_INPUT);
    CHECK_KIND(libsock_interface_index(NULL, &index), INVALID_INPUT);
    CHECK_KIND(libsock_interface_index("lo", NULL), INVALID_INPUT);
    CHECK_EQ_UINT(index, 4711);
    CHECK_KIND(libsock_interface_name(0, name, sizeof(name)), NOT_FOUND);
    CHECK_KIND(libsock_interface_name(UINT32_MAX, name, sizeof(name)),
               NOT_FOUND);
    CHECK_KIND(libsock_interface_name(INT32_MAX, name, sizeof(name)),
               NOT_FOUND);
    CHECK_KIND(libsock_interface_name(1, NULL, 0), INVALID_INPUT);
    CHECK_EQ_STR(name, "as it was");
}

TEST(a_name_is_whole_or_not_at_all)
{
    char name[4] = "old";

    netns_enter();
    CHECK_KIND(libsock_interface_name(1, name, 2), NO_BUFFERS);
    CHECK_KIND(libsock_interface_name(1, name, 0), NO_BUFFERS);
    CHECK_EQ_STR(name, "old");
    CHECK_EQ_INT(libsock_interface_name(1, name, 3), 2);
    CHECK_EQ_STR(name, "lo");
}

TEST(lists_that_are_not_there)
{
    libsock_interface_list *list = interface_list();

    CHECK_KIND(libsock_interface_list_new(NULL), INVALID_INPUT);
    libsock_interface_list_free(NULL);
    CHECK_EQ_UINT(libsock_interface_list_count(NULL), 0);
    CHECK(libsock_interface_list_at(NULL, 0) == NULL);
    CHECK(libsock_interface_list_at(list, libsock_interface_list_count(list)) ==
          NULL);
    CHECK(libsock_interface_list_at(list, SIZE_MAX) == NULL);
    libsock_interface_list_free(list);
}
