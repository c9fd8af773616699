// SPDX-License-Identifier: BSD-3-Clause
//
// Picture files (BMP, PNG, JPEG) to what a network takes in: height x width x channels bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace classify {

struct Image {
  size_t height = 0, width = 0, channels = 0;
  std::vector<uint8_t> pixels;  // dense, row by row, channels together
};

// Decodes to `channels` channels, 1 (grey) or 3 (RGB), whatever the file has. Throws Error.
Image LoadImage(const std::string& path, size_t channels);

// Bilinear interpolation to another size, with TFLite's convention for it: half_pixel_centers and
// align_corners both false, so row y of the result lies at row y * height / new_height of the
// picture, and rows beyond the last repeat it. Exact integer arithmetic, rounded to nearest: every
// machine feeds a network the same bytes.
Image Resize(const Image& image, size_t height, size_t width);

}  // namespace classify
