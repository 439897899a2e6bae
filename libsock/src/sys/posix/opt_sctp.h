/* SPDX-License-Identifier: MIT */
/*
 * The options of SCTP, as opt_missing.h has the others'. They are written out:
 * few kits have <linux/sctp.h>, and the other systems' structures differ.
 * Included by opt_missing.h alone. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_OPT_SCTP_H
#define LIBSOCK__POSIX_OPT_SCTP_H

#if defined(__linux__)
# define SCTP_INITMSG           2
# define SCTP_NODELAY           3
# define SCTP_AUTOCLOSE         4
# define SCTP_DISABLE_FRAGMENTS 8
# define SCTP_RECVRCVINFO       32
# define SCTP_BIND_ADD          100 /* SCTP_SOCKOPT_BINDX_ADD */
# define SCTP_BIND_REMOVE       101 /* SCTP_SOCKOPT_BINDX_REM */
# define SCTP_CONNECT           110 /* SCTP_SOCKOPT_CONNECTX */
#else
# define SCTP_INITMSG           LIBSOCK__OPT_NONE
# define SCTP_NODELAY           LIBSOCK__OPT_NONE
# define SCTP_AUTOCLOSE         LIBSOCK__OPT_NONE
# define SCTP_DISABLE_FRAGMENTS LIBSOCK__OPT_NONE
# define SCTP_RECVRCVINFO       LIBSOCK__OPT_NONE
# define SCTP_BIND_ADD          LIBSOCK__OPT_NONE
# define SCTP_BIND_REMOVE       LIBSOCK__OPT_NONE
# define SCTP_CONNECT           LIBSOCK__OPT_NONE
#endif

#endif
