/* SPDX-License-Identifier: MIT */
/**
 * @file opt_vsock.h
 * The options of VSOCK sockets, between virtual machines and their host; see
 * vsock(7). Conventions, common errors and the threads' rule are in opt.h. On a
 * socket of another family all return kind UNSUPPORTED.
 */
#ifndef LIBSOCK_OPT_VSOCK_H
#define LIBSOCK_OPT_VSOCK_H

#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * The receive buffer, which is what the peer may have under way, and the least
 * and the most that it may be set to (SO_VM_SOCKETS_BUFFER_SIZE, _MIN_SIZE,
 * _MAX_SIZE; vsock(7)). At first 256 KiB, between 128 bytes and 256 KiB. Raise
 * the most before the size: the kernel keeps the size between the two.
 *
 * @return 0, or as opt.h says.
 *
 * Units:     bytes.
 * Platforms: Linux 3.9.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_vsock_buffer_size(libsock_socket sock,
                                              uint64_t value);
LIBSOCK_API int libsock_get_vsock_buffer_size(libsock_socket sock,
                                              uint64_t *out_value);
LIBSOCK_API int libsock_set_vsock_buffer_min_size(libsock_socket sock,
                                                  uint64_t value);
LIBSOCK_API int libsock_get_vsock_buffer_min_size(libsock_socket sock,
                                                  uint64_t *out_value);
LIBSOCK_API int libsock_set_vsock_buffer_max_size(libsock_socket sock,
                                                  uint64_t value);
LIBSOCK_API int libsock_get_vsock_buffer_max_size(libsock_socket sock,
                                                  uint64_t *out_value);

/**
 * How long connect() tries (SO_VM_SOCKETS_CONNECT_TIMEOUT; vsock(7)). At first
 * 2 s.
 *
 * @return 0; kind INVALID_INPUT for 0 and LIBSOCK_NO_TIMEOUT, which the kernel
 *         has not got.
 *
 * Units:     nanoseconds, rounded up to microseconds; Linux then rounds up to a
 *            tick of its clock and reads back so.
 * Platforms: Linux 3.9.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_vsock_connect_timeout(libsock_socket sock,
                                                  uint64_t time_ns);
LIBSOCK_API int libsock_get_vsock_connect_timeout(libsock_socket sock,
                                                  uint64_t *out_time_ns);

/**
 * The CID of this machine, by which its host and other machines reach it
 * (IOCTL_VM_SOCKETS_GET_LOCAL_CID; vsock(7)). Without a transport there is
 * none, which Linux tells as 0xffffffff.
 *
 * @param[out] out_cid  The CID.
 *
 * @return 0; kind INVALID_INPUT for NULL; kind UNSUPPORTED when there is no
 *         /dev/vsock; kind PERMISSION_DENIED when it may not be opened.
 *
 * Blocking:  no; three system calls.
 * Platforms: Linux 3.9.
 * Since:     0.1
 */
LIBSOCK_API int libsock_vsock_local_cid(uint32_t *out_cid);

LIBSOCK_END

#endif
