/* SPDX-License-Identifier: MIT */
/*
 * The entry of a contestant's program: picks the scenario. There is one such
 * program per contestant; load.c and calls.c have their own.
 */
#include <stdio.h>
#include <string.h>

#include "loop.h"
#include "scenario.h"

static const struct main_scenario {
    const char *name;
    const char *args;
    int count;
    int (*run)(char **args);
} main_scenarios[] = {
    {"chain", "PAIRS ACTIVE EVENTS", 3, bench_chain},
    {"register", "PAIRS ROUNDS", 2, bench_register},
    {"echo", "CONNECTIONS REQUESTS", 2, bench_echo},
};

int main(int argc, char **argv)
{
    const size_t n = sizeof(main_scenarios) / sizeof(main_scenarios[0]);
    for (size_t i = 0; i < n && argc > 1; i++) {
        const struct main_scenario *s = &main_scenarios[i];
        if (strcmp(argv[1], s->name) == 0 && argc - 2 == s->count) {
            return s->run(argv + 2);
        }
    }
    fprintf(stderr, "%s: one run of:\n", bench_contestant.name);
    for (size_t i = 0; i < n; i++) {
        fprintf(stderr, "  %s %s\n", main_scenarios[i].name,
                main_scenarios[i].args);
    }
    return 2;
}
