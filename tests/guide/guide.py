#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The programs of the guide: take them out of the Markdown, and run them.

usage: guide.py extract FILE.md NAME      print the program NAME
       guide.py run FILE.md NAME PROGRAM  run it, compare what it prints
       guide.py names FILE.md NAME...     are these all that the file has?

A program is a block that begins with ```c program=NAME; what it prints, if
shown, a block that begins with ```text output=NAME.
"""
import difflib
import os
import re
import subprocess
import sys

BLOCK = re.compile(r'^```(\S+) (program|output)=(\w+)\n(.*?)^```$',
                   re.M | re.S)


def blocks(path):
    """{(what, name): content}; a program begins with a #line."""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    found = {}
    for m in BLOCK.finditer(text):
        language, what, name, content = m.groups()
        key = (what, name)
        if key in found or language != {'program': 'c'}.get(what, 'text'):
            sys.exit(f'{path}: {what}={name}: twice, or not {language}')
        line = text.count('\n', 0, m.start()) + 2
        head = f'#line {line} "{path}"\n' if what == 'program' else ''
        found[key] = head + content
    return found


def extract(path, name):
    sys.stdout.write(blocks(path)[('program', name)])
    return 0


def run(path, name, program):
    wrapper = os.environ.get('MESON_EXE_WRAPPER', '').split()
    done = subprocess.run([*wrapper, program], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, timeout=50)
    shown = blocks(path).get(('output', name), done.stdout)
    sys.stderr.writelines(difflib.unified_diff(
        shown.splitlines(True), done.stdout.splitlines(True), path, name))
    if done.returncode not in (0, 77):
        print(f'{name}: exit code {done.returncode}', file=sys.stderr)
    if done.returncode == 77:
        print('SKIP: ' + done.stdout.strip())
        return 77
    return done.returncode != 0 or shown != done.stdout


def names(path, *known):
    found = blocks(path)
    programs = {name for what, name in found if what == 'program'}
    outputs = {name for what, name in found if what == 'output'}
    for name in sorted(programs ^ set(known)):
        print(f'{path}: {name} is not in both the guide and meson.build')
    for name in sorted(outputs - programs):
        print(f'{path}: the output of {name}, but no program')
    return programs != set(known) or not outputs <= programs


if __name__ == '__main__':
    command = {'extract': extract, 'run': run, 'names': names}[sys.argv[1]]
    sys.exit(command(*sys.argv[2:]))
