/* SPDX-License-Identifier: MIT */
/*
 * control_net.c and control_unix.c: each kind against the OS's own structures,
 * in every width that kernels use, and every wrong length. What the kernel
 * makes of them is in behaviour/sock_*.c.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "control_support.h"

struct value_number {
    int level;
    int type;
    int (*get)(const libsock_control *, uint32_t *);
    int kind;
    uint32_t max;
};

static const struct value_number value_numbers[] = {
    {IPPROTO_IP, IP_TTL, libsock_control_get_hop_limit,
     LIBSOCK_CONTROL_HOP_LIMIT, 255},
    {IPPROTO_IPV6, IPV6_HOPLIMIT, libsock_control_get_hop_limit,
     LIBSOCK_CONTROL_HOP_LIMIT, 255},
    {IPPROTO_IP, IP_TOS, libsock_control_get_tos, LIBSOCK_CONTROL_TOS, 255},
    {IPPROTO_IPV6, IPV6_TCLASS, libsock_control_get_tos, LIBSOCK_CONTROL_TOS,
     255},
    {IPPROTO_UDP, UDP_GRO, libsock_control_get_udp_segment,
     LIBSOCK_CONTROL_UDP_SEGMENT, 65535},
    {IPPROTO_UDP, UDP_SEGMENT, libsock_control_get_udp_segment,
     LIBSOCK_CONTROL_UDP_SEGMENT, 65535},
    {SOL_SOCKET, SO_RXQ_OVFL, libsock_control_get_drop_count,
     LIBSOCK_CONTROL_DROP_COUNT, UINT32_MAX},
    {IPPROTO_TCP, TCP_CM_INQ, libsock_control_get_tcp_queued,
     LIBSOCK_CONTROL_TCP_QUEUED, INT32_MAX},
    {SOL_TLS, TLS_GET_RECORD_TYPE, libsock_control_get_tls_record,
     LIBSOCK_CONTROL_TLS_RECORD, 255},
};

enum {
    VALUE_NUMBERS = sizeof(value_numbers) / sizeof(value_numbers[0])
};

static void value_check_number(const struct value_number *row)
{
    const uint8_t byte = 0x5c;
    const uint16_t half = 0xfa;
    const uint32_t word = 0xfb, over = row->max + 1;
    const uint64_t wide = 1;
    struct value_record v;
    uint32_t got = 7;
    const int number[2] = {row->level, row->type};

    CHECK_OK(row->get(value_read(&v, number, &byte, 1), &got));
    CHECK_EQ_UINT(got, 0x5c);
    CHECK_EQ_INT(v.control.kind, row->kind);
    CHECK_OK(row->get(value_read(&v, number, &half, 2), &got));
    CHECK_EQ_UINT(got, 0xfa);
    CHECK_OK(row->get(value_read(&v, number, &word, 4), &got));
    CHECK_EQ_UINT(got, 0xfb);
    CHECK_KIND(row->get(value_read(&v, number, &wide, 8), &got), INVALID_INPUT);
    CHECK_KIND(row->get(value_read(&v, number, &wide, 3), &got), INVALID_INPUT);
    CHECK_KIND(row->get(value_read(&v, number, NULL, 0), &got), INVALID_INPUT);
    if (over != 0)
        CHECK_KIND(row->get(value_read(&v, number, &over, 4), &got),
                   INVALID_INPUT);
    CHECK_OK(row->get(value_read(&v, number, &row->max, 4), &got));
    CHECK_EQ_UINT(got, row->max);
    CHECK_KIND(row->get(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(row->get(NULL, &got), INVALID_INPUT);
    CHECK_KIND(row->get(READ(v, 4711, 42, &word, 4), &got), INVALID_INPUT);
    CHECK_EQ_UINT(got, row->max);
}

TEST(numbers_are_read_in_every_width)
{
    for (size_t i = 0; i < VALUE_NUMBERS; i++)
        value_check_number(&value_numbers[i]);
}

/* No getter takes what another kind's getter reads. */
TEST(each_getter_reads_its_kind_alone)
{
    const uint32_t word = 1;
    struct value_record v;
    uint32_t got;

    for (size_t i = 0; i < VALUE_NUMBERS; i++) {
        const struct value_number *row = &value_numbers[i];

        READ(v, row->level, row->type, &word, 4);
        for (size_t k = 0; k < VALUE_NUMBERS; k++)
            CHECK_EQ_INT(value_numbers[k].get(&v.control, &got),
                         value_numbers[k].kind == row->kind ? 0 : -EINVAL);
    }
}

TEST(numbers_are_written_as_the_kernel_wants_them)
{
    const int ttl = 33, tos = 0xb9;
    const uint16_t segment = 1200;
    const uint8_t record = 22;
    const uint64_t at = 1;
    struct value_writer v;

    CHECK_OK(libsock_control_put_hop_limit(value_writer(&v),
                                           LIBSOCK_DOMAIN_IPV4, 33));
    value_written(&v, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
    CHECK_OK(libsock_control_put_hop_limit(value_writer(&v),
                                           LIBSOCK_DOMAIN_IPV6, 33));
    value_written(&v, IPPROTO_IPV6, IPV6_HOPLIMIT, &ttl, sizeof(ttl));
    CHECK_OK(
        libsock_control_put_tos(value_writer(&v), LIBSOCK_DOMAIN_IPV4, 0xb9));
    value_written(&v, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
    CHECK_OK(
        libsock_control_put_tos(value_writer(&v), LIBSOCK_DOMAIN_IPV6, 0xb9));
    value_written(&v, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
    CHECK_OK(libsock_control_put_udp_segment(value_writer(&v), 1200));
    value_written(&v, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
    CHECK_OK(libsock_control_put_tls_record(value_writer(&v), 22));
    value_written(&v, SOL_TLS, TLS_SET_RECORD_TYPE, &record, sizeof(record));
    CHECK_OK(libsock_control_put_tx_time(value_writer(&v), 1));
    value_written(&v, SOL_SOCKET, SCM_TXTIME, &at, sizeof(at));
}

TEST(numbers_out_of_range_are_not_written)
{
    struct value_writer v;
    libsock_control_writer *w = value_writer(&v);
    const int ip4 = LIBSOCK_DOMAIN_IPV4, ip6 = LIBSOCK_DOMAIN_IPV6;

    CHECK_KIND(libsock_control_put_hop_limit(w, ip4, 0), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_hop_limit(w, ip4, 256), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_hop_limit(w, ip6, 256), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_hop_limit(w, LIBSOCK_DOMAIN_UNIX, 1),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_put_tos(w, ip4, 256), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_tos(w, ip6, 256), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_tos(w, 0, 1), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_udp_segment(w, 0), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_udp_segment(w, 65536), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_tls_record(w, 256), INVALID_INPUT);
    CHECK_EQ_UINT(libsock_control_len(w), 0);
    CHECK_OK(libsock_control_put_hop_limit(w, ip6, 0));
}

TEST(pktinfo_v4_tells_both_addresses)
{
    struct in_pktinfo native = {.ipi_ifindex = 7};
    libsock_pktinfo info;
    struct value_record v;

    native.ipi_addr.s_addr = htonl(0xe0000001);
    native.ipi_spec_dst.s_addr = htonl(0x0a000001);
    CHECK_OK(libsock_control_get_pktinfo(
        READ(v, IPPROTO_IP, IP_PKTINFO, &native, sizeof(native)), &info));
    CHECK_EQ_INT(info.domain, LIBSOCK_DOMAIN_IPV4);
    CHECK_EQ_UINT(info.ifindex, 7);
    CHECK_EQ_MEM(info.local, "\x0a\0\0\1\0\0\0\0\0\0\0\0\0\0\0", 16);
    CHECK_EQ_MEM(info.dst, "\xe0\0\0\1\0\0\0\0\0\0\0\0\0\0\0", 16);
    CHECK_KIND(libsock_control_get_pktinfo(
                   READ(v, IPPROTO_IP, IP_PKTINFO, &native, sizeof(native) - 1),
                   &info),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_get_pktinfo(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_pktinfo(NULL, &info), INVALID_INPUT);
    CHECK_EQ_UINT(info.ifindex, 7);
}

/* As Apple does: the address in the packet, and no other. */
TEST(pktinfo_v4_without_an_own_address_takes_the_packets)
{
    static const uint32_t dst[] = {0x0a000001, 0xe0000001, 0xffffffff};
    libsock_pktinfo info;
    struct value_record v;

    for (size_t i = 0; i < 3; i++) {
        struct in_pktinfo native = {.ipi_ifindex = 1};

        native.ipi_addr.s_addr = htonl(dst[i]);
        CHECK_OK(libsock_control_get_pktinfo(
            READ(v, IPPROTO_IP, IP_PKTINFO, &native, sizeof(native)), &info));
        CHECK_EQ_MEM(info.dst, &native.ipi_addr, 4);
        CHECK_EQ_MEM(info.local, i == 0 ? info.dst : (const uint8_t[4]){0}, 4);
    }
}

TEST(pktinfo_v6_has_no_own_address_for_groups)
{
    static const uint8_t dst[][16] = {
        {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
        {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 239, 0, 0, 1}};
    libsock_pktinfo info;
    struct value_record v;

    for (size_t i = 0; i < 4; i++) {
        struct in6_pktinfo native = {.ipi6_ifindex = 9};

        memcpy(&native.ipi6_addr, dst[i], 16);
        CHECK_OK(libsock_control_get_pktinfo(
            READ(v, IPPROTO_IPV6, IPV6_PKTINFO, &native, sizeof(native)),
            &info));
        CHECK_EQ_INT(info.domain, LIBSOCK_DOMAIN_IPV6);
        CHECK_EQ_UINT(info.ifindex, 9);
        CHECK_EQ_MEM(info.dst, dst[i], 16);
        CHECK_EQ_MEM(info.local, i % 2 == 0 ? dst[i] : (const uint8_t[16]){0},
                     16);
    }
    CHECK_KIND(libsock_control_get_pktinfo(READ(v, IPPROTO_IPV6, IPV6_PKTINFO,
                                                dst, sizeof(struct in_pktinfo)),
                                           &info),
               INVALID_INPUT);
}

TEST(pktinfo_is_written_as_the_os_has_it)
{
    struct in_pktinfo v4 = {.ipi_ifindex = 3};
    struct in6_pktinfo v6 = {.ipi6_ifindex = 3};
    libsock_pktinfo info = {.domain = LIBSOCK_DOMAIN_IPV4, .ifindex = 3};
    struct value_writer v;

    memcpy(info.local, "\x7f\0\0\2", 4);
    memcpy(info.dst, "\xff\xff\xff\xff", 4); /* not used */
    v4.ipi_spec_dst.s_addr = htonl(0x7f000002);
    CHECK_OK(libsock_control_put_pktinfo(value_writer(&v), &info));
    value_written(&v, IPPROTO_IP, IP_PKTINFO, &v4, sizeof(v4));
    v4.ipi_ifindex = 0;
    CHECK_OK(libsock_control_put_source(value_writer(&v), &info));
    value_written(&v, IPPROTO_IP, IP_PKTINFO, &v4, sizeof(v4));
    info.domain = LIBSOCK_DOMAIN_IPV6;
    memcpy(&v6.ipi6_addr, info.local, 16);
    CHECK_OK(libsock_control_put_pktinfo(value_writer(&v), &info));
    value_written(&v, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof(v6));
    v6.ipi6_ifindex = 0;
    CHECK_OK(libsock_control_put_source(value_writer(&v), &info));
    value_written(&v, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof(v6));
}

TEST(a_source_keeps_the_interface_that_it_needs)
{
    static const struct {
        int domain;
        uint8_t local[16];
    } rows[] = {
        {LIBSOCK_DOMAIN_IPV4, {0}},
        {LIBSOCK_DOMAIN_IPV4, {169, 254, 1, 1}},
        {LIBSOCK_DOMAIN_IPV6, {0}},
        {LIBSOCK_DOMAIN_IPV6, {0xfe, 0x80, 1}},
        {LIBSOCK_DOMAIN_IPV6, {0xfe, 0xbf, 1}},
        {LIBSOCK_DOMAIN_IPV6, {[10] = 0xff, 0xff, 169, 254, 1, 1}},
        {LIBSOCK_DOMAIN_IPV6, {[10] = 0xff, 0xff}},
    };
    struct value_writer v;
    libsock_pktinfo got;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        libsock_pktinfo info = {.domain = rows[i].domain, .ifindex = 5};
        libsock_control_reader reader;
        libsock_control c;

        memcpy(info.local, rows[i].local, 16);
        CHECK_OK(libsock_control_put_source(value_writer(&v), &info));
        CHECK_OK(libsock_control_reader_over(&reader, v.room,
                                             libsock_control_len(&v.w)));
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
        CHECK_OK(libsock_control_get_pktinfo(&c, &got));
        CHECK_EQ_UINT(got.ifindex, 5);
    }
}

/* FreeBSD tells no interface: asked by a group there it knows neither. */
TEST(a_source_that_says_nothing_is_not_written)
{
    const int domains[] = {LIBSOCK_DOMAIN_IPV4, LIBSOCK_DOMAIN_IPV6};
    struct value_writer v;

    for (size_t i = 0; i < 2; i++) {
        libsock_pktinfo info = {.domain = domains[i]};

        memset(info.dst, 0xe0, sizeof(info.dst));
        CHECK_OK(libsock_control_put_pktinfo(value_writer(&v), &info));
        CHECK_EQ_UINT(libsock_control_len(&v.w), 0);
        CHECK_OK(libsock_control_put_source(&v.w, &info));
        CHECK_EQ_UINT(libsock_control_len(&v.w), 0);
        CHECK_KIND(libsock_control_put_pktinfo(NULL, &info), INVALID_INPUT);
        info.local[3] = 1;
        CHECK_OK(libsock_control_put_pktinfo(&v.w, &info));
        CHECK_UINT(libsock_control_len(&v.w), >, 0);
    }
}

TEST(pktinfo_out_of_range_is_not_written)
{
    libsock_pktinfo info = {.domain = LIBSOCK_DOMAIN_IPV4,
                            .ifindex = (uint32_t)INT_MAX + 1};
    struct value_writer v;
    libsock_control_writer *w = value_writer(&v);

    CHECK_KIND(libsock_control_put_pktinfo(w, &info), INVALID_INPUT);
    info.domain = LIBSOCK_DOMAIN_UNIX;
    CHECK_KIND(libsock_control_put_pktinfo(w, &info), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_source(w, &info), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_pktinfo(w, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_source(w, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(libsock_control_len(w), 0);
}

TEST(the_original_destination_is_an_address)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(80)};
    libsock_addr addr;
    struct value_record v;

    CHECK_OK(libsock_control_get_original_dst(
        READ(v, IPPROTO_IP, IP_ORIGDSTADDR, &v4, sizeof(v4)), &addr));
    CHECK_EQ_INT(libsock_addr_port(&addr), 80);
    CHECK_OK(libsock_control_get_original_dst(
        READ(v, IPPROTO_IPV6, IPV6_ORIGDSTADDR, &v6, sizeof(v6)), &addr));
    CHECK_EQ_INT(libsock_addr_port(&addr), 443);
    CHECK_EQ_UINT(libsock_addr_raw_len(&addr), sizeof(v6));
    CHECK_KIND(libsock_control_get_original_dst(
                   READ(v, IPPROTO_IPV6, IPV6_ORIGDSTADDR, &v6, 8), &addr),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_get_original_dst(NULL, &addr), INVALID_INPUT);
}

TEST(descriptors_are_counted_whole)
{
    const int fds[3] = {3, 4, 1000};
    struct value_record v;
    libsock_raw fd = 7;

    CHECK_EQ_UINT(libsock_control_fd_count(
                      READ(v, SOL_SOCKET, SCM_RIGHTS, fds, sizeof(fds))),
                  3);
    CHECK_OK(libsock_control_get_fd(&v.control, 2, &fd));
    CHECK_EQ_INT(fd, 1000);
    CHECK_KIND(libsock_control_get_fd(&v.control, 3, &fd), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_fd(&v.control, SIZE_MAX, &fd),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_get_fd(&v.control, 0, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(
        libsock_control_fd_count(READ(v, SOL_SOCKET, SCM_RIGHTS, fds, 7)), 1);
    CHECK_EQ_UINT(
        libsock_control_fd_count(READ(v, SOL_SOCKET, SCM_RIGHTS, fds, 3)), 0);
    CHECK_EQ_UINT(libsock_control_fd_count(READ(v, 4711, 42, fds, 8)), 0);
    CHECK_EQ_UINT(libsock_control_fd_count(NULL), 0);
    CHECK_EQ_INT(fd, 1000);
}

TEST(descriptors_are_written_as_ints)
{
    const libsock_raw fds[3] = {5, 6, INT_MAX};
    const int native[3] = {5, 6, INT_MAX};
    libsock_raw bad[2] = {5, -1};
    struct value_writer v;
    libsock_control_writer *w = value_writer(&v);

    CHECK_OK(libsock_control_put_fds(w, fds, 3));
    value_written(&v, SOL_SOCKET, SCM_RIGHTS, native, sizeof(native));
    w = value_writer(&v);
    CHECK_KIND(libsock_control_put_fds(w, bad, 2), BAD_DESCRIPTOR);
    if (sizeof(libsock_raw) > sizeof(int)) {
        bad[1] = (libsock_raw)((uint64_t)1 << 32);
        CHECK_KIND(libsock_control_put_fds(w, bad, 2), BAD_DESCRIPTOR);
    }
    CHECK_KIND(libsock_control_put_fds(w, fds, 0), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_fds(w, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_fds(NULL, fds, 1), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_fds(w, fds, SIZE_MAX), INVALID_INPUT);
    CHECK_KIND(libsock_control_put_fds(w, fds, 1000), NO_BUFFERS);
    CHECK_EQ_UINT(libsock_control_len(w), 0);
}

TEST(credentials_both_ways)
{
    struct ucred native = {.pid = 12, .uid = 34, .gid = 56};
    libsock_cred cred = {12, 34, 56};
    struct value_writer w;
    struct value_record v;

    CHECK_OK(libsock_control_put_cred(value_writer(&w), &cred));
    value_written(&w, SOL_SOCKET, SCM_CREDENTIALS, &native, sizeof(native));
    CHECK_KIND(libsock_control_put_cred(&w.w, NULL), INVALID_INPUT);
    memset(&cred, 0, sizeof(cred));
    CHECK_OK(libsock_control_get_cred(
        READ(v, SOL_SOCKET, SCM_CREDENTIALS, &native, sizeof(native)), &cred));
    CHECK_EQ_INT(cred.pid, 12);
    CHECK_EQ_UINT(cred.uid, 34);
    CHECK_EQ_UINT(cred.gid, 56);
    CHECK_KIND(libsock_control_get_cred(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_cred(
                   READ(v, SOL_SOCKET, SCM_CREDENTIALS, &native, 8), &cred),
               INVALID_INPUT);
    native.pid = 0;
    CHECK_OK(libsock_control_get_cred(
        READ(v, SOL_SOCKET, SCM_CREDENTIALS, &native, sizeof(native)), &cred));
    CHECK_EQ_INT(cred.pid, -1);
}

TEST(a_pidfd_or_the_reason_why_not)
{
    int fd = 9;
    libsock_raw got = 0;
    struct value_record v;

    CHECK_OK(libsock_control_get_pidfd(
        READ(v, SOL_SOCKET, SCM_PIDFD, &fd, sizeof(fd)), &got));
    CHECK_EQ_INT(got, 9);
    fd = -ESRCH;
    CHECK_ERR(libsock_control_get_pidfd(
                  READ(v, SOL_SOCKET, SCM_PIDFD, &fd, sizeof(fd)), &got),
              ESRCH);
    CHECK_KIND(libsock_control_get_pidfd(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(
        libsock_control_get_pidfd(READ(v, SOL_SOCKET, SCM_PIDFD, &fd, 2), &got),
        INVALID_INPUT);
    CHECK_EQ_INT(got, 9);
    CHECK_EQ_INT(READ(v, SOL_SOCKET, SCM_SECURITY, "label", 5)->kind,
                 LIBSOCK_CONTROL_SECURITY);
    CHECK_EQ_INT(READ(v, SOL_SOCKET, SCM_TXTIME, &fd, 4)->kind,
                 LIBSOCK_CONTROL_TX_TIME);
}

TEST(priority_mark_and_pieces_are_numbers)
{
    uint32_t native = 0x80000001;
    uint32_t got = 0;
    int size = 1500;
    struct value_writer w;
    struct value_record v;

    CHECK_OK(libsock_control_put_priority(value_writer(&w), native));
    value_written(&w, SOL_SOCKET, SO_PRIORITY, &native, sizeof(native));
    CHECK_OK(libsock_control_put_mark(value_writer(&w), native));
    value_written(&w, SOL_SOCKET, SO_MARK, &native, sizeof(native));
    CHECK_OK(libsock_control_get_priority(
        READ(v, SOL_SOCKET, SO_PRIORITY, &native, 4), &got));
    CHECK_EQ_UINT(got, native);
    CHECK_KIND(libsock_control_get_mark(&v.control, &got), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_priority(&v.control, NULL), INVALID_INPUT);
    CHECK_OK(libsock_control_get_mark(READ(v, SOL_SOCKET, SO_MARK, &native, 4),
                                      &got));
    CHECK_KIND(libsock_control_get_mark(
                   READ(v, SOL_SOCKET, SO_MARK, &native, 3), &got),
               INVALID_INPUT);
    CHECK_OK(libsock_control_get_fragment_size(
        READ(v, IPPROTO_IP, 25, &size, sizeof(size)), &got));
    CHECK_EQ_UINT(got, 1500);
    CHECK_OK(libsock_control_get_fragment_size(
        READ(v, IPPROTO_IPV6, 77, &size, sizeof(size)), &got));
    size = -1;
    CHECK_KIND(libsock_control_get_fragment_size(
                   READ(v, IPPROTO_IPV6, 77, &size, sizeof(size)), &got),
               INVALID_INPUT);
    CHECK_EQ_UINT(got, 1500);
}

/* In network order whatever the machine, and beside the class. */
TEST(a_flow_label_is_20_bits_in_network_order)
{
    const unsigned char label[4] = {0x00, 0x0a, 0xbc, 0xde};
    const unsigned char all[8] = {0x0b, 0xba, 0xbc, 0xde};
    uint32_t got = 0;
    struct value_writer w;
    struct value_record v;

    CHECK_OK(libsock_control_put_flow_label(value_writer(&w), 0xabcde));
    value_written(&w, IPPROTO_IPV6, 11, label, sizeof(label));
    CHECK_OK(libsock_control_get_flow_label(READ(v, IPPROTO_IPV6, 11, all, 4),
                                            &got));
    CHECK_EQ_UINT(got, 0xabcde);
    CHECK_KIND(libsock_control_get_flow_label(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(
        libsock_control_get_flow_label(READ(v, IPPROTO_IPV6, 11, all, 8), &got),
        INVALID_INPUT);
    CHECK_KIND(libsock_control_put_flow_label(NULL, 1), INVALID_INPUT);
}
