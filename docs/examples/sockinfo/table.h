/* SPDX-License-Identifier: MIT */
/* Columns on standard output, as wide as their longest cell. The rows are gone
 * through twice, first to measure, then to print, so that none is kept. */
#ifndef SOCKINFO_TABLE_H
#define SOCKINFO_TABLE_H

#include <stdbool.h>

enum {
    TABLE_COLUMNS_MAX = 16
};

/* Begin with {n_columns}; set `prints` for the second time. */
struct table {
    int n_columns;
    bool prints;
    int widths[TABLE_COLUMNS_MAX];
};

void table_row(struct table *table, const char *const *cells);

#endif
