#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""configure.py: every verb and target finds its steps, and wrong calls are told what is wrong."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = {
    "test": "ctest --preset native",
    "test --sanitize address,undefined": "ctest --preset asan-ubsan",
    "test --compiler gcc --quick": "ctest --preset native-gcc",
    "test --target aarch64": "tools/model_loops.py --check",
    "test --target armhf": "tools/count_instructions.py --check --target armhf",
    "test --target android": "tools/android_check.py",
    "demo": "fashion_demo models/fashion_mnist_uint8.tflite",
    "bench --bars --peers --plot": "tools/bench_plot.py",
    "bench --count-arm": "tools/count_instructions.py --write",
    "build --build-type Debug": "-DCMAKE_BUILD_TYPE=Debug",
}
REFUSALS = {
    "bench --target aarch64": "leave --target out",
    "test --isa sve": "--isa sve: it must be one of",
    "test --jobs 0": "--jobs 0: at least 1",
    "build --target android": "only test",
    "test --bars": "belong to bench",
}


def call(arguments):
    return subprocess.run([sys.executable, str(ROOT / "configure.py")] + arguments.split(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          universal_newlines=True)


class Configure(unittest.TestCase):
    def test_steps(self):
        for arguments, step in STEPS.items():
            with self.subTest(arguments):
                done = call(arguments + " --dry-run")
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertIn(step, done.stdout)

    def test_refusals(self):
        for arguments, sentence in REFUSALS.items():
            with self.subTest(arguments):
                done = call(arguments)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn(sentence, done.stdout)


if __name__ == "__main__":
    unittest.main()
