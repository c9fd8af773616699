// SPDX-License-Identifier: BSD-3-Clause
// AArch64 alone: AArch32 cannot hold the table in its registers.
#if defined(__aarch64__)
#include "isa/neon_bytes.h"
#include "isa/neon_table.h"
#include "x8lut/tile.h"

namespace qnnp {
namespace {

struct WholeTable : NeonTable<4> {
  using I = NeonBytes;
  using NeonTable<4>::NeonTable;
};

}  // namespace
QNNP_DEFINE_X8LUT(WholeTable, neon)
}  // namespace qnnp
#endif
