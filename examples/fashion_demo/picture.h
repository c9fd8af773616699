// SPDX-License-Identifier: BSD-3-Clause
//
// Grey pictures as text: half blocks in shades of grey for terminals, characters of rising darkness
// elsewhere. Either way a character is one pixel wide and two high.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fashion_demo {

struct TextPicture {
  std::vector<std::string> lines;    // all of the same width on screen
  std::vector<std::string> caption;  // below it
  size_t width;                      // in characters, as seen
};

TextPicture DrawPicture(const uint8_t* pixels, size_t height, size_t width, bool is_terminal);

// Pictures of the same size beside one another, `per_row` of them in a row.
std::string ArrangePictures(const std::vector<TextPicture>& pictures, size_t per_row);

}  // namespace fashion_demo
