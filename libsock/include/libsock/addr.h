/* SPDX-License-Identifier: MIT */
/**
 * @file addr.h
 * Socket addresses: build, read, compare, hash, parse and print.
 *
 * A libsock_addr is a plain value that holds the OS's own structure together
 * with its length, so it goes to the kernel as it is. Nothing here needs a
 * socket; nothing allocates. Only parsing an IPv6 zone *name* asks the OS.
 *
 * Every function is safe from any thread on distinct or constant values.
 */
#ifndef LIBSOCK_ADDR_H
#define LIBSOCK_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Bytes that the longest address of any family takes. */
#define LIBSOCK_ADDR_SIZE 128

/** Bytes in the longest AF_UNIX path or abstract name (Linux's sun_path). */
#define LIBSOCK_UNIX_PATH_MAX 108

/** A text buffer of this size holds any address that libsock prints. */
#define LIBSOCK_ADDR_TEXT_SIZE 512

/**
 * A socket address: copyable, 136 bytes on every OS, no pointers. A zeroed one
 * is the *empty* address (length 0), which a transport reports when it names
 * no peer. Fill it with a libsock_addr_from_*() function or by a call that
 * stores one; read it with a libsock_addr_get_*() function.
 */
typedef struct libsock_addr {
    uint64_t
        storage[LIBSOCK_ADDR_SIZE / 8]; /**< Private: the OS's structure. */
    uint32_t len;                       /**< Private: bytes used of it. */
    uint32_t reserved;                  /**< Zero. */
} libsock_addr;

/** An IPv6 endpoint. */
typedef struct libsock_ipv6 {
    uint8_t octets[16]; /**< Network order, as written. */
    uint16_t port;      /**< Host order. */
    uint16_t reserved;  /**< Zero. */
    uint32_t scope_id;  /**< Interface index of a link-local address, or 0. */
    uint32_t flow_info; /**< Traffic class and flow label, host order. */
} libsock_ipv6;

/** The link-layer endpoint of a packet socket; see packet(7). */
typedef struct libsock_packet {
    uint32_t ifindex;    /**< Interface index; 0 for any. */
    uint16_t protocol;   /**< EtherType in host order, 0x0800 for IPv4. */
    uint16_t hatype;     /**< ARP hardware type; received only. */
    uint8_t pkttype;     /**< PACKET_HOST, PACKET_OUTGOING...; received only. */
    uint8_t len;         /**< Bytes used of `octets`, 0 to 8. */
    uint8_t octets[8];   /**< Hardware address. */
    uint8_t reserved[2]; /**< Zero. */
} libsock_packet;

/** The forms of an AF_UNIX address. */
enum libsock_unix_form {
    LIBSOCK_UNIX_UNNAMED = 0, /**< Not bound to a name. */
    LIBSOCK_UNIX_PATHNAME,    /**< A file; 108 bytes may lack a final NUL. */
    LIBSOCK_UNIX_ABSTRACT     /**< A name outside the file system (Linux). */
};

/**
 * An IPv4 endpoint.
 *
 * @param      octets    4 bytes in network order: {127, 0, 0, 1}.
 * @param      port      Host order; 0 lets bind() choose.
 * @param[out] out_addr  The address.
 *
 * @return 0, or minus the OS's "invalid argument" when a pointer is NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_ipv4(const uint8_t octets[4], uint16_t port,
                                       libsock_addr *out_addr);

/**
 * An IPv6 endpoint.
 *
 * @param      ipv6      Everything about it; `reserved` is not looked at.
 * @param[out] out_addr  The address.
 *
 * @return 0, or minus the OS's "invalid argument" when a pointer is NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_ipv6(const libsock_ipv6 *ipv6,
                                       libsock_addr *out_addr);

/**
 * The address that stands for every interface: 0.0.0.0 or [::].
 *
 * @param      domain    LIBSOCK_DOMAIN_IPV4 or LIBSOCK_DOMAIN_IPV6.
 * @param      port      Host order; 0 lets bind() choose.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT for another domain or NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_any(int domain, uint16_t port,
                                 libsock_addr *out_addr);

/**
 * The address of this host itself: 127.0.0.1 or [::1].
 *
 * @param      domain    LIBSOCK_DOMAIN_IPV4 or LIBSOCK_DOMAIN_IPV6.
 * @param      port      Host order; 0 lets bind() choose.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT for another domain or NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_loopback(int domain, uint16_t port,
                                      libsock_addr *out_addr);

/**
 * An AF_UNIX address that is a file.
 *
 * @param      path      `len` bytes, not NUL-terminated.
 * @param      len       1 to 108. At 108 the kernel is given no final NUL,
 *                       which Linux takes and other systems may refuse.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when `path` is NULL, empty, longer than the
 *         OS's sun_path or holds a NUL byte.
 *
 * Platforms: where the OS has no AF_UNIX: kind UNSUPPORTED.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_unix_path(const char *path, size_t len,
                                            libsock_addr *out_addr);

/**
 * An AF_UNIX address in Linux's abstract namespace; see unix(7).
 *
 * @param      name      `len` bytes, any value, without the leading NUL; may
 *                       be NULL when `len` is 0.
 * @param      len       0 to 107. The empty name is a name of its own.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when too long or NULL.
 *
 * Platforms: Linux and Android; kind UNSUPPORTED elsewhere.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_unix_abstract(const void *name, size_t len,
                                                libsock_addr *out_addr);

/**
 * The AF_UNIX address without a name. Binding to it makes Linux choose an
 * abstract name ("autobind", unix(7)).
 *
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Platforms: where the OS has no AF_UNIX: kind UNSUPPORTED.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_unix_unnamed(libsock_addr *out_addr);

/**
 * A VSOCK endpoint: a virtual machine and its host; see vsock(7).
 *
 * @param      cid       Context id, 0xffffffff for any.
 * @param      port      Port, 0xffffffff for any.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Platforms: Linux and Android; kind UNSUPPORTED elsewhere.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_vsock(uint32_t cid, uint32_t port,
                                        libsock_addr *out_addr);

/**
 * A link-layer endpoint; see packet(7).
 *
 * @param      packet    Everything about it; `reserved` is not looked at.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when NULL, when `len` is over 8 or `ifindex`
 *         over INT32_MAX.
 *
 * Platforms: Linux and Android; kind UNSUPPORTED elsewhere.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_packet(const libsock_packet *packet,
                                         libsock_addr *out_addr);

/**
 * A netlink endpoint; see netlink(7).
 *
 * @param      port_id   The socket's id; 0 is the kernel, or lets bind()
 *                       choose.
 * @param      groups    Bit mask of the multicast groups.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Platforms: Linux and Android; kind UNSUPPORTED elsewhere.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_netlink(uint32_t port_id, uint32_t groups,
                                          libsock_addr *out_addr);

/**
 * An address of any family, given as the OS's own structure. What
 * getsockname() cuts short, and bind() wants whole (AF_PACKET), is lengthened.
 *
 * @param      sockaddr  `len` bytes, as getsockname() would store them; no
 *                       alignment is asked for.
 * @param      len       2 to LIBSOCK_ADDR_SIZE.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when NULL, when `len` is out of range or too
 *         short for the family it names, or for a negative interface index.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_from_raw(const void *sockaddr, size_t len,
                                      libsock_addr *out_addr);

/** @return the OS's structure inside `addr`, as long as `addr` lives. */
LIBSOCK_INLINE const void *libsock_addr_raw(const libsock_addr *addr)
{
    return addr->storage;
}

/** @return how many bytes of libsock_addr_raw() count; 0 when empty. */
LIBSOCK_INLINE size_t libsock_addr_raw_len(const libsock_addr *addr)
{
    return addr->len;
}

/**
 * The family.
 *
 * @param addr  Any address, or NULL.
 *
 * @return an `enum libsock_domain`; LIBSOCK_RAW(family) for one that libsock
 *         does not know; LIBSOCK_DOMAIN_UNSPEC when empty or NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_domain(const libsock_addr *addr);

/**
 * The parts of an IPv4 endpoint.
 *
 * @param      addr        The address.
 * @param[out] out_octets  4 bytes in network order, or NULL.
 * @param[out] out_port    Host order, or NULL.
 *
 * @return 0; kind INVALID_INPUT when `addr` is NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_ipv4(const libsock_addr *addr,
                                      uint8_t out_octets[4],
                                      uint16_t *out_port);

/**
 * The parts of an IPv6 endpoint. An IPv4-mapped one stays IPv6.
 *
 * @param      addr      The address.
 * @param[out] out_ipv6  Everything about it.
 *
 * @return 0; kind INVALID_INPUT when NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_ipv6(const libsock_addr *addr,
                                      libsock_ipv6 *out_ipv6);

/**
 * The form and the bytes of an AF_UNIX address.
 *
 * The path ends at its first NUL or at the address's own length, whichever
 * comes first: systems disagree on whether a final NUL is counted.
 *
 * @param      addr      The address; the result points into it.
 * @param[out] out_form  An `enum libsock_unix_form`.
 * @param[out] out_name  The bytes: the path, or the abstract name without its
 *                       leading NUL; not NUL-terminated.
 * @param[out] out_len   Their count.
 *
 * @return 0; kind INVALID_INPUT when a pointer is NULL or the family differs.
 *
 * Ownership: `out_name` is valid as long as `addr` is there, unchanged.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_unix(const libsock_addr *addr, int *out_form,
                                      const char **out_name, size_t *out_len);

/**
 * The parts of a VSOCK endpoint.
 *
 * @param      addr      The address.
 * @param[out] out_cid   Context id, or NULL.
 * @param[out] out_port  Port, or NULL.
 *
 * @return 0; kind INVALID_INPUT when `addr` is NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_vsock(const libsock_addr *addr,
                                       uint32_t *out_cid, uint32_t *out_port);

/**
 * The parts of a link-layer endpoint.
 *
 * @param      addr        The address.
 * @param[out] out_packet  Everything about it.
 *
 * @return 0; kind INVALID_INPUT when NULL or of another family; kind
 *         NO_BUFFERS when the hardware address is longer than 8 bytes.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_packet(const libsock_addr *addr,
                                        libsock_packet *out_packet);

/**
 * The parts of a netlink endpoint.
 *
 * @param      addr         The address.
 * @param[out] out_port_id  The socket's id, or NULL.
 * @param[out] out_groups   Bit mask of groups, or NULL.
 *
 * @return 0; kind INVALID_INPUT when `addr` is NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_get_netlink(const libsock_addr *addr,
                                         uint32_t *out_port_id,
                                         uint32_t *out_groups);

/**
 * The port of an IPv4 or IPv6 endpoint.
 *
 * @param addr  The address.
 *
 * @return 0 to 65535; kind INVALID_INPUT when NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_port(const libsock_addr *addr);

/**
 * Give an IPv4 or IPv6 endpoint another port.
 *
 * @param[in,out] addr  The address.
 * @param         port  Host order.
 *
 * @return 0; kind INVALID_INPUT when NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_set_port(libsock_addr *addr, uint16_t port);

/**
 * Give an IPv6 endpoint another scope. Text and configuration often leave out
 * the interface of a link-local address or group, without which binding and
 * sending to it fail.
 *
 * @param[in,out] addr      The address.
 * @param         scope_id  Interface index, or 0.
 *
 * @return 0; kind INVALID_INPUT when NULL or of another family.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_set_scope(libsock_addr *addr, uint32_t scope_id);

/**
 * Turn an IPv4 endpoint into the IPv4-mapped IPv6 one, which an IPv6 socket for
 * both families sends and connects to on every OS.
 *
 * @param[in,out] addr  The address; as it was when false is returned. May be
 *                      NULL.
 *
 * @return whether it was IPv4, and is mapped now.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_map(libsock_addr *addr);

/**
 * Turn an IPv4-mapped IPv6 endpoint, as such a socket names its IPv4 peers,
 * into the IPv4 one: for logs, for lists of who may enter, and for calls that
 * want to know the family of the packet.
 *
 * @param[in,out] addr  The address; as it was when false is returned. May be
 *                      NULL.
 *
 * @return whether it was mapped, and is IPv4 now.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_unmap(libsock_addr *addr);

/**
 * Whether the endpoint stands for "every interface": 0.0.0.0 or [::].
 *
 * @param addr  The address, or NULL.
 *
 * @return false for every other family.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_is_unspecified(const libsock_addr *addr);

/**
 * Whether the endpoint is this host itself: 127.0.0.0/8, [::1], or an
 * IPv4-mapped 127.0.0.0/8.
 *
 * @param addr  The address, or NULL.
 *
 * @return false for every other family.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_is_loopback(const libsock_addr *addr);

/**
 * Whether the endpoint is a multicast group: 224.0.0.0/4 or ff00::/8.
 *
 * @param addr  The address, or NULL.
 *
 * @return false for every other family.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_is_multicast(const libsock_addr *addr);

/**
 * Whether two addresses name the same endpoint. What they mean is compared:
 * padding and a BSD's length byte take no part, flow label and scope do. Of a
 * link-layer endpoint, the fields that are only received take no part.
 *
 * @param a  An address, or NULL.
 * @param b  An address, or NULL.
 *
 * @return true when equal; two NULLs, or two empty addresses, are equal.
 *
 * Since:     0.1
 */
LIBSOCK_API bool libsock_addr_equal(const libsock_addr *a,
                                    const libsock_addr *b);

/**
 * A total order over addresses, in agreement with libsock_addr_equal(): by
 * family, then address bytes, port, scope and flow. Good for sorted tables.
 *
 * @param a  An address, or NULL, which comes first.
 * @param b  An address, or NULL.
 *
 * @return negative, 0 or positive as `a` comes before, with or after `b`.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_compare(const libsock_addr *a,
                                     const libsock_addr *b);

/**
 * A hash, in agreement with libsock_addr_equal(), for tables in memory. It is
 * SipHash-2-4, so that with a secret random seed a peer cannot choose addresses
 * that collide. The value differs between systems: never store it.
 *
 * @param addr  The address, or NULL.
 * @param seed  Two secret words of the table; {0, 0}, or NULL, where no peer is
 *              hostile.
 *
 * @return 64 well-mixed bits.
 *
 * Since:     0.1
 */
LIBSOCK_API uint64_t libsock_addr_hash(const libsock_addr *addr,
                                       const uint64_t seed[2]);

/**
 * Read an address from text. The whole text must be one address; nothing is
 * trimmed, guessed or cut.
 *
 *     1.2.3.4:80            four decimal numbers without leading zeros
 *     [2001:db8::1]:443     brackets around IPv6 (RFC 5952 and RFC 4291 forms)
 *     [fe80::1%eth0]:80     zone by name, which must exist, or by number
 *     unix:/run/app.sock    a file; unix: alone is the unnamed address
 *     unix:@name            an abstract name
 *     vsock:3:5000          context id and port; * stands for any
 *     packet:2:0x0800:02:00:5e:10:00:01   interface, EtherType, octets
 *     netlink:0:0x1         port id and groups
 *
 * A port is 0 to 65535, digits only. A zone of digits is a number, which need
 * not exist. In AF_UNIX names the escape \\xHH stands for one byte; a file
 * name that begins with @ is written \\x40, a backslash always \\x5c.
 *
 * @param      text      `len` bytes; needs no NUL.
 * @param      len       Count.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind INVALID_INPUT when the text is not an address; the OS's "no
 *         such device" (kind NOT_FOUND) when a zone name does not exist; kind
 *         UNSUPPORTED when this OS lacks the family.
 *
 * Blocking:  never; a zone name costs one question to the OS.
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_parse(const char *text, size_t len,
                                   libsock_addr *out_addr);

/**
 * Read a bare IPv4 or IPv6 address, without brackets and port, with the rules
 * of libsock_addr_parse().
 *
 * @param      text      `len` bytes, such as "fe80::1%2"; needs no NUL.
 * @param      len       Count.
 * @param      port      Port of the result, host order.
 * @param[out] out_addr  The address.
 *
 * @return as libsock_addr_parse().
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_addr_parse_ip(const char *text, size_t len,
                                      uint16_t port, libsock_addr *out_addr);

/**
 * Write an address as text, in the form that libsock_addr_parse() reads back
 * to an equal address (an IPv6 flow label has no text and is left out). IPv6
 * is written as RFC 5952 says; a zone is written as its number. In AF_UNIX
 * names all but printable ASCII is escaped. An empty address is written "-",
 * a family without a text form "raw:" and its bytes in hexadecimal; neither
 * reads back, nor does a path longer than this OS can bind.
 *
 * @param      addr  The address, or NULL.
 * @param[out] buf   `cap` writable bytes; NUL-terminated on success.
 *                   LIBSOCK_ADDR_TEXT_SIZE is always enough.
 * @param      cap   Size of `buf`.
 *
 * @return the length without the NUL; kind NO_BUFFERS when `cap` is too small,
 *         and then `buf` is untouched; kind INVALID_INPUT when `buf` is NULL.
 *
 * Units:     bytes.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_addr_print(const libsock_addr *addr, char *buf,
                                         size_t cap);

/**
 * Write just the IP address, without brackets and port.
 *
 * @param      addr  An IPv4 or IPv6 address.
 * @param[out] buf   `cap` writable bytes; NUL-terminated on success.
 * @param      cap   Size of `buf`.
 *
 * @return as libsock_addr_print(); kind INVALID_INPUT for another family.
 *
 * Units:     bytes.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_addr_print_ip(const libsock_addr *addr, char *buf,
                                            size_t cap);

LIBSOCK_END

#endif
