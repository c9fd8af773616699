// SPDX-License-Identifier: BSD-3-Clause
// Other libraries on the layers of compare_bench, each in its own file of this folder, through
// nothing but its public interface. Which are here is decided when configuring.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../cases.h"

namespace qnnp::bench {

// A convolution layer (a GEMM of M rows is a 1x1 layer of M pixels), batch 1, channels innermost,
// weights as output, row, column, input.
struct PeerLayer {
  const Layer& layer;
  const qnnp_convolution2d_desc& desc;  // types, scales, zero points, weights, padding
  const uint8_t* input;
  size_t pixels() const { return layer.output_size() * layer.output_size(); }
  size_t outputs() const { return pixels() * layer.outputs; }
};

// A layer made ready for runs with one thread.
struct Contestant {
  std::function<void()> run;
  std::function<Bytes()> output;  // of the last run, in the type of the layer
  std::string why;                // there is no `run`: it cannot do this layer, as it says here
};

struct Peer {
  const char* name;  // "XNNPACK/uint8": library and type of activations
  Types types;       // of the layer that it gets
  int32_t kernel_zero_point;
  bool symmetric;  // padding
  bool exact;      // defined as our operators are, so that an output may be off by one only
  Contestant (*make)(const PeerLayer& layer);
  Contestant (*make_operator)(const Case& c, const uint8_t* input) = nullptr;  // if it has some
};

// Operators without weights, uint8: those that a case describes.
Contestant xnnpack_operator(const Case& c, const uint8_t* input);
Contestant pytorch_operator(const Case& c, const uint8_t* input);

// A description's highest output; both limits 0 are the whole range.
template <class Desc>
uint8_t output_max(const Desc& desc) {
  return static_cast<uint8_t>(desc.output_min == 0 && desc.output_max == 0 ? 255 : desc.output_max);
}

inline uint8_t byte(int32_t value) { return static_cast<uint8_t>(value); }

// Another library's operator and its tensors.
template <class Op>
struct PeerOperator {
  Bytes input, output;
  std::shared_ptr<Op> op;
};

std::vector<Peer> xnnpack_peers();
std::vector<Peer> onednn_peers();
std::vector<Peer> gemmlowp_peers();
std::vector<Peer> pytorch_peers();

// Those that the program is linked with.
std::vector<Peer> peers();

}  // namespace qnnp::bench
