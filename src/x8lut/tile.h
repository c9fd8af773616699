// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. Table is how an instruction set keeps 256 bytes and looks up a vector:
//   I            its byte lanes (isa/bytes.h)
//   Table(p)     from the 256 bytes
//   operator()   V -> V
#pragma once

#include "isa/byte_rows.h"
#include "x8lut/x8lut.h"

namespace qnnp {
namespace {

template <class Table>
void lut(const LutArgs& args) {
  using I = typename Table::I;
  const Table table(args.table);
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    map_bytes<I>(a, c, n, table);
  }
}

}  // namespace

#define QNNP_DEFINE_X8LUT(Table, isa) const LutKernel x8lut__##isa = {#isa, Isa::isa, lut<Table>};

}  // namespace qnnp
