// SPDX-License-Identifier: BSD-3-Clause
#include "peak.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "isa/cpu.h"
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace qnnp::bench {
namespace {

constexpr int kRounds = 4096;
constexpr int kChains =
    12;  // independent accumulators: more than latency times throughput anywhere

// Each loop does kRounds * kChains dot-product steps and returns the multiply-accumulates of one
// step. An empty asm statement makes the compiler believe that a value changed, so that nothing is
// hoisted and nothing is stored.
struct Loop {
  Isa isa;
  int macs_per_step;
  void (*run)();
};

void scalar_loop() {
  int32_t acc[kChains] = {}, a = 3, b = 5;
  for (int r = 0; r < kRounds; r++) {
    for (int i = 0; i < kChains; i++) {
      asm volatile("" : "+r"(a), "+r"(b), "+r"(acc[i]));
      acc[i] += a * b;
    }
  }
  for (int32_t& value : acc) asm volatile("" : : "r"(value));
}

#if defined(__x86_64__) || defined(__i386__)
__attribute__((target("avx2"))) void avx2_loop() {
  __m256i acc[kChains], a = _mm256_set1_epi16(3), b = _mm256_set1_epi16(5);
  for (__m256i& v : acc) v = _mm256_setzero_si256();
  for (int r = 0; r < kRounds; r++) {
    for (int i = 0; i < kChains; i++) {
      asm volatile("" : "+x"(a), "+x"(b), "+x"(acc[i]));
      acc[i] = _mm256_add_epi32(acc[i], _mm256_madd_epi16(a, b));
    }
  }
  for (__m256i& v : acc) asm volatile("" : : "x"(v));
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void avx512vnni_loop() {
  __m512i acc[kChains], a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(5);
  for (__m512i& v : acc) v = _mm512_setzero_si512();
  for (int r = 0; r < kRounds; r++) {
    for (int i = 0; i < kChains; i++) {
      asm volatile("" : "+v"(a), "+v"(b), "+v"(acc[i]));
      acc[i] = _mm512_dpbusd_epi32(acc[i], a, b);
    }
  }
  for (__m512i& v : acc) asm volatile("" : : "v"(v));
}
#elif defined(__aarch64__)
void neon_loop() {
  int32x4_t acc[kChains];
  int16x4_t a = vdup_n_s16(3), b = vdup_n_s16(5);
  for (int32x4_t& v : acc) v = vdupq_n_s32(0);
  for (int r = 0; r < kRounds; r++) {
    for (int i = 0; i < kChains; i++) {
      asm volatile("" : "+w"(a), "+w"(b), "+w"(acc[i]));
      acc[i] = vmlal_s16(acc[i], a, b);
    }
  }
  for (int32x4_t& v : acc) asm volatile("" : : "w"(v));
}

#if defined(__clang__)
__attribute__((target("dotprod")))
#else
__attribute__((target("arch=armv8.2-a+dotprod")))
#endif
void neondot_loop() {
  uint32x4_t acc[kChains];
  uint8x16_t a = vdupq_n_u8(3), b = vdupq_n_u8(5);
  for (uint32x4_t& v : acc) v = vdupq_n_u32(0);
  for (int r = 0; r < kRounds; r++) {
    for (int i = 0; i < kChains; i++) {
      asm volatile("" : "+w"(a), "+w"(b), "+w"(acc[i]));
      acc[i] = vdotq_u32(acc[i], a, b);
    }
  }
  for (uint32x4_t& v : acc) asm volatile("" : : "w"(v));
}
#endif

constexpr Loop kLoops[] = {
    {Isa::scalar, 1, scalar_loop},
#if defined(__x86_64__) || defined(__i386__)
    {Isa::avx2, 16, avx2_loop},
    {Isa::avx512vnni, 64, avx512vnni_loop},
#elif defined(__aarch64__)
    {Isa::neon, 4, neon_loop},
    {Isa::neondot, 16, neondot_loop},
#endif
};

const Loop& best_loop() {
  const Loop* best = &kLoops[0];
  for (const Loop& loop : kLoops) {
    if (isa_enabled(loop.isa)) best = &loop;
  }
  return *best;
}

}  // namespace

double peak_gops() {
  using Clock = std::chrono::steady_clock;
  const Loop& loop = best_loop();
  double best = 0;
  const auto start = Clock::now();
  while (Clock::now() - start < std::chrono::milliseconds(60)) {
    const auto before = Clock::now();
    for (int i = 0; i < 8; i++) loop.run();
    const std::chrono::duration<double> seconds = Clock::now() - before;
    const double gops = 2e-9 * 8 * kRounds * kChains * loop.macs_per_step / seconds.count();
    if (gops > best) best = gops;
  }
  return best;
}

const char* peak_name() { return isa_name(best_loop().isa); }

}  // namespace qnnp::bench
