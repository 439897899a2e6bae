/* SPDX-License-Identifier: MIT */
/*
 * Descriptors and signals that tests of libevio need beyond net.h's peers.
 * Moving bytes stays net.h's; nothing here knows what is under test.
 * A helper that cannot do its work fails the test; safe from any thread.
 */
#ifndef TESTS_SUPPORT_FD_H
#define TESTS_SUPPORT_FD_H

#include <stdbool.h>
#include <stdint.h>

#include "net.h"

/* Another number for the same open file; the second form takes the number. */
int fd_dup(int fd);
void fd_dup_onto(int from, int to);

/* A counter that is readable while it is not zero; -1 where there is none. */
int fd_counter(void);
void fd_counter_add(int fd);

/* A pipe that keeps writes apart (O_DIRECT), and a terminal with its other end:
 * [0] is read from, line by line. False where there is none. */
bool fd_packet_pipe(int out_fd[2]);
bool fd_terminal(int out_fd[2]);

/* A regular file, empty, open for reading and writing. */
int fd_regular(void);

/* The read end of a FIFO at `path`, made by the first call, non-blocking. */
int fd_fifo_reader(const char *path);
int fd_fifo_writer(const char *path);

/* A TCP socket, non-blocking, not connected. */
int fd_tcp_socket(void);
/* Begin to connect it; true when refused or connected at once. */
bool fd_tcp_connect(int fd, uint16_t port);
/* Send to, and only to, `port` from now on. */
void fd_udp_connect(int fd, uint16_t port);
/* One datagram to where it is connected; what the OS answered. */
int fd_udp_send(int fd);

void fd_shutdown_read(int fd);
void fd_send_oob(int fd);
void fd_recv_oob(int fd);

/* Write until a stream takes fewer bytes than offered; non-blocking. */
void fd_write_short(int fd);

/* Fill a stream's way until writing would block; the mode stays as it was. */
void fd_stuff(int fd);

/* How many descriptors may be open, lowered for this process. */
void fd_limit(unsigned count);

/* Call `handler` for each signal_raise(), without restarting what it
 * interrupts. */
void signal_handle(void (*handler)(void));
void signal_raise(void);
/* Begin to raise it every `interval_ms`; 0 ends that. */
void signal_every(unsigned interval_ms);

#endif
