/* SPDX-License-Identifier: MIT */
/* clang-format off */
/*
 * The table of socket options: one row each, and nothing else says what an
 * option is. The functions (opt.c), the run-time listing (opt_table.c) and a
 * port's native numbers (sys/<os>/opt_native.c) are expansions of this list, so
 * a setter and its getter cannot disagree. Constant data; nothing to guard.
 *
 * X(name, level, constant, kind, access, unit, min, max, scope)
 *
 *   name      of the functions: libsock_set_NAME(), libsock_get_NAME()
 *   level     SOCKET IP IPV6 TCP MPTCP UDP UDPLITE SCTP DCCP ICMP ICMPV6 PACKET
 *             VSOCK; BOUND_V4, BOUND_V6, FOREIGN_V4, FOREIGN_V6: the port's
 *   constant  of the OS. A name that several systems spell differently is the
 *             port's to define; what the OS lacks, too
 *   kind      which C type the functions speak, and how it goes to the kernel:
 *
 *             BOOL INT UINT     numbers of four bytes
 *             SIZE U64          the same as size_t; a number of eight
 *             BOOL8 UINT8       one byte on most systems
 *             BOOLDF            a boolean that Linux has as one of several ways
 *             UINTN UINT0       in network order; 0 or in the range
 *             RATE              bytes per second, of 32 bits or of 64
 *             DURATION TIMEOUT  time as a whole number; the kernel's 0 is
 *                               LIBSOCK_NO_TIMEOUT in the second
 *             TIMEVAL SPAN      time in a structure; never for ever in SPAN
 *             LINGER ACCEPT     in a structure of its own: a time, a string
 *             DOMAIN TYPE       numbers of libsock's own
 *             TEXT BYTES        a string; a buffer
 *             ADDR IPV4         an address; four octets
 *             IF4 MREQ4 MREQN4 SSM4 MREQ6 SSM6
 *                               multicast structures of one family
 *             GROUP SOURCE      those of any family
 *             FILTER FD NONE    a program; a descriptor of one; no value
 *             STRUCT            functions of its own, in opt_struct.c, and a
 *                               line in opt_member.c
 *
 *   access    RW, GET, SET; TAKE: reading makes the kernel forget it; CALL: the
 *             one function is libsock_NAME()
 *   unit      of the kernel's number: NONE BYTES RATE S MS US; OS in TIMEVAL
 *   min max   in that unit; of TEXT, its length. What lies outside is refused
 *             here because the kernel would wrap or change it
 *   scope     which sockets have it: ANY INET UNIX V4 V6 TCP UDP UDPLITE SCTP
 *             DCCP RAW4 RAW6 PACKET VSOCK
 */
#ifndef LIBSOCK__OPT_LIST_H
#define LIBSOCK__OPT_LIST_H

#define LIBSOCK__OPT_SOCKET_LIST(X) \
 X(broadcast, SOCKET, SO_BROADCAST, BOOL, RW, NONE, 0, 1, ANY) \
 X(keepalive, SOCKET, SO_KEEPALIVE, BOOL, RW, NONE, 0, 1, ANY) \
 X(reuse_address, SOCKET, SO_REUSEADDR, BOOL, RW, NONE, 0, 1, ANY) \
 X(reuse_port, SOCKET, SO_REUSEPORT, BOOL, RW, NONE, 0, 1, INET) \
 X(reuse_port_balanced, SOCKET, REUSEPORT_BALANCED, BOOL, RW, NONE, 0, 1, \
   INET) \
 X(reuse_port_lb, SOCKET, SO_REUSEPORT_LB, BOOL, RW, NONE, 0, 1, INET) \
 X(exclusive_address, SOCKET, SO_EXCLUSIVEADDRUSE, BOOL, RW, NONE, 0, 1, ANY) \
 X(linger, SOCKET, LINGER_S, LINGER, RW, S, 0, INT_MAX, ANY) \
 X(out_of_band_inline, SOCKET, SO_OOBINLINE, BOOL, RW, NONE, 0, 1, ANY) \
 X(read_timeout, SOCKET, SO_RCVTIMEO, TIMEVAL, RW, OS, 1, INT64_MAX, ANY) \
 X(write_timeout, SOCKET, SO_SNDTIMEO, TIMEVAL, RW, OS, 1, INT64_MAX, ANY) \
 X(recv_buffer_size, SOCKET, SO_RCVBUF, SIZE, RW, BYTES, 0, INT_MAX, ANY) \
 X(send_buffer_size, SOCKET, SO_SNDBUF, SIZE, RW, BYTES, 0, INT_MAX, ANY) \
 X(recv_buffer_size_force, SOCKET, SO_RCVBUFFORCE, SIZE, SET, BYTES, \
   0, INT_MAX, ANY) \
 X(send_buffer_size_force, SOCKET, SO_SNDBUFFORCE, SIZE, SET, BYTES, \
   0, INT_MAX, ANY) \
 X(recv_low_water, SOCKET, SO_RCVLOWAT, SIZE, RW, BYTES, 1, INT_MAX, ANY) \
 X(send_low_water, SOCKET, SO_SNDLOWAT, SIZE, RW, BYTES, 1, INT_MAX, ANY) \
 X(dont_route, SOCKET, SO_DONTROUTE, BOOL, RW, NONE, 0, 1, INET) \
 X(debug, SOCKET, SO_DEBUG, BOOL, RW, NONE, 0, 1, ANY) \
 X(nosigpipe, SOCKET, SO_NOSIGPIPE, BOOL, RW, NONE, 0, 1, ANY) \
 X(domain, SOCKET, SO_DOMAIN, DOMAIN, GET, NONE, 0, INT_MAX, ANY) \
 X(type, SOCKET, SO_TYPE, TYPE, GET, NONE, 0, INT_MAX, ANY) \
 X(protocol, SOCKET, SO_PROTOCOL, INT, GET, NONE, 0, INT_MAX, ANY) \
 X(is_listener, SOCKET, SO_ACCEPTCONN, BOOL, GET, NONE, 0, 1, ANY) \
 X(cookie, SOCKET, SO_COOKIE, U64, GET, NONE, 0, 0, ANY) \
 X(netns_cookie, SOCKET, SO_NETNS_COOKIE, U64, GET, NONE, 0, 0, ANY) \
 X(mark, SOCKET, SO_MARK, UINT, RW, NONE, 0, UINT32_MAX, ANY) \
 X(priority, SOCKET, SO_PRIORITY, UINT, RW, NONE, 0, UINT32_MAX, ANY) \
 X(fib, SOCKET, SO_SETFIB, UINT, SET, NONE, 0, INT_MAX, INET) \
 X(incoming_cpu, SOCKET, SO_INCOMING_CPU, INT, RW, NONE, -1, INT_MAX, INET) \
 X(incoming_napi_id, SOCKET, SO_INCOMING_NAPI_ID, UINT, GET, NONE, \
   0, UINT32_MAX, INET) \
 X(busy_poll, SOCKET, SO_BUSY_POLL, DURATION, RW, US, 0, INT_MAX, INET) \
 X(prefer_busy_poll, SOCKET, SO_PREFER_BUSY_POLL, BOOL, RW, NONE, 0, 1, INET) \
 X(busy_poll_budget, SOCKET, SO_BUSY_POLL_BUDGET, UINT, SET, NONE, \
   0, UINT16_MAX, INET) \
 X(passcred, SOCKET, SO_PASSCRED, BOOL, RW, NONE, 0, 1, UNIX) \
 X(passsec, SOCKET, SO_PASSSEC, BOOL, RW, NONE, 0, 1, UNIX) \
 X(passpidfd, SOCKET, SO_PASSPIDFD, BOOL, RW, NONE, 0, 1, UNIX) \
 X(passrights, SOCKET, SO_PASSRIGHTS, BOOL, RW, NONE, 0, 1, UNIX) \
 X(skip_peercred, SOCKET, PEERCRED_OFF, NONE, CALL, NONE, 0, 0, UNIX) \
 X(timestamp, SOCKET, SO_TIMESTAMP, BOOL, RW, NONE, 0, 1, ANY) \
 X(timestamp_ns, SOCKET, SO_TIMESTAMPNS, BOOL, RW, NONE, 0, 1, ANY) \
 X(timestamping, SOCKET, SO_TIMESTAMPING, UINT, RW, NONE, 0, INT_MAX, ANY) \
 X(recv_drop_count, SOCKET, SO_RXQ_OVFL, BOOL, RW, NONE, 0, 1, ANY) \
 X(peek_offset, SOCKET, SO_PEEK_OFF, INT, RW, BYTES, -1, INT_MAX, ANY) \
 X(zerocopy, SOCKET, SO_ZEROCOPY, BOOL, RW, NONE, 0, 1, INET) \
 X(no_check, SOCKET, SO_NO_CHECK, BOOL, RW, NONE, 0, 1, UDP) \
 X(device, SOCKET, SO_BINDTODEVICE, TEXT, RW, BYTES, 0, 15, INET) \
 X(device_index_v4, BOUND_V4, BOUND_IF_V4, UINT, RW, NONE, 0, INT_MAX, V4) \
 X(device_index_v6, BOUND_V6, BOUND_IF_V6, UINT, RW, NONE, 0, INT_MAX, V6) \
 X(attach_filter, SOCKET, SO_ATTACH_FILTER, FILTER, CALL, NONE, \
   1, UINT16_MAX, ANY) \
 X(detach_filter, SOCKET, SO_DETACH_FILTER, NONE, CALL, NONE, 0, 0, ANY) \
 X(lock_filter, SOCKET, SO_LOCK_FILTER, BOOL, RW, NONE, 0, 1, ANY) \
 X(attach_bpf, SOCKET, SO_ATTACH_BPF, FD, CALL, NONE, 0, INT_MAX, ANY) \
 X(attach_reuse_port_bpf, SOCKET, SO_ATTACH_REUSEPORT_EBPF, FD, CALL, NONE, \
   0, INT_MAX, INET) \
 X(recv_priority, SOCKET, SO_RCVPRIORITY, BOOL, RW, NONE, 0, 1, ANY) \
 X(recv_mark, SOCKET, SO_RCVMARK, BOOL, RW, NONE, 0, 1, ANY) \
 X(user_cookie, SOCKET, SO_USER_COOKIE, UINT, SET, NONE, 0, UINT32_MAX, INET) \
 X(rtable, SOCKET, SO_RTABLE, UINT, RW, NONE, 0, 255, INET) \
 X(accept_filter, SOCKET, SO_ACCEPTFILTER, ACCEPT, RW, BYTES, 0, 15, ANY) \
 X(recv_overflow_error, SOCKET, SO_RERROR, BOOL, RW, NONE, 0, 1, ANY) \
 X(buffer_lock, SOCKET, SO_BUF_LOCK, UINT, RW, NONE, 0, 3, ANY) \
 X(reserved_memory, SOCKET, SO_RESERVE_MEM, SIZE, RW, BYTES, 0, INT_MAX, INET) \
 X(max_pacing_rate, SOCKET, SO_MAX_PACING_RATE, RATE, RW, RATE, 1, INT64_MAX, \
   INET) \
 X(txtime, SOCKET, SO_TXTIME, STRUCT, RW, NONE, 0, 0, ANY) \
 X(attach_reuse_port_filter, SOCKET, SO_ATTACH_REUSEPORT_CBPF, FILTER, CALL, \
   NONE, 1, UINT16_MAX, INET) \
 X(detach_reuse_port_filter, SOCKET, SO_DETACH_REUSEPORT_BPF, NONE, CALL, \
   NONE, 0, 0, INET)

#define LIBSOCK__OPT_IPV4_LIST(X) \
 X(ttl_v4, IP, IP_TTL, UINT, RW, NONE, 1, 255, V4) \
 X(tos_v4, IP, IP_TOS, UINT, RW, NONE, 0, 255, V4) \
 X(min_ttl_v4, IP, IP_MINTTL, UINT, RW, NONE, 0, 255, V4) \
 X(mtu_v4, IP, IP_MTU, UINT, GET, BYTES, 0, UINT32_MAX, V4) \
 X(mtu_discover_v4, IP, IP_MTU_DISCOVER, UINT, RW, NONE, 0, 5, V4) \
 X(dont_fragment_v4, IP, DONT_FRAGMENT_V4, BOOLDF, RW, NONE, 0, 1, V4) \
 X(unicast_if_v4, IP, IP_UNICAST_IF, UINTN, RW, NONE, 0, INT_MAX, V4) \
 X(local_port_range, IP, IP_LOCAL_PORT_RANGE, STRUCT, RW, NONE, 0, 0, INET) \
 X(icmp_filter_v4, ICMP, ICMP_FILTER, UINT, RW, NONE, 0, UINT32_MAX, RAW4) \
 X(recv_ttl_v4, IP, IP_RECVTTL, BOOL, RW, NONE, 0, 1, V4) \
 X(recv_tos_v4, IP, IP_RECVTOS, BOOL, RW, NONE, 0, 1, V4) \
 X(recv_pktinfo_v4, IP, RECV_PKTINFO_V4, BOOL, RW, NONE, 0, 1, V4) \
 X(recv_original_dst_v4, IP, IP_RECVORIGDSTADDR, BOOL, RW, NONE, 0, 1, V4) \
 X(recv_err_v4, IP, IP_RECVERR, BOOL, RW, NONE, 0, 1, V4) \
 X(original_dst_v4, IP, SO_ORIGINAL_DST, ADDR, GET, NONE, 0, 0, V4) \
 X(recv_fragment_size_v4, IP, IP_RECVFRAGSIZE, BOOL, RW, NONE, 0, 1, V4) \
 X(header_included_v4, IP, IP_HDRINCL, BOOL, RW, NONE, 0, 1, RAW4) \
 X(ip_transparent_v4, FOREIGN_V4, FOREIGN_V4, BOOL, RW, NONE, 0, 1, V4) \
 X(freebind_v4, IP, IP_FREEBIND, BOOL, RW, NONE, 0, 1, V4) \
 X(bind_address_no_port, IP, IP_BIND_ADDRESS_NO_PORT, BOOL, RW, NONE, 0, 1, \
   INET) \
 X(multicast_all_v4, IP, IP_MULTICAST_ALL, BOOL, RW, NONE, 0, 1, V4) \
 X(multicast_loop_v4, IP, IP_MULTICAST_LOOP, BOOL8, RW, NONE, 0, 1, V4) \
 X(multicast_ttl_v4, IP, IP_MULTICAST_TTL, UINT8, RW, NONE, 0, 255, V4) \
 X(multicast_if_v4, IP, IP_MULTICAST_IF, IPV4, RW, NONE, 0, 0, V4) \
 X(multicast_if_v4_n, IP, MULTICAST_IF_N, IF4, SET, NONE, 0, INT_MAX, V4) \
 X(join_multicast_v4, IP, IP_ADD_MEMBERSHIP, MREQ4, CALL, NONE, 0, 0, V4) \
 X(leave_multicast_v4, IP, IP_DROP_MEMBERSHIP, MREQ4, CALL, NONE, 0, 0, V4) \
 X(join_multicast_v4_n, IP, ADD_MEMBERSHIP_N, MREQN4, CALL, NONE, \
   0, INT_MAX, V4) \
 X(leave_multicast_v4_n, IP, DROP_MEMBERSHIP_N, MREQN4, CALL, NONE, \
   0, INT_MAX, V4) \
 X(join_ssm_v4, IP, IP_ADD_SOURCE_MEMBERSHIP, SSM4, CALL, NONE, 0, 0, V4) \
 X(leave_ssm_v4, IP, IP_DROP_SOURCE_MEMBERSHIP, SSM4, CALL, NONE, 0, 0, V4) \
 X(block_source_v4, IP, IP_BLOCK_SOURCE, SSM4, CALL, NONE, 0, 0, V4) \
 X(unblock_source_v4, IP, IP_UNBLOCK_SOURCE, SSM4, CALL, NONE, 0, 0, V4) \
 X(join_group, IP, MCAST_JOIN_GROUP, GROUP, CALL, NONE, 0, 0, INET) \
 X(leave_group, IP, MCAST_LEAVE_GROUP, GROUP, CALL, NONE, 0, 0, INET) \
 X(join_group_source, IP, MCAST_JOIN_SOURCE_GROUP, SOURCE, CALL, NONE, \
   0, 0, INET) \
 X(leave_group_source, IP, MCAST_LEAVE_SOURCE_GROUP, SOURCE, CALL, NONE, \
   0, 0, INET) \
 X(block_group_source, IP, MCAST_BLOCK_SOURCE, SOURCE, CALL, NONE, \
   0, 0, INET) \
 X(unblock_group_source, IP, MCAST_UNBLOCK_SOURCE, SOURCE, CALL, NONE, \
   0, 0, INET) \
 X(filter_group, IP, GROUP_FILTER, STRUCT, CALL, NONE, 0, 0, INET)

#define LIBSOCK__OPT_IPV6_LIST(X) \
 X(only_v6, IPV6, IPV6_V6ONLY, BOOL, RW, NONE, 0, 1, V6) \
 X(unicast_hops_v6, IPV6, IPV6_UNICAST_HOPS, UINT, RW, NONE, 0, 255, V6) \
 X(tclass_v6, IPV6, IPV6_TCLASS, UINT, RW, NONE, 0, 255, V6) \
 X(min_hops_v6, IPV6, IPV6_MINHOPCOUNT, UINT, RW, NONE, 0, 255, V6) \
 X(mtu_v6, IPV6, IPV6_MTU, UINT, GET, BYTES, 0, UINT32_MAX, V6) \
 X(mtu_discover_v6, IPV6, IPV6_MTU_DISCOVER, UINT, RW, NONE, 0, 5, V6) \
 X(dont_fragment_v6, IPV6, IPV6_DONTFRAG, BOOL, RW, NONE, 0, 1, V6) \
 X(unicast_if_v6, IPV6, IPV6_UNICAST_IF, UINTN, RW, NONE, 0, INT_MAX, V6) \
 X(addr_preferences_v6, IPV6, IPV6_ADDR_PREFERENCES, UINT, RW, NONE, \
   0, 0xfff, V6) \
 X(checksum_v6, IPV6, IPV6_CHECKSUM, INT, RW, BYTES, -1, UINT16_MAX, RAW6) \
 X(icmp_filter_v6, ICMPV6, ICMP6_FILTER, STRUCT, RW, NONE, 0, 0, RAW6) \
 X(auto_flow_label_v6, IPV6, IPV6_AUTOFLOWLABEL, BOOL, RW, NONE, 0, 1, V6) \
 X(send_flow_label_v6, IPV6, IPV6_FLOWINFO_SEND, BOOL, RW, NONE, 0, 1, V6) \
 X(recv_flow_label_v6, IPV6, IPV6_FLOWINFO, BOOL, RW, NONE, 0, 1, V6) \
 X(lease_flow_label_v6, IPV6, IPV6_FLOWLABEL_MGR, STRUCT, CALL, NONE, \
   0, 0, V6) \
 X(release_flow_label_v6, IPV6, IPV6_FLOWLABEL_MGR, STRUCT, CALL, NONE, \
   0, 0, V6) \
 X(recv_hoplimit_v6, IPV6, IPV6_RECVHOPLIMIT, BOOL, RW, NONE, 0, 1, V6) \
 X(recv_tclass_v6, IPV6, IPV6_RECVTCLASS, BOOL, RW, NONE, 0, 1, V6) \
 X(recv_pktinfo_v6, IPV6, IPV6_RECVPKTINFO, BOOL, RW, NONE, 0, 1, V6) \
 X(recv_original_dst_v6, IPV6, IPV6_RECVORIGDSTADDR, BOOL, RW, NONE, 0, 1, \
   V6) \
 X(recv_err_v6, IPV6, IPV6_RECVERR, BOOL, RW, NONE, 0, 1, V6) \
 X(original_dst_v6, IPV6, IP6T_SO_ORIGINAL_DST, ADDR, GET, NONE, 0, 0, V6) \
 X(recv_fragment_size_v6, IPV6, IPV6_RECVFRAGSIZE, BOOL, RW, NONE, 0, 1, \
   V6) \
 X(header_included_v6, IPV6, IPV6_HDRINCL, BOOL, RW, NONE, 0, 1, RAW6) \
 X(ip_transparent_v6, FOREIGN_V6, FOREIGN_V6, BOOL, RW, NONE, 0, 1, V6) \
 X(freebind_v6, IPV6, IPV6_FREEBIND, BOOL, RW, NONE, 0, 1, V6) \
 X(multicast_all_v6, IPV6, IPV6_MULTICAST_ALL, BOOL, RW, NONE, 0, 1, V6) \
 X(multicast_loop_v6, IPV6, IPV6_MULTICAST_LOOP, BOOL, RW, NONE, 0, 1, V6) \
 X(multicast_hops_v6, IPV6, IPV6_MULTICAST_HOPS, UINT, RW, NONE, 0, 255, V6) \
 X(multicast_if_v6, IPV6, IPV6_MULTICAST_IF, UINT, RW, NONE, 0, INT_MAX, V6) \
 X(join_multicast_v6, IPV6, IPV6_JOIN_GROUP, MREQ6, CALL, NONE, \
   0, INT_MAX, V6) \
 X(leave_multicast_v6, IPV6, IPV6_LEAVE_GROUP, MREQ6, CALL, NONE, \
   0, INT_MAX, V6) \
 X(join_ssm_v6, IPV6, MCAST_JOIN_SOURCE_GROUP, SSM6, CALL, NONE, \
   0, INT_MAX, V6) \
 X(leave_ssm_v6, IPV6, MCAST_LEAVE_SOURCE_GROUP, SSM6, CALL, NONE, \
   0, INT_MAX, V6)

#define LIBSOCK__OPT_TCP_LIST(X) \
 X(tcp_nodelay, TCP, TCP_NODELAY, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_cork, TCP, CORK, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_quickack, TCP, TCP_QUICKACK, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_mss, TCP, TCP_MAXSEG, UINT, RW, BYTES, 0, INT_MAX, TCP) \
 X(tcp_window_clamp, TCP, TCP_WINDOW_CLAMP, SIZE, RW, BYTES, 0, INT_MAX, TCP) \
 X(tcp_notsent_lowat, TCP, TCP_NOTSENT_LOWAT, UINT, RW, BYTES, \
   0, UINT32_MAX, TCP) \
 X(tcp_thin_linear_timeouts, TCP, TCP_THIN_LINEAR_TIMEOUTS, BOOL, RW, NONE, \
   0, 1, TCP) \
 X(tcp_user_timeout, TCP, TCP_USER_TIMEOUT, TIMEOUT, RW, MS, 1, INT_MAX, TCP) \
 X(tcp_keepalive_time, TCP, TCP_KEEPIDLE, DURATION, RW, S, 1, 32767, TCP) \
 X(tcp_keepalive_interval, TCP, TCP_KEEPINTVL, DURATION, RW, S, 1, 32767, \
   TCP) \
 X(tcp_keepalive_retries, TCP, TCP_KEEPCNT, UINT, RW, NONE, 1, 127, TCP) \
 X(tcp_syn_retries, TCP, TCP_SYNCNT, UINT, RW, NONE, 1, 127, TCP) \
 X(tcp_linger2, TCP, TCP_LINGER2, DURATION, RW, S, 1, 120, TCP) \
 X(tcp_tx_rehash, SOCKET, SO_TXREHASH, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_tx_delay, TCP, TCP_TX_DELAY, DURATION, RW, US, 0, 268435455, TCP) \
 X(tcp_rto_min, TCP, TCP_RTO_MIN_US, DURATION, RW, US, 1, 200000, TCP) \
 X(tcp_rto_max, TCP, TCP_RTO_MAX_MS, DURATION, RW, MS, 1000, 120000, TCP) \
 X(tcp_delayed_ack_max, TCP, TCP_DELACK_MAX_US, DURATION, RW, US, 1, 200000, \
   TCP) \
 X(tcp_ack_frequency, TCP, ACK_FREQUENCY, UINT, SET, NONE, 1, 255, TCP) \
 X(tcp_is_mptcp, TCP, TCP_IS_MPTCP, BOOL, GET, NONE, 0, 1, TCP) \
 X(mptcp_info, MPTCP, MPTCP_INFO, STRUCT, GET, NONE, 0, 0, TCP) \
 X(tcp_info, TCP, CONNECTION_INFO, STRUCT, GET, NONE, 0, 0, TCP) \
 X(tcp_md5, TCP, MD5_KEY, STRUCT, SET, NONE, 0, 0, TCP) \
 X(tcp_defer_accept, TCP, TCP_DEFER_ACCEPT, DURATION, RW, S, 0, INT_MAX, TCP) \
 X(tcp_fastopen, TCP, TCP_FASTOPEN, UINT, RW, NONE, 0, INT_MAX, TCP) \
 X(tcp_fastopen_connect, TCP, TCP_FASTOPEN_CONNECT, BOOL, RW, NONE, 0, 1, \
   TCP) \
 X(tcp_fastopen_no_cookie, TCP, TCP_FASTOPEN_NO_COOKIE, BOOL, RW, NONE, \
   0, 1, TCP) \
 X(tcp_save_syn, TCP, TCP_SAVE_SYN, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_saved_syn, TCP, TCP_SAVED_SYN, BYTES, TAKE, BYTES, 0, 0, TCP) \
 X(tcp_recv_queued, TCP, TCP_INQ, BOOL, RW, NONE, 0, 1, TCP) \
 X(tcp_congestion, TCP, TCP_CONGESTION, TEXT, RW, BYTES, 1, 15, TCP) \
 X(tcp_ulp, TCP, TCP_ULP, TEXT, RW, BYTES, 1, 15, TCP) \
 X(udp_cork, UDP, UDP_CORK, BOOL, RW, NONE, 0, 1, UDP) \
 X(udp_segment, UDP, UDP_SEGMENT, UINT, RW, BYTES, 0, UINT16_MAX, UDP) \
 X(udp_gro, UDP, UDP_GRO, BOOL, RW, NONE, 0, 1, UDP) \
 X(udplite_send_coverage, UDPLITE, UDPLITE_SEND_CSCOV, UINT0, RW, BYTES, \
   8, UINT16_MAX, UDPLITE) \
 X(udplite_recv_coverage, UDPLITE, UDPLITE_RECV_CSCOV, UINT0, RW, BYTES, \
   8, UINT16_MAX, UDPLITE)

#define LIBSOCK__OPT_LINK_LIST(X) \
 X(join_packet, PACKET, PACKET_ADD_MEMBERSHIP, STRUCT, CALL, NONE, \
   0, 0, PACKET) \
 X(leave_packet, PACKET, PACKET_DROP_MEMBERSHIP, STRUCT, CALL, NONE, \
   0, 0, PACKET) \
 X(packet_fanout, PACKET, PACKET_FANOUT, STRUCT, RW, NONE, 0, 0, PACKET) \
 X(take_packet_statistics, PACKET, PACKET_STATISTICS, STRUCT, CALL, NONE, \
   0, 0, PACKET) \
 X(packet_ignore_outgoing, PACKET, PACKET_IGNORE_OUTGOING, BOOL, RW, NONE, \
   0, 1, PACKET) \
 X(vsock_buffer_size, VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, U64, RW, BYTES, \
   0, 0, VSOCK) \
 X(vsock_buffer_min_size, VSOCK, SO_VM_SOCKETS_BUFFER_MIN_SIZE, U64, RW, \
   BYTES, 0, 0, VSOCK) \
 X(vsock_buffer_max_size, VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, U64, RW, \
   BYTES, 0, 0, VSOCK) \
 X(vsock_connect_timeout, VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, SPAN, RW, OS, \
   1, INT64_MAX, VSOCK)

#define LIBSOCK__OPT_SCTP_LIST(X) \
 X(sctp_nodelay, SCTP, SCTP_NODELAY, BOOL, RW, NONE, 0, 1, SCTP) \
 X(sctp_no_fragments, SCTP, SCTP_DISABLE_FRAGMENTS, BOOL, RW, NONE, \
   0, 1, SCTP) \
 X(sctp_autoclose, SCTP, SCTP_AUTOCLOSE, DURATION, RW, S, 0, 2147483, SCTP) \
 X(sctp_init, SCTP, SCTP_INITMSG, STRUCT, RW, NONE, 0, 0, SCTP) \
 X(sctp_recv_info, SCTP, SCTP_RECVRCVINFO, BOOL, RW, NONE, 0, 1, SCTP) \
 X(sctp_bind_add, SCTP, SCTP_BIND_ADD, STRUCT, CALL, NONE, 0, 0, SCTP) \
 X(sctp_bind_remove, SCTP, SCTP_BIND_REMOVE, STRUCT, CALL, NONE, 0, 0, SCTP) \
 X(sctp_connect, SCTP, SCTP_CONNECT, STRUCT, CALL, NONE, 0, 0, SCTP)

#define LIBSOCK__OPT_DCCP_LIST(X) \
 X(dccp_service, DCCP, DCCP_SOCKOPT_SERVICE, UINT, RW, NONE, \
   0, UINT32_MAX, DCCP) \
 X(dccp_ccid, DCCP, DCCP_SOCKOPT_CCID, UINT8, SET, NONE, 0, 255, DCCP) \
 X(dccp_tx_ccid, DCCP, DCCP_SOCKOPT_TX_CCID, UINT, GET, NONE, 0, 255, DCCP) \
 X(dccp_rx_ccid, DCCP, DCCP_SOCKOPT_RX_CCID, UINT, GET, NONE, 0, 255, DCCP) \
 X(dccp_available_ccids, DCCP, DCCP_SOCKOPT_AVAILABLE_CCIDS, BYTES, GET, \
   BYTES, 0, 0, DCCP) \
 X(dccp_server_timewait, DCCP, DCCP_SOCKOPT_SERVER_TIMEWAIT, BOOL, RW, NONE, \
   0, 1, DCCP) \
 X(dccp_send_coverage, DCCP, DCCP_SOCKOPT_SEND_CSCOV, UINT, RW, NONE, \
   0, 15, DCCP) \
 X(dccp_recv_coverage, DCCP, DCCP_SOCKOPT_RECV_CSCOV, UINT, RW, NONE, \
   0, 15, DCCP) \
 X(dccp_queue_length, DCCP, DCCP_SOCKOPT_QPOLICY_TXQLEN, UINT, RW, NONE, \
   0, INT_MAX, DCCP) \
 X(dccp_max_packet_size, DCCP, DCCP_SOCKOPT_GET_CUR_MPS, UINT, GET, BYTES, \
   0, UINT32_MAX, DCCP)
/* clang-format on */

#define LIBSOCK__OPT_LIST(X) \
 LIBSOCK__OPT_SOCKET_LIST(X) \
 LIBSOCK__OPT_IPV4_LIST(X)   \
 LIBSOCK__OPT_IPV6_LIST(X)   \
 LIBSOCK__OPT_TCP_LIST(X)    \
 LIBSOCK__OPT_LINK_LIST(X)   \
 LIBSOCK__OPT_SCTP_LIST(X)   \
 LIBSOCK__OPT_DCCP_LIST(X)

/* The number of a row: its place in the list, and in every array made of it. */
enum libsock__opt {
#define LIBSOCK__OPT_ID(name, level, constant, kind, access, unit, min, max, \
                        scope)                                               \
 LIBSOCK__OPT_##name,
    LIBSOCK__OPT_LIST(LIBSOCK__OPT_ID)
#undef LIBSOCK__OPT_ID
    LIBSOCK__OPT_COUNT
};

/* The column "kind". */
enum libsock__opt_kind {
    LIBSOCK__OPT_KIND_BOOL,
    LIBSOCK__OPT_KIND_INT,
    LIBSOCK__OPT_KIND_UINT,
    LIBSOCK__OPT_KIND_SIZE,
    LIBSOCK__OPT_KIND_U64,
    LIBSOCK__OPT_KIND_BOOL8,
    LIBSOCK__OPT_KIND_UINT8,
    LIBSOCK__OPT_KIND_DURATION,
    LIBSOCK__OPT_KIND_TIMEOUT,
    LIBSOCK__OPT_KIND_TIMEVAL,
    LIBSOCK__OPT_KIND_LINGER,
    LIBSOCK__OPT_KIND_DOMAIN,
    LIBSOCK__OPT_KIND_TYPE,
    LIBSOCK__OPT_KIND_TEXT,
    LIBSOCK__OPT_KIND_ACCEPT,
    LIBSOCK__OPT_KIND_ADDR,
    LIBSOCK__OPT_KIND_IPV4,
    LIBSOCK__OPT_KIND_IF4,
    LIBSOCK__OPT_KIND_MREQ4,
    LIBSOCK__OPT_KIND_MREQN4,
    LIBSOCK__OPT_KIND_SSM4,
    LIBSOCK__OPT_KIND_MREQ6,
    LIBSOCK__OPT_KIND_SSM6,
    LIBSOCK__OPT_KIND_FILTER,
    LIBSOCK__OPT_KIND_NONE,
    LIBSOCK__OPT_KIND_BOOLDF,
    LIBSOCK__OPT_KIND_UINTN,
    LIBSOCK__OPT_KIND_UINT0,
    LIBSOCK__OPT_KIND_RATE,
    LIBSOCK__OPT_KIND_SPAN,
    LIBSOCK__OPT_KIND_GROUP,
    LIBSOCK__OPT_KIND_SOURCE,
    LIBSOCK__OPT_KIND_FD,
    LIBSOCK__OPT_KIND_BYTES,
    LIBSOCK__OPT_KIND_STRUCT
};

#endif
