// SPDX-License-Identifier: BSD-3-Clause
// Depthwise weights -> the layout of a kernel (DwconvFormat in q8dwconv.h). A pure function into
// the caller's memory.
#pragma once

#include "q8dwconv/q8dwconv.h"
#include "q8gemm/pack.h"

namespace qnnp {

struct DwconvShape {
  DwconvFormat format;
  size_t channels, kernel_height, kernel_width;
  OutputKind kind = OutputKind::bytes;

  size_t column_groups() const {
    return ceil_div(kernel_height + size_t{format.down} * (format.rows - 1u), format.group);
  }
  DwconvBlocks layout() const {
    return {channels, format.block, kind == OutputKind::bytes ? format.segments : size_t{1}};
  }
  size_t blocks() const { return layout().count(); }
  CheckedSize weight_bytes() const;  // of a block
  CheckedSize block_bytes() const;
  CheckedSize bytes() const { return block_bytes() * blocks(); }
};

// source.kernel: [channels][kernel_height][kernel_width]. Fails as pack_weights does.
[[nodiscard]] Status pack_dwconv(const DwconvShape& shape, const WeightSource& source,
                                 uint8_t* packed);

}  // namespace qnnp
