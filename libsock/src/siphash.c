/* SPDX-License-Identifier: MIT */
/*
 * SipHash-2-4: two rounds per word, four at the end. What is hashed, and with
 * which key, is decided in addr_order.c. Pure functions, so nothing needs a
 * guard.
 */
#include "siphash.h"

struct siphash_state {
    uint64_t v0;
    uint64_t v1;
    uint64_t v2;
    uint64_t v3;
};

static uint64_t siphash_rotl(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static void siphash_round(struct siphash_state *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = siphash_rotl(s->v1, 13) ^ s->v0;
    s->v3 = siphash_rotl(s->v3, 16) ^ s->v2;
    s->v0 = siphash_rotl(s->v0, 32);
    s->v0 += s->v3;
    s->v2 += s->v1;
    s->v1 = siphash_rotl(s->v1, 17) ^ s->v2;
    s->v3 = siphash_rotl(s->v3, 21) ^ s->v0;
    s->v2 = siphash_rotl(s->v2, 32);
}

static void siphash_word(struct siphash_state *s, uint64_t word)
{
    s->v3 ^= word;
    siphash_round(s);
    siphash_round(s);
    s->v0 ^= word;
}

/* Up to 8 bytes, little-endian. */
static uint64_t siphash_load(const uint8_t *bytes, size_t n)
{
    uint64_t word = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

uint64_t libsock__siphash(const uint64_t key[2], const void *bytes, size_t len)
{
    struct siphash_state s = {
        key[0] ^ UINT64_C(0x736f6d6570736575),
        key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261),
        key[1] ^ UINT64_C(0x7465646279746573),
    };
    const uint8_t *at = bytes;
    size_t left;
    int i;

    for (left = len; left >= 8; left -= 8, at += 8) {
        siphash_word(&s, siphash_load(at, 8));
    }
    siphash_word(&s, siphash_load(at, left) | (uint64_t)len << 56);
    s.v2 ^= 0xff;
    for (i = 0; i < 4; i++) {
        siphash_round(&s);
    }
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
