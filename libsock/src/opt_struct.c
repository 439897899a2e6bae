/* SPDX-License-Identifier: MIT */
/*
 * Options whose value is a structure, each with functions of its own. Their
 * rows in opt_list.h say the number and the family, and opt.c leaves them out.
 * No state to guard.
 */
#include <libsock/opt_dccp.h>
#include <libsock/opt_flow.h>
#include <libsock/opt_raw.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_tcp.h>
#include <libsock/opt_vsock.h>

#include <string.h>

#include <libsock/mptcp_info.h>
#include <libsock/tcp_info.h>

#include "addr.h"
#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

enum {
    OPT_PORT_BITS = 16,
    OPT_FANOUT_FLAG_BITS = 12,
    OPT_FANOUT_MODE_MASK = 0xff,
    OPT_FANOUT_FLAGS = LIBSOCK_PACKET_FANOUT_OVERFLOW |
                       LIBSOCK_PACKET_FANOUT_UNIQUE_ID |
                       LIBSOCK_PACKET_FANOUT_DEFRAG,
    OPT_FLOW_LEAST_S = 6,
    OPT_TXTIME_FLAGS = LIBSOCK_TXTIME_DEADLINE | LIBSOCK_TXTIME_REPORT
};

#define OPT_NS_PER_S UINT64_C(1000000000)

int libsock_set_local_port_range(libsock_socket sock, uint16_t low,
                                 uint16_t high)
{
    if (low != 0 && high != 0 && low > high) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_number(
        sock.raw, LIBSOCK__OPT_local_port_range,
        (int64_t)((uint32_t)high << OPT_PORT_BITS | low));
}

int libsock_get_local_port_range(libsock_socket sock, uint16_t *out_low,
                                 uint16_t *out_high)
{
    int64_t both;
    int r;

    if (out_low == NULL || out_high == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_get_number(sock.raw, LIBSOCK__OPT_local_port_range,
                                    &both);
    if (r >= 0) {
        *out_low = (uint16_t)(both & UINT16_MAX);
        *out_high = (uint16_t)(both >> OPT_PORT_BITS);
    }
    return r;
}

static bool opt_clock_known(int clock)
{
    return clock == LIBSOCK_CLOCK_REALTIME ||
           clock == LIBSOCK_CLOCK_MONOTONIC || clock == LIBSOCK_CLOCK_TAI;
}

int libsock_set_txtime(libsock_socket sock, const libsock_txtime *txtime)
{
    if (txtime == NULL || !opt_clock_known(txtime->clock) ||
        (txtime->flags & ~(uint32_t)OPT_TXTIME_FLAGS) != 0) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_txtime(sock.raw, txtime);
}

int libsock_get_txtime(libsock_socket sock, libsock_txtime *out_txtime)
{
    return out_txtime == NULL
               ? libsock__invalid()
               : libsock__sys_opt_get_txtime(sock.raw, out_txtime);
}

int libsock_set_icmp_filter_v6(libsock_socket sock,
                               const libsock_icmp_filter *filter)
{
    return filter == NULL ? libsock__invalid()
                          : libsock__sys_opt_set_icmp6(sock.raw, filter);
}

int libsock_get_icmp_filter_v6(libsock_socket sock,
                               libsock_icmp_filter *out_filter)
{
    return out_filter == NULL
               ? libsock__invalid()
               : libsock__sys_opt_get_icmp6(sock.raw, out_filter);
}

static bool opt_packet_valid(const libsock_packet_membership *what)
{
    return what != NULL && what->join <= LIBSOCK_PACKET_UNICAST &&
           what->len <= sizeof(what->octets) && what->ifindex <= INT32_MAX;
}

int libsock_join_packet(libsock_socket sock,
                        const libsock_packet_membership *what)
{
    return opt_packet_valid(what)
               ? libsock__sys_opt_set_packet(sock.raw, LIBSOCK__OPT_join_packet,
                                             what)
               : libsock__invalid();
}

int libsock_leave_packet(libsock_socket sock,
                         const libsock_packet_membership *what)
{
    return opt_packet_valid(what)
               ? libsock__sys_opt_set_packet(sock.raw,
                                             LIBSOCK__OPT_leave_packet, what)
               : libsock__invalid();
}

int libsock_set_packet_fanout(libsock_socket sock,
                              const libsock_packet_fanout *fanout)
{
    uint32_t how;

    if (fanout == NULL || fanout->mode > LIBSOCK_PACKET_FANOUT_QUEUE ||
        (fanout->flags & ~OPT_FANOUT_FLAGS) != 0) {
        return libsock__invalid();
    }
    how = fanout->mode | (uint32_t)fanout->flags << OPT_FANOUT_FLAG_BITS;
    return libsock__sys_opt_set_number(
        sock.raw, LIBSOCK__OPT_packet_fanout,
        (int64_t)(how << OPT_PORT_BITS | fanout->group));
}

int libsock_get_packet_fanout(libsock_socket sock,
                              libsock_packet_fanout *out_fanout)
{
    int64_t all;
    int r;

    if (out_fanout == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_opt_get_number(sock.raw, LIBSOCK__OPT_packet_fanout, &all);
    if (r >= 0) {
        uint32_t how = (uint32_t)all >> OPT_PORT_BITS;

        out_fanout->group = (uint16_t)(all & UINT16_MAX);
        out_fanout->mode = (uint8_t)(how & OPT_FANOUT_MODE_MASK);
        out_fanout->flags = (uint8_t)(how >> OPT_FANOUT_FLAG_BITS);
    }
    return r;
}

int libsock_take_packet_statistics(libsock_socket sock,
                                   libsock_packet_statistics *out_statistics)
{
    return out_statistics == NULL
               ? libsock__invalid()
               : libsock__sys_opt_take_packet(sock.raw, out_statistics);
}

/* Bits of an address of this family; 0 for one that has no keys. */
static uint32_t opt_md5_bits(const libsock_addr *peer)
{
    struct libsock__parts parts;

    if (libsock__addr_parts(peer, &parts) < 0) {
        return 0;
    }
    switch (parts.domain) {
    case LIBSOCK_DOMAIN_IPV4:
        return 32;
    case LIBSOCK_DOMAIN_IPV6:
        return 128;
    default:
        return 0;
    }
}

int libsock_set_tcp_md5(libsock_socket sock, const libsock_tcp_md5 *key)
{
    uint32_t bits;

    if (key == NULL || key->key_len > LIBSOCK_TCP_MD5_KEY_MAX ||
        (key->key == NULL && key->key_len > 0) || key->reserved != 0) {
        return libsock__invalid();
    }
    bits = opt_md5_bits(&key->peer);
    if (bits == 0 || key->prefix_len > bits) {
        return libsock__invalid();
    }
    return libsock__sys_opt_set_md5(sock.raw, key);
}

const char *libsock_tcp_state_name(uint32_t state)
{
#define OPT_STATE(state) [LIBSOCK_TCP_##state] = #state
    static const char *const names[] = {
        [0] = "UNKNOWN",         OPT_STATE(ESTABLISHED), OPT_STATE(SYN_SENT),
        OPT_STATE(SYN_RECEIVED), OPT_STATE(FIN_WAIT_1),  OPT_STATE(FIN_WAIT_2),
        OPT_STATE(TIME_WAIT),    OPT_STATE(CLOSED),      OPT_STATE(CLOSE_WAIT),
        OPT_STATE(LAST_ACK),     OPT_STATE(LISTEN),      OPT_STATE(CLOSING),
    };
#undef OPT_STATE

    return names[state < LIBSOCK__COUNT(names) ? state : 0];
}

int libsock_get_tcp_info(libsock_socket sock, size_t size,
                         libsock_tcp_info *out_info)
{
    libsock_tcp_info info;
    int r;

    if (out_info == NULL || size < sizeof(info.valid)) {
        return libsock__invalid();
    }
    r = libsock__sys_tcp_info(sock.raw, &info);
    if (r < 0) {
        return r;
    }
    /* A program of another version: what we do not know is not valid. */
    memset(out_info, 0, size);
    memcpy(out_info, &info, size < sizeof(info) ? size : sizeof(info));
    return 0;
}

int libsock_get_mptcp_info(libsock_socket sock, size_t size,
                           libsock_mptcp_info *out_info)
{
    libsock_mptcp_info info;
    int r;

    if (out_info == NULL || size < sizeof(info.valid)) {
        return libsock__invalid();
    }
    r = libsock__sys_mptcp_info(sock.raw, &info);
    if (r < 0) {
        return r;
    }
    memset(out_info, 0, size);
    memcpy(out_info, &info, size < sizeof(info) ? size : sizeof(info));
    return 0;
}

/* Whole seconds, which the kernel would raise to its least. */
static bool opt_flow_seconds(uint64_t ns, uint16_t *out_s)
{
    uint64_t s = ns / OPT_NS_PER_S + (ns % OPT_NS_PER_S != 0);

    if (ns != 0 && (ns < OPT_FLOW_LEAST_S * OPT_NS_PER_S || s > UINT16_MAX)) {
        return false;
    }
    *out_s = ns == 0 ? OPT_FLOW_LEAST_S : (uint16_t)s;
    return true;
}

static bool opt_flow_share_known(uint32_t share)
{
    return share == LIBSOCK_FLOW_EXCLUSIVE || share == LIBSOCK_FLOW_PROCESS ||
           share == LIBSOCK_FLOW_USER || share == LIBSOCK_FLOW_ANY;
}

int libsock_lease_flow_label_v6(libsock_socket sock,
                                const libsock_flow_lease *lease,
                                uint32_t *out_label)
{
    uint16_t linger_s;

    if (lease == NULL || out_label == NULL ||
        lease->label > LIBSOCK_FLOW_LABEL_MAX ||
        !opt_flow_share_known(lease->share) ||
        !opt_flow_seconds(lease->linger_ns, &linger_s)) {
        return libsock__invalid();
    }
    return libsock__sys_opt_lease_flow(sock.raw, lease, linger_s, out_label);
}

int libsock_release_flow_label_v6(libsock_socket sock, uint32_t label)
{
    return label == 0 || label > LIBSOCK_FLOW_LABEL_MAX
               ? libsock__invalid()
               : libsock__sys_opt_release_flow(sock.raw, label);
}

int libsock_vsock_local_cid(uint32_t *out_cid)
{
    return out_cid == NULL ? libsock__invalid()
                           : libsock__sys_vsock_cid(out_cid);
}
