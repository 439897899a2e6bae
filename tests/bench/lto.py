#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether shared libraries with LTO are as fast as without.

usage: lto.py PLAIN LTO   each a file that counts.py wrote to where
BENCH_FIGURES said, in a build of shared libraries.
"""
import sys

import bars
import contest


def read(path):
    with open(path, encoding='utf-8') as f:
        return contest.figures(f.read())


def main():
    plain, lto = (read(path) for path in sys.argv[1:3])
    good = plain != {} and plain.keys() == lto.keys()
    for name, value in plain.items():
        more = lto.get(name, 0) - value
        good = good and more <= bars.LTO_SLOWER
        print(f'  {name}: {value:.1f}, with LTO {more:+.1f} '
              f'of {bars.LTO_SLOWER:+d}')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
