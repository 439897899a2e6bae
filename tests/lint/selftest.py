#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does each lint script catch what it is for? Speaks TAP.

Each case is a small tree in which one thing is wrong, or nothing is. The
script must name the rule and the line, and must be silent about the clean one.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

PUBLIC = 'libsock/include/libsock/a.h'
API = '#define LIBSOCK_API\n'
DOC = '/**\n * Brief.\n *\n * @param a  It.\n *\n * @return 0.\n *\n' \
      ' * Since:     0.1\n */\n'
LONG = 'void libsock_long(void)\n{\n' + '    ;\n' * 78 + '}\n'
DEEP = '''static void deep(int a)
{
    for (;;) {
        if (a) {
            switch (a) {
            case 1:
                while (a)
                    a--;
            }
        }
    }
}
'''
FLAT = '''static void flat(int a)
{
    /* for { if { while { switch { do { */
    const char *s = "{{{{{{";
    if (a)
        a = 1;
    else if (a == 2)
        a = 2;
    else if (a == 3)
        a = 3;
    else if (a == 4)
        a = 4;
    else
        a = s[0];
}
'''
SH = '```sh\ntrue\n```\n'
SERVER = 'docs/examples/tcp_echo.c'
ROWS = 'id\tstatus\tsymbols\ttests\tnote\n'
GOOD_PARITY = {
    'libsock/libsock.def': 'EXPORTS\nlibsock_a\n',
    PUBLIC: 'LIBSOCK_API int libsock_a(int a);\n'
            'LIBSOCK_API int libsock_b(int a);\n#define LIBSOCK_M 1\n',
    'tests/unit/t.c': 'TEST(works)\n{\n}\n',
}


def portability(calls='| `b_*` | own | own | own | own | own |\n',
                options='a\tyes\tyes\tno\tno\t?\n'):
    """A library with one option and two other functions."""
    return {
        'libsock/libsock.def': 'EXPORTS\nlibsock_b_c\nlibsock_b_d\n'
                               'libsock_set_a\n',
        'libsock/src/opt_list.h': ' X(a, SOCKET, SO_A, BOOL)\n',
        'docs/options.tsv':
            'option\tlinux\tfreebsd\tnetbsd\topenbsd\tmacos\n' + options,
        'docs/PORTABILITY.md':
            '| calls | Linux | FreeBSD | NetBSD | OpenBSD | macOS |\n'
            '| --- | --- | --- | --- | --- | --- |\n' + calls}


def parity(*rows):
    text = ROWS + ''.join('\t'.join(r) + '\n' for r in rows)
    return dict(GOOD_PARITY, **{'docs/parity/x.tsv': text})


SKIPPABLE = {
    'tests/unit/a.c': 'TEST(once)\n{\n}\n\nTEST(twice)\n{\n}\n',
    'tests/unit/b.c': 'TEST(twice)\n{\n}\n',
    'tests/meson.build': "'unit/a': {},\n'unit/b': {},\n",
    'docs/guide/libsock.md': '```c program=p\nint main(void);\n```\n',
}

# script, what it shows, files, expected 'path:line: rule' (None: clean)
CASES = [
    ('functions', 'length 81', {'libsock/src/a.c': LONG},
     'libsock/src/a.c:1: length'),
    ('functions', 'length 80',
     {'libsock/src/a.c': LONG.replace('    ;\n', '', 1)}, None),
    ('functions', 'nesting', {'libsock/src/a.c': DEEP},
     'libsock/src/a.c:1: nesting'),
    ('functions', 'nesting 4 in a test', {'tests/unit/a.c': DEEP}, None),
    ('functions', 'else-if is flat, text is text',
     {'libsock/src/a.c': FLAT}, None),
    ('functions', 'parameters',
     {'libsock/src/a.c': 'void f(int a, int b, int c, int d, int e,\n'
                         '       int (*g)(int, int))\n{\n}\n'},
     'libsock/src/a.c:1: parameters'),
    ('functions', 'file', {'libsock/src/a.c': '\n' * 601},
     'libsock/src/a.c:601: file'),

    ('rooms', 'OS header in a public header',
     {PUBLIC: '#include <sys/socket.h>\n'}, PUBLIC + ':1: room'),
    ('rooms', 'os.h in a public header',
     {PUBLIC: '#include <libsock/os.h>\n', PUBLIC.replace('a.h', 'os.h'): ''},
     PUBLIC + ':1: room'),
    ('rooms', 'os.h may',
     {PUBLIC.replace('a.h', 'os.h'): '#include <sys/socket.h>\n'}, None),
    ('rooms', 'OS header in portable code',
     {'libsock/src/a.c': '/* #include <no.h> */\n#include <unistd.h>\n'},
     'libsock/src/a.c:2: room'),
    ('rooms', 'OS #if in portable code',
     {'libevio/src/core/a.c': '\n#if defined(X) || \\\n defined(_WIN32)\n'
                              '#endif\n'}, 'libevio/src/core/a.c:2: os-if'),
    ('rooms', 'constant of the OS decides',
     {'libsock/src/a.c': '#ifdef SO_REUSEPORT\n#endif\n'},
     'libsock/src/a.c:1: os-if'),
    ('rooms', 'a guard is no OS', {'libevio/src/core/a.h':
                                   '#ifndef EVIO__A_H\n#endif\n'}, None),
    ('rooms', 'OS #if in a public header', {PUBLIC: '#ifdef __linux__\n'},
     PUBLIC + ':1: os-if'),
    ('rooms', 'inline.c opens os.h',
     {'libsock/src/inline.c': '#include <libsock/os.h>\n',
      PUBLIC.replace('a.h', 'os.h'): ''}, None),
    ('rooms', 'inline.c opens nothing else',
     {'libsock/src/inline.c': '#include "sys/sys.h"\n',
      'libsock/src/sys/sys.h': ''}, 'libsock/src/inline.c:1: room'),
    ('rooms', 'platform.h is the only way',
     {'libsock/src/sys/posix/a.c': '#include <unistd.h>\n'},
     'libsock/src/sys/posix/a.c:1: room'),
    ('rooms', 'platform.h',
     {'libsock/src/sys/posix/a.c': '#include "platform.h"\n',
      'libsock/src/sys/posix/platform.h': '#include <unistd.h>\n'}, None),
    ('rooms', 'sys never opens core',
     {'libevio/src/sys/posix/a.c': '#include "core/poll.h"\n',
      'libevio/src/core/poll.h': ''},
     'libevio/src/sys/posix/a.c:1: room'),
    ('rooms', 'one port never opens another',
     {'libevio/src/sys/posix/a.c': '#include "sys/windows/nt.h"\n',
      'libevio/src/sys/windows/nt.h': ''},
     'libevio/src/sys/posix/a.c:1: room'),
    ('rooms', 'linux opens posix',
     {'libsock/src/sys/linux/a.c': '#include "sys/posix/platform.h"\n',
      'libsock/src/sys/posix/platform.h': ''}, None),
    ('rooms', 'libevio is a stranger',
     {'libevio/src/sys/posix/a.c': '#include "util.h"\n',
      'libsock/src/util.h': ''}, 'libevio/src/sys/posix/a.c:1: room'),
    ('rooms', 'libsock knows no libevio',
     {PUBLIC: '#include <libevio/b.h>\n', 'libevio/include/libevio/b.h': ''},
     PUBLIC + ':1: room'),
    ('rooms', 'base is ISO C',
     {'libevio/src/base/a.c': '#include <libsock/a.h>\n', PUBLIC: ''},
     'libevio/src/base/a.c:1: room'),
    ('rooms', 'behaviour has no OS',
     {'tests/behaviour/a.c': '#include <poll.h>\n'},
     'tests/behaviour/a.c:1: room'),
    ('rooms', 'behaviour opens no src',
     {'tests/behaviour/a.c': '#include "sys/sys.h"\n',
      'libsock/src/sys/sys.h': ''}, 'tests/behaviour/a.c:1: room'),
    ('rooms', 'contract opens contracts',
     {'tests/contract/a.c': '#include "sys/sys.h"\n#include <stdio.h>\n',
      'libsock/src/sys/sys.h': ''}, None),
    ('rooms', 'no source file is included',
     {'tests/unit/a.c': '#include "b.c"\n', 'tests/unit/b.c': ''},
     'tests/unit/a.c:1: include'),

    ('docs', 'no comment', {PUBLIC: API + '\nLIBSOCK_API void libsock_a(void);'
                                          '\n'}, PUBLIC + ':3: undocumented'),
    ('docs', 'documented', {PUBLIC: API + DOC +
                            'LIBSOCK_API int libsock_a(int a);\n'}, None),
    ('docs', 'a pair shares', {PUBLIC: API + DOC +
                               'LIBSOCK_API int libsock_a(int a);\n'
                               'LIBSOCK_API int libsock_b(\n    int a);\n'},
     None),
    ('docs', 'a blank line ends sharing',
     {PUBLIC: API + DOC + 'LIBSOCK_API int libsock_a(int a);\n\n'
                          'LIBSOCK_API int libsock_b(int a);\n'},
     PUBLIC + ':13: undocumented'),
    ('docs', 'wrong parameter', {PUBLIC: API + DOC +
                                 'LIBSOCK_API int libsock_a(int b);\n'},
     PUBLIC + ':5: param'),
    ('docs', 'no return', {PUBLIC: API + DOC.replace('@return', 'returns') +
                           'LIBSOCK_API int libsock_a(int a);\n'},
     PUBLIC + ':2: return'),
    ('docs', 'no since', {PUBLIC: API + DOC.replace('Since:', 'from') +
                          'LIBSOCK_API int libsock_a(int a);\n'},
     PUBLIC + ':2: since'),
    ('docs', 'order', {PUBLIC: API + DOC.replace(
        ' * Since', ' * Threads:   any.\n * Units:     bytes.\n * Since') +
        'LIBSOCK_API int libsock_a(int a);\n'}, PUBLIC + ':10: order'),

    ('names', 'macro', {PUBLIC: '#define SOCK_X 1\n'}, PUBLIC + ':1: prefix'),
    ('names', 'macro of the system', {'libsock/src/a.c': '#define SO_X 1\n'},
     'libsock/src/a.c:1: reserved'),
    ('names', 'what older headers lack',
     {'libsock/src/sys/posix/a.h': '#ifndef SO_X\n#define SO_X 1\n#endif\n'},
     None),
    ('names', 'typedef', {PUBLIC: 'typedef int libsock_x_t;\n'},
     PUBLIC + ':1: suffix'),
    ('names', 'type prefix', {PUBLIC: 'typedef struct { int a; } sock;\n'},
     PUBLIC + ':1: prefix'),
    ('names', 'enum constant', {PUBLIC: 'enum libsock_e {\n    SOCK_A,\n};\n'},
     PUBLIC + ':2: prefix'),
    ('names', 'guard', {'libsock/src/a.h': '#ifndef __A\n#define __A\n'},
     'libsock/src/a.h:2: reserved'),
    ('names', 'linkage', {'libsock/src/a.c': 'int addr_of(void)\n{\n}\n'},
     'libsock/src/a.c:1: prefix'),
    ('names', 'static', {'libsock/src/a.c': 'static int addr_of(void)\n{\n}\n'},
     None),
    ('names', 'outputs last',
     {PUBLIC: 'LIBSOCK_API int libsock_a(int *out_a, int b);\n'},
     PUBLIC + ':1: outputs'),

    ('portability', 'good', portability(), None),
    ('portability', 'an option without a row', portability(options=''),
     'docs/options.tsv:1: rows'),
    ('portability', 'a word',
     portability(options='a\tperhaps\tno\tno\tno\tno\n'),
     'docs/options.tsv:2: columns'),
    ('portability', 'a call without a row',
     portability('| `b_c` | own | own | own | own | own |\n'),
     'docs/PORTABILITY.md:1: missing'),
    ('portability', 'a row without a call',
     portability('| `b_*` `c` | own | own | own | own | own |\n'),
     'docs/PORTABILITY.md:3: extra'),
    ('portability', 'twice',
     portability('| `b_*` `b_*` | own | own | own | own | own |\n'),
     'docs/PORTABILITY.md:3: extra'),
    ('portability', 'a system too few',
     portability('| `b_*` | own | own | own | own |\n'),
     'docs/PORTABILITY.md:3: cells'),

    ('parity', 'no tables', {'a': ''}, 'SKIP'),
    ('parity', 'good', parity(
        ('x-001', 'yes', 'libsock_a', 'unit/t.c:works', ''),
        ('x-002', 'yes', 'LIBSOCK_M', 't.c:works', ''),
        ('x-003', 'planned', '', '', 'why'),
        ('x-004', 'differs', 'libsock_a', 't.c:works', 'why')), None),
    ('parity', 'what differs has symbols', parity(
        ('x-001', 'differs', '', 't.c:works', 'why')),
     'docs/parity/x.tsv:2: symbols'),
    ('parity', 'what differs has tests', parity(
        ('x-001', 'differs', 'libsock_a', '', 'why')),
     'docs/parity/x.tsv:2: tests'),
    ('parity', 'what differs has tests that exist', parity(
        ('x-001', 'differs', 'libsock_a', 't.c:fails', 'why')),
     'docs/parity/x.tsv:2: tests'),
    ('parity', 'what differs has a reason', parity(
        ('x-001', 'differs', 'libsock_a', 't.c:works', '')),
     'docs/parity/x.tsv:2: note'),
    ('parity', 'no such status', parity(
        ('x-001', 'other', 'libsock_a', 't.c:works', 'why')),
     'docs/parity/x.tsv:2: status'),
    ('parity', 'declared is not exported', parity(
        ('x-001', 'yes', 'libsock_b', 't.c:works', '')),
     'docs/parity/x.tsv:2: symbols'),
    ('parity', 'inline is not exported', dict(parity(
        ('x-001', 'yes', 'libsock_c', 't.c:works', '')),
        **{PUBLIC: 'LIBSOCK_INLINE int libsock_c(int a)\n{\n'
                   '    return a;\n}\n'}),
     'docs/parity/x.tsv:2: symbols'),
    ('parity', 'no such test', parity(
        ('x-001', 'yes', 'libsock_a', 't.c:fails', '')),
     'docs/parity/x.tsv:2: tests'),
    ('parity', 'reason', parity(('x-001', 'n/a', '', '', '')),
     'docs/parity/x.tsv:2: note'),
    ('parity', 'size', parity(('s2-001', 'planned', '', '', 'why')),
     'docs/parity/x.tsv:1: ids'),
    ('parity', 'twice', parity(('x', 'planned', '', '', 'why'),
                               ('x', 'planned', '', '', 'why')),
     'docs/parity/x.tsv:1: ids'),
    ('parity', 'tests of a peer', {
        'tests/unit/t.c': 'TEST(works)\n{\n}\n',
        'docs/parity/x-tests.tsv': 'x\tyes\tt.c:works\t\n'}, None),
    ('parity', 'a test of a peer is not had', {
        'tests/unit/t.c': 'TEST(works)\n{\n}\n',
        'docs/parity/x-tests.tsv': 'x\tyes\tt.c:fails\t\n'},
     'docs/parity/x-tests.tsv:1: tests'),
    ('parity', 'a test of a peer is missing', {
        'docs/parity/x-tests.tsv': 'b1:x\tplanned\t\twhy\n'},
     'docs/parity/x-tests.tsv:1: ids'),
    ('parity', 'a quirk names a file', {
        'docs/parity/x-quirks.tsv': 'x\thandled\tdocs/parity/x-quirks.tsv'
                                    '\t\n'}, None),

    ('links', 'broken', {'a.md': '# A\n[b](b.md)\n'}, 'a.md:2: link'),
    ('links', 'anchor', {'a.md': '# A b\n[b](#a-c)\n'}, 'a.md:2: anchor'),
    ('links', 'good', {'a.md': '# A `b`\n[b](#a-b) [x](https://x.org)\n'
                               '```\n[no](no.md)\n```\n'}, None),

    ('listed', 'forgotten test', {'tests/unit/a.c': '', 'tests/meson.build':
                                  "'unit/aa': {},\n"},
     'tests/unit/a.c:1: unlisted'),
    ('listed', 'forgotten source', {'libsock/src/a.c': '',
                                    'libsock/meson.build': ''},
     'libsock/src/a.c:1: unlisted'),
    ('listed', 'all there', {'tests/unit/a.c': '', 'libsock/src/b.c': '',
                             'tests/meson.build': "'unit/a': {},",
                             'libsock/meson.build': "'src/b.c',"}, None),
    ('listed', 'a skip of nothing',
     {'tests/a.skips': '# why\n\n* gone reason\n', **SKIPPABLE},
     'tests/a.skips:3: skip'),
    ('listed', 'a skip of two tests',
     {'tests/a.skips': '* twice reason\n', **SKIPPABLE},
     'tests/a.skips:1: skip'),
    ('listed', 'skips of a test and of a program',
     {'tests/a.skips': '* once reason\narm guide_libsock_p reason\n',
      **SKIPPABLE}, None),

    ('places', 'home', {'a.md': 'see /' + 'home/joe/x\n'}, 'a.md:1: place'),
    ('places', 'object', {'a.o': '\x7fELF\0'}, 'a.o:1: binary'),
    ('places', 'clean', {'a.md': 'see /usr/include and /tmp\n'}, None),

    ('readme', 'one block', {'README.md': SH}, 'README.md:1: sh'),
    ('readme', 'no example yet', {'README.md': SH + SH}, 'SKIP'),
    ('readme', 'server not shown', {'README.md': SH + SH, SERVER: 'int a;\n'},
     'README.md:1: server'),
    ('readme', 'server differs',
     {'README.md': SH + SH + '```c\nint a;\nint c;\n```\n',
      SERVER: 'int a;\nint b;\n'}, 'README.md:9: server'),
    ('readme', 'good', {'README.md': SH + SH + '```c\nint a;\n```\n',
                        SERVER: 'int a;\n'}, None),

    ('format', 'indent', {'a.c': 'int a( void );\n'}, 'a.c:1: format'),
    ('format', 'good', {'a.c': 'int a(void);\n'}, None),
    ('tidy', 'bug', {'libsock/src/a.c': 'int a(char *p)\n{\n'
                     '    return sizeof(p) / sizeof(p[0]) == 1;\n}\n'},
     'libsock/src/a.c:3: bugprone-sizeof-expression'),
    ('tidy', 'good', {'libsock/src/a.c': 'int a(void);\n'}, None),
]


def write_tree(root, tree):
    for path, text in tree.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as f:
            f.write(text)


def prepare(root, script):
    """What the tools need besides the files under test."""
    for name in ('.clang-format', '.clang-tidy'):
        with open(os.path.join(HERE, '..', '..', name),
                  encoding='utf-8') as f:
            write_tree(root, {name: f.read()})
    if script == 'tidy':
        write_tree(root, {'build/compile_commands.json':
                          '[{"directory": "%s", "file": "libsock/src/a.c",'
                          ' "command": "cc -std=c11 -c libsock/src/a.c"}]'
                          % root})


def run(script, tree):
    with tempfile.TemporaryDirectory() as root:
        prepare(root, script)
        write_tree(root, tree)
        return subprocess.run(
            [sys.executable, os.path.join(HERE, script + '.py'), root,
             os.path.join(root, 'build')],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def verdict(done, expected):
    if expected == 'SKIP':
        return done.returncode == 77
    if expected is None:
        return done.returncode == 0
    return done.returncode == 1 and re.search(
        '^' + re.escape(expected) + ':', done.stdout, re.M) is not None


def main():
    print(f'TAP version 13\n1..{len(CASES)}')
    failed = 0
    for number, (script, what, tree, expected) in enumerate(CASES, 1):
        done = run(script, tree)
        if done.returncode == 77 and expected != 'SKIP':
            print(f'ok {number} - {script}: {what} # {done.stdout.strip()}'
                  .replace('SKIP:', 'SKIP'))
            continue
        ok = verdict(done, expected)
        failed += not ok
        print(f'{"ok" if ok else "not ok"} {number} - {script}: {what}')
        if not ok:
            print(f'# {script}: {what}: expected {expected}\n' +
                  '\n'.join('# ' + x for x in done.stdout.splitlines()),
                  file=sys.stderr)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
