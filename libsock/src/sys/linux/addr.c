/* SPDX-License-Identifier: MIT */
/*
 * The address families of Linux alone: VSOCK, PACKET, NETLINK, and that AF_UNIX
 * has abstract names. The other families are in sys/posix/addr.c. Pure
 * functions, so nothing needs a guard.
 */
#include "../posix/addr_native.h"

#include <libsock/error.h>

#include "util.h"

#include <string.h>

bool libsock__sys_has_abstract(void)
{
    return true;
}

int libsock__sys_addr_put_vsock(uint32_t cid, uint32_t port, libsock_addr *out)
{
    struct sockaddr_vm svm;

    memset(&svm, 0, sizeof(svm));
    svm.svm_family = AF_VSOCK;
    svm.svm_cid = cid;
    svm.svm_port = port;
    return libsock__posix_addr_store(&svm, sizeof(svm), out);
}

int libsock__sys_addr_get_vsock(const libsock_addr *addr, uint32_t *out_cid,
                                uint32_t *out_port)
{
    struct sockaddr_vm svm;

    if (!libsock__posix_addr_load(addr, &svm, sizeof(svm))) {
        return libsock__invalid();
    }
    *out_cid = svm.svm_cid;
    *out_port = svm.svm_port;
    return 0;
}

int libsock__sys_addr_put_packet(const libsock_packet *packet,
                                 libsock_addr *out)
{
    struct sockaddr_ll sll;

    memset(&sll, 0, sizeof(sll));
    sll.sll_family = AF_PACKET;
    sll.sll_protocol = htons(packet->protocol);
    sll.sll_ifindex = (int)packet->ifindex;
    sll.sll_hatype = packet->hatype;
    sll.sll_pkttype = packet->pkttype;
    sll.sll_halen = packet->len;
    memcpy(sll.sll_addr, packet->octets, packet->len);
    return libsock__posix_addr_store(&sll, sizeof(sll), out);
}

/* getsockname() counts no more of sll_addr than the hardware address takes;
 * bind() and sendto() want all of it. */
void libsock__sys_addr_whole(libsock_addr *addr)
{
    const size_t fixed = offsetof(struct sockaddr_ll, sll_addr);
    const size_t whole = sizeof(struct sockaddr_ll);

    if (addr->len >= fixed && addr->len < whole &&
        libsock__sys_addr_family(addr) == AF_PACKET) {
        memset((char *)addr->storage + addr->len, 0, whole - addr->len);
        addr->len = (uint32_t)whole;
    }
}

/* InfiniBand's hardware address takes 20 bytes, more than sll_addr has. */
int libsock__sys_addr_get_packet(const libsock_addr *addr,
                                 libsock_packet *out_packet)
{
    const size_t fixed = offsetof(struct sockaddr_ll, sll_addr);
    struct sockaddr_ll sll;

    if (!libsock__posix_addr_load(addr, &sll, fixed) || sll.sll_ifindex < 0 ||
        addr->len < fixed + sll.sll_halen) {
        return libsock__invalid();
    }
    if (sll.sll_halen > sizeof(out_packet->octets)) {
        return libsock__sys_error(LIBSOCK_KIND_NO_BUFFERS);
    }
    memset(out_packet, 0, sizeof(*out_packet));
    out_packet->ifindex = (uint32_t)sll.sll_ifindex;
    out_packet->protocol = ntohs(sll.sll_protocol);
    out_packet->hatype = sll.sll_hatype;
    out_packet->pkttype = sll.sll_pkttype;
    out_packet->len = sll.sll_halen;
    memcpy(out_packet->octets, (const char *)addr->storage + fixed,
           sll.sll_halen);
    return 0;
}

int libsock__sys_addr_put_netlink(uint32_t port_id, uint32_t groups,
                                  libsock_addr *out)
{
    struct sockaddr_nl snl;

    memset(&snl, 0, sizeof(snl));
    snl.nl_family = AF_NETLINK;
    snl.nl_pid = port_id;
    snl.nl_groups = groups;
    return libsock__posix_addr_store(&snl, sizeof(snl), out);
}

int libsock__sys_addr_get_netlink(const libsock_addr *addr,
                                  uint32_t *out_port_id, uint32_t *out_groups)
{
    struct sockaddr_nl snl;

    if (!libsock__posix_addr_load(addr, &snl, sizeof(snl))) {
        return libsock__invalid();
    }
    *out_port_id = snl.nl_pid;
    *out_groups = snl.nl_groups;
    return 0;
}
