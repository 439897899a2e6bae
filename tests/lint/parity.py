#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/parity/*.tsv tell the truth: symbols exist, tests exist, no id lacks.

Columns: id, status, symbols, tests, note. Lists are separated by blanks or
commas. A test is file.c:test_name or script.py:name, below tests/.

*-quirks.tsv has the columns id, status, where, note; `where` lists tests, and
files of the repository.
"""
import os
import re

import lintlib

COLUMNS = ['id', 'status', 'symbols', 'tests', 'note']
STATUS = ('yes', 'n/a', 'planned')
QUIRK_COLUMNS = ['id', 'status', 'where', 'note']
QUIRK_STATUS = ('handled', 'n/a', 'planned')
QUIRKS = 75
SIZES = {'mio': 339, 's2': 293}


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


def check_yes(report, path, line, row, known, tests):
    if not words(row['symbols']):
        report.add(path, line, 'symbols', f'{row["id"]} names none')
    if not words(row['tests']):
        report.add(path, line, 'tests', f'{row["id"]} names none')
    for symbol in words(row['symbols']):
        if symbol.rstrip('()') not in known:
            report.add(path, line, 'symbols', f'{symbol} is not there')
    for test in words(row['tests']):
        if test not in tests:
            report.add(path, line, 'tests', f'{test} is not there')


def check_row(report, path, line, row, known, tests):
    if row['status'] not in STATUS:
        report.add(path, line, 'status', f"'{row['status']}'")
    elif row['status'] == 'yes':
        check_yes(report, path, line, row, known, tests)
    elif row['status'] == 'n/a' and not row['note'].strip():
        report.add(path, line, 'note', f'{row["id"]} is n/a without a reason')


def check_ids(report, path, ids):
    prefix = ids[0].rsplit('-', 1)[0] if ids else ''
    want = [f'{prefix}-{n:03d}' for n in
            range(1, SIZES.get(prefix, len(ids)) + 1)]
    for missing in sorted(set(want) - set(ids)):
        report.add(path, 1, 'ids', f'{missing} is missing')
    for extra in sorted(set(ids) - set(want)):
        report.add(path, 1, 'ids', f'{extra} is unknown')
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        report.add(path, 1, 'ids', f'{twice} appears twice')


def check_table(report, path, known, tests):
    counts = dict.fromkeys(STATUS, 0)
    ids = []
    for number, line in enumerate(
            lintlib.read(report.root, path).splitlines(), 1):
        fields = line.split('\t')
        if not line.strip() or line.startswith('#') or fields == COLUMNS:
            continue
        if len(fields) != len(COLUMNS):
            report.add(path, number, 'columns', f'{len(fields)}, not 5')
            continue
        row = dict(zip(COLUMNS, fields))
        ids.append(row['id'])
        counts[row['status']] = counts.get(row['status'], 0) + 1
        check_row(report, path, number, row, known, tests)
    check_ids(report, path, ids)
    return ', '.join(f'{n} {s}' for s, n in counts.items())


def check_quirk(report, path, number, fields, tests):
    _, status, where, note = fields
    if status not in QUIRK_STATUS:
        report.add(path, number, 'status', f"'{status}'")
    if not (words(where) if status == 'handled' else note.strip()):
        report.add(path, number, 'where', f'{fields[0]} says nothing')
    for place in words(where):
        if place not in tests and \
                not os.path.isfile(os.path.join(report.root, place)):
            report.add(path, number, 'where', f'{place} is not there')


def check_quirks(report, path, tests):
    counts = dict.fromkeys(QUIRK_STATUS, 0)
    ids = []
    for number, line in enumerate(
            lintlib.read(report.root, path).splitlines(), 1):
        fields = line.split('\t')
        if fields == QUIRK_COLUMNS:
            continue
        if len(fields) != len(QUIRK_COLUMNS):
            report.add(path, number, 'columns', f'{len(fields)}, not 4')
            continue
        ids.append(fields[0])
        counts[fields[1]] = counts.get(fields[1], 0) + 1
        check_quirk(report, path, number, fields, tests)
    if ids != [str(i + 1) for i in range(QUIRKS)]:
        report.add(path, 1, 'ids', f'not 1 to {QUIRKS}')
    return ', '.join(f'{n} {s}' for s, n in counts.items())


def run(root):
    tables = lintlib.files_in(root, 'docs/parity', '.tsv')
    if not tables:
        lintlib.skip('there are no parity tables')
    report = lintlib.Report(root)
    known, tests = known_symbols(root), known_tests(root)
    lines = []
    for path in tables:
        said = check_quirks(report, path, tests) \
            if path.endswith('-quirks.tsv') \
            else check_table(report, path, known, tests)
        lines.append(f'{os.path.basename(path)}: {said}')
    return report.finish('\n'.join(lines))


if __name__ == '__main__':
    lintlib.main(run)
