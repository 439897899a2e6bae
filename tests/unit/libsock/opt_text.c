/* SPDX-License-Identifier: MIT */
/*
 * The text of a value says all of it and reads back, and what is no value is
 * refused; members of structures. Reading a socket is tested in opt_any.c,
 * setting one in opt_value.c. Nothing is guarded.
 */
#include "opt_list.h"

#include <stdlib.h>

#include "opt_support.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t row_of(const char *name)
{
    size_t i = 0;

    CHECK_OK(libsock_opt_find(name, &i));
    return i;
}

/* --- text ----------------------------------------------------------------- */

/* Print, compare, read back, and print into room that is one too small. */
static void text_is(size_t row, const libsock_opt_value *value,
                    const char *expected)
{
    libsock_opt_value back;
    libsock_opt_info info;
    char small[4096];
    char text[4096];
    ptrdiff_t n = libsock_opt_print(row, value, text, sizeof(text));

    CHECK_OK(libsock_opt_info_at(row, &info));
    CHECK_EQ_INT(n, (ptrdiff_t)strlen(text));
    if (expected != NULL)
        CHECK_EQ_STR(text, expected);
    memset(small, 'z', sizeof(small));
    CHECK_ERR(libsock_opt_print(row, value, small, (size_t)n), ENOBUFS);
    CHECK(small[0] == 'z' && small[n] == 'z');
    CHECK_EQ_INT(libsock_opt_print(row, value, small, (size_t)n + 1), n);
    CHECK(small[n + 1] == 'z');
    /* All of its members may have been unknown. */
    if (n == 0 && info.kind == LIBSOCK_OPT_KIND_STRUCT)
        return;
    CHECK_OK(libsock_opt_parse(row, text, (size_t)n, &back));
    CHECK_EQ_MEM(&back, value, sizeof(back));
}

static void text_of_all(enum sort sort, unsigned least)
{
    int fd = open_sort(sort);
    unsigned values = 0;

    if (fd < 0)
        SKIP("no such socket here");
    for (size_t i = 0; i < libsock_opt_count(); i++) {
        libsock_opt_value value;

        if (libsock_opt_get_value(sock_of(fd), i, &value) < 0)
            continue;
        text_is(i, &value, NULL);
        values++;
    }
    printf("# %u values\n", values);
    CHECK_UINT(values, >=, least);
    close(fd);
}

TEST(the_text_of_each_value_reads_back)
{
    text_of_all(TCP4, 60);
    text_of_all(UDP6, 40);
    text_of_all(LOCAL, 20);
}

static const struct {
    const char *row;
    const char *text;
    libsock_opt_value value;
} texts[] = {
    {"tcp_nodelay", "true", {.as.boolean = true}},
    {"tcp_nodelay", "false", {.as.boolean = false}},
    {"incoming_cpu", "-1", {.as.number = -1}},
    {"peek_offset", "-1 bytes", {.as.number = -1}},
    {"peek_offset", "-2147483648 bytes", {.as.number = INT32_MIN}},
    {"mark", "4294967295", {.as.amount = UINT32_MAX}},
    {"recv_buffer_size", "65536 bytes", {.as.amount = 65536}},
    {"cookie", "18446744073709551615", {.as.amount = UINT64_MAX}},
    {"max_pacing_rate", "none", {.as.amount = LIBSOCK_NO_LIMIT}},
    {"max_pacing_rate", "125000 bytes/s", {.as.amount = 125000}},
    {"read_timeout", "none", {.as.amount = LIBSOCK_NO_TIMEOUT}},
    {"read_timeout", "1500 ms", {.as.amount = 1500000000}},
    {"read_timeout", "0 s", {.as.amount = 0}},
    {"tcp_keepalive_time", "7200 s", {.as.amount = 7200 * NS_PER_S}},
    {"linger", "18446744073709551614 ns", {.as.amount = UINT64_MAX - 1}},
    {"tcp_congestion", "reno", {.len = 4, .as.text = "reno"}},
    {"device", "", {.len = 0}},
    {"multicast_if_v4", "192.0.2.7", {.as.octets = {192, 0, 2, 7}}},
    {"tcp_saved_syn", "", {.len = 0}},
    {"tcp_saved_syn", "4500ff", {.len = 3, .as.bytes = {0x45, 0, 0xff}}},
    {"local_port_range", "low=40000, high=41000", {.as.ports = {40000, 41000}}},
    {"txtime", "clock=1, flags=2", {.as.txtime = {1, 2}}},
    {"packet_fanout",
     "group=65535, mode=255, flags=7",
     {.as.fanout = {65535, 255, 7}}},
    {"icmp_filter_v6",
     "block0=1, block1=0, block2=0, block3=0, block4=0, block5=0, block6=0, "
     "block7=4294967295",
     {.as.icmp_filter = {{1, 0, 0, 0, 0, 0, 0, UINT32_MAX}}}},
};

TEST(the_text_of_a_value_is)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        libsock_opt_value value = texts[i].value;
        size_t row = row_of(texts[i].row);
        libsock_opt_info info;

        CHECK_OK(libsock_opt_info_at(row, &info));
        value.kind = info.kind;
        text_is(row, &value, texts[i].text);
    }
}

/* What people write and print does not. */
TEST(other_texts_say_the_same)
{
    static const char *const same_texts[][3] = {
        {"tcp_nodelay", "1", "true"},
        {"tcp_nodelay", "on", "true"},
        {"tcp_nodelay", "yes", "true"},
        {"tcp_nodelay", "0", "false"},
        {"tcp_nodelay", "off", "false"},
        {"tcp_nodelay", "no", "false"},
        {"mark", "0x1F", "31"},
        {"mark", "007", "7"},
        {"recv_buffer_size", "65536", "65536 bytes"},
        {"recv_buffer_size", "65536bytes", "65536 bytes"},
        {"read_timeout", "1500000000ns", "1500 ms"},
        {"read_timeout", "2000us", "2 ms"},
        {"tcp_keepalive_time", "60s", "60 s"},
        {"tcp_keepalive_time", "60000 ms", "60 s"},
        {"local_port_range", "high=41000, low=40000", "low=40000, high=41000"},
        {"local_port_range", "high=41000", "low=0, high=41000"},
        {"tcp_saved_syn", "AbCD", "abcd"},
        {"tcp_info", "rtt=1us", "rtt=1 us"},
    };

    for (size_t i = 0; i < COUNT(same_texts); i++) {
        size_t row = row_of(same_texts[i][0]);
        libsock_opt_value value;

        CHECK_OK(libsock_opt_parse(row, same_texts[i][1],
                                   strlen(same_texts[i][1]), &value));
        text_is(row, &value, same_texts[i][2]);
    }
}

TEST(text_that_is_no_value_is_refused)
{
    static const char *const bad[][2] = {
        {"tcp_nodelay", ""},
        {"tcp_nodelay", "TRUE"},
        {"tcp_nodelay", "10"},
        {"tcp_nodelay", "true "},
        {"tcp_nodelay", "2"},
        {"mark", ""},
        {"mark", "-1"},
        {"mark", "+1"},
        {"mark", "0x"},
        {"mark", "1f"},
        {"mark", "1 "},
        {"mark", "1 bytes"},
        {"mark", "18446744073709551616"},
        {"mark", "0x10000000000000000"},
        {"peek_offset", "2147483648"},
        {"peek_offset", "-2147483649"},
        {"peek_offset", "--1"},
        {"recv_buffer_size", "64k"},
        {"recv_buffer_size", "64 s"},
        {"recv_buffer_size", "64  bytes"},
        {"recv_buffer_size", "none"},
        {"read_timeout", "5"},
        {"read_timeout", "5 m"},
        {"read_timeout", "-5 s"},
        {"read_timeout", "1.5 s"},
        {"read_timeout", "18446744074 s"},
        {"read_timeout", "18446744073709551615 ns"},
        {"multicast_if_v4", "192.0.2"},
        {"multicast_if_v4", "192.0.2.256"},
        {"multicast_if_v4", "192.0.2.07"},
        {"tcp_saved_syn", "abc"},
        {"tcp_saved_syn", "4g"},
        {"tcp_saved_syn", "45 00"},
        {"local_port_range", ""},
        {"local_port_range", "40000"},
        {"local_port_range", "low=65536"},
        {"local_port_range", "low=1,high=2"},
        {"local_port_range", "low=1, low=1"},
        {"local_port_range", "low=1, "},
        {"local_port_range", "middle=1"},
        {"packet_fanout", "mode=256"},
        {"tcp_info", "rtt=5"},
        {"tcp_info", "valid=1"},
        {"original_dst_v4", "192.0.2.7"},
    };
    libsock_opt_value value;
    char letters[600];

    memset(letters, 'a', sizeof(letters));
    memset(&value, 0x77, sizeof(value));
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (libsock_opt_parse(row_of(bad[i][0]), bad[i][1], strlen(bad[i][1]),
                              &value) != -EINVAL)
            check_fail(__FILE__, __LINE__, "%s: '%s'", bad[i][0], bad[i][1]);
    }
    CHECK_ERR(libsock_opt_parse(row_of("device"), letters, 64, &value), EINVAL);
    CHECK_OK(libsock_opt_parse(row_of("device"), letters, 63, &value));
    CHECK_ERR(libsock_opt_parse(row_of("device"), "a\0b", 3, &value), EINVAL);
    CHECK_OK(libsock_opt_parse(row_of("tcp_saved_syn"), letters, 512, &value));
    CHECK_EQ_UINT(value.len, 256);
    memset(&value, 0x77, sizeof(value));
    CHECK_ERR(libsock_opt_parse(row_of("tcp_saved_syn"), letters, 514, &value),
              EINVAL);
    CHECK_ERR(libsock_opt_parse(row_of("mark"), NULL, 1, &value), EINVAL);
    CHECK_ERR(libsock_opt_parse(row_of("mark"), "1", 1, NULL), EINVAL);
    CHECK_ERR(libsock_opt_parse(libsock_opt_count(), "1", 1, &value), EINVAL);
    CHECK_ERR(libsock_opt_parse(row_of("tcp_md5"), "1", 1, &value), EOPNOTSUPP);
    CHECK_ERR(libsock_opt_parse(row_of("join_group"), "1", 1, &value),
              EOPNOTSUPP);
    CHECK_EQ_UINT(value.len, 0x77777777);
}

/* Cut anywhere it is refused or another value, and no more is read than is
 * there: what the sanitizers see. */
TEST(no_text_is_read_beyond_its_end)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t row = row_of(texts[i].row);

        for (size_t n = 1; n < strlen(texts[i].text); n++) {
            libsock_opt_value value;
            libsock_opt_value whole;
            char *cut = malloc(n);

            CHECK(cut != NULL);
            memcpy(cut, texts[i].text, n);
            CHECK_OK(libsock_opt_parse(row, texts[i].text,
                                       strlen(texts[i].text), &whole));
            if (libsock_opt_parse(row, cut, n, &value) >= 0 &&
                value.kind != LIBSOCK_OPT_KIND_STRUCT &&
                strchr("0123456789", texts[i].text[n]) != NULL)
                CHECK(memcmp(&value, &whole, sizeof(value)) != 0);
            free(cut);
        }
    }
}

TEST(what_has_no_text_is_not_printed)
{
    libsock_opt_value value = {.kind = LIBSOCK_OPT_KIND_STRUCT};
    char text[64];

    CHECK_ERR(libsock_opt_print(row_of("tcp_md5"), &value, text, sizeof(text)),
              EOPNOTSUPP);
    CHECK_ERR(libsock_opt_print(row_of("mark"), &value, text, sizeof(text)),
              EINVAL);
    CHECK_ERR(libsock_opt_print(row_of("txtime"), NULL, text, sizeof(text)),
              EINVAL);
    CHECK_ERR(libsock_opt_print(row_of("txtime"), &value, NULL, 9), EINVAL);
    CHECK_ERR(
        libsock_opt_print(libsock_opt_count(), &value, text, sizeof(text)),
        EINVAL);
    value.kind = LIBSOCK_OPT_KIND_TEXT;
    value.len = LIBSOCK_OPT_TEXT_SIZE;
    CHECK_ERR(libsock_opt_print(row_of("device"), &value, text, sizeof(text)),
              EINVAL);
    value.kind = LIBSOCK_OPT_KIND_BYTES;
    value.len = LIBSOCK_OPT_BYTES_SIZE + 1;
    CHECK_ERR(
        libsock_opt_print(row_of("tcp_saved_syn"), &value, text, sizeof(text)),
        EINVAL);
}

/* --- members -------------------------------------------------------------- */

static size_t width_of(const libsock_opt_field *field)
{
    return field->kind == LIBSOCK_OPT_KIND_UINT ? sizeof(uint32_t)
                                                : sizeof(uint64_t);
}

/* Each with a number of its own, so that two that are one would show. */
static void all_members(size_t row, size_t n_fields, size_t size)
{
    size_t bytes = sizeof(uint64_t) + sizeof(uint32_t); /* valid, reserved */
    libsock_opt_value value = {.kind = LIBSOCK_OPT_KIND_STRUCT};
    libsock_opt_field field;
    char text[4096];
    size_t len = 0;
    size_t n;

    memset(&value.as, 0xff, sizeof(value.as));
    CHECK_INT(libsock_opt_print(row, &value, text, sizeof(text)), >, 0);
    for (n = 0; libsock_opt_field_at(row, &value, n, &field) >= 0; n++) {
        CHECK(field.known);
        CHECK_EQ_UINT(field.amount, width_of(&field) == sizeof(uint32_t)
                                        ? UINT32_MAX
                                        : UINT64_MAX);
        bytes += width_of(&field);
        len += (size_t)snprintf(
            text + len, sizeof(text) - len, "%s%s=%zu%s", n > 0 ? ", " : "",
            field.name, n + 1,
            field.kind == LIBSOCK_OPT_KIND_DURATION      ? " ns"
            : field.unit == LIBSOCK_OPT_UNIT_BYTES       ? " bytes"
            : field.unit == LIBSOCK_OPT_UNIT_BYTES_PER_S ? " bytes/s"
                                                         : "");
    }
    CHECK_EQ_UINT(n, n_fields);
    CHECK_EQ_UINT(bytes, size);
    CHECK_OK(libsock_opt_parse(row, text, len, &value));
    text_is(row, &value, text);
}

TEST(tcp_info_has_all_of_its_members)
{
    all_members(row_of("tcp_info"), LIBSOCK_TCP_INFO_ACCEPT_QUEUE_MAX + 1,
                sizeof(libsock_tcp_info));
}

TEST(mptcp_info_has_all_of_its_members)
{
    all_members(row_of("mptcp_info"), LIBSOCK_MPTCP_INFO_BYTES_RECEIVED + 1,
                sizeof(libsock_mptcp_info));
}

TEST(what_the_system_did_not_tell_is_left_out)
{
    size_t row = row_of("tcp_info");
    libsock_opt_value value = {.kind = LIBSOCK_OPT_KIND_STRUCT};
    libsock_opt_field field;
    char text[64];

    value.as.tcp_info.valid = UINT64_C(1) << LIBSOCK_TCP_INFO_CWND;
    value.as.tcp_info.cwnd = 10;
    value.as.tcp_info.rtt_ns = 99;
    CHECK_INT(libsock_opt_print(row, &value, text, sizeof(text)), >, 0);
    CHECK_EQ_STR(text, "cwnd=10");
    CHECK_OK(libsock_opt_field_at(row, &value, LIBSOCK_TCP_INFO_RTT, &field));
    CHECK_EQ_STR(field.name, "rtt");
    CHECK(!field.known);
    CHECK_EQ_UINT(field.amount, 0);
}

TEST(only_structures_have_members)
{
    libsock_opt_value value = {.kind = LIBSOCK_OPT_KIND_STRUCT};
    libsock_opt_field field = {.name = "old"};

    CHECK_ERR(libsock_opt_field_at(row_of("txtime"), &value, 2, &field),
              ENOENT);
    CHECK_ERR(libsock_opt_field_at(row_of("txtime"), &value, SIZE_MAX, &field),
              ENOENT);
    CHECK_ERR(libsock_opt_field_at(row_of("txtime"), &value, 0, NULL), EINVAL);
    CHECK_ERR(libsock_opt_field_at(row_of("mark"), &value, 0, &field), EINVAL);
    CHECK_ERR(libsock_opt_field_at(libsock_opt_count(), &value, 0, &field),
              EINVAL);
    value.kind = LIBSOCK_OPT_KIND_UINT;
    CHECK_ERR(libsock_opt_field_at(row_of("mark"), &value, 0, &field), ENOENT);
    CHECK_EQ_STR(field.name, "old");
}

TEST(a_saved_syn_is_told_once)
{
    libsock_opt_info info;
    size_t n = 0;

    for (size_t i = 0; i < libsock_opt_count(); i++) {
        CHECK_OK(libsock_opt_info_at(i, &info));
        n += (info.access & LIBSOCK_OPT_TAKE) != 0;
        CHECK((info.access & LIBSOCK_OPT_TAKE) == 0 ||
              (info.access & LIBSOCK_OPT_GET) != 0);
    }
    CHECK_OK(libsock_opt_info_at(row_of("tcp_saved_syn"), &info));
    CHECK_EQ_INT(info.access, LIBSOCK_OPT_GET | LIBSOCK_OPT_TAKE);
    CHECK_UINT(n, >=, 1);
}
