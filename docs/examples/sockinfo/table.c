/* SPDX-License-Identifier: MIT */
/* Measures cells and pads them. What is in them is not known here. One thread
 * at a time. */
#include "table.h"

#include <stdio.h>
#include <string.h>

enum {
    TABLE_GAP = 2
};

static void table_measure(struct table *table, const char *const *cells)
{
    for (int i = 0; i < table->n_columns; i++) {
        int width = (int)strlen(cells[i]);
        if (table->widths[i] < width)
            table->widths[i] = width;
    }
}

void table_row(struct table *table, const char *const *cells)
{
    int last = table->n_columns - 1;

    if (!table->prints) {
        table_measure(table, cells);
        return;
    }
    for (int i = 0; i < last; i++)
        printf("%-*s", table->widths[i] + TABLE_GAP, cells[i]);
    puts(cells[last]);
}
