/* SPDX-License-Identifier: MIT */
/**
 * @file pass.h
 * Between processes of one host: descriptors sent over an AF_UNIX socket, and
 * who is at its other end.
 *
 * Descriptors travel with data: at least one byte goes along, so that no
 * receiver takes them for an end of file and no stream loses them. The receiver
 * gets duplicates, close-on-exec; the sender keeps, and closes, its own.
 * control_unix.h has the same for a message that carries other records too.
 *
 * What the peer calls say was true when the connection was made: the process
 * may have ended since, and another may bear its number. A process is named
 * for certain only by the descriptor of libsock_peer_pidfd().
 *
 * Threads: any.
 */
#ifndef LIBSOCK_PASS_H
#define LIBSOCK_PASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/control_unix.h>
#include <libsock/io.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** The most descriptors that one message carries (Linux). Other systems may
 *  stop earlier, and say so. */
#define LIBSOCK_FDS_MAX 253

/** A user or group of libsock_cred that the OS does not tell. Its unknown
 *  process is -1. */
#define LIBSOCK_ID_UNKNOWN UINT32_MAX

/** Room for received descriptors, and what became of it. */
typedef struct libsock_fds {
    libsock_raw *fds; /**< Room, lent for the call; the first `n` are written.
                       *   May be NULL when `cap` is 0. */
    size_t cap;       /**< How many `fds` holds. */
    size_t n;         /**< Out: how many came. */
    int32_t flags;    /**< Out: OR of LIBSOCK_MSG_CTRUNC, when more came than
                       *   there was room for, LIBSOCK_MSG_TRUNC, when the
                       *   datagram was cut, and LIBSOCK_MSG_EOR. */
} libsock_fds;

/**
 * Send bytes with descriptors along; see SCM_RIGHTS in unix(7).
 *
 * @param sock   Connected AF_UNIX socket of any type.
 * @param buf    `len` readable bytes.
 * @param len    At least 1.
 * @param fds    `n_fds` open descriptors, lent; may be NULL when `n_fds` is 0.
 * @param n_fds  0 to LIBSOCK_FDS_MAX.
 *
 * @return bytes taken, at least 1. All descriptors went with the first of them,
 *         so on a stream send what is left with libsock_send(). On failure
 *         nothing went. Kind INVALID_INPUT for no byte, NULL or too many
 *         descriptors; kind BAD_DESCRIPTOR when one of them is not open;
 *         otherwise as libsock_send().
 *
 * Ownership: the descriptors stay the caller's, who may close them on return.
 * Blocking:  as the socket's mode.
 * Platforms: Unix. Linux refuses with ETOOMANYREFS (kind OTHER) when too many
 *            are under way unread.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_fds(libsock_socket sock, const void *buf,
                                       size_t len, const libsock_raw *fds,
                                       size_t n_fds);

/**
 * Receive bytes with the descriptors that come along. Those for which there is
 * no room are closed, as is every other descriptor that came in the same
 * message (a pidfd of libsock_set_passpidfd()): none is left to leak.
 *
 * @param         sock   Open AF_UNIX socket of any type.
 * @param[out]    buf    `cap` writable bytes. On failure their content is
 *                       unspecified.
 * @param         cap    At least 1.
 * @param         flags  OR of LIBSOCK_MSG_*; 0 for none. Each look with
 *                       LIBSOCK_MSG_PEEK brings new duplicates.
 * @param[in,out] fds    Room and results. On failure neither is touched.
 *
 * @return as libsock_recv(). Kind INVALID_INPUT when NULL, or for no room for
 *         data, with which an end of file could not be told.
 *
 * Ownership: the descriptors are the caller's to close. They are close-on-exec,
 *            and blocking or not as they were sent: the mode is the open
 *            file's.
 * Blocking:  as the socket's mode.
 * Platforms: Unix. One system call, and one per descriptor that is closed. A
 *            process at its limit of descriptors gets fewer: Linux flags that
 *            with LIBSOCK_MSG_CTRUNC, NetBSD fails (EMSGSIZE). Where there is
 *            no room for all, NetBSD gives none. LIBSOCK_MSG_PEEK brings
 *            descriptors on Linux alone; elsewhere none and
 *            LIBSOCK_MSG_CTRUNC.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv_fds(libsock_socket sock, void *buf,
                                       size_t cap, int flags, libsock_fds *fds);

/**
 * Whether each message brings a descriptor of its sender's process
 * (passpidfd; read it with libsock_control_get_pidfd()), and whether
 * descriptors are taken at all (passrights; on at first, and without it a send
 * that has any fails with EPERM). SO_PASSPIDFD, SO_PASSRIGHTS.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 6.5 and 6.16, AF_UNIX.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_passpidfd(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_passpidfd(libsock_socket sock, bool *out_on);
LIBSOCK_API int libsock_set_passrights(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_passrights(libsock_socket sock, bool *out_on);

/**
 * Connect without the exchange of credentials, which otherwise keeps connect()
 * waiting until the peer accepts (SO_PEERCRED with no value). Both ends must
 * agree: do it before connect(), and before listen() at the other end. There
 * are no credentials to ask for then.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Cygwin. Elsewhere kind UNSUPPORTED, and not needed.
 * Since:     0.1
 */
LIBSOCK_API int libsock_skip_peercred(libsock_socket sock);

/**
 * Who is at the other end: the process that called connect(), listen() or
 * socketpair(), with its effective user and group at that time.
 *
 * @param      sock      Connected AF_UNIX socket.
 * @param[out] out_cred  The peer. What is not known is -1 (`pid`) or
 *                       LIBSOCK_ID_UNKNOWN.
 *
 * @return 0; kind NOT_CONNECTED when there is no peer of which the kernel keeps
 *         a record (on Linux a datagram socket has one only from
 *         libsock_pair()); kind UNSUPPORTED on a socket of another domain; else
 *         what the OS said.
 *
 * Platforms: Linux (SO_PEERCRED; the process is unknown when it is of a pid
 *            namespace that cannot be seen from here), macOS (two system
 *            calls), FreeBSD (the process since 13), NetBSD, OpenBSD.
 *            DragonFly tells no process.
 * Since:     0.1
 */
LIBSOCK_API int libsock_peer_cred(libsock_socket sock, libsock_cred *out_cred);

/**
 * The supplementary groups of the process at the other end.
 *
 * @param      sock        Connected AF_UNIX socket.
 * @param[out] groups  Room for `cap` groups; may be NULL when `cap` is 0.
 * @param      cap         How many; 0 asks for the count alone.
 *
 * @return how many the peer has. They are stored, unless `cap` was 0. Kind
 *         NO_BUFFERS when they are more than `cap`, and nothing is stored; kind
 *         NOT_CONNECTED or UNSUPPORTED as libsock_peer_cred().
 *
 * Platforms: Linux 4.13. FreeBSD and macOS keep 15 at most: there a peer that
 *            has 15 may have more. UNSUPPORTED elsewhere.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_peer_groups(libsock_socket sock, uint32_t *groups,
                                          size_t cap);

/**
 * A descriptor of the process at the other end: readable once that process has
 * ended, and never another one's (pidfd_open(2)).
 *
 * @param      sock    Connected AF_UNIX socket.
 * @param[out] out_fd  The descriptor, close-on-exec.
 *
 * @return 0; kind NOT_CONNECTED or UNSUPPORTED as libsock_peer_cred(); kind
 *         NOT_FOUND when the process has ended and the kernel is older than
 *         6.16; else what the OS said.
 *
 * Ownership: the caller's to close, by close(2).
 * Platforms: Linux 6.5.
 * Since:     0.1
 */
LIBSOCK_API int libsock_peer_pidfd(libsock_socket sock, libsock_raw *out_fd);

/**
 * The security label of the process at the other end, as the kernel's security
 * module writes it.
 *
 * @param      sock  Connected socket.
 * @param[out] buf   `cap` writable bytes; NUL-terminated on success,
 *                   unspecified on failure. May be NULL when `cap` is 0.
 * @param      cap   Size of `buf`; 0 asks for the length alone, which may be
 *                   told one too great.
 *
 * @return the length without its NUL. Kind NO_BUFFERS when there is no room for
 *         label and NUL; kind UNSUPPORTED when no module labels sockets.
 *
 * Platforms: Linux, with SELinux, Smack or AppArmor. Some of them label peers
 *            over IP as well.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_peer_label(libsock_socket sock, char *buf,
                                         size_t cap);

LIBSOCK_END

#endif
