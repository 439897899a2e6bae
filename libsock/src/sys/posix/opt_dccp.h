/* SPDX-License-Identifier: MIT */
/*
 * The level and the options of DCCP, as opt_missing.h has the others'. They are
 * written out: <linux/dccp.h> went with the protocol in Linux 6.16. Included
 * by opt_missing.h alone. Nothing to guard.
 */
#ifndef LIBSOCK__POSIX_OPT_DCCP_H
#define LIBSOCK__POSIX_OPT_DCCP_H

#if defined(__linux__)
# define OPT_LEVEL_DCCP 269 /* SOL_DCCP */
# if !defined(DCCP_SOCKOPT_SERVICE)
#  define DCCP_SOCKOPT_SERVICE         2
#  define DCCP_SOCKOPT_GET_CUR_MPS     5
#  define DCCP_SOCKOPT_SERVER_TIMEWAIT 6
#  define DCCP_SOCKOPT_SEND_CSCOV      10
#  define DCCP_SOCKOPT_RECV_CSCOV      11
#  define DCCP_SOCKOPT_AVAILABLE_CCIDS 12
#  define DCCP_SOCKOPT_CCID            13
#  define DCCP_SOCKOPT_TX_CCID         14
#  define DCCP_SOCKOPT_RX_CCID         15
#  define DCCP_SOCKOPT_QPOLICY_TXQLEN  17
# endif
#else
# define OPT_LEVEL_DCCP               0
# define DCCP_SOCKOPT_SERVICE         LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_GET_CUR_MPS     LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_SERVER_TIMEWAIT LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_SEND_CSCOV      LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_RECV_CSCOV      LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_AVAILABLE_CCIDS LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_CCID            LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_TX_CCID         LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_RX_CCID         LIBSOCK__OPT_NONE
# define DCCP_SOCKOPT_QPOLICY_TXQLEN  LIBSOCK__OPT_NONE
#endif

#endif
