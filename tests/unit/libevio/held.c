/* SPDX-License-Identifier: MIT */
/*
 * Who holds a slot: its registration, the posted list, and a selector that has
 * something in flight. A slot is free when nobody does, whoever goes last.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

static struct loop held_loop;

enum {
    HELD_SPARE = 2
};

/* Two slots are free, so that no registration sweeps the posted list for one.
 * The first is taken first. */
static void held_open(void)
{
    evio_source spare[HELD_SPARE];

    fake_open(&held_loop, 4);
    for (unsigned i = 0; i < HELD_SPARE; i++)
        fake_register(&held_loop, &spare[i], 60 + (int)i, 60, LOOP_RW);
    loop_remove(&held_loop, &spare[1]);
    loop_remove(&held_loop, &spare[0]);
}

/* Whether the next registration gets the slot; the slot is free again after. */
static bool held_is_free(uint32_t slot)
{
    evio_source source;
    int remove_result = fake.remove_result;
    bool is_free =
        fake_register(&held_loop, &source, 50, 50, LOOP_RW)->slot == slot;

    fake.remove_result = 0;
    loop_remove(&held_loop, &source);
    fake.remove_result = remove_result;
    return is_free;
}

static void held_release(evio__record *record)
{
    evio__registry_lock(held_loop.registry);
    fake.host->released(fake.host, record);
    evio__registry_unlock(held_loop.registry);
}

/* Ended, and the selector holds it. */
static evio__record *held_end(evio_source *source)
{
    evio__record *record =
        fake_register(&held_loop, source, 10, 99, EVIO_READABLE);

    fake.remove_result = EVIO__REMOVE_HELD;
    loop_remove(&held_loop, source);
    fake.remove_result = 0;
    CHECK_EQ_UINT(evio__load32(&record->posted),
                  EVIO__POSTED_HELD | EVIO__POSTED_ENDED);
    CHECK(!evio_source_is_registered(source));
    return record;
}

TEST(a_held_slot_is_free_when_it_is_released)
{
    evio_source source;

    held_open();
    for (int round = 0; round < 3; round++) {
        evio__record *record = held_end(&source);

        for (int i = 0; i < 3; i++)
            CHECK(!held_is_free(record->slot));
        held_release(record);
        CHECK_EQ_UINT(evio__load32(&record->posted), 0);
        CHECK(held_is_free(record->slot));
    }
    fake_close(&held_loop);
}

/* Held and posted: the slot is taken until both are over, in either order. */
TEST(a_held_and_posted_slot_is_free_after_both)
{
    for (int released_first = 0; released_first < 2; released_first++) {
        evio_source source;
        evio__record *record;

        held_open();
        record = fake_register(&held_loop, &source, 10, 99, EVIO_READABLE);
        CHECK_OK(evio__post(held_loop.registry, record, EVIO_READABLE));
        fake.remove_result = EVIO__REMOVE_HELD;
        loop_remove(&held_loop, &source);
        fake.remove_result = 0;
        CHECK(!held_is_free(record->slot));
        if (released_first)
            held_release(record);
        else
            CHECK_EQ_INT(fake_check(&held_loop), 0);
        CHECK(!held_is_free(record->slot));
        if (released_first)
            CHECK_EQ_INT(fake_check(&held_loop), 0);
        else
            held_release(record);
        CHECK(held_is_free(record->slot));
        CHECK_EQ_UINT(fake_stats(&held_loop).stale, 1);
        fake_close(&held_loop);
    }
}

/* On the list, in the batch, and in the batch of a buffer that goes. */
TEST(a_posted_slot_is_free_when_it_is_dropped)
{
    for (int where = 0; where < 3; where++) {
        evio_source source;
        evio__record *record;

        held_open();
        record = fake_register(&held_loop, &source, 10, 99, EVIO_READABLE);
        CHECK_OK(evio__post(held_loop.registry, record, EVIO_READABLE));
        if (where > 0)
            CHECK_EQ_INT(fake_check(&held_loop), 1);
        loop_remove(&held_loop, &source);
        CHECK(!held_is_free(record->slot));
        if (where == 2) {
            evio_events_free(held_loop.events);
            CHECK(!held_is_free(record->slot));
            CHECK_OK(evio_events_new(4, &held_loop.events));
        }
        if (where == 1)
            fake_no_next(&held_loop);
        else
            CHECK_EQ_INT(fake_check(&held_loop), 0);
        CHECK(held_is_free(record->slot));
        fake_close(&held_loop);
    }
}

TEST(a_wakers_slot_is_free_when_it_is_dropped)
{
    evio_waker *waker;
    evio__record *record;

    held_open();
    CHECK_OK(evio_waker_new(held_loop.registry, 1, &waker));
    record = evio__slab_at(&held_loop.registry->host.slab, EVIO__SLAB_FIRST);
    CHECK_EQ_UINT(evio__load32(&record->posted), EVIO__POSTED_HELD);
    CHECK_EQ_INT(record->handle, -1);
    evio_waker_free(waker);
    CHECK(held_is_free(EVIO__SLAB_FIRST));
    CHECK_OK(evio_waker_new(held_loop.registry, 1, &waker));
    CHECK_OK(evio_wake(waker));
    evio_waker_free(waker);
    CHECK(!held_is_free(EVIO__SLAB_FIRST));
    CHECK_EQ_INT(fake_check(&held_loop), 0);
    CHECK(held_is_free(EVIO__SLAB_FIRST));
    fake_close(&held_loop);
}

/* What the selector still sends of the registration that ended is nobody's. */
TEST(a_key_of_a_held_slot_is_stale)
{
    evio_source source;
    evio__record *record;
    uint64_t key;

    held_open();
    record = fake_register(&held_loop, &source, 10, 99, EVIO_READABLE);
    key = evio__record_key(record);
    fake.remove_result = EVIO__REMOVE_HELD;
    loop_remove(&held_loop, &source);
    fake.remove_result = 0;
    fake_report(key, EVIO__IN);
    CHECK_EQ_INT(fake_check(&held_loop), 0);
    CHECK_EQ_UINT(fake_stats(&held_loop).stale, 1);
    held_release(record);
    fake_close(&held_loop);
}

/* The number came back while something is in flight for its old owner. */
TEST(a_lost_record_may_be_held)
{
    for (int released_first = 0; released_first < 2; released_first++) {
        evio_source old;
        evio_source new;
        evio__record *record;

        held_open();
        record = fake_register(&held_loop, &old, 10, 1, EVIO_READABLE);
        fake.remove_result = EVIO__REMOVE_HELD;
        fake_register(&held_loop, &new, 10, 2, EVIO_READABLE);
        fake.remove_result = 0;
        CHECK_EQ_INT(fake.why, EVIO__FORGOTTEN);
        CHECK_EQ_UINT(evio__load32(&record->posted), EVIO__POSTED_HELD);
        if (released_first)
            held_release(record);
        CHECK(!held_is_free(record->slot));
        CHECK_KIND(evio_deregister(held_loop.registry, &old), NOT_FOUND);
        if (!released_first) {
            CHECK(!held_is_free(record->slot));
            held_release(record);
        }
        CHECK(held_is_free(record->slot));
        CHECK_EQ_UINT(fake.removes, HELD_SPARE + 1 + (released_first ? 2 : 3));
        loop_remove(&held_loop, &new);
        fake_close(&held_loop);
    }
}

/* Whoever still holds a slot of a poll that has gone. */
TEST(a_held_slot_may_outlive_the_poll)
{
    evio_source source;
    evio__record *record;
    evio_registry *registry;

    held_open();
    registry = evio_registry_ref(held_loop.registry);
    record = held_end(&source);
    CHECK_KIND(evio_again(&source, EVIO_READABLE), NOT_FOUND);
    evio_poll_free(held_loop.poll);
    evio__registry_lock(registry);
    fake.host->released(fake.host, record);
    evio__registry_unlock(registry);
    CHECK_EQ_UINT(evio__load32(&record->posted), 0);
    evio_events_free(held_loop.events);
    evio_registry_unref(registry);
    CHECK_EQ_UINT(fake.wakeup_closes, 1);
}

/* Without a wait nothing takes the list, but a registration that finds no free
 * slot. What lives on it stays, in order. */
TEST(ended_slots_on_the_list_are_swept_before_the_slab_grows)
{
    enum {
        ROUNDS = 1000
    };
    evio_waker *lasting[2];
    evio_event event;
    const evio__slab *slab;
    uint32_t end;

    fake_open(&held_loop, 4);
    slab = &held_loop.registry->host.slab;
    for (unsigned i = 0; i < 2; i++) {
        CHECK_OK(evio_waker_new(held_loop.registry, i, &lasting[i]));
        CHECK_OK(evio_wake(lasting[i]));
    }
    end = evio__load32(&slab->end);
    for (int i = 0; i < ROUNDS; i++) {
        evio_waker *waker;

        CHECK_OK(evio_waker_new(held_loop.registry, 2, &waker));
        CHECK_OK(evio_wake(waker));
        evio_waker_free(waker);
    }
    CHECK_UINT(evio__load32(&slab->end), <=, end + 32);
    CHECK_EQ_INT(fake_check(&held_loop), 2);
    for (unsigned i = 0; i < 2; i++) {
        CHECK(evio_events_next(held_loop.events, &event));
        CHECK_EQ_UINT(event.token, i);
        evio_waker_free(lasting[i]);
    }
    fake_no_next(&held_loop);
    fake_close(&held_loop);
}
