#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""configure.py's Android targets: what CMake is told, and what is said when something is missing."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import android_targets  # pylint: disable=wrong-import-position


def everything(program):
    return "/usr/bin/" + program


class AndroidTargets(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = pathlib.Path(self.holder.name)
        self.ndk = self.folder / "ndk"
        self.sources = self.folder / "sources"
        (self.ndk / android_targets.TOOLCHAIN).parent.mkdir(parents=True)
        (self.ndk / android_targets.TOOLCHAIN).touch()
        for name in ("cpuinfo", "pthreadpool", "FXdiv", "fp16"):
            (self.sources / name).mkdir(parents=True)
        self.environment = {"ANDROID_NDK": str(self.ndk)}

    def values(self, target="android-arm64", given=(), sources=True, environment=None):
        return android_targets.definitions(target, environment or self.environment, dict(given),
                                           str(self.sources) if sources else None)

    def missing(self, values, environment=None, which=everything):
        return android_targets.missing(
            values, self.environment if environment is None else environment, which)

    def test_each_target_is_an_abi(self):
        self.assertEqual(["arm64-v8a", "armeabi-v7a", "x86_64", "x86"],
                         [self.values(target)["ANDROID_ABI"] for target in android_targets.ABIS])

    def test_nothing_is_missing(self):
        values = self.values()
        self.assertEqual([], self.missing(values))
        self.assertEqual(str(self.ndk / "build/cmake/android.toolchain.cmake"),
                         values["CMAKE_TOOLCHAIN_FILE"])
        self.assertEqual(str(self.sources / "fp16"), values["FP16_SOURCE_DIR"])
        configure, build = android_targets.commands("android-arm64", values, 3)
        self.assertEqual("cmake -S . -B build/android-arm64 -G Ninja", " ".join(configure[:7]))
        self.assertIn("-DANDROID_ABI=arm64-v8a", configure)
        self.assertEqual("cmake --build build/android-arm64 --parallel 3", " ".join(build))

    def test_the_command_line_wins(self):
        values = self.values(given={"ANDROID_PLATFORM": "android-21"})
        self.assertEqual("android-21", values["ANDROID_PLATFORM"])

    def test_folders_of_the_environment(self):
        environment = dict(self.environment, CPUINFO_SOURCE_DIR="/elsewhere")
        values = self.values(environment=environment)
        self.assertEqual("/elsewhere", values["CPUINFO_SOURCE_DIR"])
        self.assertIn("CPUINFO_SOURCE_DIR is '/elsewhere': there is no such folder.",
                      self.missing(values))

    def test_no_ndk(self):
        self.assertEqual(["ANDROID_NDK is not set: it must name the folder of Android's NDK."],
                         self.missing(self.values(), environment={}))

    def test_wrong_ndk(self):
        problems = self.missing(self.values(), {"ANDROID_NDK_HOME": str(self.sources)})
        self.assertEqual(["ANDROID_NDK_HOME is '%s': there is no %s in it." % (
            self.sources, android_targets.TOOLCHAIN)], problems)

    def test_no_ninja(self):
        problems = self.missing(self.values(), which=lambda name: name != "ninja")
        self.assertEqual(["ninja is not installed (Debian's package: ninja-build)."], problems)

    def test_no_sources(self):
        (problem,) = self.missing(self.values(sources=False))
        self.assertIn("The sources of cpuinfo, pthreadpool, FXdiv, FP16 are missing.", problem)
        self.assertEqual([], self.missing(self.values(
            sources=False, given={"QNNPACK_FETCH_DEPENDENCIES": "ON"})))


class CommandLine(unittest.TestCase):
    def run_it(self, *arguments, **environment):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("ANDROID_") and not name.endswith("_SOURCE_DIR")}
        return subprocess.run([sys.executable, str(ROOT / "configure.py"), *arguments],
                              env=dict(kept, **environment), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True, check=False)

    def test_all_that_is_missing_is_said_at_once(self):
        done = self.run_it("build", "--target", "android-arm64", "--dry-run")
        self.assertEqual(1, done.returncode)
        self.assertIn("ANDROID_NDK is not set", done.stderr)
        self.assertIn("-DCPUINFO_SOURCE_DIR=FOLDER", done.stderr)

    def test_refusals(self):
        for arguments in (["test", "--target", "android-x86"], ["build", "--target", "android"],
                          ["build", "-DX=1"], ["build", "--target", "android-x86", "-DX"]):
            self.assertEqual(2, self.run_it(*arguments).returncode, arguments)

    def test_help_lists_the_targets(self):
        text = self.run_it("--help").stdout.replace("\n", "").replace(" ", "")
        for target in android_targets.ABIS:
            self.assertIn(target, text)


if __name__ == "__main__":
    unittest.main()
