/* SPDX-License-Identifier: MIT */
/*
 * What every program of the benchmarks needs: to fail, to measure its time, to
 * move bytes by descriptor. Scenarios and contestants are elsewhere.
 * No state; nothing to guard.
 */
#ifndef BENCH_TOOL_H
#define BENCH_TOOL_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* End the program: `r` is minus errno. */
_Noreturn void bench_die(int r, const char *what);

/* `r` unless negative; then the program ends, saying what failed. */
static inline int bench_check(int r, const char *what)
{
    if (r < 0) {
        bench_die(r, what);
    }
    return r;
}

/* Ditto for calls that answer -1 and errno. */
static inline int bench_errno(int r, const char *what)
{
    if (r < 0) {
        bench_die(-errno, what);
    }
    return r;
}

/* Zeroed memory, or the end of the program. */
void *bench_alloc(size_t count, size_t size);
/* A positive number from the command line, or the end of the program. */
uint32_t bench_number(const char *text);

/* CPU time of this process so far, user and system, in nanoseconds. */
uint64_t bench_cpu_ns(void);
/* The monotonic clock. */
uint64_t bench_now_ns(void);

/* Print one figure, as the scripts read it: name, space, value. */
void bench_print(const char *name, double value);

/* recv(2) and send(2) that answer minus errno. */
ptrdiff_t bench_fd_recv(int fd, void *buf, size_t cap);
ptrdiff_t bench_fd_send(int fd, const void *buf, size_t n);

#endif
