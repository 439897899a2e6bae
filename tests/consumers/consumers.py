#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Other projects use us: as a subproject in each way, and installed.

usage: consumers.py CASE ROOT --meson MESON --cc WORDS [--pkg-config PROGRAM]
Speaks TAP. Each case works in a directory of its own, with a copy of what git
has, or would have, below subprojects/, and with the wrap file that we ship.
"""
import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'lint'))
import lintlib  # noqa: E402

results = []


class Failed(Exception):
    """What has been reported already."""


def report(ok, name, why=''):
    results.append(ok)
    print(f'{"ok" if ok else "not ok"} {len(results)} - {name}')
    if not ok:
        print('\n'.join('# ' + x for x in str(why).splitlines()[-40:]),
              file=sys.stderr)
    return ok


def run(name, *command, **more):
    """A step that has to succeed, for what comes after it too."""
    done = subprocess.run([str(word) for word in command], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    if not report(done.returncode == 0, name, done.stdout):
        raise Failed
    return done.stdout


def copy_repository(root, to):
    for path in lintlib.files(root):
        target = os.path.join(to, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.join(root, path), target)


def below(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, _, names in os.walk(folder) for name in names)


class Consumer:
    """A project that has us as a subproject."""

    def __init__(self, args, work, fixture):
        self.args = args
        self.source = os.path.join(work, fixture)
        self.work = work
        self.name = fixture
        shutil.copytree(os.path.join(HERE, fixture), self.source)
        ours = os.path.join(self.source, 'subprojects')
        copy_repository(args.root, os.path.join(ours, 'libevio'))
        shutil.copy(os.path.join(args.root, 'docs/wraps/libevio.wrap'), ours)

    def build(self, label, *options):
        self.label = label
        self.dir = tempfile.mkdtemp(prefix='build-', dir=self.work)
        # The consumer may set what it likes: it must not reach our files.
        run(label + ': configures', self.args.meson, 'setup', self.dir,
            self.source, '--wrap-mode=nodownload', '-Dbuildtype=plain',
            '-Dwerror=true', '-Dwarning_level=3', *options)
        run(label + ': builds', self.args.meson, 'compile', '-C', self.dir)

    def program(self):
        return os.path.join(self.dir, 'main')

    def runs(self):
        run(self.label + ': runs', self.program())

    def check_kind(self, static):
        """Shared libraries are taken away: who still runs?"""
        for path in below(self.dir):
            if '.so' in os.path.basename(path):
                os.remove(os.path.join(self.dir, path))
        done = subprocess.run([self.program()], stderr=subprocess.DEVNULL)
        report((done.returncode == 0) == static,
               f'{self.label}: is linked {"static" if static else "shared"}',
               done.returncode)

    def check_targets(self):
        """Our tests, examples and benchmarks stay ours."""
        targets = json.loads(subprocess.check_output(
            [self.args.meson, 'introspect', '--targets', self.dir]))
        ours = os.path.join(self.source, 'subprojects', 'libevio')
        extra = [t['name'] for t in targets
                 if t['defined_in'].startswith((os.path.join(ours, 'tests'),
                                                os.path.join(ours, 'docs')))]
        report(not extra, self.label + ': has none of our tests, examples',
               extra)
        tests = subprocess.check_output(
            [self.args.meson, 'introspect', '--tests', self.dir], text=True)
        report(json.loads(tests) == [], self.label + ': has no tests', tests)

    def installed(self, *options):
        to = tempfile.mkdtemp(dir=self.work)
        run(f'{self.label}: installs {" ".join(options)}'.strip(),
            self.args.meson, 'install', '-C', self.dir, '--no-rebuild',
            '--destdir', to, *options)
        return below(to)

    def has(self, word):
        return [p for p in below(self.dir) if word in os.path.basename(p)]


def case_sock_only(args, work):
    consumer = Consumer(args, work, 'sock_only')
    consumer.build('sock_only', '-Dauto_features=enabled')
    consumer.runs()
    consumer.check_targets()
    report(not consumer.has('libevio.'), 'sock_only: builds no libevio',
           consumer.has('libevio.'))
    files = consumer.installed()
    odd = [p for p in files if 'evio' in p or '/doc/' in p or
           os.path.basename(p) not in ('main', 'libsock.pc')
           and not p.endswith('.h') and '/libsock.' not in p]
    report(files and not odd, 'sock_only: installs libsock and itself', odd)


def case_evio_static(args, work):
    consumer = Consumer(args, work, 'evio_static')
    consumer.build('evio_static', '-Dauto_features=enabled')
    consumer.runs()
    consumer.check_kind(static=True)
    consumer.check_targets()
    files = consumer.installed('--skip-subprojects')
    report([os.path.basename(p) for p in files] == ['main'],
           'evio_static: leaves nothing of ours behind', files)


def diamond(args, work, kind):
    consumer = Consumer(args, work, 'diamond')
    consumer.build('diamond, ' + kind, '-Ddefault_library=' + kind)
    consumer.runs()
    consumer.check_targets()
    copies = [p for p in consumer.has('libsock.') if p.endswith(('.a', '.so'))]
    report(len(copies) == 1, f'diamond, {kind}: has one libsock', copies)


def case_diamond(args, work):
    diamond(args, work, 'shared')


def case_diamond_static(args, work):
    diamond(args, work, 'static')


def case_kinds(args, work):
    """Who asks for a kind gets it; who does not, gets what the project is."""
    consumer = Consumer(args, work, 'kinds')
    shutil.copy(os.path.join(HERE, 'evio_static', 'main.c'), consumer.source)
    for kind in 'shared', 'static', 'both':
        for want in 'any', 'static', 'shared':
            consumer.build(f'{kind}, {want} wanted',
                           '-Ddefault_library=' + kind, '-Dwant=' + want)
            consumer.runs()
            consumer.check_kind('static' in (want, kind)
                                if want == 'any' else want == 'static')


def pkg_config(args, prefix, *flags):
    folders = {os.path.dirname(p) for p in below(prefix) if p.endswith('.pc')}
    env = dict(os.environ, PKG_CONFIG_PATH=':'.join(
        os.path.join(prefix, f) for f in folders))
    return shlex.split(run('pkg-config ' + ' '.join(flags), args.pkg_config,
                           *flags, 'libevio', env=env))


def install(args, work):
    source = os.path.join(work, 'source')
    build = os.path.join(work, 'build')
    prefix = os.path.join(work, 'prefix')
    copy_repository(args.root, source)
    run('configures', args.meson, 'setup', build, source, '--prefix', prefix,
        '-Dbuildtype=plain', '-Ddefault_library=both', '-Dtests=false',
        '-Dbench=false')
    run('builds', args.meson, 'compile', '-C', build)
    run('installs', args.meson, 'install', '-C', build, '--no-rebuild')
    return prefix


def case_pkg_config(args, work):
    if not args.pkg_config:
        print('1..0 # SKIP pkg-config is not installed')
        sys.exit(0)
    prefix = install(args, work)
    odd = [p for p in below(prefix) if p.startswith('bin/') or 'test' in p]
    report(not odd, 'no example and no test is installed', odd)
    guide = os.path.join('share', 'doc', 'libevio', 'guide', 'libevio.md')
    report(guide in below(prefix), 'the guide is installed', below(prefix))
    main = os.path.join(HERE, 'evio_static', 'main.c')
    for label, flags, link in (('shared', (), ()),
                               ('static', ('--static',), ('-static',))):
        words = pkg_config(args, prefix, '--cflags', '--libs', *flags)
        macros = [w for w in words if w.startswith('-D')]
        report(not macros, label + ': no macro to define', macros)
        program = os.path.join(work, label)
        run(label + ': compiles', *shlex.split(args.cc), '-o', program, main,
            *words, *link)
        libraries = [w[2:] for w in words if w.startswith('-L')]
        env = dict(os.environ, LD_LIBRARY_PATH=':'.join(libraries)) \
            if label == 'shared' else None
        run(label + ': runs', program, env=env)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('case')
    parser.add_argument('root')
    parser.add_argument('--meson', required=True)
    parser.add_argument('--cc', required=True)
    parser.add_argument('--pkg-config')
    args = parser.parse_args()
    os.environ['CC'] = args.cc
    print('TAP version 13')
    with tempfile.TemporaryDirectory() as work:
        try:
            globals()['case_' + args.case](args, work)
        except Failed:
            print('# the rest was not tried', file=sys.stderr)
    print(f'1..{len(results)}')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
