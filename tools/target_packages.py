#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Unpacks Debian's packages for another architecture into a folder that a cross build takes them
from.

    tools/target_packages.py arm64 build/sysroot/arm64

This machine's package state stays as it is: the lists of the other architecture live in a temporary
apt state of their own. (A foreign dpkg architecture would not do: libcpuinfo-dev and
libpthreadpool-dev conflict with themselves.) Nothing is done if the folder already holds the
packages. The folder also serves as root for qemu (-L): its lib leads to the cross compiler's C
library, and its proc/cpuinfo and sys describe Arm processors, since cpuinfo would otherwise read
what this machine says about its own.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile

PACKAGES = ["libcpuinfo-dev", "libcpuinfo0", "libpthreadpool-dev", "libpthreadpool0", "libfp16-dev",
            # the examples
            "libflatbuffers-dev", "libstb-dev", "libcli11-dev", "nlohmann-json3-dev"]
# Debian's architecture -> GNU triplet of the cross compiler's C library, family of instruction sets
# in /proc/cpuinfo.
ARCHITECTURES = {"arm64": ("aarch64-linux-gnu", 8), "armhf": ("arm-linux-gnueabihf", 7)}
# What every processor of the architecture has. Features beyond are asked of the kernel's auxiliary
# vector, which qemu fills for the processor that it plays. The part is a Cortex-A72 or A15: neither
# is one that cpuinfo knows more about than the vector says.
CPUINFO = """processor\t: %d
BogoMIPS\t: 50.00
Features\t: %s
CPU implementer\t: 0x41
CPU architecture: %d
CPU variant\t: 0x0
CPU part\t: %s
CPU revision\t: 1

"""
FEATURES = {
    8: ("fp asimd evtstrm crc32 cpuid", "0xd08"),
    7: ("half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32 lpae", "0xc0f"),
}


def run(command, cwd=None):
    done = subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace").strip()


def download(architecture, folder, packages):
    """Leaves the .deb files in folder/debs."""
    for part in ("lists/partial", "cache/archives/partial", "debs"):
        os.makedirs(os.path.join(folder, part))
    apt = [
        "apt-get",
        "-qq",
        "-o",
        "APT::Architecture=" + architecture,
        "-o",
        "APT::Architectures=" + architecture,
        "-o",
        "Dir::State::lists=" + os.path.join(folder, "lists"),
        "-o",
        "Dir::State::status=/dev/null",
        "-o",
        "Dir::Cache=" + os.path.join(folder, "cache"),
    ]
    if os.geteuid() == 0:
        apt += ["-o", "APT::Sandbox::User=root"]
    code, text = run(apt + ["update"])
    # A source without this architecture is no obstacle: the download below decides.
    updated = "" if code == 0 else "apt-get update said: %s\n" % text
    code, text = run(apt + ["download"] + packages, cwd=os.path.join(folder, "debs"))
    if code != 0:
        sys.exit(
            "target_packages: cannot download %s for %s\n%s%s"
            % (" ".join(packages), architecture, updated, text)
        )


def fill(architecture, destination):
    triplet, version = ARCHITECTURES[architecture]
    with tempfile.TemporaryDirectory(prefix="target-packages-") as folder:
        download(architecture, folder, PACKAGES)
        for package in sorted(glob.glob(os.path.join(folder, "debs", "*.deb"))):
            code, text = run(["dpkg-deb", "-x", package, destination])
            if code != 0:
                sys.exit(
                    "target_packages: cannot unpack %s\n%s" % (os.path.basename(package), text)
                )
    os.symlink(os.path.join("/usr", triplet, "lib"), os.path.join(destination, "lib"))
    processors = len(os.sched_getaffinity(0))
    folder = os.path.join(destination, "sys", "devices", "system", "cpu")
    os.makedirs(folder)  # containers may have no /sys
    for name in ("possible", "present"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("0-%d\n" % (processors - 1) if processors > 1 else "0\n")
    features, part = FEATURES[version]
    os.makedirs(os.path.join(destination, "proc"))
    with open(os.path.join(destination, "proc", "cpuinfo"), "w", encoding="utf-8") as file:
        for processor in range(processors):
            file.write(CPUINFO % (processor, features, version, part))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("architecture", choices=sorted(ARCHITECTURES))
    parser.add_argument("folder")
    options = parser.parse_args()
    with open(os.path.abspath(__file__), encoding="utf-8") as file:
        recipe = file.read()  # what the folder holds follows from this file
    stamp = os.path.join(options.folder, "recipe")
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == recipe:
                return 0
    shutil.rmtree(options.folder, ignore_errors=True)
    os.makedirs(options.folder)
    fill(options.architecture, options.folder)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(recipe)
    print(
        "target_packages: %s for %s are in %s"
        % (" ".join(PACKAGES), options.architecture, options.folder)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
