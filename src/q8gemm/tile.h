// SPDX-License-Identifier: BSD-3-Clause
// The body of GEMM and convolution (pair_tile.h has that of pmaddwd): an mr x nr tile of
// accumulators that stays in registers, over rows that come as runs. A run is a contiguous piece of
// every row; a GEMM's row is one run, a convolution's is one per tap or kernel row. Packed weights
// have ceil(length / step) steps per run: the last one starts at length - step and meets zero
// weights where it overlaps, so that no byte past the run is read (runs shorter than a step are
// loaded byte by byte).
//
// Rows (GemmRows below, ConvRows in q8conv/rows.h) says where rows are:
//   length                  bytes of a run
//   start(first, count, p)  stands before the first run of rows first .. first + count; addresses
//                           past count repeat the last row
//   next(p)                 puts the next run's addresses in p; false when there is none
//   run                     number of that run
// and what a convolution's padding leads to:
//   kSkips                  runs that are padding in all rows of a tile may be left out
//   skip()                  after start: leaves them out; false when there are none
//   add_skipped(...)        bias + their share of the sums, which the bias takes off again
//   segments, end(segment)  rows that share such runs lie together; tiles do not cross their ends
//   place(i)                where row i's output goes
#pragma once

#include "q8gemm/q8gemm.h"
#include "q8gemm/store_wide.h"

namespace qnnp {
namespace {

struct GemmRows {
  const uint8_t* a;
  size_t stride;
  size_t length;
  size_t rows;
  bool pending = false;
  static constexpr bool kSkips = false;
  static constexpr size_t run = 0, segments = 1;

  QNNP_INLINE size_t end(size_t) const { return rows; }
  QNNP_INLINE size_t place(size_t row) const { return row; }

  template <int MR>
  QNNP_INLINE void start(size_t first, size_t count, const uint8_t* (&p)[MR]) {
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      p[i] = a + (first + min<size_t>(i, count - 1)) * stride;
      // Where clang knows that rows are a stride apart, it finds every address by an addition to the
      // one before, an instruction per row and step.
      __asm__("" : "+r"(p[i]));
    });
    pending = true;
  }
  template <int MR>
  QNNP_INLINE bool next(const uint8_t* (&)[MR]) {
    const bool had = pending;
    pending = false;
    return had;
  }
};

template <class I, int MR, int NV>
QNNP_INLINE void accumulate_run(typename I::Acc (&acc)[MR][NV], const uint8_t* const (&p)[MR],
                                size_t length, const uint8_t* b) {
  constexpr size_t kStep = I::kStep;
  constexpr size_t kStepBytes = kStep * NV * I::kCols * code_bytes(I::kCode);
  const auto load = [](const uint8_t* q) QNNP_LAMBDA { return I::load_full(q); };
  size_t k = 0;
  for (; k + kStep <= length; k += kStep) {
    I::step(acc, p, k, b, load);
    b += kStepBytes;
  }
  if (k == length) return;
  if (length >= kStep) {
    I::step(acc, p, length - kStep, b, load);
  } else {
    I::step(acc, p, 0, b,
            [length](const uint8_t* q) QNNP_LAMBDA { return I::load_short(q, length); });
  }
}

// What all tiles of a panel share, in local variables: stores of bytes may alias anything the
// compiler cannot see through.
template <class I>
struct TilePanel {
  typename I::Output output;
  OutputKind kind;
  size_t c_stride;
  const int32_t* corrections;  // per row, or nullptr
};

// `count` <= MR rows from `first` against one block of packed weights: NV * kCols columns, of which
// `columns` are stored.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void tile(Rows& rows, size_t first, size_t count, const TilePanel<I>& panel,
                      const uint8_t* block, uint8_t* c, size_t columns) {
  constexpr int kNr = NV * I::kCols;
  const int32_t* bias = reinterpret_cast<const int32_t*>(block);
  const float* scale = reinterpret_cast<const float*>(bias + kNr);
  const uint8_t* const weights = reinterpret_cast<const uint8_t*>(scale + kNr);
  const size_t run_bytes =
      ceil_div(rows.length, I::kStep) * size_t{I::kStep} * kNr * code_bytes(I::kCode);

  const uint8_t* p[MR];
  rows.start(first, count, p);
  alignas(64) int32_t without_padding[Rows::kSkips ? kNr : 1];
  if constexpr (Rows::kSkips) {
    if (rows.skip()) {
      rows.add_skipped(bias, reinterpret_cast<const int32_t*>(weights + rows.runs * run_bytes), kNr,
                       without_padding);
      bias = without_padding;
    }
  }
  typename I::Acc acc[MR][NV];
  unroll<NV>([&](auto j) QNNP_LAMBDA {
    const typename I::Acc start = I::bias(bias + j * I::kCols);
    unroll<MR>([&](auto i) QNNP_LAMBDA { acc[i][j] = start; });
  });
  if (I::kCode != WeightCode::s16 && panel.corrections != nullptr) {
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const int32_t correction = panel.corrections[first + min<size_t>(i, count - 1)];
      unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = I::add(acc[i][j], correction); });
    });
  }
  while (rows.next(p)) accumulate_run<I>(acc, p, rows.length, weights + rows.run * run_bytes);
  if (panel.kind == OutputKind::bytes) {
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      if (static_cast<size_t>(i) < count) {
        I::template store<NV>(acc[i], scale, panel.output,
                              c + rows.place(first + i) * panel.c_stride, columns);
      }
    });
  } else {
    int32_t sums[MR][kNr];
    unroll<MR>([&](auto i) QNNP_LAMBDA { I::template spill<NV>(acc[i], sums[i]); });
    for (size_t i = 0; i < count; i++) {
      store_wide(sums[i], kNr, 1, scale, panel.kind, c + rows.place(first + i) * panel.c_stride,
                 panel.c_stride, columns);
    }
  }
}

// A tile of just `count` rows, or of the next size that is instantiated: all up to 8 rows,
// multiples of 4 above.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void tile_of(Rows& rows, size_t first, size_t count, const TilePanel<I>& panel,
                         const uint8_t* block, uint8_t* c, size_t columns) {
  constexpr int kSmaller = MR > 8 ? MR - 4 : MR - 1;
  if constexpr (kSmaller > 0) {
    if (count <= kSmaller) {
      tile_of<I, kSmaller, NV>(rows, first, count, panel, block, c, columns);
      return;
    }
  }
  tile<I, MR, NV>(rows, first, count, panel, block, c, columns);
}

// What the weights' zero point costs: the sum of every row, times the factor. A few rows at a time
// hide the latency of the reductions.
template <class I, class Rows>
QNNP_INLINE void sum_rows(Rows& rows, size_t count, int32_t factor, int32_t* sums) {
  constexpr int kTogether = 4;
  for (size_t first = 0; first < count; first += kTogether) {
    const size_t size = min<size_t>(kTogether, count - first);
    typename I::Sum acc[kTogether];
    unroll<kTogether>([&](auto i) QNNP_LAMBDA { acc[i] = I::no_sum(); });
    const uint8_t* p[kTogether];
    rows.start(first, size, p);
    while (rows.next(p)) {
      unroll<kTogether>([&](auto i) QNNP_LAMBDA { acc[i] = I::sum(acc[i], p[i], rows.length); });
    }
    unroll<kTogether>([&](auto i) QNNP_LAMBDA {
      const uint32_t product = I::total(acc[i]) * static_cast<uint32_t>(factor);
      if (i < size) sums[first + i] = static_cast<int32_t>(product);
    });
  }
}

// All `count` rows against all columns of the panel. The rows of a segment are spread evenly over
// its tiles: 49 rows are not 8 tiles of 6 and one of 1.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void run_panel(Rows& rows, size_t count, const Panel& panel) {
  constexpr size_t kNr = NV * I::kCols;
  int32_t sums[I::kCode == WeightCode::s16 ? 1 : kMaxRows];
  const int32_t* corrections = nullptr;
  if constexpr (I::kCode != WeightCode::s16) {
    if (panel.row_sum_factor != 0) {
      sum_rows<I>(rows, count, panel.row_sum_factor, sums);
      corrections = sums;
    }
  }
  const TilePanel<I> shared = {typename I::Output(panel.output), panel.output.kind, panel.c_stride,
                               corrections};
  const uint8_t* block = panel.weights;
  uint8_t* c = panel.c;
  for (size_t left = panel.columns; left != 0; left -= min(left, kNr)) {
    size_t first = 0;
    for (size_t segment = 0; segment < rows.segments; segment++) {
      const size_t end = rows.end(segment);
      for (size_t tiles = ceil_div(end - first, MR); tiles != 0; tiles--) {
        const size_t size = ceil_div(end - first, tiles);
        tile_of<I, MR, NV>(rows, first, size, shared, block, c, min(left, kNr));
        first += size;
      }
    }
    block += panel.block_bytes;
    c += kNr * element_bytes(shared.kind);
  }
}

template <class I, int MR, int NR>
void gemm(const GemmArgs& args) {
  GemmRows rows{args.a, args.a_stride, args.k, args.rows};
  run_panel<I, MR, NR / I::kCols>(rows, args.rows, args.panel);
}

template <class I>
constexpr TileFormat tile_format(int mr, int nr) {
  return {static_cast<uint8_t>(mr), static_cast<uint8_t>(nr), I::kStep, I::kCode, I::kOrder};
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8GEMM(Traits, isa, mr, nr)    \
  const GemmKernel q8gemm_##mr##x##nr##__##isa = { \
      #mr "x" #nr "__" #isa,                       \
      Traits<false>::kIsa,                         \
      tile_format<Traits<false>>(mr, nr),          \
      {gemm<Traits<false>, mr, nr>, gemm<Traits<true>, mr, nr>}};

}  // namespace qnnp
