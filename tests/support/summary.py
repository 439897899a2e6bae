#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Count the results of a Meson test run, TAP subtests one by one.

usage: summary.py TESTLOG.json   prints each failure and each reason to skip,
then "passed failed skipped" as three numbers on the last line.
"""
import json
import re
import sys

BAD = {'FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS'}
LINE = re.compile(r'(not ok|ok)\b\s*\d*\s*-?\s*(.*?)'
                  r'(?:\s#\s*(SKIP|TODO)\w*\s*(.*))?$', re.I)


def subtests(stdout):
    """(passed, failed, skipped, notes) of the TAP in stdout."""
    passed = failed = skipped = 0
    notes = []
    for line in stdout.splitlines():
        m = LINE.match(line)
        if line.startswith('1..0'):
            skipped += 1
            notes.append('skipped: ' + line)
        elif not m:
            continue
        elif m.group(3):
            # A TODO that fails is work left, not a failure.
            skipped += 1
            notes.append(f'skipped: {m.group(2)}: {m.group(4)}')
        elif m.group(1) == 'ok':
            passed += 1
        else:
            failed += 1
            notes.append('FAILED: ' + m.group(2))
    return passed, failed, skipped, notes


def last_line(text):
    lines = [x for x in text.splitlines() if x.strip()]
    return lines[-1] if lines else ''


def one(test):
    stdout = test.get('stdout', '')
    result = test['result']
    if re.search(r'^(TAP version|1\.\.\d)', stdout, re.M):
        passed, failed, skipped, notes = subtests(stdout)
        # Died before it could say so, or said less than it planned.
        if result in BAD and failed == 0:
            failed += 1
            notes.append('FAILED: ' + result)
        return passed, failed, skipped, notes
    if result == 'SKIP':
        return 0, 0, 1, ['skipped: ' + last_line(stdout)]
    if result in BAD:
        return 0, 1, 0, [f'FAILED: {result}: {last_line(stdout)}']
    return 1, 0, 0, []


def main():
    totals = [0, 0, 0]
    with open(sys.argv[1], encoding='utf-8') as log:
        for line in log:
            test = json.loads(line)
            *counts, notes = one(test)
            totals = [a + b for a, b in zip(totals, counts)]
            if counts[1]:
                notes += test.get('stderr', '').splitlines()[:40]
            for note in notes:
                print(f'  {test["name"]}: {note}')
    print(*totals)


if __name__ == '__main__':
    main()
