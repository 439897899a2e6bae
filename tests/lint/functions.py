#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Length and depth of functions, number of parameters, length of files."""
import lintlib

MAX_LINES = 80
MAX_FILE = 600


def limits(path):
    """(nesting, parameters): tests may go one further each."""
    return (4, 6) if path.startswith('tests/') else (3, 5)


def area(path):
    for name in ('libsock/', 'libevio/', 'docs/examples/', 'tests/'):
        if path.startswith(name):
            return name.rstrip('/')
    return 'other'


def check_function(report, path, f):
    depth, params = limits(path)
    lines = f.end - f.line + 1
    if lines > MAX_LINES:
        report.add(path, f.line, 'length',
                   f'{f.name} has {lines} lines, over {MAX_LINES}')
    if f.max_depth > depth:
        report.add(path, f.line, 'nesting',
                   f'{f.name} nests {f.max_depth} deep, over {depth}')
    if len(f.params) > params:
        report.add(path, f.line, 'parameters',
                   f'{f.name} takes {len(f.params)}, over {params}')
    return lines


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def summary(lengths):
    lines = []
    for name, values in sorted(lengths.items()):
        values.sort()
        lines.append(f'{name}: {len(values)} functions, lines median '
                     f'{percentile(values, .5)}, p90 '
                     f'{percentile(values, .9)}, max {values[-1]}')
    return '\n'.join(lines)


def run(root):
    report = lintlib.Report(root)
    lengths = {}
    for path in lintlib.files(root, '.c', '.h'):
        text = lintlib.read(root, path)
        count = len(text.splitlines())
        if count > MAX_FILE:
            report.add(path, count, 'file',
                       f'{count} lines, over {MAX_FILE}')
        for f in lintlib.functions(text):
            lengths.setdefault(area(path), []).append(
                check_function(report, path, f))
    return report.finish(summary(lengths))


if __name__ == '__main__':
    lintlib.main(run)
