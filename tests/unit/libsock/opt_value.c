/* SPDX-License-Identifier: MIT */
/*
 * Setting any row by a tagged value does what the row's own function does.
 * Reading is tested in opt_any.c, texts in opt_text.c, what the options do to a
 * socket where they are. Nothing is guarded.
 */
#include "opt_list.h"

#include "opt_support.h"
#include "support/fault.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t row_of(const char *name)
{
    size_t i = 0;

    CHECK_OK(libsock_opt_find(name, &i));
    return i;
}

/* Two fresh sockets alike: one is set by the row's function, one by value. */
struct twins {
    size_t row;
    libsock_opt_info info;
    int by_name;
    int by_value;
};

static unsigned agreed; /* settings that were accepted */

/* What the kernel holds, in its own bytes. */
static ptrdiff_t native_of(const struct twins *twins, int fd,
                           unsigned char *bytes, size_t cap)
{
    socklen_t len = (socklen_t)cap;

    memset(bytes, 0, cap);
    return getsockopt(fd, twins->info.level, twins->info.native, bytes, &len) ==
                   0
               ? (ptrdiff_t)len
               : -errno;
}

static void same(const struct twins *twins, int r, int s)
{
    unsigned char one[256];
    unsigned char other[256];
    ptrdiff_t n = native_of(twins, twins->by_name, one, sizeof(one));
    ptrdiff_t m = native_of(twins, twins->by_value, other, sizeof(other));

    if (r != s || n != m || memcmp(one, other, sizeof(one)) != 0)
        check_fail(__FILE__, __LINE__, "%s: %d by its function, %d by value",
                   twins->info.name, r, s);
    agreed += r >= 0;
}

static int set_value(const struct twins *twins, const libsock_opt_value *value)
{
    libsock_opt_value whole = *value;

    whole.kind = twins->info.kind;
    return libsock_opt_set_value(sock_of(twins->by_value), twins->row, &whole);
}

static void twins_bool(const struct twins *twins,
                       int (*set)(libsock_socket, bool))
{
    for (int on = 1; on >= 0; on--) {
        libsock_opt_value value = {.as.boolean = on != 0};

        same(twins, set(sock_of(twins->by_name), on != 0),
             set_value(twins, &value));
    }
}

static void twins_int(const struct twins *twins,
                      int (*set)(libsock_socket, int))
{
    static const int numbers[] = {INT32_MIN, -2, -1, 0, 1, 3, 70000, INT32_MAX};

    for (size_t i = 0; i < COUNT(numbers); i++) {
        libsock_opt_value value = {.as.number = numbers[i]};

        same(twins, set(sock_of(twins->by_name), numbers[i]),
             set_value(twins, &value));
    }
}

static const uint64_t amounts[] = {0,
                                   1,
                                   3,
                                   8,
                                   42,
                                   128,
                                   255,
                                   256,
                                   1500,
                                   4096,
                                   65535,
                                   65536,
                                   INT32_MAX,
                                   (uint64_t)INT32_MAX + 1,
                                   UINT32_MAX,
                                   (uint64_t)UINT32_MAX + 8,
                                   NS_PER_S,
                                   NS_PER_S + 1,
                                   77 * NS_PER_S,
                                   INT64_MAX,
                                   UINT64_MAX};

static void twins_uint(const struct twins *twins,
                       int (*set)(libsock_socket, uint32_t))
{
    for (size_t i = 0; i < COUNT(amounts); i++) {
        libsock_opt_value value = {.as.amount = amounts[i]};

        if (amounts[i] <= UINT32_MAX)
            same(twins, set(sock_of(twins->by_name), (uint32_t)amounts[i]),
                 set_value(twins, &value));
        else
            CHECK_ERR(set_value(twins, &value), EINVAL);
    }
}

static void twins_size(const struct twins *twins,
                       int (*set)(libsock_socket, size_t))
{
    for (size_t i = 0; i < COUNT(amounts); i++) {
        libsock_opt_value value = {.as.amount = amounts[i]};

        if (amounts[i] <= SIZE_MAX)
            same(twins, set(sock_of(twins->by_name), (size_t)amounts[i]),
                 set_value(twins, &value));
        else
            CHECK_ERR(set_value(twins, &value), EINVAL);
    }
}

static void twins_u64(const struct twins *twins,
                      int (*set)(libsock_socket, uint64_t))
{
    for (size_t i = 0; i < COUNT(amounts); i++) {
        libsock_opt_value value = {.as.amount = amounts[i]};

        same(twins, set(sock_of(twins->by_name), amounts[i]),
             set_value(twins, &value));
    }
}

static void twins_text(const struct twins *twins,
                       int (*set)(libsock_socket, const char *, size_t))
{
    static const char *const texts[] = {"lo", "reno", "", "no\nsuch",
                                        "a_name_of_more_than_15"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        libsock_opt_value value = {.len = (uint32_t)strlen(texts[i])};

        memcpy(value.as.text, texts[i], value.len);
        same(twins, set(sock_of(twins->by_name), texts[i], strlen(texts[i])),
             set_value(twins, &value));
    }
}

static void twins_ipv4(const struct twins *twins,
                       int (*set)(libsock_socket, const uint8_t *))
{
    libsock_opt_value value = {.as.octets = {127, 0, 0, 1}};

    same(twins, set(sock_of(twins->by_name), value.as.octets),
         set_value(twins, &value));
}

static void twins_local_port_range(const struct twins *twins)
{
    static const libsock_port_range ranges[] = {{40000, 41000}, {5, 4}, {0, 0}};

    for (size_t i = 0; i < COUNT(ranges); i++) {
        libsock_opt_value value = {.as.ports = ranges[i]};

        same(twins,
             libsock_set_local_port_range(sock_of(twins->by_name),
                                          ranges[i].low, ranges[i].high),
             set_value(twins, &value));
    }
}

/* One structure that is taken, on the right socket, and one that is not. */
#define TWINS_OF(row, member, good, bad)                                  \
 static void twins_##row(const struct twins *twins)                       \
 {                                                                        \
  const libsock_opt_value values[] = {{.as.member = good},                \
                                      {.as.member = bad}};                \
                                                                          \
  for (size_t i = 0; i < COUNT(values); i++)                              \
   same(twins,                                                            \
        libsock_set_##row(sock_of(twins->by_name), &values[i].as.member), \
        set_value(twins, &values[i]));                                    \
 }
#define THESE(...) \
 {                 \
  __VA_ARGS__      \
 }
TWINS_OF(icmp_filter_v6, icmp_filter, THESE({1, 0, 0, 7, 0, 0, 0, 9}),
         THESE({0}))
TWINS_OF(sctp_init, sctp_init, THESE(5, 7, 3, 100000000), THESE(0, 0, 0, 0))
TWINS_OF(txtime, txtime, THESE(LIBSOCK_CLOCK_MONOTONIC, LIBSOCK_TXTIME_REPORT),
         THESE(LIBSOCK_CLOCK_MONOTONIC, 0x800))

/* Binding tells which packets a socket of this family gets: all of them. */
static void twins_packet_fanout(const struct twins *twins)
{
    static const libsock_packet_fanout fanouts[] = {{7, 99, 0}, {7, 0, 0}};
    struct sockaddr_ll all = {.sll_family = AF_PACKET,
                              .sll_protocol = htons(0x0003)};

    (void)bind(twins->by_name, (struct sockaddr *)&all, sizeof(all));
    (void)bind(twins->by_value, (struct sockaddr *)&all, sizeof(all));
    for (size_t i = 0; i < COUNT(fanouts); i++) {
        libsock_opt_value value = {.as.fanout = fanouts[i]};

        same(twins,
             libsock_set_packet_fanout(sock_of(twins->by_name), &fanouts[i]),
             set_value(twins, &value));
    }
}

static void twins_tcp_md5(const struct twins *twins)
{
    libsock_opt_value value = {.as.md5 = {.key = "key", .key_len = 3}};

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &value.as.md5.peer));
    for (value.as.md5.prefix_len = 32; value.as.md5.prefix_len < 34;
         value.as.md5.prefix_len++)
        same(twins, libsock_set_tcp_md5(sock_of(twins->by_name), &value.as.md5),
             set_value(twins, &value));
}

#define TWINS_BOOL(name)     twins_bool(twins, libsock_set_##name)
#define TWINS_BOOL8(name)    TWINS_BOOL(name)
#define TWINS_BOOLDF(name)   TWINS_BOOL(name)
#define TWINS_INT(name)      twins_int(twins, libsock_set_##name)
#define TWINS_UINT(name)     twins_uint(twins, libsock_set_##name)
#define TWINS_UINT8(name)    TWINS_UINT(name)
#define TWINS_UINTN(name)    TWINS_UINT(name)
#define TWINS_UINT0(name)    TWINS_UINT(name)
#define TWINS_IF4(name)      TWINS_UINT(name)
#define TWINS_SIZE(name)     twins_size(twins, libsock_set_##name)
#define TWINS_U64(name)      twins_u64(twins, libsock_set_##name)
#define TWINS_RATE(name)     TWINS_U64(name)
#define TWINS_DURATION(name) TWINS_U64(name)
#define TWINS_TIMEOUT(name)  TWINS_U64(name)
#define TWINS_TIMEVAL(name)  TWINS_U64(name)
#define TWINS_LINGER(name)   TWINS_U64(name)
#define TWINS_SPAN(name)     TWINS_U64(name)
#define TWINS_TEXT(name)     twins_text(twins, libsock_set_##name)
#define TWINS_ACCEPT(name)   TWINS_TEXT(name)
#define TWINS_IPV4(name)     twins_ipv4(twins, libsock_set_##name)
#define TWINS_STRUCT(name)   twins_##name(twins)

#define CHECK_RW(kind, name)   TWINS_##kind(name)
#define CHECK_SET(kind, name)  TWINS_##kind(name)
#define CHECK_GET(kind, name)  refused(twins)
#define CHECK_TAKE(kind, name) refused(twins)
#define CHECK_CALL(kind, name) refused(twins)

/* A row that no value sets. */
static void refused(const struct twins *twins)
{
    const libsock_opt_value value = {.len = 0};

    fault_reset();
    CHECK_ERR(set_value(twins, &value), EINVAL);
    CHECK_EQ_UINT(fault_calls(), 0);
}

#define ROW(name, level, constant, kind, access, unit, min, max, scope) \
 static void row_##name(const struct twins *twins)                      \
 {                                                                      \
  CHECK_##access(kind, name);                                           \
 }
LIBSOCK__OPT_LIST(ROW)
#undef ROW

static void (*const rows[])(const struct twins *) = {
#define ROW(name, level, constant, kind, access, unit, min, max, scope) \
 row_##name,
    LIBSOCK__OPT_LIST(ROW)
#undef ROW
};

static void set_all(enum sort sort, unsigned least)
{
    agreed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twins twins = {.row = i};

        CHECK_OK(libsock_opt_info_at(i, &twins.info));
        /* Closing one takes the kernel a while. */
        if (sort == PACKETS && twins.info.domain != LIBSOCK_DOMAIN_PACKET)
            continue;
        twins.by_name = open_sort(sort);
        twins.by_value = open_sort(sort);
        if (twins.by_name < 0)
            SKIP("no such socket here");
        rows[i](&twins);
        close(twins.by_name);
        close(twins.by_value);
    }
    printf("# %u settings\n", agreed);
    CHECK_UINT(agreed, >=, least);
}

/* The least number of settings keeps a test from passing because both ways
 * fail on every row. */
TEST(each_row_of_tcp_is_set_as_by_its_function)
{
    set_all(TCP4, 250);
}

TEST(each_row_of_udp_over_ipv6_is_set_as_by_its_function)
{
    set_all(UDP6, 250);
}

TEST(each_row_of_raw_ipv6_is_set_as_by_its_function)
{
    set_all(RAW6, 200);
}

TEST(each_row_of_packets_is_set_as_by_its_function)
{
    set_all(PACKETS, 3);
}

TEST(setting_is_one_call_and_refusals_are_none)
{
    libsock_opt_value value = {.kind = LIBSOCK_OPT_KIND_BOOL,
                               .as.boolean = true};
    size_t row = row_of("tcp_nodelay");
    int fd = open_sort(TCP4);

    fault_reset();
    CHECK_OK(libsock_opt_set_value(sock_of(fd), row, &value));
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    fault_reset();
    CHECK_ERR(libsock_opt_set_value(sock_of(fd), row, NULL), EINVAL);
    CHECK_ERR(libsock_opt_set_value(sock_of(fd), libsock_opt_count(), &value),
              EINVAL);
    CHECK_ERR(libsock_opt_set_value(sock_of(fd), SIZE_MAX, &value), EINVAL);
    value.kind = LIBSOCK_OPT_KIND_UINT; /* the row's is BOOL */
    CHECK_ERR(libsock_opt_set_value(sock_of(fd), row, &value), EINVAL);
    value.kind = LIBSOCK_OPT_KIND_TEXT;
    value.len = LIBSOCK_OPT_TEXT_SIZE; /* no NUL fits */
    CHECK_ERR(
        libsock_opt_set_value(sock_of(fd), row_of("tcp_congestion"), &value),
        EINVAL);
    CHECK_EQ_UINT(fault_calls(), 0);
    value.kind = LIBSOCK_OPT_KIND_BOOL;
    CHECK_ERR(libsock_opt_set_value(sock_of(-1), row, &value), EBADF);
    close(fd);
}
