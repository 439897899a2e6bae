/* SPDX-License-Identifier: MIT */
/*
 * netns.h over unshare(), setns() and iproute2.
 * What runs inside a namespace is the test's business.
 * Nothing is guarded: a thread changes its own namespace.
 */
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NETNS_WORDS_MAX = 40,
    NETNS_LINE_MAX = 2048,
    NETNS_NOT_FOUND = 127
};

/* Where a command's words go: to a descriptor, or nowhere when it is -1. */
struct netns_out {
    int fd;
    bool quiet; /* failing is expected */
};

static void netns_exec(char **words, const struct netns_out *out)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null >= 0 && out->quiet)
        dup2(null, STDERR_FILENO);
    dup2(out->fd >= 0 ? out->fd : null, STDOUT_FILENO);
    execvp(words[0], words);
    _exit(NETNS_NOT_FOUND);
}

static int netns_run(const char *command, char *line,
                     const struct netns_out *out)
{
    char *words[NETNS_WORDS_MAX + 2] = {(char *)(uintptr_t)command};
    char *rest = NULL;
    int status = 0;
    size_t n = 1;
    pid_t child;

    for (char *w = strtok_r(line, " ", &rest); w != NULL;
         w = strtok_r(NULL, " ", &rest)) {
        CHECK_UINT(n, <=, NETNS_WORDS_MAX);
        words[n++] = w;
    }
    child = fork();
    CHECK_INT(child, >=, 0);
    if (child == 0)
        netns_exec(words, out);
    while (waitpid(child, &status, 0) < 0)
        CHECK_EQ_INT(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool netns_try_ip(const char *format, ...)
{
    char line[NETNS_LINE_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    CHECK_INT(len, <, NETNS_LINE_MAX);
    return netns_run("ip", line, &(struct netns_out){-1, true}) == 0;
}

static void netns_must(const char *command, const char *format, va_list args)
{
    char line[NETNS_LINE_MAX];
    char copy[NETNS_LINE_MAX];
    int code;

    CHECK_INT(vsnprintf(line, sizeof(line), format, args), <, NETNS_LINE_MAX);
    memcpy(copy, line, sizeof(copy));
    code = netns_run(command, copy, &(struct netns_out){-1, false});
    if (code != 0)
        check_fail(__FILE__, __LINE__, "%s %s: exit code %d", command, line,
                   code);
}

void netns_ip(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    netns_must("ip", format, args);
    va_end(args);
}

void netns_tc(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    netns_must("tc", format, args);
    va_end(args);
}

/* Into a file first, so that no length of it can block the command. */
static void netns_read(const char *command, char *line, char *buf, size_t cap)
{
    FILE *file = tmpfile();
    size_t n;

    CHECK(file != NULL);
    CHECK_EQ_INT(
        netns_run(command, line, &(struct netns_out){fileno(file), false}), 0);
    rewind(file);
    n = fread(buf, 1, cap, file);
    CHECK_UINT(n, <, cap);
    buf[n] = '\0';
    fclose(file);
}

void netns_read_ip(char *buf, size_t cap, const char *format, ...)
{
    char line[NETNS_LINE_MAX];
    va_list args;

    va_start(args, format);
    CHECK_INT(vsnprintf(line, sizeof(line), format, args), <, NETNS_LINE_MAX);
    va_end(args);
    netns_read("ip", line, buf, cap);
}

void netns_read_tc(char *buf, size_t cap, const char *format, ...)
{
    char line[NETNS_LINE_MAX];
    va_list args;

    va_start(args, format);
    CHECK_INT(vsnprintf(line, sizeof(line), format, args), <, NETNS_LINE_MAX);
    va_end(args);
    netns_read("tc", line, buf, cap);
}

static bool netns_write(const char *path, const char *text)
{
    size_t len = strlen(text);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, len) == (ssize_t)len;

    if (fd >= 0)
        close(fd);
    return done;
}

/* Root of a user namespace may make the network ones. */
static bool netns_unprivileged(void)
{
    unsigned uid = geteuid(), gid = getegid();
    char map[64];

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    snprintf(map, sizeof(map), "0 %u 1", uid);
    if (!netns_write("/proc/self/uid_map", map) ||
        !netns_write("/proc/self/setgroups", "deny"))
        return false;
    snprintf(map, sizeof(map), "0 %u 1", gid);
    return netns_write("/proc/self/gid_map", map);
}

void netns_enter(void)
{
    char version[] = "-V";

    if (netns_run("ip", version, &(struct netns_out){-1, true}) != 0)
        SKIP("iproute2 is not installed");
    if (unshare(CLONE_NEWNET) != 0 && !netns_unprivileged())
        SKIP("no network namespace: not allowed here");
    netns_ip("link set lo up");
}

int netns_open(void)
{
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

    CHECK_INT(fd, >=, 0);
    return fd;
}

void netns_move(int fd)
{
    CHECK(setns(fd, CLONE_NEWNET) == 0);
}

void netns_wire(const struct netns_end *here, const struct netns_end *there)
{
    netns_move(here->fd);
    netns_ip("link add %s type veth peer name %s netns /proc/%d/fd/%d",
             here->name, there->name, (int)getpid(), there->fd);
    netns_ip("link set %s up", here->name);
    netns_move(there->fd);
    netns_ip("link set %s up", there->name);
    netns_move(here->fd);
}

void netns_sysctl(const char *name, const char *value)
{
    char path[NETNS_LINE_MAX];

    snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
    if (!netns_write(path, value))
        check_fail(__FILE__, __LINE__, "%s: %s", path, strerror(errno));
}

/* So much the C library's resolver reads: nothing of the machine's is left. */
static void netns_own_etc(void)
{
    if (access("/etc/.of-this-test", F_OK) == 0)
        return;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("etc", "/etc", "tmpfs", 0, NULL) != 0)
        SKIP("no file systems of our own: not allowed here");
    close(open("/etc/.of-this-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

void netns_etc(const char *name, const char *text)
{
    char path[NETNS_LINE_MAX];
    FILE *file;

    netns_own_etc();
    snprintf(path, sizeof(path), "/etc/%s", name);
    file = fopen(path, "we");
    CHECK(file != NULL);
    CHECK(fputs(text, file) >= 0);
    CHECK(fclose(file) == 0);
}

bool netns_resolver_is_glibc(void)
{
#if defined(__GLIBC__)
    return true;
#else
    return false;
#endif
}
