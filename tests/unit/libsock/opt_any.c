/* SPDX-License-Identifier: MIT */
/*
 * Reading any row as a tagged value says what the row's own function says.
 * What the options do to a socket is not tested here.
 * Nothing is guarded.
 */
#include "opt_list.h"

#include "opt_support.h"
#include "support/fault.h"

/* What a row said as a tagged value; compare() holds its function to it. */
struct both {
    libsock_socket sock;
    const char *name;
    libsock_opt_value any;
    int r; /* of libsock_opt_get_value() */
};

static struct both read_row(libsock_socket sock, const char *name)
{
    struct both both = {.sock = sock, .name = name};
    libsock_opt_info info;
    size_t i;

    memset(&both.any, 0xee, sizeof(both.any));
    CHECK_OK(libsock_opt_find(name, &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    both.r = libsock_opt_get_value(sock, i, &both.any);
    if (both.r >= 0)
        CHECK_EQ_INT(both.any.kind, info.kind);
    else
        CHECK_EQ_UINT(both.any.len, 0xeeeeeeee);
    return both;
}

static unsigned agreed;

static void compare(const struct both *both, ptrdiff_t r, bool same)
{
    if ((r < 0 ? r : 0) != both->r)
        check_fail(__FILE__, __LINE__, "%s: %d by one, %d by the other",
                   both->name, (int)r, both->r);
    if (r >= 0 && !same)
        check_fail(__FILE__, __LINE__, "%s: two values", both->name);
    agreed += r >= 0;
}

static void same_bool(const struct both *both,
                      int (*get)(libsock_socket, bool *))
{
    bool value = false;
    int r = get(both->sock, &value);

    /* What was not written is no bool. */
    compare(both, r, both->r < 0 || value == both->any.as.boolean);
}

static void same_int(const struct both *both, int (*get)(libsock_socket, int *))
{
    int value = 0;
    int r = get(both->sock, &value);

    compare(both, r, value == both->any.as.number);
}

static void same_uint(const struct both *both,
                      int (*get)(libsock_socket, uint32_t *))
{
    uint32_t value = 0;
    int r = get(both->sock, &value);

    compare(both, r, value == both->any.as.amount);
}

static void same_size(const struct both *both,
                      int (*get)(libsock_socket, size_t *))
{
    size_t value = 0;
    int r = get(both->sock, &value);

    compare(both, r, value == both->any.as.amount);
}

static void same_u64(const struct both *both,
                     int (*get)(libsock_socket, uint64_t *))
{
    uint64_t value = 0;
    int r = get(both->sock, &value);

    compare(both, r, value == both->any.as.amount);
}

static void same_text(const struct both *both,
                      ptrdiff_t (*get)(libsock_socket, char *, size_t))
{
    char text[LIBSOCK_OPT_TEXT_SIZE] = {0};
    ptrdiff_t n = get(both->sock, text, sizeof(text));

    compare(both, n,
            strcmp(text, both->any.as.text) == 0 &&
                n == (ptrdiff_t)both->any.len);
}

static void same_addr(const struct both *both,
                      int (*get)(libsock_socket, libsock_addr *))
{
    libsock_addr addr;
    int r = get(both->sock, &addr);

    compare(both, r, r < 0 || libsock_addr_equal(&addr, &both->any.as.addr));
}

static void same_ipv4(const struct both *both,
                      int (*get)(libsock_socket, uint8_t *))
{
    uint8_t octets[4] = {0};
    int r = get(both->sock, octets);

    compare(both, r, memcmp(octets, both->any.as.octets, 4) == 0);
}

static void same_bytes(const struct both *both,
                       ptrdiff_t (*get)(libsock_socket, void *, size_t))
{
    uint8_t bytes[LIBSOCK_OPT_BYTES_SIZE];
    ptrdiff_t n = get(both->sock, bytes, sizeof(bytes));

    compare(both, n,
            n < 0 || (n == (ptrdiff_t)both->any.len &&
                      memcmp(bytes, both->any.as.bytes, (size_t)n) == 0));
}

/* A structure of the row's own. */
#define SAME_AS(row, type, member)                                            \
 static void same_##row(const struct both *both)                              \
 {                                                                            \
  type value;                                                                 \
  int r = libsock_get_##row(both->sock, &value);                              \
                                                                              \
  compare(both, r,                                                            \
          r < 0 || memcmp(&value, &both->any.as.member, sizeof(value)) == 0); \
 }
SAME_AS(icmp_filter_v6, libsock_icmp_filter, icmp_filter)
SAME_AS(packet_fanout, libsock_packet_fanout, fanout)
SAME_AS(sctp_init, libsock_sctp_init, sctp_init)
SAME_AS(txtime, libsock_txtime, txtime)

static void same_local_port_range(const struct both *both)
{
    uint16_t low = 0;
    uint16_t high = 0;
    int r = libsock_get_local_port_range(both->sock, &low, &high);

    compare(both, r,
            low == both->any.as.ports.low && high == both->any.as.ports.high);
}

static void same_tcp_info(const struct both *both)
{
    libsock_tcp_info info;
    int r = libsock_get_tcp_info(both->sock, sizeof(info), &info);

    compare(both, r,
            r < 0 || (info.valid == both->any.as.tcp_info.valid &&
                      info.state == both->any.as.tcp_info.state &&
                      info.pmtu == both->any.as.tcp_info.pmtu));
}

static void same_mptcp_info(const struct both *both)
{
    libsock_mptcp_info info;
    int r = libsock_get_mptcp_info(both->sock, sizeof(info), &info);

    compare(both, r,
            r < 0 ||
                memcmp(&info, &both->any.as.mptcp_info, sizeof(info)) == 0);
}

#define SAME_BOOL(name)     same_bool(&both, libsock_get_##name)
#define SAME_BOOL8(name)    same_bool(&both, libsock_get_##name)
#define SAME_INT(name)      same_int(&both, libsock_get_##name)
#define SAME_DOMAIN(name)   same_int(&both, libsock_get_##name)
#define SAME_TYPE(name)     same_int(&both, libsock_get_##name)
#define SAME_UINT(name)     same_uint(&both, libsock_get_##name)
#define SAME_UINT8(name)    same_uint(&both, libsock_get_##name)
#define SAME_SIZE(name)     same_size(&both, libsock_get_##name)
#define SAME_U64(name)      same_u64(&both, libsock_get_##name)
#define SAME_DURATION(name) same_u64(&both, libsock_get_##name)
#define SAME_TIMEOUT(name)  same_u64(&both, libsock_get_##name)
#define SAME_TIMEVAL(name)  same_u64(&both, libsock_get_##name)
#define SAME_LINGER(name)   same_u64(&both, libsock_get_##name)
#define SAME_TEXT(name)     same_text(&both, libsock_get_##name)
#define SAME_ACCEPT(name)   SAME_TEXT(name)
#define SAME_ADDR(name)     same_addr(&both, libsock_get_##name)
#define SAME_BOOLDF(name)   same_bool(&both, libsock_get_##name)
#define SAME_UINTN(name)    same_uint(&both, libsock_get_##name)
#define SAME_UINT0(name)    same_uint(&both, libsock_get_##name)
#define SAME_RATE(name)     same_u64(&both, libsock_get_##name)
#define SAME_SPAN(name)     same_u64(&both, libsock_get_##name)
#define SAME_BYTES(name)    same_bytes(&both, libsock_get_##name)
#define SAME_STRUCT(name)   same_##name(&both)
#define SAME_IPV4(name)     same_ipv4(&both, libsock_get_##name)

#define CHECK_RW(kind, name)   SAME_##kind(name)
#define CHECK_GET(kind, name)  SAME_##kind(name)
#define CHECK_TAKE(kind, name) SAME_##kind(name)
#define CHECK_SET(kind, name)  CHECK_ERR(both.r, EINVAL)
#define CHECK_CALL(kind, name) CHECK_ERR(both.r, EINVAL)

#define ROW(name, level, constant, kind, access, unit, min, max, scope) \
 static void row_##name(libsock_socket sock)                            \
 {                                                                      \
  struct both both = read_row(sock, #name);                             \
                                                                        \
  CHECK_##access(kind, name);                                           \
 }
LIBSOCK__OPT_LIST(ROW)
#undef ROW

static void (*const rows[])(libsock_socket) = {
#define ROW(name, level, constant, kind, access, unit, min, max, scope) \
 row_##name,
    LIBSOCK__OPT_LIST(ROW)
#undef ROW
};

static void compare_all(enum sort sort, unsigned least)
{
    int fd = open_sort(sort);

    if (fd < 0)
        SKIP("no such socket here");
    agreed = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        rows[i](sock_of(fd));
    printf("# %u values\n", agreed);
    CHECK_UINT(agreed, >=, least);
    close(fd);
}

/* The least number of values keeps a test from passing because both ways fail
 * on every row. */
TEST(each_row_of_tcp_reads_as_its_function)
{
    compare_all(TCP4, 60);
}

TEST(each_row_of_udp_over_ipv6_reads_as_its_function)
{
    compare_all(UDP6, 40);
}

TEST(each_row_of_raw_ipv6_reads_as_its_function)
{
    compare_all(RAW6, 40);
}

TEST(each_row_of_packets_reads_as_its_function)
{
    compare_all(PACKETS, 20);
}

TEST(each_row_of_unix_reads_as_its_function)
{
    compare_all(LOCAL, 20);
}

static libsock_opt_value value_of(int fd, const char *name)
{
    libsock_opt_value value;
    size_t i;

    memset(&value, 0xee, sizeof(value));
    CHECK_OK(libsock_opt_find(name, &i));
    CHECK_OK(libsock_opt_get_value(sock_of(fd), i, &value));
    return value;
}

/* What the kernel itself was told, without the library. */
TEST(values_are_what_was_set)
{
    int fd = open_sort(TCP4);
    struct linger linger = {1, 7};
    int on = 1;
    libsock_opt_value value;

    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) == 0);
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4) == 0);
    value = value_of(fd, "tcp_nodelay");
    CHECK_EQ_INT(value.kind, LIBSOCK_OPT_KIND_BOOL);
    CHECK(value.as.boolean);
    value = value_of(fd, "linger");
    CHECK_EQ_INT(value.kind, LIBSOCK_OPT_KIND_DURATION);
    CHECK_EQ_UINT(value.as.amount, 7 * NS_PER_S);
    value = value_of(fd, "tcp_congestion");
    CHECK_EQ_INT(value.kind, LIBSOCK_OPT_KIND_TEXT);
    CHECK_EQ_STR(value.as.text, "reno");
    CHECK_EQ_UINT(value.len, 4);
    value = value_of(fd, "read_timeout");
    CHECK_EQ_UINT(value.as.amount, LIBSOCK_NO_TIMEOUT);
    value = value_of(fd, "domain");
    CHECK_EQ_INT(value.as.number, LIBSOCK_DOMAIN_IPV4);
    value = value_of(fd, "type");
    CHECK_EQ_INT(value.as.number, LIBSOCK_TYPE_STREAM);
    value = value_of(fd, "recv_buffer_size");
    CHECK_EQ_UINT(value.as.amount, raw_int(fd, SOL_SOCKET, SO_RCVBUF));
    close(fd);
}

TEST(what_a_kind_does_not_name_is_zero)
{
    static const unsigned char zeros[sizeof(libsock_opt_value)];
    int fd = open_sort(TCP4);
    libsock_opt_value value = value_of(fd, "tcp_nodelay");

    CHECK(!value.as.boolean);
    value.kind = 0;
    CHECK_EQ_MEM(&value, zeros, sizeof(value));
    close(fd);
}

TEST(reading_is_one_call_and_refusals_are_none)
{
    libsock_opt_value value;
    int fd = open_sort(TCP4);
    size_t i;

    CHECK_OK(libsock_opt_find("tcp_nodelay", &i));
    fault_reset();
    CHECK_OK(libsock_opt_get_value(sock_of(fd), i, &value));
    CHECK_EQ_UINT(fault_calls(), 1);
    fault_reset();
    CHECK_ERR(libsock_opt_get_value(sock_of(fd), i, NULL), EINVAL);
    CHECK_ERR(libsock_opt_get_value(sock_of(fd), libsock_opt_count(), &value),
              EINVAL);
    CHECK_ERR(libsock_opt_get_value(sock_of(fd), SIZE_MAX, &value), EINVAL);
    CHECK_OK(libsock_opt_find("detach_filter", &i));
    CHECK_ERR(libsock_opt_get_value(sock_of(fd), i, &value), EINVAL);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_OK(libsock_opt_find("keepalive", &i));
    CHECK_ERR(libsock_opt_get_value(sock_of(-1), i, &value), EBADF);
    close(fd);
}
