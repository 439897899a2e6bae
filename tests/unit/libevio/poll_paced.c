/* SPDX-License-Identifier: MIT */
/*
 * Rows of the poll selector's table that have a hang-up or an error pending and
 * were re-armed all the same: they are polled now and then, or each wait would
 * end at once. The other rules of the table are in poll_table.c.
 * One thread; no descriptor is opened.
 */
#include "sys/posix/poll_table.h"

#include <string.h>

#include <libevio/event.h>

#include "base/ready.h"
#include "base/slab.h"
#include "support/check.h"

#define IN (POLLIN | POLLRDHUP)

struct paced {
    evio__slab slab;
    evio__poll_table t;
    evio__record *record;
};

enum {
    PACED_FD = 5
};

static void paced_open(struct paced *p, uint32_t interest)
{
    const evio__poll_file file = {0, 0};

    memset(p, 0, sizeof(*p));
    CHECK_OK(evio__poll_table_init(&p->t, 3));
    p->record = evio__slab_take(&p->slab);
    CHECK(p->record != NULL);
    p->record->handle = PACED_FD;
    evio__store32(&p->record->interest, interest);
    CHECK_OK(evio__poll_table_add(&p->t, p->record, &file));
}

static void paced_close(struct paced *p)
{
    evio__poll_table_free(&p->t);
    evio__slab_free(&p->slab);
}

static const struct pollfd *paced_copy(struct paced *p, bool sample)
{
    CHECK_EQ_UINT(evio__poll_table_copy(&p->t, sample), 2);
    return &p->t.copy.fds[1];
}

/* A round in which poll() answers for the row; what is reported. */
static uint32_t paced_round(struct paced *p, int revents, bool sample)
{
    uint32_t bits = 0;

    CHECK_EQ_INT(paced_copy(p, sample)->fd, PACED_FD);
    p->t.copy.fds[1].revents = (short)revents;
    if (revents != 0)
        bits = evio__poll_table_fired(&p->t, 1, (short)revents, &p->slab);
    if (sample)
        evio__poll_table_sampled(&p->t, 2);
    return bits;
}

static const evio__poll_state *paced_state(const struct paced *p)
{
    return evio__poll_table_state(&p->t, p->record->slot);
}

/* It fired with an error and was re-armed. */
static void paced_begin(struct paced *p, uint32_t interest)
{
    paced_open(p, interest);
    CHECK_EQ_UINT(paced_round(p, POLLERR, false), EVIO__ERR);
    CHECK_EQ_UINT(p->t.n_paced, 0);
    CHECK(evio__poll_table_rearm(&p->t, p->record, EVIO_READABLE));
    CHECK_EQ_UINT(p->t.n_paced, 1);
}

TEST(a_rearmed_row_is_in_samples_alone)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_INT(paced_copy(&p, false)->fd, <, 0);
    CHECK_EQ_INT(paced_copy(&p, true)->fd, PACED_FD);
    CHECK_EQ_INT(paced_copy(&p, true)->events, IN);
    /* And the copy after a sample is without it. */
    CHECK_INT(paced_copy(&p, false)->fd, <, 0);
    paced_close(&p);
}

/* What fires in a sample is reported once; only re-arming paces it again. */
TEST(what_is_still_pending_is_reported_by_a_sample)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_UINT(paced_round(&p, POLLERR, true), EVIO__ERR);
        CHECK_INT(paced_copy(&p, false)->fd, <, 0);
        CHECK(evio__poll_table_rearm(&p.t, p.record, EVIO_READABLE));
        CHECK_EQ_UINT(p.t.n_paced, 1);
        CHECK_INT(paced_copy(&p, false)->fd, <, 0);
    }
    paced_close(&p);
}

/* The program does nothing about it: no more samples are taken for it, or an
 * idle wait would end a hundred times a second. */
TEST(a_row_without_anything_armed_is_not_sampled)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_EQ_UINT(paced_round(&p, POLLERR, true), EVIO__ERR);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK_INT(paced_copy(&p, true)->fd, <, 0);
    paced_close(&p);
}

TEST(a_closed_row_is_not_sampled)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_EQ_UINT(paced_round(&p, POLLNVAL, true), 0);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK_INT(paced_copy(&p, true)->fd, <, 0);
    paced_close(&p);
}

TEST(what_is_over_is_polled_as_ever)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_EQ_UINT(paced_round(&p, 0, true), 0);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK(!paced_state(&p)->unmaskable);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    CHECK_EQ_INT(paced_copy(&p, false)->events, IN);
    /* It begins as a new one. */
    CHECK_EQ_UINT(paced_round(&p, POLLIN, false), EVIO__IN);
    CHECK(evio__poll_table_rearm(&p.t, p.record, EVIO_READABLE));
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    paced_close(&p);
}

/* Data instead of the error: reported, and over. */
TEST(data_in_a_sample_end_the_pacing)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_EQ_UINT(paced_round(&p, POLLIN, true), EVIO__IN);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    CHECK_EQ_INT(paced_copy(&p, false)->events, POLLRDHUP);
    paced_close(&p);
}

TEST(data_with_the_error_do_not)
{
    struct paced p;

    paced_begin(&p, (uint32_t)EVIO_READABLE | EVIO_WRITABLE);
    CHECK_EQ_UINT(paced_round(&p, POLLIN | POLLERR, true),
                  EVIO__IN | EVIO__ERR);
    CHECK_INT(paced_copy(&p, false)->fd, <, 0);
    CHECK(evio__poll_table_rearm(&p.t, p.record, EVIO_WRITABLE));
    CHECK_EQ_UINT(p.t.n_paced, 1);
    paced_close(&p);
}

TEST(a_change_ends_the_pacing)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    evio__store32(&p.record->interest, EVIO_WRITABLE);
    evio__poll_table_modify(&p.t, p.record);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK(!paced_state(&p)->unmaskable);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    CHECK_EQ_INT(paced_copy(&p, false)->events, POLLOUT);
    paced_close(&p);
}

TEST(the_end_ends_the_pacing)
{
    const evio__poll_file file = {0, 0};
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    evio__poll_table_remove(&p.t, p.record);
    CHECK_EQ_UINT(p.t.n_paced, 0);
    /* The slot's next owner is not paced. */
    CHECK_OK(evio__poll_table_add(&p.t, p.record, &file));
    CHECK_EQ_UINT(p.t.n_paced, 0);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    paced_close(&p);
}

/* Level asks for an event at each wait; a oneshot is not re-armed. */
TEST(other_modes_are_not_paced)
{
    struct paced p;

    paced_open(&p, EVIO_READABLE | EVIO_LEVEL);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_UINT(paced_round(&p, POLLERR, false), EVIO__ERR);
        CHECK(!evio__poll_table_rearm(&p.t, p.record, EVIO_READABLE));
    }
    CHECK_EQ_UINT(p.t.n_paced, 0);
    paced_close(&p);
    paced_open(&p, EVIO_READABLE | EVIO_ONESHOT);
    CHECK_EQ_UINT(paced_round(&p, POLLERR, false), EVIO__ERR);
    CHECK(!evio__poll_table_rearm(&p.t, p.record, EVIO_READABLE));
    CHECK_EQ_UINT(p.t.n_paced, 0);
    paced_close(&p);
}

/* The row changed while poll() had the sample: its answer is another's. */
TEST(a_sample_of_what_changed_is_passed_over)
{
    struct paced p;

    paced_begin(&p, EVIO_READABLE);
    CHECK_EQ_INT(paced_copy(&p, true)->fd, PACED_FD);
    p.t.copy.fds[1].revents = 0;
    evio__stamp_change(p.record);
    evio__stamp_changed(p.record);
    evio__poll_table_modify(&p.t, p.record);
    CHECK_EQ_UINT(evio__poll_table_fired(&p.t, 1, POLLERR, &p.slab), 0);
    CHECK_EQ_INT(paced_copy(&p, false)->fd, PACED_FD);
    CHECK_EQ_UINT(paced_round(&p, POLLERR, false), EVIO__ERR);
    CHECK(evio__poll_table_rearm(&p.t, p.record, EVIO_READABLE));
    CHECK_EQ_UINT(p.t.n_paced, 1);
    /* Paced again, under a key that the old copy does not have. */
    p.t.copy.keys[1] += UINT64_C(2) << 32; /* another stamp */
    p.t.copy.fds[1].revents = 0;
    evio__poll_table_sampled(&p.t, 2);
    CHECK_EQ_UINT(p.t.n_paced, 1);
    paced_close(&p);
}

/* Several rows, of which one is over. */
TEST(samples_are_by_row)
{
    const evio__poll_file file = {0, 0};
    struct paced p;
    evio__record *more[3];

    paced_begin(&p, EVIO_READABLE);
    for (int i = 0; i < 3; i++) {
        more[i] = evio__slab_take(&p.slab);
        CHECK(more[i] != NULL);
        more[i]->handle = 10 + i;
        evio__store32(&more[i]->interest, EVIO_READABLE);
        CHECK_OK(evio__poll_table_add(&p.t, more[i], &file));
    }
    CHECK_EQ_UINT(evio__poll_table_copy(&p.t, false), 5);
    CHECK_EQ_UINT(evio__poll_table_fired(&p.t, 3, POLLHUP, &p.slab), EVIO__HUP);
    CHECK(evio__poll_table_rearm(&p.t, more[1], EVIO_READABLE));
    CHECK_EQ_UINT(p.t.n_paced, 2);
    CHECK_EQ_UINT(evio__poll_table_copy(&p.t, true), 5);
    for (uint32_t i = 1; i < 5; i++) {
        CHECK_INT(p.t.copy.fds[i].fd, >=, 0);
        p.t.copy.fds[i].revents = i == 1 ? POLLERR : 0;
    }
    evio__poll_table_sampled(&p.t, 5);
    CHECK_EQ_UINT(p.t.n_paced, 1);
    CHECK_EQ_UINT(evio__poll_table_copy(&p.t, false), 5);
    CHECK_INT(p.t.copy.fds[1].fd, <, 0);
    CHECK_EQ_INT(p.t.copy.fds[3].fd, 11);
    paced_close(&p);
}
