/* SPDX-License-Identifier: MIT */
/*
 * Makes every constant of opt_list.h exist on every Unix: names that systems
 * spell differently are settled first, then each one that is still missing
 * becomes LIBSOCK__OPT_NONE. Only opt_native.c and its test include
 * this, after platform.h. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_OPT_MISSING_H
#define LIBSOCK__POSIX_OPT_MISSING_H

#include <limits.h>

#include "opt_native.h"

/* No OS numbers an option so. */
#define LIBSOCK__OPT_NONE INT_MIN

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

/* Others mean something else by these names. */
#if defined(__linux__)
# define CONNECTION_INFO TCP_INFO
# define MD5_KEY         TCP_MD5SIG
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
# if !defined(SO_PASSPIDFD)
#  define SO_PASSPIDFD 76
# endif
# if !defined(SO_PASSRIGHTS)
#  define SO_PASSRIGHTS 83
# endif
#endif

/* Only netfilter's headers have these two, and they fight <netinet/in.h>. */
#if defined(__linux__)
# define SO_ORIGINAL_DST      80
# define IP6T_SO_ORIGINAL_DST 80
#endif

#ifndef BOUND_IF_V4
# define BOUND_IF_V4 LIBSOCK__OPT_NONE
#endif
#ifndef BOUND_IF_V6
# define BOUND_IF_V6 LIBSOCK__OPT_NONE
#endif
#ifndef IP6T_SO_ORIGINAL_DST
# define IP6T_SO_ORIGINAL_DST LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_AUTOFLOWLABEL
# define IPV6_AUTOFLOWLABEL LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_DONTFRAG
# define IPV6_DONTFRAG LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_FREEBIND
# define IPV6_FREEBIND LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_HDRINCL
# define IPV6_HDRINCL LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_JOIN_GROUP
# define IPV6_JOIN_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_LEAVE_GROUP
# define IPV6_LEAVE_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MINHOPCOUNT
# define IPV6_MINHOPCOUNT LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MTU
# define IPV6_MTU LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MTU_DISCOVER
# define IPV6_MTU_DISCOVER LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MULTICAST_ALL
# define IPV6_MULTICAST_ALL LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MULTICAST_HOPS
# define IPV6_MULTICAST_HOPS LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MULTICAST_IF
# define IPV6_MULTICAST_IF LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_MULTICAST_LOOP
# define IPV6_MULTICAST_LOOP LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_RECVERR
# define IPV6_RECVERR LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_RECVHOPLIMIT
# define IPV6_RECVHOPLIMIT LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_RECVORIGDSTADDR
# define IPV6_RECVORIGDSTADDR LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_RECVPKTINFO
# define IPV6_RECVPKTINFO LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_RECVTCLASS
# define IPV6_RECVTCLASS LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_TCLASS
# define IPV6_TCLASS LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_TRANSPARENT
# define IPV6_TRANSPARENT LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_UNICAST_HOPS
# define IPV6_UNICAST_HOPS LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_V6ONLY
# define IPV6_V6ONLY LIBSOCK__OPT_NONE
#endif
#ifndef IP_ADD_MEMBERSHIP
# define IP_ADD_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef IP_ADD_SOURCE_MEMBERSHIP
# define IP_ADD_SOURCE_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
# define IP_BIND_ADDRESS_NO_PORT LIBSOCK__OPT_NONE
#endif
#ifndef IP_BLOCK_SOURCE
# define IP_BLOCK_SOURCE LIBSOCK__OPT_NONE
#endif
#ifndef IP_DROP_MEMBERSHIP
# define IP_DROP_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef IP_DROP_SOURCE_MEMBERSHIP
# define IP_DROP_SOURCE_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef IP_FREEBIND
# define IP_FREEBIND LIBSOCK__OPT_NONE
#endif
#ifndef IP_HDRINCL
# define IP_HDRINCL LIBSOCK__OPT_NONE
#endif
#ifndef IP_MINTTL
# define IP_MINTTL LIBSOCK__OPT_NONE
#endif
#ifndef IP_MTU
# define IP_MTU LIBSOCK__OPT_NONE
#endif
#ifndef IP_MTU_DISCOVER
# define IP_MTU_DISCOVER LIBSOCK__OPT_NONE
#endif
#ifndef IP_MULTICAST_ALL
# define IP_MULTICAST_ALL LIBSOCK__OPT_NONE
#endif
#ifndef IP_MULTICAST_IF
# define IP_MULTICAST_IF LIBSOCK__OPT_NONE
#endif
#ifndef IP_MULTICAST_LOOP
# define IP_MULTICAST_LOOP LIBSOCK__OPT_NONE
#endif
#ifndef IP_MULTICAST_TTL
# define IP_MULTICAST_TTL LIBSOCK__OPT_NONE
#endif
#ifndef RECV_PKTINFO_V4
# define RECV_PKTINFO_V4 LIBSOCK__OPT_NONE
#endif
#ifndef IP_RECVERR
# define IP_RECVERR LIBSOCK__OPT_NONE
#endif
#ifndef IP_RECVORIGDSTADDR
# define IP_RECVORIGDSTADDR LIBSOCK__OPT_NONE
#endif
#ifndef IP_RECVTOS
# define IP_RECVTOS LIBSOCK__OPT_NONE
#endif
#ifndef IP_RECVTTL
# define IP_RECVTTL LIBSOCK__OPT_NONE
#endif
#ifndef IP_TOS
# define IP_TOS LIBSOCK__OPT_NONE
#endif
#ifndef IP_TRANSPARENT
# define IP_TRANSPARENT LIBSOCK__OPT_NONE
#endif
#ifndef IP_TTL
# define IP_TTL LIBSOCK__OPT_NONE
#endif
#ifndef IP_UNBLOCK_SOURCE
# define IP_UNBLOCK_SOURCE LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_JOIN_SOURCE_GROUP
# define MCAST_JOIN_SOURCE_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_LEAVE_SOURCE_GROUP
# define MCAST_LEAVE_SOURCE_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef SO_ACCEPTCONN
# define SO_ACCEPTCONN LIBSOCK__OPT_NONE
#endif
#ifndef SO_ATTACH_FILTER
# define SO_ATTACH_FILTER LIBSOCK__OPT_NONE
#endif
#ifndef SO_ATTACH_REUSEPORT_CBPF
# define SO_ATTACH_REUSEPORT_CBPF LIBSOCK__OPT_NONE
#endif
#ifndef SO_BINDTODEVICE
# define SO_BINDTODEVICE LIBSOCK__OPT_NONE
#endif
#ifndef SO_BROADCAST
# define SO_BROADCAST LIBSOCK__OPT_NONE
#endif
#ifndef SO_BUSY_POLL
# define SO_BUSY_POLL LIBSOCK__OPT_NONE
#endif
#ifndef SO_BUSY_POLL_BUDGET
# define SO_BUSY_POLL_BUDGET LIBSOCK__OPT_NONE
#endif
#ifndef SO_COOKIE
# define SO_COOKIE LIBSOCK__OPT_NONE
#endif
#ifndef SO_DEBUG
# define SO_DEBUG LIBSOCK__OPT_NONE
#endif
#ifndef SO_DETACH_FILTER
# define SO_DETACH_FILTER LIBSOCK__OPT_NONE
#endif
#ifndef SO_DETACH_REUSEPORT_BPF
# define SO_DETACH_REUSEPORT_BPF LIBSOCK__OPT_NONE
#endif
#ifndef SO_DOMAIN
# define SO_DOMAIN LIBSOCK__OPT_NONE
#endif
#ifndef SO_DONTROUTE
# define SO_DONTROUTE LIBSOCK__OPT_NONE
#endif
#ifndef SO_EXCLUSIVEADDRUSE
# define SO_EXCLUSIVEADDRUSE LIBSOCK__OPT_NONE
#endif
#ifndef SO_INCOMING_CPU
# define SO_INCOMING_CPU LIBSOCK__OPT_NONE
#endif
#ifndef SO_INCOMING_NAPI_ID
# define SO_INCOMING_NAPI_ID LIBSOCK__OPT_NONE
#endif
#ifndef SO_KEEPALIVE
# define SO_KEEPALIVE LIBSOCK__OPT_NONE
#endif
#ifndef SO_LOCK_FILTER
# define SO_LOCK_FILTER LIBSOCK__OPT_NONE
#endif
#ifndef SO_MARK
# define SO_MARK LIBSOCK__OPT_NONE
#endif
#ifndef SO_NETNS_COOKIE
# define SO_NETNS_COOKIE LIBSOCK__OPT_NONE
#endif
#ifndef SO_NOSIGPIPE
# define SO_NOSIGPIPE LIBSOCK__OPT_NONE
#endif
#ifndef SO_NO_CHECK
# define SO_NO_CHECK LIBSOCK__OPT_NONE
#endif
#ifndef SO_OOBINLINE
# define SO_OOBINLINE LIBSOCK__OPT_NONE
#endif
#ifndef SO_ORIGINAL_DST
# define SO_ORIGINAL_DST LIBSOCK__OPT_NONE
#endif
#ifndef SO_PASSCRED
# define SO_PASSCRED LIBSOCK__OPT_NONE
#endif
#ifndef SO_PASSPIDFD
# define SO_PASSPIDFD LIBSOCK__OPT_NONE
#endif
#ifndef SO_PASSRIGHTS
# define SO_PASSRIGHTS LIBSOCK__OPT_NONE
#endif
#ifndef SO_PASSSEC
# define SO_PASSSEC LIBSOCK__OPT_NONE
#endif
#ifndef SO_PEEK_OFF
# define SO_PEEK_OFF LIBSOCK__OPT_NONE
#endif
#ifndef SO_PREFER_BUSY_POLL
# define SO_PREFER_BUSY_POLL LIBSOCK__OPT_NONE
#endif
#ifndef SO_PRIORITY
# define SO_PRIORITY LIBSOCK__OPT_NONE
#endif
#ifndef SO_PROTOCOL
# define SO_PROTOCOL LIBSOCK__OPT_NONE
#endif
#ifndef SO_RCVBUF
# define SO_RCVBUF LIBSOCK__OPT_NONE
#endif
#ifndef SO_RCVBUFFORCE
# define SO_RCVBUFFORCE LIBSOCK__OPT_NONE
#endif
#ifndef SO_RCVLOWAT
# define SO_RCVLOWAT LIBSOCK__OPT_NONE
#endif
#ifndef SO_RCVTIMEO
# define SO_RCVTIMEO LIBSOCK__OPT_NONE
#endif
#ifndef SO_REUSEADDR
# define SO_REUSEADDR LIBSOCK__OPT_NONE
#endif
#ifndef SO_REUSEPORT
# define SO_REUSEPORT LIBSOCK__OPT_NONE
#endif
#ifndef SO_REUSEPORT_LB
# define SO_REUSEPORT_LB LIBSOCK__OPT_NONE
#endif
#ifndef SO_RXQ_OVFL
# define SO_RXQ_OVFL LIBSOCK__OPT_NONE
#endif
#ifndef SO_SETFIB
# define SO_SETFIB LIBSOCK__OPT_NONE
#endif
#ifndef SO_SNDBUF
# define SO_SNDBUF LIBSOCK__OPT_NONE
#endif
#ifndef SO_SNDBUFFORCE
# define SO_SNDBUFFORCE LIBSOCK__OPT_NONE
#endif
#ifndef SO_SNDLOWAT
# define SO_SNDLOWAT LIBSOCK__OPT_NONE
#endif
#ifndef SO_SNDTIMEO
# define SO_SNDTIMEO LIBSOCK__OPT_NONE
#endif
#ifndef SO_TIMESTAMP
# define SO_TIMESTAMP LIBSOCK__OPT_NONE
#endif
#ifndef SO_TIMESTAMPING
# define SO_TIMESTAMPING LIBSOCK__OPT_NONE
#endif
#ifndef SO_TIMESTAMPNS
# define SO_TIMESTAMPNS LIBSOCK__OPT_NONE
#endif
#ifndef SO_TYPE
# define SO_TYPE LIBSOCK__OPT_NONE
#endif
#ifndef SO_ZEROCOPY
# define SO_ZEROCOPY LIBSOCK__OPT_NONE
#endif
#ifndef TCP_CONGESTION
# define TCP_CONGESTION LIBSOCK__OPT_NONE
#endif
#ifndef TCP_DEFER_ACCEPT
# define TCP_DEFER_ACCEPT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_FASTOPEN
# define TCP_FASTOPEN LIBSOCK__OPT_NONE
#endif
#ifndef TCP_FASTOPEN_CONNECT
# define TCP_FASTOPEN_CONNECT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_FASTOPEN_NO_COOKIE
# define TCP_FASTOPEN_NO_COOKIE LIBSOCK__OPT_NONE
#endif
#ifndef TCP_INQ
# define TCP_INQ LIBSOCK__OPT_NONE
#endif
#ifndef TCP_KEEPCNT
# define TCP_KEEPCNT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_KEEPIDLE
# define TCP_KEEPIDLE LIBSOCK__OPT_NONE
#endif
#ifndef TCP_KEEPINTVL
# define TCP_KEEPINTVL LIBSOCK__OPT_NONE
#endif
#ifndef TCP_MAXSEG
# define TCP_MAXSEG LIBSOCK__OPT_NONE
#endif
#ifndef TCP_NODELAY
# define TCP_NODELAY LIBSOCK__OPT_NONE
#endif
#ifndef TCP_NOTSENT_LOWAT
# define TCP_NOTSENT_LOWAT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_QUICKACK
# define TCP_QUICKACK LIBSOCK__OPT_NONE
#endif
#ifndef TCP_SAVE_SYN
# define TCP_SAVE_SYN LIBSOCK__OPT_NONE
#endif
#ifndef TCP_SYNCNT
# define TCP_SYNCNT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_THIN_LINEAR_TIMEOUTS
# define TCP_THIN_LINEAR_TIMEOUTS LIBSOCK__OPT_NONE
#endif
#ifndef TCP_ULP
# define TCP_ULP LIBSOCK__OPT_NONE
#endif
#ifndef TCP_USER_TIMEOUT
# define TCP_USER_TIMEOUT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_WINDOW_CLAMP
# define TCP_WINDOW_CLAMP LIBSOCK__OPT_NONE
#endif
#ifndef UDP_CORK
# define UDP_CORK LIBSOCK__OPT_NONE
#endif
#ifndef UDP_GRO
# define UDP_GRO LIBSOCK__OPT_NONE
#endif
#ifndef UDP_SEGMENT
# define UDP_SEGMENT LIBSOCK__OPT_NONE
#endif
#ifndef CORK
# define CORK LIBSOCK__OPT_NONE
#endif
#ifndef DONT_FRAGMENT_V4
# define DONT_FRAGMENT_V4 LIBSOCK__OPT_NONE
#endif
#ifndef ICMP6_FILTER
# define ICMP6_FILTER LIBSOCK__OPT_NONE
#endif
#ifndef ICMP_FILTER
# define ICMP_FILTER LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_ADDR_PREFERENCES
# define IPV6_ADDR_PREFERENCES LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_CHECKSUM
# define IPV6_CHECKSUM LIBSOCK__OPT_NONE
#endif
#ifndef IPV6_UNICAST_IF
# define IPV6_UNICAST_IF LIBSOCK__OPT_NONE
#endif
#ifndef IP_LOCAL_PORT_RANGE
# define IP_LOCAL_PORT_RANGE LIBSOCK__OPT_NONE
#endif
#ifndef IP_UNICAST_IF
# define IP_UNICAST_IF LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_BLOCK_SOURCE
# define MCAST_BLOCK_SOURCE LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_JOIN_GROUP
# define MCAST_JOIN_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_LEAVE_GROUP
# define MCAST_LEAVE_GROUP LIBSOCK__OPT_NONE
#endif
#ifndef MCAST_UNBLOCK_SOURCE
# define MCAST_UNBLOCK_SOURCE LIBSOCK__OPT_NONE
#endif
#ifndef PACKET_ADD_MEMBERSHIP
# define PACKET_ADD_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef PACKET_DROP_MEMBERSHIP
# define PACKET_DROP_MEMBERSHIP LIBSOCK__OPT_NONE
#endif
#ifndef PACKET_FANOUT
# define PACKET_FANOUT LIBSOCK__OPT_NONE
#endif
#ifndef PACKET_IGNORE_OUTGOING
# define PACKET_IGNORE_OUTGOING LIBSOCK__OPT_NONE
#endif
#ifndef PACKET_STATISTICS
# define PACKET_STATISTICS LIBSOCK__OPT_NONE
#endif
#ifndef REUSEPORT_BALANCED
# define REUSEPORT_BALANCED LIBSOCK__OPT_NONE
#endif
#ifndef SO_ATTACH_BPF
# define SO_ATTACH_BPF LIBSOCK__OPT_NONE
#endif
#ifndef SO_ATTACH_REUSEPORT_EBPF
# define SO_ATTACH_REUSEPORT_EBPF LIBSOCK__OPT_NONE
#endif
#ifndef SO_MAX_PACING_RATE
# define SO_MAX_PACING_RATE LIBSOCK__OPT_NONE
#endif
#ifndef SO_TXTIME
# define SO_TXTIME LIBSOCK__OPT_NONE
#endif
#ifndef SO_VM_SOCKETS_BUFFER_MAX_SIZE
# define SO_VM_SOCKETS_BUFFER_MAX_SIZE LIBSOCK__OPT_NONE
#endif
#ifndef SO_VM_SOCKETS_BUFFER_MIN_SIZE
# define SO_VM_SOCKETS_BUFFER_MIN_SIZE LIBSOCK__OPT_NONE
#endif
#ifndef SO_VM_SOCKETS_BUFFER_SIZE
# define SO_VM_SOCKETS_BUFFER_SIZE LIBSOCK__OPT_NONE
#endif
#ifndef SO_VM_SOCKETS_CONNECT_TIMEOUT
# define SO_VM_SOCKETS_CONNECT_TIMEOUT LIBSOCK__OPT_NONE
#endif
#ifndef TCP_LINGER2
# define TCP_LINGER2 LIBSOCK__OPT_NONE
#endif
#ifndef MD5_KEY
# define MD5_KEY LIBSOCK__OPT_NONE
#endif
#ifndef CONNECTION_INFO
# define CONNECTION_INFO LIBSOCK__OPT_NONE
#endif
#ifndef TCP_SAVED_SYN
# define TCP_SAVED_SYN LIBSOCK__OPT_NONE
#endif
#ifndef UDPLITE_RECV_CSCOV
# define UDPLITE_RECV_CSCOV LIBSOCK__OPT_NONE
#endif
#ifndef UDPLITE_SEND_CSCOV
# define UDPLITE_SEND_CSCOV LIBSOCK__OPT_NONE
#endif

#endif
