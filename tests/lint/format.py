#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-format has nothing to say about any .c, .h or .cpp file."""
import os
import re
import shutil
import subprocess

import lintlib


def run(root):
    tool = os.environ.get('CLANG_FORMAT', 'clang-format')
    if not shutil.which(tool):
        if os.environ.get('CI_TOOLS') == '1':
            print('clang-format is not installed, and CI needs it')
            return 1
        lintlib.skip('clang-format is not installed')
    paths = lintlib.files(root, '.c', '.h', '.cpp')
    done = subprocess.run([tool, '--dry-run', '-Werror'] + paths, cwd=root,
                          stderr=subprocess.PIPE, text=True)
    report = lintlib.Report(root)
    for m in re.finditer(r'^(\S+?):(\d+):\d+: error: (.*)', done.stderr, re.M):
        report.add(m.group(1), int(m.group(2)), 'format', m.group(3))
    if done.returncode != 0 and not report.findings:
        print(done.stderr)
        return 1
    return report.finish(f'{len(paths)} files')


if __name__ == '__main__':
    lintlib.main(run)
