/* SPDX-License-Identifier: MIT */
/*
 * fd.h over POSIX, with an eventfd where the OS has one.
 * The peers of net.h live in net_posix.c.
 * The handler is set before the first signal and never changed after.
 */
#include "fd.h"

#include "check.h"
#include "runner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#if defined(__linux__)
# include <sys/eventfd.h>
#endif

static void (*fd_handler)(void);

static int fd_checked(int fd)
{
    CHECK_INT(fd, >=, 0);
    CHECK(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
    return fd;
}

int fd_dup(int fd)
{
    return fd_checked(dup(fd));
}

void fd_dup_onto(int from, int to)
{
    CHECK_INT(dup2(from, to), ==, to);
    fd_checked(to);
}

int fd_counter(void)
{
#if defined(__linux__)
    return fd_checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
#else
    return -1;
#endif
}

void fd_counter_add(int fd)
{
    const uint64_t one = 1;

    CHECK_INT(write(fd, &one, sizeof(one)), ==, sizeof(one));
}

bool fd_packet_pipe(int out_fd[2])
{
#if defined(__linux__)
    CHECK(pipe2(out_fd, O_DIRECT | O_NONBLOCK | O_CLOEXEC) == 0);
    return true;
#else
    (void)out_fd;
    return false;
#endif
}

bool fd_terminal(int out_fd[2])
{
    struct termios mode;
    const char *name;
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    if (master < 0)
        return false;
    CHECK(grantpt(master) == 0 && unlockpt(master) == 0);
    name = ptsname(master);
    CHECK(name != NULL);
    out_fd[0] = fd_checked(open(name, O_RDWR | O_NOCTTY | O_NONBLOCK));
    out_fd[1] = fd_checked(master);
    CHECK(tcgetattr(out_fd[0], &mode) == 0);
    mode.c_lflag |= ICANON;
    mode.c_lflag &= ~(tcflag_t)ECHO;
    CHECK(tcsetattr(out_fd[0], TCSANOW, &mode) == 0);
    return true;
}

int fd_regular(void)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    return fd_checked(open(path, O_RDWR | O_CREAT | O_EXCL, 0600));
}

int fd_fifo_reader(const char *path)
{
    CHECK(mkfifo(path, 0600) == 0 || errno == EEXIST);
    return fd_checked(open(path, O_RDONLY | O_NONBLOCK));
}

int fd_fifo_writer(const char *path)
{
    return fd_checked(open(path, O_WRONLY | O_NONBLOCK));
}

int fd_tcp_socket(void)
{
    int fd = fd_checked(socket(AF_INET, SOCK_STREAM, 0));

    net_set_nonblocking(fd, true);
    return fd;
}

static int fd_connect(int fd, uint16_t port)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)(void *)&to, sizeof(to));
}

bool fd_tcp_connect(int fd, uint16_t port)
{
    int r = fd_connect(fd, port);

    CHECK(r == 0 || errno == EINPROGRESS || errno == ECONNREFUSED);
    return r == 0 || errno != EINPROGRESS;
}

void fd_udp_connect(int fd, uint16_t port)
{
    CHECK(fd_connect(fd, port) == 0);
}

int fd_udp_send(int fd)
{
    return send(fd, "x", 1, 0) < 0 ? -errno : 0;
}

void fd_shutdown_read(int fd)
{
    CHECK(shutdown(fd, SHUT_RD) == 0);
}

void fd_send_oob(int fd)
{
    CHECK_INT(send(fd, "!", 1, MSG_OOB), ==, 1);
}

void fd_recv_oob(int fd)
{
    char byte;

    CHECK_INT(recv(fd, &byte, 1, MSG_OOB), ==, 1);
}

void fd_write_short(int fd)
{
    static const char block[100000];
    ssize_t sent;

    CHECK(net_is_nonblocking(fd));
    do
        sent = write(fd, block, sizeof(block));
    while (sent == (ssize_t)sizeof(block));
    CHECK_INT(sent, >, 0);
}

void fd_stuff(int fd)
{
    bool on = net_is_nonblocking(fd);

    net_set_nonblocking(fd, true);
    net_fill(fd);
    net_set_nonblocking(fd, on);
}

void fd_limit(unsigned count)
{
    struct rlimit limit;

    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = count;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static void fd_on_signal(int number)
{
    int saved = errno;

    (void)number;
    fd_handler();
    errno = saved;
}

void signal_handle(void (*handler)(void))
{
    struct sigaction action;

    fd_handler = handler;
    memset(&action, 0, sizeof(action));
    action.sa_handler = fd_on_signal;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
}

void signal_raise(void)
{
    CHECK(raise(SIGALRM) == 0);
}

void signal_every(unsigned interval_ms)
{
    suseconds_t us = (suseconds_t)interval_ms * 1000;
    struct itimerval timer = {{us / 1000000, us % 1000000},
                              {us / 1000000, us % 1000000}};

    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}
