/* SPDX-License-Identifier: MIT */
/*
 * Test peers over the raw sockets of the OS, so that libsock is never tested
 * against itself. Nothing here is non-blocking unless asked, and every peer
 * has a timeout, so that a test fails instead of hanging.
 * A helper that cannot do its work fails the test; safe from any thread.
 */
#ifndef TESTS_SUPPORT_NET_H
#define TESTS_SUPPORT_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Loopback flavour. */
enum net_family {
    NET_IPV4 = 4,
    NET_IPV6 = 6
};

enum net_kind {
    NET_STREAM,
    NET_DGRAM
};

/* Room for any path from net_temp_path(). */
enum {
    NET_PATH_MAX = 104
};

/* Whether ::1 can be bound here; containers often lack it. */
bool net_has_ipv6(void);

/* A loop over the families that are here: NET_EACH_FAMILY(family) { ... } */
#define NET_EACH_FAMILY(family)                       \
 for (enum net_family family = NET_IPV4; family != 0; \
      family = (family == NET_IPV4 && net_has_ipv6() ? NET_IPV6 : 0))

/* Sockets on the loopback address, always with a port chosen by the OS. */
int net_tcp_listen(enum net_family family, uint16_t *out_port);
int net_tcp_connect(enum net_family family, uint16_t port);
int net_accept(int listener);
void net_tcp_pair(enum net_family family, int out_fd[2]);
int net_udp_bind(enum net_family family, uint16_t *out_port);
void net_udp_send(int fd, enum net_family family, uint16_t port,
                  const void *bytes, size_t len);

/* A port that was free a moment ago: connecting to it is refused. */
uint16_t net_tcp_refused_port(enum net_family family);

/* Unix sockets and pipes. */
void net_unix_pair(enum net_kind kind, int out_fd[2]);
int net_unix_listen(const char *path);
int net_unix_connect(const char *path);
void net_pipe(int out_fd[2]);

/* A fresh path in the test's own directory, which is removed at its end. */
void net_temp_path(char out_path[NET_PATH_MAX]);

/* Ports of the two ends of `fd`; 0 when the socket has none. */
uint16_t net_local_port(int fd);
uint16_t net_peer_port(int fd);

/* Move exactly `len` bytes, or fail the test. */
void net_send_all(int fd, const void *bytes, size_t len);
void net_recv_all(int fd, void *bytes, size_t len);

/* One read of up to `cap` bytes: the count, or minus the OS code. */
ptrdiff_t net_recv(int fd, void *bytes, size_t cap);

/* Fail the test unless the next read says end of file. */
void net_expect_eof(int fd);

/* Write to a non-blocking `fd` until it would block; returns the bytes. */
size_t net_fill(int fd);

/* Read from a non-blocking `fd` until it would block; returns the bytes. */
size_t net_drain(int fd);

/* Whether a read (a write) would not block, within `timeout_ms`. */
bool net_wait_readable(int fd, int timeout_ms);
bool net_wait_writable(int fd, int timeout_ms);

/* End of life: orderly half-close, close, or a TCP reset. */
void net_shutdown_write(int fd);
void net_close(int fd);
void net_reset(int fd);

void net_set_nonblocking(int fd, bool on);
bool net_is_nonblocking(int fd);
bool net_is_cloexec(int fd);
bool net_is_open(int fd);

#endif
