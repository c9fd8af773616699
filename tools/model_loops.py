#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a model of an Arm core says about the main loop of a microkernel: no measurement.

    tools/model_loops.py OBJECT [FUNCTION]    the loop with most multiplications of each function
    tools/model_loops.py --write [FOLDER]     all assembly of a build (build/aarch64), into doc/arm.md
    tools/model_loops.py --check [FOLDER]     fails where a main loop keeps its ports less busy than
                                              95 % or touches the stack

llvm-mca executes the loop again and again, its data always in the nearest cache. "Bound" is what the
multiplications alone would take if nothing else were there to do and nothing to wait for; use is
that part of the loop's cycles. Only Neoverse N1, N2 and V1 are modelled well enough: LLVM's in-order
models rank kernels tuned on silicon behind generic ones, and Cortex-A76, A78 and X1 silently use
the model of a Cortex-A57, which is wrong for dot products. Functions that stand in C++ files are
found by the end of their names, too.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

import arm_page

FEATURES = "+v8.2a,+dotprod,+i8mm"
MODELS = ("neoverse-n1", "neoverse-n2", "neoverse-v1")
LEAST_USE = 0.95
JUMP = r"(?:b|b\.\w+|cbn?z|tbn?z)\s+"
LANES = {"16b": 16, "8b": 8, "8h": 8, "4h": 4, "4s": 4, "2s": 2, "2d": 2, "1d": 1}


class Failure(Exception):
    """Ends the program with a message."""


def run(command, text=None):
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, universal_newlines=True)
    if done.returncode != 0:
        raise Failure("%s: %s" % (" ".join(command), done.stderr.strip()))
    return done.stdout


def tool(name):
    for candidate in (name + "-19", name):
        if shutil.which(candidate):
            return candidate
    raise Failure("%s is missing: install llvm-19" % name)


# ---- Loops --------------------------------------------------------------------------------------

def functions_of(path):
    """Function -> list of (address, instruction)."""
    symbols = run([tool("llvm-readelf"), "-sW", path])
    names = set(re.findall(r" FUNC .* (\S+)$", symbols, re.MULTILINE))
    functions, current = {}, None
    for line in run([tool("llvm-objdump"), "-d", "--no-show-raw-insn", "--mattr=" + FEATURES,
                     path]).splitlines():
        label = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        if label and label.group(1) in names:  # else a label inside a function
            current = functions.setdefault(label.group(1), [])
        found = re.match(r" *([0-9a-f]+): +\t?(.*)$", line)
        if found and current is not None:
            text = re.sub(r"\s*(//.*|<.*>)$", "", found.group(2).strip())
            current.append((int(found.group(1), 16), text))
    return functions


def macs(text):
    """Multiply-accumulates of an instruction."""
    found = re.match(r"(\w+)\s+\w+\.(\w+)", text)
    if not found:
        return 0
    name, lanes = found.group(1), LANES.get(found.group(2), 0)
    if name in ("sdot", "udot", "usdot", "sudot"):
        return 4 * lanes
    if name in ("smmla", "ummla", "usmmla"):
        return 32
    if re.fullmatch(r"[su]ml[as]l2?|[su]mull2?|ml[as]|mul", name):
        return lanes
    return 0


def multiplies(text):
    """Belongs to the multiplications: sums of products of bytes are taken up by pairs."""
    return macs(text) > 0 or re.match(r"[su]adalp\s", text) is not None


def inner_loops(instructions):
    """Lists of instructions of the loops that contain no other."""
    index = {address: i for i, (address, _) in enumerate(instructions)}
    loops = []
    for i, (_, text) in enumerate(instructions):
        found = re.match(JUMP + r"(?:.*, )?0x([0-9a-f]+)$", text)
        start = index.get(int(found.group(1), 16)) if found else None
        if start is not None and start <= i:
            loops.append((start, i))
    return [[text for _, text in instructions[first:last + 1]] for first, last in loops
            if not any((a, b) != (first, last) and first <= a and b <= last for a, b in loops)]


def main_loop(instructions):
    """The inner loop with most multiplications, or None."""
    loops = [loop for loop in inner_loops(instructions) if sum(map(macs, loop)) > 0]
    return max(loops, key=lambda loop: sum(map(macs, loop)), default=None)


def stack_accesses(loop):
    return [text for text in loop if re.search(r"\[sp\b", text)]


# ---- Models -------------------------------------------------------------------------------------

def simulate(lines, cpu, iterations):
    # All jumps lead to the loop's start: the model takes none.
    text = "".join("\t%s\n" % (re.sub(r"0x[0-9a-f]+$", ".Lloop", line) if re.match(JUMP, line)
                                else line) for line in lines)
    out = run([tool("llvm-mca"), "-mtriple=aarch64-linux-gnu", "-mcpu=" + cpu, "-mattr=" + FEATURES,
               "-iterations=%d" % iterations, "-"], ".Lloop:\n" + text)
    return (int(re.search(r"Total Cycles: +(\d+)", out).group(1)),
            float(re.search(r"Block RThroughput: +([\d.]+)", out).group(1)))


def model(loop, cpu):
    """Cycles of an iteration, and those that the multiplications alone keep their ports busy."""
    few, many = simulate(loop, cpu, 200)[0], simulate(loop, cpu, 600)[0]
    bound = simulate([line for line in loop if multiplies(line)], cpu, 1)[1]
    return (many - few) / 400, bound


def models_for(loop):
    """N1 has no i8mm."""
    matrix = any(re.match(r"(s|u|us)mmla", line) for line in loop)
    return [cpu for cpu in MODELS if not (matrix and cpu == "neoverse-n1")]


def rows_of(path, function, cpus):
    """One dict for each function with a main loop."""
    for name, instructions in functions_of(path).items():
        loop = main_loop(instructions)
        if loop is None or (function and not re.search(function, name)):
            continue
        modelled = {cpu: model(loop, cpu) for cpu in models_for(loop) if cpu in cpus}
        yield {"name": name, "loop": loop, "macs": sum(map(macs, loop)), "models": modelled,
               "stack": stack_accesses(loop)}


def print_rows(rows):
    for row in rows:
        print("%s: %d instructions, %d MACs, %d on the stack" % (
            row["name"], len(row["loop"]), row["macs"], len(row["stack"])))
        for cpu, (cycles, bound) in row["models"].items():
            print("  %-12s %7.2f cycles, bound %6.2f: %3.0f %% used, %.1f MAC/cycle (of %.1f)" % (
                cpu, cycles, bound, 100 * bound / cycles, row["macs"] / cycles,
                row["macs"] / bound))
        for text in row["stack"]:
            print("  stack: " + text)


def table(rows):
    yield "| main loop | instructions | MACs | %s | stack accesses |" % " | ".join(
        "%s: MAC/cycle (bound), use" % cpu.replace("neoverse-", "").upper() for cpu in MODELS)
    yield "|---|" + "--:|" * (3 + len(MODELS))
    for row in rows:
        cells = []
        for cpu in MODELS:
            cycles, bound = row["models"].get(cpu, (0, 0))
            cells.append("%.1f (%.1f), %.0f %%" % (row["macs"] / cycles, row["macs"] / bound,
                                                  100 * bound / cycles) if cycles else "")
        yield "| %s | %d | %d | %s | %d |" % (row["name"].replace("qnnp_", ""), len(row["loop"]),
                                             row["macs"], " | ".join(cells), len(row["stack"]))


def loads(loop):
    """Vectors that it loads."""
    return sum(len(re.findall(r"\b[qd]\d+\b", line)) for line in loop if re.match("ldp?r?\\s", line))


def check_bound(row, cpu):
    """What a loop must come near. One that loads a vector for each that it multiplies (a single row)
    is held against its busiest port, whichever that is."""
    bound = row["models"][cpu][1]
    if loads(row["loop"]) < sum(map(multiplies, row["loop"])):
        return bound
    return max(bound, simulate(row["loop"], cpu, 1)[1])


def problems_of(rows):
    for row in rows:
        if row["stack"]:
            yield "%s: its main loop touches the stack: %s" % (row["name"], row["stack"][0])
        for cpu, (cycles, _) in row["models"].items():
            bound = check_bound(row, cpu)
            if bound < LEAST_USE * cycles and any(re.match(r".*(dot|mmla)\s", line)
                                                  for line in row["loop"]):
                yield "%s, %s: %.2f cycles, bound %.2f: %.0f %% used" % (
                    row["name"], cpu, cycles, bound, 100 * bound / cycles)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", metavar="OBJECT_OR_FOLDER",
                        default=os.path.join(arm_page.ROOT, "build", "aarch64"))
    parser.add_argument("function", nargs="?", default="", help="a regular expression")
    parser.add_argument("--cpu", action="append", metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--write", action="store_true", help="the table of doc/arm.md")
    parser.add_argument("--check", action="store_true", help="is every main loop good enough?")
    options = parser.parse_args()
    for cpu in options.cpu or []:
        if cpu not in MODELS:
            parser.error("--cpu %s: its model is not to be trusted (--help says why); only %s are" % (
                cpu, ", ".join(MODELS)))
    return options


def main():
    options = parse_arguments()
    try:
        paths = [options.path]
        if os.path.isdir(options.path):
            paths = sorted(glob.glob(os.path.join(options.path, "CMakeFiles", "qnnpack.dir", "src",
                                                  "*", "*_aarch64.S.o")))
        rows = [row for path in paths
                for row in rows_of(path, options.function, options.cpu or MODELS)]
        if options.write:
            arm_page.write_parts({"modelled loops": table(rows)})
        if not options.write and not options.check:
            print_rows(rows)
        problems = list(problems_of(rows)) if options.check else []
        for problem in problems:
            print("model_loops: " + problem)
        print("model_loops: %d main loops, %d problems" % (len(rows), len(problems)))
        return 1 if problems else 0
    except (Failure, ValueError, OSError) as failure:
        print("model_loops: %s" % failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
