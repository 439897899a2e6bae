/* SPDX-License-Identifier: MIT */
/*
 * Failing, clocks and plain transfers for the programs of the benchmarks.
 * Nothing here is measured but bench_fd_recv() and bench_fd_send(), which are
 * the same for every contestant that has none of its own. No state.
 */
#include "tool.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

void bench_die(int r, const char *what)
{
    fprintf(stderr, "%s: %s (%d)\n", what, strerror(-r), r);
    exit(1);
}

void *bench_alloc(size_t count, size_t size)
{
    void *p = calloc(count, size);
    bench_check(p != NULL ? 0 : -ENOMEM, "calloc");
    return p;
}

uint32_t bench_number(const char *text)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    bool whole = end != text && *end == '\0';
    bench_check(whole && value > 0 && value <= INT_MAX ? 0 : -EINVAL, text);
    return (uint32_t)value;
}

static uint64_t tool_clock_ns(clockid_t clock)
{
    struct timespec now;
    bench_errno(clock_gettime(clock, &now), "clock_gettime");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t bench_cpu_ns(void)
{
    return tool_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t bench_now_ns(void)
{
    return tool_clock_ns(CLOCK_MONOTONIC);
}

void bench_print(const char *name, double value)
{
    printf("%s %.3f\n", name, value);
    fflush(stdout);
}

ptrdiff_t bench_fd_recv(int fd, void *buf, size_t cap)
{
    ssize_t n = recv(fd, buf, cap, 0);
    return n < 0 ? -errno : n;
}

ptrdiff_t bench_fd_send(int fd, const void *buf, size_t n)
{
    ssize_t sent = send(fd, buf, n, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}
