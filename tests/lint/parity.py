#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/parity/*.tsv tell the truth: symbols exist, tests exist, no id lacks.

The columns are those of KINDS; lists are separated by blanks or commas. A test
is file.c:test_name or script.py:name, below tests/; `where` may list files of
the repository as well.
"""
import collections
import os
import re

import lintlib

# How the name of a table ends: its columns, and its word for what is done.
KINDS = [
    ('-quirks.tsv', ['id', 'status', 'where', 'note'], 'handled'),
    ('-tests.tsv', ['id', 'status', 'tests', 'note'], 'yes'),
    ('.tsv', ['id', 'status', 'symbols', 'tests', 'note'], 'yes'),
]
# Done, and on purpose not as the row says: it needs the reason as well.
DIFFERS = 'differs'
OTHERS = ('n/a', 'planned')
# A table that has one of these ids has all of them.
NUMBERED = {'mio-{:03d}': 339, 's2-{:03d}': 293, '{}': 75}
# A table that has ids of one of these groups has that many of each.
GROUPS = {'b1': 57, 'b2': 33, 'b3': 12, 'b4': 55, 'a9': 44}


def def_symbols(text):
    words = [line.split(';')[0].split() for line in text.splitlines()]
    return {w[0] for w in words if w and w[0] not in ('EXPORTS', 'LIBRARY')}


def known_symbols(root):
    """Exports, and every word that a public header spells outside comments."""
    known = set()
    for path in lintlib.files(root, '.def'):
        known |= def_symbols(lintlib.read(root, path))
    for library in lintlib.LIBRARIES:
        for path in lintlib.public_headers(root, library):
            text = lintlib.strip_comments(lintlib.read(root, path))
            # A prototype is no proof that the function is built: .def is.
            _, upper = lintlib.LIBRARIES[library]
            declared = {p.name for p in lintlib.prototypes(text,
                                                           upper + 'API')}
            declared |= lintlib.inlines(text)
            known |= set(re.findall(r'[A-Za-z_]\w*', text)) - declared
    return known


def known_tests(root):
    """'path below tests/:name', and the same without each leading folder."""
    known = set()
    for path in lintlib.files(root, '.c', '.py', '.cpp'):
        if not path.startswith('tests/'):
            continue
        text = lintlib.read(root, path)
        names = re.findall(r'\bTEST\(\s*(\w+)\s*\)', text)
        names += re.findall(r'^def (\w+)', text, re.M)
        parts = path.split('/')[1:]
        for i in range(len(parts)):
            known |= {'/'.join(parts[i:]) + ':' + n for n in names}
    return known


def words(field):
    return [w for w in re.split(r'[\s,]+', field) if w and w != '-']


def check_row(report, place, row, done, known):
    """`known` tells for each column of lists what may stand there."""
    lists = [column for column in row if column in known]
    for column in lists:
        for word in words(row[column]):
            if not known[column](word):
                report.add(*place, column, f'{word} is not there')
        if row['status'] in (done, DIFFERS) and not words(row[column]):
            report.add(*place, column, f'{row["id"]} names none')
    if row['status'] not in (done, DIFFERS, *OTHERS):
        report.add(*place, 'status', f"'{row['status']}'")
    if row['status'] in (DIFFERS, *OTHERS) and not row['note'].strip():
        report.add(*place, 'note', f'{row["id"]} has no reason')


def check_ids(report, path, ids):
    for form, size in NUMBERED.items():
        want = {form.format(n + 1) for n in range(size)}
        for name in sorted(want ^ set(ids) if want & set(ids) else ()):
            report.add(path, 1, 'ids', f'{name} is missing or unknown')
    counts = collections.Counter(name.split(':')[0] for name in ids)
    for group, size in GROUPS.items():
        if GROUPS.keys() & counts.keys() and counts[group] != size:
            report.add(path, 1, 'ids', f'{counts[group]} of {group}')
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        report.add(path, 1, 'ids', f'{twice} appears twice')


def check_table(report, path, known):
    columns, done = next(k[1:] for k in KINDS if path.endswith(k[0]))
    counts = dict.fromkeys((done, DIFFERS, *OTHERS), 0)
    ids = []
    for number, line in enumerate(
            lintlib.read(report.root, path).splitlines(), 1):
        fields = line.split('\t')
        if fields == columns:
            continue
        if len(fields) != len(columns):
            report.add(path, number, 'columns',
                       f'{len(fields)}, not {len(columns)}')
            continue
        row = dict(zip(columns, fields))
        ids.append(row['id'])
        counts[row['status']] = counts.get(row['status'], 0) + 1
        check_row(report, (path, number), row, done, known)
    check_ids(report, path, ids)
    return ', '.join(f'{n} {s}' for s, n in counts.items())


def run(root):
    tables = lintlib.files_in(root, 'docs/parity', '.tsv')
    if not tables:
        lintlib.skip('there are no parity tables')
    report = lintlib.Report(root)
    symbols, tests = known_symbols(root), known_tests(root)
    known = {
        'symbols': lambda word: word.rstrip('()') in symbols,
        'tests': lambda word: word in tests,
        'where': lambda word: word in tests or os.path.isfile(
            os.path.join(root, word)),
    }
    lines = [f'{os.path.basename(path)}: {check_table(report, path, known)}'
             for path in tables]
    return report.finish('\n'.join(lines))


if __name__ == '__main__':
    lintlib.main(run)
