/* SPDX-License-Identifier: MIT */
/*
 * Dumps of rtnetlink(7): the question, the parts of the answer, and each way
 * in which it can be incomplete. What a link or an address is stands in
 * interface_netlink.c. One owner, so nothing is guarded.
 */
#include "netlink.h"

#include <string.h>

#include "memory.h"

#include "../sys.h"

/* Leaves out the counters, most of each link's bytes (Linux 4.4). */
#if !defined(RTEXT_FILTER_SKIP_STATS)
# define RTEXT_FILTER_SKIP_STATS 8
#endif

/* No padding: every part is a multiple of four bytes. */
struct netlink_question {
    struct nlmsghdr head;
    struct ifinfomsg body; /* of RTM_GETLINK; the others read its first byte */
    struct rtattr attr;
    uint32_t mask;
};

int libsock__netlink_open(libsock__netlink *self, size_t cap)
{
    libsock_raw sock = LIBSOCK_RAW_INVALID;
    int r = libsock__sys_open(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, 0, &sock);

    if (r < 0) {
        return r;
    }
    self->buf = libsock__resize(NULL, cap);
    if (self->buf == NULL) {
        close((int)sock);
        return -ENOMEM;
    }
    self->cap = cap;
    self->seq = 0;
    self->fd = (int)sock;
    return 0;
}

void libsock__netlink_close(libsock__netlink *self)
{
    libsock__free(self->buf);
    close(self->fd);
}

static int netlink_ask(libsock__netlink *self, uint16_t type)
{
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct netlink_question question;
    size_t len;

    memset(&question, 0, sizeof(question));
    len = type == RTM_GETLINK ? sizeof(question)
                              : offsetof(struct netlink_question, attr);
    question.head.nlmsg_len = (uint32_t)len;
    question.head.nlmsg_type = type;
    question.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    question.head.nlmsg_seq = ++self->seq;
    question.body.ifi_family = AF_UNSPEC;
    question.attr.rta_len = RTA_LENGTH(sizeof(question.mask));
    question.attr.rta_type = IFLA_EXT_MASK;
    question.mask = RTEXT_FILTER_SKIP_STATS;
    return (int)libsock__count_result(
        SYS(sendto, self->fd, &question, len, 0,
            (const struct sockaddr *)(const void *)&kernel, sizeof(kernel)));
}

/* A code that stands first in the payload, as the kernel negated it. */
static int netlink_code(const libsock__netlink_message *message)
{
    int code = 0;

    if (message->len < sizeof(code)) {
        return -EBADMSG;
    }
    memcpy(&code, message->payload, sizeof(code));
    return code < 0 ? code : 0;
}

/* As libsock__netlink_walk(), for one message. */
static int netlink_message(const libsock__netlink_message *message,
                           libsock__netlink_visit visit, void *ctx)
{
    int r;

    switch (message->type) {
    case NLMSG_NOOP:
        return LIBSOCK__NETLINK_MORE;
    case NLMSG_OVERRUN:
        return LIBSOCK__NETLINK_AGAIN;
    case NLMSG_DONE:
        r = message->len == 0 ? 0 : netlink_code(message);
        return r < 0 ? r : LIBSOCK__NETLINK_DONE;
    case NLMSG_ERROR:
        r = netlink_code(message);
        return r < 0 ? r : LIBSOCK__NETLINK_MORE;
    default:
        r = visit(ctx, message);
        return r < 0 ? r : LIBSOCK__NETLINK_MORE;
    }
}

int libsock__netlink_walk(const libsock__netlink_message *datagram,
                          uint32_t seq, libsock__netlink_visit visit, void *ctx)
{
    const unsigned char *at = datagram->payload;
    size_t left = datagram->len;
    int r = LIBSOCK__NETLINK_MORE;

    while (left > 0 && r == LIBSOCK__NETLINK_MORE) {
        libsock__netlink_message message;
        struct nlmsghdr head = {0};
        size_t step;

        if (left >= sizeof(head)) {
            memcpy(&head, at, sizeof(head));
        }
        if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > left) {
            return -EBADMSG;
        }
        message.payload = at + sizeof(head);
        message.len = head.nlmsg_len - sizeof(head);
        message.type = head.nlmsg_type;
        if (head.nlmsg_seq == seq) {
            r = (head.nlmsg_flags & NLM_F_DUMP_INTR) != 0
                    ? LIBSOCK__NETLINK_AGAIN
                    : netlink_message(&message, visit, ctx);
        }
        step = NLMSG_ALIGN((size_t)head.nlmsg_len);
        step = step < left ? step : left;
        at += step;
        left -= step;
    }
    return r;
}

/* One datagram of the kernel; what others send us is passed over. */
static int netlink_receive(libsock__netlink *self,
                           libsock__netlink_message *out_datagram)
{
    struct iovec iov = {self->buf, self->cap};
    struct sockaddr_nl from;
    struct msghdr msg;
    ssize_t n;

    do {
        memset(&from, 0, sizeof(from));
        memset(&msg, 0, sizeof(msg));
        msg.msg_name = &from;
        msg.msg_namelen = sizeof(from);
        msg.msg_iov = &iov;
        msg.msg_iovlen = 1;
        /* In this direction the flag asks for the true length. */
        n = SYS(recvmsg, self->fd, &msg, MSG_TRUNC);
        if (n < 0) {
            return errno == ENOBUFS ? LIBSOCK__NETLINK_AGAIN : libsock__errno();
        }
    } while (from.nl_pid != 0);
    if ((size_t)n > self->cap) {
        self->cap = (size_t)n;
        return LIBSOCK__NETLINK_AGAIN;
    }
    out_datagram->payload = self->buf;
    out_datagram->len = (size_t)n;
    return LIBSOCK__NETLINK_MORE;
}

int libsock__netlink_dump(libsock__netlink *self, uint16_t type,
                          libsock__netlink_visit visit, void *ctx)
{
    libsock__netlink_message datagram = {0};
    int r = netlink_ask(self, type);

    if (r < 0) {
        return r;
    }
    do {
        r = netlink_receive(self, &datagram);
        if (r == LIBSOCK__NETLINK_MORE) {
            r = libsock__netlink_walk(&datagram, self->seq, visit, ctx);
        }
    } while (r == LIBSOCK__NETLINK_MORE);
    return r;
}

bool libsock__netlink_next(libsock__netlink_attr *attr)
{
    struct rtattr head = {0};
    size_t step;

    if (attr->rest_len >= sizeof(head)) {
        memcpy(&head, attr->rest, sizeof(head));
    }
    if (head.rta_len < sizeof(head) || head.rta_len > attr->rest_len) {
        return false;
    }
    attr->data = attr->rest + sizeof(head);
    attr->len = head.rta_len - sizeof(head);
    /* The two highest bits say what is inside. */
    attr->type = (uint16_t)(head.rta_type & 0x3fff);
    step = RTA_ALIGN((size_t)head.rta_len);
    step = step < attr->rest_len ? step : attr->rest_len;
    attr->rest += step;
    attr->rest_len -= step;
    return true;
}
