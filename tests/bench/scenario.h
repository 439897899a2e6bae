/* SPDX-License-Identifier: MIT */
/*
 * The scenarios; each measures bench_contestant once and prints its figures.
 * Repeating, interleaving and comparing is the work of the scripts.
 */
#ifndef BENCH_SCENARIO_H
#define BENCH_SCENARIO_H

/* Arguments from the command line, after the scenario's name. */
int bench_chain(char **args);    /* pairs active events */
int bench_register(char **args); /* pairs rounds */
int bench_echo(char **args);     /* connections requests */

#endif
