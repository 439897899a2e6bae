/* SPDX-License-Identifier: MIT */
/*
 * resolve.c, resolve_error.c: which questions are refused before anybody is
 * asked, what a failing call leaves behind, and the range of the resolver's
 * codes. Answers are in behaviour/sock_resolve.c. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <string.h>

#include "sys/posix/resolve_error.h"
#include "util.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/sock.h"

static int resolve_ask(const char *host, const char *service, uint32_t flags)
{
    libsock_resolve_options options = {sizeof(options), 0, 0, 0, flags};
    libsock_resolve_list *list = NULL;
    int r = libsock_resolve(host, service, &options, &list);

    CHECK((r < 0) == (list == NULL));
    libsock_resolve_list_free(list);
    return r;
}

TEST(questions_without_sense_are_not_asked)
{
    static const char *const hosts[] = {"", "fe80::1%", "a%b", "1.2.3.4%lo"};
    static const char *const services[] = {
        "",
        "65536",
        "99999999999999999999",
        "-1",
        "+80",
        " 80",
        "\t1",
        "0000000000000000000000000000000080"};
    libsock_resolve_list *list = NULL;
    char longest[LIBSOCK_HOST_SIZE + 1];

    fault_reset();
    CHECK_KIND(libsock_resolve("h", "1", NULL, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_resolve(NULL, NULL, NULL, &list), INVALID_INPUT);
    for (size_t i = 0; i < LIBSOCK__COUNT(hosts); i++)
        CHECK_INT(resolve_ask(hosts[i], "80", 0), <, 0);
    for (size_t i = 0; i < LIBSOCK__COUNT(services); i++)
        CHECK_KIND(resolve_ask("127.0.0.1", services[i], 0), INVALID_INPUT);
    memset(longest, 'a', sizeof(longest));
    longest[LIBSOCK_HOST_SIZE] = '\0';
    CHECK_KIND(resolve_ask(longest, "80", 0), INVALID_INPUT);
    CHECK_KIND(resolve_ask("127.0.0.1", longest, 0), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls_of("resolve_getaddrinfo"), 0);
    CHECK(list == NULL);
}

TEST(where_numbers_are_wanted_nothing_else_is_taken)
{
    const uint32_t host = LIBSOCK_RESOLVE_NUMERIC_HOST;
    const uint32_t service = LIBSOCK_RESOLVE_NUMERIC_SERVICE;

    fault_reset();
    CHECK_KIND(resolve_ask("localhost", "80", host), INVALID_INPUT);
    CHECK_KIND(resolve_ask("127.1", "80", host), INVALID_INPUT);
    CHECK_KIND(resolve_ask("0x7f000001", "80", host), INVALID_INPUT);
    CHECK_KIND(resolve_ask("2130706433", "80", host), INVALID_INPUT);
    CHECK_KIND(resolve_ask("127.0.0.01", "80", host), INVALID_INPUT);
    CHECK_KIND(resolve_ask("127.0.0.1", "http", service), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls_of("resolve_getaddrinfo"), 0);
    CHECK_OK(resolve_ask("127.0.0.1", "80", host | service));
    CHECK_EQ_UINT(fault_calls_of("resolve_getaddrinfo"), 1);
}

TEST(options_are_judged)
{
    struct {
        libsock_resolve_options known;
        unsigned char later[16];
    } newer;
    libsock_resolve_options *options = &newer.known;
    libsock_resolve_list *list = NULL;

    memset(&newer, 0, sizeof(newer));
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    options->size = sizeof(*options) - 1;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    options->size = SIZE_MAX;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    options->size = sizeof(newer);
    newer.later[15] = 1;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    newer.later[15] = 0;
    options->flags = 128;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    options->flags = 0;
    options->protocol = -1;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), INVALID_INPUT);
    options->protocol = 0;
    options->domain = 99;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), UNSUPPORTED);
    options->domain = 0;
    options->type = -1;
    CHECK_KIND(libsock_resolve("::1", "1", options, &list), UNSUPPORTED);
    CHECK(list == NULL);
    options->type = LIBSOCK_TYPE_DGRAM;
    CHECK_OK(libsock_resolve("::1", "1", options, &list));
    CHECK_EQ_UINT(libsock_resolve_list_count(list), 1);
    libsock_resolve_list_free(list);
}

TEST(an_error_of_the_os_is_one_of_the_os)
{
    libsock_resolved_name name = {"old", "old"};
    libsock_addr addr;
    int r;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &addr));
    fault_fail_call("resolve_getaddrinfo", 1, EMFILE);
    r = resolve_ask("127.0.0.1", "80", 0);
    CHECK_ERR(r, EMFILE);
    CHECK_EQ_INT(libsock_resolve_code(r), 0);
    fault_fail_call("resolve_getnameinfo", 1, EMFILE);
    CHECK_ERR(libsock_resolve_name(&addr, 0, &name), EMFILE);
    CHECK_EQ_STR(name.host, "old");
}

static int resolve_try(void *arg)
{
    libsock_resolve_options options = {sizeof(options), 0, 0, 0,
                                       LIBSOCK_RESOLVE_CANONICAL_NAME |
                                           LIBSOCK_RESOLVE_NUMERIC_HOST};
    libsock_resolve_list *list = NULL;
    int r = libsock_resolve("127.0.0.1", "80", &options, &list);

    (void)arg;
    CHECK((r < 0) == (list == NULL));
    libsock_resolve_list_free(list);
    return r;
}

TEST(each_failing_allocation_is_out_of_memory)
{
    struct fault_summary sum = fault_each(resolve_try, NULL, ENOMEM);

    CHECK_EQ_UINT(sum.rounds, 4);
    CHECK_EQ_UINT(sum.failed, 4);
    for (unsigned n = 1; n <= 3; n++) {
        fault_reset();
        fault_fail_call("malloc", n, ENOMEM);
        CHECK_KIND(resolve_try(NULL), OUT_OF_MEMORY);
        CHECK(fault_fired());
    }
}

TEST(lists_that_are_not_there)
{
    libsock_resolve_list_free(NULL);
    CHECK_EQ_UINT(libsock_resolve_list_count(NULL), 0);
    CHECK(libsock_resolve_list_at(NULL, 0) == NULL);
    CHECK(libsock_resolve_list_canonical_name(NULL) == NULL);
}

TEST(only_ip_addresses_have_names)
{
    libsock_resolved_name name;
    libsock_addr addr = {0};

    fault_reset();
    CHECK_KIND(libsock_resolve_name(NULL, 0, &name), INVALID_INPUT);
    CHECK_KIND(libsock_resolve_name(&addr, 0, &name), INVALID_INPUT);
    CHECK_OK(libsock_addr_from_unix_path("/x", 2, &addr));
    CHECK_KIND(libsock_resolve_name(&addr, 0, &name), INVALID_INPUT);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 1, &addr));
    CHECK_KIND(libsock_resolve_name(&addr, 32, &name), INVALID_INPUT);
    CHECK_KIND(libsock_resolve_name(&addr, 0, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(the_resolvers_codes_are_a_range_of_their_own)
{
    static const struct {
        int eai;
        int kind;
        const char *name;
    } rows[] = {
        {EAI_NONAME, LIBSOCK_KIND_NOT_FOUND, "EAI_NONAME"},
        {EAI_AGAIN, LIBSOCK_KIND_TEMPORARY, "EAI_AGAIN"},
        {EAI_FAIL, LIBSOCK_KIND_OTHER, "EAI_FAIL"},
        {EAI_SERVICE, LIBSOCK_KIND_NOT_FOUND, "EAI_SERVICE"},
        {EAI_FAMILY, LIBSOCK_KIND_UNSUPPORTED, "EAI_FAMILY"},
        {EAI_SOCKTYPE, LIBSOCK_KIND_UNSUPPORTED, "EAI_SOCKTYPE"},
        {EAI_BADFLAGS, LIBSOCK_KIND_INVALID_INPUT, "EAI_BADFLAGS"},
        {EAI_MEMORY, LIBSOCK_KIND_OUT_OF_MEMORY, "EAI_MEMORY"},
        {EAI_OVERFLOW, LIBSOCK_KIND_NO_BUFFERS, "EAI_OVERFLOW"},
        {EAI_SYSTEM, LIBSOCK_KIND_OTHER, "EAI_SYSTEM"},
    };
    char text[128];

    for (size_t i = 0; i < LIBSOCK__COUNT(rows); i++) {
        int r = libsock__resolve_error(rows[i].eai);

        CHECK_INT(r, <, -LIBSOCK_RESOLVER_CODES);
        CHECK_EQ_INT(libsock_kind(r), rows[i].kind);
        CHECK_EQ_STR(libsock_error_name(r), rows[i].name);
        CHECK_EQ_INT(libsock_resolve_code(r), rows[i].eai);
        CHECK_EQ_UINT(libsock_error_text(r, text, sizeof(text)), strlen(text));
        CHECK_EQ_STR(text, gai_strerror(rows[i].eai));
        CHECK(!libsock_would_block(r) && !libsock_interrupted(r));
    }
}

TEST(other_codes_are_not_the_resolvers)
{
    CHECK_EQ_INT(libsock_resolve_code(0), 0);
    CHECK_EQ_INT(libsock_resolve_code(-EAGAIN), 0);
    CHECK_EQ_INT(libsock_resolve_code(EAI_NONAME), 0);
    CHECK_EQ_INT(libsock_resolve_code(-LIBSOCK_RESOLVER_CODES), 0);
    CHECK_EQ_INT(libsock_resolve_code(-2 * LIBSOCK_RESOLVER_CODES), 0);
    CHECK_EQ_INT(libsock_resolve_code(INT_MIN), 0);
    CHECK_EQ_INT(libsock_resolve_code(PTRDIFF_MIN), 0);
    CHECK_KIND(-LIBSOCK_RESOLVER_CODES - 4000, OTHER);
    CHECK_EQ_STR(libsock_error_name(-LIBSOCK_RESOLVER_CODES - 4000), "UNKNOWN");
}
