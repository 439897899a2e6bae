/* SPDX-License-Identifier: MIT */
/*
 * A program as a service manager starts it, for sock_activate.py: it tells its
 * first client what sockets it was given, in one line, and ends.
 * It uses the public interface alone and keeps nothing.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_SIZE = 2048
};

/* Every socket as " name" or " name*", the star for close-on-exec. */
static int activate_tell(size_t n, char *line)
{
    size_t len = (size_t)snprintf(line, LINE_SIZE, "%zu", n);

    for (size_t i = 0; i < n; i++) {
        libsock_activation one;
        bool inherited = true;
        int r = libsock_activation_get(i, &one);

        if (r >= 0) {
            r = libsock_get_inheritable(one.sock, &inherited);
        }
        if (r < 0) {
            return r;
        }
        len += (size_t)snprintf(line + len, LINE_SIZE - len, " %s%s", one.name,
                                inherited ? "" : "*");
    }
    return 0;
}

static int activate_serve(const char *name, const char *line)
{
    libsock_activation one;
    libsock_socket peer;
    ptrdiff_t at = libsock_activation_find(name, 0);
    ptrdiff_t n;
    int r = at < 0 ? (int)at : libsock_activation_get((size_t)at, &one);

    if (r >= 0) {
        r = libsock_activation_end();
    }
    if (r >= 0) {
        r = libsock_accept(one.sock, 0, &peer, NULL);
    }
    if (r < 0) {
        return r;
    }
    n = libsock_send(peer, line, strlen(line), 0);
    libsock_close(peer);
    return n < 0 ? (int)n : 0;
}

int main(int argc, char **argv)
{
    char line[LINE_SIZE];
    ptrdiff_t n = libsock_activation_begin();
    int r = n < 0 ? (int)n : activate_tell((size_t)n, line);

    if (r >= 0 && n > 0) {
        r = activate_serve(argc > 1 ? argv[1] : "unknown", line);
    }
    printf("%s %s\n", libsock_error_name(r),
           getenv("LISTEN_FDS") == NULL ? "forgotten" : "remembered");
    return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
