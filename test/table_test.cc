// SPDX-License-Identifier: BSD-3-Clause
// What must hold for every row of every kernel table, seen from outside: names, order, tile sizes,
// and a row for every instruction set that this build can compile.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "f16convert/f16convert.h"
#include "f32dequantize/f32dequantize.h"
#include "f32quantize/f32quantize.h"
#include "q8avgpool/q8avgpool.h"
#include "q8conv/q8conv.h"
#include "q8dwconv/q8dwconv.h"
#include "q8gavgpool/q8gavgpool.h"
#include "q8gemm/cost.h"
#include "q8gemm/pack.h"
#include "q8gemm/q8gemm.h"
#include "q8gnorm/q8gnorm.h"
#include "q8prelu/q8prelu.h"
#include "q8resize/q8resize.h"
#include "q8vadd/q8vadd.h"
#include "q8vmul/q8vmul.h"
#include "requantization/requantization.h"
#include "u8clamp/u8clamp.h"
#include "u8lut32norm/u8lut32norm.h"
#include "u8maxpool/u8maxpool.h"
#include "u8rmax/u8rmax.h"
#include "u8rsum/u8rsum.h"
#include "x8lut/x8lut.h"
#include "x8transpose/x8transpose.h"
#include "x8zip/x8zip.h"

namespace qnnp {
namespace test {
namespace {

// No default: an instruction set that is added must be added here.
bool compiled(Isa isa) {
  switch (isa) {
    case Isa::scalar:
      return true;
    case Isa::sse41:
      return QNNP_HAVE_SSE41;
    case Isa::avx2:
      return QNNP_HAVE_AVX2;
    case Isa::avxvnni:
      return QNNP_HAVE_AVXVNNI;
    case Isa::vnni256:
      return QNNP_HAVE_VNNI256;
    case Isa::avx512bw:
      return QNNP_HAVE_AVX512BW;
    case Isa::avx512vnni:
      return QNNP_HAVE_AVX512VNNI;
    case Isa::avx512vbmi:
      return QNNP_HAVE_AVX512VBMI;
    case Isa::neon:
      return QNNP_HAVE_NEON;
    case Isa::neondot:
      return QNNP_HAVE_NEONDOT;
    case Isa::neoni8mm:
      return QNNP_HAVE_NEONI8MM;
  }
  return false;
}

// A function, or one for unsigned and one for signed data.
template <class Kernel>
auto expect_entries(const Kernel& kernel) -> decltype(kernel.entry[1], void()) {
  EXPECT_NE(nullptr, kernel.entry[0]);
  EXPECT_NE(nullptr, kernel.entry[1]);
}
void expect_entries(const F16Kernel& kernel) {
  EXPECT_NE(nullptr, kernel.widen);
  EXPECT_NE(nullptr, kernel.narrow);
}
template <class Kernel>
auto expect_entries(const Kernel& kernel)
    -> std::enable_if_t<!std::is_member_function_pointer<decltype(&Kernel::run)>::value> {
  EXPECT_NE(nullptr, kernel.run);
}

// What every table has in common. A table without a row of some instruction set falls back to a
// weaker one, which is allowed only where `may_lack` says so.
template <class Kernel>
void check_table(const char* family, Span<const Kernel* const> kernels,
                 const std::set<Isa>& may_lack) {
  SCOPED_TRACE(family);
  std::set<std::string> names;
  std::set<Isa> present;
  Isa last = Isa::scalar;
  for (const Kernel* kernel : kernels) {
    SCOPED_TRACE(kernel->name);
    const std::string name = kernel->name, isa = isa_name(kernel->isa);
    EXPECT_TRUE(names.insert(name).second) << "twice";
    EXPECT_TRUE(name == isa || (name.size() > isa.size() + 2 &&
                                name.substr(name.size() - isa.size() - 2) == "__" + isa));
    expect_entries(*kernel);
    EXPECT_TRUE(compiled(kernel->isa));
    EXPECT_LE(last, kernel->isa) << "rows go from weak to strong";
    last = kernel->isa;
    present.insert(kernel->isa);
  }
  ASSERT_NE(0u, kernels.size);
  EXPECT_EQ(Isa::scalar, kernels[0]->isa) << "the first row is what always runs";
  for (Isa isa : all_isas()) {
    if (!compiled(isa) || may_lack.count(isa) != 0) continue;
    EXPECT_EQ(1u, present.count(isa)) << "no row for " << isa_name(isa);
  }
}

// What is left to the next weaker set: vbmi is for lookups; families that do not multiply gain
// nothing from a dot product.
const std::set<Isa> kDot = {Isa::avx512vbmi};
const std::set<Isa> kNoDot = {Isa::avxvnni,    Isa::vnni256, Isa::avx512bw,
                              Isa::avx512vbmi, Isa::neondot, Isa::neoni8mm};

// Left to scalar code on AArch32 (doc/arm.md).
std::set<Isa> but_aarch32(std::set<Isa> may_lack) {
#if defined(__arm__)
  may_lack.insert(Isa::neon);
#endif
  return may_lack;
}

TEST(Tables, NamesOrderAndInstructionSets) {
  // AVX512 machines convert with AVX2's instruction, a vector at a time.
  std::set<Isa> no_sse41 = kNoDot;
  no_sse41.insert(Isa::sse41);
  std::set<Isa> no_avx512 = no_sse41;
  no_avx512.insert(Isa::avx512vnni);
  check_table("f16convert", f16convert_kernels(), but_aarch32(no_avx512));
  check_table("f32dequantize", f32dequantize_kernels(), kNoDot);
  check_table("f32quantize", f32quantize_kernels(), kNoDot);
  check_table("q8gemm", q8gemm_kernels(), kDot);
  check_table("q8conv", q8conv_kernels(), kDot);
  check_table("q8dwconv", q8dwconv_kernels(), kNoDot);
  check_table("q8avgpool", q8avgpool_kernels(), kNoDot);
  check_table("q8gavgpool", q8gavgpool_kernels(), kNoDot);
  check_table("q8gnorm", q8gnorm_kernels(), no_sse41);
  check_table("q8prelu", q8prelu_kernels(), kNoDot);
  check_table("q8resize", q8resize_kernels(), kNoDot);
  check_table("q8vadd", q8vadd_kernels(), kNoDot);
  check_table("q8vmul", q8vmul_kernels(), kNoDot);
  check_table("requantization", requantization_kernels(), kNoDot);
  check_table("u8clamp", u8clamp_kernels(), kNoDot);
  check_table("u8lut32norm", u8lut32norm_kernels(), kNoDot);
  check_table("u8maxpool", u8maxpool_kernels(), kNoDot);
  check_table("u8rmax", u8rmax_kernels(), kNoDot);
  check_table("u8rsum", u8rsum_kernels(), kNoDot);
  check_table("x8lut", x8lut_kernels(), but_aarch32(kNoDot));
  check_table("x8transpose", x8transpose_kernels(), kNoDot);
  check_table("x8zip", x8zip_kernels(), kNoDot);
}

template <class Kernel>
void check_tiles(Span<const Kernel* const> kernels) {
  for (const Kernel* kernel : kernels) {
    SCOPED_TRACE(kernel->name);
    const TileFormat& format = kernel->format;
    EXPECT_EQ(0u, std::string(kernel->name)
                      .find(std::to_string(format.mr) + "x" + std::to_string(format.nr) + "_"));
    EXPECT_GE(format.mr, 1u);
    EXPECT_GE(format.nr, 1u);
    EXPECT_LE(format.mr, kMaxRows);
    // 32 registers of 16 accumulators are the most that any instruction set has.
    EXPECT_LE(size_t{format.mr} * format.nr, 512u);
    EXPECT_TRUE(format.step == 1 || format.step == 2 || format.step == 4 || format.step == 8);
    // Weights follow bias and scales: vector loads of them stay aligned.
    if (kernel->isa != Isa::scalar) {
      EXPECT_EQ(0u, 8 * size_t{format.nr} % kAlignment);
    }
  }
}

// The choice among tiles knows what each costs; nothing else has a figure.
TEST(Tables, EveryTileHasItsCost) {
  std::set<std::string> tiles;
  for (const GemmKernel* kernel : q8gemm_kernels()) tiles.insert(kernel->name);
  for (const ConvKernel* kernel : q8conv_kernels()) {
    EXPECT_EQ(1u, tiles.count(kernel->name)) << kernel->name << ": no q8gemm row of this name";
  }
  std::set<std::string> costs;
  for (const TileCost& cost : tile_costs()) {
    EXPECT_TRUE(costs.insert(cost.kernel).second) << cost.kernel << ": twice";
    EXPECT_GT(cost.step, 0) << cost.kernel;
    EXPECT_GE(cost.fixed, 0) << cost.kernel;
  }
  for (const std::string& tile : tiles) {
    EXPECT_EQ(1u, costs.count(tile)) << tile << ": no line in costs.inc";
  }
}

TEST(Tables, TilesAreSane) {
  check_tiles(q8gemm_kernels());
  check_tiles(q8conv_kernels());
}

// The last block of channels may overlap the one before it: together they cover every channel.
TEST(Tables, DepthwiseRowsAreSane) {
  std::set<Isa> with_any;
  for (const DwconvKernel* kernel : q8dwconv_kernels()) {
    SCOPED_TRACE(kernel->name);
    const DwconvFormat& format = kernel->format;
    EXPECT_GE(format.block, 1u);
    EXPECT_GE(format.group, 1u);
    if (kernel->isa != Isa::scalar) {
      EXPECT_EQ(0u, 8 * size_t{format.block} % kAlignment);
    }
    const bool any = kernel->kernel_height == 0;
    EXPECT_EQ(any, kernel->kernel_width == 0);
    EXPECT_EQ(any, kernel->subsampling_width == 0);
    if (any) with_any.insert(kernel->isa);
    for (size_t channels = 1; channels <= 5 * size_t{format.block}; channels++) {
      size_t covered = 0;
      const DwconvBlocks blocks = {channels, format.block, format.segments};
      for (size_t i = 0; i < blocks.count(); i++) {
        const DwconvSpan span = blocks[i];
        ASSERT_LE(span.first, covered);
        ASSERT_LE(span.channels * static_cast<size_t>(span.segments), format.block);
        covered = span.first + span.channels;
      }
      ASSERT_EQ(channels, covered);
    }
  }
  for (const DwconvKernel* kernel : q8dwconv_kernels()) {
    EXPECT_EQ(1u, with_any.count(kernel->isa)) << kernel->name << " has no row for other sizes";
  }
}

TEST(Tables, InstructionSetNames) {
  for (Isa isa : all_isas()) {
    Isa found = Isa::scalar;
    EXPECT_TRUE(isa_from_name(isa_name(isa), &found));
    EXPECT_EQ(isa, found);
  }
  Isa untouched = Isa::scalar;
  for (const char* name : {"", "AVX2", "avx", "avx22", "scalar ", " scalar", "none"}) {
    EXPECT_FALSE(isa_from_name(name, &untouched)) << name;
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
