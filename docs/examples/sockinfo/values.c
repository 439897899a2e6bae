/* SPDX-License-Identifier: MIT */
/* Reads every option of a socket by libsock_opt_get_value(). The error that
 * waits on it is left alone: reading would take it away from its owner. There
 * is no state. */
#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libsock/addr.h>
#include <libsock/error.h>
#include <libsock/opt.h>
#include <libsock/opt_sock.h>
#include <libsock/socket.h>

#include "json.h"
#include "table.h"
#include "words.h"

enum {
    VALUES_COLUMNS = 3
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

static const char *values_unit(int unit)
{
    return unit == LIBSOCK_OPT_UNIT_NONE ? "" : words_unit(unit);
}

/* Room for the text of any value. */
#define VALUES_TEXT_SIZE (LIBSOCK_ADDR_TEXT_SIZE + WORDS_SIZE)

static void values_text(const libsock_opt_value *value, int unit, char *buf)
{
    const uint8_t *o = value->as.octets;
    char words[WORDS_SIZE];
    const char *sep = unit == LIBSOCK_OPT_UNIT_NONE ? "" : " ";

    switch (value->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        snprintf(buf, VALUES_TEXT_SIZE, "%s",
                 value->as.boolean ? "true" : "false");
        break;
    case LIBSOCK_OPT_KIND_INT:
        snprintf(buf, VALUES_TEXT_SIZE, "%" PRId32 "%s%s", value->as.number,
                 sep, values_unit(unit));
        break;
    case LIBSOCK_OPT_KIND_DURATION:
        snprintf(buf, VALUES_TEXT_SIZE, "%s",
                 words_duration(value->as.amount, words));
        break;
    case LIBSOCK_OPT_KIND_TEXT:
        snprintf(buf, VALUES_TEXT_SIZE, "\"%s\"", value->as.text);
        break;
    case LIBSOCK_OPT_KIND_ADDR:
        if (libsock_addr_print(&value->as.addr, buf, VALUES_TEXT_SIZE) < 0)
            snprintf(buf, VALUES_TEXT_SIZE, "?");
        break;
    case LIBSOCK_OPT_KIND_IPV4:
        snprintf(buf, VALUES_TEXT_SIZE, "%d.%d.%d.%d", o[0], o[1], o[2], o[3]);
        break;
    default:
        snprintf(buf, VALUES_TEXT_SIZE, "%" PRIu64 "%s%s", value->as.amount,
                 sep, values_unit(unit));
        break;
    }
}

/* Whether row `index` can be read, and into a libsock_opt_value. */
static bool values_row(size_t index, libsock_opt_info *out_info)
{
    return libsock_opt_info_at(index, out_info) >= 0 &&
           (out_info->access & LIBSOCK_OPT_GET) != 0 &&
           out_info->kind != LIBSOCK_OPT_KIND_BYTES &&
           out_info->kind != LIBSOCK_OPT_KIND_STRUCT;
}

/* What this socket does not have is left out. */
static void values_table_row(struct table *table, libsock_socket sock,
                             size_t index)
{
    char text[VALUES_TEXT_SIZE];
    libsock_opt_value value;
    libsock_opt_info info;

    if (!values_row(index, &info))
        return;
    int r = libsock_opt_get_value(sock, index, &value);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        return;
    if (r < 0)
        snprintf(text, sizeof(text), "(%s)", libsock_error_name(r));
    else
        values_text(&value, info.unit, text);
    const char *cells[VALUES_COLUMNS] = {info.name, words_kind(info.kind),
                                         text};
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

static void values_json_value(struct json *json, const libsock_opt_value *value)
{
    char text[VALUES_TEXT_SIZE];

    switch (value->kind) {
    case LIBSOCK_OPT_KIND_BOOL:
        json_bool(json, "value", value->as.boolean);
        break;
    case LIBSOCK_OPT_KIND_INT:
        json_int(json, "value", value->as.number);
        break;
    case LIBSOCK_OPT_KIND_TEXT:
        json_text(json, "value", value->as.text);
        break;
    case LIBSOCK_OPT_KIND_ADDR:
    case LIBSOCK_OPT_KIND_IPV4:
        values_text(value, LIBSOCK_OPT_UNIT_NONE, text);
        json_text(json, "value", text);
        break;
    default:
        if (value->kind == LIBSOCK_OPT_KIND_DURATION &&
            value->as.amount == LIBSOCK_NO_TIMEOUT)
            json_null(json, "value");
        else
            json_uint(json, "value", value->as.amount);
        break;
    }
}

/* Every row that can be read: with a value, or why it has none. A duration is
 * nanoseconds whatever the kernel counts in; LIBSOCK_NO_TIMEOUT is null. */
static void values_json_row(struct json *json, libsock_socket sock,
                            size_t index)
{
    libsock_opt_value value;
    libsock_opt_info info;

    if (!values_row(index, &info))
        return;
    const char *unit = info.unit == LIBSOCK_OPT_UNIT_NONE ? NULL
                       : info.kind == LIBSOCK_OPT_KIND_DURATION
                           ? "ns"
                           : words_unit(info.unit);
    int r = libsock_opt_get_value(sock, index, &value);
    json_begin(json, NULL, '{');
    json_text(json, "name", info.name);
    json_text(json, "kind", words_kind(info.kind));
    json_text(json, "unit", unit);
    if (r < 0)
        json_text(json, "error", libsock_error_name(r));
    else
        values_json_value(json, &value);
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
