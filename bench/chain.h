// SPDX-License-Identifier: BSD-3-Clause
// A network as a chain of operators with random weights: networks.cc builds it, networks_bench runs
// it. Tensors are views, so that halves and concatenations of channels need no copies.
#pragma once

#include "cases.h"

namespace qnnp::bench {

// Channels of an image within a tensor whose pixels are `stride` apart.
struct View {
  size_t tensor, offset, stride;
  size_t size, channels;  // height and width

  View part(size_t first, size_t count) const {
    return {tensor, offset + first, stride, size, count};
  }
};

class Chain {
 public:
  explicit Chain(Types types) : types_(types) {}
  ~Chain();
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  // Each adds an operator; its result is a tensor of its own, or, with the last parameter, this.
  View tensor(size_t size, size_t channels);
  View input(size_t size, size_t channels);  // random
  View conv(View in, size_t outputs, uint32_t kernel, uint32_t stride = 1, size_t groups = 1);
  void conv_into(View in, uint32_t kernel, uint32_t stride, size_t groups, View out);
  View depthwise(View in, uint32_t stride) { return conv(in, in.channels, 3, stride, in.channels); }
  View separable(View in, size_t outputs) { return conv(depthwise(in, 1), outputs, 1); }
  View add(View a, View b);
  View pool(View in, enum qnnp_reduction operation, uint32_t stride, uint32_t padding);  // 3x3
  void pool_into(View in, enum qnnp_reduction operation, uint32_t stride, uint32_t padding,
                 View out);
  View global_mean(View in);
  View fully_connected(View in, size_t outputs);
  void softargmax(View in);
  View shuffle(View in, size_t groups);
  void copy_into(View in, View out);

  void run(pthreadpool_t pool) const;
  double macs() const;
  size_t operators() const { return operators_.size(); }
  const Bytes& output() const { return tensors_.back(); }
  const std::vector<Bytes>& tensors() const { return tensors_; }  // what each operator left

 private:
  uint8_t* data(View view) { return tensors_[view.tensor].data() + view.offset; }
  enum qnnp_datatype type() const {
    return types_ == Types::int8 ? qnnp_datatype_int8 : qnnp_datatype_uint8;
  }

  Types types_;
  std::vector<Bytes> tensors_;
  std::vector<qnnp_operator_t> operators_;
};

struct WholeNetwork {
  const char* name;
  void (*build)(Chain& chain);
};
std::vector<WholeNetwork> whole_networks();

}  // namespace qnnp::bench
