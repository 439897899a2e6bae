/* SPDX-License-Identifier: MIT */
/*
 * TCP_INFO of FreeBSD, NetBSD and OpenBSD. They took over Linux's structure and
 * mean something else by much of it: what is left out here is not told, or is
 * told in units that nobody can know. What members mean lives in the header.
 * No state to guard.
 */
#include "sys/posix/platform.h"

#include <string.h>

#include "tcp_info.h"

#include "sys/posix/tcp_info.h"
#include "sys/sys.h"
#include "util.h"

#define BSD_ROW(field, native, member, scale)                               \
 LIBSOCK__TCP_INFO_ROW(struct libsock__tcp_info_bsd, field, native, member, \
                       scale)

enum {
    BSD_FREE = LIBSOCK__TCP_INFO_FREEBSD,
    BSD_NET = LIBSOCK__TCP_INFO_NETBSD,
    BSD_OPEN = LIBSOCK__TCP_INFO_OPENBSD,
    BSD_ALL = BSD_FREE | BSD_NET | BSD_OPEN,
    /* What others than these are about: the device, and who has a key. */
    BSD_OPTIONS = LIBSOCK_TCP_TIMESTAMPS | LIBSOCK_TCP_SACK |
                  LIBSOCK_TCP_WINDOW_SCALE | LIBSOCK_TCP_ECN,
    BSD_HEAD = offsetof(struct libsock__tcp_info_bsd, rto)
};

/*
 * NetBSD counts half seconds and says that they are hundredths, so no time of
 * its is here. Nor are the times since something came or went: all three keep
 * them in 32 bits of microseconds, which begin anew after 71 minutes.
 */
static const struct {
    int systems;
    struct libsock__tcp_info_row row;
} info_bsd_rows[] = {
    {BSD_ALL, BSD_ROW(STATE, state, state, 1)},
    {BSD_ALL, BSD_ROW(OPTIONS, options, options, 1)},
    {BSD_FREE | BSD_OPEN, BSD_ROW(RTT, rtt, rtt_ns, LIBSOCK__TCP_INFO_US)},
    {BSD_FREE | BSD_OPEN,
     BSD_ROW(RTTVAR, rttvar, rttvar_ns, LIBSOCK__TCP_INFO_US)},
    {BSD_FREE | BSD_OPEN, BSD_ROW(RTO, rto, rto_ns, LIBSOCK__TCP_INFO_US)},
    {BSD_ALL, BSD_ROW(SND_MSS, snd_mss, snd_mss, 1)},
    {BSD_ALL, BSD_ROW(CWND, snd_cwnd, cwnd, 1)},
    {BSD_ALL, BSD_ROW(SSTHRESH, snd_ssthresh, ssthresh, 1)},
    {BSD_FREE, BSD_ROW(SND_WINDOW, rest.free.snd_wnd, snd_window, 1)},
    {BSD_FREE | BSD_NET, BSD_ROW(TOTAL_RETRANSMITS, rest.free.snd_rexmitpack,
                                 total_retransmits, 1)},
    {BSD_OPEN, BSD_ROW(SND_WINDOW, rest.open.snd_wnd, snd_window, 1)},
    {BSD_OPEN, BSD_ROW(TOTAL_RETRANSMITS, rest.open.snd_rexmitpack,
                       total_retransmits, 1)},
};

/* Half of a byte; which one is the first is the compiler's affair. */
static uint32_t info_bsd_half(uint8_t byte, bool first)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    first = !first;
#endif
    return first ? byte & 0xfu : byte >> 4;
}

static void info_bsd_scales(int system, const uint8_t scales[2],
                            libsock_tcp_info *out)
{
    bool halves = system != BSD_OPEN;

    out->snd_wscale = halves ? info_bsd_half(scales[0], true) : scales[0];
    out->rcv_wscale = halves ? info_bsd_half(scales[0], false) : scales[1];
    out->valid |= UINT64_C(1) << LIBSOCK_TCP_INFO_SND_WSCALE |
                  UINT64_C(1) << LIBSOCK_TCP_INFO_RCV_WSCALE;
}

/* Bytes, but for what NetBSD has divided already. */
static void info_bsd_segments(int system, libsock_tcp_info *out)
{
    libsock__tcp_info_segments(out, LIBSOCK_TCP_INFO_SSTHRESH, &out->ssthresh);
    if (system != BSD_NET) {
        libsock__tcp_info_segments(out, LIBSOCK_TCP_INFO_CWND, &out->cwnd);
    }
}

/* How much OpenBSD tells depends on who asks; the room of a receive buffer is
 * never 0. */
static size_t info_bsd_told(int system,
                            const struct libsock__tcp_info_bsd *native,
                            size_t len)
{
    const size_t rest = offsetof(struct libsock__tcp_info_bsd, rest);
    const size_t all =
        offsetof(struct libsock__tcp_info_bsd, rest.open.rcv_hiwat) +
        sizeof(native->rest.open.rcv_hiwat);
    bool is_cut = len < all || native->rest.open.rcv_hiwat == 0;

    return system == BSD_OPEN && len > rest && is_cut ? rest : len;
}

void libsock__tcp_info_bsd_parse(int system,
                                 const struct libsock__tcp_info_bsd *native,
                                 size_t len, libsock_tcp_info *out_info)
{
    bool connects = libsock__tcp_info_bsd_connects(native->state);
    size_t n = connects ? LIBSOCK__COUNT(info_bsd_rows) : 1;

    memset(out_info, 0, sizeof(*out_info));
    len = info_bsd_told(system, native, len);
    for (size_t i = 0; i < n; i++) {
        const struct libsock__tcp_info_row *row = &info_bsd_rows[i].row;
        uint64_t number = libsock__tcp_info_number(row, native);

        if ((info_bsd_rows[i].systems & system) != 0 &&
            libsock__tcp_info_told(row, len) &&
            libsock__tcp_info_bsd_knows(row->field, number)) {
            libsock__tcp_info_put(row, number, out_info);
        }
    }
    if (connects && len >= BSD_HEAD) {
        info_bsd_scales(system, native->scales, out_info);
    }
    info_bsd_segments(system, out_info);
    out_info->options &= BSD_OPTIONS;
    if (len > 0) {
        out_info->state = libsock__tcp_info_bsd_state(native->state);
    }
}

#if defined(__FreeBSD__)
# define BSD_HERE BSD_FREE
#elif defined(__NetBSD__)
# define BSD_HERE BSD_NET
#elif defined(__OpenBSD__)
# define BSD_HERE BSD_OPEN
#endif

#if defined(BSD_HERE)

# define BSD_SAME(ours, theirs)                                  \
  (offsetof(struct libsock__tcp_info_bsd, ours) ==               \
       offsetof(struct tcp_info, tcpi_##theirs) &&               \
   LIBSOCK__TCP_INFO_SIZE(struct libsock__tcp_info_bsd, ours) == \
       LIBSOCK__TCP_INFO_SIZE(struct tcp_info, tcpi_##theirs))

_Static_assert(BSD_SAME(state, state) && BSD_SAME(options, options) &&
                   BSD_SAME(rto, rto) && BSD_SAME(snd_mss, snd_mss) &&
                   BSD_SAME(rtt, rtt) && BSD_SAME(rttvar, rttvar) &&
                   BSD_SAME(snd_ssthresh, snd_ssthresh) &&
                   BSD_SAME(snd_cwnd, snd_cwnd) &&
                   sizeof(struct tcp_info) <=
                       sizeof(struct libsock__tcp_info_bsd),
               "struct libsock__tcp_info_bsd is the kernel's");
_Static_assert((int)LIBSOCK_TCP_TIMESTAMPS == TCPI_OPT_TIMESTAMPS &&
                   (int)LIBSOCK_TCP_SACK == TCPI_OPT_SACK &&
                   (int)LIBSOCK_TCP_WINDOW_SCALE == TCPI_OPT_WSCALE &&
                   (int)LIBSOCK_TCP_ECN == TCPI_OPT_ECN,
               "options pass as they are");
# if defined(__OpenBSD__)
_Static_assert(BSD_SAME(scales[1], rcv_wscale) &&
                   BSD_SAME(rest.open.snd_wnd, snd_wnd) &&
                   BSD_SAME(rest.open.snd_rexmitpack, snd_rexmitpack) &&
                   BSD_SAME(rest.open.rcv_hiwat, so_rcv_sb_hiwat),
               "and its end, too");
# else
_Static_assert(BSD_SAME(rest.free.snd_wnd, snd_wnd) &&
                   BSD_SAME(rest.free.snd_rexmitpack, snd_rexmitpack),
               "and its end, too");
# endif

int libsock__sys_tcp_info(libsock_raw sock, libsock_tcp_info *out_info)
{
    struct libsock__tcp_info_bsd native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, IPPROTO_TCP, TCP_INFO, &native, &len);
    if (r >= 0) {
        libsock__tcp_info_bsd_parse(BSD_HERE, &native, len, out_info);
    }
    return r;
}

#endif
