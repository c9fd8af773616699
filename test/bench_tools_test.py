#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The tools that judge and print measurements, on fixed lines: nothing is timed."""

import argparse
import json
import os
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tools"))
import bench_bars  # noqa: E402
import bench_measure  # noqa: E402
import bench_peers  # noqa: E402
import bench_plot  # noqa: E402
import fit_tile_costs  # noqa: E402

MACHINES = {"zen4": "Z"}


def record(problem, times, **more):
    """1e6 multiply-accumulates, 20 us at the peak of 100 GOPS."""
    result = {"problem": problem, "kind": "1x1", "repeats": 1, "macs": 1000000, "bytes": 50000,
              "setup_us": 0.5, "peaks": {"avx2": 100.0}, "times": {}}
    for name, us in times.items():
        result["times"][name] = {"us": us, "low": us * 0.99, "high": us * 1.01, "peak": "avx2"}
    return dict(result, **more)


NET = [record("net/a", {"qnnpack/uint8": 40, "qnnpack/int8": 50, "X/uint8": 60, "X/int8": 40,
                        "XNNPACK/float": 90}, repeats=3),
       record("net/b", {"qnnpack/uint8": 80, "X/uint8": 72})]


def judge(**bar):
    return bench_bars.judge(dict({"name": "n", "problems": ["net/*"]}, **bar), NET, MACHINES)


class Bars(unittest.TestCase):
    def test_share_counts_repeats(self):
        # (3 * 20 + 20) / (3 * 40 + 80)
        self.assertEqual(judge(kind="share", at_least=40).measured, "40 %")
        self.assertEqual(judge(kind="share", at_least=40).reached, "yes")
        self.assertEqual(judge(kind="share", at_least=40.5).reached, "no")

    def test_other_hardware_is_named(self):
        result = judge(kind="share", at_least=30, needs="avx512vnni")
        self.assertEqual(result.reached, "needs AVX512VNNI, here: avx2")
        self.assertEqual(result.measured, "40 %")

    def test_times_name_their_machine(self):
        result = judge(kind="us", at_most=10, set_on="zen4", problems=["net/a"])
        self.assertEqual((result.bar, result.reached), ("<= 10 us (Z)", "no, here"))

    def test_ratios(self):
        # (3 * 60 + 72) / (3 * 40 + 80)
        self.assertEqual(judge(kind="ratio", beside="X/uint8", at_least=1).measured, "1.26 x")
        result = judge(kind="least_ratio", beside="X/uint8", above_us=20, at_least=1)
        self.assertEqual(result[1:], ("0.900 x", ">= 1 x", "no", "net/b"))
        result = judge(kind="least_ratio", beside="X/uint8", above_us=100, at_least=1)
        self.assertEqual(result.reached, "no layer above 100 us")

    def test_rounds_are_compared_with_themselves(self):
        # The second round fell into a slow phase of the machine, and the third half of it.
        net = [record("net/a", {"qnnpack/uint8": 40, "X/uint8": 50},
                      peak_samples={"avx2": [100.0, 50.0, 90.0]})]
        net[0]["times"]["qnnpack/uint8"]["samples"] = [40, 80, 100]
        net[0]["times"]["X/uint8"]["samples"] = [44, 88, 50]
        share = {"name": "n", "problems": ["net/*"], "kind": "share", "at_least": 50}
        self.assertEqual(bench_bars.judge(share, net, MACHINES).measured, "50 %")
        beside = dict(share, kind="ratio", beside="X/uint8")
        self.assertEqual(bench_bars.judge(beside, net, MACHINES).measured, "1.1 x")
        self.assertEqual(bench_peers.advantage(net[0], "uint8"), 1.1)

    def test_what_memcpy_does_not_reach_is_no_fault_of_ours(self):
        net = [record("net/a", {"qnnpack/uint8": 50, "memcpy": 40, "X/uint8": 80})]
        bar = {"name": "n", "problems": ["net/*"], "kind": "ratio", "beside": "X/uint8",
               "limit": "memcpy"}
        for at_least, reached in ((1.5, "yes"), (1.9, "no"), (2.1, "no, here")):
            self.assertEqual(bench_bars.judge(dict(bar, at_least=at_least), net, MACHINES)[3:],
                             (reached, "memcpy: 2.00 x"))

    def test_two_threads_stand_beside_what_the_machine_allows(self):
        net = [record("net/a", {"qnnpack/uint8": 40, "qnnpack/uint8/2_threads": 25},
                      peaks={"avx2": 100.0, "avx2/2_threads": 170.0})]
        bar = {"name": "n", "problems": ["net/*"], "kind": "ratio", "at_least": 1.95,
               "variant": "qnnpack/uint8/2_threads", "beside": "qnnpack/uint8", "processors": 2}
        self.assertEqual(bench_bars.judge(dict(bar, processors=1), net, MACHINES).worst, "")
        if len(os.sched_getaffinity(0)) >= 2:
            self.assertEqual(bench_bars.judge(bar, net, MACHINES)[1:],
                             ("1.6 x", ">= 1.95 x", "no", "the loop in registers: 1.70 x"))

    def test_missing(self):
        self.assertEqual(judge(kind="ratio", beside="Y/uint8", at_least=1).reached,
                         "needs --peers: Y")
        self.assertEqual(judge(kind="share", variant="qnnpack/uint8/sse41", at_least=1).reached,
                         "needs SSE41")
        self.assertEqual(judge(kind="share", problems=["nothing/*"], at_least=1).reached,
                         "not measured")

    def test_setup_takes_the_slowest(self):
        result = judge(kind="setup", problems=["*"], at_most=1)
        self.assertEqual((result.measured, result.reached), ("0.500 us", "yes"))

    def test_new_shape_is_a_share_of_a_run(self):
        net = [record("net/a", {"qnnpack/uint8": 40}, new_shape_us=1),
               record("net/b", {"qnnpack/uint8": 10}, new_shape_us=0.6),
               record("net/c", {"qnnpack/uint8": 1})]
        bar = {"name": "n", "problems": ["net/*"], "kind": "new_shape", "at_most": 5}
        self.assertEqual(bench_bars.judge(bar, net, MACHINES)[1:], ("6 %", "<= 5 %", "no", "net/b"))
        self.assertEqual(bench_bars.judge(bar, NET, MACHINES).reached, "not measured")

    def test_plan_measures_each_problem_once(self):
        plan = bench_bars.plan([{"problems": ["net/*"], "beside": "B"},
                                {"problems": ["net/a"], "variant": "C"}, {"problems": ["*"]}])
        self.assertEqual(plan, {"net/*": ["qnnpack/uint8", "B", "C"]})

    def test_file_of_bars(self):
        with open(bench_bars.BARS, encoding="utf-8") as file:
            data = json.load(file)
        names = [bar["name"] for bar in data["bars"]]
        self.assertEqual(len(names), len(set(names)))
        for bar in data["bars"]:
            self.assertIn(bar["kind"], bench_bars.UNITS)
            self.assertEqual(("at_least" in bar) + ("at_most" in bar), 1, bar)
            self.assertEqual("beside" in bar, "ratio" in bar["kind"], bar)
            self.assertEqual("above_us" in bar, bar["kind"] == "least_ratio", bar)
            # Nothing that a machine lacks is dropped.
            self.assertTrue(bench_bars.judge(bar, NET, data["machines"]).reached)


class TileCosts(unittest.TestCase):
    # 3.69 once became "3.69.0f".
    def test_literals_are_floats(self):
        for value, text in ((3.694, "3.69f"), (24.0, "24.0f"), (0.0, "0.0f"), (0.25, "0.25f"),
                            (12345.6, "1.23e+04f"), (1e-5, "1e-05f")):
            self.assertEqual(fit_tile_costs.literal(value), text)

    # 100 rows: blocks * (steps * 2 + 5) nanoseconds each; fewer rows and int8 do not count.
    def test_fit(self):
        report = {"benchmarks": [
            {"name": "q8gemm/6x16__avx2/uint8/100x%dx%d" % (16 * blocks, 2 * steps),
             "time_unit": "us", "real_time": blocks * (steps * 2 + 5) / 10, "blocks": blocks,
             "steps": steps} for blocks, steps in ((1, 8), (2, 64), (4, 512))]}
        extra = dict(report["benchmarks"][0], real_time=1e-3)
        report["benchmarks"] += [dict(extra, name="q8gemm/6x16__avx2/uint8/1x16x16"),
                                 dict(extra, name="q8gemm/6x16__avx2/int8/100x16x16")]
        points = fit_tile_costs.points(report)
        self.assertEqual(list(points), ["6x16__avx2"])
        line = fit_tile_costs.line_of("6x16__avx2", *fit_tile_costs.fit(points["6x16__avx2"]))
        self.assertEqual(line, 'QNNP_TILE_COST("6x16__avx2", 2.0f, 5.0f)  // fitted, within 0 %')
        text = '// a\nQNNP_TILE_COST("6x16__avx2", 1.0f, 1.0f)  // modelled\n// b\n'
        self.assertEqual(fit_tile_costs.costs_text(text, {"6x16__avx2": line}),
                         "// a\n%s\n// b\n" % line)


class Others(unittest.TestCase):
    def test_rows(self):
        rows = bench_peers.rows_of(NET)
        self.assertEqual(rows[0][-4:], ["best/uint8", "best/int8", "float/uint8", "off by"])
        self.assertEqual(rows[1][-4:], ["1.50", "0.80", "2.25", ""])
        self.assertEqual(rows[3][:2], ["net (sum)", "200.0"])

    def test_losses(self):
        self.assertEqual(bench_peers.losses(NET), [
            "Slower than another library's uint8 in 1 of 2 layers above 20 us: net/b",
            "Slower than another library's int8 in 1 of 1 layers above 20 us: net/a",
            "Slower than float in 0 of 1 layers above 20 us."])

    def test_points_and_roofs(self):
        copy = record("copy", {"qnnpack/uint8": 5}, macs=0)
        self.assertEqual(bench_plot.points(NET + [copy]), {"1x1": [(40.0, 50.0), (40.0, 25.0)]})
        self.assertEqual(bench_plot.roofs(NET + [copy]), (100.0, 10.0))

    def test_bad_lines(self):
        for line in ("nonsense", "{}", "[]", '{"problem": "a"}'):
            with self.assertRaises(bench_measure.Failure):
                bench_measure.parse([line], "file")
        with self.assertRaises(bench_measure.Failure):
            bench_measure.load(argparse.Namespace(measured="/no/such/file"))
        with self.assertRaises(bench_measure.Failure):
            bench_measure.run(argparse.Namespace(program="/no/such/program", quick=False), [], [])


if __name__ == "__main__":
    unittest.main()
