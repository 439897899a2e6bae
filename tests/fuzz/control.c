/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as control data: every record is inside what was given, every
 * getter either reads or refuses, and what the writer writes reads back equal.
 * Which bytes mean what is tested in unit/libsock/control_values.c.
 * A broken promise aborts; sanitizers see the rest.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "fuzz.h"

/* How many of the getters took a record. */
static int fuzz_numbers(const libsock_control *c)
{
    uint32_t n = 0;
    int taken = 0;

    if (libsock_control_get_hop_limit(c, &n) == 0) {
        FUZZ_CHECK(n <= 255);
        taken++;
    }
    if (libsock_control_get_tos(c, &n) == 0) {
        FUZZ_CHECK(n <= 255);
        taken++;
    }
    if (libsock_control_get_udp_segment(c, &n) == 0) {
        FUZZ_CHECK(n <= 65535);
        taken++;
    }
    taken += libsock_control_get_drop_count(c, &n) == 0;
    taken += libsock_control_get_tcp_queued(c, &n) == 0;
    taken += libsock_control_get_tls_record(c, &n) == 0;
    return taken;
}

static int fuzz_reports(const libsock_control *c)
{
    libsock_timestamps times;
    libsock_sock_error error;
    libsock_tx_report report;
    libsock_zerocopy range;
    uint64_t ns;
    int taken = 0;

    taken += libsock_control_get_timestamp(c, &ns) == 0;
    taken += libsock_control_get_timestamps(c, &times) == 0;
    if (libsock_control_get_error(c, &error) == 0) {
        char text[LIBSOCK_ADDR_TEXT_SIZE];

        FUZZ_CHECK(error.error <= 0);
        FUZZ_CHECK(libsock_control_get_tx_report(c, &report) != 0 ||
                   libsock_control_get_zerocopy(c, &range) != 0);
        (void)libsock_addr_print(&error.offender, text, sizeof(text));
        taken++;
    } else {
        FUZZ_CHECK(libsock_control_get_tx_report(c, &report) < 0);
        FUZZ_CHECK(libsock_control_get_zerocopy(c, &range) < 0);
    }
    return taken;
}

static int fuzz_addresses(const libsock_control *c)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_pktinfo info;
    libsock_addr addr;
    int taken = 0;

    if (libsock_control_get_pktinfo(c, &info) == 0) {
        FUZZ_CHECK(info.domain == LIBSOCK_DOMAIN_IPV4 ||
                   info.domain == LIBSOCK_DOMAIN_IPV6);
        taken++;
    }
    if (libsock_control_get_original_dst(c, &addr) == 0) {
        (void)libsock_addr_print(&addr, text, sizeof(text));
        taken++;
    }
    return taken;
}

static int fuzz_processes(const libsock_control *c)
{
    size_t n = libsock_control_fd_count(c);
    libsock_cred cred;
    libsock_raw fd;
    int taken = n > 0;

    FUZZ_CHECK(n <= c->len);
    for (size_t i = 0; i < n; i++) {
        FUZZ_CHECK(libsock_control_get_fd(c, i, &fd) == 0);
    }
    FUZZ_CHECK(libsock_control_get_fd(c, n, &fd) < 0);
    taken += libsock_control_get_cred(c, &cred) == 0;
    taken += libsock_control_get_pidfd(c, &fd) == 0;
    return taken;
}

/* The record lies in what was given, and at most one getter takes it. */
static void fuzz_record(const libsock_control *c, const uint8_t *data,
                        size_t size)
{
    const uint8_t *at = c->data;
    int taken = fuzz_numbers(c) + fuzz_reports(c) + fuzz_addresses(c) +
                fuzz_processes(c);

    FUZZ_CHECK(at >= data && c->len <= size);
    FUZZ_CHECK((size_t)(at - data) <= size - c->len);
    FUZZ_CHECK(taken <= (c->kind == LIBSOCK_CONTROL_OTHER ? 0 : 1));
}

/* Write what was read; it must read back, record by record. */
static void fuzz_write_back(const uint8_t *data, size_t size)
{
    uint64_t room[256];
    libsock_control_writer writer;
    libsock_control_reader in;
    libsock_control_reader out;
    libsock_control a;
    libsock_control b;
    int r;

    FUZZ_CHECK(libsock_control_writer_init(&writer, room, sizeof(room)) == 0);
    FUZZ_CHECK(libsock_control_reader_over(&in, data, size) == 0);
    while (libsock_control_next(&in, &a) > 0) {
        size_t before = libsock_control_len(&writer);

        r = libsock_control_put(&writer, a.level, a.type, a.data, a.len);
        FUZZ_CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_NO_BUFFERS);
        if (r < 0) {
            FUZZ_CHECK(libsock_control_len(&writer) == before);
            break;
        }
        FUZZ_CHECK(libsock_control_len(&writer) - before ==
                   libsock_control_space(a.len));
    }
    FUZZ_CHECK(libsock_control_reader_over(&in, data, size) == 0);
    FUZZ_CHECK(libsock_control_reader_over(&out, room,
                                           libsock_control_len(&writer)) == 0);
    while ((r = libsock_control_next(&out, &b)) > 0) {
        FUZZ_CHECK(libsock_control_next(&in, &a) > 0);
        FUZZ_CHECK(a.kind == b.kind && a.level == b.level && a.type == b.type);
        FUZZ_CHECK(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    }
    FUZZ_CHECK(r == 0);
}

/* The input as the arguments of the typed writers, in little room. */
static void fuzz_write_typed(const uint8_t *data, size_t size)
{
    uint64_t room[10];
    libsock_control_writer w;
    libsock_pktinfo info = {0};
    uint32_t value = 0;

    memcpy(&info, data, size < sizeof(info) ? size : sizeof(info));
    memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
    FUZZ_CHECK(libsock_control_writer_init(&w, room, sizeof(room)) == 0);
    for (size_t i = 0; i < size; i++) {
        switch (data[i] % 6) {
        case 0:
            (void)libsock_control_put_hop_limit(&w, data[i] % 4, value);
            break;
        case 1:
            (void)libsock_control_put_tos(&w, data[i] % 4, value);
            break;
        case 2:
            (void)libsock_control_put_source(&w, &info);
            break;
        case 3:
            (void)libsock_control_put_udp_segment(&w, value);
            break;
        case 4:
            (void)libsock_control_put_pktinfo(&w, &info);
            break;
        default:
            (void)libsock_control_put_tx_time(&w, value);
            break;
        }
        FUZZ_CHECK(libsock_control_len(&w) <= sizeof(room));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    libsock_control_reader reader;
    libsock_control c;
    size_t n = 0;
    int r;

    FUZZ_CHECK(libsock_control_reader_over(&reader, data, size) == 0);
    while ((r = libsock_control_next(&reader, &c)) > 0) {
        fuzz_record(&c, data, size);
        n++;
    }
    FUZZ_CHECK(libsock_control_next(&reader, &c) == 0);
    FUZZ_CHECK(n <= size);
    fuzz_write_back(data, size);
    if (size > 0) {
        fuzz_write_typed(data, size);
    }
    return 0;
}
