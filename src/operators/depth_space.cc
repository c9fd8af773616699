// SPDX-License-Identifier: BSD-3-Clause
#include "operators/depth_space.h"

#include "operators/move.h"
#include "operators/select.h"
#include "operators/typed.h"

namespace qnnp {
namespace {

struct DepthSpace : MoveOperator {
  DepthSpace(OperatorType operator_type, const qnnp_depth_space_desc& description,
             const TransposeKernel* chosen)
      : MoveOperator(operator_type, chosen), desc(description) {}
  Operator* clone() const override { return new DepthSpace(type, desc, kernel); }

  const qnnp_depth_space_desc desc;
};

// One of the two tensors: its strides along image, row and column of the small image, row and
// column within a block, and channel of the large image.
constexpr int kAxes = 6;
struct Strides {
  size_t along[kAxes];
};

Strides deep_strides(const qnnp_depth_space_desc& d, size_t height, size_t width, size_t stride) {
  const size_t b = d.block_size, c = d.channels;
  const bool blocks_outermost = d.order == qnnp_depth_order_block_first;
  return {{height * width * stride, width * stride, stride, blocks_outermost ? b * c : b,
           blocks_outermost ? c : size_t{1}, blocks_outermost ? size_t{1} : b * b}};
}

Strides wide_strides(const qnnp_depth_space_desc& d, size_t height, size_t width, size_t stride) {
  const size_t b = d.block_size, row = width * b * stride;
  return {{height * b * row, b * row, b * stride, row, stride, 1}};
}

// The input of space to depth must consist of whole blocks.
Status check_blocks(size_t size, uint32_t block, const char* name) {
  if (size % block == 0) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter,
              "%s is %zu: it must be a multiple of block_size, which is %u", name, size, block);
}

}  // namespace

Status create_depth_space(OperatorType type, const qnnp_depth_space_desc& desc, Operator** out) {
  qnnp_depth_space_desc d = desc;
  d.block_size = or_one(d.block_size);
  QNNP_TRY(check_nonzero(d.channels, "channels"));
  if (d.order != qnnp_depth_order_block_first && d.order != qnnp_depth_order_channel_first) {
    return fail(qnnp_status_invalid_parameter,
                "order is %d: it must be block first (%d) or channel "
                "first (%d)",
                static_cast<int>(d.order), qnnp_depth_order_block_first,
                qnnp_depth_order_channel_first);
  }
  QNNP_TRY(check_flags(d.flags));
  if (!(CheckedSize(d.block_size) * d.block_size * d.channels).valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "block_size^2 * channels is %u^2 * %zu: more channels than can be addressed",
                d.block_size, d.channels);
  }
  *out = new DepthSpace(type, d, best_kernel(x8transpose_kernels()));
  return *out == nullptr ? fail_memory("depth to space operator", sizeof(DepthSpace))
                         : qnnp_status_success;
}

Status setup_depth_space(Operator* op, OperatorType type, size_t batch_size, size_t input_height,
                         size_t input_width, const void* input, size_t input_stride, void* output,
                         size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, type, batch_size, &done));
  if (done) return qnnp_status_success;
  DepthSpace& depth_space = static_cast<DepthSpace&>(*op);
  const qnnp_depth_space_desc& d = depth_space.desc;
  const size_t b = d.block_size, deep_channels = b * b * d.channels;
  const bool widens = type == OperatorType::depth_to_space;
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  if (!widens) QNNP_TRY(check_blocks(input_height, d.block_size, "input_height"));
  if (!widens) QNNP_TRY(check_blocks(input_width, d.block_size, "input_width"));
  QNNP_TRY(check_layout(input, widens ? deep_channels : d.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, widens ? d.channels : deep_channels, output_stride, "output"));
  const size_t height = widens ? input_height : input_height / b;
  const size_t width = widens ? input_width : input_width / b;
  const CheckedSize deep_pixels = CheckedSize(batch_size) * height * width;
  const CheckedSize wide_pixels = deep_pixels * b * b;
  QNNP_TRY(check_extent(widens ? deep_pixels : wide_pixels, input_stride, "input"));
  QNNP_TRY(check_extent(widens ? wide_pixels : deep_pixels, output_stride, "output"));

  const Strides deep = deep_strides(d, height, width, widens ? input_stride : output_stride);
  const Strides wide = wide_strides(d, height, width, widens ? output_stride : input_stride);
  const size_t extents[kAxes] = {batch_size, height, width, b, b, d.channels};
  Move move(depth_space.kernel);
  for (int i = 0; i < kAxes; i++) {
    move.add(extents[i], (widens ? deep : wide).along[i], (widens ? wide : deep).along[i]);
  }
  move.finish();
  depth_space.bind(move, input, output);
  return qnnp_status_success;
}

}  // namespace qnnp
