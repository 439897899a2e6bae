/* SPDX-License-Identifier: MIT */
/*
 * The contract between the portable runner and its one file per OS.
 * Test files do not include this; they include check.h.
 * All of it runs on the main thread, except runner_end().
 */
#ifndef TESTS_SUPPORT_RUNNER_H
#define TESTS_SUPPORT_RUNNER_H

#include "check.h"

#define RUNNER_EXIT_FAIL  1
#define RUNNER_EXIT_USAGE 2
#define RUNNER_EXIT_SKIP  77

/* The child starts the line that names its reason to skip with this. */
#define RUNNER_SKIP_MARK "SKIP: "

/* The environment variable that names the test's own empty directory. */
#define RUNNER_TMPDIR_ENV "TEST_OWN_TMPDIR"

enum runner_end_kind {
    RUNNER_EXITED,    /* `value` is the exit code */
    RUNNER_SIGNALLED, /* `value` is the signal, or the OS's crash code */
    RUNNER_TIMED_OUT, /* killed by us */
    RUNNER_NOT_RUN    /* could not be started; `value` is the OS code */
};

struct runner_result {
    enum runner_end_kind kind;
    int value;
    char *output; /* everything the child wrote; the caller frees it */
};

/*
 * Run `self --child name` with a clean signal state, stdin empty, stdout and
 * stderr collected, TEST_OWN_TMPDIR naming `tmpdir`. May block until the
 * timeout. Never fails: a child that cannot start is RUNNER_NOT_RUN.
 */
void runner_spawn(const char *self, const char *name, uint64_t timeout_ns,
                  struct runner_result *out_result);

/* Signal or crash code as a word, such as "SIGPIPE". */
const char *runner_signal_name(int value);

/* Make the test's own directory and name it in the environment. */
int runner_tmpdir_make(void);

/* Remove it with all that the test left inside. */
void runner_tmpdir_remove(void);

/* End this process at once, from any thread, running no exit handlers. */
CHECK_NORETURN void runner_end(int code);

#endif
