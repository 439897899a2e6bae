/* SPDX-License-Identifier: MIT */
/*
 * The options of DCCP: what the kernel holds where it still has the protocol,
 * and that all say so where it has not. The numbers are checked against the
 * kernel's own header.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <linux/dccp.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

static libsock_socket dccp_open(void)
{
    libsock_socket sock;
    int r = libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DCCP,
                         LIBSOCK_PROTOCOL_DCCP, 0, &sock);

    if (r < 0)
        SKIP("no DCCP in this kernel");
    return sock;
}

TEST(numbers_are_those_of_the_kernels_header)
{
    static const struct {
        const char *name;
        int native;
    } rows[] = {
        {"dccp_service", DCCP_SOCKOPT_SERVICE},
        {"dccp_ccid", DCCP_SOCKOPT_CCID},
        {"dccp_tx_ccid", DCCP_SOCKOPT_TX_CCID},
        {"dccp_rx_ccid", DCCP_SOCKOPT_RX_CCID},
        {"dccp_available_ccids", DCCP_SOCKOPT_AVAILABLE_CCIDS},
        {"dccp_server_timewait", DCCP_SOCKOPT_SERVER_TIMEWAIT},
        {"dccp_send_coverage", DCCP_SOCKOPT_SEND_CSCOV},
        {"dccp_recv_coverage", DCCP_SOCKOPT_RECV_CSCOV},
        {"dccp_queue_length", DCCP_SOCKOPT_QPOLICY_TXQLEN},
        {"dccp_max_packet_size", DCCP_SOCKOPT_GET_CUR_MPS},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        libsock_opt_info info;
        size_t index;

        CHECK_OK(libsock_opt_find(rows[i].name, &index));
        CHECK_OK(libsock_opt_info_at(index, &info));
        CHECK_EQ_INT(info.native, rows[i].native);
        CHECK_EQ_INT(info.level, SOL_DCCP);
        CHECK_EQ_INT(info.protocol, IPPROTO_DCCP);
    }
}

TEST(a_kernel_without_dccp_says_so)
{
    libsock_socket sock;
    int r = libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DCCP,
                         LIBSOCK_PROTOCOL_DCCP, 0, &sock);

    if (r >= 0) {
        CHECK_OK(libsock_close(sock));
        SKIP("this kernel has DCCP");
    }
    CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_UNSUPPORTED);
}

#define DCCP_REFUSED(call) \
 CHECK_EQ_INT(libsock_kind(call), LIBSOCK_KIND_UNSUPPORTED)

TEST(a_socket_of_another_protocol_has_none_of_them)
{
    uint8_t ccids[16];
    uint32_t value;
    bool on;
    libsock_socket sock;

    CHECK_OK(
        libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, 0, &sock));
    DCCP_REFUSED(libsock_set_dccp_service(sock, 45));
    DCCP_REFUSED(libsock_get_dccp_service(sock, &value));
    DCCP_REFUSED(libsock_set_dccp_ccid(sock, 2));
    DCCP_REFUSED(libsock_get_dccp_tx_ccid(sock, &value));
    DCCP_REFUSED(libsock_get_dccp_rx_ccid(sock, &value));
    DCCP_REFUSED(libsock_get_dccp_available_ccids(sock, ccids, sizeof(ccids)));
    DCCP_REFUSED(libsock_set_dccp_server_timewait(sock, true));
    DCCP_REFUSED(libsock_get_dccp_server_timewait(sock, &on));
    DCCP_REFUSED(libsock_set_dccp_send_coverage(sock, 1));
    DCCP_REFUSED(libsock_get_dccp_send_coverage(sock, &value));
    DCCP_REFUSED(libsock_set_dccp_recv_coverage(sock, 1));
    DCCP_REFUSED(libsock_get_dccp_recv_coverage(sock, &value));
    DCCP_REFUSED(libsock_set_dccp_queue_length(sock, 6));
    DCCP_REFUSED(libsock_get_dccp_queue_length(sock, &value));
    DCCP_REFUSED(libsock_get_dccp_max_packet_size(sock, &value));
    CHECK_OK(libsock_close(sock));
}

TEST(what_the_kernel_would_cut_is_refused)
{
    libsock_socket sock;

    CHECK_OK(
        libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, 0, &sock));
    CHECK_ERR(libsock_set_dccp_ccid(sock, 256), EINVAL);
    CHECK_ERR(libsock_set_dccp_send_coverage(sock, 16), EINVAL);
    CHECK_ERR(libsock_set_dccp_recv_coverage(sock, 16), EINVAL);
    CHECK_ERR(libsock_get_dccp_service(sock, NULL), EINVAL);
    CHECK_ERR(libsock_get_dccp_available_ccids(sock, NULL, 16), EINVAL);
    CHECK_OK(libsock_close(sock));
}

TEST(a_dccp_socket_holds_what_it_was_told)
{
    libsock_socket sock = dccp_open();
    int fd = (int)libsock_as_raw(sock);
    uint32_t raw = 0, value = 0;
    socklen_t len = sizeof(raw);
    uint8_t ccids[16];

    CHECK_OK(libsock_set_dccp_service(sock, 45));
    CHECK(getsockopt(fd, SOL_DCCP, DCCP_SOCKOPT_SERVICE, &raw, &len) == 0);
    CHECK_EQ_UINT(raw, 45);
    CHECK_OK(libsock_get_dccp_max_packet_size(sock, &value));
    CHECK_UINT(value, >, 0);
    CHECK_INT(libsock_get_dccp_available_ccids(sock, ccids, sizeof(ccids)), >=,
              1);
    CHECK_EQ_UINT(ccids[0], 2);
    CHECK_ERR(libsock_get_dccp_available_ccids(sock, ccids, 1), ENOBUFS);
    CHECK_OK(libsock_set_dccp_queue_length(sock, 6));
    CHECK_OK(libsock_get_dccp_queue_length(sock, &value));
    CHECK_EQ_UINT(value, 6);
    CHECK_OK(libsock_close(sock));
}
