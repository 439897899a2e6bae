/* SPDX-License-Identifier: MIT */
/* echo serve: a server on the given addresses until Ctrl-C. The signal handler
 * wakes the poll and does nothing else; the loop ends by itself. */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "report.h"
#include "server.h"

/* For the handler; set before it is installed, and never freed under it. */
static struct server *serve_running;

static void serve_on_signal(int number)
{
    int saved = errno;

    (void)number;
    server_stop(serve_running);
    errno = saved;
}

static void serve_catch_signals(void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int serve_listen(struct server *s, const struct options *options)
{
    for (int i = 0; i < options->n_addresses; i++) {
        struct address address, bound;
        int r = address_parse(options->addresses[i], &address);
        if (r < 0) {
            report_failure(options->addresses[i], r);
            return 2;
        }
        if ((r = server_listen(s, &address, &bound)) < 0) {
            report_failure(options->addresses[i], r);
            return 1;
        }
        report_address("listening on", &bound, s->poll);
    }
    return 0;
}

static int serve_until_signal(struct server *s)
{
    serve_running = s;
    serve_catch_signals(serve_on_signal);
    int r = server_run(s);
    serve_catch_signals(SIG_DFL);
    if (r < 0)
        report_failure("wait", r);
    report_served(&s->stats);
    return r < 0 ? 1 : 0;
}

int serve_command(const struct options *options)
{
    struct server s;
    int r = server_open(&s, options->selector);

    if (r < 0) {
        report_failure("poll", r);
        return 1;
    }
    int code = serve_listen(&s, options);
    if (code == 0)
        code = serve_until_signal(&s);
    server_close(&s);
    return code;
}
