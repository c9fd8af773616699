// SPDX-License-Identifier: BSD-3-Clause
// Which rows of the kernel tables a test program has executed. A kernel that no run has executed is
// a defect: main prints the matrix after the tests, and appends it to the file named by
// QNNP_KERNEL_MATRIX ("family row ran|skipped reason", one row a line), so that runs on several
// machines can be united.
#pragma once

#include "harness/checked_call.h"
#include "isa/cpu.h"

namespace qnnp {
namespace test {

// QNNP_TEST_ISA names it (a list with commas: for slow machines, where another run has the rest), or
// is not set.
bool isa_asked(Isa isa);

// Records the row; false when this processor lacks its instruction set, or it is not asked for: skip
// it. From then on a crash names this row.
bool kernel_runs(const char* family, const char* row, Isa isa);

// body(kernel) for every row of a family's table that this processor runs. Rows have .name and
// .isa. The body gets rows whose entries are checked calls, in a storm of signals (checked_call.h).
template <class Kernel, class Body>
void for_each_kernel(const char* family, Span<const Kernel* const> kernels, const Body& body) {
  start_signal_storm();
  for (const Kernel* kernel : kernels) {
    if (kernel_runs(family, kernel->name, kernel->isa)) body(checked_row(*kernel, 0));
  }
}

// What is running, for the message of a crash.
const char* running_kernel();
void print_kernel_matrix();

}  // namespace test
}  // namespace qnnp
