// SPDX-License-Identifier: BSD-3-Clause
// The one body. An output depends on its byte's distance from the largest only, so that a row has
// at most 256 different quotients, and no more than n of them: a short row divides for each byte, a
// long one makes a table of bytes first. Lookup is how an instruction set reads that table:
//   run(args, outputs, count)  y_i = outputs[nearest - x_i] ^ y_flip; from `count` on outputs are 0
#pragma once

#include "u8lut32norm/u8lut32norm.h"

namespace qnnp {
namespace {

constexpr size_t kShortRow = 64;

// Plain loads on every instruction set: a gather is no faster (measured, Zen 3). The empty assembly
// keeps compilers from vectorizing the loop, which they do with an insertion for every byte.
QNNP_INLINE uint64_t sum_of_table(const LutNormArgs& args) {
  const uint8_t nearest = args.nearest();
  uint64_t sum = 0;
  for (size_t i = 0; i < args.n; i++) {
    sum += args.table[static_cast<uint8_t>(nearest - args.x[i])];
    __asm__("" : "+r"(sum));
  }
  return sum;
}

QNNP_INLINE uint8_t normalized(uint32_t entry, uint64_t sum) {
  return static_cast<uint8_t>(min<uint64_t>(255, ((uint64_t{entry} << 8) + sum / 2) / sum));
}

template <class Lookup>
void normalize(const LutNormArgs& args) {
  const uint64_t sum = sum_of_table(args);
  if (args.n < kShortRow) {
    const uint8_t nearest = args.nearest();
    for (size_t i = 0; i < args.n; i++) {
      const uint8_t distance = static_cast<uint8_t>(nearest - args.x[i]);
      args.y[i] = normalized(args.table[distance], sum) ^ args.y_flip;
    }
    return;
  }
  alignas(64) uint8_t outputs[256] = {};
  size_t count = 0;
  // largest is the largest distance there can be; the table does not increase.
  for (; count <= args.largest; count++) {
    outputs[count] = normalized(args.table[count], sum);
    if (outputs[count] == 0) break;
  }
  Lookup::run(args, outputs, count);
}

}  // namespace

#define QNNP_DEFINE_U8LUT32NORM(Lookup, isa) \
  const LutNormKernel u8lut32norm__##isa = {#isa, Isa::isa, normalize<Lookup>};

}  // namespace qnnp
