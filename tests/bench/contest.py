# SPDX-License-Identifier: MIT
"""Runs a contestant's program once: plainly, counted by callgrind, or traced
by strace. What to run and what to make of it is table.py's and counts.py's.
"""
import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple

Contestant = namedtuple('Contestant', 'name program selector')


class Failed(Exception):
    """A program did not do what it was started for."""


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    for name in ('raw', 'evio', 'load', 'calls', 'batch', 'lean-raw',
                 'lean-evio', 'memory'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--peer', nargs=2, action='append', default=[])
    parser.add_argument('--missing', action='append', default=[])
    parser.add_argument('--selectors', nargs='*', default=['epoll', 'poll'])
    return parser


def contestants(args):
    """Raw first: the others are compared with it."""
    return [Contestant('raw epoll', args.raw, None)] + \
        [Contestant(f'libevio/{s}', args.evio, s) for s in args.selectors] + \
        [Contestant(name, program, None) for name, program in args.peer]


def lean_contestants(args):
    """The yardstick and libevio, without loop.h between."""
    return (Contestant('raw epoll', args.lean_raw, None),
            Contestant('libevio/epoll', args.lean_evio, 'epoll'))


def processors():
    return sorted(os.sched_getaffinity(0))


def descriptors():
    """As many as a program may open that asks for it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def environment(contestant):
    env = dict(os.environ)
    env.pop('EVIO_SELECTOR', None)
    env.pop('MALLOC_PERTURB_', None)    # Meson's, which fills all memory
    if contestant.selector:
        env['EVIO_SELECTOR'] = contestant.selector
    return env


def figures(text):
    """Lines of a name and a value."""
    return {name: float(value) for name, value in
            re.findall(r'^(\w+) ([\d.]+)$', text, re.M)}


def finish(process, what, seconds=120):
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err += f'\nno end after {seconds} s'
    if process.returncode != 0:
        raise Failed(f'{what}: exit {process.returncode}: {err.strip()}')
    return out


def start(command, env=None):
    """All on one processor: to wake another costs more, and more by chance,
    than what is compared."""
    processor = processors()[0]
    return subprocess.Popen(
        [str(c) for c in command], env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, {processor}))


def run(contestant, *args, under=()):
    process = start([*under, contestant.program, *args],
                    env=environment(contestant))
    return figures(finish(process, f'{contestant.name} {args}'))


def echo(contestant, load, conns, requests, under=()):
    """Server and load side by side; the figures of both."""
    server = start([*under, contestant.program, 'echo', conns, requests],
                   env=environment(contestant))
    try:
        port = figures(server.stdout.readline()).get('port')
        if port is None:
            raise Failed(f'{contestant.name}: {server.stderr.read()}')
        client = start([load, int(port), conns, requests])
        found = figures(finish(client, 'load'))
        found.update(figures(finish(server, contestant.name)))
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
    return found


def instructions(measure, toggles=()):
    """User-space instructions of what `measure(under=...)` starts: all, or
    those between entering and leaving the functions `toggles`, each of which
    starts and stops the count, or stops and starts it inside another one."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'out')
        measure(under=['valgrind', '--tool=callgrind',
                       '--callgrind-out-file=' + path,
                       *('--toggle-collect=' + name for name in toggles)])
        with open(path, encoding='utf-8') as f:
            count = int(re.search(r'^(?:summary|totals): (\d+)', f.read(),
                                  re.M).group(1))
    if count == 0:
        raise Failed(f'no function is called {toggles}')
    return count


def system_calls(measure):
    """{name: count} of what `measure(under=...)` starts."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'out')
        measure(under=['strace', '-f', '-c', '-U', 'calls,name', '-o', path])
        with open(path, encoding='utf-8') as f:
            rows = re.findall(r'^\s*(\d+)\s+(\w+)$', f.read(), re.M)
    return {name: int(count) for count, name in rows if name != 'total'}


def works(tool, *args):
    """Whether a tool is there and may do its work."""
    if shutil.which(tool) is None:
        return False
    return subprocess.run([tool, *args, 'true'], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False,
                          timeout=60).returncode == 0


def has_callgrind():
    return works('valgrind', '--tool=callgrind',
                 '--callgrind-out-file=/dev/null')


def has_strace():
    return works('strace', '-c', '-o', '/dev/null')


def per_item(count, short, long):
    """What one item costs: two runs, so that set-up cancels out. `count(n)`
    is the figure, a number or a dictionary of them, of a run of n items."""
    a, b = count(short), count(long)
    if isinstance(a, dict):
        return {k: (b.get(k, 0) - a.get(k, 0)) / (long - short)
                for k in sorted(set(a) | set(b))
                if b.get(k, 0) != a.get(k, 0)}
    return (b - a) / (long - short)


def chain_instructions(contestant, pairs, active, short=2000, long=6000):
    return per_item(lambda n: instructions(
        lambda under: run(contestant, 'chain', pairs, active, n,
                          under=under)), short, long)


def chain_library_instructions(contestant, short=10000, long=30000):
    """Those inside of libevio's two functions, 100 events per wait."""
    return per_item(lambda n: instructions(
        lambda under: run(contestant, 'chain', 1000, 100, n, under=under),
        ('evio_poll_wait', 'evio_events_next')), short, long)


# A build with LTO may add a suffix to the names of our own functions.
LEAN = {'echo': ('lean_serve*', 'lean_load*'),
        'register': ('lean_add_and_delete*',)}


def lean_instructions(contestant, scenario, size, short=500, long=1500):
    return per_item(lambda n: instructions(
        lambda under: run(contestant, scenario, size, n, under=under),
        LEAN[scenario]), short, long)


def lean_request(contestant, conns):
    return lean_instructions(contestant, 'echo', conns) / conns


def register_instructions(program, short, long):
    """One evio_register(), the mean of those from `short` to `long`."""
    contestant = Contestant('memory', program, 'epoll')
    return per_item(lambda n: instructions(
        lambda under: run(contestant, 'register', n, under=under),
        ('memory_register*',)), short, long)


def memory(program, mode, sources):
    return run(Contestant('memory', program, 'epoll'), mode, sources)


def echo_instructions(contestant, load, conns, short=500, long=1500):
    return per_item(lambda n: instructions(
        lambda under: echo(contestant, load, conns, n, under)), short, long)


def echo_calls(contestant, load, conns, short=500, long=1500):
    return per_item(lambda n: system_calls(
        lambda under: echo(contestant, load, conns, n, under)), short, long)


def call_instructions(program, way, call, short=1000, long=3000):
    contestant = Contestant(way, program, None)
    return per_item(lambda n: instructions(
        lambda under: run(contestant, f'{way}-{call}', n, under=under)),
        short, long)
