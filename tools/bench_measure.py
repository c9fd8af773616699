# SPDX-License-Identifier: BSD-3-Clause
"""What bench_bars.py, bench_peers.py and bench_plot.py share: running compare_bench, its lines."""

import fnmatch
import json
import os
import subprocess
import sys


class Failure(Exception):
    """Ends a program with a message."""


def add_arguments(parser):
    parser.add_argument("--program", metavar="FILE", default="build/native/bin/compare_bench",
                        help="the benchmark (%(default)s)")
    parser.add_argument("--measured", metavar="FILE",
                        help="lines of an earlier run, instead of measuring")
    parser.add_argument("--save", metavar="FILE", help="keep the lines of this run")
    parser.add_argument("--quick", action="store_true",
                        help="5 repetitions of 1 ms instead of 15 of 5 ms")


def parse(lines, source):
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            record["problem"], record["times"], record["peaks"]  # what everything relies on
        except (ValueError, KeyError, TypeError) as error:
            raise Failure("%s, line %d: not a line of compare_bench (%s)" % (
                source, number, error)) from error
        records.append(record)
    return records


def run(options, problems, variants):
    """compare_bench on patterns of problems and of variants; its progress goes to stderr."""
    command = [options.program, "--problems", ",".join(problems), "--variants", ",".join(variants)]
    if options.quick:
        command.append("--quick")
    # OpenMP's threads are oneDNN's: it may use one, as everything else here.
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    except OSError as error:
        raise Failure("%s: %s (./configure.py build makes it)" % (
            options.program, error.strerror)) from error
    if done.returncode != 0:
        raise Failure("'%s' ended with code %d" % (" ".join(command), done.returncode))
    return parse(done.stdout.decode().splitlines(), options.program)


def save(options, records):
    if not options.save:
        return
    with open(options.save, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


def load(options):
    try:
        with open(options.measured, encoding="utf-8") as file:
            return parse(file, options.measured)
    except OSError as error:
        raise Failure("%s: %s" % (options.measured, error.strerror)) from error


def matching(records, patterns):
    return [record for record in records
            if any(fnmatch.fnmatchcase(record["problem"], pattern) for pattern in patterns)]


def us(record, variant):
    return record["times"][variant]["us"]


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def rounds(record, variant):
    """The times of single rounds, in which all variants took turns."""
    time = record["times"][variant]
    return time.get("samples", [time["us"]])


def ratio(record, beside, variant):
    """The time of `beside` over that of `variant`: of every round, since a slow phase of the machine
    reaches all of it; the median."""
    return median(b / v for b, v in zip(rounds(record, beside), rounds(record, variant)))


def share(record, variant):
    """Of the peak of the variant's instruction set, likewise."""
    peak = record["times"][variant]["peak"]
    peaks = record.get("peak_samples", {}).get(peak, [record["peaks"][peak]])
    return median(2e-3 * record["macs"] / (us * gops)
                  for us, gops in zip(rounds(record, variant), peaks))


def total(records, function):
    """Over a network: layers count as often as it has them."""
    return sum(function(record) * record.get("repeats", 1) for record in records)


def over_time(records, variant, function):
    """The mean over a network's time, as `variant` spends it, of a figure of each layer."""
    return (total(records, lambda r: us(r, variant) * function(r)) /
            total(records, lambda r: us(r, variant)))


def spread(records):
    """Distance between the quartiles in percent of the median: the median record's."""
    values = sorted(100 * (time["high"] - time["low"]) / time["us"]
                    for record in records for time in record["times"].values())
    return values[len(values) // 2] if values else 0


def disturbances(records):
    """A sentence: how often another program slowed the machine down."""
    kept = sum(max(len(rounds(r, variant)) for variant in r["times"]) for r in records)
    left_out = sum(r.get("left_out", 0) for r in records)
    return "Rounds left out, because the loop in registers was slow before or after: %.0f %%." % (
        100 * left_out / max(left_out + kept, 1))


def table(rows, text_columns=1):
    """Columns as wide as their widest cell; the first ones are text, the others figures."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) if i < text_columns else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def end(main):
    """Runs a program's main."""
    try:
        return main()
    except Failure as failure:
        print("%s: %s" % (os.path.basename(sys.argv[0]), failure), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
