/* SPDX-License-Identifier: MIT */
/**
 * @file libsock.h
 * All of libsock but os.h. It declares nothing itself.
 */
#ifndef LIBSOCK_LIBSOCK_H
#define LIBSOCK_LIBSOCK_H

#include <libsock/activate.h>
#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/batch.h>
#include <libsock/connect.h>
#include <libsock/control.h>
#include <libsock/control_error.h>
#include <libsock/control_net.h>
#include <libsock/control_time.h>
#include <libsock/control_unix.h>
#include <libsock/error.h>
#include <libsock/interface.h>
#include <libsock/io.h>
#include <libsock/mptcp_info.h>
#include <libsock/opt.h>
#include <libsock/opt_dccp.h>
#include <libsock/opt_flow.h>
#include <libsock/opt_ip.h>
#include <libsock/opt_multicast.h>
#include <libsock/opt_raw.h>
#include <libsock/opt_sctp.h>
#include <libsock/opt_sock.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_tcp.h>
#include <libsock/opt_value.h>
#include <libsock/opt_vsock.h>
#include <libsock/pass.h>
#include <libsock/queue.h>
#include <libsock/resolve.h>
#include <libsock/socket.h>
#include <libsock/tcp_info.h>
#include <libsock/transfer.h>
#include <libsock/types.h>
#include <libsock/version.h>

#endif
