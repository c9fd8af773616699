// SPDX-License-Identifier: BSD-3-Clause

#include "picture.h"

#include <algorithm>

namespace fashion_demo {
namespace {

constexpr char kRamp[] = " .:-=+*#%@";
constexpr const char* kGap = "    ";

// The 24 greys of the 256-colour palette.
std::string Grey(uint8_t pixel) { return std::to_string(232 + pixel * 24 / 256); }

// One character for a pixel and the one below it.
std::string Cell(uint8_t upper, uint8_t lower, bool is_terminal) {
  if (is_terminal) {
    return "\x1b[38;5;" + Grey(upper) + ";48;5;" + Grey(lower) + "m\u2580";  // upper half block
  }
  const int levels = static_cast<int>(sizeof(kRamp)) - 1;
  return {kRamp[(upper + lower) / 2 * levels / 256]};
}

std::string Padded(const std::string& text, size_t width) {
  std::string result = text.substr(0, width);
  return result.append(width - result.size(), ' ');
}

}  // namespace

TextPicture DrawPicture(const uint8_t* pixels, size_t height, size_t width, bool is_terminal) {
  TextPicture picture;
  picture.width = width;
  for (size_t y = 0; y < height; y += 2) {
    const uint8_t* upper = pixels + y * width;
    std::string line;
    for (size_t x = 0; x < width; x++) {
      line += Cell(upper[x], y + 1 < height ? upper[width + x] : 0, is_terminal);
    }
    picture.lines.push_back(line + (is_terminal ? "\x1b[0m" : ""));
  }
  return picture;
}

std::string ArrangePictures(const std::vector<TextPicture>& pictures, size_t per_row) {
  std::string text;
  for (size_t first = 0; first < pictures.size(); first += per_row) {
    const size_t end = std::min(first + per_row, pictures.size());
    for (size_t i = 0; i < pictures[first].lines.size(); i++) {
      for (size_t j = first; j < end; j++) text += pictures[j].lines[i] + kGap;
      text += "\n";
    }
    for (size_t i = 0; i < pictures[first].caption.size(); i++) {
      for (size_t j = first; j < end; j++) {
        text += Padded(pictures[j].caption[i], pictures[j].width) + kGap;
      }
      text += "\n";
    }
    text += "\n";
  }
  return text;
}

}  // namespace fashion_demo
