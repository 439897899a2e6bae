/* SPDX-License-Identifier: MIT */
/*
 * main() of every test program: lists, runs and reports its tests as TAP 13.
 * How a process is started, timed and killed on an OS is runner_<os>.c.
 * Only the main thread gets here; the list is complete before main().
 */
#include "runner.h"

#include "clock.h"
#include "fdcount.h"
#include "skips.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct test_case *runner_first;
static struct test_case **runner_last = &runner_first;

struct runner_totals {
    unsigned run;
    unsigned failed;
    unsigned skipped;
};

void test_register(struct test_case *test)
{
    *runner_last = test;
    runner_last = &test->next;
}

static struct test_case *runner_find(const char *name)
{
    for (struct test_case *t = runner_first; t != NULL; t = t->next) {
        if (strcmp(t->name, name) == 0)
            return t;
    }
    return NULL;
}

static unsigned runner_count(void)
{
    unsigned n = 0;

    for (struct test_case *t = runner_first; t != NULL; t = t->next)
        n++;
    return n;
}

/* Seconds from TEST_TIMEOUT or 30; TEST_SLOW=1 (valgrind, qemu) times 10. */
static uint64_t runner_timeout_ns(void)
{
    const char *text = getenv("TEST_TIMEOUT");
    unsigned long seconds = text != NULL ? strtoul(text, NULL, 10) : 0;

    if (seconds == 0)
        seconds = 30;
    return (uint64_t)seconds * clock_slow_factor() * UINT64_C(1000000000);
}

/* In the process of the test: the body between two descriptor counts. */
static int runner_run_here(const struct test_case *test)
{
    struct fdcount before;

    fdcount_take(&before);
    test->body();
    fflush(stdout);
    if (fdcount_report(&before) != 0) {
        fprintf(stderr, "%s: descriptors differ after the test\n", test->name);
        return RUNNER_EXIT_FAIL;
    }
    return EXIT_SUCCESS;
}

/* For a debugger: no second process, no TAP. */
static int runner_run_single(const char *name)
{
    const struct test_case *test = runner_find(name);
    int code;

    if (test == NULL) {
        fprintf(stderr, "no test is named '%s'; --list shows them\n", name);
        return RUNNER_EXIT_USAGE;
    }
    if (runner_tmpdir_make() < 0) {
        fprintf(stderr, "cannot make a temporary directory\n");
        return RUNNER_EXIT_FAIL;
    }
    code = runner_run_here(test);
    runner_tmpdir_remove();
    return code;
}

static int runner_run_child(const char *name)
{
    const struct test_case *test = runner_find(name);

    return test != NULL ? runner_run_here(test) : RUNNER_EXIT_USAGE;
}

/* Diagnostics go to stderr, which Meson shows for a failing program. */
static void runner_print_output(const char *output)
{
    const char *line = output;

    while (line != NULL && *line != '\0') {
        size_t len = strcspn(line, "\n");

        fprintf(stderr, "# %.*s\n", (int)len, line);
        line += len + (line[len] == '\n' ? 1 : 0);
    }
}

static void runner_print_skip(const char *name, unsigned number,
                              const char *output)
{
    const char *mark = strstr(output, RUNNER_SKIP_MARK);
    const char *reason = mark != NULL ? mark + strlen(RUNNER_SKIP_MARK) : "";

    printf("ok %u - %s # SKIP %.*s\n", number, name, (int)strcspn(reason, "\n"),
           reason);
}

static void runner_print_failure(const char *name, unsigned number,
                                 const struct runner_result *result)
{
    bool late = result->kind == RUNNER_TIMED_OUT;

    printf("not ok %u - %s%s\n", number, name, late ? " (timed out)" : "");
    fflush(stdout);
    fprintf(stderr, "# %s: ", name);
    switch (result->kind) {
    case RUNNER_EXITED:
        fprintf(stderr, "exit code %d\n", result->value);
        break;
    case RUNNER_SIGNALLED:
        fprintf(stderr, "killed by %s\n", runner_signal_name(result->value));
        break;
    case RUNNER_TIMED_OUT:
        fprintf(stderr, "timed out after %" PRIu64 " s\n",
                runner_timeout_ns() / UINT64_C(1000000000));
        break;
    case RUNNER_NOT_RUN:
        fprintf(stderr, "not started: %s\n", strerror(result->value));
        break;
    }
    runner_print_output(result->output);
}

static void runner_report(const char *name, const struct runner_result *result,
                          struct runner_totals *totals)
{
    unsigned number = ++totals->run;
    bool exited = result->kind == RUNNER_EXITED;

    if (exited && result->value == EXIT_SUCCESS) {
        printf("ok %u - %s\n", number, name);
    } else if (exited && result->value == RUNNER_EXIT_SKIP) {
        totals->skipped++;
        runner_print_skip(name, number, result->output);
    } else {
        totals->failed++;
        runner_print_failure(name, number, result);
    }
    fflush(stdout);
}

static void runner_run_one(const char *self, const char *name,
                           struct runner_totals *totals)
{
    struct runner_result result = {RUNNER_NOT_RUN, 0, NULL};
    char reason[SKIPS_LINE_MAX];
    int made;

    if (skips_has(name, reason)) {
        totals->skipped++;
        printf("ok %u - %s # SKIP %s\n", ++totals->run, name, reason);
        return;
    }
    made = runner_tmpdir_make();
    if (made < 0)
        result.value = -made;
    else
        runner_spawn(self, name, runner_timeout_ns(), &result);
    runner_report(name, &result, totals);
    free(result.output);
    runner_tmpdir_remove();
}

static int runner_run_all(const char *self)
{
    struct runner_totals totals = {0, 0, 0};

    printf("TAP version 13\n1..%u\n", runner_count());
    if (runner_first == NULL) {
        printf("Bail out! the program holds no test\n");
        return RUNNER_EXIT_FAIL;
    }
    fflush(stdout);
    for (struct test_case *t = runner_first; t != NULL; t = t->next)
        runner_run_one(self, t->name, &totals);
    if (totals.skipped == totals.run)
        printf("# all %u tests were skipped\n", totals.run);
    else if (totals.failed + totals.skipped > 0)
        printf("# %u failed, %u skipped of %u\n", totals.failed, totals.skipped,
               totals.run);
    return totals.failed == 0 ? EXIT_SUCCESS : RUNNER_EXIT_FAIL;
}

static int runner_list(void)
{
    for (struct test_case *t = runner_first; t != NULL; t = t->next)
        puts(t->name);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return runner_run_all(argv[0]);
    if (argc == 3 && strcmp(argv[1], "--child") == 0)
        return runner_run_child(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return runner_list();
    if (argc == 2 && argv[1][0] != '-')
        return runner_run_single(argv[1]);
    fprintf(stderr, "usage: %s [--list | test]\n", argv[0]);
    return RUNNER_EXIT_USAGE;
}
