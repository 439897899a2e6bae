/* SPDX-License-Identifier: MIT */
/**
 * @file control_unix.h
 * Control records between processes of one host: descriptors, credentials.
 * Getters and writers answer as control_net.h says.
 *
 * A received descriptor is the caller's as soon as the message is received,
 * read or not: who asks for such records must take every one and close it. They
 * are close-on-exec.
 */
#ifndef LIBSOCK_CONTROL_UNIX_H
#define LIBSOCK_CONTROL_UNIX_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/control.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Payload sizes for LIBSOCK_CONTROL_SPACE(); for n descriptors, n times that
 *  of one. */
enum libsock_control_unix_size {
    LIBSOCK_FD_SIZE = 4,   /**< One descriptor. */
    LIBSOCK_CRED_SIZE = 12 /**< libsock_cred */
};

/** Who a process is. */
typedef struct libsock_cred {
    int32_t pid;  /**< Process; -1 where the OS does not tell. */
    uint32_t uid; /**< Effective user. */
    uint32_t gid; /**< Effective group. */
} libsock_cred;

/**
 * How many descriptors a record holds.
 *
 * @param record  A record, or NULL.
 *
 * @return the count; 0 when it is of another kind.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_control_fd_count(const libsock_control *record);

/**
 * One of the descriptors in a record.
 *
 * @param      record  A record of kind LIBSOCK_CONTROL_FDS.
 * @param      index   0 to libsock_control_fd_count() - 1.
 * @param[out] out_fd  The descriptor.
 *
 * @return 0, or as control_net.h says; kind INVALID_INPUT for an index beyond.
 *
 * Ownership: the caller's to close, once.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_fd(const libsock_control *record,
                                       size_t index, libsock_raw *out_fd);

/**
 * Send descriptors along. The receiver gets duplicates.
 *
 * @param writer  The writer.
 * @param fds     `n` open descriptors, lent until the message is sent.
 * @param n       At least 1; most OSes take 253 in one record.
 *
 * @return 0, or as control_net.h says; kind INVALID_INPUT for none, kind
 *         BAD_DESCRIPTOR for one that cannot be open.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_fds(libsock_control_writer *writer,
                                        const libsock_raw *fds, size_t n);

/**
 * Who sent a message (libsock_set_passcred()).
 *
 * @param      record    The record.
 * @param[out] out_cred  The sender, as the kernel has checked it.
 *
 * @return 0, or as control_net.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_cred(const libsock_control *record,
                                         libsock_cred *out_cred);

/**
 * Say who sends. The kernel refuses, at the send, what the sender is not and
 * has no privilege to claim.
 *
 * @param writer  The writer.
 * @param cred    Who.
 *
 * @return 0, or as control_net.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_cred(libsock_control_writer *writer,
                                         const libsock_cred *cred);

/**
 * A descriptor of the process that sent a message (SO_PASSPIDFD).
 *
 * @param      record  A record of kind LIBSOCK_CONTROL_PIDFD.
 * @param[out] out_fd  The descriptor.
 *
 * @return 0, or as control_net.h says; else what the OS says instead of a
 *         descriptor.
 *
 * Ownership: the caller's to close, once.
 * Platforms: Linux 6.5.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_pidfd(const libsock_control *record,
                                          libsock_raw *out_fd);

LIBSOCK_END

#endif
