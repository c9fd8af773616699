// SPDX-License-Identifier: BSD-3-Clause
// The body of GEMM and convolution for instruction sets that multiply pairs of 16-bit numbers and
// add the two products (pmaddwd). A band of rows is widened to 16 bits once, into a buffer on the
// stack, and serves all columns: the inner loop is broadcasts of pairs, multiplications and
// additions, without a shuffle, a branch for the end of a row, or a difference between GEMM and
// convolution. An accumulator lane is one column: nothing is left to add at the end.
//
// Packed weights (SlotOrder::pairs) are, for every run and every two of its bytes, nr pairs, of 16
// bits or of 8 that are widened as they are loaded: half the stream of weights, which is what limits
// a single row, and a correction of every row for their zero point. Rows say how their runs are
// widened:
//   runs, length                            of a row
//   widen<I>(first, count, chunk, to, pitch)  `chunk` of rows first .. first + count, `pitch` words
//                                           apart; odd runs end with a word that weights of zero
//                                           meet
// Deeper rows than the buffer can hold are cut into chunks, with sums that stay 32 bits between
// them; they are widened again for every block of columns, which costs about 5 % of a block.
#pragma once

#include "q8gemm/chunks.h"
#include "q8gemm/q8gemm.h"
#include "q8gemm/store_wide.h"

namespace qnnp {
namespace {

constexpr size_t kBandWords = 32768;  // 64 KB of stack
constexpr size_t kPitchUnit = 16;     // words; one vector of 256 bits

// What a strip of tiles needs: they lie below each other in one block of columns.
struct Strip {
  const int16_t* a;
  size_t pitch;  // words
  size_t steps;  // pairs of a row
  const uint8_t* b;
  const int32_t* start;  // of the sums: bias (stride 0), or what earlier chunks gave
  size_t start_stride;
  const int32_t* corrections;  // of the sums, one a row, or nullptr
  const float* scale;
  int32_t* sums;  // where sums go that stay 32 bits wide, or nullptr
  uint8_t* c;
  size_t c_stride, columns;
};

// `tiles` tiles of MR rows and NV vectors of columns, in a block of BV vectors. kFull: the outputs
// are bytes in all these columns. Not inlined: one copy serves all callers.
template <class I, int MR, int NV, int BV, bool kFull>
__attribute__((noinline)) void strip(const Strip& first, size_t tiles,
                                     const typename I::Output& constants) {
  static_assert(MR <= 6, "two groups of three rows");
  constexpr int kNr = BV * I::kCols;
  constexpr size_t kVectorBytes = size_t{I::kCols} * 2 * code_bytes(I::kCode);
  constexpr size_t kStepBytes = BV * kVectorBytes;
  // Few rows are done before their weights have come from memory.
  constexpr size_t kAhead = MR <= 2 ? 2048 : 0;
  const typename I::Output output = constants;  // stores of bytes cannot alias locals
  Strip s = first;
  for (; tiles != 0; tiles--) {
    typename I::Acc acc[MR][NV];
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      unroll<NV>([&](auto j) QNNP_LAMBDA {
        acc[i][j] = I::load(s.start + i * s.start_stride + j * I::kCols);
      });
    });
    if constexpr (I::kCode != WeightCode::s16) {
      if (s.corrections != nullptr) {
        unroll<MR>([&](auto i) QNNP_LAMBDA {
          unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = I::add(acc[i][j], s.corrections[i]); });
        });
        s.corrections += MR;
      }
    }
    // Two pointers and one distance for all rows: a pointer for each would take too many
    // instructions to move.
    const int16_t* low = s.a;
    const int16_t* high = s.a + 3 * s.pitch;
    const uint8_t* b = s.b;
    for (const uint8_t* end = b + s.steps * kStepBytes; b != end; b += kStepBytes) {
      if (kAhead != 0) __builtin_prefetch(b + kAhead);
      typename I::Acc w[NV];
      unroll<NV>([&](auto j) QNNP_LAMBDA { w[j] = I::weights(b + j * kVectorBytes); });
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        const typename I::Acc a = I::pair((i < 3 ? low : high) + i % 3 * s.pitch);
        unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = I::dot(acc[i][j], a, w[j]); });
      });
      low += 2;
      high += 2;
      // Otherwise clang finds the addresses of the upper rows by additions to the lower ones.
      __asm__("" : "+r"(low), "+r"(high));
    }
    s.a += MR * s.pitch;
    s.start += MR * s.start_stride;
    if (kFull) {
      I::template store<MR, NV>(acc, s.scale, output, s.c, s.c_stride, size_t{NV} * I::kCols);
    } else if (s.sums == nullptr) {
      I::template store<MR, NV>(acc, s.scale, output, s.c, s.c_stride, s.columns);
    } else {
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        unroll<NV>([&](auto j)
                       QNNP_LAMBDA { I::save(s.sums + i * kNr + j * I::kCols, acc[i][j]); });
      });
      s.sums += MR * kNr;
    }
    s.c += MR * s.c_stride;
  }
}

// Tiles of `size` <= MR rows.
template <class I, int MR, int NV, int BV>
QNNP_INLINE void strip_of(const Strip& s, size_t size, size_t tiles,
                          const typename I::Output& output) {
  if constexpr (MR > 1) {
    if (size < MR) {
      strip_of<I, MR - 1, NV, BV>(s, size, tiles, output);
      return;
    }
  }
  if (s.sums == nullptr && s.columns == size_t{NV} * I::kCols) {
    strip<I, MR, NV, BV, true>(s, tiles, output);
  } else {
    strip<I, MR, NV, BV, false>(s, tiles, output);
  }
}

// A band of `rows` rows: spread evenly over the tiles, 49 rows are not 8 tiles of 6 and one of 1.
template <class I, int MR, int NV, int BV>
void band(Strip s, size_t rows, const typename I::Output& output) {
  if constexpr (NV > 1) {
    if (s.columns <= size_t{NV - 1} * I::kCols) {
      band<I, MR, NV - 1, BV>(s, rows, output);
      return;
    }
  }
  const size_t tiles = ceil_div(rows, MR), size = ceil_div(rows, tiles);
  const size_t smaller = tiles * size - rows, larger = tiles - smaller, done = larger * size;
  strip_of<I, MR, NV, BV>(s, size, larger, output);
  if (smaller == 0) return;
  s.a += done * s.pitch;
  s.start += done * s.start_stride;
  if (s.corrections != nullptr) s.corrections += done;
  if (s.sums != nullptr) s.sums += done * size_t{BV} * I::kCols;
  s.c += done * s.c_stride;
  strip_of<I, MR, NV, BV>(s, size - 1, smaller, output);
}

// What the weights' zero point costs: the sum of every widened row, times the factor.
template <class I>
__attribute__((noinline)) void correct_rows(const int16_t* words, size_t pitch, size_t count,
                                            size_t n, int32_t factor, int32_t* corrections) {
  for (size_t i = 0; i < count; i++, words += pitch) {
    corrections[i] = static_cast<int32_t>(I::sum(words, n) * static_cast<uint32_t>(factor));
  }
}

// All `count` rows against all columns of the panel.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void run_pairs(const Rows& rows, size_t count, const Panel& panel) {
  constexpr size_t kNr = NV * I::kCols;
  alignas(64) int16_t words[kBandWords];
  alignas(64) int32_t sums[kMaxRows * kNr];
  int32_t corrections[I::kCode == WeightCode::s16 ? 1 : kMaxRows];
  const bool corrects = I::kCode != WeightCode::s16 && panel.row_sum_factor != 0;
  const typename I::Output output(panel.output);
  const OutputKind kind = panel.output.kind;
  // At least two tiles of rows, or all.
  const size_t least_rows = min<size_t>(count, 2 * MR);
  const size_t most_words = kBandWords / least_rows / kPitchUnit * kPitchUnit - kPitchUnit;
  Chunks cut(rows.runs, round_up(rows.length, 2), most_words);
  const size_t pitch = round_up(cut.most, kPitchUnit) + kPitchUnit;
  const size_t most_rows = max(least_rows, kBandWords / pitch / MR * MR);
  for (size_t first = 0, size; first < count; first += size) {
    size = min(most_rows, count - first);
    const uint8_t* block = panel.weights;
    uint8_t* c = panel.c + first * panel.c_stride;
    for (size_t left = panel.columns; left != 0; left -= min(left, kNr)) {
      const int32_t* bias = reinterpret_cast<const int32_t*>(block);
      const float* scale = reinterpret_cast<const float*>(bias + kNr);
      Strip s = {words,
                 pitch,
                 0,
                 reinterpret_cast<const uint8_t*>(scale + kNr),
                 bias,
                 0,
                 corrects ? corrections : nullptr,
                 scale,
                 nullptr,
                 c,
                 panel.c_stride,
                 min(left, kNr)};
      bool last;
      cut.start();
      do {
        last = cut.last();
        // Where a deconvolution's kernel does not reach, there are no runs: the bias alone.
        if (rows.runs != 0 && (!cut.whole() || block == panel.weights)) {
          rows.template widen<I>(first, size, cut.chunk, words, pitch);
          if constexpr (I::kCode != WeightCode::s16) {
            if (corrects) {
              correct_rows<I>(words, pitch, size, cut.chunk.units, panel.row_sum_factor,
                              corrections);
            }
          }
        }
        s.steps = cut.chunk.units / 2;
        s.sums = last && kind == OutputKind::bytes ? nullptr : sums;
        band<I, MR, NV, NV>(s, size, output);
        s.b += cut.chunk.units * kNr * code_bytes(I::kCode);
        s.start = sums;
        s.start_stride = kNr;
        if (!last) cut.next();
      } while (!last);
      if (kind != OutputKind::bytes) {
        store_wide(sums, kNr, size, scale, kind, c, panel.c_stride, s.columns);
      }
      block += panel.block_bytes;
      c += kNr * element_bytes(kind);
    }
  }
}

// n bytes -> 16 bits, no byte past them read.
template <class I>
QNNP_INLINE void widen_run(const uint8_t* from, size_t n, uint8_t flip, int16_t* to) {
  const typename I::Flip mask = I::flip(flip);
  if (n >= I::kWide) {
    for (size_t i = 0; i + I::kWide <= n; i += I::kWide) I::widen(from + i, mask, to + i);
    if (n % I::kWide != 0) I::widen(from + n - I::kWide, mask, to + n - I::kWide);
    return;
  }
  I::widen_short(from, n, mask, to);
}

struct GemmPairRows {
  const uint8_t* a;
  size_t stride, length;
  uint8_t flip;
  static constexpr size_t runs = 1;

  template <class I>
  QNNP_INLINE void widen(size_t first, size_t count, const Chunk& chunk, int16_t* to,
                         size_t pitch) const {
    const uint8_t* from = a + first * stride + chunk.offset;
    const size_t n = min(chunk.units, length - chunk.offset);
    for (; count != 0; count--, from += stride, to += pitch) {
      widen_run<I>(from, n, flip, to);
      if (n % 2 != 0) to[n] = 0;
    }
  }
};

template <class I, int MR, int NR, bool kFlip>
void gemm_pairs(const GemmArgs& args) {
  const GemmPairRows rows = {args.a, args.a_stride, args.k, kFlip ? uint8_t{0x80} : uint8_t{0}};
  run_pairs<I, MR, NR / I::kCols>(rows, args.rows, args.panel);
}

template <class I>
constexpr TileFormat pair_format(int mr, int nr) {
  return {static_cast<uint8_t>(mr), static_cast<uint8_t>(nr), I::kStep, I::kCode, I::kOrder};
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8GEMM_PAIRS(Traits, isa, tile, mr, nr) \
  const GemmKernel q8gemm_##tile##__##isa = {               \
      #tile "__" #isa,                                      \
      Traits::kIsa,                                         \
      pair_format<Traits>(mr, nr),                          \
      {gemm_pairs<Traits, mr, nr, false>, gemm_pairs<Traits, mr, nr, true>}};

}  // namespace qnnp
