/* SPDX-License-Identifier: MIT */
/* sockinfo: the options of sockets. Reads the command line; what it asks for is
 * done by list.c and values.c. One thread. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libsock/error.h>
#include <libsock/socket.h>
#include <libsock/version.h>

#include "list.h"
#include "report.h"
#include "set.h"
#include "target.h"
#include "values.h"

static const char main_help[] =
    "usage: sockinfo [--json]                     the options that there are\n"
    "       sockinfo [--json] [--bind] ADDRESS    values of a new socket\n"
    "       sockinfo [--json] --fd N              values of descriptor N, "
    "which\n"
    "                                             the caller has open\n"
    "\n"
    "ADDRESS  tcp:192.0.2.7:80  tcp:[::1]:80  tcp:localhost:http\n"
    "         udp:127.0.0.1:53  unix:/run/a  unix:@name  unix-dgram:/run/a\n"
    "         unix-seqpacket:/run/a  vsock:2:5000  netlink:0:0x0\n"
    "\n"
    "      --bind     give the socket the address instead of connecting to "
    "it,\n"
    "                 which is given up after 10 seconds\n"
    "      --fd N     in bash: sockinfo --fd 3 3<>/dev/tcp/127.0.0.1/80\n"
    "      --set NAME=VALUE\n"
    "                 set an option first, before connecting or binding; any\n"
    "                 number of them, values as they are shown\n"
    "      --json     durations are nanoseconds, null for none\n"
    "      --help     show this\n"
    "      --version  show the version\n";

enum {
    MAIN_SETS = 32
};

struct main_options {
    bool json;
    bool bind;
    bool help;
    bool version;
    const char *address;
    const char *fd;
    const char *sets[MAIN_SETS];
    size_t n_sets;
};

/* An option with something behind it. 0, or the exit code. */
static int main_value(struct main_options *o, const char *word,
                      const char *next, bool *out_took_next)
{
    if (next == NULL)
        return report_usage("nothing after", word);
    *out_took_next = true;
    if (strcmp(word, "--fd") == 0) {
        o->fd = next;
        return 0;
    }
    if (o->n_sets == MAIN_SETS)
        return report_usage("too many options to set:", next);
    o->sets[o->n_sets++] = next;
    return 0;
}

static int main_word(struct main_options *o, const char *word, const char *next,
                     bool *out_took_next)
{
    struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--json", &o->json},
                 {"--bind", &o->bind},
                 {"--help", &o->help},
                 {"-h", &o->help},
                 {"--version", &o->version}};

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (strcmp(word, flags[i].name) == 0) {
            *flags[i].flag = true;
            return 0;
        }
    }
    if (strcmp(word, "--fd") == 0 || strcmp(word, "--set") == 0)
        return main_value(o, word, next, out_took_next);
    if (word[0] == '-')
        return report_usage("no such option:", word);
    if (o->address != NULL)
        return report_usage("one address only, not", word);
    o->address = word;
    return 0;
}

static int main_options(char **words, struct main_options *o)
{
    for (; *words != NULL; words++) {
        bool took_next = false;
        int code = main_word(o, words[0], words[1], &took_next);
        if (code != 0)
            return code;
        words += took_next;
    }
    if (o->fd != NULL && o->address != NULL)
        return report_usage("no address beside --fd:", o->address);
    if (o->bind && o->address == NULL)
        return report_usage("no address for", "--bind");
    if (o->n_sets > 0 && o->fd == NULL && o->address == NULL)
        return report_usage("no socket for", "--set");
    return 0;
}

static int main_sets(const struct main_options *o, libsock_socket sock)
{
    int code = 0;

    for (size_t i = 0; i < o->n_sets && code == 0; i++)
        code = set_option(sock, o->sets[i]);
    return code;
}

/* A socket for this address. 0, or the exit code; a failure is told when there
 * is no other address to try. */
static int main_open(const struct main_options *o, const struct target *target,
                     size_t which, libsock_socket *out_sock)
{
    const libsock_addr *addr = &target->addrs[which];
    const char *step = "open";
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int code = 0;
    int r = libsock_open(libsock_addr_domain(addr), target->type, 0, 0, &sock);

    if (r >= 0 && (code = main_sets(o, sock)) == 0) {
        step = o->bind ? "bind" : "connect";
        r = target_reach(addr, sock, o->bind);
    }
    if (r < 0)
        code = which + 1 < target->n_addrs ? REPORT_FAILED
                                           : report_step(o->address, step, r);
    if (code != 0)
        libsock_close(sock);
    else
        *out_sock = sock;
    return code;
}

static int main_address(const struct main_options *o)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    struct target target;
    int code = REPORT_FAILED;
    int r = target_find(o->address, &target);

    if (libsock_kind(r) == LIBSOCK_KIND_INVALID_INPUT)
        return report_usage("no address such as tcp:[::1]:80:", o->address);
    if (r < 0)
        return report_step(o->address, "resolve", r);
    for (size_t i = 0; i < target.n_addrs && code == REPORT_FAILED; i++)
        code = main_open(o, &target, i, &sock);
    if (code != 0)
        return code;
    r = values_print(sock, o->json);
    libsock_close(sock);
    return r < 0 ? report_failure(o->address, r) : 0;
}

static int main_descriptor(const struct main_options *o)
{
    libsock_socket sock;

    if (!target_from_number(o->fd, &sock))
        return report_usage("no descriptor has the number", o->fd);
    int code = main_sets(o, sock);
    if (code != 0)
        return code;
    int r = values_print(sock, o->json);
    return r < 0 ? report_failure(o->fd, r) : 0;
}

static int main_run(const struct main_options *o)
{
    if (o->help) {
        fputs(main_help, stdout);
        return 0;
    }
    if (o->version) {
        puts("sockinfo " LIBSOCK_VERSION_TEXT);
        return 0;
    }
    if (o->address != NULL)
        return main_address(o);
    if (o->fd != NULL)
        return main_descriptor(o);
    list_print(o->json);
    return 0;
}

int main(int argc, char **argv)
{
    struct main_options options = {0};
    int code = argc > 0 ? main_options(argv + 1, &options) : 0;

    if (code == 0)
        code = main_run(&options);
    int written = report_end();
    return code != 0 ? code : written;
}
