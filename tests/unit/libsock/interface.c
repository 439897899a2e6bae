/* SPDX-License-Identifier: MIT */
/*
 * interface.c and interface_table.c: that each failure on the way to a list is
 * reported and leaves nothing behind, and that the halves of a table are
 * joined right. What is in a list is in behaviour/sock_interface.c. Built with
 * both ways to list. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "interface_table.h"
#include "sys/sys.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/sock.h"

static int interface_try(void *arg)
{
    libsock_interface_list *untouched = arg;
    libsock_interface_list *list = untouched;
    int r = libsock_interface_list_new(&list);

    if (r < 0)
        CHECK(list == untouched);
    else
        libsock_interface_list_free(list);
    return r;
}

/* ENOBUFS would be tried again, ENODEV is an interface that went away. */
TEST(each_failing_call_is_reported)
{
    struct fault_summary sum;
    int nowhere = 0;

    sum = fault_each(interface_try, &nowhere, ENOMEM);
    CHECK_UINT(sum.rounds, >=, 6);
    /* Of those that failed, looking up a name alone may be done without. */
    CHECK_UINT(sum.failed, >=, 6);
}

TEST(each_failing_allocation_is_out_of_memory)
{
    libsock_interface_list *list = NULL;
    unsigned n;

    for (n = 1;; n++) {
        int r;

        fault_reset();
        fault_fail_call("malloc", n, ENOMEM);
        r = libsock_interface_list_new(&list);
        if (!fault_fired()) {
            CHECK_OK(r);
            break;
        }
        CHECK_KIND(r, OUT_OF_MEMORY);
        CHECK(list == NULL);
    }
    CHECK_UINT(n, >, 4);
    libsock_interface_list_free(list);
}

static void interface_add(libsock__link_table *table, uint32_t index)
{
    libsock__link link = {.index = index, .mtu = index + 1000};

    snprintf(link.name, sizeof(link.name), "i%u", index);
    CHECK_OK(libsock__link_table_add(table, &link));
}

static void interface_add_addr(libsock__link_table *table, uint32_t index,
                               uint32_t mark)
{
    libsock__link_addr addr = {.index = index};

    addr.addr.prefix_len = mark;
    CHECK_OK(libsock__link_table_add_addr(table, &addr));
}

TEST(a_table_grows_and_sorts)
{
    libsock__link_table table = {0};

    for (uint32_t i = 0; i < 100; i++) {
        interface_add(&table, (i * 37) % 100 + 1);
        interface_add_addr(&table, (i * 7) % 10, i);
    }
    libsock__link_table_sort(&table);
    CHECK_EQ_UINT(table.n_links, 100);
    CHECK_EQ_UINT(table.n_addrs, 100);
    for (uint32_t i = 0; i < 100; i++) {
        CHECK_EQ_UINT(table.links[i].index, i + 1);
        CHECK_EQ_UINT(table.links[i].mtu, i + 1001);
        CHECK_EQ_UINT(table.addrs[i].index, i / 10);
        if (i % 10 != 0)
            CHECK_UINT(table.addrs[i].addr.prefix_len, >,
                       table.addrs[i - 1].addr.prefix_len);
    }
    libsock__link_table_clear(&table);
    CHECK_EQ_UINT(table.n_links + table.n_addrs, 0);
    libsock__link_table_sort(&table);
    libsock__link_table_free(&table);
    CHECK(table.links == NULL && table.addrs == NULL);
}

TEST(a_table_without_memory_stays_as_it_was)
{
    libsock__link_table table = {0};
    libsock__link link = {.index = 1};
    libsock__link_addr addr = {.index = 1};

    for (uint32_t i = 0; i < 16; i++) {
        interface_add(&table, i);
        interface_add_addr(&table, i, i);
    }
    fault_reset();
    fault_fail_call("malloc", 0, ENOMEM);
    CHECK_KIND(libsock__link_table_add(&table, &link), OUT_OF_MEMORY);
    CHECK_KIND(libsock__link_table_add_addr(&table, &addr), OUT_OF_MEMORY);
    fault_reset();
    CHECK_EQ_UINT(table.n_links, 16);
    CHECK_EQ_UINT(table.n_addrs, 16);
    for (uint32_t i = 0; i < 16; i++)
        CHECK_EQ_UINT(table.links[i].index, i);
    libsock__link_table_free(&table);
}
