/* SPDX-License-Identifier: MIT */
/* Words for the numbers of libsock's table: kinds, units, domains, and what
 * sort of socket has an option. A number without a word is "?". */
#ifndef SOCKINFO_WORDS_H
#define SOCKINFO_WORDS_H

#include <libsock/opt.h>

const char *words_kind(int kind);
const char *words_unit(int unit);
const char *words_domain(int domain);
const char *words_type(int type);
const char *words_protocol(int protocol);

enum {
    WORDS_SIZE = 96 /* bytes of any text that is made here */
};

/* These return `buf`, of WORDS_SIZE bytes. */
const char *words_access(int access, char *buf);
const char *words_sockets(const libsock_opt_info *info, char *buf);
const char *words_range(const libsock_opt_info *info, char *buf);

#endif
