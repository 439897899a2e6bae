/* SPDX-License-Identifier: MIT */
/*
 * Single control records for the tests of their values: as a message would
 * bring them, at no alignment, and as the writer leaves them. Only inline
 * functions; a helper that cannot do its work fails the test.
 */
#ifndef TESTS_UNIT_LIBSOCK_CONTROL_SUPPORT_H
#define TESTS_UNIT_LIBSOCK_CONTROL_SUPPORT_H

#include <libsock/os.h>

#include <string.h>

#include "sys/posix/platform.h"

#include "sys/posix/control_types.h"

#include "support/check.h"
#include "support/sock.h"

/* One record, as a message would bring it. The payload is not aligned. */
struct value_record {
    unsigned char bytes[CMSG_SPACE(128) + 1];
    libsock_control control;
};

static inline const libsock_control *value_read(struct value_record *v,
                                                const int number[2],
                                                const void *data, size_t len)
{
    struct cmsghdr head = {0};
    libsock_control_reader reader;

    CHECK_UINT(len, <=, 128);
    head.cmsg_len = CMSG_LEN(len);
    head.cmsg_level = number[0];
    head.cmsg_type = number[1];
    memset(v, 0xa5, sizeof(*v));
    memcpy(v->bytes + 1, &head, sizeof(head));
    if (len > 0)
        memcpy(v->bytes + 1 + CMSG_LEN(0), data, len);
    CHECK_OK(libsock_control_reader_over(&reader, v->bytes + 1, CMSG_LEN(len)));
    CHECK_EQ_INT(libsock_control_next(&reader, &v->control), 1);
    return &v->control;
}

#define READ(v, level, type, data, len) \
 value_read(&(v), (const int[2]){(level), (type)}, (data), (len))

/* A writer over room for a record, and the one record in it. */
struct value_writer {
    uint64_t room[32];
    libsock_control_writer w;
};

static inline libsock_control_writer *value_writer(struct value_writer *v)
{
    CHECK_OK(libsock_control_writer_init(&v->w, v->room, sizeof(v->room)));
    return &v->w;
}

/* What was written is one record of this number and these bytes. */
static inline libsock_control value_written(struct value_writer *v, int level,
                                            int type, const void *data,
                                            size_t len)
{
    libsock_control_reader reader;
    libsock_control c;

    CHECK_EQ_UINT(libsock_control_len(&v->w), CMSG_SPACE(len));
    CHECK_OK(libsock_control_reader_over(&reader, v->room,
                                         libsock_control_len(&v->w)));
    CHECK_EQ_INT(libsock_control_next(&reader, &c), 1);
    CHECK_EQ_INT(c.level, level);
    CHECK_EQ_INT(c.type, type);
    CHECK_EQ_UINT(c.len, len);
    CHECK_EQ_MEM(c.data, data, len);
    return c;
}

#endif
