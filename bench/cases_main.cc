// SPDX-License-Identifier: BSD-3-Clause
// main of a program that times one group of cases: QNNP_BENCH_CASES is the group.
#include "cases.h"

int main(int argc, char** argv) {
  using namespace qnnp::bench;
#define QNNP_NAME_OF(group) QNNP_TEXT(group)
#define QNNP_TEXT(group) #group
  return run_cases(argc, argv, QNNP_NAME_OF(QNNP_BENCH_CASES), QNNP_BENCH_CASES());
}
