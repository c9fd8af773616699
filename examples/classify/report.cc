// SPDX-License-Identifier: BSD-3-Clause

#include "report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "error.h"

namespace classify {

std::vector<Guess> BestGuesses(const Network& network, size_t count, size_t picture) {
  std::vector<Guess> guesses;
  for (size_t i = 0; i < network.output_size(); i++) {
    guesses.push_back({i, network.Output(picture * network.output_size() + i)});
  }
  count = std::min(count, guesses.size());
  std::partial_sort(guesses.begin(), guesses.begin() + static_cast<ptrdiff_t>(count), guesses.end(),
                    [](const Guess& a, const Guess& b) {
                      return a.probability != b.probability ? a.probability > b.probability
                                                            : a.index < b.index;
                    });
  guesses.resize(count);
  return guesses;
}

std::vector<std::string> LoadLabels(const std::string& path, size_t count) {
  const std::vector<uint8_t> file = ReadFile(path);
  std::vector<std::string> labels;
  for (auto begin = file.begin(); begin != file.end();) {
    const auto end = std::find(begin, file.end(), '\n');
    labels.emplace_back(begin, end);
    if (!labels.back().empty() && labels.back().back() == '\r') labels.back().pop_back();
    begin = end == file.end() ? end : end + 1;
  }
  if (labels.size() != count) {
    Fail(path, " has ", labels.size(), " labels; the network has ", count, " outputs");
  }
  return labels;
}

std::string TextReport(const Result& result, const std::vector<std::string>& labels) {
  std::string text = Concat(Printable(result.input), "\n");
  for (const Guess& guess : result.guesses) {
    char line[64];
    std::snprintf(line, sizeof(line), "  %8.4f  %5zu", guess.probability, guess.index);
    text += Concat(line, labels.empty() ? "" : "  ",
                   labels.empty() ? "" : Printable(labels[guess.index]), "\n");
  }
  return text;
}

std::string JsonReport(const Result& result, const std::vector<std::string>& labels) {
  nlohmann::ordered_json top = nlohmann::ordered_json::array();
  for (const Guess& guess : result.guesses) {
    nlohmann::ordered_json entry = {{"index", guess.index}, {"probability", guess.probability}};
    if (!labels.empty()) entry["label"] = labels[guess.index];
    top.push_back(entry);
  }
  const nlohmann::ordered_json line = {
      {"input", result.input}, {"top", top}, {"us", result.microseconds}};
  // Names of files are bytes; what is not UTF-8 in them becomes U+FFFD.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace classify
