/* SPDX-License-Identifier: MIT */
/*
 * The contract of edge, level and oneshot on every selector, as a table: in
 * each direction, what is reported again after what. Which hints come along is
 * the behaviour table's affair, not this file's.
 */
#include <stdio.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

enum modes_mode {
    MODE_EDGE,
    MODE_LEVEL,
    MODE_ONESHOT,
    MODES
};

static const uint32_t modes_bits[MODES] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};
static const char *const modes_names[MODES] = {"edge", "level", "oneshot"};

struct modes {
    struct loop l;
    evio_source source;
    int pair[2];        /* [0] is registered */
    uint32_t direction; /* bit of evio_direction */
    uint32_t interest;
};

/* Make the direction ready, as a peer does. */
static void modes_ready(struct modes *t)
{
    if (t->direction == EVIO_READABLE)
        net_send_all(t->pair[1], "xx", 2);
    else if (t->direction == EVIO_WRITABLE)
        net_drain(t->pair[1]);
    else
        fd_send_oob(t->pair[1]);
}

/* Use all of it up, until the operation would block; and say so. */
static void modes_block(struct modes *t)
{
    if (t->direction == EVIO_READABLE)
        net_drain(t->pair[0]);
    else if (t->direction == EVIO_WRITABLE)
        net_fill(t->pair[0]);
    else
        fd_recv_oob(t->pair[0]);
    CHECK_OK(evio_rearm(&t->source, t->direction));
}

/* End the turn with fewer bytes than asked; and say so. */
static void modes_short(struct modes *t)
{
    char buf[64];

    if (t->direction == EVIO_READABLE)
        CHECK_EQ_INT(net_recv(t->pair[0], buf, sizeof(buf)), 2);
    else
        fd_write_short(t->pair[0]);
    CHECK_OK(evio_rearm(&t->source, t->direction));
}

/* Move exactly what was asked: the turn has not ended. */
static void modes_part(struct modes *t)
{
    char byte = 'x';

    if (t->direction == EVIO_READABLE)
        net_recv_all(t->pair[0], &byte, 1);
    else
        net_send_all(t->pair[0], &byte, 1);
}

static void modes_again(struct modes *t)
{
    CHECK_OK(evio_reregister(t->l.registry, &t->source, 1, t->interest));
}

/* A hang-up in all directions; priority data exist on TCP alone. */
static void modes_hang_up(struct modes *t)
{
    if (t->direction == EVIO_PRIORITY)
        net_reset(t->pair[1]);
    else
        net_close(t->pair[1]);
    t->pair[1] = -1;
}

/* What comes after the first event: letters for the functions above, and
 * '+' an event must come, '-' none may, one for each mode. */
struct modes_row {
    const char *what;
    const char *script;
    const char *expected[MODES]; /* one sign for each '?' of the script */
    uint32_t directions;
};

#define MODES_ALL ((uint32_t)EVIO_READABLE | EVIO_WRITABLE | EVIO_PRIORITY)

static const uint32_t modes_directions[] = {EVIO_READABLE, EVIO_WRITABLE,
                                            EVIO_PRIORITY};

static const struct modes_row modes_rows[] = {
    {"nothing done", "??", {"--", "++", "--"}, MODES_ALL},
    {"would-block", "b??", {"--", "--", "--"}, MODES_ALL},
    {"would-block, ready again", "b?r??", {"-+-", "-++", "---"}, MODES_ALL},
    {"many turns", "br?br?br?", {"+++", "+++", "---"}, MODES_ALL},
    {"short count", "s??", {"--", "--", "--"}, LOOP_RW},
    {"short count, ready again", "s?r??", {"-+-", "-++", "---"}, LOOP_RW},
    {"full count, more there", "p??", {"--", "++", "--"}, LOOP_RW},
    {"reregister", "a??", {"+-", "++", "+-"}, MODES_ALL},
    {"reregister twice", "aa??", {"+-", "++", "+-"}, MODES_ALL},
    {"reregister after each", "a?a?", {"++", "++", "++"}, MODES_ALL},
    {"reregister, not ready", "ba?r?", {"-+", "-+", "-+"}, MODES_ALL},
    {"hang-up while silent", "h??", {"+-", "++", "--"}, MODES_ALL},
    {"hang-up while armed", "bh??", {"+-", "++", "--"}, MODES_ALL},
    {"reregister after hang-up", "bh?a??", {"++-", "+++", "-+-"}, MODES_ALL},
};

static void modes_look(struct modes *t, char expected, const char *where)
{
    uint32_t got =
        loop_wait(&t->l, 1, expected == '+' ? LOOP_PATIENCE : LOOP_QUIET);

    if ((got != 0) != (expected == '+'))
        check_fail(__FILE__, __LINE__, "%s: got 0x%x, expected %c", where,
                   (unsigned)got, expected);
}

static void modes_play(struct modes *t, const char *script, const char *signs,
                       const char *where)
{
    for (; *script != '\0'; script++) {
        if (*script == '?')
            modes_look(t, *signs++, where);
        else if (*script == 'r')
            modes_ready(t);
        else if (*script == 'b')
            modes_block(t);
        else if (*script == 's')
            modes_short(t);
        else if (*script == 'p')
            modes_part(t);
        else if (*script == 'a')
            modes_again(t);
        else
            modes_hang_up(t);
    }
}

static void modes_cell(const struct modes_row *row, uint32_t direction,
                       enum modes_mode mode)
{
    struct modes t = {.direction = direction};
    char where[128];

    t.interest = direction | modes_bits[mode];
    snprintf(where, sizeof(where), "%s, direction %u, %s", row->what,
             (unsigned)direction, modes_names[mode]);
    loop_open(&t.l, 4);
    if (direction == EVIO_PRIORITY)
        net_tcp_pair(NET_IPV4, t.pair);
    else
        net_unix_pair(NET_STREAM, t.pair);
    net_set_nonblocking(t.pair[0], true);
    net_set_nonblocking(t.pair[1], true);
    loop_add(&t.l, &t.source, t.pair[0], 1, t.interest);
    modes_ready(&t);
    CHECK_UINT(loop_await(&t.l, 1) & direction, !=, 0);
    modes_play(&t, row->script, row->expected[mode], where);
    loop_remove(&t.l, &t.source);
    net_close(t.pair[0]);
    if (t.pair[1] >= 0)
        net_close(t.pair[1]);
    loop_close(&t.l);
}

static void modes_column(enum modes_mode mode)
{
    for (size_t i = 0; i < sizeof(modes_rows) / sizeof(modes_rows[0]); i++) {
        for (int d = 0; d < 3; d++) {
            if ((modes_rows[i].directions & modes_directions[d]) != 0)
                modes_cell(&modes_rows[i], modes_directions[d], mode);
        }
    }
}

TEST(edge)
{
    modes_column(MODE_EDGE);
}

TEST(level)
{
    modes_column(MODE_LEVEL);
}

TEST(oneshot)
{
    modes_column(MODE_ONESHOT);
}

/* One event of a oneshot silences the other directions with it. */
TEST(oneshot_silences_all_directions)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, LOOP_RW | EVIO_ONESHOT);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    net_send_all(pair[1], "x", 1);
    loop_quiet(&l);
    CHECK_OK(evio_reregister(l.registry, &source, 1, LOOP_RW | EVIO_ONESHOT));
    CHECK_EQ_UINT(loop_await(&l, 1), LOOP_RW);
    loop_quiet(&l);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(reregister_changes_the_mode)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE | EVIO_ONESHOT);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    CHECK_OK(
        evio_reregister(l.registry, &source, 2, EVIO_WRITABLE | EVIO_LEVEL));
    for (int i = 0; i < 5; i++)
        CHECK_EQ_UINT(loop_await(&l, 2), EVIO_WRITABLE);
    CHECK_OK(evio_reregister(l.registry, &source, 3, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&l, 3), EVIO_WRITABLE);
    loop_quiet(&l);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* The change counts at once, also for what a wait collected before it. */
TEST(interest_that_was_taken_back_is_not_reported)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    CHECK_OK(evio_reregister(l.registry, &source, 2, EVIO_READABLE));
    loop_quiet(&l);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

static void modes_exclusive(uint32_t mode)
{
    struct loop l[2];
    evio_source sources[2];
    evio_event event;
    int events = 0;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    for (int i = 0; i < 2; i++) {
        loop_open(&l[i], 4);
        loop_add(&l[i], &sources[i], pair[0], 1,
                 EVIO_READABLE | EVIO_EXCLUSIVE | mode);
    }
    net_send_all(pair[1], "x", 1);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(evio_poll_wait(l[i].poll, l[i].events, 0));
        while (evio_events_next(l[i].events, &event)) {
            CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
            events++;
        }
    }
    CHECK_INT(events, >=, 1);
    for (int i = 0; i < 2; i++) {
        CHECK_KIND(evio_reregister(l[i].registry, &sources[i], 2,
                                   EVIO_READABLE | EVIO_EXCLUSIVE),
                   INVALID_INPUT);
        CHECK_KIND(
            evio_reregister(l[i].registry, &sources[i], 2, EVIO_READABLE),
            INVALID_INPUT);
        CHECK(evio_source_is_registered(&sources[i]));
        loop_remove(&l[i], &sources[i]);
        loop_close(&l[i]);
    }
    net_close(pair[0]);
    net_close(pair[1]);
}

static void modes_exclusive_refused(uint32_t interest)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    CHECK_KIND(evio_register(l.registry, &source, 1, interest), UNSUPPORTED);
    CHECK(!evio_source_is_registered(&source));
    loop_quiet(&l);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(exclusive)
{
    struct loop l;
    bool epoll;

    loop_open(&l, 1);
    epoll = loop_is(&l, EVIO_SELECTOR_EPOLL);
    loop_close(&l);
    if (epoll) {
        modes_exclusive(EVIO_EDGE);
        modes_exclusive(EVIO_LEVEL);
    } else {
        modes_exclusive_refused(EVIO_READABLE | EVIO_EXCLUSIVE);
        modes_exclusive_refused(LOOP_RW | EVIO_EXCLUSIVE | EVIO_LEVEL);
    }
}

/* No kernel that has the one has both. */
TEST(exclusive_and_priority_do_not_go_together)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    CHECK_KIND(
        evio_register(l.registry, &source, 1, EVIO_PRIORITY | EVIO_EXCLUSIVE),
        INVALID_INPUT);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}
