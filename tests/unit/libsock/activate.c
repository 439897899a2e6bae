/* SPDX-License-Identifier: MIT */
/*
 * Socket activation: every word that a manager may write, and a program that
 * was really started with sockets. Other people's managers are in
 * behaviour/sock_activate.py.
 * The environment is this process's own; there are no threads.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/net.h"
#include "support/sock.h"

static const char *const activate_words[] = {"LISTEN_PID", "LISTEN_FDS",
                                             "LISTEN_FDNAMES"};

/* NULL takes a variable away; "PID" in the first stands for this process. */
static void activate_write(const char *pid, const char *fds, const char *names)
{
    const char *values[] = {pid, fds, names};
    char own[16];

    snprintf(own, sizeof(own), "%d", (int)getpid());
    if (pid != NULL && strcmp(pid, "PID") == 0)
        values[0] = own;
    for (int i = 0; i < 3; i++) {
        if (values[i] == NULL)
            CHECK(unsetenv(activate_words[i]) == 0);
        else
            CHECK(setenv(activate_words[i], values[i], 1) == 0);
    }
}

/* Pairs of sockets at descriptors 3, 4, 5..., inheritable; closed after. */
static void activate_open(int n)
{
    for (int fd = 3; fd < 3 + n; fd++) {
        CHECK(!net_is_open(fd));
        fd_dup_onto(0, fd);
        CHECK_OK(libsock_set_inheritable(sock_adopt(fd), true));
    }
}

static void activate_close(int n)
{
    for (int fd = 3; fd < 3 + n; fd++)
        net_close(fd);
}

TEST(nothing_written_is_no_sockets)
{
    libsock_activation one;

    activate_write(NULL, NULL, NULL);
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    CHECK_KIND(libsock_activation_get(0, &one), NOT_FOUND);
    CHECK_KIND(libsock_activation_find("a", 0), NOT_FOUND);
    CHECK_EQ_INT(libsock_activation_end(), 0);
    activate_write("PID", NULL, NULL);
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    activate_write(NULL, "1", "a");
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    activate_write("PID", "0", NULL);
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    activate_write("PID", "0", "");
    CHECK_EQ_INT(libsock_activation_begin(), 0);
}

TEST(what_is_meant_for_another_process_is_not_ours)
{
    activate_write("1", "2", "a:b");
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    activate_write("2147483647", "nonsense", "a:b:c");
    CHECK_EQ_INT(libsock_activation_begin(), 0);
    CHECK_KIND(libsock_activation_find("a", 0), NOT_FOUND);
    CHECK_EQ_UINT(fault_calls(), 0);
}

static void activate_check_bad(const char *pid, const char *fds,
                               const char *names)
{
    libsock_activation one;

    activate_write(pid, fds, names);
    CHECK_KIND(libsock_activation_begin(), INVALID_INPUT);
    CHECK_KIND(libsock_activation_get(0, &one), INVALID_INPUT);
    CHECK_KIND(libsock_activation_find("a", 0), INVALID_INPUT);
}

TEST(bad_numbers_are_errors)
{
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "-1",
                                      "01",
                                      "0x1",
                                      "1a",
                                      "1.0",
                                      "2147483648",
                                      "4294967297",
                                      "18446744073709551617",
                                      "99999999999999999999999999999"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        activate_check_bad(bad[i], "1", NULL);
        activate_check_bad("PID", bad[i], NULL);
    }
    activate_check_bad("0", "1", NULL);
    /* 3 and so many would be more than a descriptor can count. */
    activate_check_bad("PID", "2147483645", NULL);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(bad_names_are_errors)
{
    char longest[258];

    activate_check_bad("PID", "2", "");
    activate_check_bad("PID", "2", "a");
    activate_check_bad("PID", "2", "a:b:c");
    activate_check_bad("PID", "2", "a:b:");
    activate_check_bad("PID", "0", "a");
    activate_check_bad("PID", "1", "a\nb");
    activate_check_bad("PID", "1", "\x7f");
    activate_check_bad("PID", "1", "\xc3\xa4");
    memset(longest, 'n', 256);
    longest[256] = '\0';
    activate_check_bad("PID", "1", longest);
    memcpy(longest + 255, ":b", 3);
    activate_open(2);
    activate_write("PID", "2", longest);
    CHECK_EQ_INT(libsock_activation_begin(), 2);
    activate_close(2);
}

TEST(sockets_are_numbered_named_and_kept_from_children)
{
    libsock_activation one;

    activate_open(3);
    activate_write("PID", "3", "web:admin:web");
    fault_reset();
    CHECK_EQ_INT(libsock_activation_begin(), 3);
    CHECK_EQ_UINT(fault_calls_of("fcntl"), 3);
    CHECK_EQ_UINT(fault_calls(), 3);
    for (int fd = 3; fd < 6; fd++)
        CHECK(net_is_cloexec(fd));
    CHECK_OK(libsock_activation_get(1, &one));
    CHECK_EQ_STR(one.name, "admin");
    CHECK_EQ_INT(sock_fd(one.sock), 4);
    CHECK_OK(libsock_activation_get(2, &one));
    CHECK_EQ_STR(one.name, "web");
    CHECK_EQ_INT(sock_fd(one.sock), 5);
    CHECK_KIND(libsock_activation_get(3, &one), NOT_FOUND);
    CHECK_KIND(libsock_activation_get(SIZE_MAX, &one), NOT_FOUND);
    CHECK_EQ_INT(sock_fd(one.sock), 5);
    CHECK_KIND(libsock_activation_get(0, NULL), INVALID_INPUT);
    activate_close(3);
}

TEST(sockets_are_found_by_their_whole_names)
{
    activate_write("PID", "4", "web:admin:web:");
    CHECK_EQ_INT(libsock_activation_find("web", 0), 0);
    CHECK_EQ_INT(libsock_activation_find("web", 1), 2);
    CHECK_KIND(libsock_activation_find("web", 3), NOT_FOUND);
    CHECK_KIND(libsock_activation_find("web", SIZE_MAX), NOT_FOUND);
    CHECK_EQ_INT(libsock_activation_find("admin", 0), 1);
    CHECK_EQ_INT(libsock_activation_find("", 0), 3);
    CHECK_KIND(libsock_activation_find("we", 0), NOT_FOUND);
    CHECK_KIND(libsock_activation_find("web:admin", 0), NOT_FOUND);
    CHECK_KIND(libsock_activation_find(NULL, 0), INVALID_INPUT);
    activate_write("PID", "2", NULL);
    CHECK_EQ_INT(libsock_activation_find("unknown", 1), 1);
}

TEST(a_socket_that_is_not_there_is_an_error)
{
    activate_open(1);
    activate_write("PID", "2", NULL);
    CHECK_KIND(libsock_activation_begin(), BAD_DESCRIPTOR);
    CHECK(net_is_cloexec(3));
    activate_close(1);
}

TEST(the_end_takes_the_variables_away)
{
    activate_write("PID", "2", "a:b");
    CHECK(setenv("LISTEN_PIDFDID", "1", 1) == 0);
    CHECK_EQ_INT(libsock_activation_end(), 0);
    for (int i = 0; i < 3; i++)
        CHECK(getenv(activate_words[i]) == NULL);
    CHECK(getenv("LISTEN_PIDFDID") == NULL);
    CHECK_EQ_INT(libsock_activation_begin(), 0);
}

/* In the program that was started: serve one connection on the socket "web". */
static void activate_serve(void)
{
    libsock_activation one;
    libsock_socket peer;
    bool listening = false;
    ptrdiff_t at;

    CHECK_EQ_INT(libsock_activation_begin(), 2);
    at = libsock_activation_find("web", 0);
    CHECK_EQ_INT(at, 1);
    CHECK_OK(libsock_activation_get((size_t)at, &one));
    CHECK_OK(libsock_get_is_listener(one.sock, &listening));
    CHECK(listening);
    CHECK(net_is_cloexec(sock_fd(one.sock)));
    CHECK_OK(libsock_activation_end());
    CHECK_OK(libsock_accept(one.sock, 0, &peer, NULL));
    CHECK_EQ_INT(libsock_send(peer, "served", 6, 0), 6);
    sock_close(peer);
}

/* Become this program anew, as a manager would start it. */
CHECK_NORETURN static void activate_exec(int listener)
{
    int high = dup2(listener, 10);

    CHECK(dup2(0, 3) == 3 && dup2(high, 4) == 4 && close(high) == 0);
    CHECK(setenv("ACTIVATE_SERVES", "1", 1) == 0);
    activate_write("PID", "2", "other:web");
    execl("/proc/self/exe", "activate",
          "a_program_that_was_started_finds_its_socket", (char *)NULL);
    _exit(127);
}

TEST(a_program_that_was_started_finds_its_socket)
{
    uint16_t port;
    int listener;
    int status = 0;
    char bytes[6];
    pid_t child;
    int fd;

    if (getenv("ACTIVATE_SERVES") != NULL) {
        activate_serve();
        return;
    }
    listener = net_tcp_listen(NET_IPV4, &port);
    child = fork();
    CHECK_INT(child, >=, 0);
    if (child == 0)
        activate_exec(listener);
    net_close(listener);
    fd = net_tcp_connect(NET_IPV4, port);
    net_recv_all(fd, bytes, 6);
    CHECK_EQ_MEM(bytes, "served", 6);
    net_close(fd);
    CHECK_EQ_INT(waitpid(child, &status, 0), child);
    CHECK_EQ_INT(status, 0);
}
