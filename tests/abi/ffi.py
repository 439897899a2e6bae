#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another language can call the inline functions of the headers: Python does.

usage: ffi.py ROOT SANITIZER LIBSOCK [LIBEVIO]
ctypes knows nothing of the headers: it finds a function by its symbol, and the
structures below are laid out by their declaration here. Speaks TAP.
"""
import ctypes
import errno
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '..', 'lint'))
import lintlib  # noqa: E402

READABLE, PRIORITY, WRITABLE, ERROR, READ_CLOSED, WRITE_CLOSED = \
    0x01, 0x02, 0x04, 0x10, 0x20, 0x40
KIND_WOULD_BLOCK, IPV4 = 2, 1


class Failed(Exception):
    pass


class Socket(ctypes.Structure):
    _fields_ = [('raw', ctypes.c_ssize_t)]


class Buf(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]


class Addr(ctypes.Structure):
    _fields_ = [('storage', ctypes.c_uint64 * 16), ('len', ctypes.c_uint32),
                ('padding', ctypes.c_uint32)]


class Filter(ctypes.Structure):
    _fields_ = [('block', ctypes.c_uint32 * 8)]


class Event(ctypes.Structure):
    _fields_ = [('token', ctypes.c_uint64), ('readiness', ctypes.c_uint32),
                ('rest', ctypes.c_uint32)]


def check(ok, *why):
    if not ok:
        raise Failed(' '.join(str(w) for w in why))


def function(library, name, result, *arguments):
    """A function of the library; its types are what C would know."""
    found = getattr(library, name)
    found.restype, found.argtypes = result, arguments
    return found


def every_inline_function_has_a_symbol(root, libraries):
    for name, library in libraries.items():
        for path in lintlib.public_headers(root, name):
            for one in lintlib.inlines(lintlib.read(root, path)):
                check(hasattr(library, one), one, 'of', path)


def results_are_told_apart(sock):
    wait = function(sock, 'libsock_would_block', ctypes.c_bool,
                    ctypes.c_ssize_t)
    begun = function(sock, 'libsock_in_progress', ctypes.c_bool,
                     ctypes.c_ssize_t)
    again = function(sock, 'libsock_interrupted', ctypes.c_bool,
                     ctypes.c_ssize_t)
    code = function(sock, 'libsock_os_code', ctypes.c_int, ctypes.c_ssize_t)
    kind = function(sock, 'libsock_kind', ctypes.c_int, ctypes.c_ssize_t)
    name = function(sock, 'libsock_error_name', ctypes.c_char_p,
                    ctypes.c_ssize_t)
    for number in (0, 7, errno.EAGAIN, -errno.EAGAIN, -errno.EINPROGRESS,
                   -errno.EINTR):
        check(wait(number) == (number == -errno.EAGAIN), number)
        check(begun(number) == (number == -errno.EINPROGRESS), number)
        check(again(number) == (number == -errno.EINTR), number)
        check(code(number) == max(0, -number), number)
    check(kind(-errno.EAGAIN) == KIND_WOULD_BLOCK, kind(-errno.EAGAIN))
    check(name(-errno.EPIPE) == b'EPIPE', name(-errno.EPIPE))


def structures_are_passed_by_value(sock):
    raw = function(sock, 'libsock_as_raw', ctypes.c_ssize_t, Socket)
    is_open = function(sock, 'libsock_is_open', ctypes.c_bool, Socket)
    buf_of = function(sock, 'libsock_buf_of', Buf, ctypes.c_void_p,
                      ctypes.c_size_t)
    buf_len = function(sock, 'libsock_buf_len', ctypes.c_size_t, Buf)
    check(raw(Socket(42)) == 42 and is_open(Socket(42)))
    check(not is_open(Socket(-1)))
    buf = buf_of(4096, 7)
    check((buf.base, buf.len, buf_len(buf)) == (4096, 7, 7), buf.base, buf.len)


def addresses_are_read(sock):
    loopback = function(sock, 'libsock_addr_loopback', ctypes.c_int,
                        ctypes.c_int, ctypes.c_uint16, ctypes.POINTER(Addr))
    raw = function(sock, 'libsock_addr_raw', ctypes.c_void_p,
                   ctypes.POINTER(Addr))
    view = function(sock, 'libsock_addr_sockaddr', ctypes.c_void_p,
                    ctypes.POINTER(Addr))
    size = function(sock, 'libsock_addr_raw_len', ctypes.c_size_t,
                    ctypes.POINTER(Addr))
    addr = Addr()
    check(loopback(IPV4, 80, addr) == 0)
    check(raw(addr) == view(addr) == ctypes.addressof(addr))
    check(size(addr) == 16, size(addr))
    check(ctypes.string_at(raw(addr), 8)[2:] == b'\0\x50\x7f\0\0\1')


def bits_are_set_and_asked_for(sock):
    pointer = ctypes.POINTER(Filter)
    function(sock, 'libsock_icmp_filter_block_all', None, pointer)
    for name in ('pass', 'block'):
        function(sock, 'libsock_icmp_filter_' + name, None, pointer,
                 ctypes.c_uint8)
    blocks = function(sock, 'libsock_icmp_filter_blocks', ctypes.c_bool,
                      pointer, ctypes.c_uint8)
    icmp = Filter()
    sock.libsock_icmp_filter_block_all(icmp)
    sock.libsock_icmp_filter_pass(icmp, 129)
    check(blocks(icmp, 128) and not blocks(icmp, 129) and blocks(icmp, 130))
    sock.libsock_icmp_filter_block(icmp, 129)
    check(blocks(icmp, 129))


def a_receive_would_block(sock):
    """The predicate, of a result that another function of the library gave."""
    wait = function(sock, 'libsock_would_block', ctypes.c_bool,
                    ctypes.c_ssize_t)
    recv = function(sock, 'libsock_recv', ctypes.c_ssize_t, Socket,
                    ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    here, there = socket.socketpair()
    buf = ctypes.create_string_buffer(8)
    with here, there:
        here.setblocking(False)
        check(wait(recv(Socket(here.fileno()), buf, 8, 0)))
        there.send(b'abc')
        check(recv(Socket(here.fileno()), buf, 8, 0) == 3, 'not received')


def predicates(evio):
    """{name: (function, its bit)}"""
    return {name: (function(evio, 'evio_is_' + name, ctypes.c_bool,
                            ctypes.POINTER(Event)), bit)
            for name, bit in (
                ('readable', READABLE), ('writable', WRITABLE),
                ('priority', PRIORITY), ('error', ERROR),
                ('read_closed', READ_CLOSED), ('write_closed', WRITE_CLOSED))}


def events_are_read(evio):
    every = predicates(evio)
    for bits in (0, *(bit for _, bit in every.values()), 0xff):
        event = Event(1, bits, 0)
        for name, (ask, bit) in every.items():
            check(ask(event) == bool(bits & bit), name, hex(bits))
    token_of = function(evio, 'evio_token_of', ctypes.c_uint64,
                        ctypes.c_void_p)
    pointer = function(evio, 'evio_event_pointer', ctypes.c_void_p,
                       ctypes.POINTER(Event))
    thing = ctypes.create_string_buffer(1)
    token = token_of(thing)
    check(token == ctypes.addressof(thing), token)
    check(pointer(Event(token, 0, 0)) == token)


def a_wake_is_an_event(evio):
    """A poll, a waker and an event of it, without a line of C."""
    out = ctypes.POINTER(ctypes.c_void_p)
    new = function(evio, 'evio_poll_new', ctypes.c_int, ctypes.c_void_p, out)
    buffer = function(evio, 'evio_events_new', ctypes.c_int, ctypes.c_size_t,
                      out)
    registry = function(evio, 'evio_poll_registry', ctypes.c_void_p,
                        ctypes.c_void_p)
    waker_new = function(evio, 'evio_waker_new', ctypes.c_int,
                         ctypes.c_void_p, ctypes.c_uint64, out)
    wake = function(evio, 'evio_wake', ctypes.c_int, ctypes.c_void_p)
    wait = function(evio, 'evio_poll_wait', ctypes.c_int, ctypes.c_void_p,
                    ctypes.c_void_p, ctypes.c_uint64)
    take = function(evio, 'evio_events_next', ctypes.c_bool, ctypes.c_void_p,
                    ctypes.POINTER(Event))
    free = [function(evio, name, None, ctypes.c_void_p) for name in
            ('evio_waker_free', 'evio_events_free', 'evio_poll_free')]
    poll, events, waker = (ctypes.c_void_p() for _ in range(3))
    event = Event()
    check(new(None, poll) == 0 and buffer(4, events) == 0)
    check(waker_new(registry(poll), 77, waker) == 0 and wake(waker) == 0)
    check(wait(poll, events, 10 * 10**9) == 1 and take(events, event))
    is_readable, is_writable = (predicates(evio)[name][0] for name in
                                ('readable', 'writable'))
    check(event.token == 77, event.token)
    check(is_readable(event) and not is_writable(event), event.readiness)
    for give_back, thing in zip(free, (waker, events, poll)):
        give_back(thing)


def main():
    root, sanitizer, *paths = sys.argv[1:]
    print('TAP version 13')
    if sanitizer != 'none':
        print('1..0 # SKIP a library with a sanitizer needs a program with it')
        return 0
    libraries = dict(zip(('libsock', 'libevio'), map(ctypes.CDLL, paths)))
    tests = [(every_inline_function_has_a_symbol, root, libraries)]
    tests += [(test, libraries['libsock']) for test in (
        results_are_told_apart, structures_are_passed_by_value,
        addresses_are_read, bits_are_set_and_asked_for,
        a_receive_would_block)]
    if 'libevio' in libraries:
        tests += [(test, libraries['libevio'])
                  for test in (events_are_read, a_wake_is_an_event)]
    failed = 0
    for number, (test, *arguments) in enumerate(tests, 1):
        line = 'ok'
        try:
            test(*arguments)
        except (Failed, AttributeError) as e:
            line, failed = 'not ok', failed + 1
            print(f'# {test.__name__}: {e!r}', file=sys.stderr)
        print(f'{line} {number} - {test.__name__}')
    print(f'1..{len(tests)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
