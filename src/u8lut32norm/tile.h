// SPDX-License-Identifier: BSD-3-Clause
// The one body. An output depends on its byte's distance from the largest only, so that a row has
// at most 256 different quotients, and no more than n of them: a short row divides for each byte, a
// long one makes a table of bytes first. Steps is how an instruction set does it, PlainSteps all but
// the last:
//   kShortRow                      where rows begin to be long
//   sum(args)                      of the table's entries
//   divide(args, sum, outputs)     fills outputs, 256 zeros, up to what args.largest reaches; returns
//                                  from where on they are 0
//   lookup(args, outputs, count)   y_i = outputs[nearest - x_i] ^ y_flip
#pragma once

#include "isa/short_loads.h"
#include "u8lut32norm/u8lut32norm.h"

namespace qnnp {
namespace {

// Plain loads on every instruction set: a gather is no faster (measured, Zen 3). Eight distances at
// once: no byte is above the largest, so no difference borrows from its neighbour. Two sums, because
// a chain of 64-bit additions would take a cycle for each byte.
QNNP_INLINE uint64_t sum_of_table(const LutNormArgs& args) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint32_t* const table = args.table;
  const uint64_t largest = args.largest * kEach, flip = args.x_flip * kEach;
  uint64_t sum[2] = {0, 0};
  size_t i = 0;
  for (; i + 8 <= args.n; i += 8) {
    uint64_t distances = largest - (load_u64(args.x + i) ^ flip);
    for (int pair = 0; pair < 4; pair++, distances >>= 16) {
      sum[0] += table[static_cast<uint8_t>(distances)];
      sum[1] += table[static_cast<uint8_t>(distances >> 8)];
    }
  }
  const uint8_t nearest = args.nearest();
  for (; i < args.n; i++) sum[0] += table[static_cast<uint8_t>(nearest - args.x[i])];
  return sum[0] + sum[1];
}

QNNP_INLINE uint8_t normalized(uint32_t entry, uint64_t sum) {
  return static_cast<uint8_t>(min<uint64_t>(255, ((uint64_t{entry} << 8) + sum / 2) / sum));
}

struct PlainSteps {
  static constexpr size_t kShortRow = 64;

  static QNNP_INLINE uint64_t sum(const LutNormArgs& args) { return sum_of_table(args); }
  static QNNP_INLINE size_t divide(const LutNormArgs& args, uint64_t sum, uint8_t* outputs) {
    size_t count = 0;
    // largest is the largest distance there can be; the table does not increase.
    for (; count <= args.largest; count++) {
      outputs[count] = normalized(args.table[count], sum);
      if (outputs[count] == 0) break;
    }
    return count;
  }
};

template <class Steps>
void normalize(const LutNormArgs& args) {
  const uint64_t sum = Steps::sum(args);
  if (args.n < Steps::kShortRow) {
    const uint8_t nearest = args.nearest();
    for (size_t i = 0; i < args.n; i++) {
      const uint8_t distance = static_cast<uint8_t>(nearest - args.x[i]);
      args.y[i] = normalized(args.table[distance], sum) ^ args.y_flip;
    }
    return;
  }
  alignas(64) uint8_t outputs[256] = {};
  const size_t count = Steps::divide(args, sum, outputs);
  Steps::lookup(args, outputs, count);
}

}  // namespace

#define QNNP_DEFINE_U8LUT32NORM(Steps, isa) \
  const LutNormKernel u8lut32norm__##isa = {#isa, Isa::isa, normalize<Steps>};

}  // namespace qnnp
