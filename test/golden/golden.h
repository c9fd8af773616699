// SPDX-License-Identifier: BSD-3-Clause
// Hashes of what operators and networks compute, made by the scalar kernels: test/golden/*.inc.
// Every processor and instruction set must arrive at the same bytes. Above: golden_test and
// golden_networks_test.
//
// QNNP_GOLDEN_WRITE=FILE makes a table anew, by the scalar kernels.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/isa.h"
#include "harness/random.h"

namespace qnnp {
namespace test {

using GoldenTable = std::map<std::string, uint64_t>;

// FNV-1a.
class Hash {
 public:
  template <class Allocator>
  void add(const std::vector<uint8_t, Allocator>& bytes) {
    for (const uint8_t byte : bytes) value_ = (value_ ^ byte) * 0x100000001b3u;
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0xcbf29ce484222325u;
};

// compute(name) -> hash, for each name; with every instruction set that is there. Slow machines
// (effort) take the strongest alone: under qemu other processors have the others.
template <class Compute>
void expect_golden(const std::vector<std::string>& names, const GoldenTable& table,
                   const Compute& compute) {
  const char* path = getenv("QNNP_GOLDEN_WRITE");
  if (path != nullptr) {
    const ForcedIsa forced("scalar");
    FILE* file = fopen(path, "a");
    ASSERT_NE(file, nullptr) << path;
    for (const std::string& name : names) {
      fprintf(file, "QNNP_GOLDEN(\"%s\", 0x%016llx)\n", name.c_str(),
              static_cast<unsigned long long>(compute(name)));
    }
    fclose(file);
    return;
  }
  const auto check = [&] {
    for (const std::string& name : names) {
      const auto row = table.find(name);
      ASSERT_NE(row, table.end()) << name << " is not in the table";
      EXPECT_EQ(row->second, compute(name)) << name;
    }
  };
  if (effort(100) < 100) {
    check();
  } else {
    for_each_isa(check);
  }
}

}  // namespace test
}  // namespace qnnp
