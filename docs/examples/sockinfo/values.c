/* SPDX-License-Identifier: MIT */
/* Reads every option of a socket by libsock_opt_get_value(), and a structure
 * member by member. What reading would take away from the socket's owner is
 * left alone: the error that waits, and rows with LIBSOCK_OPT_TAKE. There is no
 * state. */
#include "values.h"

#include <stdio.h>
#include <string.h>

#include <libsock/addr.h>
#include <libsock/error.h>
#include <libsock/opt.h>
#include <libsock/opt_sock.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_value.h>
#include <libsock/socket.h>

#include "json.h"
#include "table.h"
#include "words.h"

enum {
    VALUES_COLUMNS = 3,
    VALUES_TEXT_SIZE = 4096 /* for the text of any value */
};

/* What a socket is, as far as it says. A protocol is optional. */
struct values_head {
    int domain;
    int type;
    int protocol; /* or below 0 */
    bool nonblock;
    bool inherit;
    bool bound; /* `local` is there */
    bool connected;
    char local[LIBSOCK_ADDR_TEXT_SIZE];
    char peer[LIBSOCK_ADDR_TEXT_SIZE];
};

static int values_head(libsock_socket sock, struct values_head *head)
{
    libsock_addr addr;

    memset(head, 0, sizeof(*head));
    int r = libsock_get_type(sock, &head->type);
    if (r < 0)
        return r;
    if (libsock_local_addr(sock, &addr) >= 0) {
        head->domain = libsock_addr_domain(&addr);
        head->bound =
            libsock_addr_print(&addr, head->local, sizeof(head->local)) >= 0;
    }
    if (libsock_peer_addr(sock, &addr) >= 0)
        head->connected =
            libsock_addr_print(&addr, head->peer, sizeof(head->peer)) >= 0;
    if (libsock_get_protocol(sock, &head->protocol) < 0)
        head->protocol = -1;
    libsock_get_nonblocking(sock, &head->nonblock);
    libsock_get_inheritable(sock, &head->inherit);
    return 0;
}

/* One that can be read: its row, and its value as far as `r` is a success. */
struct values_one {
    size_t index;
    libsock_opt_info info;
    int r;
    bool unread; /* the kernel would forget it */
    libsock_opt_value value;
};

/* False when row `index` cannot be read at all. */
static bool values_read(libsock_socket sock, size_t index,
                        struct values_one *one)
{
    if (libsock_opt_info_at(index, &one->info) < 0 ||
        (one->info.access & LIBSOCK_OPT_GET) == 0)
        return false;
    one->index = index;
    one->unread = (one->info.access & LIBSOCK_OPT_TAKE) != 0 &&
                  libsock_opt_probe(sock, index) == 1;
    one->r = one->unread ? 0 : libsock_opt_get_value(sock, index, &one->value);
    return true;
}

/* A row for each member, out of the text of them all. */
static void values_table_members(struct table *table,
                                 const struct values_one *one, char *text)
{
    char name[WORDS_SIZE];
    libsock_opt_field field;

    for (size_t i = 0;
         libsock_opt_field_at(one->index, &one->value, i, &field) >= 0; i++) {
        char *value = strchr(text, '=');
        if (!field.known || value == NULL)
            continue;
        value++;
        size_t len = strcspn(value, ",");
        text = value + len + (value[len] != '\0');
        value[len] = '\0';
        snprintf(name, sizeof(name), "%s.%s", one->info.name, field.name);
        const char *cells[VALUES_COLUMNS] = {name, words_kind(field.kind),
                                             value};
        table_row(table, cells);
    }
}

/* What this socket does not have is left out. */
static void values_table_row(struct table *table, libsock_socket sock,
                             size_t index)
{
    char text[VALUES_TEXT_SIZE];
    struct values_one one;

    if (!values_read(sock, index, &one) ||
        libsock_kind(one.r) == LIBSOCK_KIND_UNSUPPORTED)
        return;
    if (one.unread)
        snprintf(text, sizeof(text), "(unread: the kernel would forget it)");
    else if (one.r < 0)
        snprintf(text, sizeof(text), "(%s)", libsock_error_name(one.r));
    else if (one.info.kind == LIBSOCK_OPT_KIND_TEXT)
        snprintf(text, sizeof(text), "\"%s\"", one.value.as.text);
    else if (libsock_opt_print(index, &one.value, text, sizeof(text)) < 0)
        snprintf(text, sizeof(text), "?");
    if (one.r >= 0 && one.info.kind == LIBSOCK_OPT_KIND_STRUCT) {
        values_table_members(table, &one, text);
        return;
    }
    const char *cells[VALUES_COLUMNS] = {one.info.name,
                                         words_kind(one.info.kind), text};
    table_row(table, cells);
}

static const char *values_yes(bool yes)
{
    return yes ? "yes" : "no";
}

static void values_table(libsock_socket sock, const struct values_head *head)
{
    static const char *const titles[VALUES_COLUMNS] = {"option", "kind",
                                                       "value"};
    struct table table = {.n_columns = VALUES_COLUMNS};

    printf("socket       %s %s", words_domain(head->domain),
           words_type(head->type));
    if (head->protocol > 0)
        printf(", protocol %d", head->protocol);
    printf("\nlocal        %s\npeer         %s\n",
           head->bound ? head->local : "-", head->connected ? head->peer : "-");
    printf("nonblocking  %s\ninheritable  %s\n\n", values_yes(head->nonblock),
           values_yes(head->inherit));
    for (int turn = 0; turn < 2; turn++) {
        table.prints = turn > 0;
        table_row(&table, titles);
        for (size_t i = 0; i < libsock_opt_count(); i++)
            values_table_row(&table, sock, i);
    }
}

/* A duration is nanoseconds whatever the kernel counts in, and a number that
 * means none is null. */
static void values_json_amount(struct json *json, const char *name,
                               const libsock_opt_field *field)
{
    bool limits = field->kind == LIBSOCK_OPT_KIND_DURATION ||
                  field->unit == LIBSOCK_OPT_UNIT_BYTES_PER_S;

    if (!field->known || (limits && field->amount == LIBSOCK_NO_LIMIT))
        json_null(json, name);
    else
        json_uint(json, name, field->amount);
}

static void values_json_members(struct json *json, const struct values_one *one)
{
    libsock_opt_field field;

    json_begin(json, "value", '{');
    for (size_t i = 0;
         libsock_opt_field_at(one->index, &one->value, i, &field) >= 0; i++)
        values_json_amount(json, field.name, &field);
    json_end(json, '}');
}

static void values_json_value(struct json *json, const struct values_one *one)
{
    const libsock_opt_value *value = &one->value;
    char text[VALUES_TEXT_SIZE];
    libsock_opt_field amount = {.kind = value->kind,
                                .unit = one->info.unit,
                                .amount = value->as.amount,
                                .known = true};

    switch (value->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        json_bool(json, "value", value->as.boolean);
        break;
    case LIBSOCK_OPT_KIND_INT:
        json_int(json, "value", value->as.number);
        break;
    case LIBSOCK_OPT_KIND_UINT:
    case LIBSOCK_OPT_KIND_SIZE:
    case LIBSOCK_OPT_KIND_U64:
    case LIBSOCK_OPT_KIND_DURATION:
        values_json_amount(json, "value", &amount);
        break;
    case LIBSOCK_OPT_KIND_STRUCT:
        values_json_members(json, one);
        break;
    default:
        if (libsock_opt_print(one->index, value, text, sizeof(text)) < 0)
            json_null(json, "value");
        else
            json_text(json, "value", text);
        break;
    }
}

/* Every row that can be read: with a value, or why it has none. */
static void values_json_row(struct json *json, libsock_socket sock,
                            size_t index)
{
    struct values_one one;

    if (!values_read(sock, index, &one))
        return;
    const char *unit = one.info.unit == LIBSOCK_OPT_UNIT_NONE ? NULL
                       : one.info.kind == LIBSOCK_OPT_KIND_DURATION
                           ? "ns"
                           : words_unit(one.info.unit);
    json_begin(json, NULL, '{');
    json_text(json, "name", one.info.name);
    json_text(json, "kind", words_kind(one.info.kind));
    json_text(json, "unit", unit);
    if (one.unread)
        json_bool(json, "unread", true);
    else if (one.r < 0)
        json_text(json, "error", libsock_error_name(one.r));
    else
        values_json_value(json, &one);
    json_end(json, '}');
}

static void values_json(libsock_socket sock, const struct values_head *head)
{
    struct json json = {0};

    json_begin(&json, NULL, '{');
    json_begin(&json, "socket", '{');
    json_text(&json, "domain", words_domain(head->domain));
    json_text(&json, "type", words_type(head->type));
    if (head->protocol >= 0)
        json_int(&json, "protocol", head->protocol);
    else
        json_null(&json, "protocol");
    json_text(&json, "local", head->bound ? head->local : NULL);
    json_text(&json, "peer", head->connected ? head->peer : NULL);
    json_bool(&json, "nonblocking", head->nonblock);
    json_bool(&json, "inheritable", head->inherit);
    json_end(&json, '}');
    json_begin(&json, "options", '[');
    for (size_t i = 0; i < libsock_opt_count(); i++)
        values_json_row(&json, sock, i);
    json_end(&json, ']');
    json_end(&json, '}');
}

int values_print(libsock_socket sock, bool as_json)
{
    struct values_head head;
    int r = values_head(sock, &head);

    if (r < 0)
        return r;
    if (as_json)
        values_json(sock, &head);
    else
        values_table(sock, &head);
    return 0;
}
