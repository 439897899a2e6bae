/* SPDX-License-Identifier: MIT */
/*
 * Constants of opt_list.h that systems spell differently, or that a kernel has
 * and its headers have not. What no system here has is opt_missing.h's, which
 * alone includes this. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_OPT_NAMES_H
#define LIBSOCK__POSIX_OPT_NAMES_H

/* Apple's SO_LINGER counts ticks; its SO_LINGER_SEC is everybody's SO_LINGER.
 */
#if defined(SO_LINGER_SEC)
# define LINGER_S SO_LINGER_SEC
#else
# define LINGER_S SO_LINGER
#endif

/* Binding to an interface by its index: one option on Linux, two elsewhere. */
#if defined(SO_BINDTOIFINDEX)
# define OPT_LEVEL_BOUND_V4 SOL_SOCKET
# define OPT_LEVEL_BOUND_V6 SOL_SOCKET
# define BOUND_IF_V4        SO_BINDTOIFINDEX
# define BOUND_IF_V6        SO_BINDTOIFINDEX
#else
# define OPT_LEVEL_BOUND_V4 IPPROTO_IP
# define OPT_LEVEL_BOUND_V6 IPPROTO_IPV6
# if defined(IP_BOUND_IF)
#  define BOUND_IF_V4 IP_BOUND_IF
# endif
# if defined(IPV6_BOUND_IF)
#  define BOUND_IF_V6 IPV6_BOUND_IF
# endif
#endif

/* Apple and QNX before 7.1 have the option under its Solaris name. */
#if !defined(TCP_KEEPIDLE) && defined(TCP_KEEPALIVE)
# define TCP_KEEPIDLE TCP_KEEPALIVE
#endif

/* Sharing a port that spreads, by whichever name. */
#if defined(SO_REUSEPORT_LB)
# define REUSEPORT_BALANCED SO_REUSEPORT_LB
#elif defined(SO_REUSEPORT) && (defined(__linux__) || defined(__DragonFly__))
# define REUSEPORT_BALANCED SO_REUSEPORT
#endif

/* The BSDs' and Apple's name for what Linux calls a cork. */
#if defined(TCP_CORK)
# define CORK TCP_CORK
#elif defined(TCP_NOPUSH)
# define CORK TCP_NOPUSH
#endif

/* Linux has it as one of the ways to find the largest packet. */
#if defined(IP_DONTFRAG)
# define DONT_FRAGMENT_V4 IP_DONTFRAG
#elif defined(IP_DONTFRAGMENT)
# define DONT_FRAGMENT_V4 IP_DONTFRAGMENT
#elif defined(IP_MTU_DISCOVER)
# define DONT_FRAGMENT_V4 IP_MTU_DISCOVER
#endif

/* Levels that not every OS has; without one of their options, it is 0. */
#define OPT_LEVEL_ICMP   IPPROTO_RAW
#define OPT_LEVEL_ICMPV6 IPPROTO_ICMPV6
#if defined(IPPROTO_UDPLITE)
# define OPT_LEVEL_UDPLITE IPPROTO_UDPLITE
#else
# define OPT_LEVEL_UDPLITE 0
#endif
#if defined(SOL_PACKET)
# define OPT_LEVEL_PACKET SOL_PACKET
#else
# define OPT_LEVEL_PACKET 0
#endif
#if defined(AF_VSOCK)
# define OPT_LEVEL_VSOCK AF_VSOCK
#else
# define OPT_LEVEL_VSOCK 0
#endif

/* All senders of a group; the BSDs' is not for programs, but for a function. */
#if defined(MCAST_MSFILTER)
# define GROUP_FILTER MCAST_MSFILTER
#elif defined(MCAST_EXCLUDE)
# define GROUP_FILTER IP_MSFILTER
#endif

/* Addresses of other hosts: an option for each family, or one for both. */
#define OPT_LEVEL_FOREIGN_V4 IPPROTO_IP
#define OPT_LEVEL_FOREIGN_V6 IPPROTO_IPV6
#if defined(IP_TRANSPARENT) && defined(IPV6_TRANSPARENT)
# define FOREIGN_V4 IP_TRANSPARENT
# define FOREIGN_V6 IPV6_TRANSPARENT
#elif defined(IP_BINDANY) && defined(IPV6_BINDANY)
# define FOREIGN_V4 IP_BINDANY
# define FOREIGN_V6 IPV6_BINDANY
#elif defined(SO_BINDANY)
# undef OPT_LEVEL_FOREIGN_V4
# undef OPT_LEVEL_FOREIGN_V6
# define OPT_LEVEL_FOREIGN_V4 SOL_SOCKET
# define OPT_LEVEL_FOREIGN_V6 SOL_SOCKET
# define FOREIGN_V4           SO_BINDANY
# define FOREIGN_V6           SO_BINDANY
#endif

/* Others mean something else by these names. */
#if defined(TCP_CONNECTION_INFO)
# define CONNECTION_INFO TCP_CONNECTION_INFO
#elif defined(TCP_INFO)
# define CONNECTION_INFO TCP_INFO
#endif
#if defined(__linux__)
# define MD5_KEY TCP_MD5SIG
#endif

/* In no header that can be included next to the C library's. */
#if defined(__linux__)
# define ICMP_FILTER        1
# define UDPLITE_SEND_CSCOV 10
# define UDPLITE_RECV_CSCOV 11
# ifndef IP_LOCAL_PORT_RANGE
#  define IP_LOCAL_PORT_RANGE 51 /* Linux 6.3 */
# endif
# ifndef PACKET_IGNORE_OUTGOING
#  define PACKET_IGNORE_OUTGOING 23 /* Linux 4.20 */
# endif
# define OPT_LEVEL_MPTCP 284 /* SOL_MPTCP */
# define OPT_LEVEL_SCTP  132 /* SOL_SCTP */
# define MPTCP_INFO      1   /* Linux 5.16 */
# ifndef TCP_TX_DELAY
#  define TCP_TX_DELAY 37 /* Linux 5.3 */
# endif
# ifndef TCP_IS_MPTCP
#  define TCP_IS_MPTCP 43 /* Linux 6.10 */
# endif
# ifndef TCP_RTO_MAX_MS
#  define TCP_RTO_MAX_MS 44 /* Linux 6.15 */
# endif
# ifndef TCP_RTO_MIN_US
#  define TCP_RTO_MIN_US 45 /* Linux 6.15 */
# endif
# ifndef TCP_DELACK_MAX_US
#  define TCP_DELACK_MAX_US 46 /* Linux 6.15 */
# endif
# ifndef IP_RECVFRAGSIZE
#  define IP_RECVFRAGSIZE 25
# endif
# ifndef IPV6_RECVFRAGSIZE
#  define IPV6_RECVFRAGSIZE 77
# endif
# ifndef IPV6_FLOWINFO
#  define IPV6_FLOWINFO 11
# endif
# define IPV6_FLOWLABEL_MGR 32
# define IPV6_FLOWINFO_SEND 33
#else
# define OPT_LEVEL_MPTCP 0
# define OPT_LEVEL_SCTP  0
#endif

/* Linux had the old names first, everybody else the new ones. */
#if !defined(IPV6_JOIN_GROUP) && defined(IPV6_ADD_MEMBERSHIP)
# define IPV6_JOIN_GROUP  IPV6_ADD_MEMBERSHIP
# define IPV6_LEAVE_GROUP IPV6_DROP_MEMBERSHIP
#endif

/* FreeBSD and OpenBSD tell the address alone. */
#if defined(IP_PKTINFO)
# define RECV_PKTINFO_V4 IP_PKTINFO
#elif defined(IP_RECVDSTADDR)
# define RECV_PKTINFO_V4 IP_RECVDSTADDR
#endif

/* Younger than the headers of most systems that run a kernel with them; two
 * families of processors number them differently. */
#if defined(__linux__) && !defined(__sparc__) && !defined(__hppa__)
# if !defined(SO_NETNS_COOKIE)
#  define SO_NETNS_COOKIE 71
# endif
# if !defined(SO_PASSPIDFD)
#  define SO_PASSPIDFD 76
# endif
# if !defined(SO_PASSRIGHTS)
#  define SO_PASSRIGHTS 83
# endif
# if !defined(SO_BUF_LOCK)
#  define SO_BUF_LOCK 72 /* Linux 5.15 */
# endif
# if !defined(SO_RESERVE_MEM)
#  define SO_RESERVE_MEM 73 /* Linux 5.16 */
# endif
# if !defined(SO_TXREHASH)
#  define SO_TXREHASH 74 /* Linux 5.18 */
# endif
# if !defined(SO_RCVMARK)
#  define SO_RCVMARK 75 /* Linux 5.19 */
# endif
# if !defined(SO_RCVPRIORITY)
#  define SO_RCVPRIORITY 82 /* Linux 6.14 */
# endif
#endif

/* Only netfilter's headers have these two, and they fight <netinet/in.h>. */
#if defined(__linux__)
# define SO_ORIGINAL_DST      80
# define IP6T_SO_ORIGINAL_DST 80
#endif

#endif
