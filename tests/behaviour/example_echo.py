#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demonstration and the small server, against programs of other people.

socat and nc are the clients of `echo serve` and of `tcp_echo`, and socat is
the server of `echo load`, so that neither side is tested against itself alone.
Where a peer must be rude in a way that socat is not, it is a socket of Python.
Speaks TAP. usage: example_echo.py ECHO TCP_ECHO SELECTOR SANITIZER
"""
import array
import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ECHO, TCP_ECHO, SELECTOR, SANITIZER = sys.argv[1:5]
PIPE = subprocess.PIPE
LIMIT = 30  # seconds that nothing here should ever take
MIB = 1 << 20


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def check(ok, *why):
    if not ok:
        raise Failed(' '.join(str(w) for w in why))


def read_port(text):
    return int(text.rsplit(':', 1)[1])


@contextlib.contextmanager
def stopped(process):
    """Whatever is sent to a process meanwhile, it finds all at once."""
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    yield
    process.send_signal(signal.SIGCONT)


class Server:
    """A process of `echo serve`; knows where it listens as soon as it says so.
    Leaving the block ends it by a signal, and it must end well."""

    def __init__(self, *addresses, prefix=(), stop=signal.SIGINT, **popen):
        self.stop, self.count = stop, len(addresses)
        self.run = subprocess.Popen(
            [*prefix, ECHO, '--selector', SELECTOR, 'serve', *addresses],
            stdout=PIPE, stderr=PIPE, text=True, **popen)
        self.bound = []
        self.output = ''

    def __enter__(self):
        for _ in range(self.count):
            line = self.run.stdout.readline()
            m = re.match(r'listening on (\S+)  \((\w+)\)$', line)
            check(m, 'said', repr(line), self.run.stderr.read() if not line
                  else '')
            check(m.group(2) == SELECTOR, line)
            self.bound.append(m.group(1))
        return self

    def __exit__(self, kind, *_):
        self.run.send_signal(self.stop if kind is None else signal.SIGKILL)
        out, err = self.run.communicate(timeout=LIMIT)
        self.output = out
        if kind is None:
            check(self.run.returncode == 0, self.run.returncode, out, err)
            check(err == '', err)
            check(re.search(r'^served \d+ connections, \d+ requests, \d+ '
                            r'bytes$', out, re.M), out)

    def port(self, which=0):
        return read_port(self.bound[which])

    def proc(self, name):
        with open(f'/proc/{self.run.pid}/{name}', encoding='ascii') as f:
            return f.read()

    def memory(self):
        return int(re.search(r'VmRSS:\s+(\d+)', self.proc('status'))[1]) * 1024

    def cpu_seconds(self):
        fields = self.proc('stat').rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Peer:
    """socat as an echo server; speaks about its port on stderr."""

    def __init__(self, listen, action):
        self.run = subprocess.Popen(['socat', '-d', '-d', listen, action],
                                    stdout=PIPE, stderr=PIPE, text=True,
                                    start_new_session=True)
        self.port = None

    def __enter__(self):
        for line in self.run.stderr:
            m = re.search(r'listening on (?:AF=2 \S+?:(\d+)|AF=1)', line)
            if m:
                self.port = m.group(1)
                break
        # Whoever reads no further blocks the writer.
        threading.Thread(target=self.run.stderr.read, daemon=True).start()
        return self

    def __exit__(self, *_):
        os.killpg(self.run.pid, signal.SIGKILL)
        self.run.wait()


def tool(name):
    if not shutil.which(name):
        check(os.environ.get('CI_TOOLS') != '1', name, 'is not installed')
        raise Skipped(name + ' is not installed')
    return name


def netcat():
    """The nc that is installed, so that it shuts its side of the connection
    down when its input ends: OpenBSD's has an option for it, Nmap's does."""
    done = subprocess.run([tool('nc'), '-h'], stdout=PIPE, stderr=PIPE,
                          text=True, timeout=LIMIT, check=False)
    text = done.stdout + done.stderr
    if text.startswith('Ncat '):
        return ['nc']
    if re.search(r'^\s*-N\s+Shutdown', text, re.M):
        return ['nc', '-N']
    check(os.environ.get('CI_TOOLS') != '1', 'unknown nc:', text)
    raise Skipped("nc is neither OpenBSD's nor Nmap's: " +
                  (text.splitlines() or ['no help'])[0])


def traced(name):
    """A tool that traces: it works neither with a sanitizer nor inside
    another (TEST_SLOW comes from the set-up of valgrind)."""
    if SANITIZER != 'none' or os.environ.get('TEST_SLOW'):
        raise Skipped(f'{name} cannot trace what is traced already')
    return tool(name)


def through(data, *command):
    """What comes out of a client that is given `data` and then the end."""
    done = subprocess.run(command, input=data, stdout=PIPE, stderr=PIPE,
                          timeout=LIMIT, check=False)
    check(done.returncode == 0, command, done.returncode, done.stderr)
    return done.stdout


def socat(data, address):
    return through(data, tool('socat'), '-t', str(LIMIT), '-', address)


def echo(*args, **more):
    return subprocess.run([ECHO, *args], stdout=PIPE, stderr=PIPE, text=True,
                          timeout=LIMIT, check=False, **more)


def connect(port):
    return socket.create_connection(('127.0.0.1', port), timeout=LIMIT)


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        more = sock.recv(min(MIB, size - len(data)))
        check(more, 'closed after', len(data), 'of', size)
        data += more
    return bytes(data)


def in_threads(work, arguments):
    """Run them all at once; fails when one failed."""
    failures = []

    def run(argument):
        try:
            work(argument)
        except Exception as e:  # pylint: disable=broad-except
            failures.append(e)

    threads = [threading.Thread(target=run, args=(a,)) for a in arguments]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failures and isinstance(failures[0], Skipped):
        raise failures[0]
    check(not failures, [repr(e) for e in failures[:3]])


# --- echo serve --------------------------------------------------------------


def serve_tcp_socat():
    data = os.urandom(MIB)
    with Server('tcp:127.0.0.1:0') as s:
        check(socat(data, f'TCP:127.0.0.1:{s.port()}') == data, 'differs')
    check('served 1 connections, ' in s.output, s.output)
    check(s.output.endswith(f' {MIB} bytes\n'), s.output)


def serve_tcp_nc():
    data = os.urandom(MIB)
    with Server('127.0.0.1:0') as s:
        got = through(data, *netcat(), '127.0.0.1', str(s.port()))
        check(got == data, 'differs')


def serve_tcp_empty_and_ipv6():
    with Server('tcp:[::1]:0') as s:
        check(socat(b'', f'TCP6:[::1]:{s.port()}') == b'', 'from nothing')
        check(socat(b'six', f'TCP6:[::1]:{s.port()}') == b'six', 'differs')


def serve_end_with_data():
    """The last bytes and the end of file in one event: no other will come."""
    with Server('tcp:127.0.0.1:0') as s, connect(s.port()) as c:
        c.send(b'first')
        check(receive(c, 5) == b'first', 'differs')
        with stopped(s.run):
            c.send(b'last')
            c.shutdown(socket.SHUT_WR)
        check(receive(c, 4) == b'last', 'differs')
        check(c.recv(1) == b'', 'not closed')


def serve_unix():
    data = os.urandom(MIB)
    with tempfile.TemporaryDirectory() as folder:
        path = folder + '/echo.sock'
        name = f'echo-test-{os.getpid()}'
        with Server('unix:' + path, 'unix:@' + name) as s:
            check(socat(data, 'UNIX-CONNECT:' + path) == data, 'file')
            check(socat(data, 'ABSTRACT-CONNECT:' + name) == data, 'abstract')
            check(s.bound == ['unix:' + path, 'unix:@' + name], s.bound)
        check(not os.path.exists(path), 'the file is left')


def serve_unix_with_descriptors():
    """A receive ends early at bytes that came with a descriptor."""
    with tempfile.TemporaryDirectory() as folder, \
            Server(f'unix:{folder}/s') as s:
        before = len(os.listdir(f'/proc/{s.run.pid}/fd'))
        with socket.socket(socket.AF_UNIX) as c:
            c.settimeout(LIMIT)
            c.connect(folder + '/s')
            fds = [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                    array.array('i', [0]))]
            c.send(b'first')
            check(receive(c, 5) == b'first', 'differs')
            with stopped(s.run):
                for _ in range(10):
                    c.send(b'plain')
                    c.sendmsg([b'with'], fds)
                    c.send(b'plain')
            check(receive(c, 140) == b'plainwithplain' * 10, 'differs')
            after = len(os.listdir(f'/proc/{s.run.pid}/fd'))
        check(after == before + 1, before, after)


def serve_udp():
    with Server('udp:127.0.0.1:0') as s:
        for size in (1, 64, 1400, 30000):
            data = os.urandom(size)
            client = subprocess.Popen(
                [tool('socat'), '-t', '0.01', '-b', '65536', '-',
                 f'UDP:127.0.0.1:{s.port()}'], stdin=PIPE, stdout=PIPE)
            client.stdin.write(data)
            client.stdin.flush()
            got = client.stdout.read(size)
            client.communicate(timeout=LIMIT)
            check(got == data, size, 'differs')


def serve_udp_edges():
    with Server('udp:127.0.0.1:0') as s, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as c:
        c.settimeout(LIMIT)
        c.connect(('127.0.0.1', s.port()))
        for data in (b'', b'x', os.urandom(65507), b''):
            c.send(data)
            check(c.recv(65536) == data, len(data), 'differs')


def serve_udp_heap():
    """More datagrams at once than one budget takes."""
    with Server('udp:127.0.0.1:0') as s, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as c:
        c.settimeout(LIMIT)
        c.connect(('127.0.0.1', s.port()))
        with stopped(s.run):
            for number in range(150):
                c.send(b'%d' % number)
        got = [c.recv(100) for _ in range(150)]
        check(got == [b'%d' % n for n in range(150)], got)


def serve_many_at_once():
    with Server('tcp:127.0.0.1:0') as s:
        def one(number):
            data = bytes([number]) * 65536
            check(socat(data, f'TCP:127.0.0.1:{s.port()}') == data, number)
        in_threads(one, range(50))
    check('served 50 connections, ' in s.output, s.output)


def serve_slow_reader():
    """Who does not read is not read from: no memory grows, nothing is lost,
    and others are served meanwhile."""
    piece = os.urandom(MIB)
    with Server('tcp:127.0.0.1:0') as s:
        check(socat(b'first', f'TCP:127.0.0.1:{s.port()}') == b'first')
        before = s.memory()
        with connect(s.port()) as slow:
            sent = flood(slow, piece)
            for _ in range(5):
                check(socat(b'me', f'TCP:127.0.0.1:{s.port()}') == b'me')
            check(s.memory() - before < 8 * MIB, 'grew', s.memory() - before)
            slow.setblocking(True)
            slow.settimeout(LIMIT)
            slow.shutdown(socket.SHUT_WR)
            got = receive(slow, sent)
            check(slow.recv(1) == b'', 'more came back')
        whole = piece * (sent // MIB + 1)
        check(got == whole[:sent], 'differs')


def flood(sock, piece):
    """Send until the kernel takes no more for a while; returns how much."""
    sock.settimeout(0.3)
    sent = 0
    try:
        while True:
            at = sent % len(piece)
            sent += sock.send(piece[at:])
            check(sent < 256 * MIB, 'the server takes without end')
    except TimeoutError:
        return sent


def serve_busy_connection():
    """Peers who send without end leave time to others."""
    with Server('tcp:127.0.0.1:0') as s:
        address = f'127.0.0.1:{s.port()}'
        busy = subprocess.Popen([ECHO, '-c', '2', '-s', '16000000', '-d',
                                 '600', 'load', address], stdout=PIPE)
        check(busy.stdout.readline().startswith(b'tcp'), 'no load')
        for number in range(20):
            data = b'%d' % number
            check(socat(data, 'TCP:' + address) == data, 'differs')
        check(busy.poll() is None, 'the load has ended')
        busy.kill()
        busy.communicate()


def serve_budget():
    """Of a connection with much to do, eight reads at most in one go; and
    eight indeed, unless the load was kept from the processor each time."""
    traced('strace')
    longest = 0
    for _ in range(10):
        longest = most_reads()
        if longest >= 8:
            break
    check(longest == 8, 'most reads:', longest)


def most_reads():
    """The most reads between two waits, of a server with much to do."""
    with tempfile.TemporaryDirectory() as folder:
        log = folder + '/log'
        # -D: the server is our child, strace is not.
        with Server('tcp:127.0.0.1:0',
                    prefix=['strace', '-D', '-qq', '-o', log, '-e',
                            'trace=/^recv|poll|socketcall|exit_group']) as s:
            load('-c', '1', '-s', '4000000', 'load',
                 f'127.0.0.1:{s.port()}')
        text = read_until(log, 'exit_group')
    reads = [piece.count('recv') for piece in
             re.split(r'^\w*poll\w*\(.*', text, flags=re.M)]
    return max(reads)


def read_until(path, word):
    """The text of a file that another process is about to finish."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        with open(path, encoding='utf-8') as f:
            text = f.read()
        if word in text:
            return text
    raise Failed(f'{path} never said {word}')


def serve_reset():
    """A peer that breaks the connection ends it, and nothing else."""
    with Server('tcp:127.0.0.1:0') as s:
        for _ in range(20):
            c = connect(s.port())
            c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b'\1\0\0\0\0\0\0\0')
            c.send(b'x' * 100000)
            c.close()
        check(socat(b'still', f'TCP:127.0.0.1:{s.port()}') == b'still')


def serve_without_descriptors():
    """At the limit connections wait, the server does not spin, and everybody
    is served in the end."""
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))

    with Server('tcp:127.0.0.1:0', preexec_fn=limit) as s:
        clients = [connect(s.port()) for _ in range(30)]
        for c in clients:
            c.send(b'hello')
        # Its answer says that the server has begun.
        check(clients[0].recv(1, socket.MSG_PEEK) == b'h', 'the first')
        cpu, begin = s.cpu_seconds(), time.monotonic()
        # Not to wait for something, but to measure over a while.
        time.sleep(0.6)
        used, passed = s.cpu_seconds() - cpu, time.monotonic() - begin
        check(used < passed / 3, 'spins:', used, 's of', passed)
        for c in clients:
            check(receive(c, 5) == b'hello', 'served')
            c.close()
    check('served 30 connections' in s.output, s.output)
    check(re.search(r'accepting paused \d+ times', s.output), s.output)


def serve_stops_with_open_connections():
    with tempfile.TemporaryDirectory() as folder, \
            Server('tcp:127.0.0.1:0', f'unix:{folder}/s', 'udp:127.0.0.1:0',
                   stop=signal.SIGTERM) as s:
        clients = [connect(s.port()) for _ in range(10)]
        for c in clients:
            c.send(b'hello')
            check(receive(c, 5) == b'hello', 'differs')
    for c in clients:
        check(c.recv(1) == b'', 'not closed')
        c.close()


def serve_releases_everything():
    traced('valgrind')
    # That of Debian 12 (3.19) fails on the debug information of clang 14.
    if subprocess.run(['valgrind', '--quiet', ECHO, '--version'], stdout=PIPE,
                      stderr=PIPE, check=False).returncode != 0:
        raise Skipped('valgrind cannot read what this compiler wrote')
    with open(ECHO, 'rb') as f:
        if b'/ld-' not in f.read(4096):
            raise Skipped('valgrind cannot replace the functions of a C '
                          'library that is linked statically')
    with tempfile.TemporaryDirectory() as folder:
        log = folder + '/log'
        with Server('tcp:127.0.0.1:0', f'unix:{folder}/s', 'udp:127.0.0.1:0',
                    prefix=['valgrind', '--quiet', '--leak-check=full',
                            '--show-leak-kinds=all', '--track-fds=yes',
                            '--log-file=' + log]) as s:
            left_open = connect(s.port())
            left_open.send(b'x')
            check(receive(left_open, 1) == b'x', 'differs')
            data = os.urandom(100000)
            check(socat(data, f'TCP:127.0.0.1:{s.port()}') == data)
            check(socat(data, f'UNIX-CONNECT:{folder}/s') == data)
        left_open.close()
        with open(log, encoding='utf-8') as f:
            text = f.read()
    check('lost' not in text and 'reachable' not in text, text)
    check('Invalid' not in text and 'uninitialised' not in text, text)
    check('AF_INET' not in text and 'anon_inode' not in text, text)


def serve_address_in_use():
    with Server('tcp:127.0.0.1:0') as s:
        second = echo('serve', s.bound[0])
        check(second.returncode == 1, second.returncode)
        check('EADDRINUSE' in second.stderr, second.stderr)


# --- echo load ---------------------------------------------------------------


def load(*args):
    """A load of half a second that must end well; its row of the table."""
    done = echo('--selector', SELECTOR, '-d', '0.5', *args)
    check(done.returncode == 0, args, done.returncode, done.stdout,
          done.stderr)
    row = done.stdout.splitlines()[done.stdout.splitlines().index('') + 2]
    fields = row.split()
    check(len(fields) == 10 and fields[9] == '0', row)
    check(float(fields[1]) > 0, row)
    times = [float(f) for f in fields[2:7]]
    check(times == sorted(times) and times[0] > 0, row)
    return done.stdout


def load_tcp_against_socat():
    tool('socat')
    with Peer('TCP-LISTEN:0,bind=127.0.0.1,fork', 'EXEC:cat') as peer:
        load('-c', '5', 'load', '127.0.0.1:' + peer.port)
        load('-c', '2', '-s', '300000', 'load', '127.0.0.1:' + peer.port)
        load('-c', '1', '-s', '1', 'load', '127.0.0.1:' + peer.port)


def load_unix_against_socat():
    tool('socat')
    with tempfile.TemporaryDirectory() as folder, \
            Peer(f'UNIX-LISTEN:{folder}/s,fork', 'PIPE'):
        load('-c', '5', 'load', f'unix:{folder}/s')


def load_udp_against_python():
    """A server that loses every tenth datagram, and answers another late."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(('127.0.0.1', 0))

        def serve():
            late = None
            for count in range(1, 1 << 30):
                data, peer = server.recvfrom(65536)
                if data == b'end':
                    return
                if late:
                    server.sendto(*late)
                    late = None
                if count % 10 == 5:
                    late = (data, peer)
                elif count % 10:
                    server.sendto(data, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            out = load('-c', '1', '-d', '2', 'load',
                       f'udp:127.0.0.1:{server.getsockname()[1]}')
        finally:
            server.sendto(b'end', server.getsockname())
            thread.join()
    m = re.search(r'^udp: (\d+) requests without an answer in time, (\d+) '
                  r'answers that came later$', out, re.M)
    check(m and int(m[1]) > 2 and int(m[2]) > 0, out)


def load_udp_heap():
    """More answers at once than one budget takes: none stays unread."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.settimeout(LIMIT)
        server.bind(('127.0.0.1', 0))
        run = subprocess.Popen(
            [ECHO, '--selector', SELECTOR, '-c', '1', '-d', '1', 'load',
             f'udp:127.0.0.1:{server.getsockname()[1]}'], stdout=PIPE,
            text=True)
        old, peer = server.recvfrom(65536)
        server.sendto(old, peer)
        new, peer = server.recvfrom(65536)
        with stopped(run):
            for _ in range(19):
                server.sendto(old, peer)
            server.sendto(new, peer)
        out = run.communicate(timeout=LIMIT)[0]
    # On a very busy machine the right one comes too late as well.
    check(re.search(r'^udp: .*, (19|20) answers that came later$', out, re.M),
          out)


def load_sees_wrong_bytes():
    tool('socat')
    with Peer('TCP-LISTEN:0,bind=127.0.0.1,fork',
              'EXEC:stdbuf -o0 tr a-z A-Z') as peer:
        done = echo('-d', '5', '-c', '3', 'load', '127.0.0.1:' + peer.port)
    check(done.returncode == 1, done.returncode)
    check('other bytes came back' in done.stderr, done.stderr)


def load_sees_the_end():
    """Closed by the server, and nobody there at all."""
    tool('socat')
    with Peer('TCP-LISTEN:0,bind=127.0.0.1,fork', 'EXEC:true') as peer:
        done = echo('-d', '5', '-c', '3', 'load', '127.0.0.1:' + peer.port)
    check(done.returncode == 1, done.returncode, done.stdout)
    check(re.search(r'^echo: .*(closed by|ECONNRESET|EPIPE)', done.stderr),
          done.stderr)
    done = echo('-d', '5', '-c', '3', 'load', '127.0.0.1:' + peer.port)
    check(done.returncode == 1 and 'ECONNREFUSED' in done.stderr, done.stderr)


def load_silence_fails():
    """Who never answers is not a success."""
    with socket.create_server(('127.0.0.1', 0)) as server:
        done = echo('-d', '0.2', 'load',
                    f'127.0.0.1:{server.getsockname()[1]}')
    check(done.returncode == 1, done.returncode)
    check('no request was answered' in done.stderr, done.stderr)


# --- the rest ----------------------------------------------------------------


def demonstration():
    done = echo('--selector', SELECTOR, '-d', '0.9')
    check(done.returncode == 0, done.returncode, done.stdout, done.stderr)
    for name in ('tcp', 'udp', 'unix'):
        check(re.search(rf'^listening on {name}:\S+  \({SELECTOR}\)$',
                        done.stdout, re.M), name, done.stdout)
        check(re.search(rf'^{name} +\d+\.\d s +[1-9]\d* requests/s +\d+\.\d '
                        r'MB/s$', done.stdout, re.M), name, done.stdout)
        check(re.search(rf'^{name}( +[\d.]+){{8}} +0$', done.stdout, re.M),
              name, done.stdout)
    check(max(map(len, done.stdout.splitlines())) <= 95, 'wide')
    check(re.search(r'^served 100 connections', done.stdout, re.M))


def bad_arguments():
    for args, word in (
            (['fly'], 'fly'), (['serve'], 'serve'), (['load'], 'load'),
            (['load', '127.0.0.1:1', '127.0.0.1:2'], 'load'),
            (['serve', 'nowhere'], 'nowhere'),
            (['serve', 'udp:unix:/x'], 'udp:unix:/x'),
            (['serve', '127.0.0.1:65536'], '65536'),
            (['load', 'tcp:'], 'tcp:'), (['-c', '0', 'load', 'x'], "'0'"),
            (['-c', '10001', 'load', 'x'], '10001'),
            (['-c', '1x', 'load', 'x'], '1x'), (['-s', '-1'], '-1'),
            (['-d', '0'], "'0'"), (['-d', 'nan'], 'nan'),
            (['-d', '5.1'], 'too long'), (['-s', '7'], '65507'),
            (['-s', '65508', 'load', 'udp:127.0.0.1:1'], '65507'),
            (['-c', '1', 'serve', '127.0.0.1:0'], 'serve'),
            (['--selector', 'wish'], 'wish'), (['--wish'], 'wish')):
        done = echo(*args)
        check(done.returncode == 2, args, done.returncode)
        check(word in done.stderr and done.stdout == '', args, done.stderr)


def help_and_version():
    check(echo('--help').stdout.startswith('usage: echo'), 'help')
    check(re.fullmatch(r'echo \d+\.\d+\.\d+\n', echo('--version').stdout),
          'version')
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run([ECHO, '--help'], stdout=full, check=False)
    check(done.returncode == 1, 'a full disk passes for success')


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as s:
        return s.getsockname()[1]


def small_server():
    """tcp_echo says nothing when it is ready, so clients try until it is."""
    env = dict(os.environ, EVIO_SELECTOR=SELECTOR)
    nc = netcat()
    port = free_port()
    run = subprocess.Popen([TCP_ECHO, f'127.0.0.1:{port}'], env=env,
                           stderr=PIPE, text=True)
    try:
        address = f'TCP:127.0.0.1:{port},retry=200,interval=0.05'
        data = os.urandom(4 * MIB)
        check(socat(data, address) == data, 'socat')
        check(through(data, *nc, '127.0.0.1', str(port)) == data)
        in_threads(lambda n: check(socat(bytes([n]) * 65536, address) ==
                                   bytes([n]) * 65536), range(20))
        with connect(port) as slow:
            piece = os.urandom(MIB)
            sent = flood(slow, piece)
            check(socat(b'me', address) == b'me', 'starved')
            slow.settimeout(LIMIT)
            slow.shutdown(socket.SHUT_WR)
            check(receive(slow, sent) == (piece * (sent // MIB + 1))[:sent])
        run.send_signal(signal.SIGSTOP)
        run.send_signal(signal.SIGCONT)
        check(socat(b'me', address) == b'me', 'interrupted')
        second = subprocess.run([TCP_ECHO, f'127.0.0.1:{port}'], stderr=PIPE,
                                text=True, timeout=LIMIT, check=False)
        check(second.returncode == 1 and 'EADDRINUSE' in second.stderr)
        check(run.poll() is None, 'ended')
    finally:
        run.kill()
        run.communicate()


TESTS = [
    serve_tcp_socat, serve_tcp_nc, serve_tcp_empty_and_ipv6,
    serve_end_with_data, serve_unix,
    serve_unix_with_descriptors, serve_udp, serve_udp_edges, serve_udp_heap,
    serve_many_at_once, serve_slow_reader, serve_busy_connection, serve_budget,
    serve_reset,
    serve_without_descriptors, serve_stops_with_open_connections,
    serve_releases_everything, serve_address_in_use, load_tcp_against_socat,
    load_unix_against_socat, load_udp_against_python, load_udp_heap, load_sees_wrong_bytes,
    load_sees_the_end, load_silence_fails, demonstration, bad_arguments,
    help_and_version, small_server]


def main():
    print(f'1..{len(TESTS)}', flush=True)
    failed = 0
    for number, test in enumerate(TESTS, 1):
        line, begin = 'ok', time.monotonic()
        note = ''
        try:
            test()
        except Skipped as e:
            note = f' # SKIP {e}'
        except Exception as e:  # pylint: disable=broad-except
            line, failed = 'not ok', failed + 1
            for text in f'{test.__name__}: {e!r}'.splitlines():
                print('# ' + text, file=sys.stderr)
        print(f'{line} {number} - {test.__name__}{note}', flush=True)
        print(f'# {time.monotonic() - begin:.2f} s', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
