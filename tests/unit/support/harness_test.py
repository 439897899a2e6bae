#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does the harness see what it must see?

Runs harness_sample, whose tests fail, leak, hang and skip on purpose, and
harness_skips, and compares the TAP and the exit codes with what is expected.
Speaks TAP itself. usage: harness_test.py SAMPLE SKIPS
"""
import os
import re
import subprocess
import sys

# test: (ok?, text that its line or its diagnostics must hold)
EXPECTED = {
    'passes': (True, ''),
    'fails_check': (False, 'CHECK(strlen("abc") == 4)'),
    'fails_int': (False, '4 against 5'),
    'fails_uint': (False, '0xffffffff'),
    'fails_str': (False, '"left" against "right"'),
    'fails_mem': (False, 'byte 2 of 3 is 0x63 against 0x64'),
    'fails_ok': (False, '-22 (Invalid argument)'),
    'fails_err': (False, 'not -22'),
    'fails_in_thread': (False, 'CHECK(false)'),
    'leaks': (False, 'leaked descriptor'),
    'closes_foreign': (False, 'closed a foreign descriptor 0'),
    'dies_of_sigpipe': (False, 'killed by SIGPIPE'),
    'aborts': (False, 'killed by SIGABRT'),
    'exits_quietly_with_3': (False, 'exit code 3'),
    'hangs': (False, 'timed out'),
    'skips': (True, '# SKIP the moon is full'),
    'speaks_tap_in_its_output': (False, '# not ok 1 - not a result'),
    'leaves_a_file': (False, '# left '),
    'passes_last': (True, ''),
}

results = []


def report(ok, name, why=''):
    results.append(ok)
    print(f'{"ok" if ok else "not ok"} {len(results)} - {name}')
    if not ok:
        for line in str(why).splitlines():
            print('# ' + line, file=sys.stderr)


def run(*args, **more_env):
    # SIGPIPE is ignored here on purpose: children must get the default back.
    env = dict(os.environ, **more_env)
    wrapper = os.environ.get('MESON_EXE_WRAPPER', '').split()
    return subprocess.run([*wrapper, *args], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          restore_signals=False)


def split_tap(text):
    """name -> (ok, its line and the diagnostics below it)"""
    found = {}
    name = None
    for line in text.splitlines():
        m = re.match(r'(not ok|ok) (\d+) - (\w+)', line)
        if m:
            name = m.group(3)
            found[name] = [m.group(1) == 'ok', line]
        elif name:
            found[name][1] += '\n' + line
    return found


def check_sample(program):
    run_all = run(program, TEST_TIMEOUT='1', TEST_SLOW='0')
    found = split_tap(run_all.stdout)
    for name, (ok, text) in EXPECTED.items():
        got = found.get(name, [None, '(no result)'])
        report(got[0] is ok and text in got[1], name, got[1])
    report(list(found) == list(EXPECTED), 'order and set of tests', found)
    lines = run_all.stdout.splitlines()
    report(lines[:2] == ['TAP version 13', f'1..{len(EXPECTED)}'], 'plan')
    report(run_all.returncode == 1, 'exit code tells of failures')
    report(re.search(r'^\S*harness_sample\.c:\d+: ', found['fails_int'][1]
                     .replace('# ', ''), re.M), 'file and line are named')
    report('socket' in found['leaks'][1], 'leak says what leaked')
    left = re.search(r'left (\S+)', found['leaves_a_file'][1]).group(1)
    report(not os.path.exists(os.path.dirname(left)), 'directory removed', left)


def check_single(program):
    report(run(program, 'passes').returncode == 0, 'single pass exits 0')
    report(run(program, 'fails_int').returncode == 1, 'single failure exits 1')
    report(run(program, 'skips').returncode == 77, 'single skip exits 77')
    report(run(program, 'leaks').returncode == 1, 'single leak exits 1')
    report(run(program, 'nonsense').returncode == 2, 'unknown test exits 2')
    listed = run(program, '--list').stdout.split()
    report(listed == list(EXPECTED), 'list', listed)
    left = re.search(r'left (\S+)', run(program, 'leaves_a_file').stdout)
    report(not os.path.exists(os.path.dirname(left.group(1))),
           'directory removed after a single run')


def check_skips(program):
    out = run(program)
    report(out.returncode == 0, 'all-skipped program exits 0')
    report('all 2 tests were skipped' in out.stdout, 'all-skipped says so')
    report(out.stdout.count('# SKIP ') == 2, 'each skip is listed')


def main():
    import signal
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    print('TAP version 13')
    check_sample(sys.argv[1])
    check_single(sys.argv[1])
    check_skips(sys.argv[2])
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
