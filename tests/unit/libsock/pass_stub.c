/* SPDX-License-Identifier: MIT */
/*
 * The same calls as on a system that has none of it: each says so and writes
 * nothing. Linked with the stubs; descriptors travel on every Unix and have
 * their tests in pass.c, but looking at them is Linux's alone.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

TEST(peers_are_not_known)
{
    libsock_cred cred = {3, 4, 5};
    libsock_cred before = cred;
    libsock_socket pair[2];
    libsock_raw pidfd = 17;
    uint32_t groups[1] = {6};
    char label[4] = "abc";

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_KIND(libsock_peer_cred(pair[0], &cred), UNSUPPORTED);
    CHECK_KIND(libsock_peer_groups(pair[0], groups, 1), UNSUPPORTED);
    CHECK_KIND(libsock_peer_pidfd(pair[0], &pidfd), UNSUPPORTED);
    CHECK_KIND(libsock_peer_label(pair[0], label, 4), UNSUPPORTED);
    CHECK_EQ_MEM(&cred, &before, sizeof(cred));
    CHECK_EQ_UINT(groups[0], 6);
    CHECK_EQ_INT(pidfd, 17);
    CHECK_EQ_STR(label, "abc");
    sock_close_pair(pair);
}

TEST(nothing_moves_inside_the_kernel)
{
    const libsock_splice_end in = {0, LIBSOCK_NO_OFFSET};
    const libsock_splice_end out = {1, LIBSOCK_NO_OFFSET};

    CHECK_KIND(libsock_send_file(sock_adopt(1), 0, 0, 1), UNSUPPORTED);
    CHECK_KIND(libsock_splice(in, out, 1, 0), UNSUPPORTED);
}

/* Elsewhere the kernel's pointers stand where this kernel puts descriptors. */
TEST(a_look_brings_no_descriptors)
{
    libsock_raw got[2] = {17, 17};
    libsock_fds room = {got, 2, 0, 0};
    libsock_socket pair[2];
    libsock_raw sent;
    char bytes[2];
    int ends[2];

    net_pipe(ends);
    sent = ends[0];
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_EQ_INT(libsock_send_fds(pair[0], "ab", 2, &sent, 1), 2);
    net_close(ends[0]);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, 2, LIBSOCK_MSG_PEEK, &room),
                 2);
    CHECK_EQ_UINT(room.n, 0);
    CHECK_EQ_INT(room.flags & LIBSOCK_MSG_CTRUNC, LIBSOCK_MSG_CTRUNC);
    CHECK_EQ_INT(got[0], 17);
    /* What this kernel did bring: the number that had just become free. */
    net_close(ends[0]);
    CHECK_EQ_INT(libsock_recv_fds(pair[1], bytes, 2, 0, &room), 2);
    CHECK_EQ_UINT(room.n, 1);
    CHECK_EQ_INT(room.flags, 0);
    net_close((int)got[0]);
    net_close(ends[1]);
    sock_close_pair(pair);
}
