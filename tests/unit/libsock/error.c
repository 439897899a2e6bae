/* SPDX-License-Identifier: MIT */
/*
 * The meaning of results: kinds, names and sentences of errno, against the
 * tables of the C library. Which call fails with what is tested elsewhere.
 * Nothing is guarded.
 */
#include "support/check.h"

#include "util.h"

#include <libsock/error.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

TEST(success_is_not_a_failure)
{
    char text[32];

    CHECK_EQ_INT(libsock_kind(0), LIBSOCK_KIND_OK);
    CHECK_EQ_INT(libsock_kind(PTRDIFF_MAX), LIBSOCK_KIND_OK);
    CHECK_EQ_STR(libsock_error_name(0), "OK");
    CHECK_EQ_STR(libsock_error_name(512), "OK");
    CHECK_EQ_UINT(libsock_error_text(7, text, sizeof(text)), strlen(text));
    CHECK_EQ_STR(text, "Success");
    CHECK_EQ_INT(libsock_os_code(4096), 0);
}

TEST(predicates_and_kinds_agree)
{
    CHECK(libsock_would_block(-EAGAIN) && !libsock_would_block(EAGAIN));
    CHECK(libsock_would_block(-EWOULDBLOCK));
    CHECK(libsock_in_progress(-EINPROGRESS) && !libsock_in_progress(0));
    CHECK(libsock_interrupted(-EINTR) && !libsock_interrupted(-EAGAIN));
    CHECK_EQ_INT(libsock_kind(-EAGAIN), LIBSOCK_KIND_WOULD_BLOCK);
    CHECK_EQ_INT(libsock_kind(-EINPROGRESS), LIBSOCK_KIND_IN_PROGRESS);
    CHECK_EQ_INT(libsock_kind(-EINTR), LIBSOCK_KIND_INTERRUPTED);
    CHECK_EQ_INT(libsock_os_code(-ECONNRESET), ECONNRESET);
}

TEST(kinds_have_names_of_their_own)
{
    CHECK_EQ_STR(libsock_kind_name(libsock_kind(0)), "OK");
    CHECK_EQ_STR(libsock_kind_name(libsock_kind(-ECONNREFUSED)),
                 "CONNECTION_REFUSED");
    CHECK_EQ_STR(libsock_kind_name(LIBSOCK_KIND_TEMPORARY), "TEMPORARY");
    CHECK_EQ_STR(libsock_kind_name(LIBSOCK_KIND_TEMPORARY + 1), "OTHER");
    CHECK_EQ_STR(libsock_kind_name(-1), "OTHER");
    CHECK_EQ_STR(libsock_kind_name(INT_MIN), "OTHER");
    for (int i = 0; i < LIBSOCK_KIND_TEMPORARY; i++)
        for (int k = i + 1; k <= LIBSOCK_KIND_TEMPORARY; k++)
            CHECK(strcmp(libsock_kind_name(i), libsock_kind_name(k)) != 0);
}

TEST(kinds_of_what_sockets_raise)
{
    static const int rows[][2] = {
        {ETIMEDOUT, LIBSOCK_KIND_TIMED_OUT},
        {EINVAL, LIBSOCK_KIND_INVALID_INPUT},
        {EOPNOTSUPP, LIBSOCK_KIND_UNSUPPORTED},
        {ENOTSUP, LIBSOCK_KIND_UNSUPPORTED},
        {EAFNOSUPPORT, LIBSOCK_KIND_UNSUPPORTED},
        {ENOPROTOOPT, LIBSOCK_KIND_UNSUPPORTED},
        {EPERM, LIBSOCK_KIND_PERMISSION_DENIED},
        {EACCES, LIBSOCK_KIND_PERMISSION_DENIED},
        {ENOENT, LIBSOCK_KIND_NOT_FOUND},
        {ENODEV, LIBSOCK_KIND_NOT_FOUND},
        {EEXIST, LIBSOCK_KIND_ALREADY_EXISTS},
        {EBADF, LIBSOCK_KIND_BAD_DESCRIPTOR},
        {ENOTSOCK, LIBSOCK_KIND_NOT_A_SOCKET},
        {EADDRINUSE, LIBSOCK_KIND_ADDR_IN_USE},
        {EADDRNOTAVAIL, LIBSOCK_KIND_ADDR_NOT_AVAILABLE},
        {ECONNREFUSED, LIBSOCK_KIND_CONNECTION_REFUSED},
        {ECONNRESET, LIBSOCK_KIND_CONNECTION_RESET},
        {ECONNABORTED, LIBSOCK_KIND_CONNECTION_ABORTED},
        {ENOTCONN, LIBSOCK_KIND_NOT_CONNECTED},
        {EISCONN, LIBSOCK_KIND_ALREADY_CONNECTED},
        {EPIPE, LIBSOCK_KIND_BROKEN_PIPE},
        {ESHUTDOWN, LIBSOCK_KIND_BROKEN_PIPE},
        {EHOSTUNREACH, LIBSOCK_KIND_HOST_UNREACHABLE},
        {ENETUNREACH, LIBSOCK_KIND_NETWORK_UNREACHABLE},
        {ENETDOWN, LIBSOCK_KIND_NETWORK_DOWN},
        {EMSGSIZE, LIBSOCK_KIND_MSG_SIZE},
        {ENOBUFS, LIBSOCK_KIND_NO_BUFFERS},
        {ENOMEM, LIBSOCK_KIND_OUT_OF_MEMORY},
        {EMFILE, LIBSOCK_KIND_TOO_MANY_FILES},
        {ENFILE, LIBSOCK_KIND_TOO_MANY_FILES},
        {EBUSY, LIBSOCK_KIND_BUSY},
        {EIO, LIBSOCK_KIND_OTHER},
    };
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(rows); i++) {
        CHECK_EQ_INT(libsock_kind(-rows[i][0]), rows[i][1]);
    }
}

TEST(errors_of_our_own_have_the_kind_they_are_made_for)
{
    static const int kinds[] = {
        LIBSOCK_KIND_INVALID_INPUT, LIBSOCK_KIND_UNSUPPORTED,
        LIBSOCK_KIND_NO_BUFFERS,    LIBSOCK_KIND_BAD_DESCRIPTOR,
        LIBSOCK_KIND_OUT_OF_MEMORY, LIBSOCK_KIND_TIMED_OUT,
        LIBSOCK_KIND_MSG_SIZE,      LIBSOCK_KIND_NOT_FOUND,
    };
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(kinds); i++) {
        CHECK_INT(libsock__sys_error(kinds[i]), <, 0);
        CHECK_EQ_INT(libsock_kind(libsock__sys_error(kinds[i])), kinds[i]);
    }
}

TEST(every_kind_has_a_code_that_leads_back_to_it)
{
    CHECK_EQ_INT(libsock_error_of(LIBSOCK_KIND_OK), 0);
    for (int kind = LIBSOCK_KIND_WOULD_BLOCK; kind <= LIBSOCK_KIND_BUSY;
         kind++) {
        CHECK_INT(libsock_error_of(kind), <, 0);
        CHECK_EQ_INT(libsock_kind(libsock_error_of(kind)), kind);
    }
    CHECK(libsock_would_block(libsock_error_of(LIBSOCK_KIND_WOULD_BLOCK)));
    CHECK_ERR(libsock_error_of(LIBSOCK_KIND_OTHER), EINVAL);
    CHECK_ERR(libsock_error_of(-1), EINVAL);
    CHECK_ERR(libsock_error_of(LIBSOCK_KIND_BUSY + 1), EINVAL);
}

#if defined(__GLIBC__)
TEST(every_errno_has_the_name_that_the_c_library_gives_it)
{
    int named = 0;
    int code;

    for (code = 1; code < 4096; code++) {
        const char *name = strerrorname_np(code);

        CHECK_EQ_STR(libsock_error_name(-code),
                     name != NULL ? name : "UNKNOWN");
        named += name != NULL;
    }
    CHECK_INT(named, >=, 131);
}
#endif

TEST(every_errno_has_the_sentence_of_the_c_library)
{
    char text[128];
    int code;

    for (code = 1; code < 200; code++) {
        const char *sentence = strerror(code);

        CHECK_EQ_UINT(libsock_error_text(-code, text, sizeof(text)),
                      strlen(sentence));
        CHECK_EQ_STR(text, sentence);
    }
}

TEST(unknown_codes_are_said_to_be_unknown)
{
    static const ptrdiff_t results[] = {-4095, -INT_MAX, PTRDIFF_MIN,
                                        PTRDIFF_MIN + EAGAIN};
    char text[64];
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(results); i++) {
        CHECK_EQ_INT(libsock_kind(results[i]), LIBSOCK_KIND_OTHER);
        CHECK_EQ_STR(libsock_error_name(results[i]), "UNKNOWN");
        CHECK_UINT(libsock_error_text(results[i], text, sizeof(text)), >, 0);
        CHECK_EQ_STR(text, strerror(results[i] < -INT_MAX
                                        ? INT_MAX
                                        : libsock_os_code(results[i])));
    }
}

TEST(a_small_buffer_gets_the_start_and_the_whole_length)
{
    const char *sentence = strerror(ECONNREFUSED);
    size_t whole = strlen(sentence);
    char text[64];

    memset(text, 'x', sizeof(text));
    CHECK_EQ_UINT(libsock_error_text(-ECONNREFUSED, text, 5), whole);
    CHECK_EQ_INT(text[4], 0);
    CHECK_EQ_MEM(text, sentence, 4);
    CHECK_EQ_INT(text[5], 'x');
    CHECK_EQ_UINT(libsock_error_text(-ECONNREFUSED, text, 1), whole);
    CHECK_EQ_STR(text, "");
    CHECK_EQ_UINT(libsock_error_text(-ECONNREFUSED, NULL, 0), whole);
    CHECK_EQ_UINT(libsock_error_text(0, NULL, 0), strlen("Success"));
    memset(text, 'x', sizeof(text));
    CHECK_EQ_UINT(libsock_error_text(0, text, 3), strlen("Success"));
    CHECK_EQ_STR(text, "Su");
    CHECK_EQ_UINT(libsock_error_text(0, text, strlen("Success")),
                  strlen("Success"));
    CHECK_EQ_STR(text, "Succes");
    CHECK_EQ_INT(text[strlen("Success")], 'x');
    CHECK_EQ_UINT(libsock_error_text(-EPIPE, text, whole + 40),
                  strlen(strerror(EPIPE)));
}
