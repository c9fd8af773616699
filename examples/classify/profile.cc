// SPDX-License-Identifier: BSD-3-Clause

#include "profile.h"

#include <peak.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "error.h"
#include "progress.h"

namespace classify {
namespace {

constexpr size_t kLeastRuns = 15;
constexpr double kLayerUs = 5e3, kEnoughUs = 3e6, kGiveUpUs = 1e7;

using Clock = std::chrono::steady_clock;

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

qnnp_operator_info Describe(const Layer& layer) {
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  if (layer.op != nullptr && qnnp_describe_operator(layer.op.get(), &info) != qnnp_status_success) {
    Fail(layer.name, ": ", qnnp_get_last_error());
  }
  return info;
}

uint64_t TotalMacs(const Network& network) {
  uint64_t macs = 0;
  for (const Layer& layer : network.layers()) macs += Describe(layer).macs;
  return macs;
}

double Gops(uint64_t macs, double us) { return us > 0 ? 2e-3 * static_cast<double>(macs) / us : 0; }

template <class... Values>
std::string Format(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof(text), format, values...);
  return text;
}

// Columns as wide as their widest cell; the first three are text, the others figures.
std::string Align(const std::vector<std::vector<std::string>>& rows) {
  constexpr size_t kTextColumns = 3;
  std::vector<size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); i++) {
      const std::string fill(widths[i] - row[i].size(), ' ');
      line += i < kTextColumns ? row[i] + fill : fill + row[i];
      line += i + 1 < row.size() ? "  " : "";
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double MeasureRun(Network* network, const uint8_t* input, size_t most, double budget_us) {
  std::vector<double> samples;
  double spent = 0;
  do {
    network->SetInput(input);
    const Clock::time_point start = Clock::now();
    network->Run();
    samples.push_back(MicrosecondsSince(start));
    spent += samples.back();
  } while (samples.size() < most && spent < budget_us);
  return Median(std::move(samples));
}

Profile MeasureProfile(Network* network, const uint8_t* input) {
  const size_t layers = network->layers().size();
  std::vector<std::vector<double>> samples(layers);
  std::vector<double> totals, peaks, sums(layers, 0);
  Progress progress("classify", "runs of the profile", 0);
  const Clock::time_point start = Clock::now();
  MeasureRun(network, input, 1, 0);  // warms up
  for (bool is_enough = false; !is_enough;) {
    network->SetInput(input);
    const Clock::time_point run_start = Clock::now();
    Clock::time_point layer_start = run_start;
    is_enough = true;
    for (size_t i = 0; i < layers; i++) {
      network->RunLayer(i);
      const Clock::time_point layer_end = Clock::now();
      samples[i].push_back(
          std::chrono::duration<double, std::micro>(layer_end - layer_start).count());
      layer_start = layer_end;
      sums[i] += samples[i].back();
      if (network->layers()[i].op != nullptr && sums[i] < kLayerUs) is_enough = false;
    }
    // So that a slow phase of the machine reaches both.
    peaks.push_back(std::max(qnnp::bench::peak_sample(), qnnp::bench::peak_sample()));
    totals.push_back(std::chrono::duration<double, std::micro>(layer_start - run_start).count());
    const double spent = MicrosecondsSince(start);
    if (spent > kEnoughUs) is_enough = true;
    if (totals.size() < kLeastRuns) is_enough = false;
    if (spent > kGiveUpUs) is_enough = true;
    progress.Show(totals.size());
  }
  Profile profile;
  profile.runs = totals.size();
  profile.peak_gops = Median(std::move(peaks));
  profile.total_us = Median(std::move(totals));
  for (size_t i = 0; i < layers; i++) {
    const bool has_operator = network->layers()[i].op != nullptr;
    profile.layer_us.push_back(has_operator ? Median(std::move(samples[i])) : 0.0);
  }
  return profile;
}

std::string ProfileTable(const Network& network, const Profile& profile) {
  const double peak = profile.peak_gops * static_cast<double>(network.threads());
  std::vector<std::vector<std::string>> rows = {
      {"operator", "shape", "kernel", "MMAC", "op/byte", "us", "GOPS", "% of peak"}};
  const auto add = [&rows, peak](const std::string& name, const std::string& shape,
                                 const std::string& kernel, uint64_t macs, double intensity,
                                 double us) {
    const double gops = Gops(macs, us);
    rows.push_back({name, shape, kernel,
                    macs == 0 ? "" : Format("%.2f", 1e-6 * static_cast<double>(macs)),
                    intensity == 0 ? "" : Format("%.0f", intensity), Format("%.1f", us),
                    macs == 0 ? "" : Format("%.1f", gops),
                    macs == 0 ? "" : Format("%.1f", 100 * gops / peak)});
  };
  uint64_t macs = 0;
  for (size_t i = 0; i < network.layers().size(); i++) {
    const Layer& layer = network.layers()[i];
    const qnnp_operator_info info = Describe(layer);
    if (layer.op == nullptr) {
      rows.push_back({layer.name, layer.shape, "(no copy)", "", "", "", "", ""});
    } else {
      add(layer.name, layer.shape, info.kernel == nullptr ? "" : info.kernel, info.macs,
          info.arithmetic_intensity, profile.layer_us[i]);
    }
    macs += info.macs;
  }
  add("total", "", "", macs, 0, profile.total_us);
  return Align(rows) +
         Format(
             "Median of %zu runs, %zu thread%s; the peak is %.0f GOPS (%s), sampled between "
             "them.\n",
             profile.runs, network.threads(), network.threads() == 1 ? "" : "s", peak,
             qnnp::bench::peak_name()) +
         Format("Activations live in %zu buffers of %.0f KB together.\n", network.buffer_count(),
                static_cast<double>(network.buffer_bytes()) / 1024);
}

std::string SpeedText(const Network& network, double microseconds_per_run) {
  const double peak = qnnp::bench::peak_gops() * static_cast<double>(network.threads());
  const double gops = Gops(TotalMacs(network), microseconds_per_run);
  return Format("%.1f GOPS, %.1f %% of the peak of %zu thread%s (%.0f GOPS, %s)", gops,
                100 * gops / peak, network.threads(), network.threads() == 1 ? "" : "s", peak,
                qnnp::bench::peak_name());
}

}  // namespace classify
