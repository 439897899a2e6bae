/* SPDX-License-Identifier: MIT */
/*
 * netlink.c and interface_netlink.c: answers that are broken, cut, changed
 * meanwhile or lost, most of them made by hand. What real ones say is in
 * behaviour/sock_interface.c. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "interface_table.h"
#include "sys/linux/netlink.h"
#include "sys/sys.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    NETLINK_SEQ = 7,
    NETLINK_ROOM = 512
};

/* A datagram in the making, or what a visitor has seen. */
struct netlink_bytes {
    unsigned char bytes[NETLINK_ROOM];
    size_t len;
    unsigned visits;
    int answer;
};

static void netlink_add(struct netlink_bytes *out, const struct nlmsghdr *head,
                        const void *payload, size_t len)
{
    memcpy(out->bytes + out->len, head, sizeof(*head));
    if (len > 0)
        memcpy(out->bytes + out->len + sizeof(*head), payload, len);
    out->len += NLMSG_ALIGN(sizeof(*head) + len);
}

static struct nlmsghdr netlink_head(uint16_t type, size_t len)
{
    struct nlmsghdr head = {0};

    head.nlmsg_len = (uint32_t)(sizeof(head) + len);
    head.nlmsg_type = type;
    head.nlmsg_seq = NETLINK_SEQ;
    return head;
}

static int netlink_visit(void *ctx, const libsock__netlink_message *message)
{
    struct netlink_bytes *seen = ctx;

    CHECK_EQ_INT(message->type, RTM_NEWLINK);
    seen->visits++;
    return seen->answer;
}

/* Walk over an exact copy, so that a sanitizer sees one byte too far. */
static int netlink_walk(const struct netlink_bytes *in,
                        struct netlink_bytes *seen)
{
    unsigned char *copy = malloc(in->len > 0 ? in->len : 1);
    libsock__netlink_message datagram = {copy, in->len, 0};
    int r;

    CHECK(copy != NULL);
    memcpy(copy, in->bytes, in->len);
    r = libsock__netlink_walk(&datagram, NETLINK_SEQ, netlink_visit, seen);
    free(copy);
    return r;
}

static int netlink_walk_one(const struct nlmsghdr *head, const void *payload,
                            size_t len)
{
    struct netlink_bytes in = {.len = 0}, seen = {.len = 0};

    netlink_add(&in, head, payload, len);
    return netlink_walk(&in, &seen);
}

TEST(messages_are_visited_until_the_end)
{
    struct netlink_bytes in = {.len = 0}, seen = {.len = 0};
    struct nlmsghdr head = netlink_head(RTM_NEWLINK, 5);

    CHECK_EQ_INT(netlink_walk(&in, &seen), LIBSOCK__NETLINK_MORE);
    netlink_add(&in, &head, "12345", 5);
    netlink_add(&in, &head, "67890", 5);
    head.nlmsg_seq++;
    netlink_add(&in, &head, "other", 5);
    CHECK_EQ_INT(netlink_walk(&in, &seen), LIBSOCK__NETLINK_MORE);
    CHECK_EQ_UINT(seen.visits, 2);
    head = netlink_head(NLMSG_DONE, 4);
    netlink_add(&in, &head, &(int){0}, 4);
    head = netlink_head(RTM_NEWLINK, 0);
    netlink_add(&in, &head, NULL, 0);
    CHECK_EQ_INT(netlink_walk(&in, &seen), LIBSOCK__NETLINK_DONE);
    CHECK_EQ_UINT(seen.visits, 4);
    seen.answer = -ENOMEM;
    CHECK_ERR(netlink_walk(&in, &seen), ENOMEM);
    CHECK_EQ_UINT(seen.visits, 5);
}

TEST(the_kernels_own_messages_are_understood)
{
    const int denied = -EPERM, fine = 0, odd = 5;
    struct nlmsghdr head = netlink_head(NLMSG_ERROR, sizeof(int));

    CHECK_ERR(netlink_walk_one(&head, &denied, sizeof(int)), EPERM);
    CHECK_EQ_INT(netlink_walk_one(&head, &fine, sizeof(int)),
                 LIBSOCK__NETLINK_MORE);
    CHECK_EQ_INT(netlink_walk_one(&head, &odd, sizeof(int)),
                 LIBSOCK__NETLINK_MORE);
    head = netlink_head(NLMSG_DONE, sizeof(int));
    CHECK_ERR(netlink_walk_one(&head, &denied, sizeof(int)), EPERM);
    CHECK_EQ_INT(netlink_walk_one(&head, &fine, sizeof(int)),
                 LIBSOCK__NETLINK_DONE);
    head = netlink_head(NLMSG_DONE, 0);
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_DONE);
    head = netlink_head(NLMSG_NOOP, 0);
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_MORE);
    head = netlink_head(NLMSG_OVERRUN, 0);
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_AGAIN);
    head = netlink_head(NLMSG_ERROR, 3);
    CHECK_ERR(netlink_walk_one(&head, "abc", 3), EBADMSG);
}

TEST(a_change_meanwhile_begins_anew)
{
    struct nlmsghdr head = netlink_head(RTM_NEWLINK, 0);

    head.nlmsg_flags = NLM_F_MULTI | NLM_F_DUMP_INTR;
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_AGAIN);
    head = netlink_head(NLMSG_DONE, 0);
    head.nlmsg_flags = NLM_F_MULTI | NLM_F_DUMP_INTR;
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_AGAIN);
    /* Somebody else's question. */
    head.nlmsg_seq++;
    CHECK_EQ_INT(netlink_walk_one(&head, NULL, 0), LIBSOCK__NETLINK_MORE);
}

TEST(lengths_that_lie_are_refused)
{
    struct netlink_bytes in = {.len = 0}, seen = {.len = 0};
    struct nlmsghdr head = netlink_head(RTM_NEWLINK, 8);
    static const uint32_t lies[] = {0, 1, 15, 25, 0x7fffffff, 0xffffffff};

    netlink_add(&in, &head, "12345678", 8);
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
        head.nlmsg_len = lies[i];
        memcpy(in.bytes, &head, sizeof(head));
        CHECK_ERR(netlink_walk(&in, &seen), EBADMSG);
    }
    head.nlmsg_len = 24;
    memcpy(in.bytes, &head, sizeof(head));
    for (in.len = 1; in.len < 24; in.len++)
        CHECK_ERR(netlink_walk(&in, &seen), EBADMSG);
    CHECK_EQ_UINT(seen.visits, 0);
    /* Without its padding the last one is whole all the same. */
    head.nlmsg_len = 23;
    memcpy(in.bytes, &head, sizeof(head));
    in.len = 23;
    CHECK_EQ_INT(netlink_walk(&in, &seen), LIBSOCK__NETLINK_MORE);
    CHECK_EQ_UINT(seen.visits, 1);
}

TEST(attributes_end_where_they_stop_making_sense)
{
    const struct rtattr heads[] = {{5, 0x8003}, {4, 9}};
    unsigned char good[12] = {0};
    libsock__netlink_attr attr = {0};

    memcpy(good, &heads[0], 4);
    good[4] = 'a';
    memcpy(good + 8, &heads[1], 4);
    attr.rest = good;
    attr.rest_len = sizeof(good);
    CHECK(libsock__netlink_next(&attr));
    CHECK_EQ_INT(attr.type, 3);
    CHECK_EQ_UINT(attr.len, 1);
    CHECK_EQ_INT(attr.data[0], 'a');
    CHECK(libsock__netlink_next(&attr));
    CHECK_EQ_INT(attr.type, 9);
    CHECK_EQ_UINT(attr.len, 0);
    CHECK(!libsock__netlink_next(&attr));
    for (size_t n = 0; n < 5; n++) {
        attr.rest = good;
        attr.rest_len = n;
        CHECK(!libsock__netlink_next(&attr));
    }
    for (unsigned short n = 0; n < 4; n++) {
        const struct rtattr lie = {n, 1};

        attr.rest = (const unsigned char *)&lie;
        attr.rest_len = sizeof(lie);
        CHECK(!libsock__netlink_next(&attr));
    }
}

static int netlink_count(void *ctx, const libsock__netlink_message *message)
{
    unsigned *count = ctx;

    CHECK(message->type == RTM_NEWLINK || message->type == RTM_NEWADDR);
    ++*count;
    return 0;
}

TEST(a_message_that_does_not_fit_tells_its_length)
{
    libsock__netlink netlink;
    size_t cap = 32;
    unsigned count = 0;
    int r;

    CHECK_OK(libsock__netlink_open(&netlink, cap));
    r = libsock__netlink_dump(&netlink, RTM_GETLINK, netlink_count, &count);
    CHECK_EQ_INT(r, LIBSOCK__NETLINK_AGAIN);
    CHECK_EQ_UINT(count, 0);
    CHECK_UINT(netlink.cap, >, cap);
    cap = netlink.cap;
    libsock__netlink_close(&netlink);
    CHECK_OK(libsock__netlink_open(&netlink, cap));
    r = libsock__netlink_dump(&netlink, RTM_GETLINK, netlink_count, &count);
    CHECK_EQ_INT(r, LIBSOCK__NETLINK_DONE);
    CHECK_UINT(count, >, 0);
    count = 0;
    r = libsock__netlink_dump(&netlink, RTM_GETADDR, netlink_count, &count);
    CHECK(r == LIBSOCK__NETLINK_DONE || r == LIBSOCK__NETLINK_AGAIN);
    libsock__netlink_close(&netlink);
}

/* What another process sends us is not the kernel's word. It has the number of
 * the question, and waits before that is asked. */
TEST(only_the_kernel_is_believed)
{
    struct netlink_bytes seen = {.len = 0}, forged = {.len = 0};
    struct sockaddr_nl own = {.nl_family = AF_NETLINK};
    struct nlmsghdr head = netlink_head(NLMSG_DONE, 0);
    socklen_t len = sizeof(own);
    libsock__netlink netlink;
    ptrdiff_t n;
    int fd;

    CHECK_OK(libsock__netlink_open(&netlink, 32768));
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    CHECK_INT(fd, >=, 0);
    CHECK_OK(bind(netlink.fd, (struct sockaddr *)&own, len));
    CHECK_OK(getsockname(netlink.fd, (struct sockaddr *)&own, &len));
    head.nlmsg_seq = netlink.seq + 1;
    netlink_add(&forged, &head, NULL, 0);
    n = sendto(fd, forged.bytes, forged.len, 0, (struct sockaddr *)&own, len);
    net_close(fd);
    if (n < 0)
        SKIP("forging takes a privilege");
    CHECK_EQ_INT(
        libsock__netlink_dump(&netlink, RTM_GETLINK, netlink_visit, &seen),
        LIBSOCK__NETLINK_DONE);
    CHECK_UINT(seen.visits, >, 0);
    libsock__netlink_close(&netlink);
}

TEST(lost_messages_are_asked_for_again)
{
    libsock_interface_list *list = NULL;

    fault_reset();
    fault_fail_call("recvmsg", 2, ENOBUFS);
    CHECK_OK(libsock_interface_list_new(&list));
    CHECK(fault_fired());
    CHECK_EQ_UINT(fault_calls_of("socket"), 2);
    CHECK_EQ_STR(libsock_interface_list_at(list, 0)->name, "lo");
    CHECK_EQ_UINT(libsock_interface_list_at(list, 0)->index, 1);
    libsock_interface_list_free(list);
    fault_reset();
    fault_fail_call("recvmsg", 0, ENOBUFS);
    list = NULL;
    CHECK_KIND(libsock_interface_list_new(&list), BUSY);
    CHECK(list == NULL);
}

TEST(a_list_takes_few_calls)
{
    libsock_interface_list *list = NULL;

    fault_reset();
    CHECK_OK(libsock_interface_list_new(&list));
    CHECK_EQ_UINT(fault_calls_of("socket"), 1);
    CHECK_EQ_UINT(fault_calls_of("sendto"), 2);
    CHECK_UINT(fault_calls_of("recvmsg"), >=, 4);
    libsock_interface_list_free(list);
}

TEST(a_signal_is_reported)
{
    libsock_interface_list *list = NULL;

    fault_fail_call("recvmsg", 1, EINTR);
    CHECK(libsock_interrupted(libsock_interface_list_new(&list)));
    CHECK(list == NULL);
}
