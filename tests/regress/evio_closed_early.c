/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that is closed while it is registered is silent on every
 * selector: no event, not even one that looks like an error of a socket, and no
 * wait that spins on it. The number's next owner is not taken for it.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"

static const uint32_t early_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

enum {
    EARLY_MODES = sizeof(early_modes) / sizeof(early_modes[0]),
    EARLY_MANY = 40
};

typedef void early_body(enum channel kind, uint32_t mode);

static void early_each(early_body *body)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        for (int i = 0; i < EARLY_MODES; i++)
            body(kind, early_modes[i]);
    }
}

/* Another source of the same poll still works. */
static void early_others_work(struct loop *l)
{
    evio_source source;
    int fd[2];

    channel_open(CHANNEL_UNIX, fd);
    loop_add(l, &source, fd[0], 77, EVIO_READABLE);
    net_send_all(fd[1], "x", 1);
    CHECK_EQ_UINT(loop_await(l, 77), EVIO_READABLE);
    loop_remove(l, &source);
    channel_close(fd);
}

static void early_before_an_event(enum channel kind, uint32_t mode)
{
    struct loop l;
    evio_source source;
    int fd[2];

    loop_open(&l, 8);
    channel_open(kind, fd);
    loop_add(&l, &source, fd[0], 1, EVIO_READABLE | mode);
    net_close(fd[0]);
    spin_quiet(&l, 20 * CLOCK_MS);
    CHECK_OK(evio_source_forget(&source));
    CHECK(!evio_source_is_registered(&source));
    early_others_work(&l);
    spin_quiet(&l, 5 * CLOCK_MS);
    net_close(fd[1]);
    loop_close(&l);
}

TEST(closed_before_an_event)
{
    early_each(early_before_an_event);
}

static void early_after_an_event(enum channel kind, uint32_t mode)
{
    struct loop l;
    evio_source source;
    int fd[2];

    loop_open(&l, 8);
    channel_open(kind, fd);
    loop_add(&l, &source, fd[0], 1, LOOP_RW | mode);
    net_send_all(fd[1], "x", 1);
    CHECK_UINT(loop_await(&l, 1) & LOOP_RW, !=, 0);
    net_close(fd[0]);
    spin_quiet(&l, 20 * CLOCK_MS);
    /* One of its descriptors has the number, and ends the old registration. */
    early_others_work(&l);
    (void)evio_source_forget(&source);
    CHECK_KIND(evio_source_forget(&source), NOT_FOUND);
    net_close(fd[1]);
    loop_close(&l);
}

TEST(closed_after_an_event)
{
    early_each(early_after_an_event);
}

/* Half of many: the other half goes on, one event each. */
TEST(many_closed_among_many_open)
{
    struct loop l;
    evio_source sources[EARLY_MANY];
    int fd[EARLY_MANY][2];
    evio_event event;
    unsigned seen = 0;

    loop_open(&l, EARLY_MANY);
    for (unsigned i = 0; i < EARLY_MANY; i++) {
        channel_open(i % CHANNELS, fd[i]);
        loop_add(&l, &sources[i], fd[i][0], i,
                 EVIO_READABLE | early_modes[i / 2 % EARLY_MODES]);
    }
    for (unsigned i = 0; i < EARLY_MANY; i += 2)
        net_close(fd[i][0]);
    spin_quiet(&l, 20 * CLOCK_MS);
    for (unsigned i = 1; i < EARLY_MANY; i += 2)
        net_send_all(fd[i][1], "x", 1);
    while (seen < EARLY_MANY / 2) {
        CHECK_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), >, 0);
        while (evio_events_next(l.events, &event)) {
            CHECK_EQ_UINT(event.token % 2, 1);
            CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
            loop_remove(&l, &sources[event.token]);
            seen++;
        }
    }
    spin_quiet(&l, 20 * CLOCK_MS);
    for (unsigned i = 0; i < EARLY_MANY; i++) {
        if (i % 2 == 0)
            CHECK_OK(evio_source_forget(&sources[i]));
        else
            net_close(fd[i][0]);
        net_close(fd[i][1]);
    }
    loop_close(&l);
}

/* The number goes to another file, which has data and belongs to nobody here:
 * the old registration must not report them, where the kernel knows files and
 * not only numbers. */
static void early_number_taken(enum channel kind, uint32_t mode)
{
    struct loop l;
    evio_source source;
    int fd[2];
    int next[2];

    loop_open(&l, 8);
    if (loop_is(&l, EVIO_SELECTOR_POLL))
        SKIP("poll(2) is given numbers alone");
    channel_open(kind, fd);
    loop_add(&l, &source, fd[0], 1, LOOP_RW | mode);
    net_close(fd[0]);
    channel_open_at(CHANNEL_UNIX, fd[0], next);
    net_send_all(next[1], "x", 1);
    spin_quiet(&l, 20 * CLOCK_MS);
    CHECK_OK(evio_source_forget(&source));
    channel_close(next);
    net_close(fd[1]);
    loop_close(&l);
}

TEST(the_numbers_next_owner_is_not_reported)
{
    early_each(early_number_taken);
}
