/* SPDX-License-Identifier: MIT */
/*
 * This process: its number, and its environment as far as ISO C cannot.
 * What the variables mean is activate.c's.
 * The environment has no guard; callers are told to be alone.
 */
#include "platform.h"

#include <stdlib.h>

#include "../sys.h"

int64_t libsock__sys_process_id(void)
{
    return getpid();
}

int libsock__sys_unset_env(const char *name)
{
    return libsock__result(unsetenv(name));
}
