/* SPDX-License-Identifier: MIT */
/*
 * Who the peer is: asked of sockets whose other end another process made, with
 * credentials of its own, and of sockets without such a peer.
 * Descriptors that travel are in pass.c. A child ends before its test does.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

/* What a child does before it connects; may be NULL. */
typedef void peer_change(void);

struct peer_child {
    pid_t pid;
    libsock_socket sock; /* accepted from it */
};

/* A child that connects to us, and lives until we shut the connection. */
static void peer_start(peer_change *change, struct peer_child *out)
{
    char path[NET_PATH_MAX];
    int listener;
    char byte = 0;

    net_temp_path(path);
    listener = net_unix_listen(path);
    /* For a child that is no longer root. */
    CHECK(chmod(path, 0777) == 0 &&
          chmod(getenv("TEST_OWN_TMPDIR"), 0711) == 0);
    out->pid = fork();
    CHECK_INT(out->pid, >=, 0);
    if (out->pid == 0) {
        int fd;

        if (change != NULL)
            change();
        fd = net_unix_connect(path);
        net_send_all(fd, "x", 1);
        while (net_recv(fd, &byte, 1) > 0) {
        }
        _exit(0);
    }
    out->sock = sock_adopt(net_accept(listener));
    CHECK_EQ_INT(libsock_recv(out->sock, &byte, 1, 0), 1);
    net_close(listener);
}

static void peer_join(const struct peer_child *child)
{
    int status = 0;

    CHECK_OK(libsock_shutdown(child->sock, LIBSOCK_SHUT_BOTH));
    CHECK_EQ_INT(waitpid(child->pid, &status, 0), child->pid);
    CHECK_EQ_INT(status, 0);
}

static void peer_check_self(libsock_socket sock)
{
    libsock_cred cred;

    memset(&cred, 0x5a, sizeof(cred));
    CHECK_OK(libsock_peer_cred(sock, &cred));
    CHECK_EQ_INT(cred.pid, getpid());
    CHECK_EQ_UINT(cred.uid, geteuid());
    CHECK_EQ_UINT(cred.gid, getegid());
}

TEST(both_ends_of_a_pair_know_who_made_it)
{
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_reset();
    peer_check_self(pair[0]);
    CHECK_EQ_UINT(fault_calls(), 1);
    peer_check_self(pair[1]);
    sock_close_pair(pair);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    peer_check_self(pair[0]);
    sock_close_pair(pair);
}

TEST(another_process_is_told_apart)
{
    struct peer_child child;
    libsock_cred cred;

    peer_start(NULL, &child);
    CHECK_OK(libsock_peer_cred(child.sock, &cred));
    CHECK_EQ_INT(cred.pid, child.pid);
    CHECK_INT(cred.pid, !=, getpid());
    CHECK_EQ_UINT(cred.uid, geteuid());
    peer_join(&child);
    /* It is the record of a moment: the process has ended. */
    CHECK_OK(libsock_peer_cred(child.sock, &cred));
    CHECK_EQ_INT(cred.pid, child.pid);
    sock_close(child.sock);
}

static const gid_t peer_groups[3] = {20001, 20002, 20003};

static void peer_become_somebody(void)
{
    CHECK(setgroups(3, peer_groups) == 0);
    CHECK(setegid(20004) == 0);
    CHECK(seteuid(20005) == 0);
}

TEST(the_effective_user_and_all_groups_are_told)
{
    struct peer_child child;
    uint32_t groups[4] = {7, 7, 7, 7};
    libsock_cred cred;

    if (geteuid() != 0)
        SKIP("only root can be somebody else");
    peer_start(peer_become_somebody, &child);
    CHECK_OK(libsock_peer_cred(child.sock, &cred));
    CHECK_EQ_UINT(cred.uid, 20005);
    CHECK_EQ_UINT(cred.gid, 20004);
    CHECK_EQ_INT(libsock_peer_groups(child.sock, NULL, 0), 3);
    CHECK_KIND(libsock_peer_groups(child.sock, groups, 2), NO_BUFFERS);
    CHECK_EQ_UINT(groups[0], 7);
    fault_reset();
    CHECK_EQ_INT(libsock_peer_groups(child.sock, groups, 4), 3);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_EQ_INT(groups[0] + groups[1] + groups[2], 60006);
    CHECK_EQ_UINT(groups[3], 7);
    CHECK_EQ_INT(libsock_peer_groups(child.sock, groups, 3), 3);
    peer_join(&child);
    sock_close(child.sock);
}

TEST(the_groups_of_this_process_are_told)
{
    static gid_t own[65536];
    static uint32_t told[65536];
    libsock_socket pair[2];
    int n = getgroups(65536, own);

    CHECK_INT(n, >=, 0);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_EQ_INT(libsock_peer_groups(pair[0], NULL, 0), n);
    CHECK_EQ_INT(libsock_peer_groups(pair[0], told, SIZE_MAX), n);
    CHECK_EQ_MEM(told, own, (size_t)n * sizeof(own[0]));
    sock_close_pair(pair);
}

/* The line "Pid:" that the kernel shows of such a descriptor. */
static long peer_pid_of(libsock_raw pidfd)
{
    char path[64];
    char line[128];
    long pid = -1;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", (int)pidfd);
    f = fopen(path, "re");
    CHECK(f != NULL);
    while (fgets(line, sizeof(line), f) != NULL) {
        if (sscanf(line, "Pid: %ld", &pid) == 1)
            break;
    }
    fclose(f);
    return pid;
}

TEST(a_process_is_named_by_a_descriptor)
{
    struct peer_child child;
    libsock_raw pidfd = 17;
    int r;

    peer_start(NULL, &child);
    fault_reset();
    r = libsock_peer_pidfd(child.sock, &pidfd);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED) {
        peer_join(&child);
        sock_close(child.sock);
        SKIP("no SO_PEERPIDFD: Linux 6.5");
    }
    CHECK_OK(r);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK(net_is_cloexec((int)pidfd));
    CHECK_EQ_INT(peer_pid_of(pidfd), child.pid);
    CHECK(!net_wait_readable((int)pidfd, 0));
    peer_join(&child);
    CHECK(net_wait_readable((int)pidfd, 10000));
    net_close((int)pidfd);
    sock_close(child.sock);
}

/* Two answers of kernels that forget a process when it is reaped. */
TEST(a_process_that_has_ended_is_not_found)
{
    static const int codes[] = {EINVAL, ESRCH};
    libsock_raw pidfd = 17;
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        fault_reset();
        fault_fail_call("getsockopt", 1, codes[i]);
        CHECK_KIND(libsock_peer_pidfd(pair[0], &pidfd), NOT_FOUND);
        CHECK(fault_fired());
        CHECK_EQ_INT(pidfd, 17);
    }
    sock_close_pair(pair);
}

TEST(a_message_brings_its_sender_as_a_descriptor)
{
    uint64_t control[LIBSOCK_CONTROL_SPACE(64) / 8];
    libsock_socket pair[2];
    libsock_control record;
    libsock_raw pidfd;
    libsock_msg msg;
    char byte = 0;
    libsock_buf buf = libsock_buf_of(&byte, 1);
    bool on = true;
    int r;

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    r = libsock_get_passpidfd(pair[1], &on);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no SO_PASSPIDFD: Linux 6.5");
    CHECK_OK(r);
    CHECK(!on);
    CHECK_OK(libsock_set_passpidfd(pair[1], true));
    CHECK_OK(libsock_get_passpidfd(pair[1], &on));
    CHECK(on);
    net_send_all(sock_fd(pair[0]), "x", 1);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, control, sizeof(control)));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_PIDFD, &record));
    CHECK_OK(libsock_control_get_pidfd(&record, &pidfd));
    CHECK(net_is_cloexec((int)pidfd));
    CHECK_EQ_INT(peer_pid_of(pidfd), getpid());
    net_close((int)pidfd);
    sock_close_pair(pair);
}

TEST(a_claim_is_checked_and_arrives)
{
    uint64_t control[LIBSOCK_CONTROL_SPACE(LIBSOCK_CRED_SIZE) / 8];
    libsock_cred cred = {(int32_t)getpid(), geteuid(), getegid()};
    libsock_cred lie = {1, geteuid(), getegid()};
    libsock_control_writer writer;
    libsock_control record;
    libsock_socket pair[2];
    libsock_cred got;
    libsock_msg msg;
    char byte = 'x';
    libsock_buf buf = libsock_buf_of(&byte, 1);

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_OK(libsock_set_passcred(pair[1], true));
    CHECK_OK(libsock_control_writer_init(&writer, control, sizeof(control)));
    CHECK_OK(libsock_control_put_cred(&writer, &cred));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(
        libsock_msg_set_control(&msg, control, libsock_control_len(&writer)));
    CHECK_EQ_INT(libsock_send_msg(pair[0], &msg, 0), 1);
    CHECK_OK(libsock_msg_set_control(&msg, control, sizeof(control)));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_CRED, &record));
    CHECK_OK(libsock_control_get_cred(&record, &got));
    CHECK_EQ_MEM(&got, &cred, sizeof(got));
    if (geteuid() != 0) {
        CHECK_OK(
            libsock_control_writer_init(&writer, control, sizeof(control)));
        CHECK_OK(libsock_control_put_cred(&writer, &lie));
        CHECK_OK(libsock_msg_set_control(&msg, control,
                                         libsock_control_len(&writer)));
        CHECK_KIND(libsock_send_msg(pair[0], &msg, 0), PERMISSION_DENIED);
    }
    sock_close_pair(pair);
}

/* All four questions about a socket that has no such peer. */
static void peer_check_none(libsock_socket sock, int kind)
{
    libsock_cred cred = {3, 4, 5};
    libsock_cred before = cred;
    uint32_t groups[1] = {6};
    libsock_raw pidfd = 17;
    int r;

    CHECK_EQ_INT(libsock_kind(libsock_peer_cred(sock, &cred)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_peer_groups(sock, groups, 1)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_peer_groups(sock, NULL, 0)), kind);
    r = libsock_peer_pidfd(sock, &pidfd);
    if (libsock_kind(r) != LIBSOCK_KIND_UNSUPPORTED)
        CHECK_EQ_INT(libsock_kind(r), kind);
    CHECK_EQ_MEM(&cred, &before, sizeof(cred));
    CHECK_EQ_UINT(groups[0], 6);
    CHECK_EQ_INT(pidfd, 17);
}

TEST(nobody_is_an_error)
{
    libsock_socket tcp[2];
    libsock_socket lone =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    int ends[2];

    peer_check_none(lone, LIBSOCK_KIND_NOT_CONNECTED);
    sock_close(lone);
    sock_tcp_pair(tcp);
    peer_check_none(tcp[0], LIBSOCK_KIND_UNSUPPORTED);
    sock_close_pair(tcp);
    net_pipe(ends);
    peer_check_none(sock_adopt(ends[0]), LIBSOCK_KIND_NOT_A_SOCKET);
    net_close(ends[0]);
    peer_check_none(sock_adopt(ends[0]), LIBSOCK_KIND_BAD_DESCRIPTOR);
    net_close(ends[1]);
}

TEST(a_peer_question_needs_room)
{
    libsock_socket sock = sock_adopt(0);

    CHECK_KIND(libsock_peer_cred(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_peer_groups(sock, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_peer_pidfd(sock, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_peer_label(sock, NULL, 1), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(a_label_is_whole_or_an_error)
{
    libsock_socket pair[2];
    char label[4096];
    char small[2];
    ptrdiff_t n;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    fault_fail_call("getsockopt", 1, ERANGE);
    CHECK_KIND(libsock_peer_label(pair[0], label, sizeof(label)), NO_BUFFERS);
    fault_reset();
    n = libsock_peer_label(pair[0], label, sizeof(label));
    CHECK_EQ_UINT(fault_calls(), 1);
    if (libsock_kind(n) == LIBSOCK_KIND_UNSUPPORTED) {
        sock_close_pair(pair);
        SKIP("no security module labels sockets here");
    }
    CHECK_INT(n, >, 1);
    CHECK_EQ_UINT(strlen(label), n);
    CHECK_INT(libsock_peer_label(pair[0], NULL, 0), >=, n);
    CHECK_KIND(libsock_peer_label(pair[0], small, 2), NO_BUFFERS);
    CHECK_KIND(libsock_peer_label(pair[0], label, (size_t)n), NO_BUFFERS);
    CHECK_EQ_INT(libsock_peer_label(pair[0], label, (size_t)n + 1), n);
    sock_close_pair(pair);
}
