/* SPDX-License-Identifier: MIT */
/*
 * Why a datagram did not get there: the error queue, by who says so, and the
 * path's MTU found out from a router. Networks are the test's own namespaces;
 * without them, those tests are skipped.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"

/* One message of the error queue. */
struct queue_msg {
    libsock_msg msg;
    libsock_buf buf;
    libsock_addr to;
    libsock_sock_error error;
    uint64_t room[32];
    char bytes[2048];
};

static void queue_recv(libsock_socket sock, struct queue_msg *m, size_t len)
{
    libsock_control c;
    ptrdiff_t n;

    m->buf = libsock_buf_of(m->bytes, sizeof(m->bytes));
    do {
        (void)net_wait_readable(sock_fd(sock), 5000);
        CHECK_OK(libsock_msg_init(&m->msg));
        CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
        CHECK_OK(libsock_msg_set_from(&m->msg, &m->to));
        CHECK_OK(libsock_msg_set_control(&m->msg, m->room, sizeof(m->room)));
        n = libsock_recv_msg(sock, &m->msg, LIBSOCK_MSG_ERRQUEUE);
    } while (libsock_would_block(n));
    CHECK_EQ_INT(n, len);
    CHECK_EQ_INT(libsock_msg_flags(&m->msg), LIBSOCK_MSG_ERRQUEUE);
    CHECK_OK(libsock_control_find(&m->msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_OK(libsock_control_get_error(&c, &m->error));
}

static void queue_enable(libsock_socket sock, int domain)
{
    int r = domain == LIBSOCK_DOMAIN_IPV4 ? libsock_set_recv_err_v4(sock, true)
                                          : libsock_set_recv_err_v6(sock, true);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no error queue here");
    CHECK_OK(r);
}

/* A datagram to a port where nobody is. `says` is origin, type, code. */
static void queue_refused(int domain, const uint32_t says[3])
{
    libsock_addr a, b, host, offender;
    libsock_socket one = sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two = sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, &b);
    struct queue_msg m;
    int error = 0;

    queue_enable(one, domain);
    sock_close(two);
    CHECK_EQ_INT(libsock_send_to(one, "gone", 4, 0, &b), 4);
    queue_recv(one, &m, 4);
    CHECK_EQ_MEM(m.bytes, "gone", 4);
    CHECK(libsock_addr_equal(&m.to, &b));
    CHECK_KIND(m.error.error, CONNECTION_REFUSED);
    CHECK_EQ_UINT(m.error.origin, says[0]);
    CHECK_EQ_UINT(m.error.type, says[1]);
    CHECK_EQ_UINT(m.error.code, says[2]);
    CHECK_OK(libsock_addr_loopback(domain, 0, &host));
    CHECK_OK(libsock_addr_from_raw(libsock_addr_raw(&m.error.offender),
                                   libsock_addr_raw_len(&m.error.offender),
                                   &offender));
    CHECK(libsock_addr_equal(&offender, &host));
    /* The queue is empty, and with it the socket's error is gone. */
    CHECK_OK(libsock_take_error(one, &error));
    CHECK_EQ_INT(error, 0);
    CHECK(libsock_would_block(
        libsock_recv_msg(one, &m.msg, LIBSOCK_MSG_ERRQUEUE)));
    sock_close(one);
}

TEST(a_refused_datagram_names_who_refused)
{
    queue_refused(LIBSOCK_DOMAIN_IPV4,
                  (const uint32_t[3]){LIBSOCK_ORIGIN_ICMPV4, 3, 3});
}

TEST(a_refused_datagram_names_who_refused_on_ipv6)
{
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    queue_refused(LIBSOCK_DOMAIN_IPV6,
                  (const uint32_t[3]){LIBSOCK_ORIGIN_ICMPV6, 1, 4});
}

/* An error that is cut must not be read as one. */
TEST(too_little_room_for_an_error_is_reported)
{
    uint64_t room[4]; /* a header and half of the error */
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    libsock_sock_error error;
    libsock_control c;
    libsock_msg msg;
    ptrdiff_t n;

    queue_enable(one, LIBSOCK_DOMAIN_IPV4);
    sock_close(two);
    CHECK_EQ_INT(libsock_send_to(one, "gone", 4, 0, &b), 4);
    CHECK_OK(libsock_msg_init(&msg));
    do {
        (void)net_wait_readable(sock_fd(one), 5000);
        CHECK_OK(libsock_msg_set_control(&msg, room, 24));
        n = libsock_recv_msg(one, &msg, LIBSOCK_MSG_ERRQUEUE);
    } while (libsock_would_block(n));
    CHECK_OK(n);
    CHECK((libsock_msg_flags(&msg) & LIBSOCK_MSG_CTRUNC) != 0);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_KIND(libsock_control_get_error(&c, &error), INVALID_INPUT);
    sock_close(one);
}

static libsock_addr queue_addr(const char *text)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse(text, strlen(text), &addr));
    return addr;
}

/* Too long for this host's own device: the send fails at once. */
TEST(a_send_too_long_for_the_device_tells_its_mtu)
{
    static const char bytes[2000];
    libsock_addr to = queue_addr("127.0.0.1:9");
    struct queue_msg m;
    libsock_socket sock;

    netns_enter();
    netns_ip("link set lo mtu 1500");
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    queue_enable(sock, LIBSOCK_DOMAIN_IPV4);
    CHECK_OK(libsock_set_mtu_discover_v4(sock, LIBSOCK_MTU_DISCOVER_DO));
    CHECK_KIND(libsock_send_to(sock, bytes, sizeof(bytes), 0, &to), MSG_SIZE);
    queue_recv(sock, &m, 0);
    CHECK_KIND(m.error.error, MSG_SIZE);
    CHECK_EQ_UINT(m.error.origin, LIBSOCK_ORIGIN_LOCAL);
    CHECK_EQ_UINT(m.error.info, 1500);
    CHECK_OK(libsock_set_mtu_discover_v4(sock, LIBSOCK_MTU_DISCOVER_OFF));
    CHECK_EQ_INT(libsock_send_to(sock, bytes, sizeof(bytes), 0, &to), 2000);
    sock_close(sock);
}

/* host - router - far, the second wire narrower. The thread ends in host; the
 * two others live as long as `out_ns`. */
static void queue_network(int out_ns[2])
{
    struct netns_end host = {.name = "host0"}, far = {.name = "far0"};
    struct netns_end near_end = {.name = "near0"}, back = {.name = "back0"};

    netns_enter();
    far.fd = netns_open();
    netns_enter();
    near_end.fd = netns_open();
    back.fd = near_end.fd;
    netns_sysctl("ipv4/ip_forward", "1");
    netns_enter();
    host.fd = netns_open();
    netns_wire(&host, &near_end);
    netns_ip("addr add 10.9.1.1/24 dev host0");
    netns_ip("route add default via 10.9.1.2");
    netns_move(far.fd);
    netns_wire(&far, &back);
    netns_ip("addr add 10.9.2.1/24 dev far0");
    netns_ip("route add default via 10.9.2.2");
    netns_move(back.fd);
    netns_ip("addr add 10.9.1.2/24 dev near0");
    netns_ip("addr add 10.9.2.2/24 dev back0");
    netns_ip("link set back0 mtu 1300");
    netns_move(host.fd);
    net_close(host.fd);
    out_ns[0] = far.fd;
    out_ns[1] = back.fd;
}

TEST(a_router_tells_the_mtu_of_the_path)
{
    static const char bytes[1400];
    libsock_addr to = queue_addr("10.9.2.1:9");
    libsock_addr router = queue_addr("10.9.1.2:0");
    libsock_socket sock;
    struct queue_msg m;
    uint32_t mtu = 0;
    int ns[2];

    queue_network(ns);
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    queue_enable(sock, LIBSOCK_DOMAIN_IPV4);
    CHECK_OK(libsock_set_mtu_discover_v4(sock, LIBSOCK_MTU_DISCOVER_DO));
    CHECK_OK(libsock_connect(sock, &to));
    CHECK_OK(libsock_get_mtu_v4(sock, &mtu));
    CHECK_EQ_UINT(mtu, 1500);
    CHECK_EQ_INT(libsock_send(sock, bytes, sizeof(bytes), 0), 1400);
    CHECK(net_wait_readable(sock_fd(sock), 5000));
    /* Routers quote what fits into 576 bytes. */
    queue_recv(sock, &m, 576 - 2 * (20 + 8));
    CHECK_KIND(m.error.error, MSG_SIZE);
    CHECK_EQ_UINT(m.error.origin, LIBSOCK_ORIGIN_ICMPV4);
    CHECK_EQ_UINT(m.error.type, 3);
    CHECK_EQ_UINT(m.error.code, 4);
    CHECK_EQ_UINT(m.error.info, 1300);
    CHECK(libsock_addr_equal(&m.error.offender, &router));
    CHECK_OK(libsock_get_mtu_v4(sock, &mtu));
    CHECK_EQ_UINT(mtu, 1300);
    /* Now this host knows, and refuses by itself. */
    CHECK_KIND(libsock_send(sock, bytes, sizeof(bytes), 0), MSG_SIZE);
    CHECK_EQ_INT(libsock_send(sock, bytes, 1300 - 28, 0), 1300 - 28);
    sock_close(sock);
    net_close(ns[0]);
    net_close(ns[1]);
}
