#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Count the results of a Meson test run, TAP subtests one by one.

usage: summary.py TESTLOG.json   prints each failure, each reason to skip with
the tests that gave it, then "passed failed skipped" as three numbers on the
last line.
"""
import json
import re
import sys

BAD = {'FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS'}
LINE = re.compile(r'(not ok|ok)\b\s*\d*\s*-?\s*(.*?)'
                  r'(?:\s#\s*(SKIP|TODO)\w*\s*(.*))?$', re.I)


def subtests(stdout):
    """(passed, failures, skips): a number, names, (name, reason) pairs."""
    passed = 0
    failures, skips = [], []
    for line in stdout.splitlines():
        m = LINE.match(line)
        if line.startswith('1..0'):
            skips.append(('', line.partition('SKIP ')[2]))
        elif not m:
            continue
        elif m.group(3):
            # A TODO that fails is work left, not a failure.
            skips.append((m.group(2), m.group(4)))
        elif m.group(1) == 'ok':
            passed += 1
        else:
            failures.append(m.group(2))
    return passed, failures, skips


def last_line(text):
    lines = [x for x in text.splitlines() if x.strip()]
    return lines[-1] if lines else ''


def one(test):
    stdout = test.get('stdout', '')
    result = test['result']
    if re.search(r'^(TAP version|1\.\.\d)', stdout, re.M):
        passed, failures, skips = subtests(stdout)
        # Died before it could say so, or said less than it planned.
        if result in BAD and not failures:
            failures.append(result)
        return passed, failures, skips
    if result == 'SKIP':
        return 0, [], [('', last_line(stdout))]
    if result in BAD:
        return 0, [f'{result}: {last_line(stdout)}'], []
    return 1, [], []


def main():
    totals = [0, 0, 0]
    reasons = {}
    with open(sys.argv[1], encoding='utf-8') as log:
        for line in log:
            test = json.loads(line)
            name = test['name'].rpartition(' / ')[2]
            passed, failures, skips = one(test)
            totals = [a + b for a, b in
                      zip(totals, (passed, len(failures), len(skips)))]
            for text in failures:
                print(f'  {name}: FAILED: {text}')
            if failures:
                for text in test.get('stderr', '').splitlines()[:40]:
                    print(f'  {name}: {text[:200]}')
            for subtest, reason in skips:
                reasons.setdefault(reason, {}).setdefault(name, []).append(
                    subtest)
    for reason, tests in reasons.items():
        names = [' '.join([name, *filter(None, subtests)])
                 for name, subtests in tests.items()]
        print(f'  skipped: {reason}: {", ".join(names)}')
    print(*totals)


if __name__ == '__main__':
    main()
