#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bars of speed that do not depend on the machine's mood, as tests:
instructions by callgrind, system calls by strace. TAP on standard output.
"""
import os
import sys

import bars
import contest

WAITS = {'epoll_wait', 'epoll_pwait', 'ppoll'}
LUCK = WAITS | {'accept4'}


class Tap:
    def __init__(self, figures):
        self.figures = figures  # a file for lto.py, or None
        self.count = 0
        self.failed = False

    def line(self, good, name, detail=''):
        self.count += 1
        self.failed = self.failed or not good
        print(f'{"ok" if good else "not ok"} {self.count} - {name}{detail}',
              flush=True)

    def note(self, text):
        print('# ' + text, flush=True)

    def bar(self, good, name, text):
        """Figures go with the name of what failed: that is all that a summary
        shows."""
        self.note(f'{name}: {text}')
        self.line(good, name, '' if good else f' ({text})')

    def figure(self, name, value):
        if self.figures:
            with open(self.figures, 'a', encoding='utf-8') as f:
                f.write(f'{name} {value:.3f}\n')

    def skip(self, name, reason):
        self.line(True, name, ' # SKIP ' + reason)

    def lack(self, name, tool):
        """A missing tool is a failure where all tools must be there."""
        if os.environ.get('CI_TOOLS') == '1':
            self.line(False, f'{name}: no working {tool}')
        else:
            self.skip(name, 'no working ' + tool)

    def run(self, name, body):
        try:
            body(name)
        except contest.Failed as e:
            self.note(str(e).replace('\n', ' '))
            self.line(False, name)

    def end(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)


def at_most(tap, name, raw, ours, bar):
    tap.bar(ours - raw <= bar, name, f'raw {raw:.1f}, ours {ours:.1f}, '
            f'{ours - raw:+.1f} of +{bar}')


def no_more(tap, name, value, bar):
    tap.bar(value <= bar, name, f'{value:.1f} of {bar}')


def test_instructions(tap, args):
    raw, *ours = contest.contestants(args)
    scenarios = (
        ('chain, 100 events per wait: instructions per event',
         lambda c: contest.chain_instructions(c, 1000, 100, 10000, 30000)),
        ('chain, one event per wait: instructions per event',
         lambda c: contest.chain_instructions(c, 100, 1)),
        ('echo: instructions per request',
         lambda c: contest.echo_instructions(c, args.load, 1)))
    for i, (what, measure) in enumerate(scenarios):
        def compare(_, i=i, what=what, measure=measure):
            of_raw = measure(raw)
            for c in ours:
                at_most(tap, f'{c.name}, {what}', of_raw, measure(c),
                        bars.EVENT[c.name][i])
        tap.run(what, compare)


def test_chain_library(tap, args, kind):
    """Where LTO leaves no function to be counted alone: over raw."""
    raw, evio, *_ = contest.contestants(args)
    bar = bars.LEAN[kind].chain

    def over_raw(name):
        of_raw, of_evio = (contest.chain_instructions(
            c, 1000, 100, 10000, 30000) for c in (raw, evio))
        at_most(tap, name, of_raw, of_evio, bar)

    def inside(name):
        no_more(tap, name, contest.chain_library_instructions(evio), bar)

    if args.library == 'static' and args.lto == 'true':
        tap.run('chain, 100 events per wait: instructions with LTO', over_raw)
    else:
        tap.run('chain, 100 events per wait: instructions in libevio', inside)


def test_lean_echo(tap, args, kind):
    raw, evio = contest.lean_contestants(args)

    def compare(name, conns, bar):
        of_evio = contest.lean_request(evio, conns)
        tap.figure(f'echo_{conns}', of_evio)
        at_most(tap, name, contest.lean_request(raw, conns), of_evio, bar)

    for conns, bar in ((64, bars.LEAN[kind].echo_64),
                       (1, bars.LEAN[kind].echo_1)):
        tap.run(f'lean echo, {conns} in a wait: instructions per request',
                lambda name, c=conns, b=bar: compare(name, c, b))


def test_register(tap, args, kind):
    raw, evio = contest.lean_contestants(args)

    def compare(name):
        of_raw = contest.lean_instructions(raw, 'register', 64)
        tap.note(f'hand-written: {of_raw:.1f}')
        no_more(tap, name, contest.lean_instructions(evio, 'register', 64),
                bars.LEAN[kind].register)

    tap.run('an add and a delete: instructions', compare)


def test_growth(tap, args):
    name = 'an add where the slab grows: instructions, mean of 100'
    if contest.descriptors() < bars.SOURCES + 64:
        tap.skip(name, f'ulimit -n is under {bars.SOURCES + 64}')
        return
    tap.run(name, lambda _: no_more(
        tap, name, contest.register_instructions(args.memory,
                                                 *bars.GROWTH_AT),
        bars.GROWTH))


def test_memory(tap, args):
    def compare(_):
        found = contest.memory(args.memory, 'resident', bars.SOURCES)
        tap.note(f'allocated per source: {found["allocated_bytes"]:.1f}')
        for name, figure, bar in (
                ('evio_source: bytes', 'source_bytes', bars.SOURCE),
                ('resident bytes per source', 'resident_bytes', bars.RESIDENT),
                ('bytes made resident by one add', 'most_resident_at_once',
                 bars.RESIDENT_AT_ONCE)):
            no_more(tap, name, found[figure], bar)

    if contest.descriptors() < bars.SOURCES + 64:
        tap.skip('memory', f'ulimit -n is under {bars.SOURCES + 64}')
        return
    tap.run('memory', compare)


def test_transfers(tap, args):
    for call in ('send', 'recv', 'send_to', 'recv_from'):
        tap.run(f'libsock_{call}: instructions',
                lambda name, c=call: at_most(
                    tap, name,
                    contest.call_instructions(args.calls, 'raw', c),
                    contest.call_instructions(args.calls, 'sock', c),
                    bars.TRANSFER))


def test_messages(tap, args):
    for what, bar in (('batch', bars.BATCH), ('pktinfo', bars.PKTINFO)):
        tap.run(f'libsock, {what}: instructions per round',
                lambda name, w=what, b=bar: at_most(
                    tap, name,
                    contest.call_instructions(args.batch, 'raw', w, 100, 300),
                    contest.call_instructions(args.batch, 'sock', w, 100, 300),
                    b))


def test_typed_batches(tap, args):
    tap.run('libevio, batch: instructions per round over libsock\'s',
            lambda name: at_most(
                tap, name,
                contest.call_instructions(args.batch, 'sock', 'batch', 100, 300),
                contest.call_instructions(args.batch, 'evio', 'batch', 100, 300),
                bars.EVIO_BATCH))


def equal_calls(tap, name, of_raw, of_ours):
    tap.note(f'{name}: raw {of_raw}, ours {of_ours}')
    tap.line(of_raw == of_ours and of_raw != {}, name)


def test_system_calls(tap, args):
    """With one connection everything is settled; with many, how many requests
    a wait finds is luck, so that waits are left out."""
    raw, *ours = contest.contestants(args)
    def measured(contestant, conns):
        calls = contest.echo_calls(contestant, args.load, conns)
        return {('wait' if name in WAITS else name): count
                for name, count in calls.items()
                if conns == 1 or name not in LUCK}

    for conns in (1, 64):
        for evio in ours:
            tap.run(f'echo, {conns} connections, {evio.name}: system calls '
                    'per request',
                    lambda name, c=conns, e=evio: equal_calls(
                        tap, name, measured(raw, c), measured(e, c)))


def main():
    parser = contest.arguments(__doc__)
    parser.add_argument('--skip')
    parser.add_argument('--optimization', default='0')
    parser.add_argument('--library', default='shared')
    parser.add_argument('--lto', default='false')
    args = parser.parse_args()
    args.peer = []
    if args.skip:
        print('1..0 # SKIP ' + args.skip)
        return
    kind = bars.kind(args.optimization, args.library, args.lto)
    tap = Tap(os.environ.get('BENCH_FIGURES'))
    tap.note(f'bars of a build of kind {kind}')
    epoll = args.selectors[0] == 'epoll'
    if epoll:
        test_memory(tap, args)
    if not contest.has_callgrind():
        tap.lack('instructions', 'callgrind')
    else:
        if epoll:
            test_instructions(tap, args)
            test_chain_library(tap, args, kind)
            test_lean_echo(tap, args, kind)
            test_register(tap, args, kind)
            test_growth(tap, args)
        else:
            tap.skip('instructions per event', 'no epoll in this build')
        test_transfers(tap, args)
        test_messages(tap, args)
        test_typed_batches(tap, args)
    if not contest.has_strace():
        tap.lack('system calls', 'strace')
    else:
        test_system_calls(tap, args)
    tap.end()


if __name__ == '__main__':
    main()
