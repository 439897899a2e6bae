/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as the text of each option's value, and as the value itself:
 * what is read prints and reads back equal, nothing reaches out of bounds.
 * Which text means which value is tested in unit/libsock/opt_text.c.
 * A broken promise aborts; sanitizers see the rest.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "fuzz.h"

/* What was read from text prints, and the print is its one text. */
static void fuzz_reads_back(size_t row, const libsock_opt_value *value)
{
    libsock_opt_value again;
    char text[4096];
    char same[4096];

    ptrdiff_t n = libsock_opt_print(row, value, text, sizeof(text));
    FUZZ_CHECK(n >= 0 && strlen(text) == (size_t)n);
    FUZZ_CHECK(libsock_kind(libsock_opt_print(row, value, same, (size_t)n)) ==
               LIBSOCK_KIND_NO_BUFFERS);
    FUZZ_CHECK(libsock_opt_parse(row, text, (size_t)n, &again) == 0);
    FUZZ_CHECK(libsock_opt_print(row, &again, same, (size_t)n + 1) == n);
    FUZZ_CHECK(memcmp(text, same, (size_t)n + 1) == 0);
    if (value->kind != LIBSOCK_OPT_KIND_ADDR) {
        FUZZ_CHECK(memcmp(value, &again, sizeof(again)) == 0);
    }
}

static void fuzz_text(size_t row, const char *text, size_t len)
{
    libsock_opt_value before;
    libsock_opt_value value;

    memset(&value, 0x5a, sizeof(value));
    before = value;
    if (libsock_opt_parse(row, text, len, &value) == 0) {
        fuzz_reads_back(row, &value);
    } else {
        FUZZ_CHECK(memcmp(&value, &before, sizeof(value)) == 0);
    }
}

/* Any value of the right kind has a text, whatever is in it. */
static void fuzz_value(size_t row, const uint8_t *data, size_t size)
{
    libsock_opt_value value;
    libsock_opt_info info;
    libsock_opt_field field;
    char text[4096];

    memset(&value, 0, sizeof(value));
    memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
    libsock_opt_info_at(row, &info);
    value.kind = info.kind;
    if (value.kind == LIBSOCK_OPT_KIND_BOOL) {
        value.as.boolean = size % 2 != 0; /* other bytes are no bool */
    }
    ptrdiff_t n = libsock_opt_print(row, &value, text, sizeof(text));
    FUZZ_CHECK(n < 0 || n < (ptrdiff_t)sizeof(text));
    FUZZ_CHECK(libsock_kind(n) != LIBSOCK_KIND_NO_BUFFERS);
    for (size_t i = 0; libsock_opt_field_at(row, &value, i, &field) >= 0; i++) {
        FUZZ_CHECK(field.known || field.amount == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t row = 0; row < libsock_opt_count(); row++) {
        fuzz_text(row, (const char *)data, size);
        fuzz_value(row, data, size);
    }
    return 0;
}
