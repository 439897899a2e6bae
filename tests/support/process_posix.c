/* SPDX-License-Identifier: MIT */
/*
 * process.h over fork() and clock_gettime().
 * What the children do is the test's own.
 * No shared state.
 */
#include "process.h"

#include "check.h"
#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PROCESS_ALARM_S = 20
};

CHECK_NORETURN static void process_enter(void (*body)(void *arg), void *arg)
{
    alarm(PROCESS_ALARM_S * clock_slow_factor());
    body(arg);
    fflush(NULL);
    _exit(0);
}

int process_fork(void (*body)(void *arg), void *arg)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    CHECK_INT(child, >=, 0);
    if (child == 0)
        process_enter(body, arg);
    return (int)child;
}

void process_join(int child)
{
    int status = 0;
    pid_t ended;

    CHECK_INT(child, >, 0);
    do
        ended = waitpid((pid_t)child, &status, 0);
    while (ended < 0 && errno == EINTR);
    CHECK_EQ_INT(ended, child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        check_fail(__FILE__, __LINE__, "child: %s %d",
                   WIFSIGNALED(status) ? "signal" : "exit code",
                   WIFSIGNALED(status) ? WTERMSIG(status)
                                       : WEXITSTATUS(status));
}

void process_run(void (*body)(void *arg), void *arg)
{
    process_join(process_fork(body, arg));
}

static void process_daemon_enter(void *arg)
{
    const struct process_daemon *daemon = arg;

    daemon->setup(daemon->arg);
    for (unsigned i = 0; i < daemon->generations; i++) {
        fflush(NULL);
        if (fork() != 0)
            _exit(0);
    }
    process_enter(daemon->serve, daemon->arg);
}

void process_daemon(const struct process_daemon *daemon)
{
    struct process_daemon copy = *daemon;

    process_run(process_daemon_enter, &copy);
}

uint64_t process_cpu_ns(void)
{
    struct timespec used;

    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0);
    return (uint64_t)used.tv_sec * CLOCK_S + (uint64_t)used.tv_nsec;
}

void process_env(const char *name, const char *value)
{
    CHECK_EQ_INT(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}
