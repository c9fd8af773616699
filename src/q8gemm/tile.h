// SPDX-License-Identifier: BSD-3-Clause
// The body of GEMM and convolution (pair_tile.h has that of pmaddwd): an mr x nr tile of
// accumulators that stays in registers, over rows that come as runs. A run is a contiguous piece of
// every row; a GEMM's row is one run, a convolution's is one per tap or kernel row. Packed weights
// have ceil(length / step) steps per run: the last one starts at length - step and meets zero
// weights where it overlaps, so that no byte past the run is read (runs shorter than a step are
// copied byte by byte, short_rows.h).
//
// Rows (GemmRows below, ConvRows in q8conv/rows.h) says where rows are:
//   length                  bytes of a run; of a shorter one than a step, zeros follow
//   Pointers<MR>            to MR rows: row(i); advance(bytes)
//   start(first, p)         stands before the first run of the rows from `first`
//   find(), more()          finds where some of the runs are; whether there are others behind them
//   next(p)                 puts the next run's addresses in p; false when no other is found yet
//   run                     number of that run
//   sum<I>(n, factor, sums) the sums of n rows, times the factor, if it knows a shorter way
// and what a convolution's padding leads to:
//   kSkips                  runs that are padding in all rows of a tile may be left out
//   skip()                  after start: leaves them out; false when there are none
//   add_skipped(...)        bias + their share of the sums, which the bias takes off again
//   segments, end(segment)  rows that share such runs lie together; tiles do not cross their ends
//   place(first, c, stride) next(): where the output of `first` goes, of the row after it, ...
#pragma once

#include "q8gemm/q8gemm.h"
#include "q8gemm/short_rows.h"
#include "q8gemm/store_wide.h"
#include "q8gemm/turned_rows.h"

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

  struct Place {
    uint8_t* c;
    size_t stride;
    QNNP_INLINE uint8_t* next() {
      uint8_t* const row = c;
      c += stride;
      return row;
    }
  };
  QNNP_INLINE Place place(size_t first, uint8_t* c, size_t c_stride) const {
    return {c + first * c_stride, c_stride};
  }

  // A pointer to every third row and the distance to the two behind it: pointers to all of a high
  // tile's rows would be loaded from the stack in every step.
  template <int MR>
  struct Pointers {
    const uint8_t* third[ceil_div(MR, 3)];
    size_t stride;

    QNNP_INLINE const uint8_t* row(int i) const { return third[i / 3] + i % 3 * stride; }
    QNNP_INLINE void set(const uint8_t* first, size_t distance) {
      stride = distance;
      unroll<ceil_div(MR, 3)>([&](auto i) QNNP_LAMBDA {
        third[i] = i == 0 ? first : third[max(i - 1, 0)] + 3 * distance;
        // Where clang knows the distance of two pointers, it finds one by an addition to the other.
        __asm__("" : "+r"(third[i]));
      });
    }
    QNNP_INLINE void advance(size_t bytes) {
      unroll<ceil_div(MR, 3)>([&](auto i) QNNP_LAMBDA { third[i] += bytes; });
    }
  };

  template <int MR>
  QNNP_INLINE void start(size_t first, Pointers<MR>& p) {
    p.set(a + first * stride, stride);
    pending = true;
  }
  QNNP_INLINE void find() {}
  template <class I>
  QNNP_INLINE bool sum(size_t, int32_t, int32_t*) {
    return false;
  }
  QNNP_INLINE bool more() const { return false; }
  template <int MR>
  QNNP_INLINE bool next(Pointers<MR>&) {
    bool had = pending;
    pending = false;
    // gcc must not know that there is one run: it would keep a second copy of all accumulators.
    __asm__("" : "+r"(had));
    return had;
  }
};

// The last step is part of the loop: a copy of it beside the loop would double the code. Low tiles
// do several whole steps a turn: their addresses are offsets to the same pointers. High ones would
// need more pointers than there are registers.
template <class I, int MR, int NV, class Pointers>
QNNP_INLINE void accumulate_run(typename I::Acc (&acc)[MR][NV], Pointers p, size_t length,
                                const uint8_t* b, size_t step_bytes) {
  constexpr size_t kStep = I::kStep;
  length = max(length, kStep);  // shorter runs are lengthened
  constexpr int kTogether = MR <= 6 ? I::kStepsTogether : 1;
  if constexpr (kTogether > 1) {
    for (; length >= kTogether * kStep; length -= kTogether * kStep) {
      unroll<kTogether>([&](auto) QNNP_LAMBDA {
        I::step(acc, p, b);
        p.advance(kStep);
        b += step_bytes;
      });
    }
    if (length == 0) return;
    if (length < kStep) {
      p.advance(length - kStep);  // back
      length = kStep;
    }
  }
  for (size_t left = length - kStep;; b += step_bytes) {
    I::step(acc, p, b);
    if (left == 0) break;
    const size_t bytes = kStep == 1 ? 1 : min(left, kStep);
    p.advance(bytes);
    left -= bytes;
  }
}

// What all tiles of a panel share.
template <class I>
struct TilePanel {
  typename I::Output output;
  OutputKind kind;
  size_t c_stride;
  const int32_t* corrections;  // per row, or nullptr
};

// Some columns of a block of packed weights, and where they go.
struct Columns {
  const int32_t* bias;
  const float* scale;
  const uint8_t* weights;
  size_t nr, step_bytes, run_bytes;  // of the block
  size_t count;
  uint8_t* c;
  bool bounded;  // products with the scales are below 2^31
};

// The rows of a tile from number I0 on, as many at a time as become bytes together.
template <class I, int MR, int NV, int I0 = 0, class Place>
QNNP_INLINE void store_rows(const typename I::Acc (&acc)[MR][NV], const typename I::Output& output,
                            const float* scale, Place& place, size_t n) {
  constexpr int kTogether = min(MR - I0, max(I::kStoredVectors / NV, 1));
  typename I::Acc group[kTogether][NV];
  uint8_t* c[kTogether];
  unroll<kTogether>([&](auto i) QNNP_LAMBDA {
    c[i] = place.next();
    unroll<NV>([&](auto j) QNNP_LAMBDA { group[i][j] = acc[I0 + i][j]; });
  });
  I::store(group, scale, output, c, n);
  if constexpr (I0 + kTogether < MR) {
    store_rows<I, MR, NV, I0 + kTogether>(acc, output, scale, place, n);
  }
}

// What is no bytes, and products that must be limited: seldom, so not inlined.
template <class I>
__attribute__((noinline)) void store_row(const int32_t* sums, size_t nr, const TilePanel<I>& panel,
                                         const Columns& columns, uint8_t* c) {
  if constexpr (I::kBounded) {
    if (panel.kind == OutputKind::bytes) {
      for (size_t j = 0; j < columns.count; j += I::kCols) {
        I::store_limited(sums + j, columns.scale + j, panel.output, c + j, columns.count - j);
      }
      return;
    }
  }
  store_wide(sums, nr, 1, columns.scale, panel.kind, c, panel.c_stride, columns.count);
}

// MR rows from `first`.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void tile(Rows& rows, size_t first, const TilePanel<I>& panel, const Columns& columns) {
  constexpr int kNr = NV * I::kCols;
  const int32_t* bias = columns.bias;
  typename Rows::template Pointers<MR> p;
  rows.start(first, p);
  alignas(64) int32_t without_padding[Rows::kSkips ? kNr : 1];
  if constexpr (Rows::kSkips) {
    if (rows.skip()) {
      const uint8_t* run_sums = columns.weights + rows.runs * columns.run_bytes;
      rows.add_skipped(bias, reinterpret_cast<const int32_t*>(run_sums), columns.nr, kNr,
                       without_padding);
      bias = without_padding;
    }
  }
  rows.find();
  typename I::Acc acc[MR][NV];
  unroll<NV>([&](auto j) QNNP_LAMBDA {
    const typename I::Acc start = I::bias(bias + j * I::kCols);
    unroll<MR>([&](auto i) QNNP_LAMBDA { acc[i][j] = start; });
  });
  if (I::kCode != WeightCode::s16 && panel.corrections != nullptr) {
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const int32_t correction = panel.corrections[first + i];
      unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = I::add(acc[i][j], correction); });
    });
  }
  const size_t step_bytes =
      I::kNarrows ? columns.step_bytes : I::kStep * kNr * code_bytes(I::kCode);
  while (true) {
    while (rows.next(p)) {
      const uint8_t* weights = columns.weights + rows.run * columns.run_bytes;
      accumulate_run<I>(acc, p, rows.length, weights, step_bytes);
    }
    if (!rows.more()) break;
    rows.find();
  }
  auto place = rows.place(first, columns.c, panel.c_stride);
  if (panel.kind == OutputKind::bytes && columns.bounded) {
    // A copy here: its vectors are loaded when the accumulators need no more registers.
    const typename I::Output output = panel.output;
    store_rows<I>(acc, output, columns.scale, place, columns.count);
  } else {
    int32_t sums[MR][kNr];
    unroll<MR>([&](auto i) QNNP_LAMBDA { I::template spill<NV>(acc[i], sums[i]); });
#pragma GCC unroll 1
    for (size_t i = 0; i < MR; i++) store_row<I>(sums[i], kNr, panel, columns, place.next());
  }
}

// The rows from `first` to `end`, at least MR: the last tile overlaps the one before. Not inlined:
// kernels share them, and `panel` stays in memory, out of the registers that the loop needs.
template <class I, int MR, int NV, class Rows>
__attribute__((noinline)) void strip(Rows& rows, size_t first, size_t end,
                                     const TilePanel<I>& panel, const Columns& columns) {
  for (; first < end; first += MR) {
    tile<I, MR, NV>(rows, min(first, end - MR), panel, columns);
  }
}

// The sizes that tiles are instantiated for: 1, 2, 4, 5, 6, 8, 16 and those of the table.
constexpr int smaller_size(int mr) {
  return mr > 16 ? 16 : mr > 8 ? 8 : mr == 6 ? 5 : mr > 4 ? 4 : mr / 2;
}

// Tiles of `size` rows, or of the next smaller size that there is.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void strip_of(Rows& rows, size_t first, size_t end, size_t size,
                          const TilePanel<I>& panel, const Columns& columns) {
  constexpr int kSmaller = smaller_size(MR);
  if constexpr (kSmaller > 0) {
    if (size < MR) {
      strip_of<I, kSmaller, NV>(rows, first, end, size, panel, columns);
      return;
    }
  }
  strip<I, MR, NV>(rows, first, end, panel, columns);
}

// All rows against some columns. Low tiles share the rows of a segment evenly: 49 rows are not 8
// tiles of 6 and one of 1, which would be bound by loads. Behind high ones comes what is left.
template <class I, int MR, int NV, class Rows>
__attribute__((noinline)) void run_columns(Rows& rows, const TilePanel<I>& panel,
                                           const Columns& columns) {
  size_t first = 0;
  for (size_t segment = 0; segment < rows.segments; segment++) {
    const size_t end = rows.end(segment), count = end - first;
    const size_t tiles = ceil_div(count, MR), size = MR > 8 ? MR : ceil_div(count, tiles);
    const size_t whole = MR > 8 ? count / MR : tiles - (tiles * size - count);
    const size_t rest = first + whole * size;
    if (whole != 0) strip_of<I, MR, NV>(rows, first, rest, size, panel, columns);
    if (rest != end) {
      strip_of<I, MR, NV>(rows, rest, end, MR > 8 ? end - rest : size - 1, panel, columns);
    }
    first = end;
  }
}

// The columns of a block. Half as many, or less, get a tile of half the width and more height.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void run_block(Rows& rows, const TilePanel<I>& panel, Columns columns) {
  constexpr size_t kHalf = NV / 2 * I::kCols;
  if constexpr (I::kNarrows && NV > 1) {
    constexpr int kHigher = I::rows_of(NV / 2);
    // 33 to 48 of 64 are 32 and the rest.
    if (columns.count <= kHalf + kHalf / 2 / I::kCols * I::kCols) {
      Columns part = columns;
      part.count = min(columns.count, kHalf);
      run_block<I, kHigher, NV / 2>(rows, panel, part);
      if (columns.count <= kHalf) return;
      part.count = columns.count - kHalf;
      part.bias += kHalf;
      part.scale += kHalf;
      part.weights += kHalf * I::kStep * code_bytes(I::kCode);
      part.c += kHalf * element_bytes(panel.kind);
      run_block<I, kHigher, NV / 2>(rows, panel, part);
      return;
    }
  }
  run_columns<I, MR, NV>(rows, panel, columns);
}

constexpr size_t kSumsTogether = 16;  // of I::sum_short

// What the weights' zero point costs: the sum of every row, times the factor. Four rows at a time
// hide the latency of the reductions.
template <class I, int R, class Rows>
QNNP_INLINE void sum_some_rows(Rows& rows, size_t first, int32_t factor, int32_t* sums) {
  typename I::Sum acc[4];
  unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = I::no_sum(); });
  typename Rows::template Pointers<R> p;
  rows.start(first, p);
  size_t bytes = 0;
  do {
    rows.find();
    for (; rows.next(p); bytes += rows.length) I::template sum<R>(acc, p, rows.length);
  } while (rows.more());
  I::totals(acc, bytes, factor, sums + first);
}

template <class I, class Rows>
__attribute__((noinline)) void sum_rows(Rows& rows, size_t count, int32_t factor, int32_t* sums) {
  size_t first = 0;
  for (; first + 4 <= count; first += 4) sum_some_rows<I, 4>(rows, first, factor, sums);
  for (; first < count; first++) sum_some_rows<I, 1>(rows, first, factor, sums);
}

// Few bytes: more rows at a time, the last ones once more.
template <class I>
__attribute__((noinline)) void sum_short_rows(const GemmRows& rows, size_t count, int32_t factor,
                                              int32_t* sums) {
  for (size_t first = 0; first < count; first += kSumsTogether) {
    const size_t begin = min(first, count - kSumsTogether);
    I::sum_short(rows.a + begin * rows.stride, rows.stride, rows.length, factor, sums + begin);
  }
}

// `sums` has room for kMaxRows and 3 more.
template <class I, class Rows>
QNNP_INLINE void sum_all_rows(Rows& rows, size_t count, int32_t factor, int32_t* sums) {
  if (rows.template sum<I>(count, factor, sums)) return;
  if constexpr (I::kShortRow != 0 && !Rows::kSkips) {
    if (rows.length <= I::kShortRow && count >= kSumsTogether) {
      sum_short_rows<I>(rows, count, factor, sums);
      return;
    }
  }
  sum_rows<I>(rows, count, factor, sums);
}

// Whether products with NV vectors of scales are below 2^31; sums are (pack.h).
template <class I, int NV>
QNNP_INLINE bool bounds(const float* scale) {
  bool bounded = true;
  if constexpr (I::kBounded) {
    unroll<NV>([&](auto j)
                   QNNP_LAMBDA { bounded = bounded && I::below_one(scale + j * I::kCols); });
  }
  return bounded;
}

// All `count` rows against all columns of the panel.
template <class I, int MR, int NV, class Rows>
QNNP_INLINE void run_panel(Rows& rows, size_t count, const Panel& panel) {
  constexpr size_t kNr = NV * I::kCols, kStepBytes = I::kStep * kNr * code_bytes(I::kCode);
  alignas(64) int32_t sums[I::kCode == WeightCode::s16 ? 1 : kMaxRows + 4];
  const int32_t* corrections = nullptr;
  if constexpr (I::kCode != WeightCode::s16) {
    if (panel.row_sum_factor != 0) {
      sum_all_rows<I>(rows, count, panel.row_sum_factor, sums);
      corrections = sums;
    }
  }
  const TilePanel<I> shared = {typename I::Output(panel.output), panel.output.kind, panel.c_stride,
                               corrections};
  const uint8_t* block = panel.weights;
  uint8_t* c = panel.c;
  for (size_t left = panel.columns; left != 0; left -= min(left, kNr)) {
    const int32_t* bias = reinterpret_cast<const int32_t*>(block);
    const float* scale = reinterpret_cast<const float*>(bias + kNr);
    run_block<I, MR, NV>(
        rows, shared,
        {bias, scale, block + 8 * kNr, kNr, kStepBytes,
         ceil_div(rows.length, I::kStep) * kStepBytes, min(left, kNr), c, bounds<I, NV>(scale)});
    block += panel.block_bytes;
    c += kNr * element_bytes(shared.kind);
  }
}

template <class I, int MR, int NR>
void gemm(const GemmArgs& args) {
  GemmRows rows{args.a, args.a_stride, args.k, args.rows};
  uint8_t steps[kMaxRows][I::kStep];
  if (I::kStep > 1 && args.k < I::kStep) {
    for (size_t i = 0; i < args.rows; i++) {
      lengthen(args.a + i * args.a_stride, args.k, I::kStep, steps[i]);
    }
    rows.a = steps[0];
    rows.stride = I::kStep;
  }
  run_panel<I, MR, NR / I::kCols>(rows, args.rows, args.panel);
}

template <template <bool> class Traits, int MR, int NR>
void gemm_signed(const GemmArgs& args) {
  if constexpr (Traits<true>::kTurnsRows) {
    if (multiply_turned<Traits<true>>(args, MR, gemm<Traits<false>, MR, NR>)) return;
  }
  gemm<Traits<true>, MR, NR>(args);
}

template <class I>
constexpr TileFormat tile_format(int mr, int nr) {
  return {static_cast<uint8_t>(mr),
          static_cast<uint8_t>(nr),
          I::kStep,
          I::kCode,
          I::kOrder,
          RowCode::direct,
          static_cast<uint8_t>(I::kNarrows ? I::kCols : nr)};
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8GEMM(Traits, isa, mr, nr)    \
  const GemmKernel q8gemm_##mr##x##nr##__##isa = { \
      #mr "x" #nr "__" #isa,                       \
      Traits<false>::kIsa,                         \
      tile_format<Traits<false>>(mr, nr),          \
      {gemm<Traits<false>, mr, nr>, gemm_signed<Traits, mr, nr>}};

}  // namespace qnnp
