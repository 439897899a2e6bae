#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""System calls of libevio's operations, seen from outside by strace.

    calls_strace.py PROGRAM SELECTOR...

PROGRAM is calls_sample, whose marks part the trace.
calls.c counts the same through the seam; this finds what goes round it.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77

# What each section of calls_sample.c may cost: {call: how often}. A section
# does its operation ROUNDS times.
ROUNDS = 10
# What libcs make of fstat() and ppoll().
FSTAT = 'fstat|fstat64|newfstatat|fstatat64|statx'
PPOLL = 'ppoll|ppoll_time64'
WANTED = {
    'epoll': {
        'register': {'epoll_ctl': ROUNDS},
        'reregister': {'epoll_ctl': ROUNDS},
        'deregister': {'epoll_ctl': ROUNDS},
        'wake': {},  # nobody waits
        'wait_zero': {'epoll_wait|epoll_pwait': ROUNDS},
        'wait_timed': {'epoll_pwait2': ROUNDS},
        'rearm': {},
    },
    'poll': {
        'register': {FSTAT: ROUNDS},
        'reregister': {FSTAT: ROUNDS},
        'deregister': {},
        'wake': {},
        'wait_zero': {PPOLL: ROUNDS},
        'wait_timed': {PPOLL: ROUNDS},
        'rearm': {},
    },
}


def skip(reason):
    print('SKIP: ' + reason)
    sys.exit(SKIPPED)


def trace(program, selector):
    """Lines of the trace of one run."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'trace')
        done = subprocess.run(
            ['strace', '-f', '-o', out, program, 'every_operation'],
            env=dict(os.environ, EVIO_SELECTOR=selector, LC_ALL='C'),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=60)
        if not os.path.exists(out) or 'ptrace' in done.stdout:
            skip('strace may not trace here')
        if done.returncode != 0:
            sys.exit(f'calls_sample fails:\n{done.stdout}')
        with open(out, encoding='utf-8', errors='replace') as f:
            return f.read().splitlines()


def sections(lines):
    """{name: {call: count}}; a mark is access("mark:name", ...)."""
    found, name = {}, None
    for line in lines:
        mark = re.search(r'access(?:at2?)?\(.*"mark:(\w+)"', line)
        call = re.match(r'(?:\d+\s+)?(\w+)\(', line)
        if mark:
            name = mark.group(1)
            found[name] = {}            # a later round counts alone
        elif name and call:
            calls = found[name]
            calls[call.group(1)] = calls.get(call.group(1), 0) + 1
    return found


def judge(selector, name, wanted, seen):
    seen = dict(seen)
    wrong = []
    for pattern, count in wanted.items():
        got = sum(seen.pop(c, 0) for c in pattern.split('|'))
        if got != count:
            wrong.append(f'{pattern}: {got}, not {count}')
    wrong += [f'{call}: {count}, not 0' for call, count in seen.items()]
    for text in wrong:
        print(f'{selector}: {name}: {text}')
    return len(wrong)


def main(program, *selectors):
    if not shutil.which('strace'):
        skip('strace is not installed')
    if os.environ.get('TEST_SLOW'):  # valgrind, or an emulator
        skip('strace cannot trace what is traced already')
    wrong = 0
    for selector in selectors:
        found = sections(trace(program, selector))
        for name, wanted in WANTED[selector].items():
            if name not in found:
                print(f'{selector}: no mark {name}')
                wrong += 1
                continue
            wrong += judge(selector, name, wanted, found[name])
    print(f'{len(selectors)} selectors, {wrong} wrong')
    return 1 if wrong or not selectors else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
