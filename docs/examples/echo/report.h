/* SPDX-License-Identifier: MIT */
/* What the program prints, in columns. */
#ifndef ECHO_REPORT_H
#define ECHO_REPORT_H

#include "load.h"
#include "server.h"

/* "echo: what: why"; `code` is a result of libsock or libevio, or 0. */
void report_failure(const char *what, int code);

/* "tcp:127.0.0.1:7000  (epoll)" behind a word. */
void report_address(const char *word, const struct address *address,
                    const evio_poll *poll);

/* One line of a running load. */
void report_second(const struct address *peer, uint64_t since_begin_ns,
                   uint64_t length_ns, uint64_t requests, uint64_t bytes);

/* The final table, and below it what is not as it should be. */
void report_table_head(void);
void report_table_row(const struct load_options *options,
                      const struct load_result *result);
void report_troubles(const struct load_options *options,
                     const struct load_result *result);

/* The last line of a server. */
void report_served(const struct server_stats *stats);

#endif
