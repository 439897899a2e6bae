#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/behaviour.tsv says what this system does, for each selector.

    evio_core_table.py PROGRAM TSV SELECTOR...            compare
    evio_core_table.py --write PROGRAM TSV SELECTOR...    write

PROGRAM is the build's tests/behaviour_evio_core_table. A column that the
program cannot produce here is left as it is.
"""
import os
import subprocess
import sys

HEAD = '''\
# Which flags the event has that registering in edge mode brings, by situation,
# interest (R readable, W writable, P priority) and selector. "-": no event;
# "refused": the descriptor cannot be registered. Measured on Linux; the reasons
# of differences are in PORTABILITY.md. A test compares; after a change that is
# meant, write it again, from the build directory:
# python3 ../tests/behaviour/evio_core_table.py --write \\
#   tests/behaviour_evio_core_table ../docs/behaviour.tsv epoll poll
'''


def measure(program, selector):
    """{(situation, interest): flags}, in the program's order."""
    wrapper = os.environ.get('MESON_EXE_WRAPPER', '').split()
    done = subprocess.run([*wrapper, program, 'print_the_table'], text=True,
                          env=dict(os.environ, EVIO_SELECTOR=selector),
                          stdout=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        sys.exit(f'{program} fails on {selector}')
    rows = [line.split('\t') for line in done.stdout.splitlines()]
    return {(row[0], row[1]): row[2] for row in rows if len(row) == 3}


def read(path):
    """(selectors, {key: {selector: flags}})"""
    with open(path, encoding='utf-8') as f:
        lines = [line.rstrip('\n').split('\t') for line in f
                 if not line.startswith('#')]
    names = lines[0][2:]
    return names, {(row[0], row[1]): dict(zip(names, row[2:]))
                   for row in lines[1:]}


def write(path, names, table):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(HEAD)
        f.write('\t'.join(['situation', 'interest'] + names) + '\n')
        for key, cells in table.items():
            f.write('\t'.join(list(key) + [cells.get(n, '') for n in names]))
            f.write('\n')


def compare(table, selector, measured):
    wrong = 0
    for key in sorted(set(table) | set(measured)):
        told = table.get(key, {}).get(selector, 'nothing')
        seen = measured.get(key, 'nothing')
        if told != seen:
            print(f'{selector}: {key[0]}, {key[1]}: {seen}, table: {told}')
            wrong += 1
    return wrong


def main(args):
    writing = args[0] == '--write'
    program, path, *selectors = args[1:] if writing else args
    columns = {name: measure(program, name) for name in selectors}
    if not writing:
        _, table = read(path)
        wrong = sum(compare(table, n, c) for n, c in columns.items())
        print(f'{len(table)} rows, {len(selectors)} selectors, {wrong} wrong')
        return 1 if wrong or not selectors or not table else 0
    names, table = read(path) if os.path.exists(path) else ([], {})
    names += [n for n in selectors if n not in names]
    first = columns[selectors[0]]
    table = {key: dict(table.get(key, {}),
                       **{n: columns[n][key] for n in selectors})
             for key in first}
    write(path, names, table)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
