/* SPDX-License-Identifier: MIT */
/*
 * A mark for rare work next to hot work. Inlined, it would cost the hot path
 * the saving of registers; nothing but speed depends on it.
 */
#ifndef EVIO__COLD_H
#define EVIO__COLD_H

#if defined(__GNUC__)
# define EVIO__COLD __attribute__((noinline, cold))
#else
# define EVIO__COLD
#endif

#endif
