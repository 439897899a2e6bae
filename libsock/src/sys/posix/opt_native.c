/* SPDX-License-Identifier: MIT */
/*
 * The native numbers of opt_list.h, and whether this OS has them at all.
 * What the options mean lives in the list, how values go to the kernel in
 * opt.c. Constant data; nothing to guard.
 */
#include "platform.h"

#include "opt_missing.h"
#include "opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

#define OPT_LEVEL_SOCKET SOL_SOCKET
#define OPT_LEVEL_IP     IPPROTO_IP
#define OPT_LEVEL_IPV6   IPPROTO_IPV6
#define OPT_LEVEL_TCP    IPPROTO_TCP
#define OPT_LEVEL_UDP    IPPROTO_UDP

static const struct libsock__opt_native opt_natives[] = {
#define OPT_NATIVE(name, level, constant, kind, access, unit, min, max, scope) \
 [LIBSOCK__OPT_##                                                              \
     name] = {OPT_LEVEL_##level, constant, LIBSOCK__OPT_KIND_##kind},
    LIBSOCK__OPT_LIST(OPT_NATIVE)
#undef OPT_NATIVE
};

_Static_assert(sizeof(opt_natives) / sizeof(opt_natives[0]) ==
                   LIBSOCK__OPT_COUNT,
               "one native number for each row");

const struct libsock__opt_native *libsock__opt_native_of(int id)
{
    const struct libsock__opt_native *row = &opt_natives[id];

    return row->name == LIBSOCK__OPT_NONE ? NULL : row;
}

int libsock__sys_opt_native(int id, int *out_level, int *out_name)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    *out_level = row->level;
    *out_name = row->name;
    return 0;
}
