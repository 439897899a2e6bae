/* SPDX-License-Identifier: MIT */
/*
 * The only file of libevio that uses C11 atomics. Each operation names the
 * order that its users rely on; nothing is sequentially consistent by habit.
 */
#ifndef EVIO__ATOMIC_H
#define EVIO__ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct evio__atomic32 {
    _Atomic uint32_t value;
} evio__atomic32;

/* Aligned in so many words: on i386 compilers differ about a member. */
typedef struct evio__atomic64 {
    _Alignas(8) _Atomic uint64_t value;
} evio__atomic64;

typedef struct evio__atomic_ptr {
    _Atomic(void *) value;
} evio__atomic_ptr;

static inline uint32_t evio__load32(const evio__atomic32 *a)
{
    return atomic_load_explicit(&a->value, memory_order_acquire);
}

static inline uint32_t evio__load32_relaxed(const evio__atomic32 *a)
{
    return atomic_load_explicit(&a->value, memory_order_relaxed);
}

/* In one order with all other sequentially consistent operations: for "I wrote
 * this; did you write that?" between two threads. */
static inline uint32_t evio__load32_ordered(const evio__atomic32 *a)
{
    return atomic_load_explicit(&a->value, memory_order_seq_cst);
}

static inline void evio__store32(evio__atomic32 *a, uint32_t value)
{
    atomic_store_explicit(&a->value, value, memory_order_release);
}

static inline void evio__store32_relaxed(evio__atomic32 *a, uint32_t value)
{
    atomic_store_explicit(&a->value, value, memory_order_relaxed);
}

/* The four that read and write are sequentially consistent, and return what was
 * there before. */

static inline uint32_t evio__swap32(evio__atomic32 *a, uint32_t value)
{
    return atomic_exchange_explicit(&a->value, value, memory_order_seq_cst);
}

static inline uint32_t evio__or32(evio__atomic32 *a, uint32_t bits)
{
    return atomic_fetch_or_explicit(&a->value, bits, memory_order_seq_cst);
}

static inline uint32_t evio__and32(evio__atomic32 *a, uint32_t bits)
{
    return atomic_fetch_and_explicit(&a->value, bits, memory_order_seq_cst);
}

/* True when `value` took the place of `*expected`; else `*expected` is what is
 * there. */
static inline bool evio__replace32(evio__atomic32 *a, uint32_t *expected,
                                   uint32_t value)
{
    uint32_t found = *expected;
    bool replaced = atomic_compare_exchange_strong_explicit(
        &a->value, &found, value, memory_order_seq_cst, memory_order_seq_cst);
    *expected = found;
    return replaced;
}

static inline void evio__increment32(evio__atomic32 *a)
{
    atomic_fetch_add_explicit(&a->value, 1, memory_order_relaxed);
}

/* Returns true for the one who took it to zero, who then sees all others. */
static inline bool evio__decrement32(evio__atomic32 *a)
{
    return atomic_fetch_sub_explicit(&a->value, 1, memory_order_acq_rel) == 1;
}

static inline uint64_t evio__load64(const evio__atomic64 *a)
{
    return atomic_load_explicit(&a->value, memory_order_acquire);
}

static inline void evio__store64(evio__atomic64 *a, uint64_t value)
{
    atomic_store_explicit(&a->value, value, memory_order_release);
}

static inline void *evio__load_ptr(const evio__atomic_ptr *a)
{
    return atomic_load_explicit(&a->value, memory_order_acquire);
}

static inline void *evio__load_ptr_relaxed(const evio__atomic_ptr *a)
{
    return atomic_load_explicit(&a->value, memory_order_relaxed);
}

static inline void evio__store_ptr(evio__atomic_ptr *a, void *value)
{
    atomic_store_explicit(&a->value, value, memory_order_release);
}

#endif
