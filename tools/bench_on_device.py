#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures the library on an Arm phone or board.

    tools/bench_on_device.py --adb                    a phone that adb sees (several: --serial NAME)
    tools/bench_on_device.py --ssh USER@HOST          a board with Linux
    tools/bench_on_device.py --write                  doc/devices/*.json, as a table into doc/arm.md

Copies the cross-built compare_bench to the device, runs it there and keeps what it measured and
what the device says about itself as doc/devices/NAME.json. compare_bench compares every output with
the scalar kernels' before it times anything. Build it first, for instance with ./configure.py build
--target aarch64 (Linux; build/aarch64/bin/compare_bench) or --target android-arm64. --cores chooses
where it runs, which decides on processors with large and small cores: --cores 80 is the eighth core
of eight. --qemu PROCESSOR takes the emulator for the device: for tests of this program; its times
mean nothing and --write refuses them.
"""

import argparse
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import arm_page
import bench_measure

RESULTS = os.path.join(arm_page.ROOT, "doc", "devices")
FOLDER = "qnnpack_bench"
LEVELS = ("neon", "neondot", "neoni8mm")
# What a device says about itself. Each line is "name=value".
ABOUT = r"""
echo "kernel=$(uname -srm)"
if command -v getprop >/dev/null; then
  echo "model=$(getprop ro.product.manufacturer) $(getprop ro.product.model)"
  echo "platform=$(getprop ro.board.platform)"
  echo "system=Android $(getprop ro.build.version.release)"
elif [ -r /proc/device-tree/model ]; then
  echo "model=$(tr -d '\000' </proc/device-tree/model)"
fi
for core in /sys/devices/system/cpu/cpu[0-9]*; do
  read -r khz <"$core/cpufreq/cpuinfo_max_freq" && echo "max_khz_${core##*cpu}=$khz"
  read -r governor <"$core/cpufreq/scaling_governor" && echo "governor_${core##*cpu}=$governor"
done 2>/dev/null
echo "parts=$(sed -n 's/^CPU part[^0-9a-fx]*//p' /proc/cpuinfo | tr '\n' ' ')"
"""


class Failure(Exception):
    """Ends the program with a message."""


def call(command, text=None):
    try:
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=False,
                              universal_newlines=True)
    except OSError as error:
        raise Failure("%s: %s" % (command[0], error.strerror)) from error
    if done.returncode != 0:
        raise Failure("'%s' ended with code %d" % (" ".join(command), done.returncode))
    return done.stdout


class Adb:
    """A phone: programs run in /data/local/tmp, the one place where they may."""

    def __init__(self, options):
        self.command = ["adb"] + (["-s", options.serial] if options.serial else [])
        self.folder = "/data/local/tmp/" + FOLDER

    def copy(self, paths):
        call(self.command + ["shell", "mkdir -p " + self.folder])
        call(self.command + ["push"] + paths + [self.folder + "/"])

    def shell(self, script):
        return call(self.command + ["shell", script])


class Ssh:
    """A board; the folder is in the user's home."""

    def __init__(self, options):
        self.host, self.folder = options.ssh, FOLDER

    def copy(self, paths):
        call(["ssh", self.host, "mkdir -p " + self.folder])
        call(["scp", "-q"] + paths + ["%s:%s/" % (self.host, self.folder)])

    def shell(self, script):
        return call(["ssh", self.host, script])


class Qemu:
    """This machine in the place of a device, with the emulator in front of the program."""

    def __init__(self, options):
        self.scratch = tempfile.TemporaryDirectory(prefix=FOLDER)
        self.folder = self.scratch.name
        self.emulator = "%s -cpu %s -L %s " % (options.emulator, options.qemu,
                                              shlex.quote(options.sysroot))

    def copy(self, paths):
        for path in paths:
            shutil.copy(path, self.folder)

    def shell(self, script):
        return call(["sh", "-c", script])


def needed_libraries(program, sysroot):
    """Files of the sysroot that the program loads: boards seldom have them."""
    if not sysroot or not shutil.which("readelf"):
        return []
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", call(["readelf", "-d", program]))
    return [path for name in names for path in
            glob.glob(os.path.join(sysroot, "usr", "lib", "*", name))]


def measure(device, options):
    """The device's own words, and compare_bench's records."""
    if not os.path.exists(options.program):
        raise Failure("%s is missing: ./configure.py build --target ... makes it" % options.program)
    device.copy([options.program] + needed_libraries(options.program, options.sysroot))
    about = dict(line.split("=", 1) for line in device.shell(ABOUT).splitlines() if "=" in line)
    variants = ["qnnpack/uint8", "qnnpack/int8"] + ["qnnpack/uint8/" + isa for isa in LEVELS]
    command = "cd %s && chmod 755 compare_bench && " % device.folder
    command += "taskset %s " % options.cores if options.cores else ""
    command += getattr(device, "emulator", "") + "./compare_bench --problems %s --variants %s" % (
        shlex.quote(options.problems), ",".join(variants))
    command += " --quick" if options.quick else ""
    lines = device.shell("LD_LIBRARY_PATH=. sh -c " + shlex.quote(command))
    records = bench_measure.parse(lines.splitlines(), "the device")
    if not records:
        raise Failure("the device measured nothing")
    return {"device": {key: value.strip() for key, value in about.items()},
            "cores": options.cores, "emulated": bool(options.qemu), "records": records}


# ---- The table ----------------------------------------------------------------------------------

def median_rows(result):
    """(layer, fastest level or type, us, GOPS, share of the device's own peak) of each time."""
    for record in result["records"]:
        for variant, time in record["times"].items():
            gops = 2e-3 * record.get("macs", 0) / time["us"]
            yield (record["problem"], variant.replace("qnnpack/", ""), time["us"], gops,
                   100 * gops / record["peaks"][time["peak"]])


def table(paths):
    yield "| device | cores | layer | variant | us | GOPS | % of peak |"
    yield "|---|---|---|---|--:|--:|--:|"
    for path in paths:
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        if result["emulated"]:
            raise Failure("%s was measured by an emulator: no time of a device" % path)
        name = os.path.basename(path)[:-len(".json")]
        for layer, variant, microseconds, gops, share in median_rows(result):
            yield "| %s | %s | %s | %s | %.1f | %.1f | %.0f |" % (
                name, result["cores"] or "any", layer, variant, microseconds, gops, share)


def write_page(folder, page):
    paths = sorted(glob.glob(os.path.join(folder, "*.json")))
    lines = list(table(paths)) if paths else ["Nobody has measured yet."]
    arm_page.write_parts({"devices": lines}, page)
    return len(paths)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--adb", action="store_true", help="an Android device")
    what.add_argument("--ssh", metavar="USER@HOST", help="a Linux board")
    what.add_argument("--qemu", metavar="PROCESSOR", help="the emulator, to test this program")
    what.add_argument("--write", action="store_true", help="the table of doc/arm.md")
    parser.add_argument("--serial", metavar="NAME", help="which of several Android devices")
    parser.add_argument("--name", default="device", help="of the result (%(default)s)")
    parser.add_argument("--program", metavar="FILE", help="compare_bench, built for the device")
    parser.add_argument("--problems", metavar="LIST", default="mobilenet_v1/*,mobilenet_v2/*",
                        help="patterns of layers (%(default)s)")
    parser.add_argument("--cores", metavar="MASK", help="taskset's mask, hexadecimal")
    parser.add_argument("--quick", action="store_true", help="few and short repetitions")
    parser.add_argument("--sysroot", metavar="FOLDER", help="where a Linux program's libraries are")
    parser.add_argument("--emulator", default="qemu-aarch64", help="of --qemu (%(default)s)")
    parser.add_argument("--results", default=RESULTS, metavar="FOLDER", help="(%(default)s)")
    parser.add_argument("--page", default=arm_page.PAGE, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    build = os.path.join(arm_page.ROOT, "build")
    if options.program is None:
        options.program = os.path.join(build, "android-arm64" if options.adb else "aarch64", "bin",
                                       "compare_bench")
    if options.sysroot is None and not options.adb:
        options.sysroot = os.path.join(build, "sysroot", "arm64")
    if options.cores and not re.fullmatch("[0-9a-fA-F]+", options.cores):
        parser.error("--cores %s: a hexadecimal mask of cores" % options.cores)
    return options


def main(arguments=None):
    options = parse_arguments(arguments)
    try:
        if options.write:
            print("bench_on_device: %d devices" % write_page(options.results, options.page))
            return 0
        device = Adb(options) if options.adb else Ssh(options) if options.ssh else Qemu(options)
        result = measure(device, options)
        os.makedirs(options.results, exist_ok=True)
        path = os.path.join(options.results, options.name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1, sort_keys=True)
            file.write("\n")
        for row in median_rows(result):
            print("%-44s %-16s %9.1f us %7.1f GOPS %4.0f %% of peak" % row)
        print("bench_on_device: %s%s" % (path, ", of an emulator" if options.qemu else ""))
    except (Failure, bench_measure.Failure, ValueError, OSError) as failure:
        print("bench_on_device: %s" % failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
