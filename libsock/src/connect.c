/* SPDX-License-Identifier: MIT */
/*
 * Connecting within a time. The calls are the port's, the clock and the wait
 * too; here is their order. Nothing is guarded: what is under way is the
 * socket's own state, which is why a call can be repeated.
 */
#include <libsock/connect.h>

#include <libsock/error.h>
#include <libsock/socket.h>

#include "addr.h"
#include "util.h"

/* Pauses between two attempts at a full AF_UNIX listener. */
#define CONNECT_PAUSE_NS     UINT64_C(1000000)
#define CONNECT_PAUSE_MAX_NS UINT64_C(16000000)

/* Where the moment is, and how long the next pause. */
struct connect_wait {
    uint64_t deadline_ns;
    uint64_t pause_ns;
};

uint64_t libsock_now_ns(void)
{
    return libsock__sys_now_ns();
}

static uint64_t connect_left(const struct connect_wait *wait)
{
    uint64_t now;

    if (wait->deadline_ns == LIBSOCK_NO_TIMEOUT) {
        return UINT64_MAX;
    }
    now = libsock__sys_now_ns();
    return wait->deadline_ns > now ? wait->deadline_ns - now : 0;
}

/* Writable is not connected: on some systems a failed one is writable too. */
static int connect_outcome(libsock_socket sock)
{
    libsock_addr peer;
    int error = 0;
    int r = libsock__sys_take_error(sock.raw, &error);

    if (r >= 0 && error < 0) {
        r = error;
    }
    return r < 0 ? r : libsock__sys_peer_addr(sock.raw, &peer);
}

static int connect_finish(libsock_socket sock, const struct connect_wait *wait)
{
    int r;

    do {
        r = libsock__sys_wait_writable(sock.raw, connect_left(wait));
        if (r != 0) {
            return r < 0 ? r : connect_outcome(sock);
        }
    } while (connect_left(wait) > 0);
    return libsock__sys_error(LIBSOCK_KIND_TIMED_OUT);
}

/* Let a little time go by, so that the listener gets to accept. */
static int connect_pause(struct connect_wait *wait)
{
    uint64_t left = connect_left(wait);
    uint64_t pause = wait->pause_ns;

    if (left == 0) {
        return libsock__sys_error(LIBSOCK_KIND_TIMED_OUT);
    }
    if (wait->pause_ns < CONNECT_PAUSE_MAX_NS) {
        wait->pause_ns *= 2;
    }
    return libsock__sys_wait_writable(LIBSOCK_RAW_INVALID,
                                      pause < left ? pause : left);
}

/* What was under way when an earlier call ended may be done by now. */
static int connect_done_before(libsock_socket sock, const libsock_addr *addr,
                               int failed)
{
    libsock_addr peer;
    int r = libsock__sys_peer_addr(sock.raw, &peer);

    return r >= 0 && libsock_addr_equal(&peer, addr) ? 0 : failed;
}

static int connect_nonblocking(libsock_socket sock, const libsock_addr *addr,
                               struct connect_wait *wait)
{
    bool local = libsock_addr_domain(addr) == LIBSOCK_DOMAIN_UNIX;
    int r;

    for (;;) {
        r = libsock__sys_connect(sock.raw, addr);
        if (libsock_kind(r) == LIBSOCK_KIND_IN_PROGRESS ||
            (libsock_in_progress(r) && !local)) {
            return connect_finish(sock, wait);
        }
        if (!libsock_would_block(r) || !local) {
            break;
        }
        r = connect_pause(wait);
        if (r < 0) {
            return r;
        }
    }
    if (libsock_kind(r) == LIBSOCK_KIND_ALREADY_CONNECTED) {
        return connect_done_before(sock, addr, r);
    }
    return r;
}

int libsock_connect_until(libsock_socket sock, const libsock_addr *addr,
                          uint64_t deadline_ns)
{
    struct connect_wait wait = {deadline_ns, CONNECT_PAUSE_NS};
    bool nonblock = false;
    int back = 0;
    int r;

    if (libsock__addr_is_empty(addr)) {
        return libsock__invalid();
    }
    r = libsock__sys_get_nonblocking(sock.raw, &nonblock);
    if (r >= 0 && !nonblock) {
        r = libsock__sys_set_nonblocking(sock.raw, true);
    }
    if (r < 0) {
        return r;
    }
    r = connect_nonblocking(sock, addr, &wait);
    if (!nonblock) {
        back = libsock__sys_set_nonblocking(sock.raw, false);
    }
    return r < 0 ? r : back;
}

int libsock_connect_timeout(libsock_socket sock, const libsock_addr *addr,
                            uint64_t timeout_ns)
{
    uint64_t now = libsock__sys_now_ns();
    uint64_t most = LIBSOCK_NO_TIMEOUT - now;

    return libsock_connect_until(
        sock, addr, timeout_ns < most ? now + timeout_ns : LIBSOCK_NO_TIMEOUT);
}
