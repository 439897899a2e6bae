#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole table: every scenario, every contestant, as Markdown.

Contestants take turns (A B C A B C ...), so that a slow moment of the machine
hits all of them; a ratio is that of one round to raw epoll in the same round.
"""
import platform
import re
import statistics
import subprocess

import bars
import contest

CHAINS = ((100, 10), (1000, 100), (9000, 100))
CONNECTIONS = (1, 64, 1024)


def race(contestants, rounds, measure):
    """{name: [figures of round 1, ...]}"""
    found = {c.name: [] for c in contestants}
    for _ in range(rounds):
        for c in contestants:
            found[c.name].append(measure(c))
    return found


def median(runs, figure):
    return statistics.median(r[figure] for r in runs)


def ratios(runs, raw, figure):
    return [a[figure] / b[figure] for a, b in zip(runs, raw)]


def cell(runs, raw, figure):
    """Median, and median and least of the ratios to raw."""
    r = ratios(runs, raw, figure)
    return (f'{median(runs, figure):.0f} | {statistics.median(r):.2f} | '
            f'{min(r):.2f}')


def show(title, columns, rows):
    print(f'\n### {title}\n')
    print('| | ' + ' | '.join(columns) + ' |')
    print('| --- |' + ' ---: |' * len(columns))
    for name, cells in rows:
        print(f'| {name} | ' + ' | '.join(cells) + ' |', flush=True)


def timed_columns(figures):
    return [c for f in figures for c in (f, 'ratio', 'least')]


def chains(everyone, rounds, events):
    found = [race(everyone, rounds,
                  lambda c, p=p, a=a: contest.run(c, 'chain', p, a, events))
             for p, a in CHAINS]
    show('Chain: CPU nanoseconds per event',
         timed_columns([f'{p} pairs, {a} active' for p, a in CHAINS]),
         [(c.name, [cell(f[c.name], f[everyone[0].name], 'event_ns')
                    for f in found]) for c in everyone])


def registrations(everyone, rounds, total):
    for pairs in (p for p, _ in CHAINS):
        found = race(everyone, rounds, lambda c, p=pairs: contest.run(
            c, 'register', p, max(1, total // p)))
        raw = found[everyone[0].name]
        show(f'Registration, {pairs} pairs: CPU nanoseconds each',
             timed_columns(['add', 'remove', 'open, add, close']),
             [(c.name, [cell(found[c.name], raw, figure) for figure in
                        ('add_ns', 'remove_ns', 'churn_ns')])
              for c in everyone])


def echoes(everyone, load, rounds, requests, traced):
    for conns in CONNECTIONS:
        found = race(everyone, rounds, lambda c, n=conns: contest.echo(
            c, load, n, requests))
        raw = found[everyone[0].name]
        rows = []
        for c in everyone:
            runs = found[c.name]
            calls = sum(contest.echo_calls(c, load, conns).values()) \
                if traced else None
            rows.append((c.name, [
                cell(runs, raw, 'request_ns'),
                f'{calls:.2f}' if traced else '–',
                f'{median(runs, "p50_ns") / 1000:.1f}',
                f'{median(runs, "p99_ns") / 1000:.1f}']))
        show(f'Echo, {conns} connections: the server, per request',
             timed_columns(['CPU ns']) + ['system calls', 'p50 µs', 'p99 µs'],
             rows)


def instructions(everyone, load):
    cases = (
        ('chain, 100 per wait',
         lambda c: contest.chain_instructions(c, 1000, 100, 10000, 30000)),
        ('chain, 1 per wait',
         lambda c: contest.chain_instructions(c, 100, 1)),
        ('echo, 1 connection',
         lambda c: contest.echo_instructions(c, load, 1)))
    raw = [count(everyone[0]) for _, count in cases]
    rows = []
    for c in everyone:
        counts = [count(c) for _, count in cases]
        rows.append((c.name, [f'{n:.0f} | {round(n - r):+d}'
                              for n, r in zip(counts, raw)]))
    show('User-space instructions per event',
         [x for name, _ in cases for x in (name, 'over raw')], rows)


def lean(args):
    """What the bars are about; counted alone, as counts.py does."""
    raw, evio = contest.lean_contestants(args)
    chain = contest.chain_library_instructions(contest.Contestant(
        'libevio/epoll', args.evio, 'epoll'))
    cases = (('echo, 64 in a wait', contest.lean_request, 64),
             ('echo, 1 in a wait', contest.lean_request, 1),
             ('an add and a delete',
              lambda c, others: contest.lean_instructions(
                  c, 'register', others), 64))
    rows = [('chain, an event in libevio itself', ['–', f'{chain:.1f}', '–'])]
    for name, count, size in cases:
        of_raw, of_evio = count(raw, size), count(evio, size)
        rows.append((name, [f'{of_raw:.1f}', f'{of_evio:.1f}',
                            f'{of_evio - of_raw:+.1f}']))
    growth = contest.register_instructions(args.memory, *bars.GROWTH_AT)
    rows.append(('an add where the slab grows, mean of 100',
                 ['–', f'{growth:.1f}', '–']))
    show('Lean: user-space instructions',
         ['raw epoll', 'libevio/epoll', 'over raw'], rows)


def memory(program):
    if contest.descriptors() < bars.SOURCES + 64:
        print(f'\n**No figures of memory: ulimit -n is under '
              f'{bars.SOURCES + 64}.**')
        return
    found = contest.memory(program, 'resident', bars.SOURCES)
    found.update(contest.memory(program, 'longest', bars.SOURCES))
    show(f'Memory: {bars.SOURCES} sources on epoll', ['libevio'],
         [('bytes of an evio_source', [f'{found["source_bytes"]:.0f}']),
          ('bytes allocated per source', [f'{found["allocated_bytes"]:.1f}']),
          ('resident bytes per source', [f'{found["resident_bytes"]:.1f}']),
          ('most bytes made resident by one add',
           [f'{found["most_resident_at_once"]:.0f}']),
          ('longest add, µs', [f'{found["longest_register_ns"] / 1000:.1f}'])])


def transfers(program):
    rows = []
    for call in ('send', 'recv', 'send_to', 'recv_from'):
        raw, ours = (contest.call_instructions(program, way, call)
                     for way in ('raw', 'sock'))
        rows.append((f'libsock_{call}', [f'{ours - raw:+.0f}']))
    show('User-space instructions per transfer', ['over the system\'s own'],
         rows)


def messages(program, counted):
    """Many messages in one call, and control data: counts, and times taken in
    turns within one process."""
    times = contest.run(contest.Contestant('batch', program, None))
    rows = []
    for what, name in (('batch', '64 datagrams out, 64 in'),
                       ('pktinfo', 'one out, one in with its pktinfo read')):
        cells = ['–', '–']
        if counted:
            raw, ours = (contest.call_instructions(program, way, what, 100,
                                                   300)
                         for way in ('raw', 'sock'))
            cells = [f'{raw:.0f}', f'{ours - raw:+.0f}']
        cells += [f'{times[what + "_base"]:.0f}', f'{times[what + "_ours"]:.0f}',
                  f'{times[what + "_ratio"]:.4f}']
        rows.append((name, cells))
    show('Messages: a round by libsock and by the system\'s own calls',
         ['instructions', 'libsock', 'least ns', 'libsock', 'median ratio'],
         rows)
    show('A batch of 64 out and 64 in, over as many single transfers',
         ['least ns of the single ones', 'of the batch', 'median ratio'],
         [(name, [f'{times[what + "_single_base"]:.0f}',
                  f'{times[what + "_single_ours"]:.0f}',
                  f'{times[what + "_single_ratio"]:.4f}'])
          for what, name in (('raw', 'the system\'s own calls'),
                             ('evio', 'libevio\'s udp.h'))])


def cpu():
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as f:
            return re.search(r'^model name\s*: (.*)$', f.read(), re.M).group(1)
    except (OSError, AttributeError):
        return platform.machine()


def tool_version(tool):
    try:
        return subprocess.run([tool, '--version'], stdout=subprocess.PIPE,
                              text=True, check=False).stdout.split('\n')[0]
    except OSError:
        return f'no {tool}'


def introduce(args, rounds):
    print(f'- CPU: {cpu()}, {len(contest.processors())} processors')
    print(f'- Kernel: {platform.system()} {platform.release()}')
    print(f'- Compiler: {args.compiler}')
    print(f'- Tools: {tool_version("valgrind")}; {tool_version("strace")}')
    for text in args.about:
        print(f'- {text}')
    for name in args.missing:
        print(f'- **{name} is left out: it was not found.**')
    print(f'- Medians of {rounds} rounds', flush=True)


def main():
    parser = contest.arguments(__doc__)
    parser.add_argument('--compiler', default='unknown')
    parser.add_argument('--about', action='append', default=[])
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--quick', action='store_true',
                        help='a tenth of the work, for a first look')
    args = parser.parse_args()
    share = 10 if args.quick else 1
    rounds = 3 if args.quick else args.rounds
    everyone = contest.contestants(args)
    introduce(args, rounds)
    counted = contest.has_callgrind()
    epoll = args.selectors[0] == 'epoll'
    if counted:
        instructions(everyone, args.load)
        if epoll:
            lean(args)
        transfers(args.calls)
    else:
        print('\n**No instruction counts: no working callgrind.**')
    traced = contest.has_strace()
    if not traced:
        print('\n**No system call counts: no working strace.**')
    messages(args.batch, counted)
    if epoll:
        memory(args.memory)
    chains(everyone, rounds, 100000 // share)
    registrations(everyone, rounds, 45000 // share)
    echoes(everyone, args.load, rounds, 10000 // share, traced)


if __name__ == '__main__':
    main()
