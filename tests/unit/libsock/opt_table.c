/* SPDX-License-Identifier: MIT */
/*
 * The table of options: complete, consistent, and the same as its functions.
 * What the options do to a socket is not tested here.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <limits.h>
#include <string.h>

#include "sys/posix/platform.h"

/* A kernel whose headers lack these, so that the port has to say none. */
#undef SO_MARK
#undef TCP_KEEPIDLE
#undef SO_BINDTOIFINDEX
#include "sys/posix/opt_missing.h"

#include "opt_list.h"

#include "support/check.h"
#include "support/fault.h"

/* Every function of every row; that this links is half of the test. */
typedef void (*opt_function)(void);

struct opt_functions {
    const char *name;
    int access;
    opt_function get;
    opt_function set;
    opt_function call;
};

#define FUNCTION(name) (opt_function)(name)
#define ACCESS_RW(name)                                           \
 LIBSOCK_OPT_GET | LIBSOCK_OPT_SET, FUNCTION(libsock_get_##name), \
     FUNCTION(libsock_set_##name), NULL
#define ACCESS_GET(name) \
 LIBSOCK_OPT_GET, FUNCTION(libsock_get_##name), NULL, NULL
#define ACCESS_TAKE(name) \
 LIBSOCK_OPT_GET | LIBSOCK_OPT_TAKE, FUNCTION(libsock_get_##name), NULL, NULL
#define ACCESS_SET(name) \
 LIBSOCK_OPT_SET, NULL, FUNCTION(libsock_set_##name), NULL
#define ACCESS_CALL(name) LIBSOCK_OPT_CALL, NULL, NULL, FUNCTION(libsock_##name)

static const struct opt_functions functions[] = {
#define ROW(name, level, constant, kind, access, unit, min, max, scope) \
 {#name, ACCESS_##access(name)},
    LIBSOCK__OPT_LIST(ROW)
#undef ROW
};

enum {
    ROWS = sizeof(functions) / sizeof(functions[0])
};

TEST(listing_and_functions_agree)
{
    CHECK_EQ_UINT(libsock_opt_count(), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        libsock_opt_info info;

        CHECK_OK(libsock_opt_info_at(i, &info));
        CHECK_EQ_STR(info.name, functions[i].name);
        CHECK_EQ_INT(info.access, functions[i].access);
        CHECK_INT(info.min, <=, info.max);
        CHECK(info.kind >= LIBSOCK_OPT_KIND_BOOL &&
              info.kind <= LIBSOCK_OPT_KIND_STRUCT);
        CHECK(info.kind != LIBSOCK_OPT_KIND_DURATION ||
              info.unit >= LIBSOCK_OPT_UNIT_S);
        CHECK(info.kind != LIBSOCK_OPT_KIND_SIZE ||
              info.unit == LIBSOCK_OPT_UNIT_BYTES);
    }
}

TEST(no_two_rows_share_a_name_or_a_function)
{
    for (size_t i = 0; i < ROWS; i++) {
        size_t found;

        CHECK_OK(libsock_opt_find(functions[i].name, &found));
        CHECK_EQ_UINT(found, i);
        for (size_t k = 0; k < i; k++) {
            CHECK(functions[i].get == NULL ||
                  functions[i].get != functions[k].get);
            CHECK(functions[i].set == NULL ||
                  functions[i].set != functions[k].set);
        }
    }
}

/* Rows share a number where one option takes two structures, nowhere else. */
TEST(no_two_rows_share_a_number_by_mistake)
{
    static const char *const twins[] = {
        "device_index_v4",      "device_index_v6",      "multicast_if_v4_n",
        "join_multicast_v4_n",  "reuse_port",           "reuse_port_balanced",
        "leave_multicast_v4_n", "dont_fragment_v4",     "mtu_discover_v4",
        "lease_flow_label_v6",  "release_flow_label_v6"};

    for (size_t i = 0; i < ROWS; i++) {
        libsock_opt_info a, b;
        bool twin = false;

        for (size_t t = 0; t < sizeof(twins) / sizeof(twins[0]); t++)
            twin = twin || strcmp(functions[i].name, twins[t]) == 0;
        CHECK_OK(libsock_opt_info_at(i, &a));
        for (size_t k = 0; k < i && a.present && !twin; k++) {
            CHECK_OK(libsock_opt_info_at(k, &b));
            if (b.present && a.level == b.level && a.native == b.native)
                check_fail(__FILE__, __LINE__, "%s and %s are one option",
                           a.name, b.name);
        }
    }
}

TEST(listing_tells_level_unit_and_family)
{
    libsock_opt_info info;
    size_t i;

    CHECK_OK(libsock_opt_find("tcp_keepalive_time", &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    CHECK_EQ_INT(info.level, IPPROTO_TCP);
    CHECK_EQ_INT(info.native, 4); /* TCP_KEEPIDLE, which is gone above */
    CHECK_EQ_INT(info.kind, LIBSOCK_OPT_KIND_DURATION);
    CHECK_EQ_INT(info.unit, LIBSOCK_OPT_UNIT_S);
    CHECK_EQ_INT(info.type, LIBSOCK_TYPE_STREAM);
    CHECK_EQ_INT(info.protocol, LIBSOCK_PROTOCOL_TCP);
    CHECK_EQ_INT(info.min, 1);
    CHECK_EQ_INT(info.max, 32767);
    CHECK(info.present);

    CHECK_OK(libsock_opt_find("only_v6", &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    CHECK_EQ_INT(info.level, IPPROTO_IPV6);
    CHECK_EQ_INT(info.native, IPV6_V6ONLY);
    CHECK_EQ_INT(info.domain, LIBSOCK_DOMAIN_IPV6);

    CHECK_OK(libsock_opt_find("read_timeout", &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    CHECK_EQ_INT(info.unit, LIBSOCK_OPT_UNIT_US);
    CHECK_EQ_INT(info.native, SO_RCVTIMEO);
}

TEST(listing_refuses_nonsense)
{
    libsock_opt_info info = {.name = "untouched"};
    size_t index = 4711;

    CHECK_ERR(libsock_opt_info_at(ROWS, &info), EINVAL);
    CHECK_ERR(libsock_opt_info_at(SIZE_MAX, &info), EINVAL);
    CHECK_ERR(libsock_opt_info_at(0, NULL), EINVAL);
    CHECK_EQ_STR(info.name, "untouched");
    CHECK_ERR(libsock_opt_find(NULL, &index), EINVAL);
    CHECK_ERR(libsock_opt_find("mark", NULL), EINVAL);
    CHECK_EQ_INT(libsock_kind(libsock_opt_find("", &index)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_opt_find("marks", &index)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_UINT(index, 4711);
}

/* The port's header, with constants taken away above. */
TEST(missing_constants_become_none)
{
    CHECK_EQ_INT(SO_MARK, LIBSOCK__OPT_NONE);
    CHECK_EQ_INT(TCP_KEEPIDLE, LIBSOCK__OPT_NONE);
    CHECK_EQ_INT(BOUND_IF_V4, LIBSOCK__OPT_NONE);
    CHECK_EQ_INT(OPT_LEVEL_BOUND_V4, IPPROTO_IP);
    CHECK_EQ_INT(BOUND_IF_V6, LIBSOCK__OPT_NONE);
    CHECK_EQ_INT(OPT_LEVEL_BOUND_V6, IPPROTO_IPV6);
    CHECK_EQ_INT(SO_BROADCAST, 6);
}

static void expect_absent(const char *name)
{
    libsock_opt_info info;
    size_t i;

    CHECK_OK(libsock_opt_find(name, &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    CHECK(!info.present);
    CHECK_EQ_INT(info.level, 0);
    CHECK_EQ_INT(info.native, 0);
    if ((info.access & LIBSOCK_OPT_GET) != 0)
        CHECK_EQ_INT(libsock_opt_probe((libsock_socket)LIBSOCK_SOCKET_INIT, i),
                     0);
}

/* Linux has none of these. No system call tells so: the socket is not even
 * one. */
TEST(absent_options_are_unsupported_without_asking)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    bool on = true;

    fault_reset();
    expect_absent("nosigpipe");
    expect_absent("fib");
    expect_absent("reuse_port_lb");
    expect_absent("exclusive_address");
    CHECK_ERR(libsock_set_nosigpipe(none, true), ENOPROTOOPT);
    CHECK_ERR(libsock_get_nosigpipe(none, &on), ENOPROTOOPT);
    CHECK_ERR(libsock_set_fib(none, 1), ENOPROTOOPT);
    CHECK_ERR(libsock_set_reuse_port_lb(none, true), ENOPROTOOPT);
    CHECK_ERR(libsock_get_reuse_port_lb(none, &on), ENOPROTOOPT);
    CHECK_ERR(libsock_set_exclusive_address(none, true), ENOPROTOOPT);
    CHECK_ERR(libsock_get_exclusive_address(none, &on), ENOPROTOOPT);
    CHECK(on);
    CHECK_EQ_UINT(fault_calls(), 0);
    /* A range is checked before. */
    CHECK_ERR(libsock_set_fib(none, UINT32_MAX), EINVAL);
}

/* Everything present goes to the kernel, once. */
TEST(a_get_is_one_system_call)
{
    for (size_t i = 0; i < ROWS; i++) {
        libsock_opt_info info;
        bool on;
        int value;

        CHECK_OK(libsock_opt_info_at(i, &info));
        if (functions[i].get == NULL || !info.present)
            continue;
        fault_reset();
        if (info.kind == LIBSOCK_OPT_KIND_BOOL) {
            int (*get)(libsock_socket, bool *) =
                (int (*)(libsock_socket, bool *))functions[i].get;

            CHECK_ERR(get((libsock_socket)LIBSOCK_SOCKET_INIT, &on), EBADF);
        } else if (info.kind == LIBSOCK_OPT_KIND_INT) {
            int (*get)(libsock_socket, int *) =
                (int (*)(libsock_socket, int *))functions[i].get;

            CHECK_ERR(get((libsock_socket)LIBSOCK_SOCKET_INIT, &value), EBADF);
        } else {
            continue;
        }
        CHECK_EQ_UINT(fault_calls(), 1);
        CHECK_EQ_UINT(fault_calls_of("getsockopt"), 1);
    }
}

/* The getter of a row, called as what it is. */
#define GET_NULL(type, function) \
 ((int (*)(libsock_socket, type *))(function))(none, NULL)

static int get_null(int kind, opt_function get)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    switch (kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        return GET_NULL(bool, get);
    case LIBSOCK_OPT_KIND_INT:
        return GET_NULL(int, get);
    case LIBSOCK_OPT_KIND_UINT:
        return GET_NULL(uint32_t, get);
    case LIBSOCK_OPT_KIND_SIZE:
        return GET_NULL(size_t, get);
    case LIBSOCK_OPT_KIND_U64:
    case LIBSOCK_OPT_KIND_DURATION:
        return GET_NULL(uint64_t, get);
    case LIBSOCK_OPT_KIND_ADDR:
        return GET_NULL(libsock_addr, get);
    case LIBSOCK_OPT_KIND_IPV4:
        return GET_NULL(uint8_t, get);
    case LIBSOCK_OPT_KIND_BYTES:
        return (int)((ptrdiff_t(*)(libsock_socket, void *, size_t))get)(
            none, NULL, 16);
    default:
        CHECK_EQ_INT(kind, LIBSOCK_OPT_KIND_TEXT);
        return (int)((ptrdiff_t(*)(libsock_socket, char *, size_t))get)(
            none, NULL, 16);
    }
}

TEST(every_null_is_refused)
{
    unsigned refused = 0;

    fault_reset();
    for (size_t i = 0; i < ROWS; i++) {
        libsock_opt_info info;

        CHECK_OK(libsock_opt_info_at(i, &info));
        /* Those with a structure are tested where they are used. */
        if (functions[i].get == NULL || info.kind == LIBSOCK_OPT_KIND_STRUCT)
            continue;
        CHECK_ERR(get_null(info.kind, functions[i].get), EINVAL);
        refused++;
    }
    CHECK_UINT(refused, >, 80);
    CHECK_EQ_UINT(fault_calls(), 0);
}
