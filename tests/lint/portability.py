#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/PORTABILITY.md and docs/options.tsv leave nothing out.

Every exported function of libsock is of an option, which options.tsv has in the
order of opt_list.h, or is named by one row of the table of calls; a row that
ends in * takes what no other names. tests/cross/options.py knows whether
options.tsv is true.
"""
import fnmatch
import re

import lintlib

TABLE = 'docs/PORTABILITY.md'
OPTIONS = 'docs/options.tsv'
LIST = 'libsock/src/opt_list.h'
HEAD = '| calls | Linux | FreeBSD | NetBSD | OpenBSD | macOS |'
COLUMNS = ['option', 'linux', 'freebsd', 'netbsd', 'openbsd', 'macos']
WORDS = {'own', 'yes', 'steps', 'part', 'no'}


def option_rows(root):
    return re.findall(r'^ X\((\w+),', lintlib.read(root, LIST), re.M)


def check_options(report, rows):
    lines = [line.split('\t') for line in
             lintlib.read(report.root, OPTIONS).splitlines()]
    if lines[0] != COLUMNS:
        report.add(OPTIONS, 1, 'columns', f'not {COLUMNS}')
    for number, line in enumerate(lines[1:], 2):
        # What is "?" was not looked up; .ci/run says so.
        if len(line) != len(COLUMNS) or not set(line[1:]) <= {'yes', 'no', '?'}:
            report.add(OPTIONS, number, 'columns', 'yes, no or ? for each')
    if [line[0] for line in lines[1:]] != rows:
        report.add(OPTIONS, 1, 'rows', f'not the rows of {LIST}, in its order: '
                   'tests/cross/options.py write BUILD SYSTEM mends it')


def call_rows(report):
    """[(line, pattern)]"""
    lines = lintlib.read(report.root, TABLE).splitlines()
    if HEAD not in lines:
        report.add(TABLE, 1, 'table', 'the table of calls is not there')
        return []
    found = []
    for number, line in enumerate(lines[lines.index(HEAD) + 2:],
                                  lines.index(HEAD) + 3):
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if not line.startswith('|'):
            break
        if len(cells) != len(COLUMNS) or not set(cells[1:]) <= WORDS:
            report.add(TABLE, number, 'cells', f'one of {sorted(WORDS)} each')
        found += [(number, name) for name in re.findall(r'`(.+?)`', cells[0])]
    return found


def check_calls(report, symbols):
    rows = call_rows(report)
    # What is spelled out comes before what is not, longest first.
    rows.sort(key=lambda row: ('*' in row[1], -len(row[1])))
    used = {}
    for symbol in symbols:
        for row in rows:
            if fnmatch.fnmatchcase(symbol, 'libsock_' + row[1]):
                used.setdefault(row, []).append(symbol)
                break
        else:
            report.add(TABLE, 1, 'missing', f'{symbol} has no row')
    for number, name in sorted(set(rows) - set(used)):
        report.add(TABLE, number, 'extra', f'{name} is no function')
    for number, name in {row for row in rows if rows.count(row) > 1}:
        report.add(TABLE, number, 'extra', f'{name} is there twice')


def run(root):
    report = lintlib.Report(root)
    rows = option_rows(root)
    of_options = {prefix + row for row in rows for prefix in
                  ('libsock_', 'libsock_set_', 'libsock_get_')}
    symbols = [line.strip() for line in
               lintlib.read(root, 'libsock/libsock.def').splitlines()[1:]]
    check_options(report, rows)
    check_calls(report, [s for s in symbols if s not in of_options])
    return report.finish(f'{len(rows)} options, {len(symbols)} functions')


if __name__ == '__main__':
    lintlib.main(run)
