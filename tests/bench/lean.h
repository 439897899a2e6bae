/* SPDX-License-Identifier: MIT */
/*
 * The contract of a lean contestant: programs written by hand for one purpose,
 * with nothing of loop.h between them and what they call, because its table of
 * functions costs about as much as what is measured here. Each function is
 * counted alone, so it does nothing else.
 */
#ifndef BENCH_LEAN_H
#define BENCH_LEAN_H

#include <stdbool.h>
#include <stdint.h>

/* The size of a request, and of the buffer it is received into. */
#define LEAN_REQUEST 64
#define LEAN_BUFFER  4096

/* How many events one wait takes. */
#define LEAN_BATCH 256

/* A function of its own: one that callgrind finds by its name, also in a build
 * with LTO, or a handler, which compilers would inline into some loops only. */
#if defined(__GNUC__)
# define LEAN_APART __attribute__((noinline))
#else
# define LEAN_APART
#endif

/* Watch `count` non-blocking sockets for reading, edge-triggered. */
void lean_open(const int *fds, uint32_t count);
void lean_close(void);

/* The load's turn, not counted: take the answers to the last requests and send
 * one more on each connection. Returns false when there were enough. */
bool lean_load(void);

/* As long as lean_load() returns true: wait once, and answer what is there. */
void lean_serve(void);

/* Make a connection of the descriptor, watch it, and end that, `rounds`
 * times. */
void lean_add_and_delete(int fd, uint32_t rounds);

#endif
