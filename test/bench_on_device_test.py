#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""tools/bench_on_device.py: against pretended adb, ssh and scp, which act on this machine; and with
--qemu EMULATOR PROCESSOR SYSROOT PROGRAM also with the cross-built benchmark under the emulator."""

import json
import os
import sys
import tempfile
import unittest
from unittest import mock

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tools"))
import bench_on_device  # noqa: E402

LINE = json.dumps({"problem": "mobilenet_v1/a", "kind": "1x1", "repeats": 1, "macs": 1000000,
                   "peaks": {"neon": 100.0}, "times": {"qnnpack/uint8": {
                       "us": 40.0, "low": 39.0, "high": 41.0, "peak": "neon"}}})
BENCH = """#!/bin/sh
[ "$1 $2 $3" = "--problems mobilenet_v1/* --variants" ] || exit 3
[ -n "$LD_LIBRARY_PATH" ] && echo '%s'
""" % LINE
# "adb shell SCRIPT", "adb push FILE... FOLDER"; paths of the device are below $DEVICE.
ADB = """#!/bin/sh
[ "$1" = -s ] && shift 2
verb=$1; shift
case $verb in
  shell) cd "$DEVICE" && exec sh -c "$(printf %s "$1" | sed "s,/data,$DEVICE/data,g")";;
  push) for last; do :; done; exec cp "$1" "$DEVICE$last";;
esac
exit 4
"""
SSH = """#!/bin/sh
[ "$1" = me@board ] || exit 5
cd "$DEVICE" && exec sh -c "$2"
"""
SCP = """#!/bin/sh
exec cp "$2" "$DEVICE/${3#me@board:}"
"""
PAGE = "# Page\n<!-- devices -->\n<!-- end -->\n"
QEMU = None


class Device(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.path = self.scratch.name
        for folder in ("bin", "device", "results"):
            os.mkdir(os.path.join(self.path, folder))
        for name, text in (("adb", ADB), ("ssh", SSH), ("scp", SCP), ("compare_bench", BENCH)):
            path = os.path.join(self.path, "bin", name)
            self.write(path, text)
            os.chmod(path, 0o755)
        self.page = os.path.join(self.path, "page.md")
        self.write(self.page, PAGE)
        settings = {"PATH": os.path.join(self.path, "bin") + os.pathsep + os.environ["PATH"],
                    "DEVICE": os.path.join(self.path, "device")}
        patch = mock.patch.dict(os.environ, settings)
        patch.start()
        self.addCleanup(patch.stop)

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run_tool(self, *arguments):
        return bench_on_device.main(list(arguments) + [
            "--results", os.path.join(self.path, "results"), "--page", self.page])

    def measure(self, *arguments):
        program = os.path.join(self.path, "bin", "compare_bench")
        self.assertEqual(self.run_tool("--problems", "mobilenet_v1/*", "--program", program,
                                       "--sysroot", "", "--name", "it", *arguments), 0)
        with open(os.path.join(self.path, "results", "it.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_adb(self):
        result = self.measure("--adb", "--serial", "X")
        self.assertEqual(result["records"][0]["times"]["qnnpack/uint8"]["us"], 40)
        self.assertIn("kernel", result["device"])
        self.assertTrue(os.path.exists(os.path.join(
            self.path, "device/data/local/tmp/qnnpack_bench/compare_bench")))
        self.assertEqual(self.run_tool("--write"), 0)
        with open(self.page, encoding="utf-8") as file:
            self.assertIn("| it | any | mobilenet_v1/a | uint8 | 40.0 | 50.0 | 50 |", file.read())

    def test_ssh_on_one_core(self):
        result = self.measure("--ssh", "me@board", "--cores", "1")
        self.assertEqual(result["cores"], "1")

    def test_what_fails_is_said(self):
        self.assertEqual(self.run_tool("--ssh", "you@board", "--program", "/bin/sh"), 1)
        self.assertEqual(self.run_tool("--adb", "--program", "/nowhere"), 1)

    def test_nothing_measured(self):
        self.assertEqual(self.run_tool("--write"), 0)
        with open(self.page, encoding="utf-8") as file:
            self.assertIn("Nobody has measured yet.", file.read())

    def test_emulator(self):
        if QEMU is None:
            return
        emulator, processor, sysroot, program = QEMU
        self.assertEqual(self.run_tool(
            "--qemu", processor, "--emulator", emulator, "--sysroot", sysroot, "--program", program,
            "--quick", "--problems", "mobilenet_v2/dw3x3s2/14x14x576", "--name", "it"), 0)
        with open(os.path.join(self.path, "results", "it.json"), encoding="utf-8") as file:
            times = json.load(file)["records"][0]["times"]
        self.assertIn("qnnpack/uint8", times)
        self.assertEqual(self.run_tool("--write"), 1)  # no time of a device


if __name__ == "__main__":
    if sys.argv[1:2] == ["--qemu"]:
        QEMU = sys.argv[2:6]
        del sys.argv[1:6]
    unittest.main()
