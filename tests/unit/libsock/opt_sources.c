/* SPDX-License-Identifier: MIT */
/*
 * All senders of a group at once: who is heard afterwards, on the loopback,
 * where one host has many addresses. Single senders are tested in opt_group.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/netns.h"

static libsock_addr address(const char *text)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(text, strlen(text), 0, &addr));
    return addr;
}

/* A group, a member of it, and three who send to it. */
struct party {
    int member;
    int senders[3];
    libsock_addr whence[3];
    libsock_addr to;
    libsock_group_filter filter;
};

static bool party_is_v4(const struct party *party)
{
    return libsock_addr_domain(&party->to) == LIBSOCK_DOMAIN_IPV4;
}

static void party_speaker(struct party *party, size_t i, uint32_t ifindex)
{
    int fd = open_sort(party_is_v4(party) ? UDP4 : UDP6);

    CHECK_OK(libsock_bind(sock_of(fd), &party->whence[i]));
    if (party_is_v4(party))
        CHECK_OK(libsock_set_multicast_if_v4_n(sock_of(fd), ifindex));
    else
        CHECK_OK(libsock_set_multicast_if_v6(sock_of(fd), ifindex));
    party->senders[i] = fd;
}

/* A group and three senders, by way of a device of this namespace. */
static struct party party_speakers(const char *const names[4],
                                   const char *device)
{
    struct party party;

    memset(&party, 0, sizeof(party));
    party.to = address(names[0]);
    for (size_t i = 0; i < 3; i++) {
        party.whence[i] = address(names[i + 1]);
        party_speaker(&party, i, if_nametoindex(device));
    }
    return party;
}

static void party_join(struct party *party, const char *device)
{
    bool v4 = party_is_v4(party);
    libsock_addr any;

    party->member = open_sort(v4 ? UDP4 : UDP6);
    party->filter.group = party->to;
    party->filter.ifindex = if_nametoindex(device);
    party->filter.mode = LIBSOCK_GROUP_EXCLUDE;
    CHECK_OK(libsock_addr_any(libsock_addr_domain(&party->to), 0, &any));
    CHECK_OK(libsock_bind(sock_of(party->member), &any));
    CHECK_OK(libsock_addr_set_port(&party->to, net_local_port(party->member)));
    CHECK_OK(libsock_join_group(sock_of(party->member), &party->filter.group,
                                party->filter.ifindex));
    CHECK_OK((v4 ? libsock_set_multicast_all_v4 : libsock_set_multicast_all_v6)(
        sock_of(party->member), false));
}

static void party_close(const struct party *party)
{
    for (size_t i = 0; i < 3; i++)
        net_close(party->senders[i]);
    net_close(party->member);
}

/* All three send, in their order; those named are heard, in that order. */
static void expect(const struct party *party, const char *heard)
{
    char byte = 0;

    for (size_t i = 0; i < 3; i++)
        CHECK_EQ_INT(libsock_send_to(sock_of(party->senders[i]), &"012"[i], 1,
                                     0, &party -> to),
                     1);
    for (; *heard != '\0'; heard++) {
        CHECK(net_wait_readable(party->member, 5000));
        CHECK_EQ_INT(net_recv(party->member, &byte, 1), 1);
        CHECK_EQ_INT(byte, *heard);
    }
    CHECK(!net_wait_readable(party->member, 20));
}

static void check_filter(struct party *party)
{
    libsock_socket sock = sock_of(party->member);
    libsock_group_filter *filter = &party->filter;
    libsock_addr list[3];
    libsock_addr told[3];

    expect(party, "012");
    CHECK_EQ_INT(libsock_get_group_filter(sock, filter, NULL, 0), 0);
    CHECK_EQ_INT(filter->mode, LIBSOCK_GROUP_EXCLUDE);
    list[0] = party->whence[1];
    list[1] = party->whence[2];
    CHECK_OK(libsock_filter_group(sock, filter, list, 2));
    expect(party, "0");
    filter->mode = LIBSOCK_GROUP_INCLUDE;
    CHECK_OK(libsock_filter_group(sock, filter, list, 2));
    expect(party, "12");
    filter->mode = 0;
    CHECK_EQ_INT(libsock_get_group_filter(sock, filter, told, 3), 2);
    CHECK_EQ_INT(filter->mode, LIBSOCK_GROUP_INCLUDE);
    CHECK(libsock_addr_equal(&told[0], &list[0]));
    CHECK(libsock_addr_equal(&told[1], &list[1]));
    CHECK_EQ_INT(libsock_kind(libsock_get_group_filter(sock, filter, told, 1)),
                 LIBSOCK_KIND_NO_BUFFERS);
    CHECK_EQ_INT(libsock_get_group_filter(sock, filter, NULL, 0), 2);
    filter->mode = LIBSOCK_GROUP_EXCLUDE;
    CHECK_OK(libsock_filter_group(sock, filter, NULL, 0));
    expect(party, "012");
    /* Ports are no part of it. */
    CHECK_OK(libsock_addr_set_port(&list[0], 4711));
    CHECK_OK(libsock_filter_group(sock, filter, list, 1));
    expect(party, "02");
    filter->mode = LIBSOCK_GROUP_INCLUDE;
    CHECK_OK(libsock_filter_group(sock, filter, NULL, 0));
    CHECK_EQ_INT(libsock_kind(libsock_get_group_filter(sock, filter, NULL, 0)),
                 LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
}

TEST(who_is_heard_can_be_said_at_once)
{
    static const char *const names[] = {"239.255.17.30", "127.0.0.1",
                                        "127.0.0.2", "127.0.0.3"};
    struct party party = party_speakers(names, "lo");

    party_join(&party, "lo");
    check_filter(&party);
    party_close(&party);
}

TEST(who_is_heard_can_be_said_at_once_v6)
{
    static const char *const names[] = {"ff15::1730", "fd09::1", "fd09::2",
                                        "fd09::3"};
    struct netns_end here = {-1, "near"};
    struct netns_end there = {-1, "far"};
    struct party party;

    netns_enter();
    here.fd = netns_open();
    netns_enter();
    there.fd = netns_open();
    netns_wire(&here, &there);
    for (size_t i = 1; i < 4; i++) {
        if (!netns_try_ip("addr add %s/64 dev near nodad", names[i]))
            SKIP("no IPv6 in a new namespace");
    }
    party = party_speakers(names, "near");
    netns_move(there.fd);
    netns_ip("addr add fd09::9/64 dev far nodad");
    party_join(&party, "far");
    net_close(here.fd);
    net_close(there.fd);
    check_filter(&party);
    party_close(&party);
}

static void refused(ptrdiff_t r)
{
    CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_INVALID_INPUT);
}

TEST(nonsense_about_senders_is_refused)
{
    static libsock_addr many[LIBSOCK_GROUP_SOURCES_MAX + 1];
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_group_filter good = {address("239.255.17.30"), 0,
                                 LIBSOCK_GROUP_INCLUDE};
    libsock_group_filter bad = good;
    libsock_addr v6 = address("fd09::1");

    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
        many[i] = address("127.0.0.1");
    fault_reset();
    refused(libsock_filter_group(none, NULL, many, 1));
    refused(libsock_filter_group(none, &good, NULL, 1));
    refused(libsock_filter_group(none, &good, &v6, 1));
    refused(
        libsock_filter_group(none, &good, many, LIBSOCK_GROUP_SOURCES_MAX + 1));
    bad.mode = 0;
    refused(libsock_filter_group(none, &bad, many, 1));
    bad.mode = 3;
    refused(libsock_filter_group(none, &bad, many, 1));
    bad = good;
    memset(&bad.group, 0, sizeof(bad.group));
    refused(libsock_filter_group(none, &bad, many, 1));
    refused(libsock_get_group_filter(none, &bad, many, 1));
    refused(libsock_get_group_filter(none, NULL, many, 1));
    refused(libsock_get_group_filter(none, &good, NULL, 1));
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_ERR(
        libsock_filter_group(none, &good, many, LIBSOCK_GROUP_SOURCES_MAX),
        EBADF);
    CHECK_EQ_UINT(fault_calls(), 1);
}

/* 10 senders by Linux's settings; nothing is cut. */
TEST(more_senders_than_the_limit_are_refused)
{
    libsock_addr many[LIBSOCK_GROUP_SOURCES_MAX];
    libsock_group_filter filter = {address("239.255.17.30"), 0,
                                   LIBSOCK_GROUP_EXCLUDE};
    int fd = open_sort(UDP4);

    for (size_t i = 0; i < LIBSOCK_GROUP_SOURCES_MAX; i++) {
        const uint8_t octets[4] = {127, 0, 1, (uint8_t)i};

        CHECK_OK(libsock_addr_from_ipv4(octets, 0, &many[i]));
    }
    filter.ifindex = if_nametoindex("lo");
    CHECK_OK(libsock_join_group(sock_of(fd), &filter.group, filter.ifindex));
    CHECK_OK(libsock_filter_group(sock_of(fd), &filter, many, 10));
    CHECK_EQ_INT(libsock_get_group_filter(sock_of(fd), &filter, NULL, 0), 10);
    CHECK_EQ_INT(
        libsock_kind(libsock_filter_group(sock_of(fd), &filter, many, 64)),
        LIBSOCK_KIND_NO_BUFFERS);
    CHECK_EQ_INT(libsock_get_group_filter(sock_of(fd), &filter, NULL, 0), 10);
    net_close(fd);
}
