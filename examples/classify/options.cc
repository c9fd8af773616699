// SPDX-License-Identifier: BSD-3-Clause

#include "options.h"

namespace classify {
namespace {

class OptionsReader {
 public:
  OptionsReader(const tflite::Operator& source, const std::string& where, Op* op,
                Unsupported* unsupported)
      : source_(source), where_(where), op_(*op), unsupported_(*unsupported) {}

  void Read() {
    switch (op_.kind) {
      case OpKind::CONV_2D:
        return Convolution(Need(source_.builtin_options_as_Conv2DOptions()));
      case OpKind::DEPTHWISE_CONV_2D:
        return Convolution(Need(source_.builtin_options_as_DepthwiseConv2DOptions()));
      case OpKind::TRANSPOSE_CONV:
        return Window(Need(source_.builtin_options_as_TransposeConvOptions()));
      case OpKind::AVERAGE_POOL_2D:
      case OpKind::MAX_POOL_2D:
        return Pool(Need(source_.builtin_options_as_Pool2DOptions()));
      case OpKind::FULLY_CONNECTED:
        return FullyConnected(Need(source_.builtin_options_as_FullyConnectedOptions()));
      case OpKind::ADD:
        return Fused(source_.builtin_options_as_AddOptions());
      case OpKind::SUB:
        return Fused(source_.builtin_options_as_SubOptions());
      case OpKind::MUL:
        return Fused(source_.builtin_options_as_MulOptions());
      case OpKind::SOFTMAX:
        op_.beta = Need(source_.builtin_options_as_SoftmaxOptions()).beta();
        return;
      case OpKind::LEAKY_RELU:
        op_.alpha = Need(source_.builtin_options_as_LeakyReluOptions()).alpha();
        return;
      default:
        return Movement();
    }
  }

 private:
  void Movement() {
    switch (op_.kind) {
      case OpKind::CONCATENATION: {
        const auto& options = Need(source_.builtin_options_as_ConcatenationOptions());
        op_.axis = options.axis();
        if (options.fused_activation_function() != tflite::ActivationFunctionType_NONE) {
          Refuse("with a fused activation");
        }
        return;
      }
      case OpKind::DEPTH_TO_SPACE:
        return Block(Need(source_.builtin_options_as_DepthToSpaceOptions()).block_size());
      case OpKind::SPACE_TO_DEPTH:
        return Block(Need(source_.builtin_options_as_SpaceToDepthOptions()).block_size());
      case OpKind::RESIZE_BILINEAR:
        return Corners(Need(source_.builtin_options_as_ResizeBilinearOptions()));
      case OpKind::RESIZE_NEAREST_NEIGHBOR:
        return Corners(Need(source_.builtin_options_as_ResizeNearestNeighborOptions()));
      case OpKind::BATCH_MATMUL: {
        const auto& options = Need(source_.builtin_options_as_BatchMatMulOptions());
        op_.transpose_b = options.adj_y();
        if (options.adj_x()) Refuse("with adj_x");
        return;
      }
      case OpKind::STRIDED_SLICE:
        return Masks(Need(source_.builtin_options_as_StridedSliceOptions()));
      default:
        return;
    }
  }

  template <class Options>
  const Options& Need(const Options* options) const {
    if (options == nullptr) Fail(where_, " has no options, or another operator's");
    return *options;
  }

  void Refuse(const std::string& what) { unsupported_[Concat(op_.name, " ", what)]++; }

  uint32_t Positive(int32_t value, const char* what) const {
    if (value < 1) Fail(where_, ": ", what, " is ", value, ", not at least 1");
    return static_cast<uint32_t>(value);
  }

  Activation ReadActivation(tflite::ActivationFunctionType activation) {
    switch (activation) {
      case tflite::ActivationFunctionType_NONE:
        return Activation::kNone;
      case tflite::ActivationFunctionType_RELU:
        return Activation::kRelu;
      case tflite::ActivationFunctionType_RELU_N1_TO_1:
        return Activation::kReluN1To1;
      case tflite::ActivationFunctionType_RELU6:
        return Activation::kRelu6;
      default:
        Refuse(Concat("with fused ", NameOr(tflite::EnumNameActivationFunctionType(activation),
                                            "activation", activation)));
        return Activation::kNone;
    }
  }

  template <class Options>
  void Fused(const Options* options) {
    if (options == nullptr) return;
    op_.activation = ReadActivation(options->fused_activation_function());
  }

  template <class Options>
  void Window(const Options& options) {
    if (options.padding() != tflite::Padding_SAME && options.padding() != tflite::Padding_VALID) {
      Fail(where_, ": padding is ", static_cast<int>(options.padding()), ", not SAME or VALID");
    }
    op_.padding = options.padding() == tflite::Padding_SAME ? Padding::kSame : Padding::kValid;
    op_.stride_height = Positive(options.stride_h(), "stride_h");
    op_.stride_width = Positive(options.stride_w(), "stride_w");
    Fused(&options);
  }

  template <class Options>
  void Convolution(const Options& options) {
    Window(options);
    op_.dilation_height = Positive(options.dilation_h_factor(), "dilation_h_factor");
    op_.dilation_width = Positive(options.dilation_w_factor(), "dilation_w_factor");
  }

  void Pool(const tflite::Pool2DOptions& options) {
    Window(options);
    op_.window_height = Positive(options.filter_height(), "filter_height");
    op_.window_width = Positive(options.filter_width(), "filter_width");
  }

  void FullyConnected(const tflite::FullyConnectedOptions& options) {
    if (options.weights_format() != tflite::FullyConnectedOptionsWeightsFormat_DEFAULT) {
      Refuse("with shuffled weights");
    }
    Fused(&options);
  }

  void Block(int32_t size) { op_.block_size = Positive(size, "block_size"); }

  template <class Options>
  void Corners(const Options& options) {
    op_.align_corners = options.align_corners();
    op_.half_pixel_centers = options.half_pixel_centers();
    if (op_.align_corners && op_.half_pixel_centers) {
      Refuse("with both align_corners and half_pixel_centers");
    }
  }

  void Masks(const tflite::StridedSliceOptions& options) {
    op_.begin_mask = static_cast<uint32_t>(options.begin_mask());
    op_.end_mask = static_cast<uint32_t>(options.end_mask());
    op_.shrink_mask = static_cast<uint32_t>(options.shrink_axis_mask());
    if (options.ellipsis_mask() != 0) Refuse("with an ellipsis");
    if (options.new_axis_mask() != 0) Refuse("with a new axis");
    if (options.offset()) Refuse("with offset");
  }

  const tflite::Operator& source_;
  const std::string& where_;
  Op& op_;
  Unsupported& unsupported_;
};

}  // namespace

void ReadOptions(const tflite::Operator& source, const std::string& where, Op* op,
                 Unsupported* unsupported) {
  OptionsReader(source, where, op, unsupported).Read();
}

}  // namespace classify
