/* SPDX-License-Identifier: MIT */
/*
 * Names and numbers of interfaces, and the list that is made of what the port
 * found. Asking the system is the port's. A list never changes once it is
 * made, so nothing is guarded.
 */
#include <libsock/interface.h>

#include <string.h>

#include "interface_table.h"
#include "memory.h"
#include "util.h"

struct interface_item {
    libsock_interface what;
    char name[LIBSOCK_INTERFACE_NAME_SIZE];
};

struct libsock_interface_list {
    libsock_interface_addr *addrs; /* of all interfaces, in their order */
    struct interface_item *items;
    size_t n;
};

int libsock_interface_index(const char *name, uint32_t *out_index)
{
    if (name == NULL || name[0] == '\0' || out_index == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_if_index(name, out_index);
}

ptrdiff_t libsock_interface_name(uint32_t index, char *buf, size_t cap)
{
    char name[LIBSOCK_INTERFACE_NAME_SIZE];
    size_t len;
    int r;

    if (buf == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_if_name(index, name);
    if (r < 0) {
        return r;
    }
    len = strlen(name);
    if (len >= cap) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    memcpy(buf, name, len + 1);
    return (ptrdiff_t)len;
}

static void interface_fill(struct interface_item *item,
                           const libsock__link *link)
{
    libsock_interface *what = &item->what;

    memset(item, 0, sizeof(*item));
    memcpy(item->name, link->name, sizeof(item->name));
    what->name = item->name;
    what->index = link->index;
    what->flags = link->flags;
    what->mtu = link->mtu;
    what->hw_type = link->hw_type;
    what->hw_len = link->hw_len;
    memcpy(what->hw, link->hw, sizeof(what->hw));
}

/*
 * Both halves of the table are sorted, so one pass joins them. An address whose
 * interface came only after the interfaces had been read is left out.
 */
static void interface_join(libsock_interface_list *list,
                           const libsock__link_table *table)
{
    size_t at = 0;
    size_t used = 0;

    for (size_t i = 0; i < list->n; i++) {
        libsock_interface *what = &list->items[i].what;

        interface_fill(&list->items[i], &table->links[i]);
        what->addrs = &list->addrs[used];
        while (at < table->n_addrs && table->addrs[at].index <= what->index) {
            if (table->addrs[at].index == what->index) {
                list->addrs[used++] = table->addrs[at].addr;
                what->n_addrs++;
            }
            at++;
        }
    }
}

/* The table's own entries are larger, so the sizes cannot overflow. */
static int interface_list_make(const libsock__link_table *table,
                               libsock_interface_list **out_list)
{
    libsock_interface_list *list = libsock__resize(NULL, sizeof(*list));

    if (list == NULL) {
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    list->n = table->n_links;
    list->items = libsock__resize(NULL, (list->n + 1) * sizeof(*list->items));
    list->addrs =
        libsock__resize(NULL, (table->n_addrs + 1) * sizeof(*list->addrs));
    if (list->items == NULL || list->addrs == NULL) {
        libsock_interface_list_free(list);
        return libsock__sys_error(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    interface_join(list, table);
    *out_list = list;
    return 0;
}

int libsock_interface_list_new(libsock_interface_list **out_list)
{
    libsock__link_table table = {0};
    int r;

    if (out_list == NULL) {
        return libsock__invalid();
    }
    r = libsock__sys_interfaces(&table);
    if (r >= 0) {
        libsock__link_table_sort(&table);
        r = interface_list_make(&table, out_list);
    }
    libsock__link_table_free(&table);
    return r;
}

void libsock_interface_list_free(libsock_interface_list *list)
{
    if (list != NULL) {
        libsock__free(list->addrs);
        libsock__free(list->items);
        libsock__free(list);
    }
}

size_t libsock_interface_list_count(const libsock_interface_list *list)
{
    return list != NULL ? list->n : 0;
}

const libsock_interface *
libsock_interface_list_at(const libsock_interface_list *list, size_t i)
{
    return i < libsock_interface_list_count(list) ? &list->items[i].what : NULL;
}
