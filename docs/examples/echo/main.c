/* SPDX-License-Identifier: MIT */
/* echo: an echo server and a load for it, over TCP, UDP and AF_UNIX. Each part
 * of the program is in a file of its own; here one is chosen. */
#include <stdio.h>

#include "commands.h"

int main(int argc, char **argv)
{
    struct options options;
    int code;

    /* Line by line, also into a pipe. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    int r = options_parse(argc, argv, &options);
    if (r != OPTIONS_GO)
        code = r;
    else if (options.command == COMMAND_SERVE)
        code = serve_command(&options);
    else if (options.command == COMMAND_LOAD)
        code = load_command(&options);
    else
        code = demo_command(&options);
    /* A full disk must not pass for success. */
    if (fflush(stdout) != 0 || ferror(stdout))
        return code != 0 ? code : 1;
    return code;
}
