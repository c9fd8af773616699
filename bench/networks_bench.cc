// SPDX-License-Identifier: BSD-3-Clause
// Whole networks: all operators of each, in order, with random weights; uint8 and int8, one and two
// threads. The output is first compared with that of the scalar kernels, byte for byte.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "chain.h"
#include "peak.h"

namespace qnnp::bench {
namespace {

constexpr char kAbout[] =
    "networks_bench: whole networks with random weights: median and quartiles of 15 runs or more\n"
    "  --filter TEXT   networks with this in their name\n"
    "  --quick         5 runs";

using Clock = std::chrono::steady_clock;
using Pool = std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)>;

bool correct(const WholeNetwork& network, Types types, const Chain& chain) {
  Bytes expected;
  with_isa("scalar", [&] {
    Chain scalar(types);
    network.build(scalar);
    scalar.run(nullptr);
    expected = scalar.output();
  });
  chain.run(nullptr);
  return chain.output() == expected;
}

void time_network(const WholeNetwork& network, Types types, size_t runs) {
  fprintf(stderr, "networks_bench: %s, %s\n", network.name, name_of(types));
  Chain chain(types);
  network.build(chain);
  if (!correct(network, types, chain)) {
    fprintf(stderr, "%s: not what the scalar kernels compute\n", network.name);
    exit(1);
  }
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    const Pool pool(threads == 1 ? nullptr : pthreadpool_create(threads), pthreadpool_destroy);
    std::vector<double> us, peaks;
    double spent = 0;  // the shortest networks run for 5 ms in each of the repetitions, too
    while (us.size() < runs || spent < 5e3 * static_cast<double>(runs)) {
      peaks.push_back(peak_sample());
      const auto start = Clock::now();
      chain.run(pool.get());
      us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
      spent += us.back();
    }
    std::sort(us.begin(), us.end());
    std::sort(peaks.begin(), peaks.end());
    const double median = us[us.size() / 2], gops = 2e-3 * chain.macs() / median;
    const double peak = peaks[peaks.size() / 2] * static_cast<double>(threads);
    printf(
        "%-14s %-17s %zu  %3zu operators %7.1f MMAC %9.0f us (%.0f to %.0f) %6.1f GOPS %5.1f %%\n",
        network.name, name_of(types), threads, chain.operators(), chain.macs() * 1e-6, median,
        us[us.size() / 4], us[us.size() * 3 / 4], gops, 100 * gops / peak);
    fflush(stdout);
  }
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  size_t runs = 15;
  std::string filter;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0) {
      runs = 5;
    } else if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
      filter = argv[++i];
    } else {
      printf("%s\n", kAbout);
      return strcmp(argv[i], "--help") == 0 ? 0 : 2;
    }
  }
  require(qnnp_initialize());
  printf("network, type, threads; share of the peak (%s) of so many threads\n", peak_name());
  for (const WholeNetwork& network : whole_networks()) {
    if (std::string(network.name).find(filter) == std::string::npos) continue;
    for (const Types types : {Types::uint8, Types::int8}) time_network(network, types, runs);
  }
  return 0;
}
