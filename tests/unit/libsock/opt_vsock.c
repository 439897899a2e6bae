/* SPDX-License-Identifier: MIT */
/*
 * The options of VSOCK, as far as a machine without a peer shows them: what the
 * kernel holds after each set, and how long connecting takes.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <fcntl.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/clock.h"
#include "support/net.h"

static int open_vsock(void)
{
    int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

    if (fd < 0)
        SKIP("no VSOCK in this kernel");
    return fd;
}

static uint64_t raw_u64(int fd, int option)
{
    uint64_t value = 0;
    socklen_t len = sizeof(value);

    CHECK(getsockopt(fd, AF_VSOCK, option, &value, &len) == 0);
    CHECK_EQ_UINT(len, sizeof(value));
    return value;
}

TEST(buffer_sizes_are_64_bits)
{
    int fd = open_vsock();
    uint64_t value = 0;

    CHECK_OK(
        libsock_set_vsock_buffer_max_size(sock_of(fd), UINT64_C(0x180000000)));
    CHECK_EQ_UINT(raw_u64(fd, SO_VM_SOCKETS_BUFFER_MAX_SIZE),
                  UINT64_C(0x180000000));
    CHECK_OK(libsock_get_vsock_buffer_max_size(sock_of(fd), &value));
    CHECK_EQ_UINT(value, UINT64_C(0x180000000));
    CHECK_OK(libsock_set_vsock_buffer_min_size(sock_of(fd), 4096));
    CHECK_EQ_UINT(raw_u64(fd, SO_VM_SOCKETS_BUFFER_MIN_SIZE), 4096);
    CHECK_OK(libsock_get_vsock_buffer_min_size(sock_of(fd), &value));
    CHECK_EQ_UINT(value, 4096);
    CHECK_OK(libsock_set_vsock_buffer_size(sock_of(fd), 1 << 20));
    CHECK_EQ_UINT(raw_u64(fd, SO_VM_SOCKETS_BUFFER_SIZE), 1 << 20);
    CHECK_OK(libsock_get_vsock_buffer_size(sock_of(fd), &value));
    CHECK_EQ_UINT(value, 1 << 20);
    net_close(fd);
}

TEST(connect_timeout_has_no_for_ever)
{
    int fd = open_vsock();
    uint64_t ns = 0;
    struct timeval raw;
    socklen_t len = sizeof(raw);

    CHECK_OK(libsock_get_vsock_connect_timeout(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, 2 * NS_PER_S);
    CHECK_OK(libsock_set_vsock_connect_timeout(sock_of(fd), 3 * NS_PER_S));
    CHECK(getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &raw, &len) ==
          0);
    CHECK_EQ_INT(raw.tv_sec, 3);
    CHECK_EQ_INT(raw.tv_usec, 0);
    /* One nanosecond is a microsecond, and that a tick of the kernel. */
    CHECK_OK(libsock_set_vsock_connect_timeout(sock_of(fd), 1));
    CHECK_OK(libsock_get_vsock_connect_timeout(sock_of(fd), &ns));
    CHECK_UINT(ns, >, 0);
    CHECK_UINT(ns, <=, 20000000);
    /* The kernel takes 0 for 2 s. */
    CHECK_ERR(libsock_set_vsock_connect_timeout(sock_of(fd), 0), EINVAL);
    CHECK_ERR(
        libsock_set_vsock_connect_timeout(sock_of(fd), LIBSOCK_NO_TIMEOUT),
        EINVAL);
    net_close(fd);
}

TEST(other_families_have_none_of_it)
{
    int fd = open_sort(UDP4);
    uint64_t value = 7;

    CHECK_EQ_INT(libsock_kind(libsock_set_vsock_buffer_size(sock_of(fd), 4096)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(
        libsock_kind(libsock_get_vsock_buffer_size(sock_of(fd), &value)),
        LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_UINT(value, 7);
    net_close(fd);
}

TEST(the_local_cid_is_the_devices)
{
    uint32_t cid = 7;
    unsigned raw = 0;
    int fd = open("/dev/vsock", O_RDONLY | O_CLOEXEC);
    int r = libsock_vsock_local_cid(&cid);

    CHECK_ERR(libsock_vsock_local_cid(NULL), EINVAL);
    if (fd < 0) {
        CHECK_EQ_INT(libsock_kind(r), errno == EACCES
                                          ? LIBSOCK_KIND_PERMISSION_DENIED
                                          : LIBSOCK_KIND_UNSUPPORTED);
        CHECK_EQ_UINT(cid, 7);
        SKIP("no /dev/vsock: what there is has been said");
    }
    CHECK(ioctl(fd, IOCTL_VM_SOCKETS_GET_LOCAL_CID, &raw) == 0);
    CHECK_OK(r);
    CHECK_EQ_UINT(cid, raw);
    net_close(fd);
}
