// SPDX-License-Identifier: BSD-3-Clause

#include "progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace classify {
namespace {

constexpr std::chrono::milliseconds kQuiet{2000}, kTerminalPeriod{200}, kFilePeriod{10000};

}  // namespace

Progress::Progress(std::string program, std::string what, size_t total)
    : program_(std::move(program)),
      what_(std::move(what)),
      total_(total),
      is_terminal_(isatty(STDERR_FILENO) != 0),
      next_(Clock::now() + kQuiet) {}

Progress::~Progress() { Clear(); }

void Progress::Show(size_t done) {
  const Clock::time_point now = Clock::now();
  if (now < next_ || (done == total_ && total_ != 0)) return;
  next_ = now + (is_terminal_ ? kTerminalPeriod : kFilePeriod);
  const std::string of_total = total_ == 0 ? "" : " of " + std::to_string(total_);
  std::fprintf(stderr, "%s%s: %zu%s %s%s", is_terminal_ ? "\r" : "", program_.c_str(), done,
               of_total.c_str(), what_.c_str(), is_terminal_ ? "" : "\n");
  std::fflush(stderr);
  is_shown_ = is_terminal_;
}

void Progress::Clear() {
  if (is_shown_) std::fputs("\r\x1b[K", stderr);  // to the line's beginning, erase to its end
  is_shown_ = false;
}

}  // namespace classify
