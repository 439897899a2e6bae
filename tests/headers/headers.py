#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each public header compiles alone, and brings no OS header along.

usage: headers.py ROOT LIBRARY --cc WORDS [--cxx WORDS] --installed FILE..
Speaks TAP. A header of ROOT/LIBRARY/include that is not installed fails.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '..', 'lint'))
import lintlib  # noqa: E402

STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only']
results = []


def report(ok, name, why=''):
    results.append(ok)
    print(f'{"ok" if ok else "not ok"} {len(results)} - {name}')
    if not ok:
        print('\n'.join('# ' + line for line in why.splitlines()),
              file=sys.stderr)


def skip(name, reason):
    results.append(True)
    print(f'ok {len(results)} - {name} # SKIP {reason}')


def compile_text(command, text, language, *flags):
    return subprocess.run(command + ['-x', language, '-', '-o', '-'] +
                          list(flags), input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


def includes(root):
    return [f'-I{root}/{lib}/include' for lib in lintlib.LIBRARIES]


def check_alone(args, name):
    text = f'#include <{name}>\n'
    # Twice, so that the guard is tried; a declaration, as pedantry wants one.
    text += text + 'extern int alone;\n'
    flags = STRICT + includes(args.root)
    # os.h is the opt-in: the OS's headers do not obey strict C.
    c_std = '-std=gnu11' if name.endswith('/os.h') else '-std=c11'
    done = compile_text(args.cc, text, 'c', c_std, *flags)
    report(done.returncode == 0, f'{name} as C11', done.stdout)
    if not args.cxx:
        skip(f'{name} as C++17', 'no C++ compiler')
        return
    done = compile_text(args.cxx, text, 'c++', '-std=c++17', *flags)
    report(done.returncode == 0, f'{name} as C++17', done.stdout)


def reached(args, text):
    """Every file that the text includes, however deep."""
    done = compile_text(args.cc, text, 'c', '-std=c11', '-M',
                        *includes(args.root))
    if done.returncode != 0:
        return {done.stdout}
    names = done.stdout.replace('\\\n', ' ').split(':', 1)[1].split()
    return {os.path.realpath(n) for n in names if n != '-'}


def check_iso_only(args, name):
    """What it reaches, ISO C headers that it names would reach as well."""
    mine = {os.path.realpath(os.path.join(args.root, p))
            for lib in lintlib.LIBRARIES
            for p in lintlib.public_headers(args.root, lib)}
    found = reached(args, f'#include <{name}>\n')
    named = set()
    for path in found & mine:
        for d in lintlib.split_directives(lintlib.read('/', path))[0]:
            m = re.match(r'<([^>]+)>', d.rest)
            if d.name == 'include' and m and m.group(1) in lintlib.ISO_C:
                named.add(m.group(1))
    iso = reached(args, ''.join(f'#include <{n}>\n' for n in sorted(named)))
    rest = found - mine - iso
    report(not rest, f'{name} brings ISO C only', '\n'.join(sorted(rest)))


def check_umbrella(args, names):
    umbrella = f'{args.library}/{args.library}.h'
    text = lintlib.read(args.root, f'{args.library}/include/{umbrella}')
    want = set(names) - {umbrella, f'{args.library}/os.h'}
    have = {re.match(r'<([^>]+)>', d.rest).group(1)
            for d in lintlib.split_directives(text)[0] if d.name == 'include'}
    # A library's umbrella may bring the lower one's along.
    have = {name for name in have if name.startswith(f'{args.library}/')}
    report(want == have, f'{umbrella} includes all but os.h',
           f'differs: {sorted(want ^ have)}')


def check_warnings(args):
    """Memory to receive into has nothing in it yet, and no compiler minds."""
    text = """#include <libsock/libsock.h>
        ptrdiff_t f(libsock_socket sock);
        ptrdiff_t f(libsock_socket sock)
        {
            char bytes[16];
            libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
            return libsock_recv_vectored(sock, &buf, 1, 0);
        }\n"""
    flags = [f for f in STRICT if f != '-fsyntax-only'] + includes(args.root)
    for level in ('-O0', '-O2'):
        done = compile_text(args.cc, text, 'c', '-std=c11', '-S', level, *flags)
        report(done.returncode == 0, 'an empty buffer at ' + level,
               done.stdout)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('root')
    parser.add_argument('library')
    parser.add_argument('--cc', type=shlex.split, required=True)
    parser.add_argument('--cxx', type=shlex.split)
    parser.add_argument('--installed', nargs='+', required=True)
    return parser.parse_args()


def main():
    args = parse()
    print('TAP version 13')
    paths = lintlib.public_headers(args.root, args.library)
    names = [os.path.relpath(p, f'{args.library}/include') for p in paths]
    installed = {os.path.realpath(p) for p in args.installed}
    there = {os.path.realpath(os.path.join(args.root, p)) for p in paths}
    report(installed == there, 'each header is installed, and no other',
           '\n'.join(sorted(installed ^ there)))
    check_umbrella(args, names)
    if args.library == 'libsock':
        check_warnings(args)
    for name in names:
        check_alone(args, name)
        if not name.endswith('/os.h'):
            check_iso_only(args, name)
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
