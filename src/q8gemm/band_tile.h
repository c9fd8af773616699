// SPDX-License-Identifier: BSD-3-Clause
// The body of GEMM and convolution for kernels that read packed rows (strips.h). A band of rows is
// copied once, into a buffer on the stack, as the multiplier wants them: signed, padded, bytes of
// neighbouring rows side by side. It serves all columns; kernels see two streams and nothing else.
//
// I, the traits of an instruction set (isa/neon_rows.h):
//   kIsa, kMr, kNr, kStep, kCode, kOrder, kRows   see TileFormat
//   Packer<R>(flip, to)   copies R rows, run after run:
//     add(p, n)           n bytes at each p[i]; <true>: up to 15 more may be read
//     add_lines           bytes picked from kLines lines of 16 bytes
//     finish(factor, to)  the rows' sums of bytes, times the factor
// Rows:
//   runs, length          of a row
//   start(first, chunk)   stands before row `first`
//   pack(packer)          the chunk of the next R rows
// Deeper rows than the buffer can hold are cut into chunks, with sums that stay 32 bits between
// them; they are copied again for every block of columns.
#pragma once

#include "q8gemm/chunks.h"
#include "q8gemm/q8gemm.h"
#include "q8gemm/store_wide.h"
#include "q8gemm/strips.h"

namespace qnnp {
namespace {

constexpr size_t kBandBytes = 65536;
constexpr size_t kBandSlack = 64;  // packers store whole vectors

template <class I, int R, class Rows>
QNNP_INLINE void pack_tile(Rows& rows, uint8_t flip, int32_t factor, uint8_t*& to,
                           int32_t*& corrections) {
  typename I::template Packer<R> packer(flip, to);
  rows.pack(packer);
  packer.finish(factor, corrections);
  to = packer.to;
  corrections += R;
}

// `count` rows from `first`: fours, then what is left.
template <class I, class Rows>
__attribute__((noinline)) void pack_band(Rows& rows, size_t first, size_t count, const Chunk& chunk,
                                         uint8_t flip, int32_t factor, uint8_t* to,
                                         int32_t* corrections) {
  rows.start(first, chunk);
  for (size_t fours = count / 4; fours != 0; fours--) {
    pack_tile<I, 4>(rows, flip, factor, to, corrections);
  }
  if (count & 2) pack_tile<I, 2>(rows, flip, factor, to, corrections);
  if (count & 1) pack_tile<I, 1>(rows, flip, factor, to, corrections);
}

// `tiles` tiles of `mr` rows; s moves behind them.
QNNP_INLINE void run_tiles(Strip& s, StripKernel kernel, size_t mr, size_t tiles, size_t row_bytes,
                           size_t nr) {
  if (tiles == 0) return;
  s.tiles = tiles;
  kernel(&s);
  const size_t rows = tiles * mr;
  s.a += rows * row_bytes;
  if (s.start != nullptr) s.start += rows * nr;
  s.corrections += rows;
  if (s.sums != nullptr) s.sums += rows * nr;
  s.c += rows * s.c_stride;
}

template <class I>
QNNP_INLINE void run_strips(Strip s, const StripKernels& kernels, size_t rows, size_t columns) {
  const size_t row_bytes = s.steps * I::kStep;
  if constexpr (I::kMr == 8) {
    run_tiles(s, kernels.rows8, 8, rows / 8, row_bytes, I::kNr);
    rows %= 8;
  }
  const bool half = 2 * columns <= I::kNr && kernels.rows4_half != nullptr;
  run_tiles(s, half ? kernels.rows4_half : kernels.rows4, 4, rows / 4, row_bytes, I::kNr);
  run_tiles(s, kernels.rows2, 2, rows / 2 % 2, row_bytes, I::kNr);
  run_tiles(s, kernels.rows1, 1, rows % 2, row_bytes, I::kNr);
}

QNNP_INLINE Strip make_strip(const OutputParams& output) {
  const auto twice = [](uint8_t byte) { return static_cast<uint16_t>(byte * 0x101); };
  Strip s = {};
  s.zero_point = static_cast<uint16_t>(output.zero_point);
  s.low = twice(lowest_byte(output));
  s.high = twice(highest_byte(output));
  s.flip = twice(output.flip);
  return s;
}

// All `count` rows against all columns of the panel. Not inlined: one for assembly and its twin, for
// signed data and unsigned.
template <class I, class Rows>
__attribute__((noinline)) void run_band(Rows& rows, size_t count, const Panel& panel, uint8_t flip,
                                        const StripKernels& kernels) {
  constexpr size_t kNr = I::kNr;
  alignas(64) uint8_t band[kBandBytes + kBandSlack];
  alignas(64) int32_t sums[kMaxRows * kNr];
  alignas(64) int32_t corrections[kMaxRows] = {};
  uint8_t narrow[kMaxRows * kNr];  // where the last block has less than kNr columns
  const OutputKind kind = panel.output.kind;
  Chunks cut(rows.runs, round_up(rows.length, I::kStep), kBandBytes / I::kMr);
  const size_t most_rows =
      cut.most == 0 ? count : min(kBandBytes / cut.most / I::kMr * I::kMr, kMaxRows);
  Strip s = make_strip(panel.output);
  for (size_t first = 0, size; first < count; first += size) {
    size = min(most_rows, count - first);
    const uint8_t* block = panel.weights;
    uint8_t* c = panel.c + first * panel.c_stride;
    for (size_t left = panel.columns; left != 0;) {
      const size_t columns = min(left, kNr);
      const bool narrower = columns < kNr && kind == OutputKind::bytes;
      s.a = band;
      s.block = block;
      s.weights = block + 8 * kNr;
      s.start = nullptr;
      s.corrections = corrections;
      s.c = narrower ? narrow : c;
      s.c_stride = narrower ? kNr : panel.c_stride;
      bool last;
      cut.start();
      do {
        last = cut.last();
        // Where a deconvolution's kernel does not reach, there are no runs: the bias alone.
        if (rows.runs != 0 && (!cut.whole() || block == panel.weights)) {
          pack_band<I>(rows, first, size, cut.chunk, flip, panel.row_sum_factor, band, corrections);
        }
        s.steps = cut.chunk.units / I::kStep;
        s.sums = last && kind == OutputKind::bytes ? nullptr : sums;
        run_strips<I>(s, kernels, size, columns);
        s.weights += cut.chunk.units * kNr;
        s.start = sums;
        if (!last) cut.next();
      } while (!last);
      if (kind != OutputKind::bytes) {
        store_wide(sums, kNr, size, reinterpret_cast<const float*>(block + 4 * kNr), kind, c,
                   panel.c_stride, columns);
      } else if (narrower) {
        for (size_t i = 0; i < size; i++) {
          I::store_short(c + i * panel.c_stride, narrow + i * kNr, columns);
        }
      }
      block += panel.block_bytes;
      c += kNr * element_bytes(kind);
      left -= columns;
    }
  }
}

struct GemmBandRows {
  const uint8_t* a;
  const size_t stride, length;
  static constexpr size_t runs = 1;
  const uint8_t* next = nullptr;
  size_t n = 0;

  QNNP_INLINE void start(size_t first, const Chunk& chunk) {
    next = a + first * stride + chunk.offset;
    n = min(chunk.units, length - chunk.offset);
  }
  template <class Packer>
  QNNP_INLINE void pack(Packer& packer) {
    const uint8_t* p[Packer::kRows];
    unroll<Packer::kRows>([&](auto i) QNNP_LAMBDA {
      p[i] = next;
      next += stride;
    });
    packer.add(p, n);
  }
};

template <class I, const StripKernels& kKernels, bool kFlip>
void gemm_band(const GemmArgs& args) {
  GemmBandRows rows{args.a, args.a_stride, args.k};
  run_band<I>(rows, args.rows, args.panel, kFlip ? 0x80 : 0, kKernels);
}

template <class I>
constexpr TileFormat band_format() {
  return {I::kMr, I::kNr, I::kStep, I::kCode, I::kOrder, I::kRows};
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8GEMM_BAND(Traits, isa, tile, strips) \
  QNNP_DEFINE_Q8GEMM_BAND_FOR(any, Traits, isa, tile, strips)
#define QNNP_DEFINE_Q8GEMM_BAND_FOR(core, Traits, isa, tile, strips)       \
  const GemmKernel q8gemm_##tile##__##isa = {                              \
      #tile "__" #isa,                                                     \
      Traits::kIsa,                                                        \
      band_format<Traits>(),                                               \
      {gemm_band<Traits, strips, false>, gemm_band<Traits, strips, true>}, \
      Core::core};

}  // namespace qnnp
