/* SPDX-License-Identifier: MIT */
/*
 * Control records about packets: ranges, and which record a value becomes.
 * The OS's structures live in the port. No state to guard.
 */
#include <libsock/control_net.h>

#include <string.h>

#include "control.h"

enum {
    CONTROL_LABEL_MAX = 0xfffff
};

/* A number of as many bytes as the record has: the same kind is one byte on
 * one system and four on another. */
static int control_get_number(const libsock_control *record, int kind,
                              uint32_t max, uint32_t *out)
{
    uint8_t byte;
    uint16_t half;
    uint32_t word;

    if (!libsock__control_is(record, kind) || out == NULL) {
        return libsock__invalid();
    }
    switch (record->len) {
    case sizeof(byte):
        memcpy(&byte, record->data, sizeof(byte));
        word = byte;
        break;
    case sizeof(half):
        memcpy(&half, record->data, sizeof(half));
        word = half;
        break;
    case sizeof(word):
        memcpy(&word, record->data, sizeof(word));
        break;
    default:
        return libsock__invalid();
    }
    if (word > max) {
        return libsock__invalid();
    }
    *out = word;
    return 0;
}

/* `what` is a kind and a domain, `range` the least and the greatest value. */
static int control_put_number(libsock_control_writer *writer, const int what[2],
                              uint32_t value, const uint32_t range[2])
{
    libsock__control_made made;

    if (value < range[0] || value > range[1]) {
        return libsock__invalid();
    }
    return libsock__control_put_made(
        writer, libsock__sys_control_number(what[0], what[1], value, &made),
        &made);
}

static bool control_is_ip(int domain)
{
    return domain == LIBSOCK_DOMAIN_IPV4 || domain == LIBSOCK_DOMAIN_IPV6;
}

int libsock_control_get_hop_limit(const libsock_control *record,
                                  uint32_t *out_hops)
{
    return control_get_number(record, LIBSOCK_CONTROL_HOP_LIMIT, UINT8_MAX,
                              out_hops);
}

int libsock_control_put_hop_limit(libsock_control_writer *writer, int domain,
                                  uint32_t hops)
{
    const int what[2] = {LIBSOCK_CONTROL_HOP_LIMIT, domain};
    const uint32_t range[2] = {domain == LIBSOCK_DOMAIN_IPV4, UINT8_MAX};

    return control_is_ip(domain) ? control_put_number(writer, what, hops, range)
                                 : libsock__invalid();
}

int libsock_control_get_tos(const libsock_control *record, uint32_t *out_tos)
{
    return control_get_number(record, LIBSOCK_CONTROL_TOS, UINT8_MAX, out_tos);
}

int libsock_control_put_tos(libsock_control_writer *writer, int domain,
                            uint32_t tos)
{
    const int what[2] = {LIBSOCK_CONTROL_TOS, domain};
    const uint32_t range[2] = {0, UINT8_MAX};

    return control_is_ip(domain) ? control_put_number(writer, what, tos, range)
                                 : libsock__invalid();
}

/* The record is in network order on every system, as the header is. Turns it to
 * host order and back. */
static uint32_t control_network(uint32_t value)
{
    const uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                               (uint8_t)(value >> 8), (uint8_t)value};

    memcpy(&value, octets, sizeof(value));
    return value;
}

int libsock_control_get_flow_label(const libsock_control *record,
                                   uint32_t *out_label)
{
    uint32_t info = 0;
    int r;

    if (out_label == NULL) {
        return libsock__invalid();
    }
    r = control_get_number(record, LIBSOCK_CONTROL_FLOW_LABEL, UINT32_MAX,
                           &info);
    /* The class is next to it. */
    if (r >= 0) {
        *out_label = control_network(info) & CONTROL_LABEL_MAX;
    }
    return r;
}

int libsock_control_put_flow_label(libsock_control_writer *writer,
                                   uint32_t label)
{
    const int what[2] = {LIBSOCK_CONTROL_FLOW_LABEL, LIBSOCK_DOMAIN_UNSPEC};
    const uint32_t range[2] = {0, UINT32_MAX};

    if (label == 0 || label > CONTROL_LABEL_MAX) {
        return libsock__invalid();
    }
    return control_put_number(writer, what, control_network(label), range);
}

int libsock_control_get_priority(const libsock_control *record,
                                 uint32_t *out_value)
{
    return control_get_number(record, LIBSOCK_CONTROL_PRIORITY, UINT32_MAX,
                              out_value);
}

int libsock_control_put_priority(libsock_control_writer *writer, uint32_t value)
{
    const int what[2] = {LIBSOCK_CONTROL_PRIORITY, LIBSOCK_DOMAIN_UNSPEC};
    const uint32_t range[2] = {0, UINT32_MAX};

    return control_put_number(writer, what, value, range);
}

int libsock_control_get_mark(const libsock_control *record, uint32_t *out_value)
{
    return control_get_number(record, LIBSOCK_CONTROL_MARK, UINT32_MAX,
                              out_value);
}

int libsock_control_put_mark(libsock_control_writer *writer, uint32_t value)
{
    const int what[2] = {LIBSOCK_CONTROL_MARK, LIBSOCK_DOMAIN_UNSPEC};
    const uint32_t range[2] = {0, UINT32_MAX};

    return control_put_number(writer, what, value, range);
}

int libsock_control_get_fragment_size(const libsock_control *record,
                                      uint32_t *out_bytes)
{
    return control_get_number(record, LIBSOCK_CONTROL_FRAGMENT, INT32_MAX,
                              out_bytes);
}

int libsock_control_get_pktinfo(const libsock_control *record,
                                libsock_pktinfo *out_info)
{
    if (!libsock__control_is(record, LIBSOCK_CONTROL_PKTINFO) ||
        out_info == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_control_get_pktinfo(record, out_info);
}

static const uint8_t control_none[16] = {0};
static const uint8_t control_mapped[12] = {[10] = 0xff, [11] = 0xff};

/* Whether a source says nothing. */
static bool control_is_anywhere(const libsock_pktinfo *info)
{
    size_t len = info->domain == LIBSOCK_DOMAIN_IPV4 ? 4 : 16;

    return info->ifindex == 0 && memcmp(info->local, control_none, len) == 0;
}

int libsock_control_put_pktinfo(libsock_control_writer *writer,
                                const libsock_pktinfo *info)
{
    libsock__control_made made;

    if (writer == NULL || info == NULL || !control_is_ip(info->domain)) {
        return libsock__invalid();
    }
    /* FreeBSD refuses a source that is none. */
    if (control_is_anywhere(info)) {
        return 0;
    }
    return libsock__control_put_made(
        writer, libsock__sys_control_put_pktinfo(info, &made), &made);
}

static bool control_is_mapped(const uint8_t octets[16])
{
    return memcmp(octets, control_mapped, sizeof(control_mapped)) == 0;
}

/* Whether `local` says which interface is meant only together with an index. */
static bool control_needs_interface(const libsock_pktinfo *info)
{
    const uint8_t *local = info->local;
    bool mapped =
        info->domain == LIBSOCK_DOMAIN_IPV6 && control_is_mapped(local);

    if (info->domain == LIBSOCK_DOMAIN_IPV4 || mapped) {
        local += mapped ? sizeof(control_mapped) : 0;
        return memcmp(local, control_none, 4) == 0 ||
               (local[0] == 169 && local[1] == 254);
    }
    return memcmp(local, control_none, sizeof(control_none)) == 0 ||
           (local[0] == 0xfe && (local[1] & 0xc0) == 0x80);
}

int libsock_control_put_source(libsock_control_writer *writer,
                               const libsock_pktinfo *info)
{
    libsock_pktinfo source;

    if (info == NULL) {
        return libsock__invalid();
    }
    source = *info;
    /* Asked by an IPv4 group: Linux sends IPv4 from no other "any". */
    if (info->domain == LIBSOCK_DOMAIN_IPV6 && control_is_mapped(info->dst) &&
        memcmp(info->local, control_none, sizeof(control_none)) == 0) {
        memcpy(source.local, control_mapped, sizeof(control_mapped));
    }
    if (!control_needs_interface(&source)) {
        source.ifindex = 0;
    }
    return libsock_control_put_pktinfo(writer, &source);
}

int libsock_control_get_original_dst(const libsock_control *record,
                                     libsock_addr *out_addr)
{
    if (!libsock__control_is(record, LIBSOCK_CONTROL_ORIGINAL_DST)) {
        return libsock__invalid();
    }
    return libsock_addr_from_raw(record->data, record->len, out_addr);
}

int libsock_control_get_udp_segment(const libsock_control *record,
                                    uint32_t *out_bytes)
{
    return control_get_number(record, LIBSOCK_CONTROL_UDP_SEGMENT, UINT16_MAX,
                              out_bytes);
}

int libsock_control_put_udp_segment(libsock_control_writer *writer,
                                    uint32_t bytes)
{
    const int what[2] = {LIBSOCK_CONTROL_UDP_SEGMENT, LIBSOCK_DOMAIN_UNSPEC};
    const uint32_t range[2] = {1, UINT16_MAX};

    return control_put_number(writer, what, bytes, range);
}

int libsock_control_get_drop_count(const libsock_control *record,
                                   uint32_t *out_count)
{
    return control_get_number(record, LIBSOCK_CONTROL_DROP_COUNT, UINT32_MAX,
                              out_count);
}

int libsock_control_get_tcp_queued(const libsock_control *record,
                                   uint32_t *out_bytes)
{
    return control_get_number(record, LIBSOCK_CONTROL_TCP_QUEUED, INT32_MAX,
                              out_bytes);
}

int libsock_control_get_tls_record(const libsock_control *record,
                                   uint32_t *out_type)
{
    return control_get_number(record, LIBSOCK_CONTROL_TLS_RECORD, UINT8_MAX,
                              out_type);
}

int libsock_control_put_tls_record(libsock_control_writer *writer,
                                   uint32_t type)
{
    const int what[2] = {LIBSOCK_CONTROL_TLS_RECORD, LIBSOCK_DOMAIN_UNSPEC};
    const uint32_t range[2] = {0, UINT8_MAX};

    return control_put_number(writer, what, type, range);
}
