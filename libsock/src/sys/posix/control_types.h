/* SPDX-License-Identifier: MIT */
/*
 * The numbers of control records that headers leave out, and one type that
 * systems declare in two ways. Included after platform.h by the files about
 * control data, and by their tests. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_CONTROL_TYPES_H
#define LIBSOCK__POSIX_CONTROL_TYPES_H

#include <stddef.h>

/* The field of a header that holds its length: as wide as the system's. */
#if defined(__GLIBC__)
typedef size_t libsock__cmsg_len;
#else
typedef socklen_t libsock__cmsg_len;
#endif

_Static_assert(sizeof(libsock__cmsg_len) ==
                   sizeof(((struct cmsghdr *)0)->cmsg_len),
               "cmsg_len has another width");

#if defined(__linux__)
/* The kernel's numbers, the same on every architecture for which a C library
 * leaves them out; which of the two comes depends on the width of the option
 * that asked. */
# if !defined(SO_TIMESTAMP_OLD)
#  define SO_TIMESTAMP_OLD    29
#  define SO_TIMESTAMPNS_OLD  35
#  define SO_TIMESTAMPING_OLD 37
# endif
# if !defined(SO_TIMESTAMP_NEW)
#  define SO_TIMESTAMP_NEW    63
#  define SO_TIMESTAMPNS_NEW  64
#  define SO_TIMESTAMPING_NEW 65
# endif
# if !defined(SCM_SECURITY)
#  define SCM_SECURITY 3
# endif
# if !defined(SCM_PIDFD)
#  define SCM_PIDFD 4
# endif
# if !defined(SCM_TXTIME)
#  define SCM_TXTIME 61
# endif
# if !defined(SO_RXQ_OVFL)
#  define SO_RXQ_OVFL 40
# endif
# if !defined(UDP_SEGMENT)
#  define UDP_SEGMENT 103
# endif
# if !defined(UDP_GRO)
#  define UDP_GRO 104
# endif
# if !defined(TCP_CM_INQ)
#  define TCP_CM_INQ 36
# endif
# if !defined(SOL_TLS)
#  define SOL_TLS 282
# endif
# if !defined(TLS_SET_RECORD_TYPE)
#  define TLS_SET_RECORD_TYPE 1
# endif
# if !defined(TLS_GET_RECORD_TYPE)
#  define TLS_GET_RECORD_TYPE 2
# endif
# if !defined(SOL_VSOCK)
#  define SOL_VSOCK 287
# endif
# if !defined(VSOCK_RECVERR)
#  define VSOCK_RECVERR 1
# endif
/* In a header that few kits have. */
# define SCTP_RCVINFO_TYPE 3
# if !defined(IP_RECVFRAGSIZE)
#  define IP_RECVFRAGSIZE 25
# endif
# if !defined(IPV6_RECVFRAGSIZE)
#  define IPV6_RECVFRAGSIZE 77
# endif
/* Only <linux/in6.h> has these, and it fights <netinet/in.h>. */
# if !defined(IPV6_FLOWINFO)
#  define IPV6_FLOWINFO 11
# endif
# if !defined(IPV6_ORIGDSTADDR)
#  define IPV6_ORIGDSTADDR 74
# endif
# if !defined(IP_ORIGDSTADDR)
#  define IP_ORIGDSTADDR 20
# endif
#endif

#endif
