/* SPDX-License-Identifier: MIT */
/*
 * SCTP where most kernels have none: what is nonsense is refused first, and
 * what a record holds is read and written. What it does to associations is
 * tested in the virtual machine. Nothing is guarded.
 */
#include "control_support.h"

#include "support/fault.h"

TEST(nonsense_about_sctp_is_refused)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_addr addrs[LIBSOCK_SCTP_ADDRS_MAX + 1];
    const libsock_sctp_init slow = {.max_timeout_ns = 65535000001};
    libsock_addr path;

    for (size_t i = 0; i <= LIBSOCK_SCTP_ADDRS_MAX; i++)
        CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 0, &addrs[i]));
    CHECK_OK(libsock_addr_from_unix_path("/x", 2, &path));
    fault_reset();
    CHECK_KIND(libsock_sctp_bind_add(none, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_sctp_bind_add(none, addrs, 0), INVALID_INPUT);
    CHECK_KIND(
        libsock_sctp_bind_remove(none, addrs, LIBSOCK_SCTP_ADDRS_MAX + 1),
        INVALID_INPUT);
    CHECK_KIND(libsock_sctp_connect(none, &path, 1), INVALID_INPUT);
    CHECK_KIND(libsock_set_sctp_init(none, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_set_sctp_init(none, &slow), INVALID_INPUT);
    CHECK_KIND(libsock_get_sctp_init(none, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_KIND(libsock_sctp_connect(none, addrs, LIBSOCK_SCTP_ADDRS_MAX),
               BAD_DESCRIPTOR);
    CHECK_EQ_UINT(fault_calls(), 1);
}

TEST(a_socket_of_tcp_has_none_of_it)
{
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    libsock_sctp_init init = {7, 0, 0, 0};
    bool on = true;

    CHECK_KIND(libsock_set_sctp_nodelay(sock, true), UNSUPPORTED);
    CHECK_KIND(libsock_get_sctp_recv_info(sock, &on), UNSUPPORTED);
    CHECK_KIND(libsock_set_sctp_init(sock, &init), UNSUPPORTED);
    CHECK_KIND(libsock_get_sctp_init(sock, &init), UNSUPPORTED);
    CHECK(on);
    CHECK_EQ_UINT(init.out_streams, 7);
    sock_close(sock);
}

/* struct sctp_rcvinfo and struct sctp_sndinfo, by hand. */
TEST(a_record_of_sctp_is_read_and_written)
{
    unsigned char in[28] = {0};
    unsigned char out[16] = {0};
    const uint16_t halves[3] = {4, 5, 1};
    const uint32_t payload = 0x01020304;
    libsock_sctp_message message = {9,       0, LIBSOCK_SCTP_UNORDERED,
                                    payload, 0, 0};
    struct value_record v;
    struct value_writer w;

    memcpy(out, &message.stream, 2);
    memcpy(out + 2, &halves[2], 2);
    memcpy(out + 4, &payload, 4);
    CHECK_OK(libsock_control_put_sctp(value_writer(&w), &message));
    value_written(&w, IPPROTO_SCTP, 2, out, sizeof(out));
    message.flags = 2;
    CHECK_KIND(libsock_control_put_sctp(value_writer(&w), &message),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_put_sctp(&w.w, NULL), INVALID_INPUT);
    memcpy(in, halves, sizeof(halves));
    memcpy(in + 8, &payload, 4);
    CHECK_OK(libsock_control_get_sctp(READ(v, IPPROTO_SCTP, 3, in, sizeof(in)),
                                      &message));
    CHECK_EQ_UINT(message.stream, 4);
    CHECK_EQ_UINT(message.sequence, 5);
    CHECK_EQ_UINT(message.flags, LIBSOCK_SCTP_UNORDERED);
    CHECK_EQ_UINT(message.payload, payload);
    CHECK_KIND(libsock_control_get_sctp(&v.control, NULL), INVALID_INPUT);
    CHECK_KIND(
        libsock_control_get_sctp(READ(v, IPPROTO_SCTP, 3, in, 24), &message),
        INVALID_INPUT);
    CHECK_EQ_UINT(message.stream, 4);
}
