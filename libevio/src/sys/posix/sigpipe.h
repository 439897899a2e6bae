/* SPDX-License-Identifier: MIT */
/*
 * Writing without SIGPIPE where the OS has no flag for it. For ports only.
 */
#ifndef EVIO__POSIX_SIGPIPE_H
#define EVIO__POSIX_SIGPIPE_H

#include "sys/posix/platform.h"

/* writev(), with a broken pipe as a mere -EPIPE. */
ptrdiff_t evio__sigpipe_writev(int fd, const struct iovec *iov, int n);

#endif
