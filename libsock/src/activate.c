/* SPDX-License-Identifier: MIT */
/*
 * Socket activation: the protocol of sd_listen_fds(3), read from the
 * environment each time, so that nothing is kept here.
 * Unsetting variables is the port's.
 * The environment has no guard; the header says so.
 */
#include <libsock/activate.h>

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"

enum {
    ACTIVATE_FIRST = 3,
    ACTIVATE_NAME_MAX = LIBSOCK_ACTIVATION_NAME_SIZE - 1
};

/* What every socket is called when there are no names. */
static const char activate_unnamed[] = "unknown";

/* The whole text as a plain decimal number, as managers write it. */
static bool activate_number(const char *text, uint32_t max, uint32_t *out)
{
    struct libsock__scan scan = {text, text + strlen(text)};

    return (text[0] != '0' || text[1] == '\0') &&
           libsock__scan_decimal(&scan, max, out) && libsock__scan_end(&scan);
}

/* The length of the name at `at`; -1 for one that cannot be a name. */
static ptrdiff_t activate_name_len(const char *at)
{
    size_t len = strcspn(at, ":");

    for (size_t i = 0; i < len; i++) {
        if (at[i] < ' ' || at[i] > '~') {
            return -1;
        }
    }
    return len <= ACTIVATE_NAME_MAX ? (ptrdiff_t)len : -1;
}

/* Whether there are `n` names, each as it must be. */
static bool activate_names_are(const char *names, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        ptrdiff_t len = activate_name_len(names);

        /* The last name ends the text, and no other does. */
        if (len < 0 || (names[len] == '\0') != (i == n - 1)) {
            return false;
        }
        names += len + 1;
    }
    return n > 0 || names[0] == '\0';
}

/* How many sockets this process has, and the text of their names or NULL. */
static int32_t activate_read(const char **out_names)
{
    const char *pid = getenv("LISTEN_PID");
    const char *fds = getenv("LISTEN_FDS");
    const char *names = getenv("LISTEN_FDNAMES");
    uint32_t number;

    if (pid == NULL) {
        return 0;
    }
    if (!activate_number(pid, INT32_MAX, &number) || number == 0) {
        return libsock__invalid();
    }
    if (number != libsock__sys_process_id() || fds == NULL) {
        return 0;
    }
    if (!activate_number(fds, INT32_MAX - ACTIVATE_FIRST, &number) ||
        (names != NULL && !activate_names_are(names, number))) {
        return libsock__invalid();
    }
    *out_names = names;
    return (int32_t)number;
}

ptrdiff_t libsock_activation_begin(void)
{
    const char *names;
    int32_t n = activate_read(&names);

    for (int32_t i = 0; i < n; i++) {
        int r = libsock__sys_set_inheritable(ACTIVATE_FIRST + i, false);

        if (r < 0) {
            return r;
        }
    }
    return n;
}

/* The name of socket `index`, which is there, and its length. */
static const char *activate_name(const char *names, size_t index,
                                 size_t *out_len)
{
    if (names == NULL) {
        *out_len = sizeof(activate_unnamed) - 1;
        return activate_unnamed;
    }
    while (index-- > 0) {
        names = strchr(names, ':') + 1;
    }
    *out_len = strcspn(names, ":");
    return names;
}

int libsock_activation_get(size_t index, libsock_activation *out_activation)
{
    const char *names;
    const char *name;
    size_t len;
    int32_t n;

    if (out_activation == NULL) {
        return libsock__invalid();
    }
    n = activate_read(&names);
    if (n < 0) {
        return n;
    }
    if (index >= (size_t)n) {
        return libsock__sys_error(LIBSOCK_KIND_NOT_FOUND);
    }
    name = activate_name(names, index, &len);
    memset(out_activation, 0, sizeof(*out_activation));
    memcpy(out_activation->name, name, len);
    out_activation->sock.raw = ACTIVATE_FIRST + (libsock_raw)index;
    return 0;
}

ptrdiff_t libsock_activation_find(const char *name, size_t from)
{
    const char *names;
    int32_t n;

    if (name == NULL) {
        return libsock__invalid();
    }
    n = activate_read(&names);
    if (n < 0) {
        return n;
    }
    for (size_t i = from; i < (size_t)n; i++) {
        size_t len;
        const char *at = activate_name(names, i, &len);

        if (strlen(name) == len && memcmp(name, at, len) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return libsock__sys_error(LIBSOCK_KIND_NOT_FOUND);
}

int libsock_activation_end(void)
{
    static const char *const written[] = {
        "LISTEN_PID",
        "LISTEN_PIDFDID",
        "LISTEN_FDS",
        "LISTEN_FDNAMES",
    };

    for (size_t i = 0; i < LIBSOCK__COUNT(written); i++) {
        int r = libsock__sys_unset_env(written[i]);

        if (r < 0) {
            return r;
        }
    }
    return 0;
}
