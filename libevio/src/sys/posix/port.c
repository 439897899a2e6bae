/* SPDX-License-Identifier: MIT */
/* Clock, descriptors and environment of a Unix. */
#include "sys/port.h"

#include <libsock/error.h>
#include <libsock/opt_sock.h>

#include "base/deadline.h"
#include "sys/posix/platform.h"

uint64_t evio__port_now_ns(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * EVIO__NS_PER_S + (uint64_t)now.tv_nsec;
}

bool evio__port_is_raw(libsock_raw raw)
{
    return raw >= 0 && raw <= INT_MAX;
}

int evio__port_reuse_addr(libsock_socket sock)
{
    return libsock_set_reuse_address(sock, true);
}

const char *evio__port_environment(const char *name)
{
    const char *value = secure_getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

int evio__port_at_fork(void (*prepare)(void), void (*parent)(void),
                       void (*child)(void))
{
    /* It returns the code itself, without errno. */
    return -pthread_atfork(prepare, parent, child);
}

/* Of a process that has one thread. */
static sigset_t port_signals;

void evio__port_signals_block(void)
{
    sigset_t all;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &port_signals);
}

void evio__port_signals_restore(void)
{
    (void)pthread_sigmask(SIG_SETMASK, &port_signals, NULL);
}
