/* SPDX-License-Identifier: MIT */
/*
 * The bits that every selector reports in: the values of poll(2) and epoll(7)
 * on Linux, so that nothing is translated there. What they mean to an interest,
 * and which of them an interest requests. Pure.
 */
#ifndef EVIO__READY_H
#define EVIO__READY_H

#include <stdint.h>

#include <libevio/event.h>

#include "base/cold.h"
#include "base/record.h"

#define EVIO__IN    0x0001u
#define EVIO__PRI   0x0002u
#define EVIO__OUT   0x0004u
#define EVIO__ERR   0x0008u
#define EVIO__HUP   0x0010u
#define EVIO__RDHUP 0x2000u /* the peer's half-close */
/* Not of a selector: an entry of a batch that stands for a posted record. */
#define EVIO__POSTED 0x80000000u

/* Reported whether requested or not. */
#define EVIO__UNMASKABLE (EVIO__ERR | EVIO__HUP)
/* Where the bit and the direction have the same value. */
#define EVIO__SAME (EVIO__IN | EVIO__PRI | EVIO__OUT)

_Static_assert((int)EVIO__IN == EVIO_READABLE &&
                   (int)EVIO__PRI == EVIO_PRIORITY &&
                   (int)EVIO__OUT == EVIO_WRITABLE,
               "a direction's bit is that of poll(2)");

#define EVIO__DIRECTIONS                                                  \
 ((uint32_t)EVIO_READABLE | EVIO_PRIORITY | EVIO_WRITABLE | EVIO_CLOSED | \
  EVIO_HANGUP)
#define EVIO__HINTS \
 ((uint32_t)EVIO_ERROR | EVIO_READ_CLOSED | EVIO_WRITE_CLOSED)
#define EVIO__MODES ((uint32_t)EVIO_LEVEL | EVIO_ONESHOT)

/*
 * One entry of a batch, as the kernel writes it on Linux: epoll needs no copy.
 * The layout is that of struct epoll_event, which is packed on x86-64 alone.
 */
#if defined(__x86_64__)
# define EVIO__READY_LAYOUT __attribute__((packed))
#else
# define EVIO__READY_LAYOUT
#endif
typedef struct evio__ready {
    uint32_t bits;
    uint64_t key;
} EVIO__READY_LAYOUT evio__ready;

/* The bits that directions request. */
static inline uint32_t evio__ready_wanted(uint32_t directions)
{
    uint32_t bits = directions & EVIO__SAME;
    if ((directions & ((uint32_t)EVIO_READABLE | EVIO_CLOSED)) != 0) {
        bits |= EVIO__RDHUP;
    }
    return bits;
}

/* A hang-up and an error count as readable and writable, so that a loop which
 * tests these two alone misses nothing; what was not requested is left out. A
 * hint of a half-close goes with the directions that it concerns. */
EVIO__COLD static uint32_t evio__ready_closed(uint32_t bits, uint32_t interest)
{
    const uint32_t reading = (uint32_t)EVIO_READABLE | EVIO_CLOSED;
    uint32_t readiness = bits & EVIO__SAME;
    if ((bits & EVIO__RDHUP) != 0 && (interest & reading) != 0) {
        readiness |= reading | EVIO_READ_CLOSED;
    }
    if ((bits & EVIO__ERR) != 0) {
        readiness |= reading | EVIO_WRITABLE | EVIO_HANGUP | EVIO_ERROR;
        if ((interest & EVIO__INTEREST_PIPE_END) != 0) {
            readiness |= EVIO_WRITE_CLOSED;
        }
    }
    if ((bits & EVIO__HUP) != 0) {
        readiness |= reading | EVIO_WRITABLE | EVIO_HANGUP | EVIO_READ_CLOSED |
                     EVIO_WRITE_CLOSED;
    }
    return readiness & (interest | EVIO__HINTS);
}

/* What is delivered for `bits`; 0 for nothing. */
static inline uint32_t evio__ready_for(uint32_t bits, uint32_t interest)
{
    return (bits & ~EVIO__SAME) == 0 ? bits & interest
                                     : evio__ready_closed(bits, interest);
}

/* What is delivered of readiness that was posted. Of a descriptor's, hints that
 * the interest does not concern were left out when it was posted; a hint of a
 * trigger goes with the directions that it concerns. */
static inline uint32_t evio__ready_posted(uint32_t posted, uint32_t interest)
{
    uint32_t may = interest | EVIO__HINTS;
    if ((interest & EVIO__INTEREST_POSTED) != 0) {
        if ((interest & ((uint32_t)EVIO_READABLE | EVIO_CLOSED)) == 0) {
            may &= ~(uint32_t)EVIO_READ_CLOSED;
        }
        if ((interest & ((uint32_t)EVIO_WRITABLE | EVIO_CLOSED)) == 0) {
            may &= ~(uint32_t)EVIO_WRITE_CLOSED;
        }
    }
    return posted & EVIO__POSTED_READINESS & may;
}

#endif
