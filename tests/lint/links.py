#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Relative links in Markdown lead to a file, and their #anchors to a heading.
"""
import os
import re

import lintlib

LINK = re.compile(r'\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)'
                  r'|^\[[^\]]+\]:\s*(\S+)')
HEADING = re.compile(r'#{1,6}\s+(.*?)\s*#*\s*$')


def prose(text):
    """(number, line) outside fenced code; code spans blanked."""
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*(```+|~~~+)', line)
        if m and (fence is None or line.strip().startswith(fence)):
            fence = m.group(1) if fence is None else None
        elif fence is None:
            yield number, line


def anchors(text):
    """Heading names as the usual renderers make them."""
    found = set()
    for _, line in prose(text):
        m = HEADING.match(line)
        if m:
            plain = re.sub(r'[`*]|\[([^\]]*)\]\([^)]*\)', r'\1', m.group(1))
            slug = re.sub(r'[^\w\- ]', '', plain.lower()).replace(' ', '-')
            found.add(slug)
    return found


def check_link(report, path, number, target):
    if re.match(r'[a-z][a-z+.-]*:', target):
        return
    name, _, anchor = target.partition('#')
    inside = os.path.normpath(os.path.join(os.path.dirname(path), name)) \
        if name else path
    full = os.path.join(report.root, inside)
    if inside.startswith('..') or not os.path.exists(full):
        report.add(path, number, 'link', f'{target} leads nowhere')
    elif anchor and inside.endswith('.md') and \
            anchor not in anchors(lintlib.read(report.root, inside)):
        report.add(path, number, 'anchor', f'{target} has no such heading')


def run(root):
    report = lintlib.Report(root)
    for path in lintlib.files(root, '.md'):
        for number, line in prose(lintlib.read(root, path)):
            line = re.sub(r'`[^`]*`', '', line)
            for m in LINK.finditer(line):
                check_link(report, path, number, m.group(1) or m.group(2))
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
