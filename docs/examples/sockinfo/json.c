/* SPDX-License-Identifier: MIT */
/* JSON as text: down to the second level each member has a line of its own,
 * what lies deeper stands in one. What is written is not decided here. One
 * thread at a time. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    JSON_DEEP = 3 /* from here on, one line */
};

static void json_string(const char *text)
{
    putchar('"');
    for (const char *c = text; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\')
            printf("\\%c", byte);
        else if (byte < ' ' || byte > '~')
            printf("\\u%04x", byte);
        else
            putchar(byte);
    }
    putchar('"');
}

/* Before a member, or before the end, of what is `depth` levels down. */
static void json_line(int depth, int indent, bool blank)
{
    if (depth < JSON_DEEP)
        printf("\n%*s", indent * 2, "");
    else if (blank)
        putchar(' ');
}

/* All that comes before a value. */
static void json_name(struct json *json, const char *name)
{
    if (json->follows)
        putchar(',');
    if (json->depth > 0)
        json_line(json->depth, json->depth, json->follows);
    if (name != NULL) {
        json_string(name);
        fputs(": ", stdout);
    }
    json->follows = true;
}

void json_begin(struct json *json, const char *name, char bracket)
{
    json_name(json, name);
    putchar(bracket);
    json->depth++;
    json->follows = false;
}

void json_end(struct json *json, char bracket)
{
    if (json->follows)
        json_line(json->depth, json->depth - 1, false);
    putchar(bracket);
    json->depth--;
    json->follows = true;
    if (json->depth == 0)
        putchar('\n');
}

void json_null(struct json *json, const char *name)
{
    json_name(json, name);
    fputs("null", stdout);
}

void json_bool(struct json *json, const char *name, bool value)
{
    json_name(json, name);
    fputs(value ? "true" : "false", stdout);
}

void json_int(struct json *json, const char *name, int64_t value)
{
    json_name(json, name);
    printf("%" PRId64, value);
}

void json_uint(struct json *json, const char *name, uint64_t value)
{
    json_name(json, name);
    printf("%" PRIu64, value);
}

void json_text(struct json *json, const char *name, const char *text)
{
    if (text == NULL) {
        json_null(json, name);
        return;
    }
    json_name(json, name);
    json_string(text);
}
