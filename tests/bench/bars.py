# SPDX-License-Identifier: MIT
"""The bars of counts.py, by kind of build. docs/benchmarks.md says what each
figure is and why its bar is where it is.
"""
from collections import namedtuple

# Instructions over hand-written epoll, all on the harness of loop.h: an event
# of many in a wait, one that has a wait to itself, and with typed I/O, which is
# two transfers more. These hold what was reached, in every build.
EVENT = {'libevio/epoll': (45, 140, 190),
         'libevio/poll': (640, 980, 880)}
TRANSFER = 25   # over the system's own transfer
# 64 datagrams out and 64 in: 2 % of that, some 3 us, are ten times as many.
BATCH = 1200
EVIO_BATCH = 50  # over libsock's, for the check of the source and its flag
PKTINFO = 280   # one out, one in with its record found and read

# chain: an event in libevio's own functions; where LTO leaves none of them,
# over hand-written epoll. echo_64 and echo_1: a request, over hand-written
# epoll. register: an add and a delete, altogether.
Lean = namedtuple('Lean', 'chain echo_64 echo_1 register')

# The aims were (36, 60, 130, 350) for static, 30 for echo_64 with LTO. Where
# libevio does not reach one, the bar holds what it reaches. A shared library
# adds the jumps through its tables, and LTO takes 8 instructions from the
# yardstick, which a shared library cannot follow.
LEAN = {
    'static': Lean(36, 60, 160, 425),
    'static-lto': Lean(36, 42, 122, 350),
    'shared': Lean(36, 66, 168, 430),
    'shared-lto': Lean(36, 74, 174, 430),
    # -O2 and less.
    'other': Lean(40, 75, 180, 450),
}
LTO_SLOWER = 2  # shared libraries: a request with LTO over one without

# Bytes, where a pointer has 64 bits or less.
SOURCE = 32             # sizeof(evio_source)
# A registered source: a record of 32, 4 of the map by descriptor, whole pages.
RESIDENT = 37
RESIDENT_AT_ONCE = 16384    # one evio_register()
# Instructions of one evio_register(), the mean of a hundred, one of which is
# the first that does not fit into what was allocated.
GROWTH = 400
SOURCES = 19000
GROWTH_AT = (16300, 16400)


def kind(optimization, library, lto):
    """default_library=both is measured with the shared library."""
    if optimization != '3':
        return 'other'
    return ('static' if library == 'static' else 'shared') + \
        ('-lto' if lto == 'true' else '')
