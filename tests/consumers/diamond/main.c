/* SPDX-License-Identifier: MIT */
/* What one library opens with libsock, the other one watches with libevio. */
#include "subprojects/left/left.h"
#include "subprojects/right/right.h"

int main(void)
{
    libsock_socket pair[2];

    if (left_open(pair) < 0) {
        return 1;
    }
    int readiness = right_readiness(pair[0]);
    left_close(pair);
    return readiness == EVIO_WRITABLE ? 0 : 1;
}
