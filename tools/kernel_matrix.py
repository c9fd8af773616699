#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Unites what test programs recorded about microkernels: which rows of the tables ran, which were
skipped, and why.

    tools/kernel_matrix.py --architecture x86 build/native/kernel_matrix.txt ...

The files have one row a line, "family row ran|skipped reason" (test/harness/kernel_matrix.h); runs
on several machines, native and emulated, may append to the same file. A kernel that no run has
executed is a defect: the tool names it and ends with code 1. So it does for a family of
src/*/kernels.inc of which fewer rows were recorded than the table has for the architecture: no test
asks for them. A row that no processor at hand can run counts as executed if its twin was: the same
source in another encoding.
"""

import argparse
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# Instruction set -> the one that its source is compiled for a second time.
TWINS = {"avxvnni": "vnni256"}


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_matrix(paths):
    """(family, row) -> reason why it was skipped, or None if some run has executed it."""
    rows = {}
    for path in paths:
        for line in read_text(path).splitlines():
            family, row, outcome, reason = (line.split(" ", 3) + ["", "", ""])[:4]
            if outcome == "ran":
                rows[family, row] = None
            else:
                rows.setdefault((family, row), reason or "no reason given")
    return rows


def rows_of(path, architecture):
    """A table without the rows of NEON that the other architecture alone has."""
    other = {"aarch64": "__arm__", "aarch32": "__aarch64__"}.get(architecture, "no such name")
    return re.sub(r"(?s)#if [^\n]*%s.*?#(else|endif)" % other, "", read_text(path))


def table_sizes(architecture):
    """Family -> how many kernels its table has for the architecture."""
    isas = dict(
        re.findall(
            r"^QNNP_ISA\((\w+), *(\w+),",
            read_text(os.path.join(ROOT, "src/isa/isa.inc")),
            re.MULTILINE,
        )
    )
    architectures = ["any", architecture] + ["arm"] * architecture.startswith("aarch")
    sizes = {}
    for path in glob.glob(os.path.join(ROOT, "src/*/kernels.inc")):
        rows = re.findall(r"^QNNP_\w+\( *(\w+)", rows_of(path, architecture), re.MULTILINE)
        size = sum(isas.get(isa) in architectures for isa in rows)
        if size:
            sizes[os.path.basename(os.path.dirname(path))] = size
    return sizes


def twin_of(row):
    name, line, isa = row.rpartition("__")
    return name + line + TWINS[isa] if isa in TWINS else None


def outcome(rows, family, row):
    """What became of a row, and whether that is enough."""
    reason, twin = rows[family, row], twin_of(row)
    if reason is None:
        return "ran", True
    if rows.get((family, twin), "not there") is None:
        return "ran as %s (%s)" % (twin, reason), True
    return "skipped: " + reason, False


def print_table(rows):
    width = max([len(row) for _, row in rows] + [8])
    print("%-16s %-*s %s" % ("family", width, "kernel", "outcome"))
    for family, row in sorted(rows):
        print("%-16s %-*s %s" % (family, width, row, outcome(rows, family, row)[0]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--architecture",
        default="x86",
        help="x86, aarch64 or aarch32 (%(default)s)",
    )
    parser.add_argument(
        "--allow-skipped",
        action="store_true",
        help="name kernels that no run has executed, but do not fail",
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    try:
        rows = read_matrix([path for path in options.files if os.path.exists(path)])
    except OSError as error:
        sys.exit("kernel_matrix: %s" % error)
    print_table(rows)
    defects = [
        "%s %s was executed by no test run (%s)" % (*key, reason)
        for key, reason in sorted(rows.items())
        if not outcome(rows, *key)[1]
    ]
    for family, size in sorted(table_sizes(options.architecture).items()):
        recorded = sum(key[0] == family for key in rows)
        if recorded < size:
            defects.append(
                "%s: its table has %d kernels for %s, the tests asked for %d"
                % (family, size, options.architecture, recorded)
            )
    print(
        "kernel matrix: %d of %d kernels ran; united from %s"
        % (sum(outcome(rows, *key)[1] for key in rows), len(rows), ", ".join(options.files))
    )
    for defect in defects:
        print("kernel matrix: %s%s" % ("" if options.allow_skipped else "DEFECT: ", defect))
    return 1 if defects and not options.allow_skipped else 0


if __name__ == "__main__":
    sys.exit(main())
