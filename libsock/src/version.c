/* SPDX-License-Identifier: MIT */
/* The version that is linked. Nothing else. */
#include <libsock/version.h>

uint32_t libsock_version(void)
{
    return LIBSOCK_VERSION;
}
