/* SPDX-License-Identifier: MIT */
/*
 * fdcount.h from /proc/self/fd where it exists, else by asking each number.
 * Descriptors at or above FDCOUNT_MAX are not looked at.
 * Nothing to guard: see the header for when to look.
 */
#include "fdcount.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without /proc each number costs a call, so the search stops earlier. */
enum {
    FDCOUNT_PROBE_MAX = 4096
};

static void fdcount_add(struct fdcount *set, long fd)
{
    if (fd < 0 || fd >= FDCOUNT_MAX)
        return;
    set->open[fd / 8] |= (uint8_t)(1U << (fd % 8));
    set->count++;
}

static bool fdcount_has(const struct fdcount *set, int fd)
{
    return (set->open[fd / 8] >> (fd % 8) & 1) != 0;
}

static void fdcount_probe(struct fdcount *set)
{
    for (int fd = 0; fd < FDCOUNT_PROBE_MAX; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            fdcount_add(set, fd);
    }
}

void fdcount_take(struct fdcount *out_now)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;

    memset(out_now, 0, sizeof(*out_now));
    if (dir == NULL) {
        fdcount_probe(out_now);
        return;
    }
    while ((entry = readdir(dir)) != NULL) {
        long fd = strtol(entry->d_name, NULL, 10);

        if (entry->d_name[0] != '.' && fd != dirfd(dir))
            fdcount_add(out_now, fd);
    }
    closedir(dir);
}

static void fdcount_describe(const char *what, int fd)
{
    char path[64];
    char link[256];
    ssize_t len;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    len = readlink(path, link, sizeof(link) - 1);
    link[len > 0 ? len : 0] = '\0';
    fprintf(stderr, "%s descriptor %d%s%s\n", what, fd, len > 0 ? " -> " : "",
            link);
}

size_t fdcount_report(const struct fdcount *before)
{
    struct fdcount now;
    size_t differ = 0;

    fdcount_take(&now);
    for (int fd = 0; fd < FDCOUNT_MAX; fd++) {
        bool was = fdcount_has(before, fd);
        bool is = fdcount_has(&now, fd);

        if (was == is)
            continue;
        fdcount_describe(is ? "leaked" : "closed a foreign", fd);
        differ++;
    }
    return differ;
}
