// SPDX-License-Identifier: BSD-3-Clause
#include "harness/kernel_matrix.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace qnnp {
namespace test {
namespace {

struct Row {
  std::string family, name;
  bool ran;
  std::string reason;
};

std::vector<Row>& rows() {
  static std::vector<Row> all;
  return all;
}

char running[128] = "no kernel";

void record(const Row& row) {
  for (Row& known : rows()) {
    if (known.family == row.family && known.name == row.name) {
      if (row.ran) known = row;
      return;
    }
  }
  rows().push_back(row);
}

}  // namespace

bool isa_asked(Isa isa) {
  const char* only = getenv("QNNP_TEST_ISA");
  const std::string names = only == nullptr ? "" : only;
  return names.empty() ||
         ("," + names + ",").find("," + std::string(isa_name(isa)) + ",") != std::string::npos;
}

bool kernel_runs(const char* family, const char* row, Isa isa) {
  const char* only = getenv("QNNP_TEST_ISA");
  const bool asked = isa_asked(isa);
  const bool ran = asked && cpu_has(isa);
  const std::string reason = ran     ? ""
                             : asked ? std::string("this processor lacks ") + isa_name(isa)
                                     : std::string("QNNP_TEST_ISA is ") + only;
  record({family, row, ran, reason});
  if (ran) snprintf(running, sizeof(running), "%s %s", family, row);
  return ran;
}

const char* running_kernel() { return running; }

void print_kernel_matrix() {
  if (rows().empty()) return;
  printf("[ KERNELS  ]\n");
  const char* path = getenv("QNNP_KERNEL_MATRIX");
  FILE* file = path == nullptr || path[0] == '\0' ? nullptr : fopen(path, "a");
  for (const Row& row : rows()) {
    const char* outcome = row.ran ? "ran" : "skipped";
    printf("  %-14s %-24s %-7s %s\n", row.family.c_str(), row.name.c_str(), outcome,
           row.reason.c_str());
    if (file != nullptr) {
      fprintf(file, "%s %s %s %s\n", row.family.c_str(), row.name.c_str(), outcome,
              row.reason.c_str());
    }
  }
  if (file != nullptr) fclose(file);
}

}  // namespace test
}  // namespace qnnp
