// SPDX-License-Identifier: BSD-3-Clause
//
// The parts of examples/classify that stand alone: padding, buffers, pictures, reports.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "arena.h"
#include "error.h"
#include "geometry.h"
#include "image.h"
#include "report.h"

namespace classify {
namespace {

// ---- Padding

Op Convolution(Padding padding, uint32_t stride, uint32_t dilation) {
  Op op;
  op.kind = OpKind::CONV_2D;
  op.padding = padding;
  op.stride_height = op.stride_width = stride;
  op.dilation_height = op.dilation_width = dilation;
  return op;
}

struct PaddingCase {
  Padding padding;
  uint32_t stride, dilation;
  size_t input, kernel, output;
  uint32_t before, after;
};

TEST(Geometry, Padding) {
  const PaddingCase cases[] = {
      {Padding::kSame, 1, 1, 8, 3, 8, 1, 1},     {Padding::kSame, 2, 1, 8, 3, 4, 0, 1},
      {Padding::kSame, 2, 1, 7, 3, 4, 1, 1},     {Padding::kSame, 1, 2, 8, 3, 8, 2, 2},
      {Padding::kSame, 3, 1, 4, 1, 2, 0, 0},     {Padding::kSame, 1, 1, 5, 4, 5, 1, 2},
      {Padding::kValid, 1, 1, 8, 3, 6, 0, 0},    {Padding::kValid, 2, 1, 224, 3, 111, 0, 0},
      {Padding::kSame, 2, 1, 224, 3, 112, 0, 1}, {Padding::kValid, 1, 3, 8, 3, 2, 0, 0},
  };
  for (const PaddingCase& c : cases) {
    SCOPED_TRACE(Concat(c.input, " ", c.kernel, " ", c.stride, " ", c.dilation));
    const ConvolutionGeometry g =
        PlanConvolution(Convolution(c.padding, c.stride, c.dilation), {1, c.input, c.input, 2},
                        {4, c.kernel, c.kernel, 2}, {1, c.output, c.output, 4}, {}, {});
    EXPECT_EQ(g.height.before, c.before);
    EXPECT_EQ(g.height.after, c.after);
    EXPECT_EQ(g.width.before, c.before);
    EXPECT_EQ(g.width.after, c.after);
  }
}

TEST(Geometry, Groups) {
  Op op = Convolution(Padding::kValid, 1, 1);
  ConvolutionGeometry g = PlanConvolution(op, {1, 1, 1, 6}, {4, 1, 1, 3}, {1, 1, 1, 4}, {}, {});
  EXPECT_EQ(g.groups, 2u);
  EXPECT_EQ(g.group_input_channels, 3u);
  EXPECT_EQ(g.group_output_channels, 2u);
  op.kind = OpKind::DEPTHWISE_CONV_2D;
  g = PlanConvolution(op, {1, 1, 1, 6}, {1, 1, 1, 12}, {1, 1, 1, 12}, {}, {});
  EXPECT_EQ(g.groups, 6u);
  EXPECT_EQ(g.group_input_channels, 1u);
  EXPECT_EQ(g.group_output_channels, 2u);
  EXPECT_THROW(PlanConvolution(op, {1, 1, 1, 6}, {1, 1, 1, 9}, {1, 1, 1, 9}, {}, {}), Error);
}

// ---- Buffers

TEST(Buffers, ChainNeedsTwo) {
  const BufferPlan plan =
      PlanBuffers({{{0}, 1, false}, {{1}, 2, false}, {{2}, 3, true}, {{3}, 4, false}},
                  {10, 40, 20, 20, 5}, {-1, -1, -1, -1, -1}, 0, 4);
  EXPECT_EQ(plan.sizes, (std::vector<size_t>{20, 40}));
  EXPECT_EQ(plan.of_tensor, (std::vector<int>{0, 1, 0, 0, 1}));
}

TEST(Buffers, ResidualNeedsThree) {
  const BufferPlan plan = PlanBuffers(
      {{{0}, 1, false}, {{1}, 2, false}, {{1, 2}, 3, false}, {{3}, 4, false}, {{3, 4}, 5, false}},
      {10, 10, 10, 10, 10, 10, 10}, std::vector<int>(7, -1), 0, 5);
  EXPECT_EQ(plan.sizes.size(), 3u);
  EXPECT_NE(plan.of_tensor[1], plan.of_tensor[2]);
  EXPECT_NE(plan.of_tensor[3], plan.of_tensor[2]);
  EXPECT_NE(plan.of_tensor[3], plan.of_tensor[1]);
  EXPECT_EQ(plan.of_tensor[6], -1);
}

// Tensors 1 and 2 are parts of 3, and 4 overwrites neither.
TEST(Buffers, PartsShareOne) {
  const BufferPlan plan =
      PlanBuffers({{{0}, 1, false}, {{0}, 2, false}, {{1, 2}, 3, true}, {{3}, 4, false}},
                  {10, 20, 30, 50, 5}, {-1, 3, 3, -1, -1}, 0, 4);
  EXPECT_EQ(plan.sizes, (std::vector<size_t>{10, 50}));
  EXPECT_EQ(plan.of_tensor, (std::vector<int>{0, 1, 1, 1, 0}));
}

// ---- Pictures

TEST(Pictures, Resize) {
  const Image image{2, 2, 1, {0, 100, 200, 100}};
  EXPECT_EQ(Resize(image, 2, 2).pixels, image.pixels);
  // Positions 0, 1/2, 1 and 1 1/2, which lies beyond the last row and repeats it.
  EXPECT_EQ(Resize(image, 4, 4).pixels,
            (std::vector<uint8_t>{0, 50, 100, 100, 100, 100, 100, 100, 200, 150, 100, 100, 200, 150,
                                  100, 100}));
  EXPECT_EQ(Resize(image, 1, 1).pixels, (std::vector<uint8_t>{0}));
}

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& content)
      : path_(std::filesystem::path(testing::TempDir()) / ("classify_parts_test_" + name)) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// Two pixels, 24 bits, one row: blue-ish (1, 2, 200) and white, as a BMP stores them.
std::string SmallBmp() {
  const unsigned char bytes[] = {'B', 'M', 62, 0, 0, 0, 0,   0, 0, 0,   54,  0,   0,  0, 40, 0,
                                 0,   0,   2,  0, 0, 0, 1,   0, 0, 0,   1,   0,   24, 0, 0,  0,
                                 0,   0,   8,  0, 0, 0, 0,   0, 0, 0,   0,   0,   0,  0, 0,  0,
                                 0,   0,   0,  0, 0, 0, 200, 2, 1, 255, 255, 255, 0,  0};
  return {reinterpret_cast<const char*>(bytes), sizeof(bytes)};
}

TEST(Pictures, Bmp) {
  const TemporaryFile file("small.bmp", SmallBmp());
  const Image rgb = LoadImage(file.path(), 3);
  EXPECT_EQ(rgb.height, 1u);
  EXPECT_EQ(rgb.width, 2u);
  EXPECT_EQ(rgb.pixels, (std::vector<uint8_t>{1, 2, 200, 255, 255, 255}));
  const Image grey = LoadImage(file.path(), 1);
  EXPECT_EQ(grey.pixels.size(), 2u);
  EXPECT_EQ(grey.pixels[1], 255);
  EXPECT_THROW(LoadImage(file.path(), 4), Error);
}

// Two pixels below each other, the upper row first: the height is negative.
TEST(Pictures, BmpFromTheTop) {
  std::string bytes = SmallBmp();
  bytes.replace(18, 8, std::string("\1\0\0\0\xfe\xff\xff\xff", 8));
  bytes.replace(54, 8, std::string("\xc8\2\1\0\xff\xff\xff\0", 8));
  const TemporaryFile file("from_the_top.bmp", bytes);
  const Image image = LoadImage(file.path(), 3);
  EXPECT_EQ(image.height, 2u);
  EXPECT_EQ(image.pixels, (std::vector<uint8_t>{1, 2, 200, 255, 255, 255}));
}

TEST(Pictures, Damaged) {
  const std::string whole = SmallBmp();
  for (size_t size = 0; size < whole.size(); size++) {
    const TemporaryFile file("damaged.bmp", whole.substr(0, size));
    EXPECT_THROW(LoadImage(file.path(), 3), Error) << size;
  }
  EXPECT_THROW(LoadImage(testing::TempDir() + "no_such_picture.bmp", 3), Error);
}

// ---- Operators

TEST(OperatorList, IsTheReadmes) {
  const std::vector<uint8_t> bytes = ReadFile("README.md");
  std::string readme(bytes.begin(), bytes.end());
  std::replace(readme.begin(), readme.end(), '\n', ' ');
  EXPECT_NE(readme.find(": " + OperatorNames() + ". "), std::string::npos) << OperatorNames();
}

// ---- Reports

TEST(Reports, JsonEscapes) {
  const Result result = {"a\"b\\c\n\xff.bmp", {{1, 0.5}, {0, 0.25}}, 12.5};
  EXPECT_EQ(
      JsonReport(result, {}),
      "{\"input\":\"a\\\"b\\\\c\\n\xef\xbf\xbd.bmp\",\"top\":[{\"index\":1,\"probability\":0.5},"
      "{\"index\":0,\"probability\":0.25}],\"us\":12.5}\n");
  EXPECT_NE(JsonReport(result, {"x", "t\"o"}).find("\"label\":\"t\\\"o\""), std::string::npos);
}

TEST(Reports, Labels) {
  const TemporaryFile file("labels.txt", "one\r\ntwo\n");
  EXPECT_EQ(LoadLabels(file.path(), 2), (std::vector<std::string>{"one", "two"}));
  EXPECT_THROW(LoadLabels(file.path(), 3), Error);
}

}  // namespace
}  // namespace classify
