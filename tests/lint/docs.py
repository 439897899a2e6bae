#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every exported function has a doc comment, in the order of the house.

Prototypes that follow each other without a blank line share the comment above
the first, as a getter and its setter do.
"""
import re

import lintlib

ORDER = ['@param', '@return', 'Units:', 'Ownership:', 'Threads:', 'Blocking:',
         'Platforms:', 'Since:']
TAG = re.compile(r'(@param|@return|Units:|Ownership:|Threads:|Blocking:|'
                 r'Platforms:|Since:)')


def comment_above(lines, line):
    """(first line, text) of the /** comment that ends right above, or None."""
    end = line - 2                      # 0-based index of the line above
    if end < 0 or not lines[end].rstrip().endswith('*/'):
        return None
    start = end
    while start > 0 and '/*' not in lines[start]:
        start -= 1
    text = '\n'.join(lines[start:end + 1])
    return (start + 1, text) if text.lstrip().startswith('/**') else None


def tags(text):
    found = []
    for offset, line in enumerate(text.split('\n')):
        body = re.sub(r'^\s*(/\*\*|\*)\s?', '', line)
        m = TAG.match(body)
        if m:
            found.append((m.group(1), body, offset))
    return found


def group(prototypes):
    """Runs of prototypes without a line in between."""
    runs = []
    for p in prototypes:
        if runs and runs[-1][-1].end + 1 == p.line:
            runs[-1].append(p)
        else:
            runs.append([p])
    return runs


def check_order(report, path, first, found):
    last = 0
    for tag, _, offset in found:
        at = ORDER.index(tag)
        if at < last:
            report.add(path, first + offset, 'order',
                       f'{tag} comes after {ORDER[last]}')
        last = max(last, at)


def check_params(report, path, first, found, run):
    names = {n for p in run for n in p.params}
    seen = set()
    for tag, body, offset in found:
        if tag != '@param':
            continue
        m = re.match(r'@param(\[[a-z,]+\])?\s+(\w+(?:, \w+)*)', body)
        for name in m.group(2).split(', ') if m else ['']:
            seen.add(name)
            if name not in names:
                report.add(path, first + offset, 'param',
                           f"'{name}' is no parameter of {run[0].name}")
    for name in sorted(names - seen) if seen else ():
        report.add(path, first, 'param',
                   f"'{name}' of {run[0].name} is not described")


def check_run(report, path, lines, run):
    comment = comment_above(lines, run[0].line)
    if comment is None:
        for p in run:
            report.add(path, p.line, 'undocumented', p.name)
        return
    first, text = comment
    found = tags(text)
    present = {tag for tag, _, _ in found}
    check_order(report, path, first, found)
    check_params(report, path, first, found, run)
    if any(p.returns != 'void' for p in run) and '@return' not in present:
        report.add(path, first, 'return', f'{run[0].name} says no @return')
    if 'Since:' not in present:
        report.add(path, first, 'since', f'{run[0].name} says no Since:')


def run(root):
    report = lintlib.Report(root)
    count = 0
    for library, (_, upper) in lintlib.LIBRARIES.items():
        for path in lintlib.public_headers(root, library):
            text = lintlib.read(root, path)
            found = lintlib.prototypes(text, upper + 'API')
            count += len(found)
            for one in group(found):
                check_run(report, path, text.split('\n'), one)
    return report.finish(f'{count} exported functions')


if __name__ == '__main__':
    lintlib.main(run)
