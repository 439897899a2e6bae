#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bars of speed that do not depend on the machine's mood, as tests:
instructions by callgrind, system calls by strace. TAP on standard output.
"""
import os
import sys

import contest

# Instructions over hand-written epoll: an event of many in a wait, one that has
# a wait to itself, and with typed I/O, which is two transfers more. The first
# is the promise; the others hold what was reached.
EVENT_BARS = {'libevio/epoll': (60, 140, 190),
              'libevio/poll': (640, 980, 880)}
TRANSFER_BAR = 25   # over the system's own transfer
# 64 datagrams out and 64 in: 2 % of that, some 3 us, are ten times as many.
BATCH_BAR = 1200
EVIO_BATCH_BAR = 50   # over libsock's, for the check of the source and its flag
PKTINFO_BAR = 280   # one out, one in with its record found and read
WAITS = {'epoll_wait', 'epoll_pwait', 'ppoll'}
LUCK = WAITS | {'accept4'}


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = False

    def line(self, good, name, detail=''):
        self.count += 1
        self.failed = self.failed or not good
        print(f'{"ok" if good else "not ok"} {self.count} - {name}{detail}',
              flush=True)

    def note(self, text):
        print('# ' + text, flush=True)

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
    tap.note(f'{name}: raw {raw:.1f}, ours {ours:.1f}, '
             f'{ours - raw:+.1f} of +{bar}')
    tap.line(ours - raw <= bar, name)


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
                        EVENT_BARS[c.name][i])
        tap.run(what, compare)


def test_transfers(tap, args):
    for call in ('send', 'recv', 'send_to', 'recv_from'):
        tap.run(f'libsock_{call}: instructions',
                lambda name, c=call: at_most(
                    tap, name,
                    contest.call_instructions(args.calls, 'raw', c),
                    contest.call_instructions(args.calls, 'sock', c),
                    TRANSFER_BAR))


def test_messages(tap, args):
    for what, bar in (('batch', BATCH_BAR), ('pktinfo', PKTINFO_BAR)):
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
                EVIO_BATCH_BAR))


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
    args = parser.parse_args()
    args.peer = []
    if args.skip:
        print('1..0 # SKIP ' + args.skip)
        return
    tap = Tap()
    if not contest.has_callgrind():
        tap.lack('instructions', 'callgrind')
    else:
        if args.selectors[0] == 'epoll':
            test_instructions(tap, args)
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
