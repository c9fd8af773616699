// SPDX-License-Identifier: BSD-3-Clause

#include "image.h"

#include <stb_image.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <string_view>

#include "error.h"
#include "model.h"

namespace classify {
namespace {

constexpr int kMostPixels = 100'000'000;

// stb reads more formats than these; those that are seldom used are seldom tested.
bool IsKnownFormat(const std::vector<uint8_t>& file) {
  constexpr std::string_view kBeginnings[] = {"BM", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff"};
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings), [&file](auto beginning) {
    return file.size() >= beginning.size() &&
           std::memcmp(file.data(), beginning.data(), beginning.size()) == 0;
  });
}

uint32_t LittleEndian(const std::vector<uint8_t>& file, size_t at, size_t bytes) {
  uint32_t value = 0;
  while (bytes-- > 0) value = value << 8 | file[at + bytes];
  return value;
}

// stb takes what is missing at the end of a BMP file for black; in other formats it notices.
bool EndsEarly(const std::vector<uint8_t>& file, int width, int height) {
  constexpr size_t kLeast = 26 + 4;  // the smallest header, one row
  if (file[0] != 'B') return false;
  if (file.size() < kLeast) return true;
  const size_t bits = LittleEndian(file, LittleEndian(file, 14, 4) == 12 ? 24 : 28, 2);
  const size_t row_bytes = (static_cast<size_t>(width) * bits + 31) / 32 * 4;
  return file.size() < LittleEndian(file, 10, 4) + row_bytes * static_cast<size_t>(height);
}

// Position `i` of `count`, in a picture of `size`: between `low` and `high`, at `fraction` / count.
struct Sample {
  uint64_t low, high, fraction;
};

Sample SampleAt(size_t i, size_t count, size_t size) {
  const size_t low = i * size / count;
  return {low, std::min(low + 1, size - 1), i * size % count};
}

}  // namespace

Image LoadImage(const std::string& path, size_t channels) {
  if (channels != 1 && channels != 3) {
    Fail("the network's input has ", channels, " channels; pictures have 1 or 3, give --raw");
  }
  const std::vector<uint8_t> file = ReadFile(path);
  if (!IsKnownFormat(file)) Fail(path, " is not a BMP, PNG or JPEG file");
  if (file.size() > size_t{1} << 30) Fail(path, " is too large");
  const int size = static_cast<int>(file.size());
  int width = 0, height = 0, file_channels = 0;
  if (stbi_info_from_memory(file.data(), size, &width, &height, &file_channels) == 0) {
    Fail(path, " is damaged: ", stbi_failure_reason());
  }
  if (height < 0 && height >= -kMostPixels) height = -height;  // a BMP with the upper row first
  if (width < 1 || height < 1) Fail(path, " is damaged: ", width, " x ", height, " pixels");
  if (width > kMostPixels / height) Fail(path, " has too many pixels: ", width, " x ", height);
  if (EndsEarly(file, width, height)) Fail(path, " is damaged: it ends before its last pixel");
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(file.data(), size, &width, &height, &file_channels,
                            static_cast<int>(channels)),
      stbi_image_free);
  if (pixels == nullptr) Fail(path, " is damaged: ", stbi_failure_reason());
  Image image;
  image.height = static_cast<size_t>(height);
  image.width = static_cast<size_t>(width);
  image.channels = channels;
  image.pixels.assign(pixels.get(), pixels.get() + image.height * image.width * channels);
  return image;
}

Image Resize(const Image& image, size_t height, size_t width) {
  Image result{height, width, image.channels, {}};
  result.pixels.reserve(height * width * image.channels);
  const uint64_t whole = uint64_t{height} * width;
  for (size_t y = 0; y < height; y++) {
    const Sample v = SampleAt(y, height, image.height);
    for (size_t x = 0; x < width; x++) {
      const Sample h = SampleAt(x, width, image.width);
      for (size_t c = 0; c < image.channels; c++) {
        const auto at = [&image, c](uint64_t row, uint64_t column) -> uint64_t {
          return image.pixels[(row * image.width + column) * image.channels + c];
        };
        const uint64_t top =
            at(v.low, h.low) * (width - h.fraction) + at(v.low, h.high) * h.fraction;
        const uint64_t bottom =
            at(v.high, h.low) * (width - h.fraction) + at(v.high, h.high) * h.fraction;
        const uint64_t sum = top * (height - v.fraction) + bottom * v.fraction;
        result.pixels.push_back(static_cast<uint8_t>((sum + whole / 2) / whole));
      }
    }
  }
  return result;
}

}  // namespace classify
