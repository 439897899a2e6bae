/* SPDX-License-Identifier: MIT */
/* The version that is linked. Nothing else. */
#include <libevio/version.h>

uint32_t evio_version(void)
{
    return EVIO_VERSION;
}
