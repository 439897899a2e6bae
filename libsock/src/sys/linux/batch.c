/* SPDX-License-Identifier: MIT */
/*
 * Batches by sendmmsg() and recvmmsg(). A libsock_msg is a struct mmsghdr
 * (layout.c asserts it), so an array of them goes to the kernel as it is.
 * Nothing is guarded: the messages belong to one thread at a time. What stands
 * in the loops is paid per message.
 */
#include "../posix/fd.h"

#include <limits.h>

#include "../sys.h"

/* UIO_MAXIOV: the kernel cuts every batch to it, and takes no message of more
 * buffers. */
#define BATCH_MAX 1024u

static unsigned int batch_count(size_t n)
{
    return n < BATCH_MAX ? (unsigned int)n : BATCH_MAX;
}

/* An int to glibc, unsigned to musl: a positive number is both. */
#define BATCH_FLAGS(native) (INT_MAX & (native))

static struct mmsghdr *batch_native(libsock_msg *msgs)
{
    return (struct mmsghdr *)(void *)msgs;
}

/* Whether the first message may have failed for its number of buffers, which a
 * stream leaves over: alone it goes in part. */
static bool batch_goes_alone(const libsock_msg *msgs, int r)
{
    return r == -EMSGSIZE && msgs[0].n_bufs > BATCH_MAX;
}

/* The result of a batch of one, which moved `n` bytes. */
static ptrdiff_t batch_of_one(libsock_msg *msg, ptrdiff_t n)
{
    if (n < 0) {
        return n;
    }
    msg->n_bytes = (uint32_t)n;
    return 1;
}

ptrdiff_t libsock__sys_send_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags)
{
    int native = flags == 0 ? 0 : libsock__msg_native(flags);
    int r;

    if (native < 0) {
        return native;
    }
    native |= LIBSOCK__SEND_FLAGS;
    r = libsock__result(SYS(sendmmsg, libsock__fd(sock), batch_native(msgs),
                            batch_count(n), BATCH_FLAGS(native)));
    return batch_goes_alone(msgs, r)
               ? batch_of_one(msgs, libsock__sys_send_msg(sock, msgs, flags))
               : r;
}

ptrdiff_t libsock__sys_recv_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags)
{
    unsigned int count = batch_count(n);
    int native = flags == 0 ? 0 : libsock__msg_native(flags);
    int r;

    if (native < 0) {
        return native;
    }
    for (unsigned int i = 0; i < count; i++) {
        msgs[i].name_len = msgs[i].name != NULL ? LIBSOCK_ADDR_SIZE : 0;
    }
    native |= MSG_CMSG_CLOEXEC;
    r = libsock__result(SYS(recvmmsg, libsock__fd(sock), batch_native(msgs),
                            count, BATCH_FLAGS(native), NULL));
    if (batch_goes_alone(msgs, r)) {
        return batch_of_one(msgs, libsock__sys_recv_msg(sock, msgs, flags));
    }
    for (int i = 0; i < r; i++) {
        libsock_addr *from = msgs[i].name;

        /* An address longer than any of this system's is none. */
        if (from != NULL &&
            libsock__name_stored(from, msgs[i].name_len, 0) < 0) {
            (void)libsock__name_stored(from, 0, 0);
        }
    }
    return r;
}
