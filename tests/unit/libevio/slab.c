/* SPDX-License-Identifier: MIT */
/*
 * Slots, generations and growth of the slab, and memory that it leaves alone.
 * What a registration does with its slot is tested in registry.c.
 * One thread.
 */
#include "base/slab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "support/check.h"
#include "support/fault.h"

enum {
    SLAB_FIRST = 1 << EVIO__SLAB_FIRST_BIT,
    SLAB_MANY = 64 + 128 + 256 + 10,
    SLAB_PATTERN = 0xa5
};

/* The last generation that a registration can have. */
#define SLAB_LAST (EVIO__STAMP_GENERATION - EVIO__STAMP_NEXT)

static evio__record *slab_take(evio__slab *slab)
{
    evio__record *record = evio__slab_take(slab);

    CHECK(record != NULL);
    return record;
}

/* As the registry does when nobody else holds the slot. */
static void slab_end_and_give(evio__slab *slab, evio__record *record)
{
    evio__slab_end(record);
    evio__slab_give(slab, record);
}

TEST(two_records_are_a_cache_line)
{
    evio__slab slab;

    CHECK_EQ_UINT(sizeof(evio__record), 32);
    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++)
        CHECK_EQ_UINT((uintptr_t)slab_take(&slab) % 64, i % 2 * 32);
    evio__slab_free(&slab);
}

TEST(slots_are_dense_and_found_again)
{
    evio__slab slab;
    evio__record *records[SLAB_MANY];

    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        records[i] = slab_take(&slab);
        CHECK_EQ_UINT(records[i]->slot, SLAB_FIRST + i);
    }
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        CHECK_EQ_PTR(evio__slab_at(&slab, SLAB_FIRST + i), records[i]);
        CHECK_EQ_PTR(evio__slab_find(&slab, SLAB_FIRST + i), records[i]);
    }
    CHECK_EQ_UINT(fault_calls_of("malloc"), 4);
    evio__slab_free(&slab);
}

TEST(a_fresh_record_is_empty)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < 70; i++) {
        const evio__record *record = slab_take(&slab);

        CHECK_EQ_UINT(evio__load64(&record->token), 0);
        CHECK_EQ_UINT(evio__load32(&record->stamp), 0);
        CHECK_EQ_UINT(evio__load32(&record->interest), 0);
        CHECK_EQ_UINT(evio__load32(&record->posted), 0);
        CHECK_EQ_UINT(record->next, 0);
    }
    evio__slab_free(&slab);
}

/* A key may be another process's, or of nobody (the wakeup's). */
TEST(what_was_never_taken_is_not_found)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    CHECK(evio__slab_find(&slab, SLAB_FIRST) == NULL);
    for (uint32_t n = 1; n <= 200; n++) {
        slab_take(&slab);
        CHECK(evio__slab_find(&slab, 0) == NULL);
        CHECK(evio__slab_find(&slab, 1) == NULL);
        CHECK(evio__slab_find(&slab, SLAB_FIRST - 1) == NULL);
        CHECK(evio__slab_find(&slab, SLAB_FIRST + n - 1) != NULL);
        CHECK(evio__slab_find(&slab, SLAB_FIRST + n) == NULL);
        CHECK(evio__slab_find(&slab, 1024) == NULL);
        CHECK(evio__slab_find(&slab, INT32_MAX) == NULL);
        CHECK(evio__slab_find(&slab, EVIO__SLOT_RARE) == NULL);
        CHECK(evio__slab_find(&slab, EVIO__SLOT_RARE | SLAB_FIRST) == NULL);
        CHECK(evio__slab_find(&slab, UINT32_MAX) == NULL);
    }
    evio__slab_free(&slab);
}

/* The look at `end` alone is enough for keys that have no slot below the first.
 */
TEST(what_was_taken_is_there)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    CHECK(!evio__slab_has(&slab, SLAB_FIRST));
    CHECK(!evio__slab_has(&slab, EVIO__SLOT_RARE));
    slab_take(&slab);
    CHECK(evio__slab_has(&slab, SLAB_FIRST));
    CHECK(!evio__slab_has(&slab, SLAB_FIRST + 1));
    CHECK(!evio__slab_has(&slab, EVIO__SLOT_RARE));
    CHECK(!evio__slab_has(&slab, EVIO__SLOT_RARE | SLAB_FIRST));
    evio__slab_free(&slab);
}

/* --- memory ---------------------------------------------------------------
 */

static unsigned char *slab_block;
static size_t slab_block_size;

static void *slab_alloc(void *ctx, size_t n)
{
    (void)ctx;
    slab_block = malloc(n);
    slab_block_size = n;
    if (slab_block != NULL)
        memset(slab_block, SLAB_PATTERN, n);
    return slab_block;
}

static void slab_release(void *ctx, void *p)
{
    (void)ctx;
    free(p);
}

/* Bytes of the last block from `from` on that somebody wrote to. */
static size_t slab_touched(const void *from)
{
    const unsigned char *p = from;
    size_t n = 0;

    for (; p < slab_block + slab_block_size; p++)
        n += *p != SLAB_PATTERN;
    return n;
}

/* A chunk is neither cleared nor chained: growing touches no memory but that of
 * the record that is taken. */
TEST(untaken_records_are_not_touched)
{
    const evio__allocator allocator = {slab_alloc, slab_release, NULL};
    evio__slab slab;

    evio__alloc_set(&allocator);
    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        const unsigned char *before = slab_block;
        const evio__record *record = slab_take(&slab);

        CHECK_EQ_UINT(slab_touched(record + 1), 0);
        if (slab_block != before)
            CHECK_INT(slab_touched(slab_block), <=, sizeof(*record));
    }
    CHECK_UINT(slab_touched(slab_block), >=, 10 * 16);
    evio__slab_free(&slab);
    evio__alloc_set(NULL);
}

/* malloc()'s block stays known; the slab gets it skewed. */
static void *slab_alloc_skewed(void *ctx, size_t n)
{
    const size_t *skew = ctx;

    slab_block = malloc(n + 128);
    CHECK(slab_block != NULL);
    slab_block_size = n;
    return slab_block + (64 - (uintptr_t)slab_block % 64) + *skew;
}

static void slab_release_skewed(void *ctx, void *p)
{
    (void)ctx;
    (void)p;
    free(slab_block);
}

/* Whatever the allocator aligns to, records are aligned, inside of the block.
 */
TEST(any_alignment_of_the_block_will_do)
{
    for (size_t skew = 0; skew < 64; skew += sizeof(void *)) {
        const evio__allocator allocator = {slab_alloc_skewed,
                                           slab_release_skewed, &skew};
        evio__slab slab;

        evio__alloc_set(&allocator);
        memset(&slab, 0, sizeof(slab));
        for (unsigned i = 0; i < SLAB_FIRST; i++) {
            const char *record = (char *)slab_take(&slab);
            const char *block = slab.blocks[EVIO__SLAB_FIRST_BIT];

            CHECK_EQ_UINT((uintptr_t)record % 64, i % 2 * 32);
            CHECK(record >= block &&
                  record + sizeof(evio__record) <= block + slab_block_size);
        }
        evio__slab_free(&slab);
    }
    evio__alloc_set(NULL);
}

TEST(an_unused_slab_has_nothing_to_free)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    evio__slab_free(&slab);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(growth_that_fails_can_be_tried_again)
{
    evio__slab slab;
    unsigned failures = 0;

    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        fault_fail_call("malloc", 1, ENOMEM);
        evio__record *record = evio__slab_take(&slab);
        if (record == NULL) {
            CHECK(fault_fired());
            CHECK(evio__slab_find(&slab, SLAB_FIRST + i) == NULL);
            failures++;
            record = slab_take(&slab);
        }
        fault_reset();
        CHECK_EQ_UINT(record->slot, SLAB_FIRST + i);
    }
    CHECK_EQ_UINT(failures, 4);
    evio__slab_free(&slab);
}

/* --- generations ------------------------------------------------------------
 */

TEST(a_slot_comes_back_with_a_new_key)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    for (uint32_t round = 0; round < 1000; round++) {
        evio__record *record = slab_take(&slab);
        uint64_t key = evio__record_key(record);

        CHECK_EQ_UINT(key, evio__key(SLAB_FIRST, round * EVIO__STAMP_NEXT));
        for (uint32_t change = 0; change < round % 200; change++) {
            evio__stamp_change(record);
            evio__stamp_changed(record);
        }
        evio__store32(&record->interest, EVIO_READABLE);
        evio__store32(&record->posted, EVIO__POSTED_ENDED | EVIO_READABLE);
        evio__slab_end(record);
        CHECK_EQ_UINT(evio__load32(&record->interest), 0);
        CHECK_UINT(evio__record_key(record), !=, key);
        evio__slab_give(&slab, record);
        CHECK_EQ_UINT(evio__load32(&record->posted), 0);
    }
    CHECK_EQ_UINT(fault_calls_of("malloc"), 1);
    evio__slab_free(&slab);
}

/* Ended, and not given back: somebody holds it. */
TEST(an_ended_slot_is_not_free)
{
    evio__slab slab;
    evio__record *held;

    memset(&slab, 0, sizeof(slab));
    held = slab_take(&slab);
    evio__slab_end(held);
    CHECK_EQ_UINT(slab_take(&slab)->slot, SLAB_FIRST + 1);
    evio__slab_give(&slab, held);
    CHECK_EQ_PTR(slab_take(&slab), held);
    CHECK_EQ_UINT(slab_take(&slab)->slot, SLAB_FIRST + 2);
    evio__slab_free(&slab);
}

/* The last in is the first out: its memory is in the cache. */
TEST(slots_come_back_last_first)
{
    evio__slab slab;
    evio__record *records[5];

    memset(&slab, 0, sizeof(slab));
    for (int i = 0; i < 5; i++)
        records[i] = slab_take(&slab);
    for (int i = 0; i < 5; i++)
        slab_end_and_give(&slab, records[i]);
    for (int i = 4; i >= 0; i--) {
        const evio__record *record = slab_take(&slab);

        CHECK_EQ_PTR(record, records[i]);
        CHECK_EQ_UINT(record->next, 0);
    }
    CHECK_EQ_UINT(slab_take(&slab)->slot, SLAB_FIRST + 5);
    evio__slab_free(&slab);
}

/* Or a key of the first generation would meet a new owner. */
TEST(a_slot_retires_when_its_generations_are_used_up)
{
    evio__slab slab;
    evio__record *record;
    uint64_t keys[2];

    memset(&slab, 0, sizeof(slab));
    slab_take(&slab);
    record = slab_take(&slab);
    evio__store32(&record->stamp, SLAB_LAST - EVIO__STAMP_NEXT + 254);
    slab_end_and_give(&slab, record);
    CHECK_EQ_PTR(slab_take(&slab), record);
    CHECK_EQ_UINT(evio__load32(&record->stamp), SLAB_LAST);
    evio__store32(&record->stamp, SLAB_LAST + 254);
    keys[0] = evio__record_key(record);
    evio__slab_end(record);
    keys[1] = evio__record_key(record);
    CHECK_UINT(keys[0], !=, keys[1]);
    evio__slab_give(&slab, record);
    for (unsigned i = 0; i < SLAB_MANY; i++)
        CHECK(slab_take(&slab) != record);
    /* Found all the same: whoever still has a key sees that it is stale. */
    CHECK_EQ_PTR(evio__slab_find(&slab, SLAB_FIRST + 1), record);
    evio__slab_free(&slab);
}

/* A posted record may begin and end registrations for ever: it has no key. */
TEST(the_end_after_the_last_generation_stays_the_last)
{
    evio__slab slab;
    evio__record *record;

    memset(&slab, 0, sizeof(slab));
    record = slab_take(&slab);
    evio__store32(&record->stamp, EVIO__STAMP_GENERATION + 6);
    for (int i = 0; i < 3; i++) {
        evio__slab_end(record);
        CHECK_EQ_UINT(evio__load32(&record->stamp) & EVIO__STAMP_GENERATION,
                      EVIO__STAMP_GENERATION);
    }
    evio__slab_give(&slab, record);
    CHECK(slab_take(&slab) != record);
    evio__slab_free(&slab);
}

TEST(what_was_never_shown_keeps_its_generation)
{
    evio__slab slab;
    evio__record *record;

    memset(&slab, 0, sizeof(slab));
    record = slab_take(&slab);
    slab_end_and_give(&slab, record);
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ_PTR(slab_take(&slab), record);
        CHECK_EQ_UINT(evio__load32(&record->stamp), EVIO__STAMP_NEXT);
        evio__store32(&record->interest, EVIO_READABLE);
        evio__slab_untake(&slab, record);
        CHECK_EQ_UINT(evio__load32(&record->interest), 0);
    }
    CHECK_EQ_UINT(evio__load32(&slab.end), SLAB_FIRST + 1);
    evio__slab_free(&slab);
}
