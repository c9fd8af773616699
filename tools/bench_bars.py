#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures every bar of bench/bars.json and says which are reached.

Shares are percent of the register-only loop of the instruction set, ratios compare variants that
took turns: both are medians over the rounds of what one round gave. A time was set on the machine
that stands beside it and holds on no other. The last column names the worst of several layers,
and what the machine allows where the register-only loop or memcpy tells.
"""

import argparse
import collections
import fnmatch
import json
import os
import sys

import bench_measure as measure
from bench_measure import total, us

BARS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "bars.json")
OURS = "qnnpack/uint8"
UNITS = {"share": "%", "us": "us", "setup": "us", "new_shape": "%", "ratio": "x",
         "least_ratio": "x"}

Result = collections.namedtuple("Result", "name measured bar reached worst")


def variants_of(bar):
    """What a bar is judged by; the plain variant tells the best instruction set."""
    return [name for name in (bar.get("variant", OURS), bar.get("beside")) if name]


def plan(bars):
    """Problems -> variants: each pattern is measured once, for all bars that name it."""
    wanted = {}
    for bar in bars:
        for pattern in bar["problems"]:
            if pattern != "*":  # takes what the others measured
                wanted.setdefault(pattern, [OURS])
                wanted[pattern] += [v for v in variants_of(bar) + [bar.get("limit")]
                                    if v and v not in wanted[pattern]]
    covered = [pattern for pattern in wanted if any(
        other != pattern and fnmatch.fnmatchcase(pattern, other) for other in wanted)]
    for pattern in covered:
        for other in wanted:
            if other != pattern and fnmatch.fnmatchcase(pattern, other):
                wanted[other] += [v for v in wanted[pattern] if v not in wanted[other]]
    return {pattern: names for pattern, names in wanted.items() if pattern not in covered}


def ratio(records, bar, variant):
    beside = bar["beside"]
    return measure.over_time(records, variant, lambda r: measure.ratio(r, beside, variant))


def value(bar, records):
    """(figure, the problem that it comes from, if it is the worst of several)."""
    kind, variant = bar["kind"], bar.get("variant", OURS)
    if kind == "share":
        return 100 * measure.over_time(records, variant,
                                       lambda r: measure.share(r, variant)), ""
    if kind == "us":
        return total(records, lambda r: us(r, variant)), ""
    if kind == "ratio":
        return ratio(records, bar, variant), ""
    if kind == "new_shape":
        worst = max(records, key=lambda r: r["new_shape_us"] / us(r, variant))
        return 100 * worst["new_shape_us"] / us(worst, variant), worst["problem"]
    if kind == "setup":
        worst = max(records, key=lambda r: r["setup_us"])
        return worst["setup_us"], worst["problem"]
    counted = [r for r in records if us(r, bar["beside"]) > bar["above_us"]]
    if not counted:
        return None, ""
    worst = min(counted, key=lambda r: ratio([r], bar, variant))
    return ratio([worst], bar, variant), worst["problem"]


def missing(bar, records):
    """Why a bar cannot be measured here, or an empty text."""
    if not records:
        return "not measured"
    for variant in variants_of(bar):
        if not any(variant in r["times"] for r in records):
            library, *_, last = variant.split("/")
            return "needs " + ("--peers: " + library if library != "qnnpack" else last.upper())
    if len(os.sched_getaffinity(0)) < bar.get("processors", 1):
        return "needs %d processors" % bar["processors"]
    return ""


def loop_ratio(records):
    """Two threads to one in the register-only loop of the same rounds: what the machine allows."""
    ratios = sorted(r["peaks"][peak] / r["peaks"][peak.split("/")[0]]
                    for r in records for peak in r["peaks"] if "/" in peak)
    return "the loop in registers: %.2f x" % ratios[len(ratios) // 2] if ratios else ""


def judge(bar, records, machines):
    """One row of the table."""
    if bar["kind"] != "setup":
        records = measure.matching(records, bar["problems"])
    least = "at_least" in bar
    bound = bar["at_least"] if least else bar["at_most"]
    unit = UNITS[bar["kind"]]
    text = "%s %g %s" % (">=" if least else "<=", bound, unit)
    if "set_on" in bar:
        text += " (%s)" % machines[bar["set_on"]]
    why = missing(bar, records)
    if why:
        return Result(bar["name"], "-", text, why, "")
    if bar["kind"] == "new_shape":
        records = [r for r in records if "new_shape_us" in r]
        if not records:
            return Result(bar["name"], "-", text, "not measured", "")
    # A library may be unable to do some of the layers.
    records = [r for r in records if all(v in r["times"] for v in variants_of(bar))] \
        if bar["kind"] != "setup" else [r for r in records if "setup_us" in r]
    figure, worst = value(bar, records)
    if figure is None:
        return Result(bar["name"], "-", text, "no layer above %g us" % bar["above_us"], "")
    reached = "yes" if (figure >= bound if least else figure <= bound) else "no"
    best = records[0]["times"].get(OURS, {}).get("peak")
    if "needs" in bar and best != bar["needs"]:
        reached = "needs %s, here: %s" % (bar["needs"].upper(), best)
    elif "set_on" in bar and reached == "no":
        reached = "no, here"
    if "limit" in bar:  # what moves as many bytes and does nothing else
        limit = ratio(records, bar, bar["limit"])
        worst = "%s: %.2f x" % (bar["limit"], limit)
        if reached == "no" and limit < bound:
            reached = "no, here"
    if bar.get("processors") == 2:
        worst = ", ".join(text for text in (worst, loop_ratio(records)) if text)
    measured = ("%.3f %s" if figure < 1 else "%.4g %s") % (figure, unit)
    return Result(bar["name"], measured, text, reached, worst)


def report(results, records):
    rows = [("bar", "measured", "wanted", "reached", "worst of them, limit")] + [tuple(r) for r in results]
    count = collections.Counter(r.reached.split(" ")[0].strip(",") for r in results)
    peaks = {}
    for record in records:
        for isa, gops in record["peaks"].items():
            peaks.setdefault(isa, []).append(gops)
    medians = ["%s %.1f GOPS" % (isa, sorted(all_of)[len(all_of) // 2])
               for isa, all_of in sorted(peaks.items())]
    return "%s\n%d bars: %d reached, %d not, %d need other hardware or more.\n%s\n%s" % (
        measure.table(rows, 5), len(results), count["yes"], count["no"],
        len(results) - count["yes"] - count["no"],
        "Peaks of this run: %s. Spread of a time (quartiles): %.1f %%." % (
            ", ".join(medians), measure.spread(records)),
        measure.disturbances(records))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_arguments(parser)
    parser.add_argument("--bars", metavar="FILE", default=BARS, help="instead of bench/bars.json")
    parser.add_argument("--only", metavar="TEXT", default="",
                        help="bars with this in their name")
    parser.add_argument("--json", metavar="FILE", help="the table, for programs")
    options = parser.parse_args()
    with open(options.bars, encoding="utf-8") as file:
        data = json.load(file)
    bars = [bar for bar in data["bars"] if options.only.lower() in bar["name"].lower()]
    if not bars:
        raise measure.Failure("no bar has '%s' in its name" % options.only)
    if options.measured:
        records = measure.load(options)
    else:
        records = []
        for pattern, variants in plan(bars).items():
            records += measure.run(options, [pattern], variants)
    measure.save(options, records)
    results = [judge(bar, records, data["machines"]) for bar in bars]
    print(report(results, records))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([r._asdict() for r in results], file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(measure.end(main))
