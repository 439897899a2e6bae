/* SPDX-License-Identifier: MIT */
/*
 * The values that go to the kernel as they are have the kernel's layout. Only
 * assertions are here; what they guard is in libsock/types.h, addr.h and io.h.
 * A port whose structures differ does not compile.
 */
#include "platform.h"

#include <libsock/addr.h>
#include <libsock/io.h>
#include <libsock/types.h>

#define LAYOUT_SAME(ours, our_field, theirs, their_field)                     \
 _Static_assert(offsetof(ours, our_field) == offsetof(theirs, their_field) && \
                    sizeof(((ours *)0)->our_field) ==                         \
                        sizeof(((theirs *)0)->their_field),                   \
                #our_field " is not " #their_field)

/*
 * The counts of struct msghdr are a size_t in the kernel and in glibc; musl
 * declares what POSIX says, an int or a socklen_t, next to padding that fills
 * the size_t. Ours are as wide as the kernel's; theirs is the low half of it.
 */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
# define LAYOUT_LOW(ours, theirs) (sizeof(ours) - sizeof(theirs))
#else
# define LAYOUT_LOW(ours, theirs) ((size_t)0)
#endif
#define LAYOUT_COUNT(our_field, their_field)                                 \
 _Static_assert(offsetof(libsock_msg, our_field) +                           \
                            LAYOUT_LOW(((libsock_msg *)0)->our_field,        \
                                       ((struct msghdr *)0)->their_field) == \
                        offsetof(struct msghdr, their_field) &&              \
                    sizeof(((libsock_msg *)0)->our_field) >=                 \
                        sizeof(((struct msghdr *)0)->their_field),           \
                #our_field " is not " #their_field)

LAYOUT_SAME(libsock_buf, base, struct iovec, iov_base);
LAYOUT_SAME(libsock_buf, len, struct iovec, iov_len);
_Static_assert(sizeof(libsock_buf) == sizeof(struct iovec) &&
                   _Alignof(libsock_buf) == _Alignof(struct iovec),
               "libsock_buf is not struct iovec");

LAYOUT_SAME(libsock_msg, name, struct msghdr, msg_name);
LAYOUT_SAME(libsock_msg, name_len, struct msghdr, msg_namelen);
LAYOUT_SAME(libsock_msg, bufs, struct msghdr, msg_iov);
LAYOUT_COUNT(n_bufs, msg_iovlen);
LAYOUT_SAME(libsock_msg, control, struct msghdr, msg_control);
LAYOUT_COUNT(control_len, msg_controllen);
LAYOUT_SAME(libsock_msg, flags, struct msghdr, msg_flags);
_Static_assert(sizeof(libsock_msg) >= sizeof(struct msghdr) &&
                   _Alignof(libsock_msg) == _Alignof(struct msghdr),
               "libsock_msg does not hold struct msghdr");

#if defined(__linux__)
LAYOUT_SAME(libsock_msg, n_bytes, struct mmsghdr, msg_len);
_Static_assert(sizeof(libsock_msg) == sizeof(struct mmsghdr),
               "libsock_msg is not struct mmsghdr");
#endif

/* Not as large as sockaddr_storage everywhere: OpenBSD's has 256 bytes, of
 * which no address that it has takes more than these. */
_Static_assert(offsetof(libsock_addr, storage) == 0 &&
                   sizeof(((libsock_addr *)0)->storage) >=
                       sizeof(struct sockaddr_un) &&
                   sizeof(((libsock_addr *)0)->storage) >=
                       sizeof(struct sockaddr_in6) &&
                   _Alignof(libsock_addr) >= _Alignof(struct sockaddr_storage),
               "libsock_addr cannot hold every address");
_Static_assert(sizeof(libsock_addr) == 136, "libsock_addr has another size");

_Static_assert(sizeof(socklen_t) == sizeof(libsock__len),
               "socklen_t is not 32 bits wide");
_Static_assert(sizeof(libsock_raw) >= sizeof(int),
               "a handle cannot hold a descriptor");
_Static_assert(EAGAIN > 0 && EBADF > 0 && EINVAL > 0,
               "codes are not positive, so that they cannot be negated");
