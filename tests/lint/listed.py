#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every test source is built: it is in the table of tests/meson.build, or
named by a meson.build of its own folder. Every file of src/ is built, too, but
those of ports and stubs that come into a build with their OS. Every test in
the lists of what an emulator cannot run exists, and only once.
"""
import os
import re

import lintlib

LAYERS = ('abi', 'behaviour', 'contract', 'headers', 'regress', 'stress',
          'unit')


TEST = re.compile(r'^TEST\((\w+)\)', re.M)

OTHER_PORT = re.compile(r'/sys/(stub|windows|wasi|bsd|apple|sunos)/')


def text_of(root, path):
    full = os.path.join(root, path)
    return lintlib.read(root, path) if os.path.exists(full) else ''


def check_test(report, path, table):
    """A key of the table is the path below tests/ without its ending."""
    below = path[len('tests/'):]
    local = text_of(report.root,
                    os.path.join(os.path.dirname(path), 'meson.build'))
    stem, ending = os.path.splitext(os.path.basename(path))
    named = re.search(rf"'{re.escape(stem)}({re.escape(ending)})?'", local)
    key = "'" + os.path.splitext(below)[0] + "'"
    if key not in table and not named:
        report.add(path, 1, 'unlisted', 'no meson.build names this test')


def check_source(report, path, library):
    text = text_of(report.root, f'{library}/meson.build')
    if "'" + path[len(library) + 1:] + "'" not in text:
        report.add(path, 1, 'unlisted', f'{library}/meson.build lacks it')


def programs(root):
    """The names of the guides' programs, as the build gives them."""
    for path in lintlib.files(root, '.md'):
        guide = re.fullmatch(r'docs/guide/(\w+)\.md', path)
        if guide:
            for name in re.findall(r'^```c program=(\w+)$',
                                   lintlib.read(root, path), re.M):
                yield f'guide_{guide[1]}_{name}'


def check_skips(report):
    lists = list(lintlib.files(report.root, '.skips'))
    if not lists:
        return
    known = list(programs(report.root))
    for path in lintlib.files(report.root, '.c'):
        if path.startswith('tests/'):
            known += TEST.findall(lintlib.read(report.root, path))
    for path in lists:
        lines = lintlib.read(report.root, path).splitlines()
        for number, line in enumerate(lines, 1):
            if not line or line.startswith('#'):
                continue
            name = line.split()[1]
            if known.count(name) != 1:
                report.add(path, number, 'skip',
                           f'{known.count(name)} tests are named {name}')


def run(root):
    report = lintlib.Report(root)
    table = text_of(root, 'tests/meson.build')
    for path in lintlib.files(root, '.c', '.cpp'):
        parts = path.split('/')
        if parts[0] == 'tests' and parts[1] in LAYERS:
            check_test(report, path, table)
        elif parts[0] in lintlib.LIBRARIES and not OTHER_PORT.search(path):
            check_source(report, path, parts[0])
    check_skips(report)
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
