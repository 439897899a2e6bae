/* SPDX-License-Identifier: MIT */
/* One line per option of libsock's table. Values are shown by values.c. The
 * sockets that are asked are opened and closed here. */
#include "list.h"

#include <stdio.h>

#include <libsock/error.h>
#include <libsock/opt.h>
#include <libsock/socket.h>
#include <libsock/version.h>

#include "json.h"
#include "table.h"
#include "words.h"

enum {
    LIST_FIRST_SORT = 7, /* the columns before those of the sorts */
    LIST_SORTS = 9,
    LIST_COLUMNS = LIST_FIRST_SORT + LIST_SORTS
};

struct list_sort {
    const char *name;
    int domain;
    int type;
    int protocol;
};

static const struct list_sort list_sorts[LIST_SORTS] = {
    {"tcp4", LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0},
    {"tcp6", LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_STREAM, 0},
    {"udp4", LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0},
    {"udp6", LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_DGRAM, 0},
    {"unix", LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0},
    {"raw4", LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW, LIBSOCK_PROTOCOL_ICMPV4},
    {"raw6", LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_RAW, LIBSOCK_PROTOCOL_ICMPV6},
    {"packet", LIBSOCK_DOMAIN_PACKET, LIBSOCK_TYPE_DGRAM, 0},
    {"vsock", LIBSOCK_DOMAIN_VSOCK, LIBSOCK_TYPE_STREAM, 0},
};

/* A fresh socket of each sort, or why there is none. */
struct list_sockets {
    libsock_socket socks[LIST_SORTS];
    int results[LIST_SORTS];
};

static void list_open(struct list_sockets *sockets)
{
    for (int i = 0; i < LIST_SORTS; i++) {
        const struct list_sort *sort = &list_sorts[i];
        sockets->socks[i] = (libsock_socket)LIBSOCK_SOCKET_INIT;
        sockets->results[i] = libsock_open(
            sort->domain, sort->type, sort->protocol, 0, &sockets->socks[i]);
    }
}

static void list_close(struct list_sockets *sockets)
{
    for (int i = 0; i < LIST_SORTS; i++) {
        if (sockets->results[i] >= 0)
            libsock_close(sockets->socks[i]);
    }
}

/* Whether this kernel has the option for this sort; what else there is to say
 * about it. */
enum list_answer {
    LIST_NO,
    LIST_YES,
    LIST_NO_SOCKET, /* of this sort, so nobody to ask */
    LIST_ONLY_TRIED /* cannot be read, so only trying would tell */
};

static enum list_answer list_ask(const struct list_sockets *sockets, int sort,
                                 const libsock_opt_info *info, size_t index)
{
    if (!info->present)
        return LIST_NO;
    if (sockets->results[sort] < 0)
        return LIST_NO_SOCKET;
    if ((info->access & LIBSOCK_OPT_GET) == 0)
        return LIST_ONLY_TRIED;
    /* A failure to read what is there, such as a missing privilege, is the
     * answer of a kernel that knows the option. */
    return libsock_opt_probe(sockets->socks[sort], index) == 0 ? LIST_NO
                                                               : LIST_YES;
}

static void list_table_row(struct table *table,
                           const struct list_sockets *sockets, size_t index)
{
    static const char *const answers[] = {[LIST_NO] = "no",
                                          [LIST_YES] = "yes",
                                          [LIST_NO_SOCKET] = "-",
                                          [LIST_ONLY_TRIED] = "?"};
    char access[WORDS_SIZE], range[WORDS_SIZE], where[WORDS_SIZE];
    const char *cells[LIST_COLUMNS];
    libsock_opt_info info;

    if (libsock_opt_info_at(index, &info) < 0)
        return;
    cells[0] = info.name;
    cells[1] = words_kind(info.kind);
    cells[2] = words_unit(info.unit);
    cells[3] = words_access(info.access, access);
    cells[4] = words_sockets(&info, where);
    cells[5] = words_range(&info, range);
    cells[6] = info.present ? "yes" : "no";
    for (int i = 0; i < LIST_SORTS; i++)
        cells[LIST_FIRST_SORT + i] =
            answers[list_ask(sockets, i, &info, index)];
    table_row(table, cells);
}

static void list_table_head(struct table *table)
{
    const char *cells[LIST_COLUMNS] = {"option",  "kind",  "unit", "access",
                                       "sockets", "range", "here"};

    for (int i = 0; i < LIST_SORTS; i++)
        cells[LIST_FIRST_SORT + i] = list_sorts[i].name;
    table_row(table, cells);
}

static void list_table(const struct list_sockets *sockets)
{
    struct table table = {.n_columns = LIST_COLUMNS};

    for (int turn = 0; turn < 2; turn++) {
        table.prints = turn > 0;
        list_table_head(&table);
        for (size_t i = 0; i < libsock_opt_count(); i++)
            list_table_row(&table, sockets, i);
    }
    puts("\nhere: this build knows the system's number; then, whether the "
         "kernel has it\nfor such a socket; ?: it cannot be read, so only "
         "trying would tell");
    for (int i = 0; i < LIST_SORTS; i++) {
        if (sockets->results[i] < 0)
            printf("-: %s could not be opened (%s)\n", list_sorts[i].name,
                   libsock_error_name(sockets->results[i]));
    }
}

/* "any" becomes null. */
static void list_json_word(struct json *json, const char *name, int number,
                           const char *word)
{
    json_text(json, name, number != 0 ? word : NULL);
}

static void list_json_access(struct json *json, int access)
{
    json_begin(json, "access", '[');
    if ((access & LIBSOCK_OPT_GET) != 0)
        json_text(json, NULL, "get");
    if ((access & LIBSOCK_OPT_SET) != 0)
        json_text(json, NULL, "set");
    if ((access & LIBSOCK_OPT_CALL) != 0)
        json_text(json, NULL, "call");
    json_end(json, ']');
}

static void list_json_range(struct json *json, const libsock_opt_info *info)
{
    if (info->min == 0 && info->max == 0) {
        json_null(json, "range");
        return;
    }
    json_begin(json, "range", '[');
    json_int(json, NULL, info->min);
    json_int(json, NULL, info->max);
    json_end(json, ']');
}

static void list_json_row(struct json *json, const struct list_sockets *sockets,
                          size_t index)
{
    libsock_opt_info info;

    if (libsock_opt_info_at(index, &info) < 0)
        return;
    json_begin(json, NULL, '{');
    json_text(json, "name", info.name);
    json_text(json, "kind", words_kind(info.kind));
    list_json_word(json, "unit", info.unit, words_unit(info.unit));
    list_json_access(json, info.access);
    list_json_word(json, "domain", info.domain, words_domain(info.domain));
    list_json_word(json, "type", info.type, words_type(info.type));
    list_json_word(json, "protocol", info.protocol,
                   words_protocol(info.protocol));
    list_json_range(json, &info);
    json_bool(json, "present", info.present);
    json_int(json, "level", info.level);
    json_int(json, "native", info.native);
    json_begin(json, "kernel", '{');
    for (int i = 0; i < LIST_SORTS; i++) {
        enum list_answer answer = list_ask(sockets, i, &info, index);
        if (answer == LIST_NO || answer == LIST_YES)
            json_bool(json, list_sorts[i].name, answer == LIST_YES);
        else
            json_null(json, list_sorts[i].name);
    }
    json_end(json, '}');
    json_end(json, '}');
}

/* Of the library that is linked, which may be newer than its headers here. */
static void list_json_version(struct json *json)
{
    uint32_t version = libsock_version();
    char text[WORDS_SIZE];

    snprintf(text, sizeof(text), "%u.%u.%u", (unsigned)(version >> 16),
             (unsigned)(version >> 8 & 0xff), (unsigned)(version & 0xff));
    json_text(json, "libsock", text);
}

static void list_json(const struct list_sockets *sockets)
{
    struct json json = {0};

    json_begin(&json, NULL, '{');
    list_json_version(&json);
    json_begin(&json, "sockets", '{');
    for (int i = 0; i < LIST_SORTS; i++)
        json_text(&json, list_sorts[i].name,
                  sockets->results[i] < 0
                      ? libsock_error_name(sockets->results[i])
                      : "OK");
    json_end(&json, '}');
    json_begin(&json, "options", '[');
    for (size_t i = 0; i < libsock_opt_count(); i++)
        list_json_row(&json, sockets, i);
    json_end(&json, ']');
    json_end(&json, '}');
}

void list_print(bool as_json)
{
    struct list_sockets sockets;

    list_open(&sockets);
    if (as_json)
        list_json(&sockets);
    else
        list_table(&sockets);
    list_close(&sockets);
}
