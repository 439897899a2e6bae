/* SPDX-License-Identifier: MIT */
/*
 * The members of every structure that is an option's value, and the typed
 * functions that read and set it. What these do lives in opt_struct.c. Constant
 * data; nothing to guard.
 */
#include "opt_member.h"

#include <string.h>

#include "opt_list.h"
#include "opt_value.h"
#include "util.h"

_Static_assert(sizeof(libsock_tcp_info) <=
                       sizeof(((libsock_opt_value *)0)->as.reserved) &&
                   sizeof(((libsock_opt_value *)0)->as) ==
                       sizeof(((libsock_opt_value *)0)->as.reserved),
               "a value keeps its size when its largest grows");

#define MEMBER(type, name, member, kind, unit, bit)          \
 {                                                           \
  name, offsetof(type, member), sizeof(((type *)0)->member), \
      LIBSOCK_OPT_KIND_##kind, LIBSOCK_OPT_UNIT_##unit, bit  \
 }

static const struct libsock__opt_member member_ports[] = {
    MEMBER(libsock_port_range, "low", low, UINT, NONE, -1),
    MEMBER(libsock_port_range, "high", high, UINT, NONE, -1),
};

static const struct libsock__opt_member member_txtime[] = {
    MEMBER(libsock_txtime, "clock", clock, UINT, NONE, -1),
    MEMBER(libsock_txtime, "flags", flags, UINT, NONE, -1),
};

static const struct libsock__opt_member member_fanout[] = {
    MEMBER(libsock_packet_fanout, "group", group, UINT, NONE, -1),
    MEMBER(libsock_packet_fanout, "mode", mode, UINT, NONE, -1),
    MEMBER(libsock_packet_fanout, "flags", flags, UINT, NONE, -1),
};

static const struct libsock__opt_member member_sctp_init[] = {
    MEMBER(libsock_sctp_init, "out_streams", out_streams, UINT, NONE, -1),
    MEMBER(libsock_sctp_init, "max_in_streams", max_in_streams, UINT, NONE, -1),
    MEMBER(libsock_sctp_init, "attempts", attempts, UINT, NONE, -1),
    MEMBER(libsock_sctp_init, "max_timeout", max_timeout_ns, DURATION, NONE,
           -1),
};

#define MEMBER_BLOCK(n) \
 MEMBER(libsock_icmp_filter, "block" #n, block[n], UINT, NONE, -1)

static const struct libsock__opt_member member_icmp[] = {
    MEMBER_BLOCK(0), MEMBER_BLOCK(1), MEMBER_BLOCK(2), MEMBER_BLOCK(3),
    MEMBER_BLOCK(4), MEMBER_BLOCK(5), MEMBER_BLOCK(6), MEMBER_BLOCK(7),
};

#define MEMBER_INFO(field, name, kind, unit) \
 MEMBER(libsock_tcp_info, #name, name, kind, unit, LIBSOCK_TCP_INFO_##field)
#define MEMBER_COUNT(field, name) MEMBER_INFO(field, name, UINT, NONE)
#define MEMBER_BYTES(field, name) MEMBER_INFO(field, name, U64, BYTES)
#define MEMBER_RATE(field, name)  MEMBER_INFO(field, name, U64, BYTES_PER_S)
#define MEMBER_TIME(field, name)                            \
 MEMBER(libsock_tcp_info, #name, name##_ns, DURATION, NONE, \
        LIBSOCK_TCP_INFO_##field)

static const struct libsock__opt_member member_tcp_info[] = {
    MEMBER_COUNT(STATE, state),
    MEMBER_COUNT(OPTIONS, options),
    MEMBER_COUNT(SND_WSCALE, snd_wscale),
    MEMBER_COUNT(RCV_WSCALE, rcv_wscale),
    MEMBER_TIME(RTT, rtt),
    MEMBER_TIME(RTTVAR, rttvar),
    MEMBER_TIME(MIN_RTT, min_rtt),
    MEMBER_TIME(RCV_RTT, rcv_rtt),
    MEMBER_TIME(RTO, rto),
    MEMBER_TIME(LAST_SENT, last_sent),
    MEMBER_TIME(LAST_RECEIVED, last_received),
    MEMBER_TIME(LAST_ACKED, last_acked),
    MEMBER_TIME(BUSY, busy),
    MEMBER_TIME(WINDOW_LIMITED, window_limited),
    MEMBER_TIME(BUFFER_LIMITED, buffer_limited),
    MEMBER_INFO(SND_MSS, snd_mss, UINT, BYTES),
    MEMBER_INFO(RCV_MSS, rcv_mss, UINT, BYTES),
    MEMBER_INFO(ADV_MSS, adv_mss, UINT, BYTES),
    MEMBER_INFO(PMTU, pmtu, UINT, BYTES),
    MEMBER_COUNT(CWND, cwnd),
    MEMBER_COUNT(SSTHRESH, ssthresh),
    MEMBER_INFO(SND_WINDOW, snd_window, UINT, BYTES),
    MEMBER_INFO(RCV_SPACE, rcv_space, UINT, BYTES),
    MEMBER_COUNT(RETRANSMITS, retransmits),
    MEMBER_COUNT(TOTAL_RETRANSMITS, total_retransmits),
    MEMBER_COUNT(PROBES, probes),
    MEMBER_COUNT(BACKOFF, backoff),
    MEMBER_COUNT(UNACKED, unacked),
    MEMBER_COUNT(SACKED, sacked),
    MEMBER_COUNT(LOST, lost),
    MEMBER_COUNT(REORDERING, reordering),
    MEMBER_COUNT(SEGMENTS_SENT, segments_sent),
    MEMBER_COUNT(SEGMENTS_RECEIVED, segments_received),
    MEMBER_COUNT(DELIVERED, delivered),
    MEMBER_COUNT(DELIVERED_CE, delivered_ce),
    MEMBER_INFO(NOTSENT, notsent, UINT, BYTES),
    MEMBER_BYTES(BYTES_SENT, bytes_sent),
    MEMBER_BYTES(BYTES_RETRANSMITTED, bytes_retransmitted),
    MEMBER_BYTES(BYTES_ACKED, bytes_acked),
    MEMBER_BYTES(BYTES_RECEIVED, bytes_received),
    MEMBER_RATE(DELIVERY_RATE, delivery_rate),
    MEMBER_RATE(PACING_RATE, pacing_rate),
    MEMBER_RATE(MAX_PACING_RATE, max_pacing_rate),
    MEMBER_COUNT(ACCEPT_QUEUE, accept_queue),
    MEMBER_COUNT(ACCEPT_QUEUE_MAX, accept_queue_max),
};

#define MEMBER_MPTCP(field, name, kind, unit) \
 MEMBER(libsock_mptcp_info, #name, name, kind, unit, LIBSOCK_MPTCP_INFO_##field)

static const struct libsock__opt_member member_mptcp_info[] = {
    MEMBER_MPTCP(FLAGS, flags, UINT, NONE),
    MEMBER_MPTCP(TOKEN, token, UINT, NONE),
    MEMBER_MPTCP(EXTRA_SUBFLOWS, extra_subflows, UINT, NONE),
    MEMBER_MPTCP(MAX_SUBFLOWS, max_subflows, UINT, NONE),
    MEMBER_MPTCP(SIGNALLED, signalled, UINT, NONE),
    MEMBER_MPTCP(ACCEPTED, accepted, UINT, NONE),
    MEMBER_MPTCP(RETRANSMITS, retransmits, UINT, NONE),
    MEMBER_MPTCP(BYTES_SENT, bytes_sent, U64, BYTES),
    MEMBER_MPTCP(BYTES_RETRANSMITTED, bytes_retransmitted, U64, BYTES),
    MEMBER_MPTCP(BYTES_ACKED, bytes_acked, U64, BYTES),
    MEMBER_MPTCP(BYTES_RECEIVED, bytes_received, U64, BYTES),
};

/* The typed functions in one shape. */
#define MEMBER_GETTER(row, member)                                        \
 static int member_get_##row(libsock_socket sock, libsock_opt_value *out) \
 {                                                                        \
  return libsock_get_##row(sock, &out->as.member);                        \
 }
#define MEMBER_SETTER(row, member)                           \
 static int member_set_##row(libsock_socket sock,            \
                             const libsock_opt_value *value) \
 {                                                           \
  return libsock_set_##row(sock, &value->as.member);         \
 }

MEMBER_GETTER(icmp_filter_v6, icmp_filter)
MEMBER_SETTER(icmp_filter_v6, icmp_filter)
MEMBER_GETTER(packet_fanout, fanout)
MEMBER_SETTER(packet_fanout, fanout)
MEMBER_GETTER(sctp_init, sctp_init)
MEMBER_SETTER(sctp_init, sctp_init)
MEMBER_GETTER(txtime, txtime)
MEMBER_SETTER(txtime, txtime)
MEMBER_SETTER(tcp_md5, md5)

static int member_get_ports(libsock_socket sock, libsock_opt_value *out)
{
    return libsock_get_local_port_range(sock, &out->as.ports.low,
                                        &out->as.ports.high);
}

static int member_set_ports(libsock_socket sock, const libsock_opt_value *value)
{
    return libsock_set_local_port_range(sock, value->as.ports.low,
                                        value->as.ports.high);
}

static int member_get_tcp_info(libsock_socket sock, libsock_opt_value *out)
{
    return libsock_get_tcp_info(sock, sizeof(out->as.tcp_info),
                                &out->as.tcp_info);
}

static int member_get_mptcp_info(libsock_socket sock, libsock_opt_value *out)
{
    return libsock_get_mptcp_info(sock, sizeof(out->as.mptcp_info),
                                  &out->as.mptcp_info);
}

#define MEMBERS(of) member_##of, LIBSOCK__COUNT(member_##of)

const struct libsock__opt_struct *libsock__opt_struct_of(int id)
{
    static const struct libsock__opt_struct none = {NULL, NULL, NULL, 0};
    static const struct {
        int id;
        struct libsock__opt_struct what;
    } all[] = {
        {LIBSOCK__OPT_icmp_filter_v6,
         {member_get_icmp_filter_v6, member_set_icmp_filter_v6, MEMBERS(icmp)}},
        {LIBSOCK__OPT_local_port_range,
         {member_get_ports, member_set_ports, MEMBERS(ports)}},
        {LIBSOCK__OPT_mptcp_info,
         {member_get_mptcp_info, NULL, MEMBERS(mptcp_info)}},
        {LIBSOCK__OPT_packet_fanout,
         {member_get_packet_fanout, member_set_packet_fanout, MEMBERS(fanout)}},
        {LIBSOCK__OPT_sctp_init,
         {member_get_sctp_init, member_set_sctp_init, MEMBERS(sctp_init)}},
        {LIBSOCK__OPT_tcp_info, {member_get_tcp_info, NULL, MEMBERS(tcp_info)}},
        {LIBSOCK__OPT_tcp_md5, {NULL, member_set_tcp_md5, NULL, 0}},
        {LIBSOCK__OPT_txtime,
         {member_get_txtime, member_set_txtime, MEMBERS(txtime)}},
    };

    for (size_t i = 0; i < LIBSOCK__COUNT(all); i++) {
        if (all[i].id == id) {
            return &all[i].what;
        }
    }
    return &none;
}

bool libsock__opt_value_fits(size_t index, const libsock_opt_value *value)
{
    return index < LIBSOCK__OPT_COUNT && value != NULL &&
           value->kind == libsock__opt_row_of((int)index)->shape;
}

static uint64_t member_amount(const struct libsock__opt_member *member,
                              const libsock_opt_value *value)
{
    const unsigned char *at =
        (const unsigned char *)&value->as + member->offset;
    uint16_t half;
    uint32_t word;
    uint64_t wide;

    switch (member->size) {
    case sizeof(wide):
        memcpy(&wide, at, sizeof(wide));
        return wide;
    case sizeof(word):
        memcpy(&word, at, sizeof(word));
        return word;
    case sizeof(half):
        memcpy(&half, at, sizeof(half));
        return half;
    default:
        return *at;
    }
}

int libsock_opt_field_at(size_t index, const libsock_opt_value *value,
                         size_t field, libsock_opt_field *out_field)
{
    const struct libsock__opt_member *member;
    const struct libsock__opt_struct *what;
    bool known;

    if (!libsock__opt_value_fits(index, value) || out_field == NULL) {
        return libsock__invalid();
    }
    what = libsock__opt_struct_of((int)index);
    if (field >= what->n_members) {
        return libsock__sys_error(LIBSOCK_KIND_NOT_FOUND);
    }
    member = &what->members[field];
    known = member->bit < 0 ||
            libsock_tcp_info_has(&value->as.tcp_info, member->bit);
    memset(out_field, 0, sizeof(*out_field));
    out_field->name = member->name;
    out_field->kind = member->kind;
    out_field->unit = member->unit;
    out_field->known = known;
    out_field->amount = known ? member_amount(member, value) : 0;
    return 0;
}
