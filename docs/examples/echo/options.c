/* SPDX-License-Identifier: MIT */
/* Reads the command line strictly: what is not understood is named, and
 * nothing is guessed. Addresses are read later, by those who need them. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libevio/poll.h>
#include <libevio/version.h>

#include "load.h"

enum {
    OPTION_SELECTOR = 256,
    OPTION_VERSION
};

static const char options_help[] =
    "usage: echo [--selector NAME]                     the demonstration\n"
    "       echo [--selector NAME] serve ADDRESS...    an echo server\n"
    "       echo [--selector NAME] [-c N] [-s BYTES] [-d SECONDS] "
    "load ADDRESS\n"
    "\n"
    "ADDRESS  tcp:127.0.0.1:7000  tcp:[::1]:7000  udp:127.0.0.1:7000\n"
    "         unix:/tmp/echo.sock  unix:@name; tcp: may be left out; port 0\n"
    "         lets the system choose\n"
    "\n"
    "  -c, --connections N      clients of a load; 1 to 10000, usually 50\n"
    "  -s, --size BYTES         of a payload; 1 to 16777216, usually 64\n"
    "  -d, --duration SECONDS   of a load, such as 0.5; usually 5; of the\n"
    "                           demonstration at most 5, usually 4.5\n"
    "      --selector NAME      epoll or poll; usually the best there is\n"
    "  -h, --help               show this\n"
    "      --version            show the version\n";

static int options_wrong(const char *what, const char *value)
{
    fprintf(stderr, "echo: %s '%s'; try echo --help\n", what, value);
    return OPTIONS_WRONG;
}

/* Digits only. */
static bool options_number(const char *text, unsigned long max,
                           unsigned long *out_number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || n < 1 || n > max)
        return false;
    *out_number = n;
    return true;
}

static bool options_seconds(const char *text, uint64_t *out_ns)
{
    char *end;

    if (strspn(text, "0123456789.") != strlen(text))
        return false;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || seconds < 0.01 || seconds > 86400)
        return false;
    *out_ns = (uint64_t)(seconds * 1e9);
    return true;
}

static bool options_selector(const char *text, int *out_selector)
{
    int selector = evio_selector_from_name(text);
    if (selector < 0)
        return false;
    *out_selector = selector;
    return true;
}

/* OPTIONS_GO, or the exit code. */
static int options_take(int option, struct options *o, bool *for_load)
{
    unsigned long n;

    switch (option) {
    case 'c':
        *for_load = true;
        if (!options_number(optarg, LOAD_CONNECTIONS_MAX, &n))
            return options_wrong("bad number of connections", optarg);
        o->connections = (unsigned)n;
        return OPTIONS_GO;
    case 's':
        *for_load = true;
        if (!options_number(optarg, LOAD_SIZE_MAX, &n))
            return options_wrong("bad size", optarg);
        o->size = n;
        return OPTIONS_GO;
    case 'd':
        *for_load = true;
        if (!options_seconds(optarg, &o->duration_ns))
            return options_wrong("bad duration", optarg);
        return OPTIONS_GO;
    case OPTION_SELECTOR:
        if (!options_selector(optarg, &o->selector))
            return options_wrong("no such selector in this build:", optarg);
        return OPTIONS_GO;
    case 'h':
        fputs(options_help, stdout);
        return OPTIONS_SHOWN;
    case OPTION_VERSION:
        puts("echo " EVIO_VERSION_TEXT);
        return OPTIONS_SHOWN;
    default: /* getopt_long() has said why */
        return OPTIONS_WRONG;
    }
}

/* The words that are not options: a command and its addresses. */
static int options_words(char **words, int n, struct options *o, bool for_load)
{
    if (n == 0) {
        if (o->duration_ns == 0)
            o->duration_ns = 4500000000;
        return o->duration_ns <= 5000000000
                   ? OPTIONS_GO
                   : options_wrong("too long", "--duration");
    }
    o->addresses = words + 1;
    o->n_addresses = n - 1;
    if (strcmp(words[0], "serve") == 0) {
        o->command = COMMAND_SERVE;
        if (for_load)
            return options_wrong("no -c, -s and -d with", words[0]);
        return n > 1 ? OPTIONS_GO : options_wrong("no address for", words[0]);
    }
    if (strcmp(words[0], "load") != 0)
        return options_wrong("no such command:", words[0]);
    o->command = COMMAND_LOAD;
    if (o->duration_ns == 0)
        o->duration_ns = 5000000000;
    return n == 2 ? OPTIONS_GO : options_wrong("one address for", words[0]);
}

int options_parse(int argc, char **argv, struct options *out_options)
{
    static const struct option known[] = {
        {"connections", required_argument, NULL, 'c'},
        {"size", required_argument, NULL, 's'},
        {"duration", required_argument, NULL, 'd'},
        {"selector", required_argument, NULL, OPTION_SELECTOR},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION},
        {NULL, 0, NULL, 0}};
    struct options o = {.command = COMMAND_DEMO,
                        .selector = EVIO_SELECTOR_AUTO,
                        .connections = 50,
                        .size = 64};
    bool for_load = false;
    int option;

    while ((option = getopt_long(argc, argv, "c:s:d:h", known, NULL)) != -1) {
        int r = options_take(option, &o, &for_load);
        if (r != OPTIONS_GO)
            return r;
    }
    int r = options_words(argv + optind, argc - optind, &o, for_load);
    if (r == OPTIONS_GO)
        *out_options = o;
    return r;
}
