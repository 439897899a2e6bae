/* SPDX-License-Identifier: MIT */
/* What goes to standard error, and whether standard output was written. */
#ifndef SOCKINFO_REPORT_H
#define SOCKINFO_REPORT_H

enum {
    REPORT_FAILED = 1, /* exit code: the system said no */
    REPORT_USAGE = 2   /* exit code: the command line makes no sense */
};

/* These return the exit code. */
int report_failure(const char *what, int code);
int report_step(const char *what, const char *step, int code);
int report_usage(const char *what, const char *word);

/* 0, or the exit code when not all output was taken. */
int report_end(void);

#endif
