/* SPDX-License-Identifier: MIT */
/*
 * Two arrays that grow. What is written into them is the port's business.
 * One owner, so nothing is guarded.
 */
#include "interface_table.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "util.h"

enum {
    TABLE_FIRST_ROOM = 16
};

/* Room for one more of `size` bytes; the new array, or NULL. */
static void *table_grow(void *array, size_t size, size_t n, size_t *room)
{
    size_t more = *room == 0 ? TABLE_FIRST_ROOM : *room * 2;

    if (n < *room) {
        return array;
    }
    if (more > SIZE_MAX / size) {
        return NULL;
    }
    array = libsock__resize(array, more * size);
    if (array != NULL) {
        *room = more;
    }
    return array;
}

int libsock__link_table_add(libsock__link_table *table,
                            const libsock__link *link)
{
    libsock__link *links = table_grow(table->links, sizeof(*links),
                                      table->n_links, &table->links_room);

    if (links == NULL) {
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    links[table->n_links++] = *link;
    table->links = links;
    return 0;
}

int libsock__link_table_add_addr(libsock__link_table *table,
                                 const libsock__link_addr *addr)
{
    libsock__link_addr *addrs = table_grow(table->addrs, sizeof(*addrs),
                                           table->n_addrs, &table->addrs_room);

    if (addrs == NULL) {
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    addrs[table->n_addrs] = *addr;
    addrs[table->n_addrs].order = table->n_addrs;
    table->n_addrs++;
    table->addrs = addrs;
    return 0;
}

libsock__link *libsock__link_table_find(const libsock__link_table *table,
                                        uint32_t index)
{
    for (size_t i = 0; i < table->n_links; i++) {
        if (table->links[i].index == index) {
            return &table->links[i];
        }
    }
    return NULL;
}

void libsock__link_table_clear(libsock__link_table *table)
{
    table->n_links = 0;
    table->n_addrs = 0;
}

static int table_by_index(const void *a, const void *b)
{
    const libsock__link *x = a;
    const libsock__link *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

static int table_by_arrival(const void *a, const void *b)
{
    const libsock__link_addr *x = a;
    const libsock__link_addr *y = b;

    if (x->index != y->index) {
        return x->index > y->index ? 1 : -1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

void libsock__link_table_sort(libsock__link_table *table)
{
    if (table->n_links > 0) {
        qsort(table->links, table->n_links, sizeof(*table->links),
              table_by_index);
    }
    if (table->n_addrs > 0) {
        qsort(table->addrs, table->n_addrs, sizeof(*table->addrs),
              table_by_arrival);
    }
}

void libsock__link_table_free(libsock__link_table *table)
{
    libsock__free(table->links);
    libsock__free(table->addrs);
    memset(table, 0, sizeof(*table));
}
