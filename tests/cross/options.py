#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which options a system has, as the preprocessor finds them for a build, held
against docs/options.tsv.

usage: options.py check BUILD SYSTEM   does the column say what the build has?
       options.py write BUILD SYSTEM   put it there

BUILD is configured and need not be compiled. A row that is missing from the
table, or is no row any more, is said too.
"""
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TABLE = os.path.join(ROOT, 'docs', 'options.tsv')
SOURCE = 'libsock/src/sys/posix/opt_native.c'
SYSTEMS = ('linux', 'freebsd', 'netbsd', 'openbsd', 'macos')
# The row, and the constant: without one it is INT_MIN, spelled as they do.
ROW = re.compile(r'\[LIBSOCK__OPT_(\w+)\] = \{\s*(.*?),\s*'
                 r'LIBSOCK__OPT_KIND_\w+\s*\}', re.S)
MISSING = re.compile(r'\(?-\s*(2147483647|0x7fffffff|__INT_MAX__)\s*-\s*1\)?$')


def command_of(build):
    """The compiler's own command for the file, up to what it writes."""
    with open(os.path.join(build, 'compile_commands.json'),
              encoding='utf-8') as f:
        for entry in json.load(f):
            if entry['file'].endswith(SOURCE):
                words = shlex.split(entry['command'])
                out = words.index('-o')
                del words[out:out + 2]
                words[words.index('-c')] = '-E'
                return words + ['-P', '-Wno-error'], entry['directory']
    sys.exit(f'{build}: nothing compiles {SOURCE}')


def found_in(build):
    """{option: whether this build has it}, in the order of the list."""
    words, folder = command_of(build)
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, text=True,
                          check=True)
    found = {}
    for name, numbers in ROW.findall(done.stdout):
        found[name] = not MISSING.search(numbers.strip())
    if len(found) < 100 or all(found.values()) or not any(found.values()):
        sys.exit(f'{build}: that is not the list of options')
    return found


def table_read():
    if not os.path.exists(TABLE):
        return {}
    with open(TABLE, encoding='ascii') as f:
        lines = [line.rstrip('\n').split('\t') for line in f]
    if lines[0] != ['option', *SYSTEMS]:
        sys.exit(f'{TABLE}: other columns')
    return {line[0]: dict(zip(SYSTEMS, line[1:])) for line in lines[1:]}


def table_write(table, names):
    with open(TABLE, 'w', encoding='ascii') as f:
        f.write('\t'.join(['option', *SYSTEMS]) + '\n')
        for name in names:
            row = table.get(name, {})
            f.write('\t'.join([name] + [row.get(s, '?') for s in SYSTEMS]) +
                    '\n')


def main(what, build, system):
    table, found = table_read(), found_in(build)
    has = {name: 'yes' if yes else 'no' for name, yes in found.items()}
    if what == 'write':
        for name, word in has.items():
            table.setdefault(name, {})[system] = word
        table_write(table, found)
        return 0
    wrong = [name for name in {**table, **has}
             if table.get(name, {}).get(system) != has.get(name)]
    for name in wrong:
        print(f'docs/options.tsv: {name} on {system}: the build says '
              f'{has.get(name, "that there is no such option")}')
    if list(table) != list(has) and not wrong:
        print('docs/options.tsv: not in the order of opt_list.h')
        return 1
    if wrong:
        print('tests/cross/options.py write BUILD SYSTEM mends it')
    return bool(wrong)


if __name__ == '__main__':
    if len(sys.argv) != 4 or sys.argv[1] not in ('check', 'write') or \
            sys.argv[3] not in SYSTEMS:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
