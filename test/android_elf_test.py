#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The checks of an Android library find what they look for: each on lines that are wrong."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import android_elf  # pylint: disable=wrong-import-position
import android_stand_in  # pylint: disable=wrong-import-position

SEGMENTS = """
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x085ec0 0x085ec0 R E 0x4000
  LOAD           0x085ec0 0x0000000000089ec0 0x0000000000089ec0 0x001638 0x002140 RW  0x4000
  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW  0x0
""".splitlines()


class AndroidElf(unittest.TestCase):
    def test_undefined(self):
        symbols = {"memcpy": 1, "aligned_alloc": 28}
        lines = ["                 U memcpy", "000 T qnnp_x", "                 U aligned_alloc",
                 "                 U _Znwm"]
        self.assertEqual(["needs aligned_alloc, which API level 21 does not have",
                          "needs _Znwm, which API level 21 does not have"],
                         list(android_elf.undefined(lines, symbols, [21, 24])))
        self.assertEqual([], list(android_elf.undefined(lines[:3], symbols, [28])))

    def test_exports(self):
        lines = ["0001 T qnnp_a", "0002 T cpuinfo_b"]
        self.assertEqual(["exports cpuinfo_b", "does not export qnnp_c"],
                         list(android_elf.exports(lines, {"qnnp_a", "qnnp_c"})))
        self.assertEqual([], list(android_elf.exports(lines[:1], {"qnnp_a"})))

    def test_segments(self):
        self.assertEqual([], list(android_elf.segments(SEGMENTS, 16384)))
        small = [line.replace("0x4000", "0x1000") for line in SEGMENTS]
        self.assertEqual(2, len(list(android_elf.segments(small, 16384))))
        self.assertEqual([], list(android_elf.segments(small, 4096)))

    def test_segments_to_write_and_execute(self):
        for old, new in ((" R E 0x4000", " RWE 0x4000"), ("0x000000 RW  0x0", "0x000000 RWE 0x0")):
            lines = [line.replace(old, new) for line in SEGMENTS]
            self.assertEqual(1, len(list(android_elf.segments(lines, 16384))), new)

    def test_stack_that_is_not_named(self):
        self.assertEqual(["does not say that its stack is not executed"],
                         list(android_elf.segments(SEGMENTS[:-1], 16384)))
        self.assertEqual(2, len(list(android_elf.segments([], 16384))))

    def test_dynamic(self):
        lines = ["  0x0000000000000001 (NEEDED)  Shared library: [libc.so]",
                 "  0x0000000000000001 (NEEDED)  Shared library: [libc++_shared.so]",
                 "  0x0000000000000016 (TEXTREL)  0x0"]
        self.assertEqual([], list(android_elf.dynamic(lines[:1])))
        self.assertEqual(["needs libc++_shared.so", "has text relocations"],
                         list(android_elf.dynamic(lines)))

    def test_size(self):
        self.assertEqual([], list(android_elf.size(100, 100)))
        self.assertEqual(["has 101 bytes, the budget is 100"], list(android_elf.size(101, 100)))

    def test_symbols_file(self):
        libraries = android_stand_in.read_symbols()
        self.assertEqual((16, False), libraries["c"]["posix_memalign"])
        self.assertEqual((23, True), libraries["c"]["stderr"])
        self.assertEqual((28, False), libraries["c"]["aligned_alloc"])
        self.assertIn("__android_log_print", libraries["log"])


if __name__ == "__main__":
    unittest.main()
