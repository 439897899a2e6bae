/* SPDX-License-Identifier: MIT */
/* The tables that the files of this folder define. */
#ifndef EVIO__POSIX_SELECTORS_H
#define EVIO__POSIX_SELECTORS_H

#include "sys/selector.h"

extern const evio__selector_ops evio__selector_epoll; /* selector_epoll.c */
extern const evio__selector_ops
    evio__selector_epoll_strict;                     /* epoll_strict.c */
extern const evio__selector_ops evio__selector_poll; /* selector_poll.c */

#endif
