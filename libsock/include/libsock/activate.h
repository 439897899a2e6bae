/* SPDX-License-Identifier: MIT */
/**
 * @file activate.h
 * Socket activation: sockets that a service manager opened before it started
 * this program, and passed on; see sd_listen_fds(3).
 *
 * The manager says so in the environment: LISTEN_PID is the process that is
 * meant, LISTEN_FDS how many descriptors there are from 3 on, LISTEN_FDNAMES
 * their names. Nothing else holds what was passed, so the order is:
 *
 *     libsock_activation_begin()    how many; they are close-on-exec now
 *     libsock_activation_get()      each of them, or
 *     libsock_activation_find()     the one of a name
 *     libsock_activation_end()      so that child processes are not deceived
 *
 * A descriptor need not be a socket: what was configured is passed. Ask
 * libsock_get_type(), libsock_get_is_listener() and libsock_local_addr() before
 * relying on it.
 *
 * Threads: these functions read the environment, and libsock_activation_end()
 * writes it, which no C library guards: call them before other threads that
 * touch it are started.
 */
#ifndef LIBSOCK_ACTIVATE_H
#define LIBSOCK_ACTIVATE_H

#include <stddef.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Room for any name, its NUL included. */
#define LIBSOCK_ACTIVATION_NAME_SIZE 256

/** One socket that was passed. */
typedef struct libsock_activation {
    libsock_socket sock;                     /**< The socket. */
    char name[LIBSOCK_ACTIVATION_NAME_SIZE]; /**< NUL-terminated; "unknown" when
                                              *   the manager gave no names. */
} libsock_activation;

/**
 * Look whether sockets were passed to this process, and keep them from programs
 * that it starts: each is made close-on-exec.
 *
 * @return how many; 0 when none were, also when LISTEN_PID names another
 *         process (a parent's environment was inherited), whatever else is
 *         written then. Kind INVALID_INPUT when a variable is not what it must
 *         be: LISTEN_PID and LISTEN_FDS plain decimal numbers in range,
 *         LISTEN_FDNAMES as many names as sockets, divided by colons, each of
 *         at most 255 printable characters. Kind BAD_DESCRIPTOR when one of the
 *         descriptors is not open; those before it are close-on-exec then.
 *
 * Threads:   as above.
 * Platforms: Unix; 0 elsewhere. A privileged program (setuid, capabilities)
 *            gets the sockets too: if strangers may start it, it cannot trust
 *            them.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_activation_begin(void);

/**
 * One of the sockets, with its name.
 *
 * @param      index           0 to libsock_activation_begin() - 1.
 * @param[out] out_activation  Socket and name.
 *
 * @return 0; kind NOT_FOUND for an index beyond; kind INVALID_INPUT for NULL or
 *         as libsock_activation_begin(). Makes no system call that could fail.
 *
 * Ownership: the socket is the caller's to close, once: asking twice gives the
 *            same one twice.
 * Threads:   as above.
 * Since:     0.1
 */
LIBSOCK_API int libsock_activation_get(size_t index,
                                       libsock_activation *out_activation);

/**
 * The next socket of a name. Several may have the same: begin with 0, go on
 * with the index that came plus 1.
 *
 * @param name  NUL-terminated; compared as a whole.
 * @param from  The first index to look at.
 *
 * @return the index, for libsock_activation_get(); kind NOT_FOUND when there is
 *         none; kind INVALID_INPUT for NULL or as libsock_activation_begin().
 *
 * Threads:   as above.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_activation_find(const char *name, size_t from);

/**
 * Take what the manager wrote out of the environment, so that neither this
 * process nor one that it starts finds it again. The sockets stay open.
 *
 * @return 0, also when nothing was there.
 *
 * Threads:   as above: this one changes the environment.
 * Since:     0.1
 */
LIBSOCK_API int libsock_activation_end(void);

LIBSOCK_END

#endif
