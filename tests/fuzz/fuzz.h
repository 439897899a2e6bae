/* SPDX-License-Identifier: MIT */
/*
 * What the targets share: the entry that both libFuzzer and replay.c call, and
 * the way a broken promise ends the process. Nothing to guard.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CHECK(cond)                                      \
 do {                                                         \
  if (!(cond)) {                                              \
   fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
   abort();                                                   \
  }                                                           \
 } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
