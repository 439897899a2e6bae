/* SPDX-License-Identifier: MIT */
/* sockinfo: the options of sockets. Reads the command line; what it asks for is
 * done by list.c and values.c. One thread. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libsock/socket.h>
#include <libsock/version.h>

#include "list.h"
#include "report.h"
#include "target.h"
#include "values.h"

static const char main_help[] =
    "usage: sockinfo [--json]                    the options that there are\n"
    "       sockinfo [--json] [--bind] ADDRESS   values of a new socket\n"
    "       sockinfo [--json] --fd N             values of descriptor N, "
    "which\n"
    "                                            the caller has open\n"
    "\n"
    "ADDRESS  tcp:192.0.2.7:80  tcp:[::1]:80  udp:127.0.0.1:53  unix:/run/a\n"
    "         unix:@name  unix-dgram:/run/a  unix-seqpacket:/run/a\n"
    "         vsock:2:5000  netlink:0:0\n"
    "\n"
    "      --bind     give the socket the address instead of connecting to "
    "it,\n"
    "                 which is given up after 10 seconds\n"
    "      --fd N     in a shell: sockinfo --fd 3 3<>/dev/tcp/127.0.0.1/80\n"
    "      --json     durations are nanoseconds, null for none\n"
    "      --help     show this\n"
    "      --version  show the version\n";

struct main_options {
    bool json;
    bool bind;
    bool help;
    bool version;
    const char *address;
    const char *fd;
};

/* 0, or the exit code. */
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
    if (strcmp(word, "--fd") == 0) {
        if (next == NULL)
            return report_usage("no number after", word);
        o->fd = next;
        *out_took_next = true;
        return 0;
    }
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
    return 0;
}

static int main_address(const struct main_options *o)
{
    libsock_socket sock;
    const char *step;
    char what[600];
    int r = target_open(o->address, o->bind, &sock, &step);

    if (r < 0) {
        bool wrong = strcmp(step, "address") == 0;
        snprintf(what, sizeof(what), "%s (%s)", o->address, step);
        report_failure(what, r);
        return wrong ? REPORT_USAGE : REPORT_FAILED;
    }
    r = values_print(sock, o->json);
    libsock_close(sock);
    return r < 0 ? report_failure(o->address, r) : 0;
}

static int main_descriptor(const struct main_options *o)
{
    libsock_socket sock;

    if (!target_from_number(o->fd, &sock))
        return report_usage("no descriptor has the number", o->fd);
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
