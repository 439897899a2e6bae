/* SPDX-License-Identifier: MIT */
/**
 * @file os.h
 * Opt-in: the operating system's own socket headers, for LIBSOCK_RAW()
 * constants, sockaddr views and control messages. No other public header
 * includes this one.
 */
#ifndef LIBSOCK_OS_H
#define LIBSOCK_OS_H

#if defined(_WIN32)
# include <winsock2.h>
# include <ws2tcpip.h>
#else
# include <netinet/in.h>
# include <netinet/tcp.h>
# include <sys/socket.h>
# include <sys/un.h>
#endif

#include <libsock/libsock.h>

/** @return the OS's view of an address, as long as `addr` lives. */
LIBSOCK_INLINE const struct sockaddr *
libsock_addr_sockaddr(const libsock_addr *addr)
{
    return (const struct sockaddr *)libsock_addr_raw(addr);
}

#endif
