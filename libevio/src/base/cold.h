/* SPDX-License-Identifier: MIT */
/*
 * Marks functions for rare cases beside frequent ones. Inlined, they would make
 * the frequent path save registers; nothing but speed depends on it.
 */
#ifndef EVIO__COLD_H
#define EVIO__COLD_H

#if defined(__GNUC__)
# define EVIO__COLD __attribute__((noinline, cold))
#else
# define EVIO__COLD
#endif

#endif
