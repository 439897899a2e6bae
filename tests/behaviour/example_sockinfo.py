#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sockinfo against Python's own sockets, and so the table of options against
the constants and calls of CPython, which come from nobody here.

Speaks TAP. usage: example_sockinfo.py SOCKINFO ROOT
"""
import errno
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

SOCKINFO, ROOT = sys.argv[1:3]
LIMIT = 30  # seconds that nothing here should ever take
S, SOL = socket, socket.SOL_SOCKET
TCP, IP, IPV6 = socket.IPPROTO_TCP, socket.IPPROTO_IP, socket.IPPROTO_IPV6

# What CPython calls an option: name in the table, level, constant.
KNOWN = [
    ('broadcast', SOL, 'SO_BROADCAST'), ('keepalive', SOL, 'SO_KEEPALIVE'),
    ('reuse_address', SOL, 'SO_REUSEADDR'),
    ('reuse_port', SOL, 'SO_REUSEPORT'), ('linger', SOL, 'SO_LINGER'),
    ('out_of_band_inline', SOL, 'SO_OOBINLINE'),
    ('read_timeout', SOL, 'SO_RCVTIMEO'),
    ('write_timeout', SOL, 'SO_SNDTIMEO'),
    ('recv_buffer_size', SOL, 'SO_RCVBUF'),
    ('send_buffer_size', SOL, 'SO_SNDBUF'),
    ('recv_low_water', SOL, 'SO_RCVLOWAT'),
    ('send_low_water', SOL, 'SO_SNDLOWAT'),
    ('dont_route', SOL, 'SO_DONTROUTE'), ('debug', SOL, 'SO_DEBUG'),
    ('domain', SOL, 'SO_DOMAIN'), ('type', SOL, 'SO_TYPE'),
    ('protocol', SOL, 'SO_PROTOCOL'), ('is_listener', SOL, 'SO_ACCEPTCONN'),
    ('mark', SOL, 'SO_MARK'), ('priority', SOL, 'SO_PRIORITY'),
    ('incoming_cpu', SOL, 'SO_INCOMING_CPU'),
    ('passcred', SOL, 'SO_PASSCRED'), ('passsec', SOL, 'SO_PASSSEC'),
    ('device', SOL, 'SO_BINDTODEVICE'),
    ('ttl_v4', IP, 'IP_TTL'), ('tos_v4', IP, 'IP_TOS'),
    ('recv_tos_v4', IP, 'IP_RECVTOS'),
    ('header_included_v4', IP, 'IP_HDRINCL'),
    ('ip_transparent_v4', IP, 'IP_TRANSPARENT'),
    ('bind_address_no_port', IP, 'IP_BIND_ADDRESS_NO_PORT'),
    ('multicast_loop_v4', IP, 'IP_MULTICAST_LOOP'),
    ('multicast_ttl_v4', IP, 'IP_MULTICAST_TTL'),
    ('multicast_if_v4', IP, 'IP_MULTICAST_IF'),
    ('join_multicast_v4', IP, 'IP_ADD_MEMBERSHIP'),
    ('leave_multicast_v4', IP, 'IP_DROP_MEMBERSHIP'),
    ('only_v6', IPV6, 'IPV6_V6ONLY'),
    ('unicast_hops_v6', IPV6, 'IPV6_UNICAST_HOPS'),
    ('tclass_v6', IPV6, 'IPV6_TCLASS'),
    ('dont_fragment_v6', IPV6, 'IPV6_DONTFRAG'),
    ('recv_hoplimit_v6', IPV6, 'IPV6_RECVHOPLIMIT'),
    ('recv_tclass_v6', IPV6, 'IPV6_RECVTCLASS'),
    ('recv_pktinfo_v6', IPV6, 'IPV6_RECVPKTINFO'),
    ('multicast_loop_v6', IPV6, 'IPV6_MULTICAST_LOOP'),
    ('multicast_hops_v6', IPV6, 'IPV6_MULTICAST_HOPS'),
    ('multicast_if_v6', IPV6, 'IPV6_MULTICAST_IF'),
    ('join_multicast_v6', IPV6, 'IPV6_JOIN_GROUP'),
    ('leave_multicast_v6', IPV6, 'IPV6_LEAVE_GROUP'),
    ('tcp_nodelay', TCP, 'TCP_NODELAY'), ('tcp_cork', TCP, 'TCP_CORK'),
    ('tcp_quickack', TCP, 'TCP_QUICKACK'), ('tcp_mss', TCP, 'TCP_MAXSEG'),
    ('tcp_window_clamp', TCP, 'TCP_WINDOW_CLAMP'),
    ('tcp_notsent_lowat', TCP, 'TCP_NOTSENT_LOWAT'),
    ('tcp_user_timeout', TCP, 'TCP_USER_TIMEOUT'),
    ('tcp_keepalive_time', TCP, 'TCP_KEEPIDLE'),
    ('tcp_keepalive_interval', TCP, 'TCP_KEEPINTVL'),
    ('tcp_keepalive_retries', TCP, 'TCP_KEEPCNT'),
    ('tcp_syn_retries', TCP, 'TCP_SYNCNT'),
    ('tcp_defer_accept', TCP, 'TCP_DEFER_ACCEPT'),
    ('tcp_fastopen', TCP, 'TCP_FASTOPEN'),
    ('tcp_congestion', TCP, 'TCP_CONGESTION')]

SORTS = {'tcp4': (S.AF_INET, S.SOCK_STREAM, 0),
         'tcp6': (S.AF_INET6, S.SOCK_STREAM, 0),
         'udp4': (S.AF_INET, S.SOCK_DGRAM, 0),
         'udp6': (S.AF_INET6, S.SOCK_DGRAM, 0),
         'unix': (S.AF_UNIX, S.SOCK_STREAM, 0),
         'raw4': (S.AF_INET, S.SOCK_RAW, S.IPPROTO_ICMP),
         'raw6': (S.AF_INET6, S.SOCK_RAW, S.IPPROTO_ICMPV6),
         'packet': (S.AF_PACKET, S.SOCK_DGRAM, 0),
         'vsock': (S.AF_VSOCK, S.SOCK_STREAM, 0)}

SECOND = 1000000000  # in nanoseconds
UDP = 'udp:127.0.0.1:9'

# Sort of socket: {row: (what is set, what sockinfo must say, None: what the
# kernel made of it)}.
SETTINGS = {
    'tcp4': {
        'tcp_nodelay': (1, True), 'keepalive': (1, True),
        'tcp_keepalive_time': (77, 77 * SECOND),
        'tcp_keepalive_interval': (13, 13 * SECOND),
        'tcp_keepalive_retries': (5, 5), 'tcp_syn_retries': (3, 3),
        'tcp_user_timeout': (1234, 1234000000),
        'tcp_notsent_lowat': (16384, 16384), 'tcp_congestion': (b'reno', 'reno'),
        'tcp_mss': (1000, None), 'tcp_defer_accept': (7, 7 * SECOND),
        'read_timeout': (struct.pack('@ll', 3, 252000), 3252000000),
        'write_timeout': (struct.pack('@ll', 0, 8000), 8000000),
        'linger': (struct.pack('@ii', 1, 7), 7 * SECOND),
        'recv_buffer_size': (65536, None), 'send_buffer_size': (70000, None),
        'recv_low_water': (17, 17), 'reuse_address': (1, True),
        'reuse_port': (1, True), 'out_of_band_inline': (1, True),
        # The second sets the third as well.
        'ttl_v4': (33, 33), 'tos_v4': (0x10, 0x10), 'priority': (5, 5),
        'bind_address_no_port': (1, True)},
    'udp4': {
        'broadcast': (1, True), 'multicast_ttl_v4': (9, 9),
        'multicast_loop_v4': (0, False), 'recv_tos_v4': (1, True),
        'multicast_if_v4': (S.inet_aton('127.0.0.1'), '127.0.0.1'),
        'dont_route': (1, True)},
    'udp6': {
        'only_v6': (1, True), 'unicast_hops_v6': (44, 44),
        'tclass_v6': (0x20, 0x20), 'multicast_hops_v6': (9, 9),
        'multicast_loop_v6': (0, False), 'multicast_if_v6': (1, 1),
        'recv_pktinfo_v6': (1, True), 'recv_tclass_v6': (1, True),
        'recv_hoplimit_v6': (1, True), 'dont_fragment_v6': (1, True)},
    'unix': {
        'passcred': (1, True),
        'read_timeout': (struct.pack('@ll', 1, 0), SECOND)},
}


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def check(ok, *why):
    if not ok:
        raise Failed(' '.join(str(w) for w in why))


def sockinfo(*args, code=0, **more):
    done = subprocess.run([SOCKINFO, *args], capture_output=True, text=True,
                          timeout=LIMIT, check=False, **more)
    check(done.returncode == code, args, done.returncode, done.stderr)
    check((done.stderr == '') == (code == 0), args, done.stderr)
    return done.stdout if code == 0 else done.stderr


def no_twins(pairs):
    names = [name for name, _ in pairs]
    check(len(set(names)) == len(names), 'twice:', names)
    return dict(pairs)


def as_json(*args, **more):
    text = sockinfo('--json', *args, **more)
    check(text.isascii() and text.endswith('\n'), 'not ASCII')
    return json.loads(text, object_pairs_hook=no_twins)


def options(what):
    rows = {row['name']: row for row in what['options']}
    check(len(rows) == len(what['options']), 'a row twice')
    return rows


def of_socket(sock):
    fd = sock.fileno()
    return as_json('--fd', str(fd), pass_fds=[fd])


def open_sort(sort):
    try:
        return socket.socket(*SORTS[sort])
    except OSError as e:
        if e.errno in (errno.EPERM, errno.EAFNOSUPPORT, errno.ENODEV):
            raise Skipped(f'no {sort} here: {e}') from e
        raise


def rows_of_source():
    """The rows of the library's table, all that there must be."""
    with open(ROOT + '/libsock/src/opt_list.h', encoding='ascii') as f:
        names = re.findall(r'^ X\((\w+),', f.read(), re.M)
    check(len(names) > 100, 'not the table')
    return names


def cells(table):
    """The rows of an aligned table, as dictionaries; checks that each column
    begins where its title does."""
    lines = table.split('\n\n')[0].split('\n') if not table.startswith(
        'socket ') else table.split('\n\n')[1].rstrip('\n').split('\n')
    starts = [m.start() for m in re.finditer(r'\S+', lines[0])]
    rows = []
    for line in lines:
        for start in starts[1:]:
            check(line[start - 2:start] == '  ' and line[start] != ' ',
                  'not aligned:', repr(line))
        ends = starts[1:] + [len(line)]
        rows.append([line[a:b].strip() for a, b in zip(starts, ends)])
    return [dict(zip(rows[0], row)) for row in rows[1:]]


# --- the listing --------------------------------------------------------------


def listing_has_every_row():
    source = rows_of_source()
    check([row['name'] for row in as_json()['options']] == source, 'JSON')
    check([row['option'] for row in cells(sockinfo())] == source, 'table')


def listing_says_the_same_twice():
    """As a table and as JSON."""
    words = {True: 'yes', False: 'no'}
    listed = as_json()
    sockets = listed['sockets']
    check(set(sockets) == set(SORTS), sockets)
    for row, cell in zip(listed['options'], cells(sockinfo())):
        name = row['name']
        check(cell['kind'] == row['kind'], name)
        check(cell['unit'] == (row['unit'] or '-'), name)
        check(cell['access'] == ' '.join(row['access']), name)
        check(cell['here'] == words[row['present']], name)
        low, high = row['range'] or (None, None)
        check(cell['range'] in ('-' if low is None else f'{low}..{high}',
                                f'{low}..'), name, cell['range'])
        for sort, has in row['kernel'].items():
            check(cell[sort] == words[has] if has is not None else
                  cell[sort] in '-?', name, sort, has, cell[sort])
            check(cell[sort] != '-' or sockets[sort] != 'OK', name, sort)


def listing_has_cpythons_numbers():
    listed = options(as_json())
    for name, level, constant in KNOWN:
        row, number = listed[name], getattr(socket, constant, None)
        if number is None:
            continue
        check(row['present'] and (row['level'], row['native']) ==
              (level, number), name, row)


def python_has(sock, row):
    """Whether the kernel has it, asked by CPython with every likely size."""
    for size in (4, 8, 16, 64, 128, 1):
        try:
            sock.getsockopt(row['level'], row['native'], size)
            return True
        except OSError as e:
            if e.errno not in (errno.ENOPROTOOPT, errno.EOPNOTSUPP,
                               errno.EINVAL):
                return True
    return False


def listing_probes_as_python_does():
    listed = as_json()
    asked = {True: 0, False: 0}
    for sort, said in listed['sockets'].items():
        try:
            sock = open_sort(sort)
        except Skipped:
            check(said != 'OK', sort, 'is open to sockinfo alone')
            continue
        with sock:
            # Of these, CPython asks with eight bytes or not at all.
            for row in listed['options'] if sort != 'vsock' else []:
                if not row['present']:
                    check(row['kernel'][sort] is False, row['name'], sort)
                elif 'get' not in row['access']:
                    check(row['kernel'][sort] is None, row['name'], sort)
                else:
                    has = python_has(sock, row)
                    check(has == row['kernel'][sort], row['name'], sort, has)
                    asked[has] += 1
    check(asked[True] > 100 and asked[False] > 20, asked)


# --- values of a descriptor ---------------------------------------------------


def settings_of(sort):
    known = {name: (level, getattr(socket, constant))
             for name, level, constant in KNOWN if hasattr(socket, constant)}
    with open_sort(sort) as sock:
        fresh = options(of_socket(sock))
        expected = {}
        for name, (value, says) in SETTINGS[sort].items():
            sock.setsockopt(*known[name], value)
            expected[name] = says if says is not None else sock.getsockopt(
                *known[name])
        now = options(of_socket(sock))
    for name, says in expected.items():
        check(now[name].get('value') == says, sort, name, now[name], says)
        if SETTINGS[sort][name][1] is not None and name != 'tcp_congestion':
            check(fresh[name]['value'] != says, sort, name, 'was so before')
    for name in set(now) - set(expected) - {'multicast_ttl_v4'}:
        check(now[name].get('error') == fresh[name].get('error'), name)


def values_set_by_python():
    for sort in SETTINGS:
        settings_of(sort)


def values_of_a_bound_device():
    with open_sort('udp4') as sock:
        try:
            sock.setsockopt(SOL, socket.SO_BINDTODEVICE, b'lo')
        except OSError as e:
            raise Skipped(f'SO_BINDTODEVICE: {e}') from e
        now = options(of_socket(sock))
        check(now['device']['value'] == 'lo', now['device'])
        index = socket.if_nametoindex('lo')
        check(now['device_index_v4']['value'] == index, now['device_index_v4'])


def values_of_a_connection():
    """Names, type and mode. What was passed on is inheritable."""
    with socket.create_server(('127.0.0.1', 0)) as server, \
            socket.create_connection(server.getsockname()) as client:
        client.setblocking(False)
        what = of_socket(client)['socket']
        check(what == {
            'domain': 'ipv4', 'type': 'stream', 'protocol': TCP,
            'local': '%s:%d' % client.getsockname(),
            'peer': '%s:%d' % server.getsockname(), 'nonblocking': True,
            'inheritable': True}, what)
        listening = of_socket(server)
        check(listening['socket']['peer'] is None, listening['socket'])
        check(options(listening)['is_listener']['value'] is True, 'listener')
        now = options(of_socket(client))
        check(now['is_listener']['value'] is False, 'no listener')
        check(now['domain']['value'] == 1 and now['type']['value'] == 1 and
              now['protocol']['value'] == TCP, 'what it is')


def values_table_is_the_json():
    """What the socket lacks is in the JSON alone, with a reason."""
    with open_sort('tcp4') as sock:
        fd = sock.fileno()
        rows = cells(sockinfo('--fd', str(fd), pass_fds=[fd]))
        said = options(of_socket(sock))
    shown = {row['option']: row for row in rows}
    check(len(shown) == len(rows) > 50, len(rows))
    for name, row in said.items():
        if row['kind'] == 'struct' and 'value' in row:
            check(name not in shown, name)
            for member, value in row['value'].items():
                cell = shown.pop(f'{name}.{member}', {'value': 'null'})
                check(value is None or cell['kind'] == 'duration' or
                      cell['value'] == 'none' or
                      cell['value'].split()[0] == str(value), name, member)
            shown[name] = {}
    lacking = {name for name, row in said.items()
               if row.get('error') in ('ENOPROTOOPT', 'EOPNOTSUPP')}
    check(set(shown) == set(said) - lacking and lacking, set(shown) ^ set(said))
    check(shown['ttl_v4']['value'] == str(said['ttl_v4']['value']), 'ttl')
    check(shown['tcp_nodelay']['value'] == 'false', 'nodelay')
    check(shown['read_timeout']['value'] == 'none', 'timeout')
    check(said['read_timeout']['value'] is None, 'timeout')
    check(shown['mtu_v4']['value'] == '(ENOTCONN)', shown['mtu_v4'])
    check(said['mtu_v4']['error'] == 'ENOTCONN', said['mtu_v4'])
    check(shown['tcp_keepalive_time']['value'] ==
          '%d s' % (said['tcp_keepalive_time']['value'] // SECOND), 'seconds')
    readable = {row['name'] for row in as_json()['options']
                if 'get' in row['access']}
    check(set(said) == readable, set(said) ^ readable)


def values_of_a_structure():
    with socket.create_server(('127.0.0.1', 0)) as server, \
            socket.create_connection(server.getsockname()) as client:
        accepted = server.accept()[0]
        with accepted:
            client.sendall(b'x' * 1000)
            check(len(accepted.recv(1000, socket.MSG_WAITALL)) == 1000, 'recv')
            said = options(of_socket(accepted))
            info = said['tcp_info']['value']
            raw = accepted.getsockopt(TCP, socket.TCP_INFO, 256)
        # Its state is a byte; then retransmission timeout and segment size.
        check(info['state'] == raw[0] == 1, info, raw[0])
        check(info['rto'] == 1000 * struct.unpack_from('I', raw, 8)[0], info)
        check(info['snd_mss'] == struct.unpack_from('I', raw, 16)[0], info)
        check(info['bytes_received'] == 1000, info)
        check(info['max_pacing_rate'] is None, info)
        queue = options(of_socket(server))['tcp_info']['value']
        check((queue['state'], queue['accept_queue_max']) == (10, 128) or
              queue['accept_queue_max'] > 0, queue)
        check(info['accept_queue'] is None, info)


def values_leave_a_saved_syn():
    """The kernel forgets it when it is read, so it is not read."""
    save, saved = 27, 28  # TCP_SAVE_SYN, TCP_SAVED_SYN
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.setsockopt(TCP, save, 1)
        with socket.create_connection(server.getsockname()), \
                server.accept()[0] as accepted:
            row = options(of_socket(accepted))['tcp_saved_syn']
            check(row.get('unread') is True and 'value' not in row, row)
            fd = accepted.fileno()
            rows = {row['option']: row for row in
                    cells(sockinfo('--fd', str(fd), pass_fds=[fd]))}
            check('unread' in rows['tcp_saved_syn']['value'], rows)
            check(len(accepted.getsockopt(TCP, saved, 256)) >= 40, 'forgotten')


def values_leave_the_socket_alone():
    """The error that waits stays; so do bytes, mode and descriptor."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(('127.0.0.1', 0))
        nowhere = gone.getsockname()
    with open_sort('udp4') as sock:
        sock.connect(nowhere)
        sock.send(b'anybody?')
        of_socket(sock)
        check(sock.getsockopt(SOL, socket.SO_ERROR) == errno.ECONNREFUSED,
              'the error is gone')
    a, b = socket.socketpair()
    with a, b:
        b.send(b'mail')
        of_socket(a)
        check(a.recv(9) == b'mail' and a.getblocking(), 'the bytes are gone')


# --- an address ---------------------------------------------------------------


def address_connects():
    with socket.create_server(('127.0.0.1', 0)) as server:
        at = '%s:%d' % server.getsockname()
        said = as_json('tcp:' + at)
        accepted, peer = server.accept()
        accepted.close()
        check(said['socket']['peer'] == at, said['socket'])
        check(said['socket']['local'] == '%s:%d' % peer, said['socket'])
        check(said['socket']['inheritable'] is False, said['socket'])
        check(options(said)['mtu_v4']['value'] > 1000, 'no MTU')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(('127.0.0.1', 0))
        at = '%s:%d' % server.getsockname()
        said = as_json('udp:' + at)['socket']
        check((said['peer'], said['type']) == (at, 'dgram'), said)


def address_is_local():
    kinds = {'unix': (socket.SOCK_STREAM, 'stream'),
             'unix-dgram': (socket.SOCK_DGRAM, 'dgram'),
             'unix-seqpacket': (socket.SOCK_SEQPACKET, 'seqpacket')}
    with tempfile.TemporaryDirectory() as folder:
        for scheme, (kind, word) in kinds.items():
            path = f'{folder}/{scheme}'
            with socket.socket(socket.AF_UNIX, kind) as server:
                server.bind(path)
                if kind != socket.SOCK_DGRAM:
                    server.listen()
                said = as_json(f'{scheme}:{path}')['socket']
            check((said['domain'], said['type'], said['peer']) ==
                  ('unix', word, 'unix:' + path), said)
        said = as_json('--bind', f'unix:{folder}/bound')['socket']
        check(said['local'] == f'unix:{folder}/bound', said)
        check(said['peer'] is None, said)
        check(os.path.exists(folder + '/bound'), 'not bound')


def address_is_bound():
    said = as_json('--bind', 'udp:127.0.0.1:0')['socket']
    check(re.fullmatch(r'127\.0\.0\.1:[1-9]\d*', said['local']), said)
    said = as_json('tcp:127.0.0.1:0', '--bind')['socket']
    check(re.fullmatch(r'127\.0\.0\.1:[1-9]\d*', said['local']), said)
    check((said['peer'], said['type']) == (None, 'stream'), said)


def address_is_refused():
    with socket.create_server(('127.0.0.1', 0)) as server:
        at = 'tcp:%s:%d' % server.getsockname()
    said = sockinfo(at, code=1)
    check('ECONNREFUSED' in said and '(connect)' in said and at in said, said)
    with open_sort('tcp4') as server:
        server.bind(('127.0.0.1', 0))
        at = 'tcp:%s:%d' % server.getsockname()
        said = sockinfo('--bind', at, code=1)
        check('EADDRINUSE' in said and '(bind)' in said, said)


def address_is_a_name():
    """The loopback may have a name for IPv6 too, and nobody listens there."""
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
        try:
            found = socket.getaddrinfo('localhost', port, socket.AF_INET)
        except OSError as e:
            raise Skipped(f'localhost: {e}') from e
        said = as_json(f'tcp:localhost:{port}')['socket']
        check(said['peer'] == '%s:%d' % found[0][4], said)
    said = sockinfo('tcp:nobody.invalid:1', code=1)
    check('(resolve)' in said and 'EAI_' in said, said)


# --- setting ------------------------------------------------------------------


def options_are_set():
    """On a new socket, before it is bound."""
    said = options(as_json(
        '--bind', 'tcp:127.0.0.1:0', '--set', 'tcp_keepalive_time=77s', '--set',
        'read_timeout=3252 ms', '--set', 'tcp_congestion=reno', '--set',
        'tcp_nodelay=on', '--set', 'tos_v4=0x10'))
    for name, value in (('tcp_keepalive_time', 77 * SECOND),
                        ('read_timeout', 3252000000),
                        ('tcp_congestion', 'reno'), ('tcp_nodelay', True),
                        ('tos_v4', 16)):
        check(said[name]['value'] == value, said[name])
    said = sockinfo(UDP, '--set', 'ttl_v4=256', code=1)
    check('(set)' in said and 'EINVAL' in said, said)
    # The first that fails ends it, and nothing is connected.
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.settimeout(0)
        at = 'tcp:%s:%d' % server.getsockname()
        check('ttl' in sockinfo(at, '--set', 'ttl_v4=0', code=1), 'set')
        try:
            server.accept()
            check(False, 'connected')
        except BlockingIOError:
            pass


def options_of_a_descriptor_are_set():
    with open_sort('udp4') as sock:
        fd = sock.fileno()
        sockinfo('--fd', str(fd), '--set', 'ttl_v4=33', '--set',
                 'local_port_range=low=40000, high=40100', pass_fds=[fd])
        check(sock.getsockopt(IP, socket.IP_TTL) == 33, 'ttl')
        sock.connect(('127.0.0.1', 9))
        check(40000 <= sock.getsockname()[1] <= 40100, sock.getsockname())


# --- the rest -----------------------------------------------------------------


def bad_arguments():
    for args, word in (
            (['127.0.0.1:1'], '127.0.0.1:1'), (['tcp:'], 'tcp:'),
            (['tcp:unix:/x'], 'tcp:unix:/x'), (['unix:'  + 'x' * 600], 'xxx'),
            (['tcp:1.2.3.4:65536'], '65536'), (['sctp:1.2.3.4:5'], 'sctp'),
            (['--fd'], '--fd'), (['--fd', ''], "''"), (['--fd', '-1'], '-1'),
            (['--fd', '3x'], '3x'), (['--fd', '4294967296'], '4294967296'),
            (['--fd', '99999999999999999999'], '9999'),
            (['--bind'], '--bind'), (['--wish'], '--wish'), (['-'], '-'),
            (['--fd', '1', 'tcp:127.0.0.1:1'], 'tcp:'),
            (['localhost'], 'localhost'), (['tcp:localhost'], 'localhost'),
            (['tcp::80'], 'tcp::80'), (['tcp:a:b:c'], 'a:b:c'),
            (['tcp:localhost:'], 'localhost'), (['tcp:/x:1'], '/x'),
            (['tcp:' + 'x' * 300 + ':1'], 'xxx'),
            (['--set', 'ttl_v4=7'], '--set'), ([UDP, '--set'], '--set'),
            ([UDP, '--set', 'ttl_v4'], 'ttl_v4'),
            ([UDP, '--set', 'wish=1'], 'wish'),
            ([UDP, '--set', 'x' * 99 + '=1'], 'xxx'),
            ([UDP, '--set', 'ttl_v4=much'], 'much'),
            ([UDP, '--set', 'tcp_md5=key'], 'tcp_md5'),
            ([UDP] + ['--set', 'ttl_v4=7'] * 33, 'many'),
            (['tcp:127.0.0.1:1', 'tcp:127.0.0.1:2'], ':2')):
        check(word in sockinfo(*args, code=2), args)


def no_socket():
    with open(os.devnull, 'rb') as null:
        said = sockinfo('--fd', '0', stdin=null, code=1)
        check('ENOTSOCK' in said, said)
    said = sockinfo('--json', '--fd', '1000000', code=1)
    check('EBADF' in said, said)


def help_and_version():
    check(sockinfo('--help').startswith('usage: sockinfo'), 'help')
    check(re.fullmatch(r'sockinfo \d+\.\d+\.\d+\n', sockinfo('--version')),
          'version')
    check(re.fullmatch(r'\d+\.\d+\.\d+', as_json()['libsock']), 'library')
    for args in (['--help'], ['--json'], []):
        with open('/dev/full', 'w', encoding='ascii') as full:
            done = subprocess.run([SOCKINFO, *args], stdout=full, check=False,
                                  stderr=subprocess.PIPE, timeout=LIMIT)
        check(done.returncode == 1 and b'output' in done.stderr,
              'a full disk passes for success', args)


TESTS = [
    listing_has_every_row, listing_says_the_same_twice,
    listing_has_cpythons_numbers, listing_probes_as_python_does,
    values_set_by_python, values_of_a_bound_device, values_of_a_connection,
    values_table_is_the_json, values_of_a_structure, values_leave_a_saved_syn,
    values_leave_the_socket_alone, address_connects, address_is_local,
    address_is_bound, address_is_refused, address_is_a_name, options_are_set,
    options_of_a_descriptor_are_set, bad_arguments, no_socket,
    help_and_version]


def main():
    print(f'1..{len(TESTS)}', flush=True)
    failed = 0
    for number, test in enumerate(TESTS, 1):
        line, note, begin = 'ok', '', time.monotonic()
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
