#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fits the costs of q8gemm tiles, src/q8gemm/costs.inc, to measured times.

Runs kernels_bench (or reads its JSON) and, for every kernel, finds the two numbers of

  time of one row of output = blocks * (steps * step + fixed)
      blocks: columns computed / nr, steps: ceil(k / bytes per step); the benchmark's counters

that fit all its GEMMs of at least 49 rows best, in relative error (weighted least squares). Lines of
kernels that this machine cannot run stay as they are. Each line gets the largest error of the fit.

  tools/fit_tile_costs.py build/native/bin/kernels_bench          print
  tools/fit_tile_costs.py build/native/bin/kernels_bench --write  replace the lines
  tools/fit_tile_costs.py times.json                              times measured elsewhere
"""

import argparse
import json
import os
import re
import subprocess
import sys

COSTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "q8gemm", "costs.inc")
LINE = re.compile(r'QNNP_TILE_COST\("(\w+)",')


def measure(program):
    """The benchmark's JSON: the least of five times of every GEMM, rows of uint8."""
    command = [program, "--benchmark_filter=q8gemm/.*/uint8/", "--benchmark_min_time=0.02",
               "--benchmark_repetitions=5", "--benchmark_enable_random_interleaving=true",
               "--benchmark_format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit("%s ended with code %d" % (program, done.returncode))
    return json.loads(done.stdout.decode())


def points(report):
    """kernel -> {(blocks, steps): ns per row of output, the least}."""
    found = {}
    for entry in report["benchmarks"]:
        match = re.match(r"q8gemm/(\w+)/uint8/(\d+)x", entry["name"])
        if not match or entry.get("run_type") == "aggregate" or int(match.group(2)) < 49:
            continue
        name, rows = match.group(1), int(match.group(2))
        unit = {"ns": 1, "us": 1e3, "ms": 1e6}[entry["time_unit"]]
        key = (entry["blocks"], entry["steps"])
        time = entry["real_time"] * unit / rows
        times = found.setdefault(name, {})
        times[key] = min(time, times.get(key, time))
    return found


def fit(times):
    """(step, fixed, largest relative error): weighted normal equations of two unknowns."""
    a11 = a12 = a22 = b1 = b2 = 0.0
    for (blocks, steps), time in times.items():
        x, y = blocks * steps / time, blocks / time
        a11, a12, a22, b1, b2 = a11 + x * x, a12 + x * y, a22 + y * y, b1 + x, b2 + y
    determinant = a11 * a22 - a12 * a12
    step, fixed = (b1 * a22 - b2 * a12) / determinant, (a11 * b2 - a12 * b1) / determinant
    if fixed < 0:  # the best fit without it
        step, fixed = b1 / a11, 0.0
    error = max(abs(blocks * (steps * step + fixed) / time - 1)
                for (blocks, steps), time in times.items())
    return step, fixed, error


def literal(value):
    """A float of C++, three digits: it needs a point or an exponent."""
    digits = "%.3g" % value
    return digits + ("f" if "." in digits or "e" in digits else ".0f")


def line_of(name, step, fixed, error):
    return 'QNNP_TILE_COST("%s", %s, %s)  // fitted, within %.0f %%' % (
        name, literal(step), literal(fixed), 100 * error)


def costs_text(text, fitted):
    """costs.inc with the lines of fitted kernels replaced, or added at the end."""
    lines, left = [], dict(fitted)
    for line in text.splitlines():
        match = LINE.match(line)
        if match and match.group(1) in left:
            line = left.pop(match.group(1))
        lines.append(line)
    return "\n".join(lines + list(left.values())) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="kernels_bench, or its JSON output")
    parser.add_argument("--write", action="store_true", help="replace the lines of costs.inc")
    options = parser.parse_args()
    if options.source.endswith(".json"):
        with open(options.source) as file:
            report = json.load(file)
    else:
        report = measure(options.source)
    fitted = {name: line_of(name, *fit(times)) for name, times in points(report).items()}
    print("\n".join(fitted.values()))
    if options.write:
        with open(COSTS) as file:
            text = file.read()
        with open(COSTS, "w") as file:
            file.write(costs_text(text, fitted))


if __name__ == "__main__":
    main()
