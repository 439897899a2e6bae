/* SPDX-License-Identifier: MIT */
/**
 * @file interface.h
 * Network interfaces: names and numbers, and a list of all with what they are
 * and the addresses they have.
 *
 * A list is a snapshot: an object on the heap that nothing changes later.
 */
#ifndef LIBSOCK_INTERFACE_H
#define LIBSOCK_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>

LIBSOCK_BEGIN

/** A text buffer of this size holds the name of any interface. */
#define LIBSOCK_INTERFACE_NAME_SIZE 64

/** Bytes in the longest hardware address (InfiniBand's has 20). */
#define LIBSOCK_INTERFACE_HW_SIZE 32

/** What an interface is and does. New bits may be added. */
enum libsock_interface_flags {
    LIBSOCK_INTERFACE_UP = 1,             /**< Switched on. */
    LIBSOCK_INTERFACE_RUNNING = 2,        /**< And connected: it carries. */
    LIBSOCK_INTERFACE_LOOPBACK = 4,       /**< This host itself. */
    LIBSOCK_INTERFACE_POINT_TO_POINT = 8, /**< One peer, no neighbours. */
    LIBSOCK_INTERFACE_BROADCAST = 16,     /**< Can reach all neighbours. */
    LIBSOCK_INTERFACE_MULTICAST = 32      /**< Can reach groups of them. */
};

/** An address of an interface. */
typedef struct libsock_interface_addr {
    libsock_addr addr;      /**< IPv4 or IPv6, port 0. A link-local one has the
                                 interface as its scope. */
    libsock_addr broadcast; /**< Of its network; empty when there is none. */
    libsock_addr peer;      /**< The other end; empty when there is none. */
    uint32_t prefix_len;    /**< Bits of the network, 0 to 32 or 128; of the
                                 peer's where there is one. */
    uint32_t reserved;      /**< Zero. */
} libsock_interface_addr;

/** An interface of a list. It may grow at its end: never copy or index it. */
typedef struct libsock_interface {
    const char *name;                    /**< NUL-terminated. */
    const libsock_interface_addr *addrs; /**< As the OS orders them. */
    size_t n_addrs;                      /**< How many. */
    uint32_t index;                      /**< Its number, 1 and up. */
    uint32_t flags;                      /**< OR of LIBSOCK_INTERFACE_*. */
    uint32_t mtu;                        /**< Bytes in the longest packet. */
    uint32_t
        hw_type;     /**< The OS's number: ARPHRD_* or IFT_*; 0 if not known. */
    uint32_t hw_len; /**< Bytes used of `hw`, 0 when it has no address. */
    uint8_t hw[LIBSOCK_INTERFACE_HW_SIZE]; /**< Hardware address. */
} libsock_interface;

/** A snapshot of all interfaces. */
typedef struct libsock_interface_list libsock_interface_list;

/**
 * The number of an interface.
 *
 * @param      name       Its name, NUL-terminated.
 * @param[out] out_index  The number, 1 or more.
 *
 * @return 0; kind NOT_FOUND when there is none of that name; kind
 *         INVALID_INPUT for NULL or an empty name.
 *
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API int libsock_interface_index(const char *name, uint32_t *out_index);

/**
 * The name of an interface.
 *
 * @param      index  Its number.
 * @param[out] buf    `cap` writable bytes; NUL-terminated on success.
 *                    LIBSOCK_INTERFACE_NAME_SIZE is always enough.
 * @param      cap    Size of `buf`.
 *
 * @return the length without the NUL; kind NOT_FOUND when there is none of
 *         that number; kind NO_BUFFERS when `cap` is too small; kind
 *         INVALID_INPUT when `buf` is NULL. `buf` is untouched on failure.
 *
 * Units:     bytes.
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_interface_name(uint32_t index, char *buf,
                                             size_t cap);

/**
 * List all interfaces of this network namespace, with their addresses.
 *
 * @param[out] out_list  The list, ordered by index.
 *
 * @return 0; kind OUT_OF_MEMORY; kind BUSY when interfaces came and went
 *         faster than they could be read (Linux); kind INVALID_INPUT for NULL;
 *         otherwise what the OS said.
 *
 * Ownership: freed with libsock_interface_list_free().
 * Threads:   any.
 * Platforms: Linux: read from rtnetlink, no privilege needed (Android refuses
 *            it to apps: kind PERMISSION_DENIED). Elsewhere getifaddrs(),
 *            which knows a peer on point-to-point interfaces only.
 * Since:     0.1
 */
LIBSOCK_API int libsock_interface_list_new(libsock_interface_list **out_list);

/**
 * Free a list and all that it lent.
 *
 * @param list  The list, or NULL.
 *
 * Threads:   any, once.
 * Since:     0.1
 */
LIBSOCK_API void libsock_interface_list_free(libsock_interface_list *list);

/**
 * How many interfaces a list has.
 *
 * @param list  The list, or NULL.
 *
 * @return the count; 0 for NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API size_t
libsock_interface_list_count(const libsock_interface_list *list);

/**
 * An interface of a list.
 *
 * @param list  The list, or NULL.
 * @param i     0 to the count less one.
 *
 * @return the interface; NULL when there is none at `i`.
 *
 * Ownership: lent, until the list is freed.
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API const libsock_interface *
libsock_interface_list_at(const libsock_interface_list *list, size_t i);

LIBSOCK_END

#endif
