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
    "  --quick         5 runs\n"
    "  --json          a line of JSON for each network, type and number of threads";

using Clock = std::chrono::steady_clock;
using Pool = std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)>;

struct Options {
  std::string filter;
  size_t runs = 15;
  bool json = false;
};

struct Times {
  size_t threads;
  double us, low, high;  // median and quartiles
  double peak;           // GOPS of the register-only loop, times the threads
};

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

Times time_chain(const Chain& chain, size_t threads, size_t runs) {
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
  return {threads, us[us.size() / 2], us[us.size() / 4], us[us.size() * 3 / 4],
          peaks[peaks.size() / 2] * static_cast<double>(threads)};
}

void print(const WholeNetwork& network, Types types, const Chain& chain, const Times& times,
           bool json) {
  const double gops = 2e-3 * chain.macs() / times.us, share = 100 * gops / times.peak;
  const char* format =
      json ? "{\"network\": \"%s\", \"types\": \"%s\", \"threads\": %zu, \"operators\": %zu, "
             "\"mmac\": %.1f, \"us\": %.1f, \"low\": %.1f, \"high\": %.1f, \"gops\": %.2f, "
             "\"share_of_peak\": %.2f}\n"
           : "%-14s %-17s %zu  %3zu operators %7.1f MMAC %9.0f us (%.0f to %.0f) %6.1f GOPS %5.1f "
             "%%\n";
  printf(format, network.name, name_of(types), times.threads, chain.operators(),
         chain.macs() * 1e-6, times.us, times.low, times.high, gops, share);
  fflush(stdout);
}

void time_network(const WholeNetwork& network, Types types, const Options& options) {
  fprintf(stderr, "networks_bench: %s, %s\n", network.name, name_of(types));
  Chain chain(types);
  network.build(chain);
  if (!correct(network, types, chain)) {
    fprintf(stderr, "%s: not what the scalar kernels compute\n", network.name);
    exit(1);
  }
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    print(network, types, chain, time_chain(chain, threads, options.runs), options.json);
  }
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  Options options;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0) {
      options.runs = 5;
    } else if (strcmp(argv[i], "--json") == 0) {
      options.json = true;
    } else if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
      options.filter = argv[++i];
    } else {
      printf("%s\n", kAbout);
      return strcmp(argv[i], "--help") == 0 ? 0 : 2;
    }
  }
  require(qnnp_initialize());
  if (!options.json) {
    printf("network, type, threads; share of the peak (%s) of so many threads\n", peak_name());
  }
  for (const WholeNetwork& network : whole_networks()) {
    if (std::string(network.name).find(options.filter) == std::string::npos) continue;
    for (const Types types : {Types::uint8, Types::int8}) time_network(network, types, options);
  }
  return 0;
}
