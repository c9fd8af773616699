// SPDX-License-Identifier: BSD-3-Clause
//
// The one way things fail in the example programs: Fail() throws an Error with a whole sentence,
// and main() prints it. Everything else in this folder stands on this file.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace classify {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class... Parts>
std::string Concat(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

template <class... Parts>
[[noreturn]] void Fail(const Parts&... parts) {
  throw Error(Concat(parts...));
}

// Names come out of files that anyone may have written: what could steer a terminal becomes '?',
// and long ones are cut.
inline std::string Printable(std::string_view text) {
  constexpr size_t kLongest = 80;
  std::string result(text.substr(0, kLongest));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (text.size() > kLongest) result += "...";
  return result;
}

}  // namespace classify
