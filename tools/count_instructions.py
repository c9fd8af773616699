#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Counts the instructions that Arm processors execute for one run of a convolution layer.

    tools/count_instructions.py --check [--target aarch64]   compares with doc/arm_counts.csv
    tools/count_instructions.py --write                      makes it and the tables of doc/arm.md
    tools/count_instructions.py --functions 5 --filter 14x14x512 --level neondot
                                                             which functions execute them

Needs bench/instruction_count.cc built for both targets (build/aarch64, build/armhf; ./configure.py
bench --count-arm does all of it) and Debian's qemu-user, whose emulators take plugins. Counts are
exact and repeatable: one thread, one fixed processor, input from a fixed seed, the second run of an
operator. They are not times. --check fails where a count has grown by more than 2 %, where a table
row is missing, or where instruction sets disagree about a layer's output; it compares nothing (and
says so) where another compiler than the table's made the programs.
"""

import argparse
import concurrent.futures
import csv
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import arm_page

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "doc", "arm_counts.csv")
MOST_GROWTH = 0.02

# Target -> emulator, its processor, Debian's name of the architecture, instruction sets. The
# processor has everything: QNNP_ISA chooses, and the C library stays the same.
TARGETS = {
    "aarch64": ("qemu-aarch64", "max,sve=off,sme=off", "arm64", ["neon", "neondot", "neoni8mm"]),
    "armhf": ("qemu-arm", "max", "armhf", ["neon"]),
}
COLUMNS = ["%s_%s" % (target, isa) for target, row in TARGETS.items() for isa in row[3]]
TITLES = dict(zip(COLUMNS, ["AArch64 NEON", "dot product", "i8mm", "AArch32 NEON"]))

# What QNNPACK executes, counted in the same way: layer of "shapes/" -> AArch64, AArch32.
QNNPACK = {
    "3x3s2/224x224x3->32": (7512441, 8661819),
    "1x1s1/56x56x64->128": (9605321, 11109529),
    "1x1s1/14x14x512->512": (16963920, 17885543),
    "1x1s1/7x7x320->1280": (7519986, 7546620),
    "3x3s1/28x28x64->64": (9453527, 10492851),
    "dw3x3s1/56x56x128": (2681226, 3665703),
    "dw3x3s2/28x28x256": (453406, 455517),
    "dw5x5s1/28x28x96": (1794349, 2652271),
}
# Multiply-accumulates per instruction that are wanted, a row a layer, in the order of COLUMNS.
BARS = {
    "1x1s1/14x14x512->512": (4.5, 10, 16, 4.0),
    "3x3s2/224x224x3->32": (2.5, 4, 4, 2.0),
    "dw3x3s1/56x56x128": (2.0, 2.0, 2.0, 1.5),
}


class Failure(Exception):
    """Ends the program with a message."""


def build_plugin(folder):
    path = os.path.join(folder, "instruction_count.so")
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang-19")
    if compiler is None:
        raise Failure("there is no C compiler for this machine (cc)")
    subprocess.run([compiler, "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-o", path,
                    os.path.join(ROOT, "tools", "instruction_count.c")], check=True)
    return path


def execute(target, isa, plugin, options):
    """Layers of one instruction set: name -> dict of what is known; None where it is not built."""
    emulator, processor, architecture, _ = TARGETS[target]
    program = os.path.join(options.build, target, "bin", "instruction_count")
    if not os.path.exists(program):
        raise Failure("%s is missing: ./configure.py bench --count-arm builds it" % program)
    out = "%s.%s.%s" % (plugin, target, isa)
    command = [emulator, "-cpu", processor, "-L", os.path.join(options.build, "sysroot",
                                                               architecture)]
    if options.functions:
        command += ["-d", "plugin", "-D", os.devnull]
    command += ["-plugin", "%s,out=%s,functions=%d" % (plugin, out, options.functions), program,
                "--filter", options.filter]
    done = subprocess.run(command, env=dict(os.environ, QNNP_ISA=isa), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip()
        if "it must be one of" in message or "does not have it" in message:
            return None  # this build knows no such instruction set
        raise Failure("%s ended with code %d: %s" % (" ".join(command), done.returncode, message))
    with open(out, encoding="utf-8") as file:
        counted = re.findall(r"^count (\d+)\n((?:function.*\n)*)", file.read(), re.MULTILINE)
    lines = done.stdout.decode().splitlines()
    if len(lines) != len(counted) or not lines:
        raise Failure("%s: %d layers, %d counts" % (" ".join(command), len(lines), len(counted)))
    result = {}
    for line, (count, functions) in zip(lines, counted):
        name, macs, repeats, output, kernel = line.split("\t")
        result[name] = {"macs": int(macs), "repeats": int(repeats), "hash": output,
                        "kernel": kernel, "count": int(count), "functions": functions}
    return result


def count_all(options):
    """Column -> layers, for what was asked for."""
    wanted = [(target, isa) for target in options.targets for isa in TARGETS[target][3]
              if options.level in (None, isa)]
    with tempfile.TemporaryDirectory(prefix="count-instructions-") as folder:
        plugin = build_plugin(folder)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            work = {"%s_%s" % key: pool.submit(execute, *key, plugin, options) for key in wanted}
            counted = {column: job.result() for column, job in work.items()}
    return {column: layers for column, layers in counted.items() if layers is not None}


def compiler_of(options):
    """The compiler that built the programs, as CMake knows it: "Clang 19.1.7"."""
    found = set()
    for target in options.targets:
        pattern = os.path.join(options.build, target, "CMakeFiles", "*", "CMakeCXXCompiler.cmake")
        for path in glob.glob(pattern):
            with open(path, encoding="utf-8") as file:
                values = dict(re.findall(r'^set\(CMAKE_CXX_COMPILER_(\w+) "(.*)"\)$', file.read(),
                                         re.MULTILINE))
            found.add("%s %s" % (values["ID"], values["VERSION"]))
    if len(found) != 1:
        raise Failure("one compiler must have built all targets; found: " + ", ".join(found))
    return found.pop()


def rows_of(counted):
    """The table: one dict a layer."""
    rows = {}
    for column, layers in counted.items():
        for name, layer in layers.items():
            row = rows.setdefault(name, dict(layer=name, macs=layer["macs"],
                                             repeats=layer["repeats"], hash=layer["hash"]))
            if row["hash"] != layer["hash"]:
                raise Failure("%s: %s computes %s, others %s" % (name, column, layer["hash"],
                                                                 row["hash"]))
            row[column] = layer["count"]
    return rows


def read_table():
    with open(TABLE, encoding="utf-8", newline="") as file:
        compiler = file.readline().lstrip("# ").rstrip()
        rows = {row["layer"]: row for row in csv.DictReader(file)}
    for row in rows.values():
        for column in ["macs", "repeats"] + COLUMNS:
            row[column] = int(row[column]) if row[column] else None
    return compiler, rows


def write_table(compiler, rows):
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        file.write("# %s\n" % compiler)
        writer = csv.DictWriter(file, ["layer", "macs", "repeats", "hash"] + COLUMNS,
                                lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())


# ---- The page -----------------------------------------------------------------------------------

def cell(macs, count):
    return "%s (%.2f)" % (format(count, ","), macs / count) if count else "-"


def shapes_table(rows):
    yield "| layer | MACs | QNNPACK, AArch64 | %s | QNNPACK, AArch32 | %s |" % (
        " | ".join(TITLES[column] for column in COLUMNS[:3]), TITLES[COLUMNS[3]])
    yield "|---|" + "--:|" * 7
    for group in ("shapes", "shapes_int8"):
        for layer, theirs in QNNPACK.items():
            row = rows.get(group + "/" + layer)
            if row is None:
                continue
            macs, ours = row["macs"], [cell(row["macs"], row.get(c)) for c in COLUMNS]
            if group == "shapes_int8":  # QNNPACK knows uint8 alone
                layer, other = layer + ", int8", ["", ""]
            else:
                other = [cell(macs, count) for count in theirs]
            yield "| %s | %s | %s |" % (layer, format(macs, ","), " | ".join(
                [other[0]] + ours[:3] + [other[1], ours[3]]))


def bars_table(rows):
    yield "| layer | " + " | ".join(TITLES[column] for column in COLUMNS) + " |"
    yield "|---|" + "--:|" * len(COLUMNS)
    for layer, bars in BARS.items():
        row, cells = rows["shapes/" + layer], []
        for column, bar in zip(COLUMNS, bars):
            count = row.get(column)
            got = row["macs"] / count if count else 0
            cells.append("%.2f of %.1f%s" % (got, bar, "" if got >= bar else ": missed")
                         if count else "- of %.1f" % bar)
        yield "| %s | %s |" % (layer, " | ".join(cells))


def networks_table(rows):
    yield "| layer | times | MACs | " + " | ".join(TITLES[column] for column in COLUMNS) + " |"
    yield "|---|" + "--:|" * (2 + len(COLUMNS))
    for network in ("mobilenet_v1", "mobilenet_v2"):
        chosen = [row for name, row in rows.items() if name.startswith(network + "/")]
        for row in chosen:
            yield "| %s | %d | %s | %s |" % (
                row["layer"], row["repeats"], format(row["macs"], ","),
                " | ".join(cell(row["macs"], row.get(column)) for column in COLUMNS))
        total = {column: sum((row.get(column) or 0) * row["repeats"] for row in chosen)
                 for column in COLUMNS}
        macs = sum(row["macs"] * row["repeats"] for row in chosen)
        yield "| **%s**, all | | %s | %s |" % (network, format(macs, ","), " | ".join(
            cell(macs, total[column]) for column in COLUMNS))


def write_page(compiler, rows):
    arm_page.write_parts({
        "counts": shapes_table(rows), "count bars": bars_table(rows),
        "network counts": networks_table(rows), "compiler": ["Compiler: %s." % compiler]})


# ---- Commands -----------------------------------------------------------------------------------

def check(compiler, counted, targets):
    """Lines that name what is wrong."""
    table_compiler, table = read_table()
    rows = rows_of(counted)
    problems = []
    for name, row in rows.items():
        if name not in table:
            problems.append("%s is not in the table" % name)
        elif table[name]["hash"] != row["hash"]:
            problems.append("%s: its output is %s, the table has %s" % (name, row["hash"],
                                                                      table[name]["hash"]))
    if compiler != table_compiler:
        print("count_instructions: made by %s, the table by %s: counts are not compared" % (
            compiler, table_compiler))
        return problems
    for name, row in rows.items():
        for column in counted:
            before, now = table.get(name, {}).get(column), row.get(column)
            if before is None or now is None:
                if now is not None:
                    problems.append("%s: the table has no %s" % (name, TITLES[column]))
            elif now > before * (1 + MOST_GROWTH):
                problems.append("%s, %s: %s instructions, %s in the table: %+.1f %%" % (
                    name, TITLES[column], format(now, ","), format(before, ","),
                    100 * (now / before - 1)))
    for column in COLUMNS:
        if (column not in counted and column.split("_")[0] in targets and
                any(row[column] for row in table.values())):
            problems.append("%s is in the table and was not built" % TITLES[column])
    return problems


def print_functions(counted):
    for column, layers in counted.items():
        for name, layer in layers.items():
            print("%s %s: %s instructions, %.2f MAC each, %s" % (
                TITLES[column], name, format(layer["count"], ","), layer["macs"] / layer["count"],
                layer["kernel"]))
            text = layer["functions"].replace("function ", "  ")
            if text:
                names = subprocess.run(["c++filt"], input=text.encode(), stdout=subprocess.PIPE,
                                       check=True) if shutil.which("c++filt") else None
                print(names.stdout.decode() if names else text, end="")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=list(TARGETS), help="this one alone")
    parser.add_argument("--level", choices=["neon", "neondot", "neoni8mm"],
                        help="this instruction set alone")
    parser.add_argument("--filter", default="", metavar="TEXT", help="layers named like this")
    parser.add_argument("--functions", type=int, default=0, metavar="N",
                        help="the N functions with most of a layer's instructions")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), metavar="FOLDER",
                        help="where aarch64, armhf and sysroot are (%(default)s)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="compare with the table")
    what.add_argument("--write", action="store_true", help="make the table")
    options = parser.parse_args()
    options.targets = [options.target] if options.target else list(TARGETS)
    if options.write and (options.target or options.level or options.filter):
        parser.error("--write makes the whole table")
    return options


def main():
    options = parse_arguments()
    try:
        counted = count_all(options)
        if options.write:
            compiler, rows = compiler_of(options), rows_of(counted)
            write_table(compiler, rows)
            write_page(compiler, rows)
            print("count_instructions: %d layers, %s" % (len(rows), ", ".join(counted)))
        elif options.check:
            problems = check(compiler_of(options), counted, options.targets)
            for problem in problems:
                print("count_instructions: " + problem)
            print("count_instructions: %s: %s" % (
                ", ".join(counted) or "no level is built",
                "%d problems" % len(problems) if problems else "as in doc/arm_counts.csv"))
            return 1 if problems else 0
        else:
            print_functions(counted)
    except (Failure, ValueError, OSError, subprocess.CalledProcessError) as failure:
        print("count_instructions: %s" % failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
