/* SPDX-License-Identifier: MIT */
/*
 * Control records that Linux gives a shape of its own, on the other systems:
 * times come as the C library's structures, there is no error queue,
 * credentials have another way, and a look at descriptors brings none. No state
 * to guard.
 */
#include "../posix/platform.h"

#include <string.h>

#include "../posix/control_types.h"
#include "../posix/fd.h"
#include "../sys.h"

#define CONTROL_NS_PER_S 1000000000

static int control_time_ns(int64_t s, int64_t ns, uint64_t *out)
{
    if (s < 0 || s >= INT64_MAX / CONTROL_NS_PER_S || ns < 0 ||
        ns >= CONTROL_NS_PER_S) {
        return -EINVAL;
    }
    *out = (uint64_t)(s * CONTROL_NS_PER_S + ns);
    return 0;
}

int libsock__sys_control_times(const libsock_control *record, size_t n,
                               uint64_t *out_ns)
{
    struct timeval time;

    if (n != 1 || record->len != sizeof(time)) {
        return -EINVAL;
    }
#if defined(SCM_REALTIME)
    if (record->type == SCM_REALTIME) {
        struct timespec fine;

        _Static_assert(sizeof(fine) == sizeof(time), "one length for both");
        memcpy(&fine, record->data, sizeof(fine));
        return control_time_ns(fine.tv_sec, fine.tv_nsec, out_ns);
    }
#endif
    memcpy(&time, record->data, sizeof(time));
    if (time.tv_usec < 0 || time.tv_usec >= 1000000) {
        return -EINVAL;
    }
    return control_time_ns(time.tv_sec, (int64_t)time.tv_usec * 1000, out_ns);
}

/* FreeBSD and NetBSD copy what they keep in the queue: pointers of the kernel,
 * which would pass for numbers of descriptors. */
void libsock__fd_peeked(struct msghdr *msg)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
         c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            ptrdiff_t before =
                (unsigned char *)c - (unsigned char *)msg->msg_control;

            msg->msg_controllen = (libsock__cmsg_len)before;
            msg->msg_flags |= MSG_CTRUNC;
            return;
        }
    }
}

int libsock__sys_control_error(const libsock_control *record,
                               libsock_sock_error *out_error)
{
    (void)record;
    (void)out_error;
    return -EOPNOTSUPP;
}

int libsock__sys_control_get_cred(const libsock_control *record,
                                  libsock_cred *out_cred)
{
    (void)record;
    (void)out_cred;
    return -EOPNOTSUPP;
}

int libsock__sys_control_put_cred(const libsock_cred *cred,
                                  libsock__control_made *out)
{
    (void)cred;
    (void)out;
    return -EOPNOTSUPP;
}
