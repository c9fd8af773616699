// SPDX-License-Identifier: BSD-3-Clause
//
// How far a long job is, on stderr: nothing for the first two seconds, then a line that rewrites
// itself on a terminal, or one plain line every ten seconds elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace classify {

class Progress {
 public:
  // "classify: 120 of 1000 pictures" for what = "pictures"; total 0: not known.
  Progress(std::string program, std::string what, size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(size_t done);
  // Takes the line away; the next Show brings it back. Call before writing anything else.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  const std::string program_, what_;
  const size_t total_;
  const bool is_terminal_;
  Clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace classify
