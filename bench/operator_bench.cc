// SPDX-License-Identifier: BSD-3-Clause
#include "operator_bench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "peak.h"

namespace qnnp::bench {
namespace {

constexpr size_t kOtherPointer = 64;  // bytes from one place of the input to the other

template <class Work>
double seconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  benchmark::ClobberMemory();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Small whole numbers, so that ranges are not accidents of single values.
Bytes random_floats(size_t bytes) {
  Bytes result(bytes);
  std::mt19937 random(2);
  for (size_t i = 0; i < bytes; i += sizeof(float)) {
    const float value = static_cast<float>(random() >> 24) - 100.0f;
    memcpy(&result[i], &value, sizeof(value));
  }
  return result;
}

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

bool with_isa(const char* name, const std::function<void()>& work) {
  const char* isa = getenv("QNNP_ISA");
  const std::string before = isa == nullptr ? "" : isa;
  setenv("QNNP_ISA", name, 1);
  const bool has = qnnp_initialize() == qnnp_status_success;
  if (has) work();
  if (before.empty()) {
    unsetenv("QNNP_ISA");
  } else {
    setenv("QNNP_ISA", before.c_str(), 1);
  }
  require(qnnp_initialize());
  return has;
}

void require(enum qnnp_status status) {
  if (status == qnnp_status_success) return;
  fprintf(stderr, "%s\n", qnnp_get_last_error());
  exit(1);
}

const char* name_of(Types types) {
  return types == Types::uint8 ? "uint8" : types == Types::int8 ? "int8_per_channel" : "float32";
}

Bytes random_bytes(size_t size, uint32_t seed) {
  Bytes result(size);
  std::mt19937 random(seed);
  for (uint8_t& byte : result) byte = static_cast<uint8_t>(random() >> 24);
  return result;
}

Bound::Bound(const Case& c) : case_(c) {
  const size_t room = c.input_bytes + kOtherPointer;
  input_ = c.float_input ? random_floats(room) : random_bytes(room);
  Bytes expected(c.output_bytes, 0x55);
  output_.assign(c.output_bytes, 0xaa);
  with_isa("scalar", [&] { require(qnnp_run_operator(make(expected).get(), nullptr)); });
  op_ = make(output_);
  run(nullptr);
  if (output_ != expected) {
    fprintf(stderr, "%s: not what the scalar kernels compute\n", c.name.c_str());
    exit(1);
  }
}

Bound::Handle Bound::make(Bytes& output) {
  qnnp_operator_t op = nullptr;
  require(case_.create(&op));
  Handle handle(op);
  require(case_.setup(op, input_.data(), output.data()));
  return handle;
}

void Bound::run(pthreadpool_t pool) { require(qnnp_run_operator(op_.get(), pool)); }

double Bound::best_setup_us() {
  double best = 1;
  for (size_t i = 1; i <= 20; i++) {  // the last one is back at the first pointer
    const uint8_t* input = input_.data() + i % 2 * kOtherPointer;
    best = std::min(best, seconds([&] { require(case_.setup(op_.get(), input, output_.data())); }));
  }
  return best * 1e6;
}

qnnp_operator_info Bound::info() const {
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  require(qnnp_describe_operator(op_.get(), &info));
  return info;
}

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
