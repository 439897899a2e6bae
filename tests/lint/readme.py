#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""README.md shows what is there: the two sh blocks that it promises, and the
whole of docs/examples/tcp_echo.c as its one block of C.
"""
import os
import re

import lintlib

EXAMPLE = 'docs/examples/tcp_echo.c'
BLOCK = re.compile(r'^```(\w+)\n(.*?)^```$', re.M | re.S)


def blocks(text, language):
    """(line, content) of the fenced blocks in one language."""
    return [(text.count('\n', 0, m.start()) + 1, m.group(2))
            for m in BLOCK.finditer(text) if m.group(1) == language]


def first_difference(a, b):
    a, b = a.splitlines(), b.splitlines()
    same = (n for n, (x, y) in enumerate(zip(a, b), 1) if x != y)
    return next(same, min(len(a), len(b)) + 1)


def check_server(report, text):
    found = blocks(text, 'c')
    if len(found) != 1:
        report.add('README.md', 1, 'server', f'{len(found)} blocks of C')
        return
    line, shown = found[0]
    source = lintlib.read(report.root, EXAMPLE)
    if shown != source:
        at = first_difference(shown, source)
        report.add('README.md', line + at, 'server',
                   f'differs from {EXAMPLE}:{at}')


def run(root):
    report = lintlib.Report(root)
    text = lintlib.read(root, 'README.md')
    if len(blocks(text, 'sh')) < 2:
        report.add('README.md', 1, 'sh', 'fewer than two blocks')
    has_example = os.path.exists(os.path.join(root, EXAMPLE))
    if has_example:
        check_server(report, text)
    elif not report.findings:
        lintlib.skip(f'there is no {EXAMPLE}')
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
