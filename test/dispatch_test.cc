// SPDX-License-Identifier: BSD-3-Clause
// Which kernel an operator chooses: never above QNNP_ISA, and a row of that instruction set
// wherever its family has one. Seen through qnnp_describe_operator, as a user would.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/isa.h"
#include "q8conv/q8conv.h"
#include "q8dwconv/q8dwconv.h"
#include "q8gemm/q8gemm.h"

namespace qnnp {
namespace test {
namespace {

struct ConvolutionSize {
  uint32_t kernel, stride, dilation, groups;
  size_t inputs, outputs;  // of a group
};

qnnp_operator_t create_convolution(const ConvolutionSize& s) {
  const std::vector<uint8_t> kernel(s.groups * s.outputs * s.inputs * s.kernel * s.kernel,
                                    uint8_t{1});
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success, qnnp_create_convolution2d_nhwc_q8(
                                     0, 0, 0, 0, s.kernel, s.kernel, s.stride, s.stride, s.dilation,
                                     s.dilation, s.groups, s.inputs, s.outputs, 0, 1.0f, 0, 1.0f,
                                     kernel.data(), nullptr, 0, 1.0f, 0, 255, 0, &op))
      << qnnp_get_last_error();
  return op;
}

qnnp_operator_t create_fully_connected(size_t inputs, size_t outputs) {
  const std::vector<uint8_t> kernel(inputs * outputs, uint8_t{1});
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success,
            qnnp_create_fully_connected_nc_q8(inputs, outputs, 0, 1.0f, 0, 1.0f, kernel.data(),
                                              nullptr, 0, 1.0f, 0, 255, 0, &op));
  return op;
}

// "q8gemm 6x16__avx2"; the operator goes.
std::string take_kernel(qnnp_operator_t op) {
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  EXPECT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  EXPECT_GT(strlen(info.reason), 0u);
  const std::string kernel = info.kernel;
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  return kernel;
}

// The instruction set in a kernel's name.
Isa isa_of(const std::string& kernel) {
  const size_t line = kernel.rfind("__"), space = kernel.rfind(' ');
  const std::string name =
      line == std::string::npos ? kernel.substr(space + 1) : kernel.substr(line + 2);
  Isa isa = Isa::scalar;
  EXPECT_TRUE(isa_from_name(name.c_str(), &isa)) << kernel;
  return isa;
}

// The strongest instruction set that has a row and is not above `limit`.
template <class Kernel>
Isa strongest(Span<const Kernel* const> kernels, Isa limit) {
  Isa best = Isa::scalar;
  for (const Kernel* kernel : kernels) {
    if (kernel->isa <= limit && kernel->isa > best && cpu_has(kernel->isa)) best = kernel->isa;
  }
  return best;
}

template <class Body>
void for_each_limit(const Body& body) {
  for (Isa isa : all_isas()) {
    if (!cpu_has(isa)) continue;
    SCOPED_TRACE(isa_name(isa));
    const ForcedIsa forced(isa_name(isa));
    body(isa);
  }
}

void expect_kernel(const std::string& family, Isa isa, const std::string& kernel) {
  EXPECT_EQ(0u, kernel.find(family + " ")) << kernel;
  EXPECT_EQ(isa, isa_of(kernel)) << kernel;
}

TEST(Dispatch, ConvolutionAndFullyConnected) {
  for_each_limit([](Isa limit) {
    const Isa gemm = strongest(q8gemm_kernels(), limit), conv = strongest(q8conv_kernels(), limit);
    const Isa depthwise = strongest(q8dwconv_kernels(), limit);
    for (size_t n : {1, 2, 7, 8, 9, 16, 17, 32, 64, 65, 200}) {
      expect_kernel("q8gemm", gemm, take_kernel(create_fully_connected(20, n)));
      expect_kernel("q8gemm", gemm, take_kernel(create_convolution({1, 1, 1, 1, 20, n})));
      expect_kernel("q8gemm", gemm, take_kernel(create_convolution({1, 1, 1, 2, 20, n})));
      expect_kernel("q8conv", conv, take_kernel(create_convolution({3, 1, 1, 1, 20, n})));
      expect_kernel("q8conv", conv, take_kernel(create_convolution({1, 2, 1, 1, 20, n})));
      expect_kernel("q8conv", conv, take_kernel(create_convolution({3, 2, 1, 1, 3, n})));
      const uint32_t channels = static_cast<uint32_t>(n) + 1;
      for (uint32_t stride = 1; stride <= 3; stride++) {
        for (uint32_t dilation = 1; dilation <= 2; dilation++) {
          expect_kernel("q8dwconv", depthwise,
                        take_kernel(create_convolution({3, stride, dilation, channels, 1, 1})));
          expect_kernel("q8dwconv", depthwise,
                        take_kernel(create_convolution({5, stride, dilation, channels, 1, 1})));
        }
      }
    }
  });
}

// Fully connected layers often have one row, and wait for their weights.
TEST(Dispatch, FullyConnectedStreamsNarrowWeights) {
  for_each_limit([](Isa limit) {
    if (limit != Isa::avx2) return;
    EXPECT_EQ("q8gemm 6x16_bytes__avx2", take_kernel(create_fully_connected(20, 9)));
    EXPECT_EQ("q8gemm 6x16__avx2", take_kernel(create_convolution({1, 1, 1, 1, 20, 9})));
  });
}

TEST(Dispatch, OtherOperators) {
  for_each_limit([](Isa limit) {
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success,
              qnnp_create_add_nc_q8(5, 0, 1.0f, 0, 1.0f, 0, 1.0f, 0, 255, 0, &op));
    EXPECT_LE(isa_of(take_kernel(op)), limit);
    ASSERT_EQ(qnnp_status_success, qnnp_create_clamp_nc_u8(5, 0, 255, 0, &op));
    EXPECT_LE(isa_of(take_kernel(op)), limit);
    ASSERT_EQ(qnnp_status_success, qnnp_create_softargmax_nc_q8(5, 1.0f, 0, 0x1p-8f, 0, &op));
    EXPECT_LE(isa_of(take_kernel(op)), limit);
    ASSERT_EQ(qnnp_status_success,
              qnnp_create_global_average_pooling_nwc_q8(5, 0, 1.0f, 0, 1.0f, 0, 255, 0, &op));
    EXPECT_LE(isa_of(take_kernel(op)), limit);
    ASSERT_EQ(qnnp_status_success,
              qnnp_create_average_pooling2d_nhwc_q8(0, 0, 0, 0, 2, 2, 1, 1, 5, 0, 1.0f, 0, 1.0f, 0,
                                                    255, 0, &op));
    EXPECT_LE(isa_of(take_kernel(op)), limit);
  });
}

// A row that is made for a kernel size is used for it, and only for it.
TEST(Dispatch, DepthwiseRowsForTheirSize) {
  for_each_limit([](Isa limit) {
    for (const DwconvKernel* kernel : q8dwconv_kernels()) {
      if (kernel->isa != limit || kernel->kernel_height == 0) continue;
      if (kernel->kernel_height != kernel->kernel_width) continue;
      // An assembly row's twin in intrinsics is there for tests.
      if (std::string(kernel->name).find("_intrinsics") != std::string::npos) continue;
      const uint32_t size = kernel->kernel_height, stride = kernel->subsampling_width;
      const std::string name = std::string("q8dwconv ") + kernel->name;
      EXPECT_EQ(name, take_kernel(create_convolution({size, stride, 1, 9, 1, 1})));
      EXPECT_NE(name, take_kernel(create_convolution({size, stride, 2, 9, 1, 1})));
      EXPECT_NE(name, take_kernel(create_convolution({size + 1, stride, 1, 9, 1, 1})));
      EXPECT_NE(name, take_kernel(create_convolution({size, stride + 1, 1, 9, 1, 1})));
    }
  });
}

// The choice is made in create: an operator keeps its kernel when the limit changes.
TEST(Dispatch, AnOperatorKeepsItsKernel) {
  qnnp_operator_t op = create_fully_connected(4, 9);
  qnnp_operator_info before = {}, after = {};
  before.struct_size = after.struct_size = sizeof(before);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &before));
  const std::string kernel = before.kernel;
  {
    const ForcedIsa forced("scalar");
    ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &after));
    EXPECT_EQ(kernel, after.kernel);
    qnnp_operator_t copy = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op, &copy));
    EXPECT_EQ(kernel, take_kernel(copy));
    EXPECT_EQ(Isa::scalar, isa_of(take_kernel(create_fully_connected(4, 9))));
  }
  EXPECT_EQ(kernel, take_kernel(op));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
