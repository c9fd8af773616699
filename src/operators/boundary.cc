// SPDX-License-Identifier: BSD-3-Clause
// The kernels know float32; float16 is converted on the way, a piece at a time.
#include "operators/boundary.h"

#include "f16convert/f16convert.h"
#include "f32dequantize/f32dequantize.h"
#include "f32quantize/f32quantize.h"
#include "operators/elementwise.h"
#include "operators/select.h"
#include "operators/typed.h"

namespace qnnp {
namespace {

constexpr size_t kPiece = 1024;  // floats on the stack: they stay in the first-level cache

Status check_float_type(enum qnnp_datatype type, const char* parameter) {
  if (type == qnnp_datatype_float32 || type == qnnp_datatype_float16) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is %d: it must be float32 (%d) or float16 (%d)",
              parameter, static_cast<int>(type), qnnp_datatype_float32, qnnp_datatype_float16);
}

constexpr ElementwiseTensor tensor(const char* name, enum qnnp_datatype type) {
  return {name, static_cast<uint8_t>(type == qnnp_datatype_float32   ? 4
                                     : type == qnnp_datatype_float16 ? 2
                                                                     : 1)};
}

// work(row, i, n): n <= kPiece elements of a row from i on.
template <class Work>
void for_each_piece(size_t rows, size_t n, const Work& work) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = 0; i < n; i += kPiece) work(row, i, min(kPiece, n - i));
  }
}

struct Quantize : Elementwise {
  Quantize(size_t channel_count, enum qnnp_datatype input_type, const QuantizeParams& parameters,
           const ElementwiseTensor* tensor_list)
      : Elementwise(OperatorType::quantize, channel_count, 2, tensor_list),
        from(input_type),
        params(parameters),
        kernel(best_kernel(f32quantize_kernels())),
        convert(best_kernel(f16convert_kernels())) {
    name_kernel(kernel_name, "f32quantize", kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override;
  Operator* clone() const override { return new Quantize(channels, from, params, tensors); }

  const enum qnnp_datatype from;
  const QuantizeParams params;
  const QuantizeKernel* const kernel;
  const F16Kernel* const convert;
};

void Quantize::compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const {
  if (from == qnnp_datatype_float32) {
    const float* x = reinterpret_cast<const float*>(t.data[0]);
    kernel->run({rows, n, x, t.stride[0], t.data[1], t.stride[1], &params});
    return;
  }
  const uint16_t* x = reinterpret_cast<const uint16_t*>(t.data[0]);
  for_each_piece(rows, n, [&](size_t row, size_t i, size_t piece) {
    float wide[kPiece];
    convert->widen(x + row * t.stride[0] + i, wide, piece);
    kernel->run({1, piece, wide, piece, t.data[1] + row * t.stride[1] + i, piece, &params});
  });
}

struct Dequantize : Elementwise {
  Dequantize(size_t channel_count, enum qnnp_datatype output_type,
             const DequantizeParams& parameters, const ElementwiseTensor* tensor_list)
      : Elementwise(OperatorType::dequantize, channel_count, 2, tensor_list),
        to(output_type),
        params(parameters),
        kernel(best_kernel(f32dequantize_kernels())),
        convert(best_kernel(f16convert_kernels())) {
    name_kernel(kernel_name, "f32dequantize", kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override;
  Operator* clone() const override { return new Dequantize(channels, to, params, tensors); }

  const enum qnnp_datatype to;
  const DequantizeParams params;
  const DequantizeKernel* const kernel;
  const F16Kernel* const convert;
};

void Dequantize::compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const {
  if (to == qnnp_datatype_float32) {
    float* y = reinterpret_cast<float*>(t.data[1]);
    kernel->run({rows, n, t.data[0], t.stride[0], y, t.stride[1], &params});
    return;
  }
  uint16_t* y = reinterpret_cast<uint16_t*>(t.data[1]);
  for_each_piece(rows, n, [&](size_t row, size_t i, size_t piece) {
    float wide[kPiece];
    kernel->run({1, piece, t.data[0] + row * t.stride[0] + i, piece, wide, piece, &params});
    convert->narrow(wide, y + row * t.stride[1] + i, piece);
  });
}

}  // namespace

Status create_quantize(const qnnp_quantize_desc& desc, Operator** out) {
  uint8_t zero_point, low, high;
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_float_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  QNNP_TRY(unsigned_zero_point(desc.output_zero_point, desc.output_type, "output_zero_point",
                               &zero_point));
  QNNP_TRY(
      unsigned_range(desc.output_min, desc.output_max, desc.output_type, "output", &low, &high));
  QNNP_TRY(check_flags(desc.flags));
  const ElementwiseTensor tensors[] = {tensor("input", desc.input_type), {"output"}};
  const QuantizeParams params = {desc.output_scale,
                                 output_params(zero_point, low, high, flip_of(desc.output_type))};
  *out = new Quantize(desc.channels, desc.input_type, params, tensors);
  return *out == nullptr ? fail_memory("quantize operator", sizeof(Quantize)) : qnnp_status_success;
}

Status create_dequantize(const qnnp_dequantize_desc& desc, Operator** out) {
  uint8_t zero_point;
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_float_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(
      unsigned_zero_point(desc.input_zero_point, desc.input_type, "input_zero_point", &zero_point));
  QNNP_TRY(check_flags(desc.flags));
  const ElementwiseTensor tensors[] = {{"input"}, tensor("output", desc.output_type)};
  const DequantizeParams params = {desc.input_scale, zero_point, flip_of(desc.input_type)};
  *out = new Dequantize(desc.channels, desc.output_type, params, tensors);
  return *out == nullptr ? fail_memory("dequantize operator", sizeof(Dequantize))
                         : qnnp_status_success;
}

}  // namespace qnnp
