// SPDX-License-Identifier: BSD-3-Clause
//
// Where a network's time goes: every layer's median time within whole runs of the network, with the
// kernel that the library chose and the share of this machine's peak that it reaches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "network.h"

namespace classify {

double Median(std::vector<double> values);

// Microseconds of a run, with the input as it was given to SetInput: the median of `most` runs, or
// of as many as fit into `budget_us`, at least one. Leaves the network's output in place.
double MeasureRun(Network* network, const uint8_t* input, size_t most, double budget_us);

struct Profile {
  std::vector<double> layer_us;  // by layer; 0: no operator
  double total_us = 0;           // of whole runs; the sum of the layers plus the clock's own time
  double peak_gops = 0;          // of one thread: median of samples taken between the runs
  size_t runs = 0;
};

// At least 15 runs, and more until every layer has been measured for 5 ms or three seconds have
// gone; gives up after ten seconds.
Profile MeasureProfile(Network* network, const uint8_t* input);

// The table, ready to print.
std::string ProfileTable(const Network& network, const Profile& profile);

// For fashion_demo: "12.3 GOPS, 4.5 % of the peak of 2 threads (467 GOPS each, avx512vnni)".
std::string SpeedText(const Network& network, double microseconds_per_run);

}  // namespace classify
