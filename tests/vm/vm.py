#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a test program in a virtual machine with a kernel of Debian's.

The kernel is the package that linux-image-cloud-amd64 depends on, unpacked and
never installed. The machine is emulated, so nothing but qemu is needed; it
boots into the program, whose TAP comes over the serial line. What the program
may use of the kernel is in MODULES.

usage: vm.py PROGRAM

The kernel is fetched when CI_TOOLS or TEST_VM is set, and kept in
LIBEVIO_TOOLS, ~/.cache/libevio by default. Without it, or without a tool, the
test is skipped; with CI_TOOLS it fails.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

MODULES = ['vsock_loopback', 'sctp', 'tls']
TOOLS = ['qemu-system-x86_64', 'busybox', 'cpio', 'dpkg', 'apt-get']
TIMEOUT = 120

INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox ip link set lo up
while read -r module; do
  /bin/busybox insmod "$module" || echo "Bail out! cannot load $module"
done </modules/order
cd /tmp
/program
echo "vm: exit $?"
/bin/busybox poweroff -f
"""


class Missing(Exception):
    pass


def capture(*args, **more):
    done = subprocess.run(args, stdout=subprocess.PIPE, text=True, **more)
    if done.returncode != 0:
        raise Missing(f'{args[0]} failed')
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
    if not os.environ.get('CI_TOOLS') and not os.environ.get('TEST_VM'):
        raise Missing('no kernel here; TEST_VM=1 fetches one')
    os.makedirs(tools, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tools) as work:
        capture('apt-get', 'download', '-q', name.group(1), cwd=work,
                stderr=subprocess.DEVNULL)
        capture('dpkg', '-x', *glob.glob(os.path.join(work, '*.deb')),
                os.path.join(work, 'unpacked'))
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


def initramfs(root, program, modules):
    for path in ('bin', 'modules'):
        os.makedirs(os.path.join(root, path))
    shutil.copy(shutil.which('busybox'), os.path.join(root, 'bin'))
    shutil.copy(program, os.path.join(root, 'program'))
    for module in modules:
        shutil.copy(module, os.path.join(root, 'modules'))
    with open(os.path.join(root, 'modules', 'order'), 'w') as f:
        f.writelines(f'/modules/{os.path.basename(m)}\n' for m in modules)
    with open(os.path.join(root, 'init'), 'w') as f:
        f.write(INIT)
    os.chmod(os.path.join(root, 'init'), 0o755)
    image = root + '.cpio'
    names = subprocess.run(['find', '.'], cwd=root, stdout=subprocess.PIPE)
    with open(image, 'wb') as f:
        subprocess.run(['cpio', '-o', '-H', 'newc', '--quiet'], cwd=root,
                       input=names.stdout, stdout=f, check=True)
    return image


def boot(place, image):
    """The exit status of the program; its output is passed on as it comes."""
    vmlinuz = glob.glob(os.path.join(place, 'boot', 'vmlinuz-*'))[0]
    machine = subprocess.Popen(
        ['timeout', str(TIMEOUT), 'qemu-system-x86_64', '-accel', 'tcg',
         '-cpu', 'max', '-m', '512', '-display', 'none', '-serial', 'stdio',
         '-monitor', 'none', '-no-reboot', '-kernel', vmlinuz, '-initrd',
         image, '-append', 'console=ttyS0 quiet loglevel=0 panic=-1'],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    status = None
    for line in machine.stdout:
        text = line.decode(errors='replace').rstrip()
        code = re.match(r'vm: exit (\d+)$', text)
        if code:
            status = int(code.group(1))
        # What the firmware says stands before the program's first line.
        elif re.match(r'(TAP|ok|not ok|#|1\.\.|Bail)', text):
            print(text, flush=True)
    machine.wait()
    if status is None:
        print('Bail out! the machine ended before the program did')
        return 1
    return status


def main(program):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    try:
        if missing:
            raise Missing('no ' + ', no '.join(missing))
        place = kernel()
        modules = in_order(place, MODULES)
    except Missing as why:
        if os.environ.get('CI_TOOLS'):
            print(f'Bail out! {why}')
            return 1
        print(f'1..0 # SKIP {why}')
        return 0
    with tempfile.TemporaryDirectory() as work:
        image = initramfs(os.path.join(work, 'root'), program, modules)
        return boot(place, image)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
