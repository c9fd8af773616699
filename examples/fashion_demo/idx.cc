// SPDX-License-Identifier: BSD-3-Clause

#include "idx.h"

#include <zlib.h>

#include <memory>

#include "error.h"

namespace fashion_demo {
namespace {

using classify::Fail;

constexpr uint8_t kUnsignedBytes = 0x08;  // the format's code of the element type
constexpr size_t kMostBytes = size_t{1} << 30;

// The file's bytes, unpacked; zlib passes a file through that is not gzipped.
std::vector<uint8_t> ReadUnpacked(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) Fail("cannot open ", path);
  std::vector<uint8_t> bytes;
  constexpr size_t kChunk = size_t{1} << 20;
  int count = 0;
  do {
    if (bytes.size() >= kMostBytes) Fail(path, " is too large");
    bytes.resize(bytes.size() + kChunk);
    count = gzread(file.get(), bytes.data() + bytes.size() - kChunk, kChunk);
    int error = Z_OK;
    const char* text = gzerror(file.get(), &error);  // a file that ends too early has one, too
    if (count < 0 || (error != Z_OK && error != Z_STREAM_END)) Fail(path, " is damaged: ", text);
    bytes.resize(bytes.size() - kChunk + static_cast<size_t>(count));
  } while (count > 0);
  return bytes;
}

}  // namespace

IdxArray ReadIdx(const std::string& path, size_t dimensions) {
  std::vector<uint8_t> bytes = ReadUnpacked(path);
  const size_t header = 4 + 4 * dimensions;
  if (bytes.size() < header || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != kUnsignedBytes ||
      bytes[3] != dimensions) {
    Fail(path, " is not an IDX file of unsigned bytes with ", dimensions, " dimension",
         dimensions == 1 ? "" : "s");
  }
  IdxArray array;
  size_t elements = 1;
  for (size_t i = 0; i < dimensions; i++) {
    const uint8_t* size = &bytes[4 + 4 * i];  // big-endian
    array.shape.push_back(size_t{size[0]} << 24 | size_t{size[1]} << 16 | size_t{size[2]} << 8 |
                          size[3]);
    if (array.shape.back() == 0 || array.shape.back() > kMostBytes / elements) {
      Fail(path, ": dimension ", i, " is ", array.shape.back());
    }
    elements *= array.shape.back();
  }
  if (bytes.size() - header != elements) {
    Fail(path, " holds ", bytes.size() - header, " bytes of data; its header says ", elements);
  }
  array.data.assign(bytes.begin() + static_cast<ptrdiff_t>(header), bytes.end());
  return array;
}

}  // namespace fashion_demo
