/* SPDX-License-Identifier: MIT */
/*
 * child.h over fork() and waitpid().
 * An alarm ends a child that hangs; exit handlers of the test do not run in it.
 * No state.
 */
#include "child.h"

#include "check.h"
#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CHILD_LIMIT_S = 20
};

int child_start(void (*body)(void *arg), void *arg)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    CHECK_INT(pid, >=, 0);
    if (pid == 0) {
        alarm(CHILD_LIMIT_S * clock_slow_factor());
        body(arg);
        fflush(NULL);
        _exit(0);
    }
    return (int)pid;
}

void child_join(int child)
{
    int status = 0;
    pid_t got;

    CHECK_INT(child, >, 0);
    do
        got = waitpid(child, &status, 0);
    while (got < 0 && errno == EINTR);
    CHECK_EQ_INT(got, child);
    if (WIFSIGNALED(status))
        check_fail(__FILE__, __LINE__, "the child ended by signal %d",
                   WTERMSIG(status));
    CHECK_EQ_INT(WEXITSTATUS(status), 0);
}

void child_run(void (*body)(void *arg), void *arg)
{
    child_join(child_start(body, arg));
}

void child_env(const char *name, const char *value)
{
    CHECK_EQ_INT(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}
