#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A roofline plot (SVG) of all layers: operations per byte of input, output and weights over GOPS.

The roof is the register-only loop of the best instruction set; the slope to its left is what a copy
moves, here the fastest of the measured operators that move bytes. Both are of the same run.
"""

import argparse
import sys

import bench_measure as measure

PROBLEMS = ["gemm/*", "depthwise/*", "mobilenet_v1/*", "mobilenet_v2/*", "shufflenet_v2/*",
            "squeezenet/*", "resnet50/*", "xception/*"]
COPIES = ["clamp/*/uint8", "copy/*"]
OURS = "qnnpack/uint8"
COLOURS = {"gemm": "tab:purple", "1x1": "tab:blue", "convolution": "tab:green",
           "depthwise": "tab:orange", "first layer": "tab:red", "other": "tab:brown"}


def points(records, variant=OURS):
    """kind -> [(operations per byte, GOPS)]"""
    found = {}
    for record in records:
        if record.get("macs") and variant in record["times"]:
            intensity = 2 * record["macs"] / record["bytes"]
            gops = 2e-3 * record["macs"] / measure.us(record, variant)
            found.setdefault(record["kind"], []).append((intensity, gops))
    return found


def roofs(records):
    """(GOPS, GB/s) of the machine: median peak, fastest movement."""
    peaks = sorted(r["peaks"][r["times"][OURS]["peak"]] for r in records if OURS in r["times"])
    if not peaks:
        raise measure.Failure("no record has a time of " + OURS)
    speeds = [1e-3 * r["bytes"] / measure.us(r, OURS) for r in records
              if not r.get("macs") and r.get("bytes") and OURS in r["times"]]
    return peaks[len(peaks) // 2], max(speeds, default=0)


def draw(records, path):
    try:
        import matplotlib
    except ImportError as error:
        raise measure.Failure("matplotlib is missing (Debian: python3-matplotlib, for "
                              "/usr/bin/python3)") from error
    matplotlib.use("svg")
    import matplotlib.pyplot as pyplot
    peak, speed = roofs(records)
    figure, axes = pyplot.subplots(figsize=(9, 6))
    everything = points(records)
    for kind, values in sorted(everything.items()):
        axes.scatter(*zip(*values), s=18, label=kind, color=COLOURS.get(kind), alpha=0.8)
    everything_float = points(records, "XNNPACK/float")
    if everything_float:
        values = [value for some in everything_float.values() for value in some]
        axes.scatter(*zip(*values), s=10, marker="x", color="grey",
                     label="float (XNNPACK), at the intensity of 8 bits")
    left = 1.0
    right = 2 * max(x for some in everything.values() for x, _ in some)
    axes.plot([left, right], [peak, peak], color="black", linewidth=1)
    axes.annotate("%s: %.0f GOPS" % (records[0]["times"][OURS]["peak"], peak), (right, peak),
                  ha="right", va="bottom")
    if speed:
        knee = peak / speed
        axes.plot([left, knee], [left * speed, peak], color="black", linewidth=1)
        axes.annotate("%.0f GB/s" % speed, (left, left * speed), va="bottom")
    axes.set(xscale="log", yscale="log", xlabel="operations per byte", ylabel="GOPS",
             title="Layers, uint8, one thread", xlim=(left, right))
    axes.legend(loc="lower right")
    axes.grid(True, which="both", linewidth=0.3)
    figure.savefig(path, format="svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_arguments(parser)
    parser.add_argument("--output", metavar="FILE", default="build/roofline.svg",
                        help="%(default)s")
    options = parser.parse_args()
    records = (measure.load(options) if options.measured else
               measure.run(options, PROBLEMS + COPIES, [OURS, "XNNPACK/float"]))
    measure.save(options, records)
    draw(records, options.output)
    print("%s: %d layers" % (options.output, sum(len(v) for v in points(records).values())))
    return 0


if __name__ == "__main__":
    sys.exit(measure.end(main))
