/* SPDX-License-Identifier: MIT */
/*
 * What tests of pipes need of the OS besides net_pipe(): FIFOs, a child process
 * to write to and read from, and the state of SIGPIPE.
 * A helper that cannot do its work fails the test. Used by one thread.
 */
#ifndef TESTS_SUPPORT_PIPES_H
#define TESTS_SUPPORT_PIPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pipes_end {
    PIPES_READER, /* non-blocking */
    PIPES_WRITER, /* waits for a reader */
    PIPES_BOTH    /* non-blocking; a FIFO that has no end */
};

/* A FIFO in the file system, and a descriptor of one of its ends. */
void pipes_fifo(const char *path);
int pipes_fifo_open(const char *path, enum pipes_end end);
void pipes_write(int fd, const void *bytes, size_t len);

/* A child that copies what is written to *out_in to *out_out, until the end;
 * both are blocking. */
int pipes_cat(int *out_in, int *out_out);
void pipes_join(int child);

/* SIGPIPE: is it deadly, block it, send it to this thread, is it pending? */
bool pipes_signal_is_default(void);
void pipes_signal_block(void);
void pipes_signal_raise(void);
bool pipes_signal_is_pending(void);

/* All signals that this thread blocks: bit n - 1 is signal n. */
uint64_t pipes_signal_mask(void);

#endif
