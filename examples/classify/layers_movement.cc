// SPDX-License-Identifier: BSD-3-Clause
//
// Builders of what moves data: other shapes, concatenation, slices, padding, transposition, resize.

#include <algorithm>

#include "builder.h"

namespace classify {
namespace {

// Rows from `input` to a part of the layer's output, with another quantization where those differ.
void AddCopy(Builder& b, Layer layer, const Tensor& input, size_t row, size_t input_stride,
             size_t input_offset, size_t rows, size_t dense_stride) {
  const Tensor& output = b.At(layer.output);
  RowSetup setup = qnnp_setup_copy;
  if (HaveEqualQuantization(input, output)) {
    qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
    desc.channels = row;
    Create(qnnp_create_copy, desc, &layer);
  } else {
    qnnp_requantize_desc desc = QNNP_REQUANTIZE_DESC_INIT;
    desc.channels = row;
    desc.input_type = TypeOf(input);
    desc.input_scale = input.scales[0];
    desc.input_zero_point = input.zero_point;
    desc.output_type = TypeOf(output);
    desc.output_scale = output.scales[0];
    desc.output_zero_point = output.zero_point;
    Create(qnnp_create_requantize, desc, &layer);
    setup = qnnp_setup_requantize;
  }
  layer.bind = [handle = layer.op.get(), setup, rows = b.batch() * rows, input_stride, input_offset,
                dense_stride](const void* const* in, void* out, size_t stride) {
    return setup(handle, rows, static_cast<const uint8_t*>(in[0]) + input_offset, input_stride, out,
                 stride == 0 ? dense_stride : stride);
  };
  b.Add(std::move(layer));
}

// The part of `input` from index `begin` of dimension `axis` on that makes the tensor `output`.
void AddSlice(Builder& b, const Op& op, int input, int output, size_t axis, size_t begin,
              size_t size) {
  const Tensor &from = b.At(input), &to = b.At(output);
  const size_t rank = from.shape.size(), outer = Product(from.shape, 0, axis),
               inner = Product(from.shape, axis + 1, rank);
  if (begin + size > from.shape[axis] || outer * size * inner != to.elements) {
    Fail("indices ", begin, " to ", begin + size, " of dimension ", axis, " of ",
         ShapeText(from.shape), " do not have shape ", ShapeText(to.shape));
  }
  NeedEqualQuantization(from, to);
  Layer layer = b.Start(op, {input});
  layer.output = output;
  layer.shape = Concat(Hwc(from), " -> ", Hwc(to));
  layer.output_stride = axis + 1 == rank ? size : 0;
  AddCopy(b, std::move(layer), from, size * inner, from.shape[axis] * inner, begin * inner, outer,
          size * inner);
}

struct Extent {
  size_t begin, size;
};

// Of STRIDED_SLICE, one dimension.
Extent StridedExtent(const Op& op, size_t i, int64_t begin, int64_t end, int64_t step,
                     size_t size) {
  if (step != 1) Fail("a step of ", step, " is not supported");
  const auto limit = [size](int64_t index) {
    const auto n = static_cast<int64_t>(size);
    return std::clamp<int64_t>(index < 0 ? index + n : index, 0, n);
  };
  const bool shrinks = (op.shrink_mask >> i & 1) != 0;
  const int64_t first = (op.begin_mask >> i & 1) != 0 && !shrinks ? 0 : limit(begin);
  int64_t last = (op.end_mask >> i & 1) != 0 ? static_cast<int64_t>(size) : limit(end);
  if (shrinks) last = first + 1;
  if (last <= first) Fail("indices ", begin, " to ", end, " of dimension ", i, " are none");
  return {static_cast<size_t>(first), static_cast<size_t>(last - first)};
}

std::vector<Extent> Extents(const Builder& b, const Op& op) {
  const Tensor& input = b.At(op.inputs[0]);
  const bool is_strided = op.kind == OpKind::STRIDED_SLICE;
  const std::vector<int32_t> begin = Int32s(b.At(op.inputs[1])), end = Int32s(b.At(op.inputs[2]));
  const std::vector<int32_t> steps =
      is_strided ? Int32s(b.At(op.inputs[3])) : std::vector<int32_t>(begin.size(), 1);
  if (begin.size() != end.size() || begin.size() != steps.size() ||
      begin.size() > input.shape.size() || (!is_strided && begin.size() != input.shape.size())) {
    Fail(begin.size(), " and ", end.size(), " indices for shape ", ShapeText(input.shape));
  }
  std::vector<Extent> extents;
  for (size_t i = 0; i < input.shape.size(); i++) {
    const size_t size = input.shape[i];
    if (i >= begin.size()) {
      extents.push_back({0, size});
    } else if (is_strided) {
      extents.push_back(StridedExtent(op, i, begin[i], end[i], steps[i], size));
    } else {
      const int64_t count = end[i] == -1 ? static_cast<int64_t>(size) - begin[i] : end[i];
      if (begin[i] < 0 || count < 1) Fail("index ", begin[i], ", size ", end[i]);
      extents.push_back({static_cast<size_t>(begin[i]), static_cast<size_t>(count)});
    }
  }
  return extents;
}

bool IsConvolution(const Op& op) {
  return op.kind == OpKind::CONV_2D || op.kind == OpKind::DEPTHWISE_CONV_2D;
}

// Whether convolutions and nothing else read what a PAD computes.
bool OnlyConvolutionsRead(const Builder& b, int tensor) {
  size_t readers = 0;
  for (const Op& op : b.ops()) {
    for (int input : op.inputs) {
      if (input != tensor) continue;
      if (!IsConvolution(op)) return false;
      readers++;
    }
  }
  return readers != 0 && tensor != b.model().output;
}

int32_t PadValue(const Builder& b, const Op& op) {
  const Tensor& input = b.At(op.inputs[0]);
  if (op.kind == OpKind::PAD) return input.zero_point;
  const Tensor& value = b.At(op.inputs[2]);
  if (value.elements != 1 || value.type != input.type) {
    Fail("the value is ", value.type_name, " ", ShapeText(value.shape), ", not one ",
         input.type_name);
  }
  if (value.scales.size() != 1) Fail("the value has no quantization");
  NeedEqualQuantization(input, value);
  return value.type == DataType::kInt8 ? static_cast<int8_t>(value.data[0]) : value.data[0];
}

}  // namespace

void BuildReshape(Builder& b, const Op& op) { b.AddAlias(op); }

// Every input goes to its place in the output. Most are computed there in the first place.
void BuildConcatenation(Builder& b, const Op& op) {
  const Tensor& output = b.At(op.output());
  const size_t axis = Dimension(op.axis, output), rank = output.shape.size();
  const size_t outer = Product(output.shape, 0, axis),
               inner = Product(output.shape, axis + 1, rank);
  const bool is_one_row = outer * b.batch() == 1;
  Place place;
  place.owner = op.output();
  place.has_rows = !is_one_row;
  size_t begin = 0;
  bool is_copied = false;
  std::string shapes;
  for (int tensor : op.inputs) {
    const Tensor& input = b.At(tensor);
    std::vector<size_t> expected = output.shape;
    if (input.shape.size() == rank) expected[axis] = input.shape[axis];
    if (input.shape != expected || input.shape[axis] > output.shape[axis] - begin) {
      Fail(ShapeText(input.shape), " does not fit into ", ShapeText(output.shape), " at index ",
           begin, " of dimension ", axis);
    }
    shapes += Concat(shapes.empty() ? "" : " + ", Hwc(input));
    place.offset = begin * inner;
    begin += input.shape[axis];
    if ((is_one_row || axis + 1 == rank) && b.Settle(tensor, op.output(), place)) continue;
    is_copied = true;
    Layer layer = b.Start(op, {tensor});
    layer.output_offset = place.offset;
    layer.output_stride = axis + 1 == rank && !is_one_row ? Channels(output) : 0;
    const size_t row = input.shape[axis] * inner;
    AddCopy(b, std::move(layer), input, row, row, 0, outer, output.shape[axis] * inner);
  }
  if (begin != output.shape[axis]) {
    Fail("the inputs fill ", begin, " of ", output.shape[axis], " indices of dimension ", axis);
  }
  if (is_copied) return;
  Layer layer = b.Start(op, op.inputs);
  layer.shape = Concat(shapes, " -> ", Hwc(output));
  layer.output_stride = is_one_row ? 0 : Channels(output);
  b.Add(std::move(layer));
}

void BuildSlice(Builder& b, const Op& op) {
  const Tensor& input = b.At(op.inputs[0]);
  const std::vector<Extent> extents = Extents(b, op);
  size_t axis = 0;
  size_t parts = 0;
  for (size_t i = 0; i < extents.size(); i++) {
    if (extents[i].begin == 0 && extents[i].size == input.shape[i]) continue;
    axis = i;
    parts++;
  }
  if (parts > 1) Fail("a part of more than one dimension is not supported");
  if (extents.empty()) Fail("the input has no dimensions");
  AddSlice(b, op, op.inputs[0], op.output(), axis, extents[axis].begin, extents[axis].size);
}

void BuildSplit(Builder& b, const Op& op) {
  const Tensor& input = b.At(op.inputs[1]);
  const std::vector<int32_t> values = Int32s(b.At(op.inputs[0]));
  if (values.size() != 1) Fail(values.size(), " dimensions, not one");
  const size_t axis = Dimension(values[0], input), count = op.outputs.size();
  const size_t size = input.shape[axis] / count;
  if (size * count != input.shape[axis]) {
    Fail("dimension ", axis, " of ", ShapeText(input.shape), " is no multiple of ", count);
  }
  for (size_t i = 0; i < count; i++) {
    AddSlice(b, op, op.inputs[1], op.outputs[i], axis, i * size, size);
  }
}

// PAD writes the input's zero point around it, which is what a convolution's padding means.
void BuildPad(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const std::vector<int32_t> sizes = Int32s(b.At(op.inputs[1]));
  const size_t rank = input.shape.size();
  NeedEqualQuantization(input, output);
  if (sizes.size() != 2 * rank || output.shape.size() != rank) {
    Fail(sizes.size(), " sizes for shape ", ShapeText(input.shape));
  }
  if (rank >= QNNP_MAX_DIMENSIONS) Fail("an input of ", rank, " dimensions");
  qnnp_constant_pad_desc desc = QNNP_CONSTANT_PAD_DESC_INIT;
  desc.dimensions = static_cast<uint32_t>(rank + 1);  // the first: inputs computed at once
  for (size_t i = 0; i < rank; i++) {
    if (sizes[2 * i] < 0 || sizes[2 * i + 1] < 0) Fail("a size is below 0");
    desc.before[i + 1] = static_cast<size_t>(sizes[2 * i]);
    desc.after[i + 1] = static_cast<size_t>(sizes[2 * i + 1]);
    if (output.shape[i] != input.shape[i] + desc.before[i + 1] + desc.after[i + 1]) {
      Fail("the output's shape is ", ShapeText(output.shape));
    }
  }
  desc.type = TypeOf(input);
  desc.pad_value = PadValue(b, op);
  const bool is_picture =
      rank == 4 && input.shape[0] == output.shape[0] && input.shape[3] == output.shape[3];
  if (is_picture && desc.pad_value == input.zero_point && OnlyConvolutionsRead(b, op.output())) {
    const auto size = [&sizes](size_t i) { return static_cast<uint32_t>(sizes[i]); };
    b.pads[op.output()] = {op.inputs[0], {size(2), size(3)}, {size(4), size(5)}};
    return;
  }
  Layer layer = b.Start(op, {op.inputs[0]});
  layer.output_stride = 0;
  Create(qnnp_create_constant_pad, desc, &layer);
  std::vector<size_t> shape = input.shape;
  shape.insert(shape.begin(), b.batch());
  layer.bind = [handle = layer.op.get(), shape](const void* const* in, void* out, size_t) {
    return qnnp_setup_constant_pad(handle, shape.data(), in[0], out);
  };
  b.Add(std::move(layer));
}

void BuildTranspose(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const std::vector<int32_t> permutation = Int32s(b.At(op.inputs[1]));
  const size_t rank = input.shape.size();
  NeedEqualQuantization(input, output);
  if (permutation.size() != rank || output.shape.size() != rank || rank >= QNNP_MAX_DIMENSIONS) {
    Fail("a permutation of ", permutation.size(), " dimensions for shape ", ShapeText(input.shape));
  }
  qnnp_transpose_desc desc = QNNP_TRANSPOSE_DESC_INIT;
  desc.dimensions = static_cast<uint32_t>(rank + 1);  // the first: inputs computed at once
  for (size_t i = 0; i < rank; i++) {
    const size_t from = Dimension(permutation[i], input);
    if (output.shape[i] != input.shape[from]) {
      Fail("the output's shape is ", ShapeText(output.shape));
    }
    desc.permutation[i + 1] = static_cast<uint32_t>(from + 1);
  }
  Layer layer = b.Start(op, {op.inputs[0]});
  layer.output_stride = 0;
  Create(qnnp_create_transpose, desc, &layer);
  std::vector<size_t> shape = input.shape;
  shape.insert(shape.begin(), b.batch());
  layer.bind = [handle = layer.op.get(), shape](const void* const* in, void* out, size_t) {
    return qnnp_setup_transpose(handle, shape.data(), in[0], out);
  };
  b.Add(std::move(layer));
}

void BuildDepthSpace(Builder& b, const Op& op) {
  const bool is_to_space = op.kind == OpKind::DEPTH_TO_SPACE;
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const Tensor &deep = is_to_space ? input : output, &wide = is_to_space ? output : input;
  NeedEqualQuantization(input, output);
  const uint64_t block = op.block_size;
  if (deep.shape.size() != 4 || wide.shape.size() != 4 || deep.shape[0] != wide.shape[0] ||
      block * deep.shape[1] != wide.shape[1] || block * deep.shape[2] != wide.shape[2] ||
      wide.elements != deep.elements) {
    Fail("blocks of ", block, " do not lead from ", ShapeText(input.shape), " to ",
         ShapeText(output.shape));
  }
  qnnp_depth_space_desc desc = QNNP_DEPTH_SPACE_DESC_INIT;
  desc.block_size = op.block_size;
  desc.channels = wide.shape[3];
  Layer layer = b.Start(op, op.inputs);
  Create(is_to_space ? qnnp_create_depth_to_space : qnnp_create_space_to_depth, desc, &layer);
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape,
                setup = is_to_space ? qnnp_setup_depth_to_space : qnnp_setup_space_to_depth](
                   const void* const* from, void* out, size_t stride) {
    return setup(handle, images, in[1], in[2], from[0], in[3], out, stride);
  };
  b.Add(std::move(layer));
}

void BuildResize(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const std::vector<int32_t> size = Int32s(b.At(op.inputs[1]));
  NeedEqualQuantization(input, output);
  if (input.shape.size() != 4 || output.shape.size() != 4 || input.shape[0] != output.shape[0] ||
      input.shape[3] != output.shape[3] || size.size() != 2 ||
      output.shape[1] != static_cast<size_t>(size[0]) ||
      output.shape[2] != static_cast<size_t>(size[1])) {
    Fail("shapes ", ShapeText(input.shape), " and ", ShapeText(output.shape),
         " do not fit together or not to the size that is asked for");
  }
  qnnp_resize2d_desc desc = QNNP_RESIZE2D_DESC_INIT;
  desc.channels = input.shape[3];
  desc.mode = op.kind == OpKind::RESIZE_BILINEAR ? qnnp_resize_bilinear : qnnp_resize_nearest;
  desc.coordinates = op.align_corners        ? qnnp_resize_align_corners
                     : op.half_pixel_centers ? qnnp_resize_half_pixel
                                             : qnnp_resize_asymmetric;
  desc.type = TypeOf(input);
  Layer layer = b.Start(op, {op.inputs[0]});
  Create(qnnp_create_resize2d, desc, &layer);
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape,
                to = output.shape](const void* const* from, void* out, size_t stride) {
    return qnnp_setup_resize2d(handle, images, in[1], in[2], to[1], to[2], from[0], in[3], out,
                               stride);
  };
  b.Add(std::move(layer));
}

}  // namespace classify
