#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A program finds the sockets that other people's service managers pass.

usage: sock_activate.py PROGRAM
PROGRAM is built from sock_activate_program.c. Speaks TAP.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile

# The program, after what emulates its CPU if it is not ours.
PROGRAM = [*os.environ.get('MESON_EXE_WRAPPER', '').split(), sys.argv[1]]
TIMEOUT = 20


def clean():
    """The environment without what a manager of this test may have left."""
    return {k: v for k, v in os.environ.items() if not k.startswith('LISTEN_')}


def pass_on(sockets, extra):
    """In the child: sockets from 3 on, then the words that say so."""
    for sock in sockets:                # out of the way of what comes
        os.dup2(sock.fileno(), 20 + sockets.index(sock))
    for i in range(len(sockets)):
        os.dup2(20 + i, 3 + i, inheritable=True)
        os.close(20 + i)
    return dict(clean(), LISTEN_PID=str(os.getpid()), **extra)


def start(sockets, words, extra, pid=None):
    """(pid, pipe with its output) of a program started with sockets."""
    ends = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(ends[1], 1)
            env = pass_on(sockets, extra)
            if pid is not None:
                env['LISTEN_PID'] = pid
            os.execvpe(PROGRAM[0], PROGRAM + words, env)
        finally:
            os._exit(127)
    os.close(ends[1])
    return child, os.fdopen(ends[0])


def told(address, family=socket.AF_INET):
    """What the program says to a client."""
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(TIMEOUT)
        client.connect(address)
        return client.makefile().read()


def finish(child, output):
    with output:
        text = output.read().strip()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def expect(seen, wanted):
    if seen != wanted:
        raise AssertionError(f'{seen!r}, not {wanted!r}')


def listening():
    return socket.create_server(('127.0.0.1', 0))


def two_sockets_with_names():
    with listening() as first, listening() as second:
        child, output = start([first, second], ['web'],
                              {'LISTEN_FDS': '2',
                               'LISTEN_FDNAMES': 'admin:web'})
        expect(told(second.getsockname()), '2 admin* web*')
        expect(finish(child, output), (0, 'OK forgotten'))


def a_socket_without_a_name():
    with listening() as one:
        child, output = start([one], [], {'LISTEN_FDS': '1'})
        expect(told(one.getsockname()), '1 unknown*')
        expect(finish(child, output), (0, 'OK forgotten'))


def words_for_another_process():
    with listening() as one:
        child, output = start([one], [], {'LISTEN_FDS': '1'}, pid='1')
        expect(finish(child, output), (0, 'OK remembered'))


def a_word_that_is_no_number():
    with listening() as one:
        child, output = start([one], [], {'LISTEN_FDS': 'one'})
        expect(finish(child, output), (1, 'EINVAL remembered'))


def a_socket_that_is_not_there():
    child, output = start([], [], {'LISTEN_FDS': '1'})
    expect(finish(child, output), (1, 'EBADF remembered'))


def systemd_passes_a_socket():
    tool = shutil.which('systemd-socket-activate')
    if tool is None:
        return 'systemd-socket-activate is not installed'
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 's')
        with subprocess.Popen([tool, '-l', path, '--fdname=web', *PROGRAM,
                               'web'], env=clean(), text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as manager:
            # It says so once it listens.
            while 'Listening' not in (line := manager.stderr.readline()):
                if not line:
                    raise AssertionError('it does not listen')
            expect(told(path, socket.AF_UNIX), '1 web*')
            expect(manager.communicate(timeout=TIMEOUT)[0], 'OK forgotten\n')
    return None


def main():
    tests = [two_sockets_with_names, a_socket_without_a_name,
             words_for_another_process, a_word_that_is_no_number,
             a_socket_that_is_not_there, systemd_passes_a_socket]
    failed = 0
    print(f'1..{len(tests)}')
    for i, test in enumerate(tests, 1):
        try:
            reason = test()
            skip = f' # SKIP {reason}' if reason else ''
            print(f'ok {i} - {test.__name__}{skip}', flush=True)
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            failed += 1
            print(f'not ok {i} - {test.__name__}\n# {error}', flush=True)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
