/* SPDX-License-Identifier: MIT */
/*
 * MPTCP_INFO of Linux, which has grown: what an older kernel does not store
 * stays 0. What members mean lives in the header. No state to guard.
 */
#include "sys/posix/platform.h"

#include <string.h>

#include <libsock/mptcp_info.h>

#include "sys/posix/opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

/* Names without mptcpi_; few C libraries have the structure. */
struct mptcp_native {
    uint8_t subflows;
    uint8_t add_addr_signal;
    uint8_t add_addr_accepted;
    uint8_t subflows_max;
    uint8_t add_addr_signal_max;
    uint8_t add_addr_accepted_max;
    uint32_t flags;
    uint32_t token;
    uint64_t write_seq;
    uint64_t snd_una;
    uint64_t rcv_nxt;
    uint8_t local_addr_used;
    uint8_t local_addr_max;
    uint8_t csum_enabled;
    uint32_t retransmits;
    uint64_t bytes_retrans;
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t bytes_acked;
};

enum {
    MPTCP_REMOTE_KEY = 2, /* MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED */
    MPTCP_VALID_FIRST = (2 << LIBSOCK_MPTCP_INFO_ACCEPTED) - 1,
    MPTCP_VALID_ALL = (2 << LIBSOCK_MPTCP_INFO_BYTES_RECEIVED) - 1,
    MPTCP_WITH_BYTES = offsetof(struct mptcp_native, bytes_acked) + 8
};

/* On 32-bit x86 a number of 8 bytes needs an alignment of 4 only. */
_Static_assert(offsetof(struct mptcp_native, write_seq) == 16 &&
                   offsetof(struct mptcp_native, retransmits) == 44 &&
                   MPTCP_WITH_BYTES == 80,
               "struct mptcp_native is the kernel's");

int libsock__sys_mptcp_info(libsock_raw sock, libsock_mptcp_info *out_info)
{
    const struct libsock__opt_native *row =
        libsock__opt_native_of(LIBSOCK__OPT_mptcp_info);
    struct mptcp_native native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, row->level, row->name, &native, &len);
    if (r < 0) {
        return r;
    }
    memset(out_info, 0, sizeof(*out_info));
    out_info->valid =
        len >= MPTCP_WITH_BYTES ? MPTCP_VALID_ALL : MPTCP_VALID_FIRST;
    if ((native.flags & MPTCP_REMOTE_KEY) != 0) {
        out_info->flags |= LIBSOCK_MPTCP_REMOTE_KEY;
    }
    if (native.csum_enabled != 0) {
        out_info->flags |= LIBSOCK_MPTCP_CHECKSUM;
    }
    out_info->token = native.token;
    out_info->extra_subflows = native.subflows;
    out_info->max_subflows = native.subflows_max;
    out_info->signalled = native.add_addr_signal;
    out_info->accepted = native.add_addr_accepted;
    out_info->retransmits = native.retransmits;
    out_info->bytes_sent = native.bytes_sent;
    out_info->bytes_retransmitted = native.bytes_retrans;
    out_info->bytes_acked = native.bytes_acked;
    out_info->bytes_received = native.bytes_received;
    return 0;
}
