#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom, and where an OS may be named in an #if.

A room is a folder. Each has a list of what it may include: 'iso' for ISO C
headers, 'os' for any other header in angle brackets, or the name of a room.
"""
import os
import re

import lintlib

# First match decides. (pattern of the path, room)
ROOMS = [
    (r'(libsock|libevio)/include/\1/os\.h$', r'\1:os.h'),
    (r'(libsock|libevio)/include/\1/[^/]+\.h$', r'\1:public'),
    (r'(libsock|libevio)/src/(core/)?inline\.c$', r'\1:inline'),
    (r'(libsock|libevio)/src/base/', r'\1:base'),
    (r'(libsock|libevio)/src/core/', r'\1:core'),
    (r'(libsock|libevio)/src/net/', r'\1:net'),
    (r'(libsock|libevio)/src/sys/[^/]+$', r'\1:contract'),
    (r'(libsock|libevio)/src/sys/(\w+)/platform\.h$', r'\1:platform/\2'),
    (r'(libsock|libevio)/src/sys/(\w+)/', r'\1:sys/\2'),
    (r'(libsock|libevio)/src/[^/]+\.h$', r'\1:util'),
    (r'(libsock|libevio)/src/[^/]+$', r'\1:core'),
    (r'docs/examples/', 'examples'),
    (r'tests/(support|unit|bench|fuzz)/', 'open'),
    (r'tests/contract/', 'contract tests'),
    (r'tests/', 'tests'),
]

PUBLIC = ['iso', 'libsock:public', 'libevio:public']
USER = PUBLIC + ['libsock:os.h', 'libevio:os.h']

# What the examples take from the system itself: their arguments, a thread.
EXAMPLES_TAKE = {'getopt.h', 'pthread.h'}

# Other OS folders that a folder may use: the variants of one family.
FAMILY = {'linux': 'posix', 'bsd': 'posix', 'apple': 'posix', 'wasi': 'posix'}

# A layout or a constant that the kernel dictates; see docs/DESIGN.md.
OS_IF_HEADERS = {'attr.h', 'types.h', 'error.h', 'io.h', 'os.h'}

# Also constants of OS headers: asking for one is asking for the OS.
OS_MACRO = re.compile(
    r'\b(_WIN32|_WIN64|WIN32|__MINGW\w+|__CYGWIN__|__linux\w*|linux|'
    r'__ANDROID__|__APPLE__|__MACH__|__unix\w*|unix|__FreeBSD\w*|'
    r'__NetBSD\w*|__OpenBSD\w*|__DragonFly\w*|__sun\w*|__illumos__|'
    r'__wasi\w*|__wasm\w*|__EMSCRIPTEN__|__HAIKU__|_AIX|__QNX\w*|__GLIBC\w*|'
    r'(SO|SOCK|SOL|MSG|AF|PF|IP|IPV6|TCP|UDP|EPOLL|EFD|POLL|SYS|__NR)_\w+|'
    r'E(?!VIO)[A-Z0-9]{3,})\b')


def room_of(path):
    for pattern, room in ROOMS:
        m = re.match(pattern, path)
        if m:
            return m.expand(room)
    return None


def sys_rooms(lib, folder):
    """What a port may open: itself, its family, what lies below."""
    rooms = ['iso', 'libsock:public', f'{lib}:public', f'{lib}:base',
             f'{lib}:util', f'{lib}:contract', f'{lib}:platform/{folder}',
             f'{lib}:sys/{folder}']
    if folder in FAMILY:
        base = FAMILY[folder]
        rooms += [f'{lib}:platform/{base}', f'{lib}:sys/{base}']
    return rooms


def allowed(room):
    """Rooms that `room` may include; None for everything."""
    lib, _, kind = room.partition(':')
    own = ['iso', 'libsock:public', f'{lib}:public']
    if room == 'open':
        return None
    if room == 'examples':
        return USER + ['examples']
    if room in ('tests', 'contract tests'):
        more = ['libsock:contract', 'libevio:contract']
        return USER + ['open', 'tests', room] + \
            (more if room == 'contract tests' else [])
    if kind == 'public':
        return own
    if kind == 'os.h':
        return own + ['os', 'libsock:os.h']
    if kind == 'inline':
        # It compiles what every public header defines.
        return own + [f'{lib}:os.h']
    if kind == 'base':
        return ['iso', f'{lib}:public', f'{lib}:base']
    if kind == 'contract':
        return own + [f'{lib}:contract', f'{lib}:base']
    if kind.startswith('platform/'):
        return own + ['os', f'{lib}:contract', f'{lib}:base',
                      'libsock:os.h'] + sys_rooms(lib, kind[9:])
    if kind.startswith('sys/'):
        return sys_rooms(lib, kind[4:])
    private = [f'{lib}:base', f'{lib}:util', f'{lib}:contract', f'{lib}:core']
    return own + private + ([f'{lib}:net'] if kind == 'net' else [])


def resolve(root, path, name):
    """The path inside the project that an include names, or None."""
    lib = path.split('/')[0]
    folders = [os.path.dirname(path), f'{lib}/src', f'{lib}/include',
               'libsock/include', 'libevio/include', 'libsock/src',
               'libevio/src', 'tests']
    for folder in folders:
        inside = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(os.path.join(root, inside)):
            return inside
    return None


def target_of(root, path, name, angled):
    """The room that an include leads to, or 'iso', 'os', 'nowhere'."""
    if name in lintlib.ISO_C:
        return 'iso'
    m = re.match(r'(libsock|libevio)/(os\.h$)?', name)
    if m and angled:
        return m.group(1) + (':os.h' if m.group(2) else ':public')
    if angled:
        return 'os'
    inside = resolve(root, path, name)
    if inside is None:
        return 'nowhere'
    return room_of(inside) or 'nowhere'


def check_include(report, path, room, directive):
    m = re.match(r'([<"])([^>"]+)[>"]', directive.rest)
    if not m:
        report.add(path, directive.line, 'include', 'by a macro')
        return
    name = m.group(2)
    target = target_of(report.root, path, name, m.group(1) == '<')
    may = allowed(room)
    if name.endswith('.c') or name.endswith('.cpp'):
        report.add(path, directive.line, 'include', f'{name} is a source file')
    elif target == 'nowhere' and may is not None:
        report.add(path, directive.line, 'include', f'{name} is not found')
    elif room == 'examples' and name in EXAMPLES_TAKE:
        pass
    elif may is not None and target not in may:
        report.add(path, directive.line, 'room',
                   f'{room} may not include {name} ({target})')


def may_name_an_os(path, room):
    kind = room.partition(':')[2]
    if kind in ('public', 'os.h'):
        return os.path.basename(path) in OS_IF_HEADERS
    return room == 'open' or kind.startswith(('sys/', 'platform/'))


def check_condition(report, path, room, directive):
    m = OS_MACRO.search(directive.rest)
    if m and not may_name_an_os(path, room):
        report.add(path, directive.line, 'os-if',
                   f'{m.group(0)} decides in {room}; pick a file instead')


def run(root):
    report = lintlib.Report(root)
    for path in lintlib.files(root, '.c', '.h', '.cpp'):
        room = room_of(path)
        if room is None:
            report.add(path, 1, 'room', 'belongs to no room')
            continue
        for d in lintlib.split_directives(lintlib.read(root, path))[0]:
            if d.name in ('include', 'include_next', 'import'):
                check_include(report, path, room, d)
            elif d.name in ('if', 'ifdef', 'ifndef', 'elif'):
                check_condition(report, path, room, d)
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
