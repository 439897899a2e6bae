/* SPDX-License-Identifier: MIT */
/*
 * control.c: the writer against the OS's macros, the reader against every
 * length that a record can claim, at every alignment. What single kinds hold is
 * in control_values.c, what the kernel makes of records in
 * behaviour/sock_control.c. Memory ends where it says, for the sanitizers.
 */
#include <libsock/os.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/sock.h"

enum {
    CONTROL_HEAD = CMSG_LEN(0),
    CONTROL_LEVEL = 4711, /* a level that nobody has */
    CONTROL_TYPE = 42
};

/* Whether `len` bytes hold the record that the OS's macros would write. */
static void control_expect(const unsigned char *at, const char *payload,
                           size_t len)
{
    uint64_t room[16] = {0};
    struct msghdr msg = {.msg_control = room, .msg_controllen = sizeof(room)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

    c->cmsg_level = CONTROL_LEVEL;
    c->cmsg_type = CONTROL_TYPE;
    c->cmsg_len = CMSG_LEN(len);
    if (len > 0)
        memcpy(CMSG_DATA(c), payload, len);
    CHECK_EQ_MEM(at, room, CMSG_SPACE(len));
}

TEST(space_is_the_macro_and_at_most_the_bound)
{
    for (size_t n = 0; n < 300; n++) {
        CHECK_EQ_UINT(libsock_control_space(n), CMSG_SPACE(n));
        CHECK_UINT(libsock_control_space(n), <=, LIBSOCK_CONTROL_SPACE(n));
        CHECK_EQ_UINT(LIBSOCK_CONTROL_SPACE(n) % 16, 0);
    }
    CHECK_UINT(libsock_control_space(INT_MAX / 2), >, INT_MAX / 2);
    CHECK_EQ_UINT(libsock_control_space((size_t)INT_MAX / 2 + 1), 0);
    CHECK_EQ_UINT(libsock_control_space(SIZE_MAX), 0);
}

TEST(arguments_are_judged)
{
    uint64_t room[8];
    unsigned char *bytes = (unsigned char *)room;
    libsock_control_writer w, before;
    libsock_control_reader reader;
    libsock_control record = {0};
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_KIND(libsock_control_writer_init(NULL, room, 8), INVALID_INPUT);
    CHECK_KIND(libsock_control_writer_init(&w, NULL, 8), INVALID_INPUT);
    CHECK_KIND(libsock_control_writer_init(&w, bytes + 1, 8), INVALID_INPUT);
    CHECK_KIND(libsock_control_writer_init(&w, room, (size_t)INT_MAX + 1),
               INVALID_INPUT);
    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    before = w;
    CHECK_KIND(libsock_control_put(NULL, 1, 1, NULL, 0), INVALID_INPUT);
    CHECK_KIND(libsock_control_put(&w, 1, 1, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_control_put(&w, 1, 1, "x", SIZE_MAX), INVALID_INPUT);
    CHECK_EQ_MEM(&w, &before, sizeof(w));
    CHECK_EQ_UINT(libsock_control_len(NULL), 0);
    CHECK_KIND(libsock_control_reader_init(NULL, &msg), INVALID_INPUT);
    CHECK_KIND(libsock_control_reader_init(&reader, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_control_reader_over(NULL, room, 8), INVALID_INPUT);
    CHECK_KIND(libsock_control_reader_over(&reader, NULL, 8), INVALID_INPUT);
    CHECK_OK(libsock_control_reader_init(&reader, &msg));
    CHECK_KIND(libsock_control_next(NULL, &record), INVALID_INPUT);
    CHECK_KIND(libsock_control_next(&reader, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_control_find(NULL, LIBSOCK_CONTROL_TOS, &record),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_TOS, NULL),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_OTHER, &record),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_TOS, &record),
               NOT_FOUND);
    CHECK_EQ_UINT(fault_calls(), 0);
}

TEST(the_writer_writes_what_the_macros_write)
{
    static const char payload[] = "0123456789abcdefghij";
    uint64_t room[64];
    libsock_control_writer w;
    size_t at = 0;

    memset(room, 0xff, sizeof(room));
    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    for (size_t len = 0; len < 9; len++) {
        CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE,
                                     len != 0 ? payload : NULL, len));
        control_expect((unsigned char *)room + at, payload, len);
        at += CMSG_SPACE(len);
        CHECK_EQ_UINT(libsock_control_len(&w), at);
    }
    CHECK_EQ_INT(((unsigned char *)room)[at], 0xff);
}

/* Room for two records and all but one byte of a third. */
TEST(what_does_not_fit_leaves_what_is_there)
{
    const size_t cap = 2 * CMSG_SPACE(5) + CMSG_SPACE(1) - 1;
    unsigned char *room = malloc(cap), *copy = malloc(cap);
    libsock_control_writer w;

    CHECK(room != NULL && copy != NULL);
    memset(room, 0xff, cap);
    CHECK_OK(libsock_control_writer_init(&w, room, cap));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "first", 5));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "other", 5));
    memcpy(copy, room, cap);
    CHECK_KIND(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "x", 1),
               NO_BUFFERS);
    CHECK_KIND(
        libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "x", INT_MAX / 2),
        NO_BUFFERS);
    CHECK_EQ_MEM(room, copy, cap);
    CHECK_EQ_UINT(libsock_control_len(&w), 2 * CMSG_SPACE(5));
    control_expect(room, "first", 5);
    control_expect(room + CMSG_SPACE(5), "other", 5);
    free(room);
    free(copy);
}

TEST(an_empty_room_holds_nothing)
{
    libsock_control_writer w;
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_control_writer_init(&w, NULL, 0));
    CHECK_KIND(libsock_control_put(&w, 1, 1, NULL, 0), NO_BUFFERS);
    CHECK_EQ_UINT(libsock_control_len(&w), 0);
    CHECK_OK(libsock_msg_set_control(&msg, NULL, libsock_control_len(&w)));
}

/* Memory of exactly `len` bytes, `shift` past an aligned address. */
static unsigned char *control_exact(const void *bytes, size_t len, size_t shift,
                                    void **out_memory)
{
    unsigned char *memory = malloc(len + shift);

    CHECK(memory != NULL);
    if (len > 0)
        memcpy(memory + shift, bytes, len);
    *out_memory = memory;
    return memory + shift;
}

TEST(the_reader_reads_at_every_alignment)
{
    uint64_t room[32];
    libsock_control_writer w;

    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, NULL, 0));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "abc", 3));
    CHECK_OK(libsock_control_put(&w, SOL_SOCKET, SCM_RIGHTS, "defg", 4));
    for (size_t shift = 0; shift < 16; shift++) {
        libsock_control_reader reader;
        libsock_control c;
        void *memory;
        unsigned char *at =
            control_exact(room, libsock_control_len(&w), shift, &memory);

        CHECK_OK(
            libsock_control_reader_over(&reader, at, libsock_control_len(&w)));
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
        CHECK_EQ_INT(c.kind, LIBSOCK_CONTROL_OTHER);
        CHECK_EQ_INT(c.level, CONTROL_LEVEL);
        CHECK_EQ_INT(c.type, CONTROL_TYPE);
        CHECK_EQ_UINT(c.len, 0);
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
        CHECK_EQ_UINT(c.len, 3);
        CHECK_EQ_MEM(c.data, "abc", 3);
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
        CHECK_EQ_INT(c.kind, LIBSOCK_CONTROL_FDS);
        CHECK_EQ_MEM(c.data, "defg", 4);
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 0);
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 0);
        free(memory);
    }
}

TEST(the_last_record_may_come_without_padding)
{
    uint64_t room[16];
    libsock_control_writer w;
    libsock_control_reader reader;
    libsock_control c;
    void *memory;
    unsigned char *at;

    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "abcde", 5));
    for (size_t len = CMSG_LEN(5); len <= CMSG_SPACE(5); len++) {
        at = control_exact(room, len, 0, &memory);
        CHECK_OK(libsock_control_reader_over(&reader, at, len));
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
        CHECK_EQ_MEM(c.data, "abcde", 5);
        CHECK_EQ_INT(libsock_control_next(&reader, &c), 0);
        free(memory);
    }
}

/* What a reader says to one header that claims `claim` of `len` bytes. */
static int control_claim(size_t claim, size_t len, size_t *out_len)
{
    uint64_t room[16] = {0};
    struct cmsghdr head = {0};
    libsock_control_reader reader;
    libsock_control c = {.level = -1};
    void *memory;
    unsigned char *at;
    int r;

    head.cmsg_len = claim;
    head.cmsg_level = CONTROL_LEVEL;
    memcpy(room, &head, sizeof(head));
    at = control_exact(room, len, 1, &memory);
    CHECK_OK(libsock_control_reader_over(&reader, at, len));
    r = libsock_control_next(&reader, &c);
    CHECK_EQ_INT(c.level, r > 0 ? CONTROL_LEVEL : -1);
    /* Whatever it was, nothing comes after it. */
    CHECK(r > 0 || libsock_control_next(&reader, &c) == 0);
    free(memory);
    *out_len = c.len;
    return r;
}

TEST(a_claim_beyond_the_end_is_an_error)
{
    for (size_t len = 0; len < 64; len++) {
        for (size_t claim = 0; claim < 80; claim++) {
            size_t got = 0;
            int r = control_claim(claim, len, &got);

            if (len < CONTROL_HEAD) {
                CHECK_EQ_INT(r, 0);
            } else if (claim < CONTROL_HEAD || claim > len) {
                CHECK_ERR(r, EINVAL);
            } else {
                CHECK_EQ_INT(r, 1);
                CHECK_EQ_UINT(got, claim - CONTROL_HEAD);
            }
        }
    }
}

TEST(huge_claims_do_not_wrap)
{
    static const size_t claims[] = {SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2,
                                    (size_t)INT_MAX, (size_t)INT_MAX + 1};
    size_t got;

    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
        CHECK_ERR(control_claim(claims[i], 64, &got), EINVAL);
}

/* A message as the kernel leaves it: `len` bytes of control data. */
static libsock_msg control_msg(void *control, size_t len)
{
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_control(&msg, control, len));
    return msg;
}

TEST(find_takes_the_first_of_its_kind)
{
    uint64_t room[32];
    libsock_control_writer w;
    libsock_control c;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "abc", 3));
    CHECK_OK(libsock_control_put(&w, SOL_SOCKET, SCM_RIGHTS, "one.", 4));
    CHECK_OK(libsock_control_put(&w, SOL_SOCKET, SCM_RIGHTS, "two.", 4));
    msg = control_msg(room, libsock_control_len(&w));
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_FDS, &c));
    CHECK_EQ_MEM(c.data, "one.", 4);
    memset(&c, 0x5a, sizeof(c));
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_TOS, &c), NOT_FOUND);
    CHECK_EQ_INT(c.kind, 0x5a5a5a5a);
}

TEST(find_stops_at_a_damaged_record)
{
    uint64_t room[32];
    libsock_control_writer w;
    libsock_control c;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    CHECK_OK(libsock_control_put(&w, SOL_SOCKET, SCM_RIGHTS, "one.", 4));
    CHECK_OK(libsock_control_put(&w, CONTROL_LEVEL, CONTROL_TYPE, "abc", 3));
    msg = control_msg(room, CMSG_SPACE(4) + CMSG_LEN(3) - 1);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_FDS, &c));
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_TOS, &c),
               INVALID_INPUT);
}
