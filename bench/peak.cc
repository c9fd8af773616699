// SPDX-License-Identifier: BSD-3-Clause
#include "peak.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "isa/cpu.h"

namespace qnnp::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 4096;
constexpr int kChains = 12;  // independent sums: more than latency times throughput anywhere

// Each loop does kRounds * kChains dot-product steps in registers. Written in assembly: no compiler
// may hoist, spill or help.
struct Loop {
  Isa isa;
  int macs_per_step;
  void (*run)();
};

#define QNNP_12(X) \
  X("0") X("1") X("2") X("3") X("4") X("5") X("6") X("7") X("8") X("9") X("10") X("11")

void scalar_loop() {
  uint32_t acc[4] = {}, a = 3, b = 5;
  for (int r = 0; r < kRounds * kChains / 4; r++) {
    asm volatile("" : "+r"(a), "+r"(b));
    acc[0] += a * b;
    acc[1] += (a + 1) * b;
    acc[2] += a * (b + 1);
    acc[3] += (a + 2) * b;
  }
  asm volatile("" : : "r"(acc[0]), "r"(acc[1]), "r"(acc[2]), "r"(acc[3]));
}

#if defined(__x86_64__)
// After a loop on wide registers: their upper halves, left as they are, slow every SSE instruction
// down tenfold on Intel's processors, and compilers do not look into assembly.
__attribute__((target("avx"))) void clear_upper_halves() { asm volatile("vzeroupper"); }

__attribute__((target("sse4.1"))) void sse41_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) \
  "movdqa %%xmm14, %%xmm13\n pmaddwd %%xmm15, %%xmm13\n paddd %%xmm13, %%xmm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11", "xmm13");
#undef QNNP_STEP
  }
}

__attribute__((target("avx2"))) void avx2_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "vpmaddwd %%ymm14, %%ymm15, %%ymm13\n vpaddd %%ymm13, %%ymm" i ", %%ymm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11", "xmm13");
#undef QNNP_STEP
  }
  clear_upper_halves();
}

__attribute__((target("avx512f,avx512bw"))) void avx512bw_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "vpmaddwd %%zmm14, %%zmm15, %%zmm13\n vpaddd %%zmm13, %%zmm" i ", %%zmm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11", "xmm13");
#undef QNNP_STEP
  }
  clear_upper_halves();
}

// 256 bit, whichever of its two encodings the processor has; this one needs AVX512.
__attribute__((target("avx512f,avx512vl,avx512vnni"))) void vnni256_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "vpdpbusd %%ymm14, %%ymm15, %%ymm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11");
#undef QNNP_STEP
  }
  clear_upper_halves();
}

__attribute__((target("avxvnni"))) void avxvnni_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11");
#undef QNNP_STEP
  }
  clear_upper_halves();
}

__attribute__((target("avx512f,avx512vnni"))) void avx512vnni_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "vpdpbusd %%zmm14, %%zmm15, %%zmm" i "\n"
    asm volatile(QNNP_12(QNNP_STEP)
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                   "xmm10", "xmm11");
#undef QNNP_STEP
  }
  clear_upper_halves();
}
#elif defined(__aarch64__)
#define QNNP_CLOBBERS "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11"
void neon_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "smlal v" i ".4s, v30.4h, v31.4h\n"
    asm volatile(QNNP_12(QNNP_STEP) : : : QNNP_CLOBBERS);
#undef QNNP_STEP
  }
}

void neondot_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "udot v" i ".4s, v30.16b, v31.16b\n"
    asm volatile(".arch armv8.2-a+dotprod\n" QNNP_12(QNNP_STEP) : : : QNNP_CLOBBERS);
#undef QNNP_STEP
  }
}

void neoni8mm_loop() {
  for (int r = 0; r < kRounds; r++) {
#define QNNP_STEP(i) "smmla v" i ".4s, v30.16b, v31.16b\n"
    asm volatile(".arch armv8.2-a+dotprod+i8mm\n" QNNP_12(QNNP_STEP) : : : QNNP_CLOBBERS);
#undef QNNP_STEP
  }
}
#endif

constexpr Loop kLoops[] = {
    {Isa::scalar, 1, scalar_loop},
#if defined(__x86_64__)
    {Isa::sse41, 8, sse41_loop},        {Isa::avx2, 16, avx2_loop},
    {Isa::avxvnni, 32, avxvnni_loop},   {Isa::vnni256, 32, vnni256_loop},
    {Isa::avx512bw, 32, avx512bw_loop}, {Isa::avx512vnni, 64, avx512vnni_loop},
#elif defined(__aarch64__)
    {Isa::neon, 4, neon_loop},
    {Isa::neondot, 16, neondot_loop},
    {Isa::neoni8mm, 32, neoni8mm_loop},
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

double peak_sample() {
  const Loop& loop = best_loop();
  const auto before = Clock::now();
  for (int i = 0; i < 8; i++) loop.run();
  const std::chrono::duration<double> seconds = Clock::now() - before;
  return 2e-9 * 8 * kRounds * kChains * loop.macs_per_step / seconds.count();
}

double peak_gops() {
  double best = 0;
  const auto start = Clock::now();
  while (Clock::now() - start < std::chrono::milliseconds(60)) {
    const double gops = peak_sample();
    if (gops > best) best = gops;
  }
  return best;
}

const char* peak_name() { return isa_name(best_loop().isa); }

}  // namespace qnnp::bench
