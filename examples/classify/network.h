// SPDX-License-Identifier: BSD-3-Clause
//
// A network ready to run: the library's operators bound to the buffers they share, and the threads
// to run them. Above stand the programs; below layers.h and arena.h.
#pragma once

#include <pthreadpool.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "layers.h"
#include "model.h"

namespace classify {

class Network {
 public:
  // Computes `batch` inputs at a time with `threads` threads (1: the calling one). Initializes the
  // library. The model outlives the network. Throws Error.
  Network(const Model& model, size_t threads, size_t batch = 1);

  // Of one input, not of the batch: bytes of the input, elements of the output.
  size_t input_size() const { return model_.tensors[Index(model_.input)].bytes(); }
  size_t output_size() const { return model_.tensors[Index(model_.output)].elements; }

  // Batch times input_size() bytes, as the model's own type.
  void SetInput(const uint8_t* bytes);
  // Computes everything once more. The buffers are shared, the input's too: SetInput first.
  void Run();
  // The real value of element `index` of the batch's outputs; of an ARG_MAX the index.
  double Output(size_t index) const;

  // One layer at a time, for --dump and --profile.
  const std::vector<Layer>& layers() const { return plan_.layers; }
  void RunLayer(size_t index);
  // What a tensor holds while it lives, as the model's own type: right after its layer ran, and the
  // network's output until the next run.
  std::vector<uint8_t> TensorBytes(int tensor) const;

  const Model& model() const { return model_; }
  size_t threads() const { return threads_; }
  size_t buffer_count() const { return buffers_.size(); }
  size_t buffer_bytes() const { return buffer_bytes_; }

 private:
  struct BufferDeleter {
    void operator()(uint8_t* memory) const;
  };
  using Buffer = std::unique_ptr<uint8_t[], BufferDeleter>;
  struct PoolDeleter {
    void operator()(pthreadpool* pool) const { pthreadpool_destroy(pool); }
  };

  static size_t Index(int tensor) { return static_cast<size_t>(tensor); }
  void AllocateAndBind();
  Buffer Allocate(size_t size);
  void Bind(const Layer& layer);
  void FillConstant(int tensor);
  // Where a tensor begins, and how far its rows lie apart.
  struct Where {
    uint8_t* bytes;
    size_t stride;
  };
  Where Find(int tensor) const;

  const Model& model_;
  size_t threads_, batch_;
  std::unique_ptr<pthreadpool, PoolDeleter> pool_;
  Plan plan_;
  std::vector<Buffer> buffers_;
  std::vector<uint8_t*> bytes_of_tensor_;  // NULL: weights, or folded into its neighbour
  size_t buffer_bytes_ = 0;
};

}  // namespace classify
