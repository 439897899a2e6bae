/* SPDX-License-Identifier: MIT */
/* echo load: a load against a server elsewhere. echo without a word: a server
 * in a thread of its own, and a load in this one for each transport. The two
 * share nothing but the kernel and the waker that ends the server. */
#include "commands.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "load.h"
#include "report.h"
#include "server.h"

enum {
    DEMO_TRANSPORTS = 3
};

struct demo {
    struct server server;
    int server_result;
    struct load_options loads[DEMO_TRANSPORTS];
    struct load_result results[DEMO_TRANSPORTS];
};

static bool demo_is_good(const struct load_result *result)
{
    return result->errors == 0 && result->requests > 0;
}

static struct load_options demo_load(const struct options *options)
{
    return (struct load_options){.selector = options->selector,
                                 .connections = options->connections,
                                 .size = options->size,
                                 .duration_ns = options->duration_ns};
}

static bool demo_fits_datagram(size_t size)
{
    return size >= LOAD_UDP_SIZE_MIN && size <= LOAD_UDP_SIZE_MAX;
}

int load_command(const struct options *options)
{
    static struct load_result result;
    struct load_options load = demo_load(options);
    int r = address_parse(options->addresses[0], &load.peer);

    if (r < 0) {
        report_failure(options->addresses[0], r);
        return 2;
    }
    if (load.peer.transport == TRANSPORT_UDP &&
        !demo_fits_datagram(load.size)) {
        report_failure("a payload over UDP has 8 to 65507 bytes", 0);
        return 2;
    }
    if ((r = load_run(&load, &result)) < 0) {
        report_failure("load", r);
        return 1;
    }
    report_table_head();
    report_table_row(&load, &result);
    report_troubles(&load, &result);
    return demo_is_good(&result) ? 0 : 1;
}

/* Port 0 and the unnamed AF_UNIX address let the system choose. */
static int demo_listen(struct demo *d, const struct options *options)
{
    static const char *const texts[DEMO_TRANSPORTS] = {
        "tcp:127.0.0.1:0", "udp:127.0.0.1:0", "unix:"};

    for (int i = 0; i < DEMO_TRANSPORTS; i++) {
        struct address address;
        int r = address_parse(texts[i], &address);
        d->loads[i] = demo_load(options);
        d->loads[i].duration_ns /= DEMO_TRANSPORTS;
        if (r >= 0)
            r = server_listen(&d->server, &address, &d->loads[i].peer);
        if (r < 0) {
            report_failure(texts[i], r);
            return r;
        }
        report_address("listening on", &d->loads[i].peer, d->server.poll);
    }
    return 0;
}

static void *demo_serve(void *arg)
{
    struct demo *d = arg;

    d->server_result = server_run(&d->server);
    return NULL;
}

static int demo_run_loads(struct demo *d)
{
    for (int i = 0; i < DEMO_TRANSPORTS; i++) {
        int r = load_run(&d->loads[i], &d->results[i]);
        if (r < 0) {
            report_failure("load", r);
            return r;
        }
    }
    return 0;
}

/* 0 when everything went well. */
static int demo_report(const struct demo *d)
{
    int code = 0;

    report_table_head();
    for (int i = 0; i < DEMO_TRANSPORTS; i++) {
        report_table_row(&d->loads[i], &d->results[i]);
        if (!demo_is_good(&d->results[i]))
            code = 1;
    }
    for (int i = 0; i < DEMO_TRANSPORTS; i++)
        report_troubles(&d->loads[i], &d->results[i]);
    report_served(&d->server.stats);
    if (d->server_result < 0) {
        report_failure("server", d->server_result);
        code = 1;
    }
    return code;
}

static int demo_with_server(struct demo *d, const struct options *options)
{
    pthread_t thread;

    if (demo_listen(d, options) < 0)
        return 1;
    int error = pthread_create(&thread, NULL, demo_serve, d);
    if (error != 0) {
        report_failure("thread", -error);
        return 1;
    }
    int r = demo_run_loads(d);
    server_stop(&d->server);
    pthread_join(thread, NULL);
    return r < 0 ? 1 : demo_report(d);
}

int demo_command(const struct options *options)
{
    static struct demo d;

    if (!demo_fits_datagram(options->size)) {
        report_failure("a payload over UDP has 8 to 65507 bytes", 0);
        return 2;
    }
    int r = server_open(&d.server, options->selector);
    if (r < 0) {
        report_failure("poll", r);
        return 1;
    }
    int code = demo_with_server(&d, options);
    server_close(&d.server);
    return code;
}
