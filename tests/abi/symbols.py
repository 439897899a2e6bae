#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The .def list, the public headers and the shared library export the same.

usage: symbols.py ROOT LIBRARY --cc WORDS [--nm NM --shared FILE]
Speaks TAP. With --pending, functions that are declared but neither listed nor
built are work to do (TODO), unless CI_TOOLS=1 wants it all. The headers are
preprocessed first, so that prototypes which come from a table of options count
as well. A function that a header defines counts, too: inline.c exports it.
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

# What linkers and sanitizers add by themselves.
TOOLS_OWN = re.compile(r'(_init|_fini|_edata|_end|__bss_start|_ITM_.*|'
                       r'__odr_asan.*|__gmon_start__|__gcov_.*|'
                       r'(LIBSOCK|EVIO)_\d[\w.]*)$')
results = []


def report(ok, name, *why):
    results.append(ok)
    print(f'{"ok" if ok else "not ok"} {len(results)} - {name}')
    if not ok:
        print('\n'.join('# ' + line for text in why
                        for line in text.splitlines()), file=sys.stderr)


def listed(root, library):
    """Names of the .def in their order."""
    lines = lintlib.read(root, f'{library}/{library}.def').splitlines()
    words = [line.split(';')[0].split() for line in lines]
    return [w[0] for w in words if w and w[0] not in ('EXPORTS', 'LIBRARY')]


def defined(args, library):
    """The inline functions, those of os.h included."""
    return set().union(*(lintlib.inlines(lintlib.read(args.root, path)) for
                         path in lintlib.public_headers(args.root, library)))


def declared(args, library):
    paths = lintlib.public_headers(args.root, library)
    text = ''.join(f'#include "{os.path.join(args.root, p)}"\n'
                   for p in paths if not p.endswith('/os.h'))
    done = subprocess.run(
        args.cc + ['-E', '-P', '-x', 'c', '-std=c11', '-'] +
        [f'-I{args.root}/{lib}/include' for lib in lintlib.LIBRARIES],
        input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        report(False, 'the headers can be preprocessed', done.stderr)
    prefix = lintlib.LIBRARIES[library][0]
    found = set()
    for head, body in lintlib.declarations(lintlib.tokens_of(done.stdout)):
        if body is None and any(t.text == 'visibility' for t in head):
            found.add(lintlib.declarator(head)[0])
    return {n for n in found if n.startswith(prefix)}


def exported(nm, shared):
    """(functions, anything else) in the dynamic symbol table."""
    done = subprocess.run([nm, '-D', '--defined-only', shared], check=True,
                          stdout=subprocess.PIPE, text=True)
    functions, other = set(), set()
    for line in done.stdout.splitlines():
        kind, name = line.split()[-2:]
        name = name.split('@')[0]
        if not TOOLS_OWN.match(name) and kind != 'A':
            (functions if kind in 'TWi' else other).add(name)
    return functions, other


def compare(name, left, right, left_name, right_name):
    report(left == right, name,
           *[f'{n} is in {left_name} but not in {right_name}'
             for n in sorted(left - right)],
           *[f'{n} is in {right_name} but not in {left_name}'
             for n in sorted(right - left)])


def report_pending(names):
    if names:
        results.append(True)
        print(f'not ok {len(results)} - {len(names)} declared functions are '
              'not built yet # TODO')
        print('\n'.join('# ' + n for n in sorted(names)))
    return names


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('root')
    parser.add_argument('library')
    parser.add_argument('--cc', type=shlex.split, required=True)
    parser.add_argument('--pending', action='store_true')
    parser.add_argument('--nm')
    parser.add_argument('--shared')
    return parser.parse_args()


def main():
    args = parse()
    print('TAP version 13')
    names = listed(args.root, args.library)
    report(names == sorted(set(names)), 'the .def is sorted, each name once')
    inlines = defined(args, args.library)
    report(inlines, 'the headers have inline functions')
    wanted = declared(args, args.library) | inlines
    have_library = bool(args.shared and args.nm)
    functions, other = exported(args.nm, args.shared) if have_library \
        else (set(), set())
    if args.pending and os.environ.get('CI_TOOLS') != '1':
        # What a header defines is built: nothing of it can be pending.
        wanted -= report_pending(wanted - inlines - set(names) - functions)
    compare('the .def lists what the headers declare', set(names), wanted,
            'the .def', 'the headers')
    if have_library:
        compare('the shared library exports the .def', set(names), functions,
                'the .def', 'the library')
        report(not other, 'no data is exported', *sorted(other))
    else:
        results.append(True)
        print(f'ok {len(results)} - exports # SKIP no nm, or no shared '
              'library in this build')
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
