// SPDX-License-Identifier: BSD-3-Clause
// Cases as rows of Google Benchmark.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "operator_bench.h"
#include "peak.h"

namespace qnnp::bench {
namespace {

double copy_seconds(size_t bytes) {
  constexpr size_t kPiece = 2048;  // for long copies some C libraries change to slower instructions
  const Bytes from(std::max<size_t>(bytes / 2, 1), 1);
  Bytes to(from.size());
  double best = 1;
  for (int i = 0; i < 100; i++) {
    best = std::min(best, seconds([&] {
                      for (size_t at = 0; at < to.size(); at += kPiece) {
                        memcpy(&to[at], &from[at], std::min(kPiece, to.size() - at));
                      }
                    }));
  }
  return best;
}

using Pool = std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)>;

// The library of benchmarks calls this several times for each row: the last case stays bound.
Bound& bound_case(const Case& c) {
  static std::string name;
  static std::unique_ptr<Bound> bound;
  if (name != c.name) {
    bound.reset();
    bound = std::make_unique<Bound>(c);
    name = c.name;
  }
  return *bound;
}

void time_case(benchmark::State& state, const Case& c, double peak) {
  const auto threads = static_cast<size_t>(state.range(0));
  const Pool pool(threads == 1 ? nullptr : pthreadpool_create(threads), pthreadpool_destroy);
  Bound& bound = bound_case(c);
  const std::unique_ptr<Bound> beside(c.beside ? new Bound(*c.beside) : nullptr);
  double best = 1e9, best_beside = 1e9;
  for (auto _ : state) {
    best = std::min(best, seconds([&] { bound.run(pool.get()); }));
    if (beside) best_beside = std::min(best_beside, seconds([&] { beside->run(pool.get()); }));
  }
  state.counters["best_us"] = best * 1e6;
  state.counters["setup_us"] = bound.best_setup_us();
  if (beside) state.counters["times_beside"] = best / best_beside;
  if (const uint64_t macs = bound.info().macs; macs > 0) {
    const double gops = 2e-9 * static_cast<double>(macs) / best;
    state.counters["GOPS"] = gops;
    state.counters["of_peak_%"] = 100 * gops / (peak * static_cast<double>(threads));
  } else {
    const size_t bytes = c.moved_bytes != 0 ? c.moved_bytes : c.input_bytes + c.output_bytes;
    state.counters["GB/s"] = 1e-9 * static_cast<double>(bytes) / best;
    state.counters["of_peak_%"] = 100 * copy_seconds(bytes) / best;
  }
}

}  // namespace

int run_cases(int argc, char** argv, const char* about, const std::vector<Case>& cases) {
  char min_time[] = "--benchmark_min_time=0.05";
  std::vector<char*> arguments = {argv[0], min_time};
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) printf("%s\n\n", about);
    arguments.push_back(argv[i]);
  }
  arguments.push_back(nullptr);
  int count = static_cast<int>(arguments.size()) - 1;
  fflush(stdout);
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  require(qnnp_initialize());
  const double peak = peak_gops();
  benchmark::AddCustomContext("peak",
                              std::string(peak_name()) + " " + std::to_string(peak) + " GOPS");
  for (const Case& c : cases) {
    benchmark::RegisterBenchmark(c.name.c_str(),
                                 [&c, peak](benchmark::State& state) { time_case(state, c, peak); })
        ->Arg(1)
        ->Arg(2)
        ->ArgName("threads")
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace qnnp::bench
