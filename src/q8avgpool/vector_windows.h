// SPDX-License-Identifier: BSD-3-Clause
// Rows of windows for vectors of bytes (isa/bytes.h). Where windows overlap or touch, a column of
// pixels is reduced once and kept in registers for the windows to its right: 3x3 windows at stride 2
// load 6 pixels each instead of 9. Above: u8maxpool/tile.h, q8avgpool/vector_mean.h.
#pragma once

#include "q8avgpool/window.h"

namespace qnnp {
namespace {

// Channels that fill a vector, and fewer.
template <class I>
struct WholeVector {
  QNNP_INLINE typename I::V load(const uint8_t* p) const { return I::load(p); }
  QNNP_INLINE void store(uint8_t* c, typename I::V v) const { I::store(c, v); }
};
template <class I>
struct PartOfVector {
  size_t n;
  QNNP_INLINE typename I::V load(const uint8_t* p) const { return I::load_short(p, n); }
  QNNP_INLINE void store(uint8_t* c, typename I::V v) const { I::store_short(c, v, n); }
};

// work(Index<number of vectors>(), first channel, lanes). The last vector overlaps the one before.
template <class I, class Work>
QNNP_INLINE void for_each_vector(size_t channels, const Work& work) {
  if (channels < I::kBytes) return work(Index<1>(), size_t{0}, PartOfVector<I>{channels});
  size_t done = 0;
  for (; done + 2 * I::kBytes <= channels; done += 2 * I::kBytes) {
    work(Index<2>(), done, WholeVector<I>());
  }
  for (; done < channels; done += I::kBytes) {
    work(Index<1>(), min(done, channels - I::kBytes), WholeVector<I>());
  }
}

// Where the rows of a column of pixels are. A load that adds two registers keeps one pointer; else
// there is one a row, and compilers shall not find out how far apart they are.
template <class I, int ROWS>
class Cursor {
 public:
  QNNP_INLINE Cursor(const uint8_t* p, size_t row_stride) : row_stride_(row_stride) {
    unroll<kPointers>([&](auto i) QNNP_LAMBDA {
      p_[i] = p + i * row_stride;
      if (!I::kIndexedLoads) asm("" : "+r"(p_[i]));
    });
  }
  template <int ROW>
  QNNP_INLINE const uint8_t* row() const {
    return I::kIndexedLoads ? p_[0] + ROW * row_stride_ : p_[ROW % kPointers];
  }
  QNNP_INLINE void step(size_t stride) {
    unroll<kPointers>([&](auto i) QNNP_LAMBDA { p_[i] += stride; });
  }

 private:
  static constexpr int kPointers = I::kIndexedLoads ? 1 : ROWS;
  const uint8_t* p_[kPointers];
  size_t row_stride_;
};

// Reducer is what a family makes of a window, constants included:
//   Column                               what is known of some pixels, for a vector of channels
//   column(cursor, first, lanes)         of a column of pixels, from the channel `first` on
//   join(a, b)                           of the pixels of two
//   finish(column)                       the output
//   window<NV>(window, lanes, c)         all of this for a window of any size
// Row is a Reducer before it knows its windows: reducer(pixels of a window).

// Windows of ROWS x COLS pixels, a new one every STEP columns.
template <class I, int ROWS, int COLS, int STEP>
struct Slide {
  static constexpr int kKept = COLS - STEP;
  static constexpr size_t kAhead = 1024;  // bytes

  static QNNP_INLINE bool fits(const Window& window, size_t step) {
    return window.rows == size_t{ROWS} && window.cols == size_t{COLS} &&
           step == size_t{STEP} * window.stride;
  }
  // Where every load of a vector touches two cache lines, both of which the first-level cache may
  // lack: in long rows that gains a fifth, aligned nothing (doc/performance.md).
  static QNNP_INLINE bool prefetches(const Window& window) {
    constexpr size_t kLongRow = 4096;
    return I::kBytes == 64 && reinterpret_cast<uintptr_t>(window.p) % 64 != 0 &&
           window.row_stride >= kLongRow;
  }

  template <int NV, class Reducer, class Lanes>
  static QNNP_INLINE void vectors(const Reducer& reducer, const Window& window, size_t pixels,
                                  const Lanes& lanes, uint8_t* c, size_t c_stride) {
    const size_t stride = window.stride;
    const bool ahead = prefetches(window);
    Cursor<I, ROWS> cursor(window.p, window.row_stride);
    typename Reducer::Column columns[NV][COLS];
    unroll<kKept>([&](auto i) QNNP_LAMBDA {
      unroll<NV>([&](auto j)
                     QNNP_LAMBDA { columns[j][i] = reducer.column(cursor, j * I::kBytes, lanes); });
      cursor.step(stride);
    });
    for (; pixels != 0; pixels--, c += c_stride) {
      unroll<STEP>([&](auto i) QNNP_LAMBDA {
        unroll<NV>([&](auto j) QNNP_LAMBDA {
          columns[j][kKept + i] = reducer.column(cursor, j * I::kBytes, lanes);
        });
        if (ahead) {
          unroll<ROWS>([&](auto row) QNNP_LAMBDA {
            __builtin_prefetch(cursor.template row<row>() + kAhead);
          });
        }
        cursor.step(stride);
      });
      unroll<NV>([&](auto j) QNNP_LAMBDA {
        typename Reducer::Column all = columns[j][0];
        unroll<COLS - 1>([&](auto i) QNNP_LAMBDA { all = reducer.join(all, columns[j][i + 1]); });
        lanes.store(c + j * I::kBytes, reducer.finish(all));
        unroll<kKept>([&](auto i) QNNP_LAMBDA { columns[j][i] = columns[j][i + STEP]; });
      });
    }
  }

  template <class Reducer>
  static QNNP_INLINE void run(const Reducer& reducer, const Window& window, size_t pixels,
                              size_t channels, uint8_t* c, size_t c_stride) {
    for_each_vector<I>(channels, [&](auto nv, size_t first, const auto& lanes) QNNP_LAMBDA {
      vectors<nv>(reducer, window.from(first), pixels, lanes, c + first, c_stride);
    });
  }
};

// Windows of any size, each on its own.
template <class I, class Reducer>
QNNP_INLINE void pool_windows(const Reducer& reducer, Window window, size_t pixels, size_t step,
                              size_t channels, uint8_t* c, size_t c_stride) {
  for (; pixels != 0; pixels--, window.p += step, c += c_stride) {
    for_each_vector<I>(channels, [&](auto nv, size_t first, const auto& lanes) QNNP_LAMBDA {
      reducer.template window<nv>(window.from(first), lanes, c + first);
    });
  }
}

template <class I>
struct VectorPooler {
  template <class Row>
  static QNNP_INLINE void span(const Window& window, size_t pixels, size_t step, size_t channels,
                               const Row& row, uint8_t* c, size_t c_stride) {
    const auto reducer = row.reducer(window.rows * window.cols);
    const auto slide = [&](auto walk) QNNP_LAMBDA {
      const bool fits = walk.fits(window, step);
      if (fits) walk.run(reducer, window, pixels, channels, c, c_stride);
      return fits;
    };
    // Two rows of three: windows cut by the border.
    if (QNNP_SMALL < 2 &&
        (slide(Slide<I, 3, 3, 1>()) || slide(Slide<I, 3, 3, 2>()) || slide(Slide<I, 2, 3, 1>()) ||
         slide(Slide<I, 2, 3, 2>()) || slide(Slide<I, 2, 2, 1>()) || slide(Slide<I, 2, 2, 2>()))) {
      return;
    }
    pool_windows<I>(reducer, window, pixels, step, channels, c, c_stride);
  }
};

}  // namespace
}  // namespace qnnp
