/* SPDX-License-Identifier: MIT */
/*
 * Names to addresses and back, with a hosts file, a services file and a DNS
 * server of the test's own, so that each answer and each failure is known.
 * Arguments and injected failures are in unit/libsock/resolve.c.
 * The server has a socket that the test touches only to end it.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"
#include "support/thread.h"

enum {
    DNS_HEAD = 12,
    DNS_MAX = 512,
    DNS_A = 1,
    DNS_CNAME = 5,
    DNS_PTR = 12,
    DNS_AAAA = 28,
    DNS_SERVFAIL = 2,
    DNS_NXDOMAIN = 3
};

/* One line of the server's knowledge; data as it goes into the answer. */
struct dns_record {
    const char *name; /* as in a question: each label behind its length */
    int type;
    int code;
    const char *data;
    size_t len;
};

#define DNS_DATA(text) text, sizeof(text) - 1

static const struct dns_record dns_records[] = {
    {"\4host\4test", DNS_A, 0, DNS_DATA("\300\0\2\7")},
    {"\4host\4test", DNS_AAAA, 0,
     DNS_DATA("\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\7")},
    {"\6v4only\4test", DNS_A, 0, DNS_DATA("\300\0\2\10")},
    {"\5alias\4test", DNS_CNAME, 0, DNS_DATA("\4host\4test\0")},
    {"\5empty\4test", 0, 0, NULL, 0},
    {"\6broken\4test", 0, DNS_SERVFAIL, NULL, 0},
    {"\0017\0012\0010\003192\7in-addr\4arpa", DNS_PTR, 0,
     DNS_DATA("\4host\4test\0")},
};

struct dns_server {
    libsock_socket sock;
    thread *runner;
};

struct dns_answer {
    unsigned char bytes[DNS_MAX];
    size_t len;
};

static void dns_put(struct dns_answer *out, const void *bytes, size_t len)
{
    CHECK_UINT(out->len + len, <=, sizeof(out->bytes));
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

/* Name (or a pointer to the question's), type, class IN, no time to live. */
static void dns_put_record(struct dns_answer *out, const char *name,
                           const struct dns_record *record)
{
    const unsigned char fixed[] = {
        0, (unsigned char)record->type, 0, 1, 0, 0, 0, 0,
        0, (unsigned char)record->len};

    if (name == NULL)
        dns_put(out, "\300\14", 2);
    else
        dns_put(out, name, strlen(name) + 1);
    dns_put(out, fixed, sizeof(fixed));
    dns_put(out, record->data, record->len);
    out->bytes[7]++;
}

static void dns_answer_all(struct dns_answer *out, const char *name, int type)
{
    bool known = false;

    for (size_t i = 0; i < sizeof(dns_records) / sizeof(*dns_records); i++) {
        const struct dns_record *record = &dns_records[i];

        if (strcmp(record->name, name) != 0)
            continue;
        known = true;
        out->bytes[3] = (unsigned char)(0x80 | record->code);
        if (record->type == type)
            dns_put_record(out, NULL, record);
        if (record->type == DNS_CNAME && type != DNS_CNAME) {
            dns_put_record(out, NULL, record);
            /* Then those of the name that it stands for. */
            dns_put_record(out, record->data,
                           &dns_records[type == DNS_A ? 0 : 1]);
        }
    }
    if (!known)
        out->bytes[3] = 0x80 | DNS_NXDOMAIN;
}

/* An empty datagram ends it. */
static void dns_serve(void *arg)
{
    struct dns_server *server = arg;
    unsigned char question[DNS_MAX + 1] = {0};
    libsock_addr from;
    ptrdiff_t n;

    for (;;) {
        struct dns_answer out = {.len = 0};
        size_t name;

        n = libsock_recv_from(server->sock, question, DNS_MAX, 0, &from);
        CHECK_OK(n);
        if (n == 0)
            return;
        question[n] = 0;
        name = strlen((char *)question + DNS_HEAD);
        CHECK_UINT(DNS_HEAD + name + 5, <=, (size_t)n);
        dns_put(&out, question, DNS_HEAD + name + 5);
        memset(out.bytes + 2, 0, 10);
        out.bytes[2] = 0x85;
        out.bytes[5] = 1;
        dns_answer_all(&out, (char *)question + DNS_HEAD,
                       question[DNS_HEAD + name + 2]);
        CHECK_OK(libsock_send_to(server->sock, out.bytes, out.len, 0, &from));
    }
}

/* A network without a way out, and files that say what the test wants. */
static void resolve_world(void)
{
    netns_enter();
    netns_etc("nsswitch.conf", "hosts: files dns\nservices: files\n");
    netns_etc("resolv.conf",
              "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    netns_etc("services", "testing 4711/tcp\ntesting 4712/udp alsotesting\n"
                          "onlytcp 4713/tcp\n");
    netns_etc("hosts", "127.0.0.1 localhost\n::1 localhost\n"
                       "192.0.2.1 filed canonical.filed\n"
                       "192.0.2.2 twice\n192.0.2.3 twice\n"
                       "2001:db8::1 six\nfe80::1 local6\n");
    netns_etc("host.conf", "multi on\n");
    netns_etc("gai.conf", "\n");
    netns_etc("protocols", "tcp 6 TCP\nudp 17 UDP\n");
}

static void dns_start(struct dns_server *server)
{
    libsock_addr at;

    resolve_world();
    server->sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 53, &at));
    CHECK_OK(libsock_bind(server->sock, &at));
    server->runner = thread_start(dns_serve, server);
}

static void dns_stop(struct dns_server *server)
{
    libsock_addr at;

    CHECK_OK(libsock_local_addr(server->sock, &at));
    CHECK_OK(libsock_send_to(server->sock, NULL, 0, 0, &at));
    thread_join(server->runner);
    sock_close(server->sock);
}

/* The addresses in their order, one behind the other. */
static const char *resolve_text(const libsock_resolve_list *list,
                                char text[1024])
{
    char one[LIBSOCK_ADDR_TEXT_SIZE];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < libsock_resolve_list_count(list); i++) {
        const libsock_resolved *item = libsock_resolve_list_at(list, i);

        CHECK_OK(libsock_addr_print(&item->addr, one, sizeof(one)));
        len += (size_t)snprintf(text + len, 1024 - len, "%s%s",
                                i == 0 ? "" : " ", one);
        CHECK_UINT(len, <, 1024);
    }
    return text;
}

static libsock_resolve_options resolve_stream(int domain, uint32_t flags)
{
    libsock_resolve_options options = {sizeof(options), 0, 0, 0, 0};

    options.domain = domain;
    options.type = LIBSOCK_TYPE_STREAM;
    options.flags = flags;
    return options;
}

static void resolve_expect_options(const char *host, const char *service,
                                   const libsock_resolve_options *options,
                                   const char *want)
{
    libsock_resolve_list *list = NULL;
    char text[1024];

    CHECK_OK(libsock_resolve(host, service, options, &list));
    CHECK_EQ_STR(resolve_text(list, text), want);
    for (size_t i = 0; i < libsock_resolve_list_count(list); i++) {
        CHECK_EQ_INT(libsock_resolve_list_at(list, i)->type,
                     LIBSOCK_TYPE_STREAM);
        CHECK_EQ_INT(libsock_resolve_list_at(list, i)->protocol,
                     LIBSOCK_PROTOCOL_TCP);
    }
    libsock_resolve_list_free(list);
}

static void resolve_expect(const char *host, const char *service, int domain,
                           uint32_t flags, const char *want)
{
    libsock_resolve_options options = resolve_stream(domain, flags);

    resolve_expect_options(host, service, &options, want);
}

static int resolve_fails(const char *host, const char *service, int domain,
                         uint32_t flags)
{
    libsock_resolve_options options = resolve_stream(domain, flags);
    libsock_resolve_list *list = NULL;
    int r = libsock_resolve(host, service, &options, &list);

    CHECK_INT(r, <, 0);
    CHECK(list == NULL);
    return r;
}

/* A failure of the resolver: its kind, its name, and that it is told apart. */
#define RESOLVE_FAILS(r, kind, name)                         \
 do {                                                        \
  int r_ = (r);                                              \
  CHECK_KIND(r_, kind);                                      \
  CHECK_EQ_STR(libsock_error_name(r_), name);                \
  CHECK(libsock_resolve_code(r_) != 0);                      \
  CHECK_INT(libsock_os_code(r_), >, LIBSOCK_RESOLVER_CODES); \
 } while (0)

TEST(numbers_need_nobody)
{
    const uint32_t both =
        LIBSOCK_RESOLVE_NUMERIC_HOST | LIBSOCK_RESOLVE_NUMERIC_SERVICE;

    resolve_expect("192.0.2.9", "80", 0, both, "192.0.2.9:80");
    resolve_expect("192.0.2.9", "0", 0, both, "192.0.2.9:0");
    resolve_expect("192.0.2.9", "65535", 0, both, "192.0.2.9:65535");
    resolve_expect("192.0.2.9", "00080", 0, both, "192.0.2.9:80");
    resolve_expect("2001:db8::9", "443", 0, both, "[2001:db8::9]:443");
    resolve_expect("2001:db8::9", NULL, 0, both, "[2001:db8::9]:0");
    resolve_expect("::ffff:192.0.2.9", "1", LIBSOCK_DOMAIN_IPV6, both,
                   "[::ffff:192.0.2.9]:1");
}

TEST(without_a_host_it_is_this_one)
{
    resolve_expect(NULL, "80", LIBSOCK_DOMAIN_IPV4, 0, "127.0.0.1:80");
    resolve_expect(NULL, "80", LIBSOCK_DOMAIN_IPV6, 0, "[::1]:80");
    resolve_expect(NULL, "80", LIBSOCK_DOMAIN_IPV4, LIBSOCK_RESOLVE_PASSIVE,
                   "0.0.0.0:80");
    resolve_expect(NULL, "80", LIBSOCK_DOMAIN_IPV6, LIBSOCK_RESOLVE_PASSIVE,
                   "[::]:80");
    resolve_expect("192.0.2.9", "80", 0, LIBSOCK_RESOLVE_PASSIVE,
                   "192.0.2.9:80");
}

TEST(a_scope_is_kept)
{
    libsock_resolve_list *list = NULL;
    libsock_ipv6 ipv6;

    netns_enter();
    CHECK_OK(libsock_resolve("fe80::1%lo", "80", NULL, &list));
    CHECK_OK(
        libsock_addr_get_ipv6(&libsock_resolve_list_at(list, 0)->addr, &ipv6));
    CHECK_EQ_UINT(ipv6.scope_id, 1);
    CHECK_EQ_UINT(ipv6.port, 80);
    libsock_resolve_list_free(list);
    list = NULL;
    CHECK_KIND(libsock_resolve("fe80::1%nosuch", "80", NULL, &list), NOT_FOUND);
    CHECK_KIND(libsock_resolve("fe80::1%lo0123456789012345678901234567", "80",
                               NULL, &list),
               NOT_FOUND);
    CHECK_INT(libsock_resolve("name%lo", "80", NULL, &list), <, 0);
    CHECK_INT(libsock_resolve("fe80::1%", "80", NULL, &list), <, 0);
    CHECK(list == NULL);
}

TEST(the_hosts_file_is_read)
{
    resolve_world();
    resolve_expect("filed", "80", 0, 0, "192.0.2.1:80");
    resolve_expect("canonical.filed", "80", 0, 0, "192.0.2.1:80");
    resolve_expect("twice", "80", 0, 0, "192.0.2.2:80 192.0.2.3:80");
    resolve_expect("six", "80", 0, 0, "[2001:db8::1]:80");
    resolve_expect("filed", "80", LIBSOCK_DOMAIN_IPV6,
                   LIBSOCK_RESOLVE_V4_MAPPED, "[::ffff:192.0.2.1]:80");
}

TEST(services_have_names_and_protocols)
{
    libsock_resolve_options options = resolve_stream(LIBSOCK_DOMAIN_IPV4, 0);
    libsock_resolve_list *list = NULL;
    size_t n;

    resolve_world();
    resolve_expect("filed", "testing", 0, 0, "192.0.2.1:4711");
    options.type = LIBSOCK_TYPE_DGRAM;
    CHECK_OK(libsock_resolve("filed", "alsotesting", &options, &list));
    CHECK_EQ_INT(libsock_addr_port(&libsock_resolve_list_at(list, 0)->addr),
                 4712);
    CHECK_EQ_INT(libsock_resolve_list_at(list, 0)->type, LIBSOCK_TYPE_DGRAM);
    CHECK_EQ_INT(libsock_resolve_list_at(list, 0)->protocol,
                 LIBSOCK_PROTOCOL_UDP);
    libsock_resolve_list_free(list);
    list = NULL;
    RESOLVE_FAILS(libsock_resolve("filed", "onlytcp", &options, &list),
                  NOT_FOUND, "EAI_SERVICE");
    RESOLVE_FAILS(resolve_fails("filed", "nosuch", 0, 0), NOT_FOUND,
                  "EAI_SERVICE");
    /* Of any type there is one answer for each that has the name. */
    CHECK_OK(libsock_resolve("filed", "testing", NULL, &list));
    n = libsock_resolve_list_count(list);
    CHECK_EQ_UINT(n, 2);
    CHECK_EQ_INT(libsock_resolve_list_at(list, 0)->type, LIBSOCK_TYPE_STREAM);
    CHECK_EQ_INT(libsock_resolve_list_at(list, 1)->type, LIBSOCK_TYPE_DGRAM);
    CHECK(libsock_resolve_list_at(list, 2) == NULL);
    libsock_resolve_list_free(list);
}

TEST(dns_answers_become_addresses)
{
    struct dns_server server;

    dns_start(&server);
    resolve_expect("host.test", "80", LIBSOCK_DOMAIN_IPV4, 0, "192.0.2.7:80");
    resolve_expect("host.test", "80", LIBSOCK_DOMAIN_IPV6, 0,
                   "[2001:db8::7]:80");
    resolve_expect("v4only.test", "80", 0, 0, "192.0.2.8:80");
    resolve_expect("v4only.test", "80", LIBSOCK_DOMAIN_IPV6,
                   LIBSOCK_RESOLVE_V4_MAPPED, "[::ffff:192.0.2.8]:80");
    dns_stop(&server);
}

TEST(both_families_can_be_had_as_ipv6)
{
    struct dns_server server;

    dns_start(&server);
    resolve_expect("host.test", "80", LIBSOCK_DOMAIN_IPV6,
                   LIBSOCK_RESOLVE_V4_MAPPED, "[2001:db8::7]:80");
    resolve_expect("host.test", "80", LIBSOCK_DOMAIN_IPV6,
                   LIBSOCK_RESOLVE_V4_MAPPED | LIBSOCK_RESOLVE_ALL,
                   "[2001:db8::7]:80 [::ffff:192.0.2.7]:80");
    dns_stop(&server);
}

/* A loopback address does not count as having a family. */
TEST(only_families_that_this_host_has_are_asked_for)
{
    struct dns_server server;
    int ns;

    if (!netns_resolver_is_glibc())
        SKIP("this C library counts the addresses of lo too");
    dns_start(&server);
    ns = netns_open();
    netns_wire(&(struct netns_end){ns, "v0"}, &(struct netns_end){ns, "v1"});
    net_close(ns);
    netns_sysctl("ipv6/conf/v0/disable_ipv6", "1");
    netns_sysctl("ipv6/conf/v1/disable_ipv6", "1");
    netns_ip("addr add 198.51.100.1/24 dev v0");
    resolve_expect("host.test", "80", 0, LIBSOCK_RESOLVE_ADDR_CONFIG,
                   "192.0.2.7:80");
    netns_ip("addr del 198.51.100.1/24 dev v0");
    netns_sysctl("ipv6/conf/v0/disable_ipv6", "0");
    netns_ip("addr add 2001:db8::1/64 dev v0 nodad");
    resolve_expect("host.test", "80", 0, LIBSOCK_RESOLVE_ADDR_CONFIG,
                   "[2001:db8::7]:80");
    dns_stop(&server);
}

TEST(an_alias_has_a_canonical_name)
{
    struct dns_server server;
    libsock_resolve_options options =
        resolve_stream(LIBSOCK_DOMAIN_IPV4, LIBSOCK_RESOLVE_CANONICAL_NAME);
    libsock_resolve_list *list = NULL;
    char text[1024];

    dns_start(&server);
    CHECK_OK(libsock_resolve("alias.test", "80", &options, &list));
    CHECK_EQ_STR(libsock_resolve_list_canonical_name(list), "host.test");
    CHECK_EQ_STR(resolve_text(list, text), "192.0.2.7:80");
    libsock_resolve_list_free(list);
    options.flags = 0;
    CHECK_OK(libsock_resolve("alias.test", "80", &options, &list));
    CHECK(libsock_resolve_list_canonical_name(list) == NULL);
    libsock_resolve_list_free(list);
    dns_stop(&server);
}

TEST(failures_are_told_apart)
{
    struct dns_server server;

    dns_start(&server);
    RESOLVE_FAILS(resolve_fails("none.test", "80", 0, 0), NOT_FOUND,
                  "EAI_NONAME");
    RESOLVE_FAILS(resolve_fails("empty.test", "80", 0, 0), NOT_FOUND,
                  "EAI_NODATA");
    RESOLVE_FAILS(resolve_fails("v4only.test", "80", LIBSOCK_DOMAIN_IPV6, 0),
                  NOT_FOUND, "EAI_NODATA");
    RESOLVE_FAILS(resolve_fails("broken.test", "80", 0, 0), TEMPORARY,
                  "EAI_AGAIN");
    RESOLVE_FAILS(resolve_fails("192.0.2.1", "80", LIBSOCK_DOMAIN_IPV6, 0),
                  NOT_FOUND,
                  netns_resolver_is_glibc() ? "EAI_ADDRFAMILY" : "EAI_NODATA");
    RESOLVE_FAILS(resolve_fails("filed", "80", LIBSOCK_DOMAIN_UNIX, 0),
                  UNSUPPORTED, "EAI_FAMILY");
    dns_stop(&server);
}

TEST(without_a_server_it_is_temporary)
{
    resolve_world();
    RESOLVE_FAILS(resolve_fails("host.test", "80", 0, 0), TEMPORARY,
                  "EAI_AGAIN");
    /* What the files know is known all the same. */
    resolve_expect("filed", "80", 0, 0, "192.0.2.1:80");
}

static void resolve_expect_name(const char *text, uint32_t flags,
                                const char *host, const char *service)
{
    libsock_resolved_name name;
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse(text, strlen(text), &addr));
    CHECK_OK(libsock_resolve_name(&addr, flags, &name));
    CHECK_EQ_STR(name.host, host);
    CHECK_EQ_STR(name.service, service);
}

TEST(addresses_have_names)
{
    struct dns_server server;
    libsock_resolved_name name = {"old", "old"};
    libsock_addr addr;

    dns_start(&server);
    resolve_expect_name("192.0.2.1:4711", 0, "filed", "testing");
    resolve_expect_name("192.0.2.7:80", 0, "host.test", "80");
    resolve_expect_name("[2001:db8::1]:4711", 0, "six", "testing");
    resolve_expect_name("192.0.2.1:4712", LIBSOCK_NAME_DATAGRAM, "filed",
                        "testing");
    resolve_expect_name("192.0.2.1:4712", 0, "filed", "4712");
    resolve_expect_name("192.0.2.1:4711", LIBSOCK_NAME_NUMERIC_SERVICE, "filed",
                        "4711");
    resolve_expect_name("192.0.2.1:4711", LIBSOCK_NAME_NUMERIC_HOST,
                        "192.0.2.1", "testing");
    resolve_expect_name("192.0.2.99:80", 0, "192.0.2.99", "80");
    CHECK_OK(libsock_addr_parse("192.0.2.99:80", 13, &addr));
    RESOLVE_FAILS(libsock_resolve_name(&addr, LIBSOCK_NAME_REQUIRED, &name),
                  NOT_FOUND, "EAI_NONAME");
    CHECK_EQ_STR(name.host, "old");
    CHECK_EQ_STR(name.service, "old");
    dns_stop(&server);
}

/* The domain is taken from this host's own full name. */
TEST(the_own_domain_can_be_left_out)
{
    FILE *file = fopen("/proc/sys/kernel/hostname", "r");
    char own[128] = "", hosts[512];

    if (!netns_resolver_is_glibc())
        SKIP("this C library leaves no domain out");
    if (file == NULL)
        SKIP("no /proc here");
    CHECK(fgets(own, sizeof(own), file) != NULL);
    fclose(file);
    own[strcspn(own, "\n")] = '\0';
    if (strchr(own, '.') != NULL)
        SKIP("this host is called by its full name");
    snprintf(hosts, sizeof(hosts),
             "192.0.2.60 %s.own.test %s\n192.0.2.61 box.own.test\n", own, own);
    resolve_world();
    netns_etc("hosts", hosts);
    resolve_expect_name("192.0.2.61:80", 0, "box.own.test", "80");
    resolve_expect_name("192.0.2.61:80", LIBSOCK_NAME_LOCAL, "box", "80");
}

TEST(a_name_written_as_number_keeps_its_scope)
{
    const uint32_t both =
        LIBSOCK_NAME_NUMERIC_HOST | LIBSOCK_NAME_NUMERIC_SERVICE;

    netns_enter();
    resolve_expect_name("[fe80::1%lo]:65535", both, "fe80::1%lo", "65535");
    resolve_expect_name("[2001:db8::1]:0", both, "2001:db8::1", "0");
    resolve_expect_name("192.0.2.1:1", both, "192.0.2.1", "1");
}

TEST(an_answer_is_what_a_socket_takes)
{
    libsock_resolve_options options =
        resolve_stream(LIBSOCK_DOMAIN_IPV4, LIBSOCK_RESOLVE_PASSIVE);
    libsock_resolve_list *list = NULL;
    const libsock_resolved *answer;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_resolve(NULL, "0", &options, &list));
    answer = libsock_resolve_list_at(list, 0);
    CHECK_OK(libsock_open(libsock_addr_domain(&answer->addr), answer->type,
                          answer->protocol, 0, &sock));
    CHECK_OK(libsock_bind(sock, &answer->addr));
    libsock_resolve_list_free(list);
    sock_close(sock);
}
