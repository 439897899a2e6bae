#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy over the sources of both libraries, as this build compiles them.

usage: tidy.py ROOT BUILD   BUILD holds compile_commands.json
"""
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import lintlib

JOBS = 2
# What only gcc understands would be an error in clang's reading.
GCC_ONLY = ('-fanalyzer', '-Wlogical-op', '-Wduplicated-cond')


def sources(root, build):
    """source -> the first command that compiles it, cleaned for clang."""
    with open(os.path.join(build, 'compile_commands.json'),
              encoding='utf-8') as f:
        commands = json.load(f)
    found = {}
    for c in commands:
        path = os.path.realpath(os.path.join(c['directory'], c['file']))
        inside = os.path.relpath(path, os.path.realpath(root))
        # layout.c is assertions about layouts alone, absurd on purpose.
        if re.match(r'(libsock|libevio)/src/(?!.*/layout\.c).*\.c$', inside):
            found.setdefault(inside, c)
    return found


def check(args):
    tool, root, folder, path = args
    done = subprocess.run(
        [tool, '--quiet', '-p', folder, '--warnings-as-errors=*',
         f'--header-filter={re.escape(os.path.realpath(root))}'
         '/(libsock|libevio)/.*', os.path.join(root, path)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return path, done.returncode, done.stdout


def write_commands(found, folder):
    commands = []
    for path, c in sorted(found.items()):
        words = [w for w in c['command'].split() if w not in GCC_ONLY]
        commands.append(dict(c, command=' '.join(words)))
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'compile_commands.json'), 'w',
              encoding='utf-8') as f:
        json.dump(commands, f, indent=1)


def add_findings(report, root, build, outputs):
    for path, code, text in outputs:
        hits = re.findall(r'^(\S+?):(\d+):\d+: (?:error|warning): (.*) '
                          r'\[([\w.,-]+)\]$', text, re.M)
        for full, line, message, rule in set(hits):
            inside = os.path.relpath(
                os.path.realpath(os.path.join(build, full)),
                os.path.realpath(root))
            finding = (inside, int(line), rule.split(',')[0], message)
            if finding not in report.findings:
                report.add(*finding)
        if code != 0 and not hits:
            report.add(path, 1, 'tidy', text.strip()[-400:])


def run(root):
    tool = os.environ.get('CLANG_TIDY', 'clang-tidy')
    if not shutil.which(tool):
        if os.environ.get('CI_TOOLS') == '1':
            print('clang-tidy is not installed, and CI needs it')
            return 1
        lintlib.skip('clang-tidy is not installed')
    build = os.path.abspath(sys.argv[2])
    found = sources(root, build)
    folder = os.path.join(build, 'tidy')
    write_commands(found, folder)
    work = [(tool, root, folder, path) for path in sorted(found)]
    with ThreadPoolExecutor(JOBS) as pool:
        outputs = list(pool.map(check, work))
    report = lintlib.Report(root)
    add_findings(report, root, build, outputs)
    return report.finish(f'{len(found)} files')


if __name__ == '__main__':
    lintlib.main(run)
