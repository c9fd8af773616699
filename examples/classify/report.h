// SPDX-License-Identifier: BSD-3-Clause
//
// What is printed about one classified input: its best labels, for people or as a line of JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "network.h"

namespace classify {

struct Guess {
  size_t index;
  double probability;
};

// The `count` largest outputs of picture `picture` of the batch, or all if there are fewer. Of
// equal ones the lower index comes first.
std::vector<Guess> BestGuesses(const Network& network, size_t count, size_t picture = 0);

// One label per line. Throws Error unless there are `count`.
std::vector<std::string> LoadLabels(const std::string& path, size_t count);

struct Result {
  std::string input;  // name
  std::vector<Guess> guesses;
  double microseconds;
};

// `labels` is empty when there are none.
std::string TextReport(const Result& result, const std::vector<std::string>& labels);
std::string JsonReport(const Result& result, const std::vector<std::string>& labels);  // one line

}  // namespace classify
