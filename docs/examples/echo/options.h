/* SPDX-License-Identifier: MIT */
/* The command line. */
#ifndef ECHO_OPTIONS_H
#define ECHO_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

enum command {
    COMMAND_DEMO, /* no word: server and load against each other */
    COMMAND_SERVE,
    COMMAND_LOAD
};

enum {
    OPTIONS_GO = -1,   /* do what was asked for */
    OPTIONS_WRONG = 2, /* exit code, after a message */
    OPTIONS_SHOWN = 0  /* exit code, after --help or --version */
};

struct options {
    enum command command;
    int selector; /* an enum evio_selector */
    unsigned connections;
    size_t size;
    uint64_t duration_ns; /* of a load; in the demo, of all loads together */
    char **addresses;     /* texts */
    int n_addresses;
};

/* OPTIONS_GO, or the exit code of the program. */
int options_parse(int argc, char **argv, struct options *out_options);

#endif
