/* SPDX-License-Identifier: MIT */
/*
 * Control data: records one after the other, written and read.
 * What a record looks like to the OS lives in the port, what single kinds hold
 * in the control_*.c beside this. Nothing is guarded: writers and readers
 * belong to one thread at a time.
 */
#include "control.h"

#include <limits.h>
#include <string.h>

/* Far above what any OS takes; keeps every sum below within an int. */
#define CONTROL_PAYLOAD_MAX (INT_MAX / 2)

size_t libsock_control_space(size_t payload)
{
    return payload <= CONTROL_PAYLOAD_MAX ? libsock__sys_control_space(payload)
                                          : 0;
}

int libsock_control_writer_init(libsock_control_writer *writer, void *room,
                                size_t cap)
{
    libsock_msg msg = {0};
    int r;

    if (writer == NULL) {
        return libsock__invalid();
    }
    r = libsock_msg_set_control(&msg, room, cap);
    if (r < 0) {
        return r;
    }
    writer->room = room;
    writer->cap = cap;
    writer->len = 0;
    return 0;
}

size_t libsock_control_len(const libsock_control_writer *writer)
{
    return writer != NULL ? writer->len : 0;
}

ptrdiff_t libsock__control_begin(libsock_control_writer *writer,
                                 const int native[2], size_t len,
                                 unsigned char **out_payload)
{
    size_t space = libsock_control_space(len);

    if (writer == NULL || space == 0) {
        return libsock__invalid();
    }
    if (space > writer->cap - writer->len) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    memset(writer->room + writer->len, 0, space);
    *out_payload = libsock__sys_control_head(writer->room + writer->len,
                                             native[0], native[1], len);
    return (ptrdiff_t)space;
}

int libsock_control_put(libsock_control_writer *writer, int level, int type,
                        const void *data, size_t len)
{
    unsigned char *payload = NULL;
    ptrdiff_t space;

    if (data == NULL && len != 0) {
        return libsock__invalid();
    }
    space = libsock__control_begin(writer, (const int[2]){level, type}, len,
                                   &payload);
    if (space < 0) {
        return (int)space;
    }
    if (payload != NULL && len != 0) {
        memcpy(payload, data, len);
    }
    return libsock__control_commit(writer, space);
}

int libsock__control_put_made(libsock_control_writer *writer, int r,
                              const libsock__control_made *made)
{
    if (r < 0) {
        return r;
    }
    return libsock_control_put(writer, made->level, made->type, made->bytes,
                               made->len);
}

int libsock_control_reader_over(libsock_control_reader *reader,
                                const void *control, size_t len)
{
    if (reader == NULL || (control == NULL && len != 0)) {
        return libsock__invalid();
    }
    reader->next = control;
    reader->left = len;
    return 0;
}

int libsock_control_reader_init(libsock_control_reader *reader,
                                const libsock_msg *msg)
{
    if (msg == NULL) {
        return libsock__invalid();
    }
    return libsock_control_reader_over(reader, libsock__sys_msg_control(msg),
                                       libsock__sys_msg_control_len(msg));
}

int libsock_control_next(libsock_control_reader *reader,
                         libsock_control *out_record)
{
    size_t step;
    int r;

    if (reader == NULL || out_record == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_control_parse(reader->next, reader->left, out_record,
                                   &step);
    if (r <= 0) {
        reader->left = 0;
        return r;
    }
    reader->next += step;
    reader->left -= step;
    return r;
}

int libsock_control_find(const libsock_msg *msg, int kind,
                         libsock_control *out_record)
{
    libsock_control_reader reader;
    libsock_control record;
    int r = libsock_control_reader_init(&reader, msg);

    if (r < 0 || out_record == NULL || kind == LIBSOCK_CONTROL_OTHER) {
        return libsock__invalid();
    }
    while ((r = libsock_control_next(&reader, &record)) > 0) {
        if (record.kind == kind) {
            *out_record = record;
            return 0;
        }
    }
    return r < 0 ? r : libsock__sys_error(LIBSOCK_KIND_NOT_FOUND);
}
