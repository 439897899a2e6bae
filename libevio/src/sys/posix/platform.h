/* SPDX-License-Identifier: MIT */
/*
 * The only private file of libevio that includes headers of a Unix; feature
 * macros come from Meson, as private arguments. Every system call goes through
 * SYS(), so that the tests' build can fail the nth one and count them; the
 * shipped build calls directly.
 */
#ifndef EVIO__POSIX_PLATFORM_H
#define EVIO__POSIX_PLATFORM_H

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
# include <sys/epoll.h>
# include <sys/eventfd.h>
# include <sys/syscall.h>
#endif

#if defined(EVIO_FAULT)
int evio__fault(const char *call);
# define SYS(call, ...) (evio__fault(# call) != 0 ? -1 : call(__VA_ARGS__))
#else
# define SYS(call, ...) call(__VA_ARGS__)
#endif

/* The result of a call that returns -1 and errno; captured at once. */
static inline int evio__result(int r)
{
    return r < 0 ? -errno : r;
}

#endif
