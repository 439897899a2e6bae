/* SPDX-License-Identifier: MIT */
/*
 * Numbers and times in the form in which a Unix wants them.
 * Ranges, rounding and what a number means to the user are opt_number.c's of
 * the portable part. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include <libsock/opt_ip.h>

#include "opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

#if defined(IP_MTU_DISCOVER)
/* libsock's numbers are Linux's, so that they pass as they are. */
_Static_assert((int)LIBSOCK_MTU_DISCOVER_OFF == IP_PMTUDISC_DONT &&
                   (int)LIBSOCK_MTU_DISCOVER_WANT == IP_PMTUDISC_WANT &&
                   (int)LIBSOCK_MTU_DISCOVER_DO == IP_PMTUDISC_DO &&
                   (int)LIBSOCK_MTU_DISCOVER_PROBE == IP_PMTUDISC_PROBE &&
                   (int)LIBSOCK_MTU_DISCOVER_INTERFACE ==
                       IP_PMTUDISC_INTERFACE &&
                   (int)LIBSOCK_MTU_DISCOVER_OMIT == IP_PMTUDISC_OMIT,
               "enum libsock_mtu_discover is what the kernel wants");
#endif

/* What BOOLDF sets for true, and for false. Of Linux's ways PROBE is the one
 * that goes by the interface alone, as everybody else's don't-fragment does. */
#if defined(IP_MTU_DISCOVER) && !defined(IP_DONTFRAG)
# define OPT_DF_ON  IP_PMTUDISC_PROBE
# define OPT_DF_OFF IP_PMTUDISC_DONT
# define OPT_IS_DF(value) \
  ((value) == IP_PMTUDISC_PROBE || (value) == IP_PMTUDISC_DO)
#else
# define OPT_DF_ON        1
# define OPT_DF_OFF       0
# define OPT_IS_DF(value) ((value) != 0)
#endif

union opt_value {
    unsigned char byte;
    int32_t word;
    uint32_t uword;
    int64_t wide;
    struct timeval time;
    struct linger linger;
};

enum {
    OPT_US_PER_S = 1000000
};

int libsock__sys_opt_timeout_unit(void)
{
    return LIBSOCK_OPT_UNIT_US;
}

/* Encode `value`; returns the bytes used, or minus EINVAL. */
static int opt_encode(int kind, int64_t value, union opt_value *out)
{
    switch (kind) {
    case LIBSOCK__OPT_KIND_BOOL8:
    case LIBSOCK__OPT_KIND_UINT8:
        /* What the BSDs ask for, and OpenBSD insists on; Linux takes it. */
        out->byte = (unsigned char)value;
        return sizeof(out->byte);
    case LIBSOCK__OPT_KIND_U64:
        out->wide = value;
        return sizeof(out->wide);
    case LIBSOCK__OPT_KIND_BOOLDF:
        out->word = value != 0 ? OPT_DF_ON : OPT_DF_OFF;
        return sizeof(out->word);
    case LIBSOCK__OPT_KIND_UINTN:
        out->uword = htonl((uint32_t)value);
        return sizeof(out->uword);
    case LIBSOCK__OPT_KIND_TIMEVAL:
    case LIBSOCK__OPT_KIND_SPAN:
        out->time.tv_sec = (time_t)(value / OPT_US_PER_S);
        out->time.tv_usec = (suseconds_t)(value % OPT_US_PER_S);
        /* Where time_t has 32 bits. */
        return (int64_t)out->time.tv_sec == value / OPT_US_PER_S
                   ? (int)sizeof(out->time)
                   : -EINVAL;
    case LIBSOCK__OPT_KIND_LINGER:
        out->linger.l_onoff = value >= 0;
        out->linger.l_linger = value >= 0 ? (int)value : 0;
        return sizeof(out->linger);
    default:
        out->uword = (uint32_t)value;
        return sizeof(out->uword);
    }
}

static int opt_decode_time(size_t len, const struct timeval *time, int64_t *out)
{
    int64_t s = time->tv_sec;

    if (len != sizeof(*time)) {
        return -ENOPROTOOPT;
    }
    /* What does not fit, no one lives to see. */
    if (s < 0 || s > INT64_MAX / OPT_US_PER_S - 1) {
        *out = 0;
    } else {
        *out = s * OPT_US_PER_S + time->tv_usec;
    }
    return 0;
}

static int opt_decode_linger(size_t len, const struct linger *linger,
                             int64_t *out)
{
    if (len != sizeof(*linger)) {
        return -ENOPROTOOPT;
    }
    *out = linger->l_onoff == 0 ? -1 : (int64_t)(uint32_t)linger->l_linger;
    return 0;
}

/* What BOOLDF and UINTN say with their number. */
static int64_t opt_meaning(int kind, int64_t number)
{
    switch (kind) {
    case LIBSOCK__OPT_KIND_BOOLDF:
        return OPT_IS_DF(number) ? 1 : 0;
    case LIBSOCK__OPT_KIND_UINTN:
        return ntohl((uint32_t)number);
    default:
        return number;
    }
}

/* A number of as many bytes as the kernel stored: not all store what a row
 * says, and one byte for a boolean is usual outside Linux. */
static int opt_decode(int kind, size_t len, const union opt_value *value,
                      int64_t *out)
{
    bool has_sign =
        kind == LIBSOCK__OPT_KIND_INT || kind == LIBSOCK__OPT_KIND_DOMAIN;

    if (kind == LIBSOCK__OPT_KIND_TIMEVAL || kind == LIBSOCK__OPT_KIND_SPAN) {
        return opt_decode_time(len, &value->time, out);
    }
    if (kind == LIBSOCK__OPT_KIND_LINGER) {
        return opt_decode_linger(len, &value->linger, out);
    }
    switch (len) {
    case sizeof(value->byte):
        *out = value->byte;
        return 0;
    case sizeof(value->word):
        *out = opt_meaning(kind, has_sign ? (int64_t)value->word
                                          : (int64_t)value->uword);
        return 0;
    case sizeof(value->wide):
        *out = value->wide;
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

int libsock__sys_opt_set_number(libsock_raw sock, int id, int64_t value)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    union opt_value native;
    int len;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    memset(&native, 0, sizeof(native));
    len = opt_encode(row->kind, value, &native);
    if (len < 0) {
        return len;
    }
    return libsock__sys_setopt(sock, row->level, row->name, &native,
                               (size_t)len);
}

#if defined(IPV6CTL_DEFHLIM)

/* The BSDs and Apple's answer is -1 as long as nobody has set a number. */
static int opt_settle_hops(const struct libsock__opt_native *row,
                           int64_t *value)
{
    int name[] = {CTL_NET, PF_INET6, IPPROTO_IPV6, IPV6CTL_DEFHLIM};
    size_t len = sizeof(int);
    int hops = 0;
    int r;

    if (row->level != IPPROTO_IPV6 || row->name != IPV6_UNICAST_HOPS ||
        *value != UINT32_MAX) {
        return 0;
    }
    r = libsock__result(SYS(sysctl, name, 4, &hops, &len, NULL, 0));
    if (r >= 0) {
        *value = hops;
    }
    return r;
}

#else

static int opt_settle_hops(const struct libsock__opt_native *row,
                           const int64_t *value)
{
    (void)row;
    (void)value;
    return 0;
}

#endif

int libsock__sys_opt_get_number(libsock_raw sock, int id, int64_t *out_value)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    union opt_value native;
    size_t len;
    int r;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    memset(&native, 0, sizeof(native));
    /* Asks for as much as a set would give; 0 encodes everywhere. */
    len = (size_t)opt_encode(row->kind, 0, &native);
    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, row->level, row->name, &native, &len);
    if (r < 0) {
        return r;
    }
    r = opt_decode(row->kind, len, &native, out_value);
    return r < 0 ? r : opt_settle_hops(row, out_value);
}
