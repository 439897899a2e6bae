/* SPDX-License-Identifier: MIT */
/*
 * The runner's POSIX half: spawn, collect output, time out, kill, clean up.
 * What a result means and how it is printed is runner.c.
 * Main thread only; at most one child lives at a time.
 */
#include "runner.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    RUNNER_TICK_MS = 50,
    RUNNER_ARGS_MAX = 32,
    RUNNER_OUTPUT_MAX = 256 * 1024
};

/* Long $TMPDIR prefixes would not leave room for a Unix socket's path. */
enum {
    RUNNER_TMPDIR_PREFIX_MAX = 60
};

static char runner_tmpdir[128];

struct runner_child {
    pid_t pid;
    int fd; /* read end of the output pipe; -1 after end of file */
    char *text;
    size_t len;
};

CHECK_NORETURN void runner_end(int code)
{
    /* In a debugger run this process owns the directory, and ends here. */
    runner_tmpdir_remove();
    _exit(code);
}

int runner_tmpdir_make(void)
{
    const char *base = getenv("TMPDIR");

    if (base == NULL || *base == '\0' ||
        strlen(base) > RUNNER_TMPDIR_PREFIX_MAX)
        base = "/tmp";
    snprintf(runner_tmpdir, sizeof(runner_tmpdir), "%s/test-XXXXXX", base);
    if (mkdtemp(runner_tmpdir) == NULL) {
        runner_tmpdir[0] = '\0';
        return -errno;
    }
    return setenv(RUNNER_TMPDIR_ENV, runner_tmpdir, 1) == 0 ? 0 : -errno;
}

static int runner_remove_entry(const char *path, const struct stat *status,
                               int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void runner_tmpdir_remove(void)
{
    if (runner_tmpdir[0] == '\0')
        return;
    if (nftw(runner_tmpdir, runner_remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0)
        fprintf(stderr, "%s: cannot remove: %s\n", runner_tmpdir,
                strerror(errno));
    runner_tmpdir[0] = '\0';
}

/*
 * TEST_WRAPPER holds words put before the program, for an emulator that the
 * kernel does not know how to start by itself. `store` keeps the words.
 */
static void runner_build_args(char **args, char *store, const char *self,
                              const char *name)
{
    size_t n = 0;
    char *word = strtok(store, " ");

    while (word != NULL && n < RUNNER_ARGS_MAX - 4) {
        args[n++] = word;
        word = strtok(NULL, " ");
    }
    args[n++] = (char *)(uintptr_t)self;
    args[n++] = (char *)(uintptr_t) "--child";
    args[n++] = (char *)(uintptr_t)name;
    args[n] = NULL;
}

/* SIGPIPE must kill the child, whatever our parent set for itself. */
static int runner_clean_signals(posix_spawnattr_t *attr)
{
    sigset_t set;

    sigemptyset(&set);
    posix_spawnattr_setsigmask(attr, &set);
    sigaddset(&set, SIGPIPE);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    posix_spawnattr_setsigdefault(attr, &set);
    return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
}

static int runner_start_with(char **args, int out_fd, pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    int code;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
    posix_spawn_file_actions_adddup2(&actions, out_fd, 2);
    code = runner_clean_signals(&attr);
    if (code == 0)
        code = posix_spawnp(out_pid, args[0], &actions, &attr, args, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int runner_start(const char *self, const char *name,
                        struct runner_child *out_child)
{
    const char *wrapper = getenv("TEST_WRAPPER");
    char *args[RUNNER_ARGS_MAX];
    char store[1024];
    int ends[2];
    int code;

    snprintf(store, sizeof(store), "%s", wrapper != NULL ? wrapper : "");
    runner_build_args(args, store, self, name);
    if (pipe(ends) != 0)
        return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    code = runner_start_with(args, ends[1], &out_child->pid);
    close(ends[1]);
    if (code != 0)
        close(ends[0]);
    else
        out_child->fd = ends[0];
    return code;
}

/* What does not fit is read and dropped, so that the child cannot block. */
static void runner_read_some(struct runner_child *child)
{
    char bytes[4096];
    ssize_t got = read(child->fd, bytes, sizeof(bytes));
    size_t room = RUNNER_OUTPUT_MAX - child->len;

    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        close(child->fd);
        child->fd = -1;
        return;
    }
    if ((size_t)got < room)
        room = (size_t)got;
    memcpy(child->text + child->len, bytes, room);
    child->len += room;
}

/* Wait a little for output or end of file; either is a good time to look. */
static void runner_pump(struct runner_child *child)
{
    struct pollfd item = {child->fd, POLLIN, 0};

    if (poll(&item, child->fd >= 0 ? 1 : 0, RUNNER_TICK_MS) > 0)
        runner_read_some(child);
}

/* Output that the child wrote just before it ended is still in the pipe. */
static void runner_drain(struct runner_child *child)
{
    struct pollfd item = {child->fd, POLLIN, 0};

    while (child->fd >= 0 && poll(&item, 1, 0) > 0)
        runner_read_some(child);
    if (child->fd >= 0)
        close(child->fd);
    child->text[child->len] = '\0';
}

static void runner_set_result(int status, struct runner_result *out_result)
{
    out_result->kind = WIFSIGNALED(status) ? RUNNER_SIGNALLED : RUNNER_EXITED;
    out_result->value =
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* A grandchild may hold the pipe, so end of file alone proves nothing. */
static void runner_follow(struct runner_child *child, uint64_t timeout_ns,
                          struct runner_result *out_result)
{
    uint64_t deadline = clock_ns() + timeout_ns;
    int status = 0;

    while (waitpid(child->pid, &status, WNOHANG) != child->pid) {
        if (clock_ns() >= deadline) {
            kill(child->pid, SIGKILL);
            waitpid(child->pid, &status, 0);
            out_result->kind = RUNNER_TIMED_OUT;
            return;
        }
        runner_pump(child);
    }
    runner_set_result(status, out_result);
}

void runner_spawn(const char *self, const char *name, uint64_t timeout_ns,
                  struct runner_result *out_result)
{
    struct runner_child child = {-1, -1, NULL, 0};
    int code;

    child.text = malloc(RUNNER_OUTPUT_MAX + 1);
    code = child.text == NULL ? ENOMEM : runner_start(self, name, &child);
    if (code != 0) {
        free(child.text);
        out_result->kind = RUNNER_NOT_RUN;
        out_result->value = code;
        return;
    }
    runner_follow(&child, timeout_ns, out_result);
    runner_drain(&child);
    out_result->output = child.text;
}

const char *runner_signal_name(int value)
{
    switch (value) {
    case SIGPIPE:
        return "SIGPIPE";
    case SIGSEGV:
        return "SIGSEGV";
    case SIGABRT:
        return "SIGABRT";
    case SIGBUS:
        return "SIGBUS";
    case SIGKILL:
        return "SIGKILL";
    default:
        return strsignal(value);
    }
}
