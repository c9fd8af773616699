// SPDX-License-Identifier: BSD-3-Clause
// Random cases that can be had again: QNNP_TEST_SEED=<number> replaces the fixed seed, which main
// prints and every failure under QNNP_TRACE_SEED repeats. The same numbers on every platform.
#pragma once

#include <gtest/gtest.h>
#include <stdint.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

namespace qnnp {
namespace test {

// The seed of this run.
uint64_t test_seed();
std::string seed_message();

class Random {
 public:
  explicit Random(uint64_t salt = 0) : engine_(test_seed() * 0x9E3779B97F4A7C15u + salt) {}

  uint64_t bits() { return engine_(); }
  // In [low, high], both included.
  uint64_t in(uint64_t low, uint64_t high) {
    const uint64_t count = high - low + 1;
    return count == 0 ? bits() : low + bits() % count;
  }
  size_t size(size_t low, size_t high) { return static_cast<size_t>(in(low, high)); }
  uint8_t byte() { return static_cast<uint8_t>(bits() >> 56); }
  uint8_t byte(uint8_t low, uint8_t high) { return static_cast<uint8_t>(in(low, high)); }
  bool coin() { return (bits() >> 63) != 0; }
  // In [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  double real(double low, double high) { return low + (high - low) * unit(); }
  template <class Container>
  void fill(Container& container) {
    for (auto& element : container) {
      element = static_cast<std::remove_reference_t<decltype(element)>>(bits() >> 32);
    }
  }

 private:
  std::mt19937_64 engine_;
};

// `count` cases, scaled by QNNP_TEST_EFFORT, a percentage: less on emulated processors, more for a
// long search. At least one.
inline size_t effort(size_t count) {
  const char* text = getenv("QNNP_TEST_EFFORT");
  const size_t percent = text == nullptr ? 100 : strtoull(text, nullptr, 10);
  return std::max<size_t>(1, count * percent / 100);
}

// body(size) for the sizes first..last, all of them or as many as effort() allows, spread evenly.
template <class Body>
void for_each_size(size_t first, size_t last, const Body& body) {
  const size_t count = last - first + 1, cases = std::min(effort(count), count);
  for (size_t i = 0; i < cases; i++) body(first + (i + 1) * count / cases - 1);
}

// Failures in this scope say how to have the same numbers again.
#define QNNP_TRACE_SEED() SCOPED_TRACE(::qnnp::test::seed_message())

}  // namespace test
}  // namespace qnnp
