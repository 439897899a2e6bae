#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prefixes, reserved names, and outputs last."""
import re

import lintlib
import rooms

RESERVED = re.compile(r'_[A-Z_]\w*$|__\w*$')
SYSTEM = re.compile(r'\b(SO|SOCK|SOL|AF|PF|MSG|IP|IPV6|TCP|UDP|INADDR)_[A-Z]')


def defined_macros(text):
    """(name, line, whether a conditional about the system is around it)"""
    conditions = []
    for d in lintlib.split_directives(text)[0]:
        m = re.match(r'(\w+)', d.rest)
        if d.name in ('if', 'ifdef', 'ifndef'):
            conditions.append(d.rest)
        elif d.name == 'endif' and conditions:
            conditions.pop()
        elif d.name == 'define' and m:
            asked = any(rooms.OS_MACRO.search(c) for c in conditions)
            yield m.group(1), d.line, asked


def enum_constants(tokens, i):
    """Names in the braces of the enum at i."""
    while i < len(tokens) and tokens[i].text not in '{;)':
        i += 1
    if i == len(tokens) or tokens[i].text != '{':
        return
    for part in lintlib.split_commas(tokens[i + 1:lintlib.match(tokens, i)]):
        if part and part[0].kind == 'name':
            yield part[0]


def typedef_name(head):
    """The new name of a typedef, a function pointer's included."""
    head = [t for t in head if t.text not in ('LIBSOCK_BEGIN', 'EVIO_BEGIN')]
    if not head or head[0].text != 'typedef':
        return None
    # Braces hold fields, not the name.
    while any(t.text == '{' for t in head):
        i = next(k for k, t in enumerate(head) if t.text == '{')
        head = head[:i] + head[lintlib.match(head, i) + 1:]
    name = lintlib.param_name(head)
    return (name, head[-1].line) if name else None


def declared_types(text):
    """(name, line) of typedefs, tags with a body, enum constants."""
    tokens = lintlib.tokens_of(text)
    for i, t in enumerate(tokens):
        if t.text == 'enum':
            for c in enum_constants(tokens, i):
                yield 'constant', c.text, c.line
        if t.text in ('struct', 'union', 'enum') and i + 2 < len(tokens) \
                and tokens[i + 2].text == '{':
            yield 'tag', tokens[i + 1].text, t.line
    for head, _ in lintlib.declarations(tokens):
        named = typedef_name(head)
        if named:
            yield 'typedef', named[0], named[1]


def check_outputs(report, path, name, params, line):
    seen = None
    for p in params:
        if p.startswith('out_'):
            seen = p
        elif seen:
            report.add(path, line, 'outputs',
                       f'{name}: {p} comes after {seen}')
            return


def check_reserved(report, path, text):
    """For every file: nothing of ours has the system's names."""
    port = re.match(r'(libsock|libevio)/src/sys/\w+/', path)
    for name, line, asked in defined_macros(text):
        # A port may give the number that older headers of its OS lack.
        if RESERVED.match(name) or \
                (SYSTEM.match(name) and not (port and asked)):
            report.add(path, line, 'reserved', f'macro {name}')
    for kind, name, line in declared_types(text):
        if RESERVED.match(name):
            report.add(path, line, 'reserved', f'{kind} {name}')
        if kind != 'constant' and name.endswith('_t'):
            report.add(path, line, 'suffix', f'{kind} {name}: POSIX owns _t')
    for f in lintlib.functions(text):
        if RESERVED.match(f.name):
            report.add(path, f.line, 'reserved', f'function {f.name}')
        check_outputs(report, path, f.name, f.params, f.line)


def check_public(report, path, text, prefix, upper):
    for name, line, _ in defined_macros(text):
        if not name.startswith(upper):
            report.add(path, line, 'prefix', f'macro {name}, not {upper}...')
    for kind, name, line in declared_types(text):
        want = upper if kind == 'constant' else prefix
        if not name.startswith(want):
            report.add(path, line, 'prefix', f'{kind} {name}, not {want}...')
    for f in lintlib.functions(text):
        if not f.name.startswith(prefix):
            report.add(path, f.line, 'prefix', f'{f.name}, not {prefix}...')
    for p in lintlib.prototypes(text, upper + 'API'):
        check_outputs(report, path, p.name, p.params, p.line)
        if not p.name.startswith(prefix) or p.name.startswith(prefix + '_'):
            report.add(path, p.line, 'prefix',
                       f'exported {p.name}, not {prefix}...')


def check_private(report, path, text, prefix):
    for f in lintlib.functions(text):
        if f.static and f.name.startswith(prefix) and path.endswith('.c'):
            report.add(path, f.line, 'prefix',
                       f'static {f.name} looks cross-file')
        if not f.static and not f.name.startswith(prefix):
            report.add(path, f.line, 'prefix',
                       f'{f.name} is seen by the linker, not {prefix}...')


def run(root):
    report = lintlib.Report(root)
    for path in lintlib.files(root, '.c', '.h'):
        text = lintlib.read(root, path)
        library = path.split('/')[0]
        check_reserved(report, path, text)
        if library not in lintlib.LIBRARIES:
            continue
        prefix, upper = lintlib.LIBRARIES[library]
        if '/include/' in path:
            check_public(report, path, text, prefix, upper)
        else:
            check_private(report, path, text, prefix)
    return report.finish()


if __name__ == '__main__':
    lintlib.main(run)
