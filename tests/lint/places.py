#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No file names a directory or a host of the machine it was written on, and
none was made there by a compiler."""
import os
import re

import lintlib

# Assembled from pieces, so that this file does not find itself.
PATTERNS = [
    r'/' + r'(work|root|home/\w+|Users/\w+|workspace|builds)/[\w.]',
    r'/' + r'tmp/(bash_jobs|brief|wt)\b',
    r'\b[\w.-]+\.(internal|local|lan|corp)(:\d+)?/',
    r'\b(registry|mirror|proxy|artifactory|nexus)\.[\w-]+\.[\w.]+',
    r'\b(10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+:\d{2,5}\b.*'
    r'(index-url|mirror|proxy|https?:)',
]
FOUND = re.compile('|'.join(PATTERNS))
# Inputs of the fuzzers may be anything.
BINARY_HOMES = ('tests/fuzz/corpus/',)


def is_binary(root, path):
    with open(os.path.join(root, path), 'rb') as f:
        return b'\0' in f.read(8192) and not path.startswith(BINARY_HOMES)


def run(root):
    report = lintlib.Report(root)
    for path in lintlib.files(root):
        if is_binary(root, path):
            report.add(path, 1, 'binary', 'is no source')
            continue
        try:
            text = lintlib.read(root, path)
        except UnicodeDecodeError:
            continue
        if os.path.islink(os.path.join(root, path)):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            m = FOUND.search(line)
            if m:
                report.add(path, number, 'place', m.group(0))
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
