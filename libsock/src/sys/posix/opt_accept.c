/* SPDX-License-Identifier: MIT */
/*
 * Filters of a listener's connections, where the OS has them (FreeBSD, NetBSD).
 * The name's length was judged above. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "sys/sys.h"

#if defined(SO_ACCEPTFILTER)

_Static_assert(sizeof(((struct accept_filter_arg *)0)->af_name) <=
                   LIBSOCK_OPT_TEXT_SIZE,
               "a name fits where texts are read");

int libsock__sys_opt_set_accept(libsock_raw sock, const char *text, size_t len)
{
    struct accept_filter_arg filter;

    memset(&filter, 0, sizeof(filter));
    if (len >= sizeof(filter.af_name)) {
        return -EINVAL;
    }
    if (len == 0) {
        return libsock__sys_setopt(sock, SOL_SOCKET, SO_ACCEPTFILTER, NULL, 0);
    }
    memcpy(filter.af_name, text, len);
    return libsock__sys_setopt(sock, SOL_SOCKET, SO_ACCEPTFILTER, &filter,
                               sizeof(filter));
}

int libsock__sys_opt_get_accept(libsock_raw sock, char *text, size_t *len)
{
    struct accept_filter_arg filter;
    size_t size = sizeof(filter);
    int r;

    memset(&filter, 0, sizeof(filter));
    r = libsock__sys_getopt(sock, SOL_SOCKET, SO_ACCEPTFILTER, &filter, &size);
    if (r >= 0) {
        memcpy(text, filter.af_name, sizeof(filter.af_name));
        *len = sizeof(filter.af_name);
    }
    return r;
}

#else

int libsock__sys_opt_set_accept(libsock_raw sock, const char *text, size_t len)
{
    (void)sock;
    (void)text;
    (void)len;
    return -ENOPROTOOPT;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of the contract */
int libsock__sys_opt_get_accept(libsock_raw sock, char *text, size_t *len)
{
    (void)sock;
    (void)text;
    (void)len;
    return -ENOPROTOOPT;
}

#endif
