// SPDX-License-Identifier: BSD-3-Clause
//
// IDX files, the format of MNIST and its successors: pictures and labels as unsigned bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fashion_demo {

struct IdxArray {
  std::vector<size_t> shape;  // as many sizes as asked for
  std::vector<uint8_t> data;  // row-major, product of shape bytes
};

// Reads a plain or gzipped file with `dimensions` dimensions. Throws classify::Error.
IdxArray ReadIdx(const std::string& path, size_t dimensions);

}  // namespace fashion_demo
