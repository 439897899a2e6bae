/* SPDX-License-Identifier: MIT */
/*
 * The structures of SCTP as Linux has them; <linux/sctp.h> comes with few
 * kits. Ranges were judged above. No state to guard.
 */
#include "sys/posix/platform.h"

#include <string.h>

#include <libsock/opt_sctp.h>

#include "sys/posix/opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

/* struct sctp_initmsg is the four numbers. */
int libsock__sys_sctp_set_init(libsock_raw sock, const uint16_t init[4])
{
    const struct libsock__opt_native *row =
        libsock__opt_native_of(LIBSOCK__OPT_sctp_init);

    return libsock__sys_setopt(sock, row->level, row->name, init,
                               4 * sizeof(init[0]));
}

int libsock__sys_sctp_get_init(libsock_raw sock, uint16_t out_init[4])
{
    const struct libsock__opt_native *row =
        libsock__opt_native_of(LIBSOCK__OPT_sctp_init);
    size_t len = 4 * sizeof(out_init[0]);

    return libsock__sys_getopt(sock, row->level, row->name, out_init, &len);
}

/* struct sctp_sndinfo and struct sctp_rcvinfo. */
struct sctp_send {
    uint16_t stream;
    uint16_t flags;
    uint32_t payload;
    uint32_t context;
    int32_t association;
};

struct sctp_receive {
    uint16_t stream;
    uint16_t sequence;
    uint16_t flags;
    uint32_t payload;
    uint32_t tsn;
    uint32_t cumulative_tsn;
    uint32_t context;
    int32_t association;
};

enum {
    SCTP_SNDINFO_TYPE = 2
};

_Static_assert(sizeof(struct sctp_receive) == LIBSOCK_SCTP_MESSAGE_SIZE,
               "struct sctp_receive is the kernel's");

int libsock__sys_control_get_sctp(const libsock_control *record,
                                  libsock_sctp_message *out_message)
{
    struct sctp_receive native;

    if (record->len != sizeof(native)) {
        return -EINVAL;
    }
    memcpy(&native, record->data, sizeof(native));
    memset(out_message, 0, sizeof(*out_message));
    out_message->stream = native.stream;
    out_message->sequence = native.sequence;
    out_message->flags = native.flags & LIBSOCK_SCTP_UNORDERED;
    out_message->payload = native.payload;
    out_message->context = native.context;
    out_message->association = native.association;
    return 0;
}

int libsock__sys_control_put_sctp(const libsock_sctp_message *message,
                                  libsock__control_made *out)
{
    struct sctp_send native;

    memset(&native, 0, sizeof(native));
    native.stream = message->stream;
    native.flags = (uint16_t)message->flags;
    native.payload = message->payload;
    native.context = message->context;
    native.association = message->association;
    out->level = IPPROTO_SCTP;
    out->type = SCTP_SNDINFO_TYPE;
    out->len = sizeof(native);
    memcpy(out->bytes, &native, sizeof(native));
    return 0;
}

/* One behind the other, each as long as its family. */
int libsock__sys_sctp_addresses(libsock_raw sock, int id,
                                const libsock_addr *addrs, size_t n)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    unsigned char room[LIBSOCK_SCTP_ADDRS_MAX * sizeof(struct sockaddr_in6)];
    size_t len = 0;
    int r;

    for (size_t i = 0; i < n; i++) {
        size_t size = libsock__sys_addr_family(&addrs[i]) == AF_INET
                          ? sizeof(struct sockaddr_in)
                          : sizeof(struct sockaddr_in6);

        memcpy(room + len, addrs[i].storage, size);
        len += size;
    }
    r = libsock__sys_setopt(sock, row->level, row->name, room, len);
    /* Connecting answers with the number of the association. */
    return r < 0 ? r : 0;
}
