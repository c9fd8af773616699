// SPDX-License-Identifier: BSD-3-Clause
#include "peer.h"

namespace qnnp::bench {

std::vector<Peer> peers() {
  std::vector<Peer> all;
  [[maybe_unused]] const auto add = [&all](const std::vector<Peer>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
#ifdef QNNP_BENCH_XNNPACK
  add(xnnpack_peers());
#endif
#ifdef QNNP_BENCH_ONEDNN
  add(onednn_peers());
#endif
#ifdef QNNP_BENCH_GEMMLOWP
  add(gemmlowp_peers());
#endif
#ifdef QNNP_BENCH_PYTORCH
  add(pytorch_peers());
#endif
  return all;
}

}  // namespace qnnp::bench
