/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as address text, as native addresses and as damaged ones:
 * what is read must print and read back equal, nothing reaches out of bounds.
 * Which text means which address is tested in unit/libsock/addr_parse.c.
 * A broken promise aborts; sanitizers see the rest.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "fuzz.h"

static const uint64_t fuzz_seed[2] = {1, 2};

/* Exactly the room it says, and not one byte less. */
static size_t fuzz_print(const libsock_addr *addr,
                         char text[LIBSOCK_ADDR_TEXT_SIZE])
{
    ptrdiff_t r = libsock_addr_print(addr, text, LIBSOCK_ADDR_TEXT_SIZE);
    char same[LIBSOCK_ADDR_TEXT_SIZE];
    size_t len = (size_t)r;

    FUZZ_CHECK(r > 0 && strlen(text) == len);
    memset(same, 'x', sizeof(same));
    FUZZ_CHECK(libsock_kind(libsock_addr_print(addr, same, len)) ==
               LIBSOCK_KIND_NO_BUFFERS);
    FUZZ_CHECK(same[0] == 'x' && memcmp(same, same + 1, len) == 0);
    FUZZ_CHECK(libsock_addr_print(addr, same, len + 1) == r);
    FUZZ_CHECK(memcmp(same, text, len + 1) == 0);
    return len;
}

static void fuzz_agree(const libsock_addr *a, const libsock_addr *b)
{
    int ab = libsock_addr_compare(a, b);
    int ba = libsock_addr_compare(b, a);

    FUZZ_CHECK((ab < 0) == (ba > 0) && (ab > 0) == (ba < 0));
    FUZZ_CHECK(libsock_addr_equal(a, b) == (ab == 0));
    FUZZ_CHECK(ab != 0 || libsock_addr_hash(a, fuzz_seed) ==
                              libsock_addr_hash(b, fuzz_seed));
}

static void fuzz_reads_back(const libsock_addr *addr)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    size_t len = fuzz_print(addr, text);
    libsock_addr again;

    FUZZ_CHECK(libsock_addr_parse(text, len, &again) == 0);
    FUZZ_CHECK(libsock_addr_equal(addr, &again));
    fuzz_agree(addr, &again);
}

/* Text: what is accepted reads back; what is not leaves the output alone. */
static void fuzz_text(const char *text, size_t len)
{
    libsock_addr before;
    libsock_addr addr;

    memset(&addr, 0x5a, sizeof(addr));
    before = addr;
    if (libsock_addr_parse(text, len, &addr) == 0) {
        fuzz_reads_back(&addr);
    } else {
        FUZZ_CHECK(memcmp(&addr, &before, sizeof(addr)) == 0);
    }
    if (libsock_addr_parse_ip(text, len, 80, &addr) == 0) {
        FUZZ_CHECK(libsock_addr_port(&addr) == 80);
        fuzz_reads_back(&addr);
    }
    if (libsock_addr_from_unix_path(text, len, &addr) == 0) {
        fuzz_reads_back(&addr);
    }
    if (libsock_addr_from_unix_abstract(text, len, &addr) == 0) {
        fuzz_reads_back(&addr);
    }
}

/* Every question, whatever the address is; names are read to their end. */
static void fuzz_take_apart(const libsock_addr *addr)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    volatile char sink = 0;
    libsock_packet packet;
    libsock_ipv6 ipv6;
    uint8_t octets[4];
    uint16_t port;
    uint32_t pair[2];
    const char *name;
    size_t len;
    int form;

    (void)libsock_addr_domain(addr);
    (void)libsock_addr_port(addr);
    (void)libsock_addr_is_loopback(addr);
    (void)libsock_addr_is_multicast(addr);
    (void)libsock_addr_is_unspecified(addr);
    (void)libsock_addr_get_ipv4(addr, octets, &port);
    (void)libsock_addr_get_ipv6(addr, &ipv6);
    (void)libsock_addr_get_vsock(addr, &pair[0], &pair[1]);
    (void)libsock_addr_get_packet(addr, &packet);
    (void)libsock_addr_get_netlink(addr, &pair[0], &pair[1]);
    (void)libsock_addr_print_ip(addr, text, sizeof(text));
    if (libsock_addr_get_unix(addr, &form, &name, &len) == 0) {
        FUZZ_CHECK(len <= LIBSOCK_ADDR_SIZE - 2);
        while (len > 0) {
            sink = (char)(sink ^ name[--len]);
        }
    }
    (void)fuzz_print(addr, text);
}

/* Whether the kernel could have bound it; longer names have no address. */
static bool fuzz_is_bindable(const libsock_addr *addr)
{
    const char *name;
    size_t len;
    int form;

    if (libsock_addr_get_unix(addr, &form, &name, &len) < 0) {
        return true;
    }
    return len <= LIBSOCK_UNIX_PATH_MAX - (form == LIBSOCK_UNIX_ABSTRACT);
}

static void fuzz_native_text(const libsock_addr *addr)
{
    libsock_addr without_flow = *addr;
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_ipv6 ipv6;

    (void)fuzz_print(addr, text);
    if (strncmp(text, "raw:", 4) == 0 || !fuzz_is_bindable(addr)) {
        return;
    }
    if (libsock_addr_get_ipv6(addr, &ipv6) == 0) {
        ipv6.flow_info = 0;
        FUZZ_CHECK(libsock_addr_from_ipv6(&ipv6, &without_flow) == 0);
    }
    fuzz_reads_back(&without_flow);
}

/* The bytes in two parts, each a native address. */
static void fuzz_native(const uint8_t *data, size_t size)
{
    libsock_addr pair[2] = {{{0}, 0, 0}, {{0}, 0, 0}};
    size_t cut = size > 0 ? data[0] % size : 0;

    if (libsock_addr_from_raw(data, size, &pair[0]) == 0) {
        fuzz_take_apart(&pair[0]);
        fuzz_native_text(&pair[0]);
    }
    (void)libsock_addr_from_raw(data + cut, size - cut, &pair[0]);
    (void)libsock_addr_from_raw(data, cut, &pair[1]);
    fuzz_agree(&pair[0], &pair[1]);
}

/* An address that no function of ours made, its length included. */
static void fuzz_damaged(const uint8_t *data, size_t size)
{
    libsock_addr addr;
    libsock_addr empty = {{0}, 0, 0};

    memset(&addr, 0, sizeof(addr));
    memcpy(&addr, data, size < sizeof(addr) ? size : sizeof(addr));
    fuzz_take_apart(&addr);
    fuzz_agree(&addr, &empty);
    addr.len = size > 0 ? data[size - 1] : 0;
    fuzz_take_apart(&addr);
    fuzz_agree(&addr, &empty);
    (void)libsock_addr_set_port(&addr, 80);
    fuzz_take_apart(&addr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        data = (const uint8_t *)"";
    }
    fuzz_text((const char *)data, size);
    fuzz_native(data, size);
    fuzz_damaged(data, size);
    return 0;
}
