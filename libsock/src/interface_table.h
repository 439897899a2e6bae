/* SPDX-License-Identifier: MIT */
/*
 * Where a port writes down the interfaces and addresses that it finds, in any
 * order. interface.c makes the list of it. One owner, no lock.
 */
#ifndef LIBSOCK__INTERFACE_TABLE_H
#define LIBSOCK__INTERFACE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/interface.h>

/* As libsock_interface, without what the list adds. */
typedef struct libsock__link {
    char name[LIBSOCK_INTERFACE_NAME_SIZE];
    uint32_t index;
    uint32_t flags;
    uint32_t mtu;
    uint32_t hw_type;
    uint32_t hw_len;
    uint8_t hw[LIBSOCK_INTERFACE_HW_SIZE];
} libsock__link;

typedef struct libsock__link_addr {
    uint32_t index; /* of its interface */
    size_t order;   /* of its arrival; set by the table */
    libsock_interface_addr addr;
} libsock__link_addr;

typedef struct libsock__link_table {
    libsock__link *links;
    size_t n_links;
    size_t links_room;
    libsock__link_addr *addrs;
    size_t n_addrs;
    size_t addrs_room;
} libsock__link_table;

/* A copy of it is added; OUT_OF_MEMORY leaves the table as it was. */
int libsock__link_table_add(libsock__link_table *table,
                            const libsock__link *link);
int libsock__link_table_add_addr(libsock__link_table *table,
                                 const libsock__link_addr *addr);
/* NULL when there is none; valid until the next one is added. */
libsock__link *libsock__link_table_find(const libsock__link_table *table,
                                        uint32_t index);
/* Forget all, to begin anew; the memory stays. */
void libsock__link_table_clear(libsock__link_table *table);
/* Links by index; addresses by interface, then as they came. */
void libsock__link_table_sort(libsock__link_table *table);
void libsock__link_table_free(libsock__link_table *table);

#endif
