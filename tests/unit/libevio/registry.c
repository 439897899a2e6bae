/* SPDX-License-Identifier: MIT */
/*
 * Registrations over a selector that fails when the test wants it: what it is
 * given, and what is left when it refuses; numbers that came back; the life of
 * a registry. Slots are tested in held.c, forks in registry_fork.c.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

#include <stdlib.h>

#include "core/source.h"
#include "support/fault.h"

static struct loop reg_loop;
static evio_source reg_source;

static void reg_open(void)
{
    fake_open(&reg_loop, 8);
}

static uint32_t reg_refs(void)
{
    return evio__load32(&reg_loop.registry->refs);
}

/* The slot that has a number; 0 for none. */
static uint32_t reg_slot_of(int fd)
{
    const uint32_t *place =
        evio__by_handle_find(&reg_loop.registry->by_handle, fd);

    return place != NULL ? *place : 0;
}

/* --- birth and death --------------------------------------------------------
 */

static long reg_blocks;

static void *reg_alloc(void *ctx, size_t n)
{
    (void)ctx;
    reg_blocks++;
    return malloc(n);
}

static void reg_release(void *ctx, void *p)
{
    (void)ctx;
    reg_blocks--;
    free(p);
}

static int reg_new(void *arg)
{
    evio_registry *registry = NULL;
    int r = evio__registry_new(&fake_ops, &registry);

    (void)arg;
    CHECK((registry != NULL) == (r >= 0));
    if (r >= 0)
        evio__registry_close(registry);
    CHECK_EQ_INT(reg_blocks, 0);
    return r;
}

TEST(an_opening_that_fails_leaves_nothing)
{
    const evio__allocator allocator = {reg_alloc, reg_release, NULL};
    struct fault_summary sum;

    evio__alloc_set(&allocator);
    memset(&fake, 0, sizeof(fake));
    sum = fault_each(reg_new, NULL, ENOMEM);
    CHECK_EQ_UINT(sum.rounds, 2);
    CHECK_EQ_UINT(sum.failed, 2);
    CHECK_EQ_UINT(fake.opens, 1);
    CHECK_EQ_UINT(fake.closes, 1);
    fake.open_result = -ENFILE;
    CHECK_ERR(reg_new(NULL), ENFILE);
    CHECK_EQ_UINT(fake.opens, 2);
    CHECK_EQ_UINT(fake.closes, 1);
    CHECK_EQ_UINT(fake.wakeup_closes, 1);
    evio__alloc_set(NULL);
}

/* The selector goes with the poll; the wakeup with the last reference. */
TEST(the_wakeup_outlives_the_selector)
{
    evio_registry *registry;
    evio_waker *waker;

    reg_open();
    fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    CHECK_OK(evio_waker_new(reg_loop.registry, 2, &waker));
    registry = evio_registry_ref(reg_loop.registry);
    CHECK_EQ_UINT(reg_refs(), 4);
    evio_poll_free(reg_loop.poll);
    CHECK_EQ_UINT(fake.closes, 1);
    CHECK_EQ_UINT(reg_refs(), 3);
    CHECK(!evio__registry_is_open(registry));
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(fake.signals, 0);
    evio_waker_free(waker);
    CHECK_OK(evio_deregister(registry, &reg_source));
    CHECK_EQ_UINT(fake.removes, 0);
    CHECK_EQ_UINT(reg_refs(), 1);
    CHECK_EQ_UINT(fake.wakeup_closes, 0);
    evio_registry_unref(registry);
    CHECK_EQ_UINT(fake.wakeup_closes, 1);
    evio_events_free(reg_loop.events);
}

/* Not even the state of the selector is asked for. */
TEST(a_closed_registry_refuses)
{
    evio_registry *registry;
    evio_source other;
    libsock_raw raw = 5;

    reg_open();
    evio__record *record =
        fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    registry = evio_registry_ref(reg_loop.registry);
    evio_poll_free(reg_loop.poll);
    CHECK_OK(evio_source_from_fd(11, &other));
    CHECK_KIND(evio_register(registry, &other, 2, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK(!evio_source_is_registered(&other));
    CHECK_KIND(evio_reregister(registry, &reg_source, 2, EVIO_WRITABLE),
               BAD_DESCRIPTOR);
    CHECK_EQ_UINT(evio__load64(&record->token), 1);
    CHECK_EQ_UINT(evio__load32(&record->interest), EVIO_READABLE);
    CHECK_KIND(evio_rearm(&reg_source, EVIO_READABLE), BAD_DESCRIPTOR);
    CHECK_KIND(evio_again(&reg_source, EVIO_READABLE), BAD_DESCRIPTOR);
    CHECK_KIND(evio_registry_raw(registry, &raw), BAD_DESCRIPTOR);
    CHECK_EQ_INT(raw, 5);
    CHECK_OK(evio_source_forget(&reg_source));
    CHECK_EQ_UINT(fake.adds + fake.modifies + fake.removes + fake.rearms, 1);
    evio_registry_unref(registry);
    evio_events_free(reg_loop.events);
}

/* --- add --------------------------------------------------------------------
 */

/* Another thread may have the event before add has returned. */
static void reg_check_complete(evio__record *record)
{
    CHECK_EQ_PTR(reg_source.registry, reg_loop.registry);
    CHECK_EQ_UINT(reg_source.slot, record->slot);
    CHECK_EQ_UINT(reg_source.generation,
                  evio__load32(&record->stamp) & EVIO__STAMP_GENERATION);
    CHECK_EQ_UINT(evio__load32(&record->stamp) & 1, 0);
    CHECK_EQ_UINT(reg_source.flags & EVIO__SOURCE_PLAIN, 0);
    CHECK_EQ_UINT(evio__load64(&record->token), 77);
    CHECK_EQ_UINT(evio__load32(&record->interest), LOOP_RW | EVIO_LEVEL);
    CHECK_EQ_UINT(evio__load32(&record->posted), 0);
    CHECK_EQ_INT(record->handle, 10);
    CHECK_EQ_UINT(reg_refs(), 2);
}

TEST(a_source_is_complete_before_the_selector_knows_it)
{
    reg_open();
    fake.on_add = reg_check_complete;
    for (int i = 0; i < 3; i++) {
        fake_register(&reg_loop, &reg_source, 10, 77, LOOP_RW | EVIO_LEVEL);
        loop_remove(&reg_loop, &reg_source);
        CHECK_EQ_UINT(reg_refs(), 1);
    }
    CHECK_EQ_UINT(fake.adds, 3);
    fake_close(&reg_loop);
}

/* The slot, its generation and the number are as if nobody had asked. */
TEST(a_refused_registration_leaves_nothing)
{
    const evio__record *record;

    reg_open();
    CHECK_OK(evio_source_from_fd(10, &reg_source));
    fake.add_result = -EPERM;
    for (int i = 0; i < 1000; i++) {
        CHECK_ERR(evio_register(reg_loop.registry, &reg_source, 77, LOOP_RW),
                  EPERM);
        CHECK(!evio_source_is_registered(&reg_source));
        CHECK_UINT(reg_source.flags & EVIO__SOURCE_PLAIN, !=, 0);
    }
    record = evio__slab_find(&reg_loop.registry->host.slab, EVIO__SLAB_FIRST);
    CHECK_EQ_UINT(evio__load32(&record->stamp), 0);
    CHECK_EQ_UINT(evio__load32(&record->interest), 0);
    CHECK_EQ_UINT(evio__load32(&reg_loop.registry->host.slab.end),
                  EVIO__SLAB_FIRST + 1);
    CHECK_EQ_UINT(reg_refs(), 1);
    CHECK_EQ_UINT(reg_slot_of(10), 0);
    CHECK_EQ_PTR(fake.previous, NULL);
    fake.add_result = 0;
    CHECK_EQ_PTR(fake_register(&reg_loop, &reg_source, 10, 77, LOOP_RW),
                 record);
    CHECK_EQ_UINT(reg_slot_of(10), record->slot);
    loop_remove(&reg_loop, &reg_source);
    CHECK_EQ_UINT(reg_slot_of(10), 0);
    fake_close(&reg_loop);
}

/* --- a number that came back ------------------------------------------------
 */

TEST(the_selector_is_given_the_previous_owner)
{
    evio_source sources[3];
    const evio__record *records[3];

    reg_open();
    for (unsigned i = 0; i < 3; i++) {
        records[i] =
            fake_register(&reg_loop, &sources[i], 10, i, EVIO_READABLE);
        CHECK_EQ_PTR(fake.previous, i == 0 ? NULL : records[i - 1]);
        CHECK_EQ_UINT(reg_slot_of(10), records[i]->slot);
        CHECK_EQ_UINT(fake.removes, i);
        if (i > 0)
            CHECK_EQ_INT(fake.why, EVIO__FORGOTTEN);
    }
    /* The old owners' ends do not touch the new one. */
    CHECK_KIND(evio_deregister(reg_loop.registry, &sources[0]), NOT_FOUND);
    CHECK_KIND(evio_source_forget(&sources[1]), NOT_FOUND);
    CHECK_EQ_UINT(fake.removes, 2);
    CHECK_EQ_UINT(reg_slot_of(10), records[2]->slot);
    CHECK_EQ_UINT(reg_refs(), 2);
    loop_remove(&reg_loop, &sources[2]);
    fake_register(&reg_loop, &sources[0], 10, 0, EVIO_READABLE);
    CHECK_EQ_PTR(fake.previous, NULL);
    loop_remove(&reg_loop, &sources[0]);
    fake_close(&reg_loop);
}

TEST(a_previous_owner_that_is_the_same_file_stays)
{
    evio_source second;
    evio__record *record;
    uint64_t key;

    reg_open();
    record = fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    key = evio__record_key(record);
    fake.add_result = -EEXIST;
    CHECK_OK(evio_source_from_fd(10, &second));
    CHECK_KIND(evio_register(reg_loop.registry, &second, 2, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK_EQ_UINT(fake.removes, 0);
    CHECK_EQ_UINT(evio__record_key(record), key);
    CHECK_EQ_UINT(evio__load32(&record->interest), EVIO_READABLE);
    CHECK_EQ_UINT(reg_slot_of(10), record->slot);
    fake_report(key, EVIO__IN);
    CHECK_EQ_INT(fake_check(&reg_loop), 1);
    CHECK_EQ_UINT(fake_next(&reg_loop, 1), EVIO_READABLE);
    loop_remove(&reg_loop, &reg_source);
    fake_close(&reg_loop);
}

/* It reports nothing, and nothing that its owner does reaches the selector. */
TEST(a_lost_record_is_silent)
{
    evio_source new;
    evio__record *record;
    uint64_t key;

    reg_open();
    record = fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    key = evio__record_key(record);
    CHECK_OK(evio_again(&reg_source, EVIO_READABLE));
    fake_register(&reg_loop, &new, 10, 2, EVIO_READABLE);
    fake_report(key, EVIO__IN);
    CHECK_EQ_INT(fake_check(&reg_loop), 0);
    CHECK_EQ_UINT(fake_stats(&reg_loop).stale, 1);
    CHECK_KIND(evio_reregister(reg_loop.registry, &reg_source, 1, LOOP_RW),
               NOT_FOUND);
    CHECK_KIND(evio_again(&reg_source, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_rearm(&reg_source, EVIO_READABLE));
    CHECK_EQ_UINT(fake.rearms, 0);
    CHECK(evio_source_is_registered(&reg_source));
    CHECK_KIND(evio_deregister(reg_loop.registry, &reg_source), NOT_FOUND);
    CHECK(!evio_source_is_registered(&reg_source));
    CHECK_EQ_UINT(fake.adds, 2);
    CHECK_EQ_UINT(fake.modifies, 0);
    loop_remove(&reg_loop, &new);
    fake_close(&reg_loop);
}

/* Lost between the check of evio_reregister() and the lock. */
TEST(a_record_may_be_lost_before_it_is_changed)
{
    const evio__registration what = {3, EVIO_WRITABLE};
    evio_source new;
    evio__record *record;

    reg_open();
    record = fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    fake_register(&reg_loop, &new, 10, 2, EVIO_READABLE);
    CHECK_KIND(
        evio__registry_modify(reg_loop.registry, &reg_source, record, what),
        NOT_FOUND);
    CHECK_EQ_UINT(fake.adds, 2);
    CHECK_EQ_UINT(fake.modifies, 0);
    CHECK_KIND(evio_deregister(reg_loop.registry, &reg_source), NOT_FOUND);
    loop_remove(&reg_loop, &new);
    fake_close(&reg_loop);
}

/* --- change and end ---------------------------------------------------------
 */

TEST(a_change_has_the_old_interest_and_a_new_key)
{
    evio__record *record;
    uint64_t key;

    reg_open();
    CHECK_OK(evio__source_init(10, EVIO__SOURCE_PIPE_END, &reg_source));
    CHECK_OK(evio_register(reg_loop.registry, &reg_source, 1, EVIO_READABLE));
    record = fake_record(&reg_source);
    key = evio__record_key(record);
    fake_report(key, EVIO__IN);
    CHECK_OK(evio_again(&reg_source, EVIO_READABLE));
    CHECK_OK(evio_reregister(reg_loop.registry, &reg_source, 2,
                             EVIO_WRITABLE | EVIO_ONESHOT));
    CHECK_EQ_PTR(fake.added, record);
    CHECK_EQ_UINT(fake.old, EVIO_READABLE | EVIO__INTEREST_PIPE_END);
    CHECK_EQ_UINT(evio__load32(&record->interest), (uint32_t)EVIO_WRITABLE |
                                                       EVIO_ONESHOT |
                                                       EVIO__INTEREST_PIPE_END);
    CHECK_EQ_UINT(evio__load64(&record->token), 2);
    CHECK_EQ_UINT(evio__load32(&record->stamp), 2);
    CHECK_EQ_INT(fake_check(&reg_loop), 0);
    fake_report_ready(record, EVIO__ERR);
    CHECK_EQ_INT(fake_check(&reg_loop), 1);
    CHECK_EQ_UINT(fake_next(&reg_loop, 2),
                  (uint32_t)EVIO_WRITABLE | EVIO_ERROR | EVIO_WRITE_CLOSED);
    loop_remove(&reg_loop, &reg_source);
    fake_close(&reg_loop);
}

/* Token, interest and keys as before: the kernel still has the old ones. */
TEST(a_refused_change_changes_nothing)
{
    evio__record *record;
    uint64_t key;

    reg_open();
    record = fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    for (int i = 0; i < 5; i++)
        CHECK_OK(
            evio_reregister(reg_loop.registry, &reg_source, 1, EVIO_READABLE));
    key = evio__record_key(record);
    fake.modify_result = -ENOMEM;
    for (int i = 0; i < 300; i++) {
        CHECK_ERR(evio_reregister(reg_loop.registry, &reg_source, 2,
                                  EVIO_WRITABLE | EVIO_ONESHOT),
                  ENOMEM);
        CHECK_EQ_UINT(evio__record_key(record), key);
        CHECK_EQ_UINT(evio__load64(&record->token), 1);
        CHECK_EQ_UINT(evio__load32(&record->interest), EVIO_READABLE);
    }
    CHECK_EQ_UINT(reg_slot_of(10), record->slot);
    CHECK_OK(evio_again(&reg_source, EVIO_READABLE));
    CHECK_ERR(evio_reregister(reg_loop.registry, &reg_source, 2, LOOP_RW),
              ENOMEM);
    fake_report(key, EVIO__IN);
    CHECK_EQ_INT(fake_check(&reg_loop), 2); /* what was posted, too */
    CHECK_EQ_UINT(fake_next(&reg_loop, 1), EVIO_READABLE);
    CHECK_EQ_UINT(fake_next(&reg_loop, 1), EVIO_READABLE);
    loop_remove(&reg_loop, &reg_source);
    fake_close(&reg_loop);
}

TEST(an_end_that_fails_is_an_end)
{
    uint32_t slot;

    reg_open();
    slot = fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE)->slot;
    fake.remove_result = -EBADF;
    CHECK_KIND(evio_deregister(reg_loop.registry, &reg_source), BAD_DESCRIPTOR);
    fake.remove_result = 0;
    CHECK(!evio_source_is_registered(&reg_source));
    CHECK_EQ_UINT(reg_slot_of(10), 0);
    CHECK_EQ_UINT(reg_refs(), 1);
    CHECK_EQ_UINT(
        fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE)->slot,
        slot);
    loop_remove(&reg_loop, &reg_source);
    fake_close(&reg_loop);
}

TEST(the_selector_is_told_why_it_ends)
{
    reg_open();
    fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    loop_remove(&reg_loop, &reg_source);
    CHECK_EQ_INT(fake.why, EVIO__DEREGISTERED);
    fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    CHECK_OK(evio_source_forget(&reg_source));
    CHECK_EQ_INT(fake.why, EVIO__FORGOTTEN);
    fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    CHECK_EQ_INT(evio__source_detach(&reg_source, false), 10);
    CHECK_EQ_INT(fake.why, EVIO__CLOSING);
    /* A descriptor that others share is not known to be closed. */
    fake_register(&reg_loop, &reg_source, 10, 1, EVIO_READABLE);
    CHECK_EQ_INT(evio__source_detach(&reg_source, true), 10);
    CHECK_EQ_INT(fake.why, EVIO__DEREGISTERED);
    CHECK_EQ_INT(evio__source_detach(&reg_source, true), LIBSOCK_RAW_INVALID);
    CHECK_EQ_UINT(fake.removes, 4);
    fake_close(&reg_loop);
}

/* --- reading what changes ---------------------------------------------------
 */

static void reg_change_often(void *arg)
{
    const int *rounds = arg;

    for (int i = 0; i < *rounds; i++)
        CHECK_OK(evio_reregister(reg_loop.registry, &reg_source,
                                 i % 2 == 0 ? EVIO_WRITABLE : EVIO_READABLE,
                                 i % 2 == 0 ? EVIO_WRITABLE : EVIO_READABLE));
}

/* Token and interest are of one registration, whatever the moment. */
TEST(a_record_is_read_whole)
{
    int rounds = 20000;
    thread *other;
    const evio__record *record;

    reg_open();
    record =
        fake_register(&reg_loop, &reg_source, 10, EVIO_READABLE, EVIO_READABLE);
    other = thread_start(reg_change_often, &rounds);
    for (int i = 0; i < rounds; i++) {
        evio__registration what = evio__record_read(reg_loop.registry, record);

        CHECK_EQ_UINT(what.token, what.interest);
    }
    thread_join(other);
    loop_remove(&reg_loop, &reg_source);
    fake_close(&reg_loop);
}
