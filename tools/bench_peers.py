#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Layers of networks side by side with other libraries, in one process, in turn, one thread.

Columns: median microseconds of each library and type of activations. The last columns are the
fastest other library of the same type over ours, and float (XNNPACK's) over our uint8, medians of
single rounds: below 1 we lose. oneDNN: on processors without AVX512-VNNI its products may saturate, so that outputs differ;
'off by' is the largest difference of any library's output from ours. PyTorch's QNNPACK: each call
contains PyTorch's dispatch.
"""

import argparse
import csv
import json
import sys

import bench_measure as measure
from bench_measure import total, us

PROBLEMS = ["gemm/*", "mobilenet_v1/*", "mobilenet_v2/*", "resnet50/*", "add/*/uint8", "clamp/*/uint8",
            "sigmoid/*/uint8", "leaky_relu/*/uint8", "softargmax/*/uint8", "channel_shuffle/*",
            "max_pooling/*", "mean_pooling/*", "global_mean_pooling/*"]


def variants_in(records):
    return list(dict.fromkeys(name for r in records for name in r["times"]))


def advantage(record, kind):
    """Of our variant over the fastest other one of that type."""
    ours = "qnnpack/" + kind
    others = [name for name in record["times"] if name.endswith("/" + kind) and name != ours]
    if not others or ours not in record["times"]:
        return None
    return min(measure.ratio(record, other, ours) for other in others)


def against_float(record):
    times = record["times"]
    if "XNNPACK/float" not in times or "qnnpack/uint8" not in times:
        return None
    return measure.ratio(record, "XNNPACK/float", "qnnpack/uint8")


def figure(value, form="%.1f"):
    return "" if value is None else form % value


def sums(records, variants):
    """A row for each network: only of libraries that did all of its layers."""
    rows = []
    for network in dict.fromkeys(r["problem"].split("/")[0] for r in records):
        layers = [r for r in records if r["problem"].split("/")[0] == network]
        if network in ("gemm", "depthwise", "other") or layers[0]["kind"] == "other":
            continue
        whole = {"problem": network + " (sum)", "repeats": 1, "kind": "sum", "peaks": {},
                 "times": {}}
        for name in variants:
            if all(name in r["times"] for r in layers):
                whole["times"][name] = {"us": total(layers, lambda r, n=name: us(r, n))}
        rows.append(whole)
    return rows


def rows_of(records):
    variants = variants_in(records)
    header = ["layer"] + variants + ["best/uint8", "best/int8", "float/uint8", "off by"]
    rows = [header]
    for record in records + sums(records, variants):
        times = record["times"]
        off = [time["off_by"] for time in times.values() if "off_by" in time]
        rows.append([record["problem"]] +
                    [figure(times[v]["us"] if v in times else None) for v in variants] +
                    [figure(advantage(record, "uint8"), "%.2f"),
                     figure(advantage(record, "int8"), "%.2f"),
                     figure(against_float(record), "%.2f"), "%d" % max(off) if off else ""])
    return rows


def losses(records):
    """Sentences: where another library, or float, is faster in layers above 20 us."""
    sentences = []
    for title, function in (("another library's uint8", lambda r: advantage(r, "uint8")),
                            ("another library's int8", lambda r: advantage(r, "int8")),
                            ("float", against_float)):
        values = [(function(r), r) for r in records if r["times"].get("qnnpack/uint8", {}).get(
            "us", 0) > 20]
        values = [(value, r) for value, r in values if value is not None]
        lost = [r["problem"] for value, r in values if value < 1]
        if values:
            sentences.append("Slower than %s in %d of %d layers above 20 us%s" % (
                title, len(lost), len(values), ": " + ", ".join(lost) if lost else "."))
    return sentences


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_arguments(parser)
    parser.add_argument("--problems", metavar="LIST", default=",".join(PROBLEMS),
                        help="patterns with commas (%(default)s)")
    parser.add_argument("--csv", metavar="FILE", help="the table, comma separated")
    parser.add_argument("--json", metavar="FILE", help="all that was measured")
    options = parser.parse_args()
    variants = ["qnnpack/uint8", "qnnpack/int8", "XNNPACK/*", "oneDNN/*", "gemmlowp/*", "PyTorch*"]
    records = (measure.load(options) if options.measured else
               measure.run(options, options.problems.split(","), variants))
    measure.save(options, records)
    rows = rows_of(records)
    print(measure.table(rows))
    print("Microseconds, medians; spread (quartiles): %.1f %%." % measure.spread(records))
    print(measure.disturbances(records))
    print("\n".join(losses(records)))
    if not any(not name.startswith("qnnpack/") for name in variants_in(records)):
        print("No other library is linked: ./configure.py bench --peers installs and links them.")
    if options.csv:
        with open(options.csv, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(records, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(measure.end(main))
