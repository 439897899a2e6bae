/* SPDX-License-Identifier: MIT */
/* From a name and a text to a row and a value. What the option takes is asked
 * of libsock. There is no state. */
#include "set.h"

#include <string.h>

#include <libsock/opt_value.h>

#include "report.h"

int set_option(libsock_socket sock, const char *text)
{
    const char *equals = strchr(text, '=');
    libsock_opt_value value;
    char name[64];
    size_t row;

    if (equals == NULL || (size_t)(equals - text) >= sizeof(name))
        return report_usage("not NAME=VALUE:", text);
    memcpy(name, text, (size_t)(equals - text));
    name[equals - text] = '\0';
    if (libsock_opt_find(name, &row) < 0)
        return report_usage("no option has the name", name);
    if (libsock_opt_parse(row, equals + 1, strlen(equals + 1), &value) < 0)
        return report_usage("no value of that option:", text);
    int r = libsock_opt_set_value(sock, row, &value);
    return r < 0 ? report_step(text, "set", r) : 0;
}
