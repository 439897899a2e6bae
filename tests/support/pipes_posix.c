/* SPDX-License-Identifier: MIT */
/*
 * pipes.h on POSIX. Bytes of sockets are moved by net_io_posix.c.
 * No state.
 */
#include "pipes.h"

#include "check.h"
#include "net.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void pipes_fifo(const char *path)
{
    CHECK(mkfifo(path, 0600) == 0);
}

int pipes_fifo_open(const char *path, enum pipes_end end)
{
    static const int flags[] = {
        [PIPES_READER] = O_RDONLY | O_NONBLOCK,
        [PIPES_WRITER] = O_WRONLY,
        [PIPES_BOTH] = O_RDWR | O_NONBLOCK,
    };
    int fd = open(path, flags[end] | O_CLOEXEC);

    CHECK(fd >= 0);
    return fd;
}

void pipes_write(int fd, const void *bytes, size_t len)
{
    CHECK(write(fd, bytes, len) == (ssize_t)len);
}

int pipes_cat(int *out_in, int *out_out)
{
    int in[2];
    int out[2];

    net_pipe(in);
    net_pipe(out);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        close(out[0]);
        execlp("cat", "cat", (char *)NULL);
        _exit(127);
    }
    net_close(in[0]);
    net_close(out[1]);
    *out_in = in[1];
    *out_out = out[0];
    return (int)child;
}

void pipes_join(int child)
{
    int status;

    CHECK(waitpid((pid_t)child, &status, 0) == (pid_t)child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

bool pipes_signal_is_default(void)
{
    struct sigaction now;

    CHECK(sigaction(SIGPIPE, NULL, &now) == 0);
    return now.sa_handler == SIG_DFL;
}

void pipes_signal_block(void)
{
    sigset_t set;

    CHECK(sigemptyset(&set) == 0 && sigaddset(&set, SIGPIPE) == 0);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
}

void pipes_signal_raise(void)
{
    CHECK(raise(SIGPIPE) == 0);
}

bool pipes_signal_is_pending(void)
{
    sigset_t pending;

    CHECK(sigpending(&pending) == 0);
    return sigismember(&pending, SIGPIPE) == 1;
}

uint64_t pipes_signal_mask(void)
{
    uint64_t mask = 0;
    sigset_t set;

    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &set) == 0);
    for (int n = 1; n < 64; n++) {
        if (sigismember(&set, n) == 1)
            mask |= UINT64_C(1) << (n - 1);
    }
    return mask;
}
