/* SPDX-License-Identifier: MIT */
/*
 * Every typed option function, each an expansion of its row in opt_list.h, and
 * the raw escape. What they do lives in opt_number.c, opt_bytes.c and
 * opt_membership.c; those with a structure are in opt_struct.c whole. No state
 * to guard.
 */
#include <libsock/opt.h>

#include <limits.h>

#include <libsock/mptcp_info.h>
#include <libsock/opt_dccp.h>
#include <libsock/opt_flow.h>
#include <libsock/opt_ip.h>
#include <libsock/opt_multicast.h>
#include <libsock/opt_raw.h>
#include <libsock/opt_sctp.h>
#include <libsock/opt_sock.h>
#include <libsock/opt_steer.h>
#include <libsock/opt_tcp.h>
#include <libsock/opt_vsock.h>
#include <libsock/pass.h>
#include <libsock/queue.h>

#include "opt_value.h"
#include "sys/sys.h"
#include "util.h"

int libsock_setopt(libsock_socket sock, int level, int name, const void *value,
                   size_t len)
{
    if ((value == NULL && len > 0) || len > INT_MAX) {
        return libsock__invalid();
    }
    return libsock__sys_setopt(sock.raw, level, name, value, len);
}

int libsock_getopt(libsock_socket sock, int level, int name, void *value,
                   size_t *inout_len)
{
    if (inout_len == NULL || *inout_len > INT_MAX ||
        (value == NULL && *inout_len > 0)) {
        return libsock__invalid();
    }
    return libsock__sys_getopt(sock.raw, level, name, value, inout_len);
}

/* The two shapes of a function that takes or gives one value. */
#define OPT_SETTER(name, type, routine)                            \
 int libsock_set_##name(libsock_socket sock, type value)           \
 {                                                                 \
  return libsock__opt_##routine(sock, LIBSOCK__OPT_##name, value); \
 }
#define OPT_GETTER(name, type, routine)                          \
 int libsock_get_##name(libsock_socket sock, type out)           \
 {                                                               \
  return libsock__opt_##routine(sock, LIBSOCK__OPT_##name, out); \
 }

#define OPT_SET_BOOL(name)     OPT_SETTER(name, bool, set_number)
#define OPT_SET_BOOL8(name)    OPT_SETTER(name, bool, set_number)
#define OPT_SET_INT(name)      OPT_SETTER(name, int, set_number)
#define OPT_SET_UINT(name)     OPT_SETTER(name, uint32_t, set_number)
#define OPT_SET_UINT8(name)    OPT_SETTER(name, uint32_t, set_number)
#define OPT_SET_SIZE(name)     OPT_SETTER(name, size_t, set_size)
#define OPT_SET_DURATION(name) OPT_SETTER(name, uint64_t, set_duration)
#define OPT_SET_TIMEOUT(name)  OPT_SETTER(name, uint64_t, set_duration)
#define OPT_SET_TIMEVAL(name)  OPT_SETTER(name, uint64_t, set_duration)
#define OPT_SET_LINGER(name)   OPT_SETTER(name, uint64_t, set_duration)
#define OPT_SET_IF4(name)      OPT_SETTER(name, uint32_t, set_if)
#define OPT_SET_BOOLDF(name)   OPT_SETTER(name, bool, set_number)
#define OPT_SET_UINTN(name)    OPT_SETTER(name, uint32_t, set_number)
#define OPT_SET_UINT0(name)    OPT_SETTER(name, uint32_t, set_number)
#define OPT_SET_U64(name)      OPT_SETTER(name, uint64_t, set_u64)
#define OPT_SET_RATE(name)     OPT_SETTER(name, uint64_t, set_rate)
#define OPT_SET_SPAN(name)     OPT_SETTER(name, uint64_t, set_duration)
#define OPT_SET_TEXT(name)                                                 \
 int libsock_set_##name(libsock_socket sock, const char *text, size_t len) \
 {                                                                         \
  return libsock__opt_set_text(sock, LIBSOCK__OPT_##name, text, len);      \
 }
#define OPT_SET_ACCEPT(name) OPT_SET_TEXT(name)
#define OPT_SET_IPV4(name)                                            \
 int libsock_set_##name(libsock_socket sock, const uint8_t octets[4]) \
 {                                                                    \
  return libsock__opt_set_ipv4(sock, LIBSOCK__OPT_##name, octets);    \
 }

#define OPT_GET_BOOL(name)     OPT_GETTER(name, bool *, get_bool)
#define OPT_GET_BOOL8(name)    OPT_GETTER(name, bool *, get_bool)
#define OPT_GET_INT(name)      OPT_GETTER(name, int *, get_int)
#define OPT_GET_UINT(name)     OPT_GETTER(name, uint32_t *, get_uint)
#define OPT_GET_UINT8(name)    OPT_GETTER(name, uint32_t *, get_uint)
#define OPT_GET_SIZE(name)     OPT_GETTER(name, size_t *, get_size)
#define OPT_GET_U64(name)      OPT_GETTER(name, uint64_t *, get_u64)
#define OPT_GET_DURATION(name) OPT_GETTER(name, uint64_t *, get_duration)
#define OPT_GET_TIMEOUT(name)  OPT_GETTER(name, uint64_t *, get_duration)
#define OPT_GET_TIMEVAL(name)  OPT_GETTER(name, uint64_t *, get_duration)
#define OPT_GET_LINGER(name)   OPT_GETTER(name, uint64_t *, get_duration)
#define OPT_GET_DOMAIN(name)   OPT_GETTER(name, int *, get_domain)
#define OPT_GET_TYPE(name)     OPT_GETTER(name, int *, get_type)
#define OPT_GET_ADDR(name)     OPT_GETTER(name, libsock_addr *, get_addr)
#define OPT_GET_BOOLDF(name)   OPT_GETTER(name, bool *, get_bool)
#define OPT_GET_UINTN(name)    OPT_GETTER(name, uint32_t *, get_uint)
#define OPT_GET_UINT0(name)    OPT_GETTER(name, uint32_t *, get_uint)
#define OPT_GET_RATE(name)     OPT_GETTER(name, uint64_t *, get_rate)
#define OPT_GET_SPAN(name)     OPT_GETTER(name, uint64_t *, get_duration)
#define OPT_GET_TEXT(name)                                                \
 ptrdiff_t libsock_get_##name(libsock_socket sock, char *buf, size_t cap) \
 {                                                                        \
  return libsock__opt_get_text(sock, LIBSOCK__OPT_##name, buf, cap);      \
 }
#define OPT_GET_BYTES(name)                                               \
 ptrdiff_t libsock_get_##name(libsock_socket sock, void *buf, size_t cap) \
 {                                                                        \
  return libsock__opt_get_bytes(sock, LIBSOCK__OPT_##name, buf, cap);     \
 }
#define OPT_GET_ACCEPT(name) OPT_GET_TEXT(name)
#define OPT_GET_IPV4(name)                                             \
 int libsock_get_##name(libsock_socket sock, uint8_t out_octets[4])    \
 {                                                                     \
  return libsock__opt_get_ipv4(sock, LIBSOCK__OPT_##name, out_octets); \
 }

#define OPT_CALL_MREQ4(name)                                             \
 int libsock_##name(libsock_socket sock, const uint8_t group[4],         \
                    const uint8_t local[4])                              \
 {                                                                       \
  return libsock__opt_set_mreq(sock, LIBSOCK__OPT_##name, group, local); \
 }
#define OPT_CALL_MREQN4(name)                                               \
 int libsock_##name(libsock_socket sock, const uint8_t group[4],            \
                    uint32_t ifindex)                                       \
 {                                                                          \
  return libsock__opt_set_mreqn(sock, LIBSOCK__OPT_##name, group, ifindex); \
 }
#define OPT_CALL_MREQ6(name)                                                \
 int libsock_##name(libsock_socket sock, const uint8_t group[16],           \
                    uint32_t ifindex)                                       \
 {                                                                          \
  return libsock__opt_set_mreqn(sock, LIBSOCK__OPT_##name, group, ifindex); \
 }
#define OPT_CALL_SSM4(name)                                         \
 int libsock_##name(libsock_socket sock, const uint8_t source[4],   \
                    const uint8_t group[4], const uint8_t local[4]) \
 {                                                                  \
  libsock__membership what = {group, source, local, 0};             \
                                                                    \
  return libsock__opt_set_ssm(sock, LIBSOCK__OPT_##name, &what);    \
 }
#define OPT_CALL_SSM6(name)                                        \
 int libsock_##name(libsock_socket sock, const uint8_t source[16], \
                    const uint8_t group[16], uint32_t ifindex)     \
 {                                                                 \
  libsock__membership what = {group, source, NULL, ifindex};       \
                                                                   \
  return libsock__opt_set_ssm(sock, LIBSOCK__OPT_##name, &what);   \
 }
#define OPT_CALL_FILTER(name)                                            \
 int libsock_##name(libsock_socket sock, const libsock_filter *program,  \
                    size_t n)                                            \
 {                                                                       \
  return libsock__opt_set_filter(sock, LIBSOCK__OPT_##name, program, n); \
 }
#define OPT_CALL_GROUP(name)                                        \
 int libsock_##name(libsock_socket sock, const libsock_addr *group, \
                    uint32_t ifindex)                               \
 {                                                                  \
  libsock__group what = {group, NULL, ifindex};                     \
                                                                    \
  return libsock__opt_set_group(sock, LIBSOCK__OPT_##name, &what);  \
 }
#define OPT_CALL_SOURCE(name)                                        \
 int libsock_##name(libsock_socket sock, const libsock_addr *source, \
                    const libsock_addr *group, uint32_t ifindex)     \
 {                                                                   \
  libsock__group what = {group, source, ifindex};                    \
                                                                     \
  return libsock__opt_set_group(sock, LIBSOCK__OPT_##name, &what);   \
 }
#define OPT_CALL_FD(name)                                         \
 int libsock_##name(libsock_socket sock, libsock_raw program)     \
 {                                                                \
  return libsock__opt_set_fd(sock, LIBSOCK__OPT_##name, program); \
 }
#define OPT_CALL_NONE(name)                                \
 int libsock_##name(libsock_socket sock)                   \
 {                                                         \
  return libsock__opt_set_none(sock, LIBSOCK__OPT_##name); \
 }

/* Functions of their own, in opt_struct.c. */
#define OPT_SET_STRUCT(name)
#define OPT_GET_STRUCT(name)
#define OPT_CALL_STRUCT(name)

/* Which functions a row has; a combination that makes no sense is an undefined
 * macro, and so an error here. */
#define OPT_EXPAND_GET(kind, name)  OPT_GET_##kind(name)
#define OPT_EXPAND_TAKE(kind, name) OPT_GET_##kind(name)
#define OPT_EXPAND_SET(kind, name)  OPT_SET_##kind(name)
#define OPT_EXPAND_CALL(kind, name) OPT_CALL_##kind(name)
#define OPT_EXPAND_RW(kind, name)   OPT_SET_##kind(name) OPT_GET_##kind(name)
#define OPT_EXPAND(name, level, constant, kind, access, unit, min, max, scope) \
 OPT_EXPAND_##access(kind, name)

LIBSOCK__OPT_LIST(OPT_EXPAND)
