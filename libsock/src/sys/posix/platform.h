/* SPDX-License-Identifier: MIT */
/*
 * The only private file that includes headers of a Unix. It settles feature
 * macros and include order once, and holds the two things that every file of
 * the port does: make a system call, and turn -1 and errno into a result.
 * Feature macros come from Meson, as private arguments.
 */
#ifndef LIBSOCK__POSIX_PLATFORM_H
#define LIBSOCK__POSIX_PLATFORM_H

#include <sys/types.h>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

/* The BSDs' needs in.h before it; not every kit for macOS brings it. */
#if defined(__has_include)
# if __has_include(<netinet/icmp6.h>)
#  include <netinet/icmp6.h>
# endif
#endif

#if defined(__linux__)
# include <linux/errqueue.h>
# include <linux/filter.h>
# include <linux/if_packet.h>
# include <linux/net_tstamp.h>
# include <linux/netlink.h>
# include <linux/rtnetlink.h>
# include <linux/sctp.h>
# include <linux/sockios.h>
# include <linux/vm_sockets.h>
# include <sys/sendfile.h>
#else
# include <net/if_dl.h>
# include <sys/sysctl.h>
#endif
#if defined(__FreeBSD__) || defined(__DragonFly__) || defined(__APPLE__)
# include <sys/param.h>
# include <sys/ucred.h>
#endif

/*
 * Every system call goes through SYS(), so that the tests' build can fail the
 * nth one and count them; the shipped build calls directly.
 */
#if defined(LIBSOCK_FAULT)
int libsock__fault(const char *call);
# define SYS(call, ...) (libsock__fault(# call) != 0 ? -1 : call(__VA_ARGS__))
#else
# define SYS(call, ...) call(__VA_ARGS__)
#endif

/* Minus the current errno, with EWOULDBLOCK folded into EAGAIN. */
static inline int libsock__errno(void)
{
#if EWOULDBLOCK != EAGAIN
    if (errno == EWOULDBLOCK) {
        return -EAGAIN;
    }
#endif
    return -errno;
}

/* The result of a call that answers -1 and errno; captured on the spot. */
static inline int libsock__result(int r)
{
    return r < 0 ? libsock__errno() : r;
}

static inline ptrdiff_t libsock__count_result(ssize_t n)
{
    return n < 0 ? (ptrdiff_t)libsock__errno() : (ptrdiff_t)n;
}

#endif
