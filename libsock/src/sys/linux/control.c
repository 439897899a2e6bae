/* SPDX-License-Identifier: MIT */
/*
 * Control records that Linux gives a shape of its own: times of two widths, the
 * error queue, credentials. Other systems have sys/bsd/control.c.
 * Records are copied in and out, so nothing here needs alignment; no state to
 * guard.
 */
#include "../posix/platform.h"

#include <string.h>

#include <libsock/control_time.h>

#include "../posix/control_types.h"
#include "../posix/fd.h"
#include "../sys.h"

#define CONTROL_NS_PER_S 1000000000

/* Numbers of the API that go to the kernel as they are. */
#define CONTROL_SAME(ours, theirs) \
 _Static_assert((int)(ours) == (int)(theirs), #ours " is not " #theirs)
CONTROL_SAME(LIBSOCK_TIMESTAMPING_TX_HARDWARE, SOF_TIMESTAMPING_TX_HARDWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_TX_SOFTWARE, SOF_TIMESTAMPING_TX_SOFTWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_RX_HARDWARE, SOF_TIMESTAMPING_RX_HARDWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_RX_SOFTWARE, SOF_TIMESTAMPING_RX_SOFTWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_SOFTWARE, SOF_TIMESTAMPING_SOFTWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_RAW_HARDWARE, SOF_TIMESTAMPING_RAW_HARDWARE);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_TX_SCHED, SOF_TIMESTAMPING_TX_SCHED);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_TX_ACK, SOF_TIMESTAMPING_TX_ACK);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_ID, SOF_TIMESTAMPING_OPT_ID);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_CMSG, SOF_TIMESTAMPING_OPT_CMSG);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_TSONLY, SOF_TIMESTAMPING_OPT_TSONLY);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_STATS, SOF_TIMESTAMPING_OPT_STATS);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_PKTINFO, SOF_TIMESTAMPING_OPT_PKTINFO);
CONTROL_SAME(LIBSOCK_TIMESTAMPING_OPT_TX_SWHW, SOF_TIMESTAMPING_OPT_TX_SWHW);
CONTROL_SAME(LIBSOCK_TX_SENT, SCM_TSTAMP_SND);
CONTROL_SAME(LIBSOCK_TX_SCHEDULED, SCM_TSTAMP_SCHED);
CONTROL_SAME(LIBSOCK_TX_ACKED, SCM_TSTAMP_ACK);
CONTROL_SAME(LIBSOCK_ORIGIN_LOCAL, SO_EE_ORIGIN_LOCAL);
CONTROL_SAME(LIBSOCK_ORIGIN_ICMPV4, SO_EE_ORIGIN_ICMP);
CONTROL_SAME(LIBSOCK_ORIGIN_ICMPV6, SO_EE_ORIGIN_ICMP6);
CONTROL_SAME(LIBSOCK_ORIGIN_TIMESTAMP, SO_EE_ORIGIN_TIMESTAMPING);
CONTROL_SAME(LIBSOCK_ORIGIN_ZEROCOPY, SO_EE_ORIGIN_ZEROCOPY);
CONTROL_SAME(LIBSOCK_ORIGIN_TX_TIME, SO_EE_ORIGIN_TXTIME);

_Static_assert(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6) <=
                   LIBSOCK_SOCK_ERROR_SIZE,
               "LIBSOCK_SOCK_ERROR_SIZE is too small");
_Static_assert(sizeof(struct ucred) <= LIBSOCK_CRED_SIZE,
               "LIBSOCK_CRED_SIZE is too small");

/* One of the two numbers of a time, 4 or 8 bytes wide. */
static int64_t control_time_word(const unsigned char *at, size_t width)
{
    int32_t narrow;
    int64_t wide;

    if (width == sizeof(narrow)) {
        memcpy(&narrow, at, sizeof(narrow));
        return narrow;
    }
    memcpy(&wide, at, sizeof(wide));
    return wide;
}

/* Seconds and parts of which `unit` nanoseconds each. */
static int control_time_ns(int64_t s, int64_t part, int64_t unit, uint64_t *out)
{
    if (s < 0 || s >= INT64_MAX / CONTROL_NS_PER_S || part < 0 ||
        part >= CONTROL_NS_PER_S / unit) {
        return -EINVAL;
    }
    *out = (uint64_t)(s * CONTROL_NS_PER_S + part * unit);
    return 0;
}

/* A record for a 32-bit program may hold either width, so the length tells. */
int libsock__sys_control_times(const libsock_control *record, size_t n,
                               uint64_t *out_ns)
{
    bool is_us =
        record->type == SO_TIMESTAMP_OLD || record->type == SO_TIMESTAMP_NEW;
    const unsigned char *at = record->data;
    size_t width = record->len / (2 * n);

    if (record->len % (2 * n) != 0 || (width != 4 && width != 8)) {
        return -EINVAL;
    }
    for (size_t i = 0; i < n; i++, at += 2 * width) {
        int r = control_time_ns(control_time_word(at, width),
                                control_time_word(at + width, width),
                                is_us ? 1000 : 1, &out_ns[i]);

        if (r < 0) {
            return r;
        }
    }
    return 0;
}

/* The address behind an extended error; its family is 0 when there is none. */
static int control_offender(const unsigned char *at, size_t left,
                            libsock_addr *out)
{
    sa_family_t family = AF_UNSPEC;

    memset(out, 0, sizeof(*out));
    if (left >= sizeof(family)) {
        memcpy(&family, at, sizeof(family));
    }
    switch (family) {
    case AF_INET:
        return libsock_addr_from_raw(at,
                                     left < sizeof(struct sockaddr_in)
                                         ? left
                                         : sizeof(struct sockaddr_in),
                                     out);
    case AF_INET6:
        return libsock_addr_from_raw(at,
                                     left < sizeof(struct sockaddr_in6)
                                         ? left
                                         : sizeof(struct sockaddr_in6),
                                     out);
    default:
        return 0;
    }
}

int libsock__sys_control_error(const libsock_control *record,
                               libsock_sock_error *out_error)
{
    struct sock_extended_err native;
    const unsigned char *data = record->data;

    if (record->len < sizeof(native)) {
        return -EINVAL;
    }
    memcpy(&native, data, sizeof(native));
    if (native.ee_errno > INT32_MAX) {
        return -EINVAL;
    }
    memset(out_error, 0, sizeof(*out_error));
    /* A time that is told is marked with ENOMSG, and is no failure. */
    out_error->error = native.ee_origin == SO_EE_ORIGIN_TIMESTAMPING
                           ? 0
                           : -(int32_t)native.ee_errno;
    out_error->origin = native.ee_origin;
    out_error->type = native.ee_type;
    out_error->code = native.ee_code;
    out_error->info = native.ee_info;
    out_error->data = native.ee_data;
    return control_offender(data + sizeof(native), record->len - sizeof(native),
                            &out_error->offender);
}

/* Each look brings duplicates of its own. */
void libsock__fd_peeked(struct msghdr *msg)
{
    (void)msg;
}

int libsock__sys_control_get_cred(const libsock_control *record,
                                  libsock_cred *out_cred)
{
    struct ucred native;

    if (record->len != sizeof(native)) {
        return -EINVAL;
    }
    memcpy(&native, record->data, sizeof(native));
    /* 0 is a process that this pid namespace does not see. */
    out_cred->pid = native.pid > 0 ? native.pid : -1;
    out_cred->uid = native.uid;
    out_cred->gid = native.gid;
    return 0;
}

int libsock__sys_control_put_cred(const libsock_cred *cred,
                                  libsock__control_made *out)
{
    struct ucred native;

    memset(&native, 0, sizeof(native));
    native.pid = cred->pid;
    native.uid = cred->uid;
    native.gid = cred->gid;
    out->level = SOL_SOCKET;
    out->type = SCM_CREDENTIALS;
    out->len = sizeof(native);
    memcpy(out->bytes, &native, sizeof(native));
    return 0;
}
