// SPDX-License-Identifier: BSD-3-Clause
// How NEON's multipliers want rows (band_tile.h), and what their kernels in intrinsics have in
// common. 4, 2 or 1 rows stand side by side, kTurn bytes of each in turn.
#pragma once

#include "isa/neon.h"
#include "q8gemm/band_tile.h"

namespace qnnp {
namespace {

// Interleaving stores.
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x2_t& v, Index<2>) {
  const uint16x8x2_t lanes = {{vreinterpretq_u16_u8(v.val[0]), vreinterpretq_u16_u8(v.val[1])}};
  vst2q_u16(reinterpret_cast<uint16_t*>(to), lanes);
}
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x4_t& v, Index<2>) {
  const uint16x8x4_t lanes = {{vreinterpretq_u16_u8(v.val[0]), vreinterpretq_u16_u8(v.val[1]),
                               vreinterpretq_u16_u8(v.val[2]), vreinterpretq_u16_u8(v.val[3])}};
  vst4q_u16(reinterpret_cast<uint16_t*>(to), lanes);
}
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x2_t& v, Index<4>) {
  const uint32x4x2_t lanes = {{vreinterpretq_u32_u8(v.val[0]), vreinterpretq_u32_u8(v.val[1])}};
  vst2q_u32(reinterpret_cast<uint32_t*>(to), lanes);
}
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x4_t& v, Index<4>) {
  const uint32x4x4_t lanes = {{vreinterpretq_u32_u8(v.val[0]), vreinterpretq_u32_u8(v.val[1]),
                               vreinterpretq_u32_u8(v.val[2]), vreinterpretq_u32_u8(v.val[3])}};
  vst4q_u32(reinterpret_cast<uint32_t*>(to), lanes);
}
#if defined(__aarch64__)
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x2_t& v, Index<8>) {
  const uint64x2x2_t lanes = {{vreinterpretq_u64_u8(v.val[0]), vreinterpretq_u64_u8(v.val[1])}};
  vst2q_u64(reinterpret_cast<uint64_t*>(to), lanes);
}
QNNP_INLINE void store_turns(uint8_t* to, const uint8x16x4_t& v, Index<8>) {
  const uint64x2x4_t lanes = {{vreinterpretq_u64_u8(v.val[0]), vreinterpretq_u64_u8(v.val[1]),
                               vreinterpretq_u64_u8(v.val[2]), vreinterpretq_u64_u8(v.val[3])}};
  vst4q_u64(reinterpret_cast<uint64_t*>(to), lanes);
}
#endif

// n < 16 bytes, zeros above. Not inlined: rows are seldom so short.
inline __attribute__((noinline)) uint8x16_t load_vector_short(const uint8_t* p, size_t n) {
  return n < 8 ? vcombine_u8(neon_load_short(p, n), vdup_n_u8(0))
               : vcombine_u8(vld1_u8(p), neon_load_short(p + 8, n - 8));
}

template <class I, int R>
struct NeonPacker {
  static constexpr int kRows = R, kLines = 3;
  uint8_t* to;
  const uint8x16_t flip, code;
  uint32x4_t sums[R];

  QNNP_INLINE NeonPacker(uint8_t row_flip, uint8_t* first)
      : to(first), flip(vdupq_n_u8(row_flip)), code(I::row_code()) {
    unroll<R>([&](auto i) QNNP_LAMBDA { sums[i] = vdupq_n_u32(0); });
  }

  // A vector of each row; bytes past its end are zeros.
  QNNP_INLINE void put(const uint8x16_t (&bytes)[R]) {
    uint8x16_t v[R];
    unroll<R>([&](auto i) QNNP_LAMBDA {
      sums[i] = I::add_bytes(sums[i], bytes[i]);
      v[i] = veorq_u8(bytes[i], code);
    });
    if constexpr (R == 1) {
      vst1q_u8(to, v[0]);
    } else if constexpr (R == 2) {
      store_turns(to, uint8x16x2_t{{v[0], v[1]}}, Index<I::kTurn>());
    } else {
      store_turns(to, uint8x16x4_t{{v[0], v[1], v[2], v[3]}}, Index<I::kTurn>());
    }
  }
  // kLoose: rows may be read up to the next multiple of 16.
  template <bool kLoose = false>
  QNNP_INLINE void add(const uint8_t* const (&p)[R], size_t n) {
    uint8x16_t v[R];
    size_t k = 0;
    for (; k + 16 <= n; k += 16, to += R * 16) {
      unroll<R>([&](auto i) QNNP_LAMBDA { v[i] = veorq_u8(vld1q_u8(p[i] + k), flip); });
      put(v);
    }
    if (k == n) return;
    const size_t rest = n - k;
    const uint8x16_t number =
        vcombine_u8(vcreate_u8(0x0706050403020100), vcreate_u8(0x0f0e0d0c0b0a0908));
    const uint8x16_t count = vdupq_n_u8(static_cast<uint8_t>(rest));
    if (kLoose || k == 0) {
      const uint8x16_t inside = vcltq_u8(number, count);
      unroll<R>([&](auto i) QNNP_LAMBDA {
        const uint8x16_t bytes = kLoose ? vld1q_u8(p[i] + k) : load_vector_short(p[i], rest);
        v[i] = vandq_u8(veorq_u8(bytes, flip), inside);
      });
    } else {
      // The last 16 bytes: what was there before leaves below, indices from 16 on give zeros.
      const uint8x16_t moved = vsubq_u8(vaddq_u8(number, vdupq_n_u8(16)), count);
      unroll<R>([&](auto i) QNNP_LAMBDA {
        v[i] = neon_table16(veorq_u8(vld1q_u8(p[i] + n - 16), flip), moved);
      });
    }
    put(v);
    to += R * round_up(rest, I::kStep);
  }
  // `length` bytes of each row, picked from kLines lines at p[i], a distance apart; table[k] < 48: byte
  // number k is byte table[k] % 16 of line table[k] / 16.
  QNNP_INLINE void add_lines(const uint8_t* const (&p)[R], ptrdiff_t below, const uint8_t* table,
                             size_t length) {
    uint8x16x3_t lines[R];
    unroll<R>([&](auto i) QNNP_LAMBDA {
      unroll<3>([&](auto j) QNNP_LAMBDA { lines[i].val[j] = vld1q_u8(p[i] + j * below); });
    });
    for (size_t k = 0; k < length; k += 16) {
      const uint8x16_t picked = vld1q_u8(table + k);
      const uint8x16_t inside = vandq_u8(flip, vcltq_u8(picked, vdupq_n_u8(48)));
      uint8x16_t v[R];
      unroll<R>([&](auto i)
                    QNNP_LAMBDA { v[i] = veorq_u8(neon_table48(lines[i], picked), inside); });
      put(v);
      to += R * min<size_t>(16, round_up(length - k, I::kStep));
    }
  }
  QNNP_INLINE void finish(int32_t factor, int32_t* corrections) const {
    const int32x4_t all = vreinterpretq_s32_u32(total());
    const int32x4_t products = vmulq_n_s32(all, factor);
    if constexpr (R == 4) {
      vst1q_s32(corrections, products);
    } else if constexpr (R == 2) {
      vst1_s32(corrections, vget_low_s32(products));
    } else {
      vst1q_lane_s32(corrections, products, 0);
    }
  }

 private:
  QNNP_INLINE uint32x4_t total() const {
    const uint32x4_t first = neon_pair_add(sums[0], sums[R > 1 ? 1 : 0]);
    const uint32x4_t second =
        R > 2 ? neon_pair_add(sums[R > 2 ? 2 : 0], sums[R > 3 ? 3 : 0]) : first;
    return neon_pair_add(first, second);
  }
};

// What kernels in intrinsics begin and end with.
// kNr: columns of a block, of which they have 4 * NV.
template <int kNr, int R, int NV>
QNNP_INLINE void start_sums(const Strip& s, int32x4_t (&acc)[R][NV]) {
  const int32_t* start = s.start;
  const size_t stride = start == nullptr ? 0 : kNr;
  if (start == nullptr) start = reinterpret_cast<const int32_t*>(s.block);
  unroll<R>([&](auto i) QNNP_LAMBDA {
    const int32x4_t correction = vdupq_n_s32(s.corrections[i]);
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      acc[i][j] = vaddq_s32(vld1q_s32(start + i * stride + 4 * j), correction);
    });
  });
}

// Rounds half to even; everything saturates, so that clamping bytes clamps the rest.
QNNP_INLINE int32x4_t scaled(int32x4_t sums, const float* scale) {
  return neon_round(vmulq_f32(vcvtq_f32_s32(sums), vld1q_f32(scale)));
}

template <int kNr, int R, int NV>
QNNP_INLINE void store_sums(Strip& s, const int32x4_t (&acc)[R][NV]) {
  const float* const scale = reinterpret_cast<const float*>(s.block + kNr * 4);
  const int16x8_t zero_point = vdupq_n_s16(static_cast<int16_t>(s.zero_point));
  const uint8x8_t low = vdup_n_u8(static_cast<uint8_t>(s.low)),
                  high = vdup_n_u8(static_cast<uint8_t>(s.high)),
                  flip = vdup_n_u8(static_cast<uint8_t>(s.flip));
  unroll<R>([&](auto i) QNNP_LAMBDA {
    unroll<NV / 2>([&](auto pair) QNNP_LAMBDA {
      constexpr int j = 2 * pair;
      if (s.sums != nullptr) {
        vst1q_s32(s.sums + i * kNr + 4 * j, acc[i][j]);
        vst1q_s32(s.sums + i * kNr + 4 * j + 4, acc[i][j + 1]);
        return;
      }
      const int16x8_t words = vcombine_s16(vqmovn_s32(scaled(acc[i][j], scale + 4 * j)),
                                           vqmovn_s32(scaled(acc[i][j + 1], scale + 4 * j + 4)));
      const uint8x8_t bytes = vqmovun_s16(vqaddq_s16(words, zero_point));
      vst1_u8(s.c + i * s.c_stride + 4 * j, veor_u8(vmin_u8(vmax_u8(bytes, low), high), flip));
    });
  });
  s.corrections += R;
  if (s.start != nullptr) s.start += R * kNr;
  if (s.sums != nullptr) s.sums += R * kNr;
  s.c += R * s.c_stride;
}

}  // namespace
}  // namespace qnnp
