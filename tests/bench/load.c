/* SPDX-License-Identifier: MIT */
/*
 * The load of the echo scenario, the same for every contestant: connections
 * with one request each under way, over raw epoll. One round over all of them
 * warms up first; latencies are those of the requests after it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "stats.h"
#include "tool.h"

#define LOAD_REQUEST 64

struct load {
    uint32_t n_conns;
    uint32_t n_requests;
    uint32_t sent;
    uint32_t answered;
    int epoll;
    int *fds;
    uint64_t *started_ns; /* by connection */
    uint64_t *samples_ns; /* by request */
};

static void load_connect(struct load *load, uint32_t id, uint16_t port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons(port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = id};
    const int one = 1;
    int fd =
        bench_errno(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    bench_errno(connect(fd, (struct sockaddr *)(void *)&addr, sizeof(addr)),
                "connect");
    bench_errno(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)),
                "TCP_NODELAY");
    bench_errno(epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event), "add");
    load->fds[id] = fd;
}

static void load_send(struct load *load, uint32_t id)
{
    char request[LOAD_REQUEST] = {0};
    load->started_ns[id] = bench_now_ns();
    ptrdiff_t n = bench_fd_send(load->fds[id], request, sizeof(request));
    bench_check(n == LOAD_REQUEST ? 0 : -EPIPE, "a short request");
}

static void load_recv(struct load *load, uint32_t id)
{
    char answer[LOAD_REQUEST];
    ptrdiff_t n = recv(load->fds[id], answer, sizeof(answer), MSG_WAITALL);
    bench_check(n == LOAD_REQUEST ? 0 : -EPIPE, "a short answer");
}

static void load_warm_up(struct load *load)
{
    for (uint32_t id = 0; id < load->n_conns; id++) {
        load_send(load, id);
        load_recv(load, id);
    }
}

static void load_answer(struct load *load, uint32_t id)
{
    load_recv(load, id);
    load->samples_ns[load->answered++] = bench_now_ns() - load->started_ns[id];
    if (load->sent < load->n_requests) {
        load->sent++;
        load_send(load, id);
    }
}

static void load_run(struct load *load)
{
    struct epoll_event events[BENCH_BATCH];
    /* The edges of the warm-up. */
    while (epoll_wait(load->epoll, events, BENCH_BATCH, 0) > 0) {
    }
    while (load->sent < load->n_conns && load->sent < load->n_requests) {
        load_send(load, load->sent++);
    }
    while (load->answered < load->n_requests) {
        int n = bench_errno(epoll_wait(load->epoll, events, BENCH_BATCH, -1),
                            "epoll_wait");
        for (int i = 0; i < n; i++) {
            load_answer(load, (uint32_t)events[i].data.u64);
        }
    }
}

static void load_report(struct load *load, uint64_t wall_ns)
{
    size_t n = load->n_requests;
    bench_sort(load->samples_ns, n);
    bench_print("p50_ns", (double)bench_percentile(load->samples_ns, n, 0.5));
    bench_print("p99_ns", (double)bench_percentile(load->samples_ns, n, 0.99));
    bench_print("wall_ns", (double)wall_ns / (double)n);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS REQUESTS\n", argv[0]);
        return 2;
    }
    struct load load = {.n_conns = bench_number(argv[2]),
                        .n_requests = bench_number(argv[3])};
    load.fds = bench_alloc(load.n_conns, sizeof(*load.fds));
    load.started_ns = bench_alloc(load.n_conns, sizeof(*load.started_ns));
    load.samples_ns = bench_alloc(load.n_requests, sizeof(*load.samples_ns));
    load.epoll = bench_errno(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    for (uint32_t id = 0; id < load.n_conns; id++) {
        load_connect(&load, id, (uint16_t)bench_number(argv[1]));
    }
    load_warm_up(&load);
    uint64_t start = bench_now_ns();
    load_run(&load);
    load_report(&load, bench_now_ns() - start);
    for (uint32_t id = 0; id < load.n_conns; id++) {
        close(load.fds[id]);
    }
    free(load.fds);
    free(load.started_ns);
    free(load.samples_ns);
    return 0;
}
