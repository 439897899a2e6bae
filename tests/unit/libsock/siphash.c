/* SPDX-License-Identifier: MIT */
/*
 * SipHash-2-4 against the published test vectors: key 00 01 .. 0f, input
 * 00 01 .. of each length. That addresses are hashed by meaning is tested in
 * addr_order.c. Nothing is guarded.
 */
#include "support/check.h"

#include "siphash.h"

/* The hash of the first `len` bytes, read as little-endian. */
static const struct {
    size_t len;
    uint64_t hash;
} siphash_rows[] = {
    {0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},
    {2, UINT64_C(0x0d6c8009d9a94f5a)},  {3, UINT64_C(0x85676696d7fb7e2d)},
    {4, UINT64_C(0xcf2794e0277187b7)},  {5, UINT64_C(0x18765564cd99a68d)},
    {6, UINT64_C(0xcbc9466e58fee3ce)},  {7, UINT64_C(0xab0200f58b01d137)},
    {8, UINT64_C(0x93f5f5799a932462)},  {9, UINT64_C(0x9e0082df0ba9e4b0)},
    {15, UINT64_C(0xa129ca6149be45e5)}, {16, UINT64_C(0x3f2acc7f57c29bdb)},
    {17, UINT64_C(0x699ae9f52cbe4794)}, {31, UINT64_C(0x32d892fad841c342)},
    {32, UINT64_C(0x7127512f72f27cce)}, {61, UINT64_C(0x9f626da15c9625f3)},
    {62, UINT64_C(0xe51b38608ef25f57)}, {63, UINT64_C(0x958a324ceb064572)},
};

TEST(published_vectors)
{
    static const uint64_t key[2] = {UINT64_C(0x0706050403020100),
                                    UINT64_C(0x0f0e0d0c0b0a0908)};
    uint8_t input[64];
    size_t i;

    for (i = 0; i < sizeof(input); i++) {
        input[i] = (uint8_t)i;
    }
    for (i = 0; i < sizeof(siphash_rows) / sizeof(siphash_rows[0]); i++) {
        CHECK_EQ_UINT(libsock__siphash(key, input, siphash_rows[i].len),
                      siphash_rows[i].hash);
    }
}

TEST(both_key_words_and_the_length_count)
{
    static const uint8_t zeros[256];
    const uint64_t base = libsock__siphash((uint64_t[2]){0, 0}, zeros, 8);

    CHECK_UINT(libsock__siphash((uint64_t[2]){1, 0}, zeros, 8), !=, base);
    CHECK_UINT(libsock__siphash((uint64_t[2]){0, 1}, zeros, 8), !=, base);
    CHECK_UINT(libsock__siphash((uint64_t[2]){0, 0}, zeros, 9), !=, base);
    CHECK_UINT(libsock__siphash((uint64_t[2]){0, 0}, zeros, 7), !=, base);
}
