#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs test programs in a virtual machine with a kernel of Debian's.

The kernel is the package that linux-image-cloud-amd64 depends on, unpacked and
never installed. The machine is emulated, so nothing but qemu is needed. It
boots once, with the programs and the libraries and commands that they want in
its memory, each under its path here; their TAP comes over the serial line and
is told on as one. What they may use of the kernel is in MODULES.

usage: vm.py [NAME=VALUE...] PROGRAM ...    a variable is the next program's

It takes minutes and a kernel, which is fetched once and kept in LIBEVIO_TOOLS,
~/.cache/libevio by default: so CI_TOOLS or TEST_VM must be set, or the test is
skipped. A tool that is missing has it skipped too; with CI_TOOLS it fails.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

MODULES = ['dccp_ipv4', 'dccp_ipv6', 'sch_etf', 'sch_fq', 'sch_netem', 'sctp',
           'tls', 'tun', 'veth', 'vsock_loopback']
TOOLS = ['qemu-system-x86_64', 'busybox', 'cpio', 'dpkg', 'apt-get', 'ldd']
COMMANDS = ['ip', 'tc']  # of the programs
TIMEOUT = 1200

# What the machine does: it loads the modules, makes a network besides lo, and
# runs the programs. Emulation is slow: a test is ended after 10 times 6 s.
INIT = """#!/bin/busybox sh
/bin/busybox --install -s
export PATH=/commands:$PATH TEST_SLOW=1 TEST_TIMEOUT=6
mkdir -p /dev /etc /proc /sys /tmp
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
ln -s /proc/self/fd /dev/fd
while read -r module; do
  insmod "$module" || poweroff -f
done </modules/order
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
/commands/ip link set lo up
/commands/ip link add veth0 type veth peer name veth1
/commands/ip address add 10.0.0.1/24 dev veth0
/commands/ip link set veth0 up
/commands/ip link set veth1 up
while read -r words; do
  echo "vm: start $words"
  env $words </dev/null
  echo "vm: end $?"
done </programs
echo 'vm: done'
poweroff -f
"""


class Missing(Exception):
    pass


def capture(*args, **more):
    done = subprocess.run(args, stdout=subprocess.PIPE, text=True, **more)
    if done.returncode != 0:
        raise Missing(f'{" ".join(args)} failed')
    return done.stdout


def kernel():
    """The directory of an unpacked kernel package."""
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    tools = os.environ.get('LIBEVIO_TOOLS') or os.path.join(cache, 'libevio')
    depends = capture('apt-cache', 'depends', 'linux-image-cloud-amd64')
    name = re.search(r'Depends: (linux-image-[\w.+-]+)', depends)
    if not name:
        raise Missing('no package linux-image-cloud-amd64')
    place = os.path.join(tools, name.group(1))
    if os.path.isdir(place):
        return place
    os.makedirs(tools, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tools) as work:
        capture('apt-get', 'download', '-q', name.group(1), cwd=work,
                stderr=subprocess.DEVNULL)
        capture('dpkg', '-x', *glob.glob(os.path.join(work, '*.deb')),
                os.path.join(work, 'unpacked'))
        if not os.path.isdir(place):
            os.rename(os.path.join(work, 'unpacked'), place)
    return place


def in_order(place, wanted):
    """Files of modules, each behind those that it depends on."""
    pattern = os.path.join(place, '**', '*.ko')
    files = {os.path.basename(f)[:-3].replace('-', '_'): f
             for f in glob.glob(pattern, recursive=True)}
    order = []

    def add(name):
        if name not in files:
            raise Missing(f'the kernel has no module {name}')
        with open(files[name], 'rb') as f:
            depends = re.search(rb'\0depends=([^\0]*)\0', f.read())
        for other in depends.group(1).decode().split(',') if depends else []:
            if other:
                add(other.replace('-', '_'))
        if files[name] not in order:
            order.append(files[name])

    for name in wanted:
        add(name)
    return order


def with_libraries(programs):
    """The programs and what the dynamic linker maps for them, and what glibc
    loads for pthread_cancel()."""
    found = set(programs)
    for program in programs:
        found.update(re.findall(r'(/\S+) \(0x', capture('ldd', program)))
    for libc in [file for file in found if '/libc.so' in file]:
        unwinder = os.path.join(os.path.dirname(libc), 'libgcc_s.so.1')
        if os.path.exists(unwinder):
            found.add(unwinder)
    return found


def initramfs(root, words, modules):
    def put(source, target):
        target = os.path.join(root, target.lstrip('/'))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)

    def write(name, lines):
        with open(os.path.join(root, name), 'w', encoding='utf-8') as f:
            f.writelines(lines)

    programs = [word for word in words if '=' not in word]
    commands = [shutil.which(command) for command in COMMANDS]
    for file in with_libraries(programs + commands):
        put(file, file)
    for command in commands:
        put(command, os.path.join('commands', os.path.basename(command)))
    put(shutil.which('busybox'), 'bin/busybox')
    for module in modules:
        put(module, os.path.join('modules', os.path.basename(module)))
    write('modules/order',
          (f'/modules/{os.path.basename(m)}\n' for m in modules))
    write('programs', (w + (' ' if '=' in w else '\n') for w in words))
    write('init', INIT)
    os.chmod(os.path.join(root, 'init'), 0o755)
    image = root + '.cpio'
    names = capture('find', '.', cwd=root)
    with open(image, 'wb') as f:
        subprocess.run(['cpio', '-o', '-H', 'newc', '--quiet'], cwd=root,
                       input=names.encode(), stdout=f, check=True)
    return image


def results(lines):
    """(good, what) of each test, and of what goes wrong besides."""
    name, planned, seen, failed, done = '', None, 0, 0, False
    for line in lines:
        start = re.match(r'vm: start (.*)', line)
        end = re.match(r'vm: end (\d+)', line)
        plan = re.match(r'1\.\.(\d+)', line)
        test = re.match(r'(ok|not ok) \d+ - (.*)', line)
        if start:
            *settings, program = start[1].split()
            name = '@'.join([os.path.basename(program)] +
                            [s.split('=')[1] for s in settings])
            planned, seen, failed = None, 0, 0
        elif plan:
            planned = int(plan[1])
        elif test:
            seen += 1
            failed += test[1] != 'ok'
            yield test[1] == 'ok', f'{name}: {test[2]}'
        elif end and (seen != planned or (end[1] == '0') != (failed == 0)):
            yield False, f'{name}: exit code {end[1]}, {seen} of {planned}'
        elif line.startswith('# '):
            print(line, file=sys.stderr, flush=True)
        done = done or line == 'vm: done'
    if not done:
        yield False, f'{name}: the machine ended before the programs did'


def boot(place, image):
    """Whether all tests passed, which are told as one program's."""
    vmlinuz = glob.glob(os.path.join(place, 'boot', 'vmlinuz-*'))[0]
    number, good = 0, True
    with subprocess.Popen(
            ['timeout', str(TIMEOUT), 'qemu-system-x86_64', '-accel', 'tcg',
             '-cpu', 'max', '-smp', '2', '-m', '1024', '-display', 'none',
             '-serial', 'stdio', '-monitor', 'none', '-no-reboot', '-kernel',
             vmlinuz, '-initrd', image, '-append',
             'console=ttyS0 quiet loglevel=0 panic=-1'],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        lines = (line.decode(errors='replace').rstrip()
                 for line in machine.stdout)
        for number, (ok, what) in enumerate(results(lines), 1):
            print(f'{"ok" if ok else "not ok"} {number} - {what}', flush=True)
            good = good and ok
    print(f'1..{number}')
    return good


def main(words):
    missing = [tool for tool in TOOLS + COMMANDS if not shutil.which(tool)]
    try:
        if not os.environ.get('CI_TOOLS') and not os.environ.get('TEST_VM'):
            raise Missing('TEST_VM=1 boots a machine, and fetches its kernel')
        if missing:
            raise Missing('no ' + ', no '.join(missing))
        words = [w if '=' in w else os.path.abspath(w) for w in words]
        place = kernel()
        with tempfile.TemporaryDirectory() as work:
            image = initramfs(os.path.join(work, 'root'), words,
                              in_order(place, MODULES))
            return 0 if boot(place, image) else 1
    except Missing as why:
        if os.environ.get('CI_TOOLS'):
            print(f'Bail out! {why}')
            return 1
        print(f'1..0 # SKIP {why}')
        return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
