/* SPDX-License-Identifier: MIT */
/* Writes JSON to standard output, one member per call. Commas, line ends and
 * escapes are taken care of; that beginnings and ends match is the caller's.
 * A name is NULL inside an array. */
#ifndef SOCKINFO_JSON_H
#define SOCKINFO_JSON_H

#include <stdbool.h>
#include <stdint.h>

/* Begin with {0}. */
struct json {
    int depth;
    bool follows; /* something stands before, on this level */
};

void json_begin(struct json *json, const char *name, char bracket);
void json_end(struct json *json, char bracket);
void json_null(struct json *json, const char *name);
void json_bool(struct json *json, const char *name, bool value);
void json_int(struct json *json, const char *name, int64_t value);
void json_uint(struct json *json, const char *name, uint64_t value);
/* NULL becomes null. Bytes beyond ASCII are read as Latin-1: what a kernel
 * says need not be UTF-8, and JSON must be. */
void json_text(struct json *json, const char *name, const char *text);

#endif
