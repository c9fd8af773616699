// SPDX-License-Identifier: BSD-3-Clause
// Layers and operators, each in several variants that take turns: types, instruction sets, threads,
// zero points, other libraries (peers/). What comes out is one line of JSON for each problem;
// tools/bench_bars.py and its neighbours make tables, judgements and plots of them.
#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "cases.h"
#include "peak.h"
#include "peers/peer.h"

namespace qnnp::bench {
namespace {

constexpr char kMemcpy[] = "memcpy";

constexpr char kAbout[] =
    "compare_bench: times layers and operators in variants that take turns; JSON, a line each.\n"
    "  --problems LIST   patterns with commas: 'mobilenet_v2/*,gemm/*'; without it: all\n"
    "  --variants LIST   likewise; without it: 'qnnpack/uint8,qnnpack/int8'\n"
    "  --quick           5 repetitions of 1 ms instead of 15 of 5 ms\n"
    "  --list            names of problems and variants\n"
    "Variants of this library: qnnpack/uint8, qnnpack/int8, and in uint8 .../zero128 (zero point\n"
    "of the weights; otherwise 131), .../2_threads, .../INSTRUCTION_SET, .../beside (of a\n"
    "deconvolution: a convolution of as many multiplications). memcpy copies as many bytes as the\n"
    "operator's output has.\n"
    "Times are medians with the quartiles around them; 'samples' are those of single rounds, in\n"
    "which all variants took turns; peaks are the register-only loop's in the same rounds.";

using Clock = std::chrono::steady_clock;

double us_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

struct Options {
  std::string problems = "*", variants = "qnnpack/uint8,qnnpack/int8";
  size_t repetitions = 15;
  double least_us = 5000;
  bool list = false;
};

bool matches(const std::string& name, const std::string& patterns) {
  for (size_t from = 0; from <= patterns.size();) {
    const size_t comma = std::min(patterns.find(',', from), patterns.size());
    if (fnmatch(patterns.substr(from, comma - from).c_str(), name.c_str(), 0) == 0) return true;
    from = comma + 1;
  }
  return false;
}

struct Problem {
  std::string name, kind;
  int repeats = 1;                           // within its network
  std::function<Case(Types, int32_t)> make;  // types and weight zero point, where it has them
  std::shared_ptr<const Layer> layer;        // of convolutions and GEMMs
};

std::string kind_of(const Layer& layer) {
  if (layer.depthwise()) return "depthwise";
  if (layer.inputs <= 4) return "first layer";
  return layer.kernel == 1 ? "1x1" : "convolution";
}

void add_layer(std::vector<Problem>& all, const std::string& group, const Layer& layer) {
  const auto make = [=](Types types, int32_t zero) {
    return layer_case(group.c_str(), layer, types, zero);
  };
  all.push_back({group + "/" + layer.name(), kind_of(layer), layer.repeats, make,
                 std::make_shared<Layer>(layer)});
}

// M is a square in all of them, so that they are 1x1 layers to the other libraries.
void add_gemms(std::vector<Problem>& all) {
  constexpr size_t kShapes[][3] = {{32, 1024, 1024}, {14, 512, 512}, {7, 1024, 1024},
                                   {14, 256, 1152},  {28, 128, 128}, {56, 64, 64},
                                   {112, 32, 27},    {112, 96, 16},  {56, 144, 24},
                                   {112, 16, 32},    {1, 1000, 1024}};
  for (const auto& [size, n, k] : kShapes) {
    const Layer layer = {size, k, n, 1, 1, 1};
    const auto make = [=](Types types, int32_t zero) {
      return zero == 128
                 ? layer_case("gemm", layer, types, zero)
                 : fully_connected(layer.size * layer.size, layer.inputs, layer.outputs, types);
    };
    const size_t m = size * size;
    all.push_back({"gemm/" + std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k),
                   "gemm", 1, make, std::make_shared<Layer>(layer)});
  }
}

std::vector<Problem> problems() {
  std::vector<Problem> all;
  add_gemms(all);
  for (const uint32_t stride : {1u, 2u}) {
    for (const size_t size : {112, 56, 28}) {
      const size_t channels = 112 / size * 64;
      add_layer(all, "depthwise",
                {size, channels, channels, 3, stride, static_cast<uint32_t>(channels)});
    }
  }
  for (const Network& network : networks()) {
    for (const Layer& layer : network.layers) add_layer(all, network.name, layer);
  }
  for (const auto& group :
       {elementwise_cases(), movement_cases(), pooling_cases(), weights_cases()}) {
    for (const Case& c : group) {
      all.push_back({c.name, "other", 1, [c](Types, int32_t) { return c; }, nullptr});
    }
  }
  return all;
}

// ---- Variants -----------------------------------------------------------------------------------

struct Entry {
  std::string variant, peak;  // peak: of which instruction set
  std::function<void(pthreadpool_t pool)> run;
  size_t threads = 1;
  int off_by = 0;        // other libraries: largest difference from our output,
  double differing = 0;  // and how many outputs differ
  size_t runs = 1;       // in a repetition
  std::vector<double> us;
  std::shared_ptr<Bound> bound;
};

std::vector<std::string> own_variants() {
  std::vector<std::string> names = {"qnnpack/uint8", "qnnpack/int8", "qnnpack/uint8/zero128",
                                    "qnnpack/uint8/2_threads", "qnnpack/uint8/beside"};
  for (const char* isa : {"scalar", "sse41", "avx2", "avxvnni", "vnni256", "avx512bw", "avx512vnni",
                          "avx512vbmi", "neon", "neondot", "neoni8mm"}) {
    if (with_isa(isa, [] {})) names.push_back(std::string("qnnpack/uint8/") + isa);
  }
  return names;
}

std::vector<std::string> variants(const Options& options) {
  std::vector<std::string> names = own_variants();
  names.push_back(kMemcpy);
  for (const Peer& peer : peers()) names.push_back(peer.name);
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](const auto& name) { return !matches(name, options.variants); }),
              names.end());
  return names;
}

// False: there is no such variant of this problem.
bool make_own(const Problem& problem, const std::string& variant, Entry* entry) {
  const std::string rest = variant.substr(strlen("qnnpack/"));
  const std::string detail = rest.find('/') == rest.npos ? "" : rest.substr(rest.find('/') + 1);
  const Types types = rest == "int8" ? Types::int8 : Types::uint8;
  if (!problem.layer && (types == Types::int8 || detail == "zero128")) return false;
  Case c = problem.make(types, detail == "zero128" ? 128 : kKernelZeroPoint);
  entry->peak = peak_name();
  entry->threads = detail == "2_threads" ? 2 : 1;
  if (detail == "beside") {
    if (!c.beside) return false;
    c = *c.beside;
  }
  const auto bind = [&] { entry->bound = std::make_shared<Bound>(c); };
  if (detail.empty() || detail == "zero128" || detail == "2_threads" || detail == "beside") {
    bind();
  } else if (!with_isa(detail.c_str(), [&] {
               bind();
               entry->peak = peak_name();
             })) {
    return false;
  }
  entry->run = [bound = entry->bound](pthreadpool_t pool) { bound->run(pool); };
  return true;
}

void compare(const Bytes& ours, const Bytes& theirs, bool is_signed, Entry* entry) {
  size_t differing = 0;
  const auto value = [is_signed](uint8_t byte) { return is_signed ? int{int8_t(byte)} : byte; };
  for (size_t i = 0; i < ours.size(); i++) {
    const int off = std::abs(value(ours[i]) - value(theirs[i]));
    entry->off_by = std::max(entry->off_by, off);
    differing += off != 0;
  }
  entry->differing = static_cast<double>(differing) / static_cast<double>(ours.size());
}

// Runs it once: its output is near ours.
bool add_contestant(const Problem& problem, const Peer& peer, const Contestant& contestant,
                    const Bound& ours, Entry* entry) {
  if (!contestant.run) {
    fprintf(stderr, "%s: %s: %s\n", problem.name.c_str(), peer.name, contestant.why.c_str());
    return false;
  }
  contestant.run();
  compare(ours.output(), contestant.output(), peer.types == Types::int8, entry);
  if (peer.exact && entry->off_by > 1) {
    fprintf(stderr, "%s: %s: output off by %d\n", problem.name.c_str(), peer.name, entry->off_by);
    exit(1);
  }
  entry->peak = peak_name();
  entry->run = [run = contestant.run](pthreadpool_t) { run(); };
  return true;
}

bool make_peer(const Problem& problem, const Peer& peer, Entry* entry) {
  if (!problem.layer) {
    const Case c = problem.make(peer.types, peer.kernel_zero_point);
    if (peer.make_operator == nullptr || !c.described.is_uint8()) return false;
    const Bound ours(c);
    return add_contestant(problem, peer, peer.make_operator(c, ours.input().data()), ours, entry);
  }
  const LayerDesc described(*problem.layer, peer.types, peer.kernel_zero_point, peer.symmetric);
  const Bound ours(
      layer_case("peer", *problem.layer, peer.types, peer.kernel_zero_point, peer.symmetric));
  return add_contestant(
      problem, peer, peer.make({*problem.layer, described.desc, ours.input().data()}), ours, entry);
}

bool make_memcpy(const Problem& problem, Entry* entry) {
  const size_t bytes = problem.make(Types::uint8, kKernelZeroPoint).output_bytes;
  const auto from = std::make_shared<Bytes>(bytes, 1), to = std::make_shared<Bytes>(bytes);
  entry->peak = peak_name();
  entry->run = [from, to](pthreadpool_t) { memcpy(to->data(), from->data(), to->size()); };
  return true;
}

std::vector<Entry> entries(const Problem& problem, const std::vector<std::string>& names) {
  std::vector<Entry> all;
  const std::vector<Peer> others = peers();
  for (const std::string& name : names) {
    Entry entry;
    entry.variant = name;
    bool made = false;
    if (name.compare(0, 8, "qnnpack/") == 0) {
      made = make_own(problem, name, &entry);
    } else if (name == kMemcpy) {
      made = make_memcpy(problem, &entry);
    } else {
      for (const Peer& peer : others) {
        if (name == peer.name) made = make_peer(problem, peer, &entry);
      }
    }
    if (made) all.push_back(entry);
  }
  return all;
}

// ---- Times --------------------------------------------------------------------------------------

using Pool = std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)>;
using Peaks = std::map<std::string, std::vector<double>>;

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(part * static_cast<double>(values.size() - 1) + 0.5)];
}

constexpr char kTwoThreads[] = "/2_threads";

double best_peak_sample() {
  double best = 0;
  for (int i = 0; i < 8; i++) best = std::max(best, peak_sample());
  return best;
}

// What two threads surely reach together, the least of a few samples: below twice the figure of one
// where processors share a core.
double two_threads_peak() {
  const Pool pool(pthreadpool_create(2), pthreadpool_destroy);
  double least = 1e9;
  for (int i = 0; i < 6; i++) {
    double each[2];
    pthreadpool_parallelize_1d(
        pool.get(),
        [](void* figures, size_t task) { static_cast<double*>(figures)[task] = peak_sample(); },
        each, 2, 0);
    if (i > 1) least = std::min(least, each[0] + each[1]);  // the first ones wake the pool
  }
  return least;
}

void sample_peaks(Peaks& peaks) {
  for (auto& peak : peaks) {
    const std::string isa = peak.first.substr(0, peak.first.find('/'));
    with_isa(isa.c_str(), [&] {
      peak.second.push_back(isa == peak.first ? best_peak_sample() : two_threads_peak());
    });
  }
}

// Whether the last samples are what the loop in registers reaches when nothing else runs on the
// processor's core, and with two threads about twice as much.
bool undisturbed(const Peaks& peaks) {
  static std::map<std::string, double> best;
  bool all = true;
  for (const auto& [name, samples] : peaks) {
    if (name.find('/') == name.npos) {
      best[name] = std::max(best[name], samples.back());
      all = all && samples.back() > 0.95 * best[name];
    }
    const auto both = peaks.find(name + kTwoThreads);
    all = all && (both == peaks.end() || both->second.back() > 1.8 * samples.back());
  }
  return all;
}

std::vector<double> time_round(const std::vector<Entry>& all) {
  std::vector<double> times;
  for (const Entry& entry : all) {
    // A pool of its own: idle threads wait actively and would disturb the others.
    const Pool pool(entry.threads == 1 ? nullptr : pthreadpool_create(entry.threads),
                    pthreadpool_destroy);
    // Long enough for a processor to change to the frequency of this variant's vectors.
    constexpr double kWarmUs = 500;
    auto start = Clock::now();
    do {
      entry.run(pool.get());
    } while (us_since(start) < kWarmUs);
    start = Clock::now();
    for (size_t i = 0; i < entry.runs; i++) entry.run(pool.get());
    times.push_back(us_since(start) / static_cast<double>(entry.runs));
  }
  return times;
}

// Returns how many rounds were left out.
size_t time_in_turn(const Options& options, std::vector<Entry>& all, Peaks& peaks) {
  for (Entry& entry : all) {
    peaks[entry.peak];
    if (entry.threads == 2) peaks[entry.peak + kTwoThreads];
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
      const auto start = Clock::now();
      entry.run(nullptr);
      best = std::min(best, us_since(start));
    }
    entry.runs = static_cast<size_t>(options.least_us / std::max(best, 0.05)) + 1;
  }
  // On a shared machine, other programs slow everything down for a while, and virtual processors
  // share a core. Rounds in which that happened are left out, unless there are too few others.
  const size_t most = 6 * options.repetitions;
  size_t round = 0, kept = 0;
  for (; round < most && kept < options.repetitions; round++) {
    const bool any = options.repetitions - kept >= most - round;
    Peaks before = peaks, after = peaks;
    sample_peaks(before);
    if (!undisturbed(before) && !any) continue;
    const std::vector<double> times = time_round(all);
    sample_peaks(after);
    if (!undisturbed(after) && !any) continue;
    for (size_t i = 0; i < all.size(); i++) all[i].us.push_back(times[i]);
    peaks = before;
    kept++;
  }
  return round - kept;
}

void print_samples(const std::vector<double>& samples) {
  const char* comma = "[";
  for (const double sample : samples) {
    printf("%s%.3f", comma, sample);
    comma = ", ";
  }
  printf("]");
}

void print(const Problem& problem, const std::vector<Entry>& all, const Peaks& peaks,
           size_t left_out) {
  printf("{\"problem\": \"%s\", \"kind\": \"%s\", \"repeats\": %d, \"left_out\": %zu",
         problem.name.c_str(), problem.kind.c_str(), problem.repeats, left_out);
  for (const Entry& entry : all) {
    if (!entry.bound) continue;
    const qnnp_operator_info info = entry.bound->info();
    const auto bytes = info.input_bytes + info.output_bytes + info.weight_bytes;
    printf(", \"macs\": %.0f, \"bytes\": %.0f, \"kernel\": \"%s\", \"setup_us\": %.3f",
           static_cast<double>(info.macs), static_cast<double>(bytes),
           info.kernel == nullptr ? "" : info.kernel, entry.bound->best_setup_us());
    const double new_shape = entry.bound->best_new_shape_us();
    if (new_shape != 0) printf(", \"new_shape_us\": %.3f", new_shape);
    break;
  }
  printf(", \"peaks\": {");
  const char* comma = "";
  for (const auto& [isa, samples] : peaks) {
    printf("%s\"%s\": %.1f", comma, isa.c_str(), quantile(samples, 0.5));
    comma = ", ";
  }
  printf("}, \"peak_samples\": {");
  comma = "";
  for (const auto& [isa, samples] : peaks) {
    printf("%s\"%s\": ", comma, isa.c_str());
    print_samples(samples);
    comma = ", ";
  }
  printf("}, \"times\": {");
  comma = "";
  for (const Entry& entry : all) {
    printf("%s\"%s\": {\"us\": %.3f, \"low\": %.3f, \"high\": %.3f, \"peak\": \"%s\"", comma,
           entry.variant.c_str(), quantile(entry.us, 0.5), quantile(entry.us, 0.25),
           quantile(entry.us, 0.75), entry.peak.c_str());
    printf(", \"samples\": ");
    print_samples(entry.us);
    if (!entry.bound) {
      printf(", \"off_by\": %d, \"differing\": %.6f", entry.off_by, entry.differing);
    }
    printf("}");
    comma = ", ";
  }
  printf("}}\n");
  fflush(stdout);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i++) {
    const std::string name = argv[i];
    if (name == "--help") {
      puts(kAbout);
      exit(0);
    } else if (name == "--quick") {
      options.repetitions = 5;
      options.least_us = 1000;
    } else if (name == "--list") {
      options.list = true;
    } else if ((name == "--problems" || name == "--variants") && i + 1 < argc) {
      (name == "--problems" ? options.problems : options.variants) = argv[++i];
    } else {
      fprintf(stderr, "compare_bench: '%s' is no option, or lacks its value\n%s\n", name.c_str(),
              kAbout);
      exit(2);
    }
  }
  if (options.list) options.variants = "*";
  return options;
}

int run(const Options& options) {
  std::vector<Problem> chosen;
  for (const Problem& problem : problems()) {
    if (matches(problem.name, options.problems)) chosen.push_back(problem);
  }
  const std::vector<std::string> names = variants(options);
  if (options.list) {
    for (const Problem& problem : chosen) printf("problem %s\n", problem.name.c_str());
    for (const std::string& name : names) printf("variant %s\n", name.c_str());
    return 0;
  }
  if (chosen.empty() || names.empty()) {
    fprintf(stderr, "compare_bench: no %s of that name: see --list\n",
            chosen.empty() ? "problem" : "variant");
    return 2;
  }
  for (size_t i = 0; i < chosen.size(); i++) {
    fprintf(stderr, "compare_bench: %zu of %zu: %s\n", i + 1, chosen.size(),
            chosen[i].name.c_str());
    std::vector<Entry> all = entries(chosen[i], names);
    if (all.empty()) continue;
    Peaks peaks;
    const size_t left_out = time_in_turn(options, all, peaks);
    print(chosen[i], all, peaks, left_out);
  }
  return 0;
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  const Options options = parse(argc, argv);
  require(qnnp_initialize());
  return run(options);
}
