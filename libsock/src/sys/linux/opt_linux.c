/* SPDX-License-Identifier: MIT */
/*
 * Options whose structures Linux alone has: times of departure, MD5 keys,
 * packet sockets, the CID of VSOCK. Their numbers are in the table, their
 * ranges were judged above. No state to guard.
 */
#include "sys/posix/platform.h"

#include <string.h>

#include "sys/posix/opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

_Static_assert((int)LIBSOCK_CLOCK_REALTIME == CLOCK_REALTIME &&
                   (int)LIBSOCK_CLOCK_MONOTONIC == CLOCK_MONOTONIC &&
                   (int)LIBSOCK_CLOCK_TAI == CLOCK_TAI,
               "enum libsock_clock is what the kernel wants");
_Static_assert((int)LIBSOCK_TXTIME_DEADLINE == SOF_TXTIME_DEADLINE_MODE &&
                   (int)LIBSOCK_TXTIME_REPORT == SOF_TXTIME_REPORT_ERRORS,
               "enum libsock_txtime_flags is what the kernel wants");

int libsock__sys_opt_set_txtime(libsock_raw sock, const libsock_txtime *txtime)
{
    struct sock_txtime native;

    memset(&native, 0, sizeof(native));
    native.clockid = txtime->clock;
    native.flags = txtime->flags;
    return libsock__sys_setopt(sock, SOL_SOCKET, SO_TXTIME, &native,
                               sizeof(native));
}

int libsock__sys_opt_get_txtime(libsock_raw sock, libsock_txtime *out_txtime)
{
    struct sock_txtime native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, SOL_SOCKET, SO_TXTIME, &native, &len);
    if (r < 0) {
        return r;
    }
    if (len != sizeof(native)) {
        return -ENOPROTOOPT;
    }
    out_txtime->clock = native.clockid;
    out_txtime->flags = native.flags;
    return r;
}

/* struct tcp_md5sig, whose tail the C libraries name differently. */
struct opt_md5 {
    struct sockaddr_storage peer;
    uint8_t flags;
    uint8_t prefix_len;
    uint16_t key_len;
    int32_t ifindex;
    uint8_t key[LIBSOCK_TCP_MD5_KEY_MAX];
};

_Static_assert(sizeof(struct opt_md5) == sizeof(struct tcp_md5sig) &&
                   offsetof(struct opt_md5, key) ==
                       offsetof(struct tcp_md5sig, tcpm_key) &&
                   offsetof(struct opt_md5, key_len) ==
                       offsetof(struct tcp_md5sig, tcpm_keylen),
               "struct opt_md5 goes to the kernel as it is");

enum {
    OPT_MD5_EXT = 32, /* TCP_MD5SIG_EXT, Linux 4.13 */
    OPT_MD5_PREFIX = 1
};

int libsock__sys_opt_set_md5(libsock_raw sock, const libsock_tcp_md5 *key)
{
    bool v4 = libsock__sys_addr_family(&key->peer) == AF_INET;
    struct opt_md5 native;
    int name = TCP_MD5SIG;

    memset(&native, 0, sizeof(native));
    memcpy(&native.peer, key->peer.storage,
           v4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    native.key_len = (uint16_t)key->key_len;
    if (key->key_len > 0) {
        memcpy(native.key, key->key, key->key_len);
    }
    /* Older kernels know single addresses, by the first number. */
    if (key->prefix_len != (v4 ? 32u : 128u)) {
        native.flags = OPT_MD5_PREFIX;
        native.prefix_len = (uint8_t)key->prefix_len;
        name = OPT_MD5_EXT;
    }
    return libsock__sys_setopt(sock, IPPROTO_TCP, name, &native,
                               sizeof(native));
}

_Static_assert((int)LIBSOCK_PACKET_MULTICAST == PACKET_MR_MULTICAST &&
                   (int)LIBSOCK_PACKET_PROMISCUOUS == PACKET_MR_PROMISC &&
                   (int)LIBSOCK_PACKET_ALL_MULTICAST == PACKET_MR_ALLMULTI &&
                   (int)LIBSOCK_PACKET_UNICAST == PACKET_MR_UNICAST,
               "enum libsock_packet_join is what the kernel wants");

int libsock__sys_opt_set_packet(libsock_raw sock, int id,
                                const libsock_packet_membership *what)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    struct packet_mreq native;

    memset(&native, 0, sizeof(native));
    if (what->len > sizeof(native.mr_address)) {
        return -EINVAL;
    }
    native.mr_ifindex = (int)what->ifindex;
    native.mr_type = (unsigned short)what->join;
    native.mr_alen = (unsigned short)what->len;
    memcpy(native.mr_address, what->octets, what->len);
    return libsock__sys_setopt(sock, row->level, row->name, &native,
                               sizeof(native));
}

int libsock__sys_opt_take_packet(libsock_raw sock,
                                 libsock_packet_statistics *out_statistics)
{
    struct tpacket_stats native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, SOL_PACKET, PACKET_STATISTICS, &native, &len);
    if (r >= 0) {
        out_statistics->packets = native.tp_packets;
        out_statistics->drops = native.tp_drops;
    }
    return r;
}

/* struct in6_flowlabel_req of <linux/in6.h>, which fights <netinet/in.h>. */
struct opt_flow {
    uint8_t dst[16];
    uint32_t label; /* network order */
    uint8_t action;
    uint8_t share;
    uint16_t flags;
    uint16_t expires_s;
    uint16_t linger_s;
    uint32_t pad;
};

_Static_assert(sizeof(struct opt_flow) == 32 &&
                   offsetof(struct opt_flow, linger_s) == 26,
               "struct opt_flow goes to the kernel as it is");

enum {
    OPT_FLOW_LEASE = 0,
    OPT_FLOW_RELEASE = 1,
    OPT_FLOW_CREATE = 1
};

int libsock__sys_opt_lease_flow(libsock_raw sock,
                                const libsock_flow_lease *lease,
                                uint16_t linger_s, uint32_t *out_label)
{
    const struct libsock__opt_native *row =
        libsock__opt_native_of(LIBSOCK__OPT_lease_flow_label_v6);
    struct opt_flow native;
    int r;

    memset(&native, 0, sizeof(native));
    memcpy(native.dst, lease->dst, sizeof(native.dst));
    native.label = htonl(lease->label);
    native.action = OPT_FLOW_LEASE;
    native.share = (uint8_t)lease->share;
    native.flags = OPT_FLOW_CREATE;
    native.expires_s = linger_s;
    native.linger_s = linger_s;
    /* The kernel writes the label that it has chosen. */
    r = libsock__sys_setopt(sock, row->level, row->name, &native,
                            sizeof(native));
    if (r >= 0) {
        *out_label = ntohl(native.label);
    }
    return r;
}

int libsock__sys_opt_release_flow(libsock_raw sock, uint32_t label)
{
    const struct libsock__opt_native *row =
        libsock__opt_native_of(LIBSOCK__OPT_release_flow_label_v6);
    struct opt_flow native;

    memset(&native, 0, sizeof(native));
    native.label = htonl(label);
    native.action = OPT_FLOW_RELEASE;
    return libsock__sys_setopt(sock, row->level, row->name, &native,
                               sizeof(native));
}

int libsock__sys_vsock_cid(uint32_t *out_cid)
{
    int fd = libsock__result(
        SYS(open, "/dev/vsock", O_RDONLY | O_CLOEXEC | O_NOCTTY));
    unsigned cid = 0;
    int r;

    if (fd < 0) {
        /* No such device: no VSOCK. */
        return fd == -ENOENT || fd == -ENODEV || fd == -ENXIO ? -ENOPROTOOPT
                                                              : fd;
    }
    r = libsock__result(SYS(ioctl, fd, IOCTL_VM_SOCKETS_GET_LOCAL_CID, &cid));
    (void)SYS(close, fd);
    if (r >= 0) {
        *out_cid = cid;
        return 0;
    }
    return r;
}
