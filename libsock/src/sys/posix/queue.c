/* SPDX-License-Identifier: MIT */
/*
 * What waits in a socket, by ioctl(2); Apple has options for it that count the
 * data alone. No state to guard.
 */
#include "fd.h"

#include "../sys.h"

static int queue_unread(libsock_raw sock, int *out_value)
{
#if defined(SO_NREAD)
    size_t len = sizeof(*out_value);

    return libsock__sys_getopt(sock, SOL_SOCKET, SO_NREAD, out_value, &len);
#else
    return libsock__result(SYS(ioctl, libsock__fd(sock), FIONREAD, out_value));
#endif
}

static int queue_unacked(libsock_raw sock, int *out_value)
{
#if defined(SO_NWRITE)
    size_t len = sizeof(*out_value);

    return libsock__sys_getopt(sock, SOL_SOCKET, SO_NWRITE, out_value, &len);
#elif defined(SIOCOUTQ)
    return libsock__result(SYS(ioctl, libsock__fd(sock), SIOCOUTQ, out_value));
#elif defined(FIONWRITE)
    return libsock__result(SYS(ioctl, libsock__fd(sock), FIONWRITE, out_value));
#else
    (void)sock;
    (void)out_value;
    return -EOPNOTSUPP;
#endif
}

static int queue_unsent(libsock_raw sock, int *out_value)
{
#if defined(SIOCOUTQNSD)
    return libsock__result(
        SYS(ioctl, libsock__fd(sock), SIOCOUTQNSD, out_value));
#else
    (void)sock;
    (void)out_value;
    return -EOPNOTSUPP;
#endif
}

static int queue_at_mark(libsock_raw sock, int *out_value)
{
    return libsock__result(
        SYS(ioctl, libsock__fd(sock), SIOCATMARK, out_value));
}

int libsock__sys_queued(libsock_raw sock, int which, size_t *out_value)
{
    static int (*const asks[])(libsock_raw, int *) = {
        [LIBSOCK__QUEUE_UNREAD] = queue_unread,
        [LIBSOCK__QUEUE_UNACKED] = queue_unacked,
        [LIBSOCK__QUEUE_UNSENT] = queue_unsent,
        [LIBSOCK__QUEUE_AT_MARK] = queue_at_mark,
    };
    int value = 0;
    int r = asks[which](sock, &value);

    if (r < 0) {
        return r;
    }
    *out_value = (size_t)value;
    return 0;
}
