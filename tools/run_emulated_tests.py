#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs tests of a native build on an emulated processor with AVX512-VNNI, for machines that have
none.

    tools/run_emulated_tests.py [--matrix FILE] [--jobs N] BUILD_FOLDER

The programs of BUILD_FOLDER/bin that end in _test run in tools/avx512_emulator.py, about a hundred
times slower than here: SELECTION says which of their tests do. One start of the emulated machine
runs several programs, one after the other; --jobs machines run at the same time. What they record
about kernels (test/harness/kernel_matrix.h) is appended to --matrix. QNNP_ISA, QNNP_TEST_SEED,
QNNP_TEST_EFFORT and QNNP_TEST_ISA of the environment are handed on. Ends with code 1 if a test
failed, a program did not end, or a selection matched no test.
"""

import argparse
import fnmatch
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

TOOLS = os.path.dirname(os.path.abspath(__file__))
LOADER = "/lib64/ld-linux-x86-64.so.2"
# What all programs run with, unless the environment says otherwise: few cases, and of the kernels
# only those that this machine lacks.
SETTINGS = {
    "QNNP_TEST_EFFORT": "3",
    "QNNP_TEST_ISA": "vnni256,avx512bw,avx512vnni,avx512vbmi",
}
# Programs (a pattern) -> gtest filter of the tests that are short enough for the emulated
# processor; the first match counts, "" leaves the program out. A program that nothing here matches
# runs in full: if it takes minutes, it needs a line.
SELECTION = [
    ("classify_test",
     "Results.DepthwiseWithMultiplier:SameBytes.TinyNetwork:SameBytes.MovingNetwork"),
    ("convolution_types_test", "*.LargestAccumulators:*.SetupRefuses*"),
    ("dynamic_quantization_test", "*.FullyConnected:*.KnownValues:*.LargestDepth"),
    ("convolution_test", "*.FirstLayers:*.Depthwise*:*.PaddingLarger*"),
    ("pooling2d_test", "*.Shapes:*.Divisors"),
    ("global_pooling_test", "*.BothOperations*"),
    ("reduce_test", "*.EverySetOfAxes:*.OfNetworks"),
    ("argmax_test", "*.Shapes"),
    ("max_pooling_test", "*.OfNetworks:*.HugeDilation"),
    # What they look at does not depend on the processor.
    ("*refusals_test", ""),
    ("*_c99_test", ""),
    ("header_test", ""),
    ("weights_limits_test", ""),
    ("golden_test", "*.Operators"),
    # Their files are not there.
    ("golden_networks_test", ""),
    ("onnx_test", ""),
]
HANDED_ON = ("QNNP_ISA", "QNNP_TEST_SEED", "QNNP_TEST_EFFORT", "QNNP_TEST_ISA")
SCRIPT = """run() {
  name=$1
  echo "@program $name"
  QNNP_KERNEL_MATRIX=matrix ./%s --library-path . ./"$name" --gtest_brief=1 --gtest_filter="$2"
  echo "@code $? $name"
}
%s
test ! -e matrix || while read -r line; do echo "@row $line"; done < matrix
"""


def selected_filter(program):
    for pattern, selection in SELECTION:
        if fnmatch.fnmatch(program, pattern):
            return selection
    return "*"


def shared_libraries(paths):
    """The files that the dynamic linker loads for the programs."""
    text = subprocess.run(["ldd"] + paths, stdout=subprocess.PIPE, check=True).stdout.decode()
    return sorted(set(re.findall(r"=> (/\S+)", text)))


class Machine(threading.Thread):
    """One emulated machine with its share of the programs."""

    def __init__(self, number, programs, timeout):
        super().__init__(daemon=True)
        self.number, self.programs, self.timeout = number, programs, timeout
        self.rows, self.tests, self.problems = [], 0, []
        self.process, self.codes = None, {}

    def run(self):
        try:
            self.boot()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self.problems.append("the emulated machine could not be prepared: %s" % error)

    def boot(self):
        with tempfile.TemporaryDirectory(prefix="emulated-tests-") as folder:
            script = os.path.join(folder, "script")
            calls = "\n".join(
                "run '%s' '%s'" % (os.path.basename(path), selected_filter(os.path.basename(path)))
                for path in self.programs
            )
            with open(script, "w", encoding="utf-8") as file:
                file.write(SCRIPT % (os.path.basename(LOADER), calls))
            shell = shutil.which("dash") or shutil.which("sh")
            files = [script, os.path.realpath(shell)] + self.programs
            emulator = os.path.join(TOOLS, "avx512_emulator.py")
            command = [sys.executable, emulator, "--timeout", str(self.timeout)]
            for path in files + shared_libraries(files[1:]):
                command += ["--file", path]
            settings = dict(
                SETTINGS, **{name: os.environ[name] for name in HANDED_ON if name in os.environ}
            )
            for item in sorted(settings.items()):
                command += ["--env", "%s=%s" % item]
            command += ["--", LOADER, "--library-path", "."]
            command += ["./" + os.path.basename(files[1]), "./script"]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            for line in self.process.stdout:
                self.take(line.decode(errors="replace").rstrip())
            code = self.process.wait()
        if code != 0:
            self.problems.append("the emulated machine ended with code %d" % code)
        for path in self.programs:
            self.judge(os.path.basename(path))

    def take(self, line):
        word, _, rest = line.partition(" ")
        if word == "@row":
            self.rows.append(rest)
        elif word == "@code":
            code, name = rest.split(" ", 1)
            self.codes[name] = int(code)
        elif re.match(r"\[=+\] \d+ tests? from", line) and " ran" in line:
            count = int(line.split()[1])
            self.tests += count
            if count == 0:
                self.problems.append(
                    "a filter in SELECTION matched no test of the program before this line"
                )
            self.show(line)
        elif not re.match(
            r"\[ (KERNELS|SEED) |^  \S+ +\S.* (ran|skipped)( |$)|Note: Google Test filter|$", line
        ):
            self.show(line)

    def show(self, line):
        print("[machine %d] %s" % (self.number, line), flush=True)

    def judge(self, name):
        if name not in self.codes:
            self.problems.append("%s did not come to its end" % name)
        elif self.codes[name] != 0:
            self.problems.append("%s ended with code %d" % (name, self.codes[name]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--matrix", metavar="FILE", help="append what was recorded about kernels to this file"
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="emulated machines at a time (%(default)s)"
    )
    parser.add_argument(
        "--timeout", type=int, default=1200, metavar="SECONDS", help="for each machine (%(default)s)"
    )
    parser.add_argument(
        "--only", default="*", metavar="PATTERN", help="programs whose names match (%(default)s)"
    )
    parser.add_argument("folder", metavar="BUILD_FOLDER")
    options = parser.parse_args()
    programs = [
        path
        for path in sorted(glob.glob(os.path.join(options.folder, "bin", "*_test")))
        if fnmatch.fnmatch(os.path.basename(path), options.only)
        and selected_filter(os.path.basename(path))
    ]
    if not programs:
        sys.exit("run_emulated_tests: there is no test program in %s/bin" % options.folder)
    count = max(1, min(options.jobs, len(programs)))
    machines = [Machine(i + 1, programs[i::count], options.timeout) for i in range(count)]
    for machine in machines:
        machine.start()
    try:
        for machine in machines:
            machine.join()
    except KeyboardInterrupt:
        for machine in machines:
            if machine.process:
                machine.process.terminate()
        return 130
    problems = [problem for machine in machines for problem in machine.problems]
    if options.matrix:
        with open(options.matrix, "a", encoding="utf-8") as file:
            file.writelines(row + "\n" for machine in machines for row in machine.rows)
    for problem in problems:
        print("run_emulated_tests: " + problem)
    print(
        "emulated: %d programs, %d tests, %s"
        % (
            len(programs),
            sum(machine.tests for machine in machines),
            "all passed" if not problems else "%d problems" % len(problems),
        )
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
