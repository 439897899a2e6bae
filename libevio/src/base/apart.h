/* SPDX-License-Identifier: MIT */
/*
 * A mark for rare work next to hot work. Inlined, it would cost the hot path
 * the saving of registers; nothing but speed depends on it.
 */
#ifndef EVIO__APART_H
#define EVIO__APART_H

#if defined(__GNUC__)
# define EVIO__APART __attribute__((noinline))
#else
# define EVIO__APART
#endif

#endif
