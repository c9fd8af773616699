// SPDX-License-Identifier: BSD-3-Clause
// Means over a window for vectors of bytes (isa/bytes.h). Sums of up to 256 pixels fit unsigned
// words and become floats as such; those of larger windows move to 32 bits piece by piece.
#pragma once

#include "q8avgpool/tile.h"
#include "q8avgpool/vector_windows.h"

namespace qnnp {
namespace {

// 16 bits a channel, in the order of lower8 and upper8.
template <class I>
struct WordSums {
  typename I::V lower, upper;

  static QNNP_INLINE WordSums none() { return {I::zero(), I::zero()}; }
  static QNNP_INLINE WordSums of(typename I::V a) { return {I::lower8(a), I::upper8(a)}; }
  static QNNP_INLINE WordSums of(typename I::V a, typename I::V b) {
    return {I::lower_sums(a, b), I::upper_sums(a, b)};
  }
  QNNP_INLINE WordSums plus(const WordSums& x) const {
    return {I::add16(lower, x.lower), I::add16(upper, x.upper)};
  }
};

// Constants of an operator.
template <class I, bool FLIP>
struct MeanConstants {
  typename I::V flip, zero_point, low, high;
  typename I::F scale, float_high;
  int32_t input_zero_point;

  QNNP_INLINE explicit MeanConstants(const Mean& mean)
      : flip(I::set8(mean.flip)),
        zero_point(I::set16(static_cast<int16_t>(mean.output.zero_point))),
        low(I::set8(lowest_byte(mean.output))),
        high(I::set8(highest_byte(mean.output))),
        scale(I::set_float(mean.scale)),
        float_high(I::set_float(mean.output.high)),
        input_zero_point(mean.zero_point) {}

  template <class Lanes>
  QNNP_INLINE typename I::V load(const Lanes& lanes, const uint8_t* p) const {
    return FLIP ? I::bit_xor(lanes.load(p), flip) : lanes.load(p);
  }
  // Four vectors of 32 bits, rounded. Packing undoes the interleaving of the sums.
  QNNP_INLINE typename I::V bytes(const typename I::V (&x)[4]) const {
    const auto words = [&](auto h) QNNP_LAMBDA {
      return I::saturating_add16(I::pack32(x[2 * h], x[2 * h + 1]), zero_point);
    };
    const typename I::V bytes = I::pack16(words(Index<0>()), words(Index<1>()));
    const typename I::V limited = I::min8(I::max8(bytes, low), high);
    return FLIP ? I::bit_xor(limited, flip) : limited;
  }
};

// A Reducer (vector_windows.h).
template <class I, bool FLIP>
class WindowMean {
 public:
  using V = typename I::V;
  using Column = WordSums<I>;
  static constexpr size_t kPixels = 256;  // 256 * 255 < 2^16

  QNNP_INLINE WindowMean(const MeanConstants<I, FLIP>& constants, size_t pixels)
      : constants_(constants),
        bias_(sum_bias(pixels, constants.input_zero_point)),
        offset_(I::set_float(static_cast<float>(bias_))) {}

  template <int ROWS, class Lanes>
  QNNP_INLINE Column column(const Cursor<I, ROWS>& cursor, size_t first, const Lanes& lanes) const {
    static_assert(ROWS == 2 || ROWS == 3, "pairs are cheaper");
    const auto row = [&](auto i) QNNP_LAMBDA {
      return constants_.load(lanes, cursor.template row<i>() + first);
    };
    const Column two = Column::of(row(Index<0>()), row(Index<1>()));
    return ROWS == 2 ? two : two.plus(Column::of(row(Index<ROWS - 1>())));
  }
  QNNP_INLINE Column join(const Column& a, const Column& b) const { return a.plus(b); }
  QNNP_INLINE V finish(const Column& sum) const {
    const typename I::F scale = constants_.scale;
    return constants_.bytes(
        {I::lower_scaled(sum.lower, offset_, scale), I::upper_scaled(sum.lower, offset_, scale),
         I::lower_scaled(sum.upper, offset_, scale), I::upper_scaled(sum.upper, offset_, scale)});
  }

  template <int NV, class Lanes>
  QNNP_INLINE void window(const Window& w, const Lanes& lanes, uint8_t* c) const {
    if (w.rows * w.cols > kPixels) return large_window<NV>(w, lanes, c);
    Column sums[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { sums[j] = Column::none(); });
    add<NV>(w, lanes, sums);
    unroll<NV>([&](auto j) QNNP_LAMBDA { lanes.store(c + j * I::kBytes, finish(sums[j])); });
  }

 private:
  template <int NV, class Lanes>
  QNNP_INLINE void add(const Window& w, const Lanes& lanes, Column (&sums)[NV]) const {
    for (size_t row = 0; row < w.rows; row++) {
      const uint8_t* p = w.p + row * w.row_stride;
      const auto pixel = [&](int j, size_t i) QNNP_LAMBDA {
        return constants_.load(lanes, p + i * w.stride + j * I::kBytes);
      };
      size_t left = w.cols;
      for (; left >= 2; left -= 2, p += 2 * w.stride) {
        unroll<NV>([&](auto j) QNNP_LAMBDA {
          sums[j] = sums[j].plus(Column::of(pixel(j, 0), pixel(j, 1)));
        });
      }
      if (left == 0) continue;
      unroll<NV>([&](auto j) QNNP_LAMBDA { sums[j] = sums[j].plus(Column::of(pixel(j, 0))); });
    }
  }
  // Pieces of whole rows, or of one row.
  template <int NV, class Lanes>
  QNNP_INLINE void large_window(const Window& w, const Lanes& lanes, uint8_t* c) const {
    const size_t rows = max<size_t>(kPixels / w.cols, 1);
    V acc[NV][4];
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      unroll<4>([&](auto q) QNNP_LAMBDA { acc[j][q] = I::set32(bias_); });
    });
    for (size_t row = 0; row < w.rows; row += rows) {
      for (size_t col = 0; col < w.cols; col += kPixels) {
        Column sums[NV];
        unroll<NV>([&](auto j) QNNP_LAMBDA { sums[j] = Column::none(); });
        add<NV>({w.p + row * w.row_stride + col * w.stride, min(rows, w.rows - row),
                 min(kPixels, w.cols - col), w.row_stride, w.stride},
                lanes, sums);
        unroll<NV>([&](auto j) QNNP_LAMBDA { widen(sums[j], acc[j]); });
      }
    }
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      unroll<4>([&](auto q) QNNP_LAMBDA {
        acc[j][q] = I::scaled(acc[j][q], constants_.scale, constants_.float_high);
      });
      lanes.store(c + j * I::kBytes, constants_.bytes(acc[j]));
    });
  }
  static QNNP_INLINE void widen(const Column& sums, V (&acc)[4]) {
    acc[0] = I::add32(acc[0], I::lower16(sums.lower));
    acc[1] = I::add32(acc[1], I::upper16(sums.lower));
    acc[2] = I::add32(acc[2], I::lower16(sums.upper));
    acc[3] = I::add32(acc[3], I::upper16(sums.upper));
  }

  const MeanConstants<I, FLIP> constants_;
  int32_t bias_;
  typename I::F offset_;
};

// Row of vector_windows.h.
template <class I, bool FLIP>
struct MeanRow {
  MeanConstants<I, FLIP> constants;
  QNNP_INLINE WindowMean<I, FLIP> reducer(size_t pixels) const { return {constants, pixels}; }
};

template <class I>
struct VectorMean {
  static QNNP_INLINE void row(const WindowRow& row, const Mean& mean) {
    with_constants(mean,
                   [&](const auto& means) QNNP_LAMBDA { pool_row<VectorPooler<I>>(row, means); });
  }
  static QNNP_INLINE void one(const Window& w, size_t channels, const Mean& mean, uint8_t* c) {
    with_constants(mean, [&](const auto& means) QNNP_LAMBDA {
      pool_windows<I>(means.reducer(w.rows * w.cols), w, 1, 0, channels, c, 0);
    });
  }

 private:
  template <class Work>
  static QNNP_INLINE void with_constants(const Mean& mean, const Work& work) {
    if (mean.flip == 0 && !QNNP_SMALL) {  // turning no bit over costs little
      work(MeanRow<I, false>{MeanConstants<I, false>(mean)});
    } else {
      work(MeanRow<I, true>{MeanConstants<I, true>(mean)});
    }
  }
};

}  // namespace
}  // namespace qnnp
