/* SPDX-License-Identifier: MIT */
/*
 * The signal of fd.h's signal_raise(), blocked, pending, and sent to a thread.
 * The handler is installed by signal_handle() of fd.h.
 * Masks are those of the calling thread.
 */
#ifndef TESTS_SUPPORT_SIGNALS_H
#define TESTS_SUPPORT_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Large enough for any sigset_t. */
struct signals_mask {
    uint64_t words[16];
};

/* The thread's mask as it is, but for this signal. */
void signals_mask(bool blocked, struct signals_mask *out_mask);

void signals_block(bool on);
bool signals_is_blocked(void);
bool signals_is_pending(void);

/* Name a thread, and send it the signal; it must be running. */
struct signals_thread {
    uint64_t id;
};

struct signals_thread signals_self(void);
void signals_send(struct signals_thread to);

/* Whether two masks block the same signals. */
bool signals_same(const struct signals_mask *a, const struct signals_mask *b);

#endif
