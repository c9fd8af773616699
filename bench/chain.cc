// SPDX-License-Identifier: BSD-3-Clause
#include "chain.h"

namespace qnnp::bench {
namespace {

size_t pooled(size_t size, uint32_t stride, uint32_t padding) {
  return (size + 2 * padding - 3) / stride + 1;
}

}  // namespace

Chain::~Chain() {
  for (const qnnp_operator_t op : operators_) qnnp_delete_operator(op);
}

void Chain::run(pthreadpool_t pool) const {
  for (const qnnp_operator_t op : operators_) require(qnnp_run_operator(op, pool));
}

double Chain::macs() const {
  double macs = 0;
  for (const qnnp_operator_t op : operators_) {
    qnnp_operator_info info = {};
    info.struct_size = sizeof(info);
    require(qnnp_describe_operator(op, &info));
    macs += static_cast<double>(info.macs);
  }
  return macs;
}

View Chain::tensor(size_t size, size_t channels) {
  tensors_.emplace_back(size * size * channels);
  return {tensors_.size() - 1, 0, channels, size, channels};
}

View Chain::input(size_t size, size_t channels) {
  const View view = tensor(size, channels);
  tensors_.back() = random_bytes(size * size * channels);
  return view;
}

void Chain::conv_into(View in, uint32_t kernel, uint32_t stride, size_t groups, View out) {
  const Layer layer = {in.size, in.channels, out.channels,
                       kernel,  stride,      static_cast<uint32_t>(groups)};
  const LayerDesc described(layer, types_, kKernelZeroPoint, false);
  operators_.push_back(nullptr);
  require(qnnp_create_convolution2d(&described.desc, &operators_.back()));
  require(qnnp_setup_convolution2d(operators_.back(), 1, in.size, in.size, data(in), in.stride,
                                   data(out), out.stride));
}

View Chain::conv(View in, size_t outputs, uint32_t kernel, uint32_t stride, size_t groups) {
  const View out = tensor((in.size + stride - 1) / stride, outputs);
  conv_into(in, kernel, stride, groups, out);
  return out;
}

View Chain::add(View a, View b) {
  const View out = tensor(a.size, a.channels);
  qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.operation = qnnp_binary_operation_add;
  desc.channels = a.channels;
  desc.a_type = desc.b_type = desc.output_type = type();
  desc.a_scale = desc.b_scale = desc.output_scale = 1.0f;
  operators_.push_back(nullptr);
  require(qnnp_create_binary(&desc, &operators_.back()));
  require(qnnp_setup_binary(operators_.back(), a.size * a.size, data(a), a.stride, data(b),
                            b.stride, data(out), out.stride));
  return out;
}

void Chain::pool_into(View in, enum qnnp_reduction operation, uint32_t stride, uint32_t padding,
                      View out) {
  qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  desc.operation = operation;
  desc.type = type();
  desc.channels = in.channels;
  desc.pooling_height = desc.pooling_width = 3;
  desc.stride_height = desc.stride_width = stride;
  desc.input_padding_top = desc.input_padding_bottom = padding;
  desc.input_padding_left = desc.input_padding_right = padding;
  desc.input_scale = desc.output_scale = 1.0f;
  operators_.push_back(nullptr);
  require(qnnp_create_pooling2d(&desc, &operators_.back()));
  require(qnnp_setup_pooling2d(operators_.back(), 1, in.size, in.size, data(in), in.stride,
                               data(out), out.stride));
}

View Chain::pool(View in, enum qnnp_reduction operation, uint32_t stride, uint32_t padding) {
  const View out = tensor(pooled(in.size, stride, padding), in.channels);
  pool_into(in, operation, stride, padding, out);
  return out;
}

View Chain::global_mean(View in) {
  const View out = tensor(1, in.channels);
  qnnp_global_pooling_desc desc = QNNP_GLOBAL_POOLING_DESC_INIT;
  desc.type = type();
  desc.channels = in.channels;
  desc.input_scale = desc.output_scale = 1.0f;
  operators_.push_back(nullptr);
  require(qnnp_create_global_pooling(&desc, &operators_.back()));
  require(qnnp_setup_global_pooling(operators_.back(), 1, in.size * in.size, data(in), in.stride,
                                    data(out), out.stride));
  return out;
}

View Chain::fully_connected(View in, size_t outputs) {
  const View out = tensor(1, outputs);
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  const Weights weights = fill_weights(desc, types_, outputs, in.channels);
  desc.input_channels = in.channels;
  desc.output_channels = outputs;
  operators_.push_back(nullptr);
  require(qnnp_create_fully_connected(&desc, &operators_.back()));
  require(
      qnnp_setup_fully_connected(operators_.back(), 1, data(in), in.stride, data(out), out.stride));
  return out;
}

void Chain::softargmax(View in) {
  const View out = tensor(1, in.channels);
  qnnp_softargmax_desc desc = QNNP_SOFTARGMAX_DESC_INIT;
  desc.channels = in.channels;
  desc.input_type = desc.output_type = type();
  desc.input_scale = 0.1f;
  operators_.push_back(nullptr);
  require(qnnp_create_softargmax(&desc, &operators_.back()));
  require(qnnp_setup_softargmax(operators_.back(), 1, data(in), in.stride, data(out), out.stride));
}

View Chain::shuffle(View in, size_t groups) {
  const View out = tensor(in.size, in.channels);
  operators_.push_back(nullptr);
  require(qnnp_create_channel_shuffle_nc_x8(groups, in.channels / groups, 0, &operators_.back()));
  require(qnnp_setup_channel_shuffle_nc_x8(operators_.back(), in.size * in.size, data(in),
                                           in.stride, data(out), out.stride));
  return out;
}

void Chain::copy_into(View in, View out) {
  qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
  desc.channels = in.channels;
  operators_.push_back(nullptr);
  require(qnnp_create_copy(&desc, &operators_.back()));
  require(qnnp_setup_copy(operators_.back(), in.size * in.size, data(in), in.stride, data(out),
                          out.stride));
}

}  // namespace qnnp::bench
