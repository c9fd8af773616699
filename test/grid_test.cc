// SPDX-License-Identifier: BSD-3-Clause
// How work is cut into tasks: every row and column exactly once, and, simulated for pools of up to
// 8 equally fast threads, nobody waits long on the layers of MobileNet v1 and v2.
#include "operators/grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <vector>

#include "harness/random.h"

namespace qnnp::test {
namespace {

// A convolution on images of size x size: 1x1 or 3x3 with all inputs, or depthwise 3x3.
struct Layer {
  size_t size;  // of the output
  size_t inputs, outputs;
  bool depthwise;
};

// The layers of the two papers' tables for 224 x 224, each kind once.
const std::vector<Layer> kLayers = {
    // v1
    {112, 27, 32, false},
    {112, 32, 32, true},
    {112, 32, 64, false},
    {56, 64, 64, true},
    {56, 64, 128, false},
    {56, 128, 128, true},
    {56, 128, 128, false},
    {28, 128, 128, true},
    {28, 128, 256, false},
    {28, 256, 256, true},
    {28, 256, 256, false},
    {14, 256, 256, true},
    {14, 256, 512, false},
    {14, 512, 512, true},
    {14, 512, 512, false},
    {7, 512, 512, true},
    {7, 512, 1024, false},
    {7, 1024, 1024, true},
    {7, 1024, 1024, false},
    // v2
    {112, 32, 16, false},
    {112, 16, 96, false},
    {56, 96, 96, true},
    {56, 96, 24, false},
    {56, 24, 144, false},
    {56, 144, 144, true},
    {56, 144, 24, false},
    {28, 144, 144, true},
    {28, 144, 32, false},
    {28, 32, 192, false},
    {28, 192, 192, true},
    {28, 192, 32, false},
    {14, 192, 192, true},
    {14, 192, 64, false},
    {14, 64, 384, false},
    {14, 384, 384, true},
    {14, 384, 64, false},
    {14, 384, 96, false},
    {14, 96, 576, false},
    {14, 576, 576, true},
    {14, 576, 96, false},
    {7, 576, 576, true},
    {7, 576, 160, false},
    {7, 160, 960, false},
    {7, 960, 960, true},
    {7, 960, 160, false},
    {7, 960, 320, false},
    {7, 320, 1280, false}};

struct Tile {
  size_t mr, nr;
};

Grid grid_of(const Layer& layer, const Tile& tile, size_t threads) {
  if (layer.depthwise) {
    return make_grid(1, layer.size, ceil_div(layer.outputs, tile.nr), tile.mr,
                     layer.size * tile.nr * 9 * kDepthwiseCost, threads,
                     depthwise_cost(layer.size));
  }
  return make_grid(1, layer.size * layer.size, ceil_div(layer.outputs, tile.nr), tile.mr,
                   tile.nr * layer.inputs, threads);
}

// Work, in tiles, of the thread that works longest when each takes the next task as soon as it is
// free, over the mean of all.
double longest_over_mean(const Grid& grid, size_t threads) {
  std::priority_queue<size_t, std::vector<size_t>, std::greater<size_t>> busy;
  for (size_t i = 0; i < threads; i++) busy.push(0);
  size_t all = 0, longest = 0;
  for (size_t index = 0; index < grid.tasks(); index++) {
    const Grid::Task t = grid.task(index);
    const size_t work = ceil_div(t.rows, grid.mr) * t.blocks;
    const size_t done = busy.top() + work;
    busy.pop();
    busy.push(done);
    longest = std::max(longest, done);
    all += work;
  }
  return static_cast<double>(longest) * static_cast<double>(threads) / static_cast<double>(all);
}

TEST(Grid, EightThreadsShareMobileNetsEvenly) {
  const Tile tiles[] = {{2, 4},  {1, 32},  {1, 64},  {2, 32}, {4, 8},
                        {6, 64}, {14, 32}, {16, 16}, {6, 8},  {4, 16}};
  for (const Layer& layer : kLayers) {
    for (const Tile& tile : tiles) {
      // A depthwise tile is one or two output rows of 16 to 64 channels.
      if (layer.depthwise != (tile.nr >= 16 && tile.mr <= 2)) continue;
      // So few tiles of this size cannot be dealt out; the kernel with smaller ones is chosen then.
      const Grid whole = grid_of(layer, tile, 1);
      const size_t all = whole.row_cut.count * whole.block_cut.count;
      for (size_t threads : {2, 3, 4, 8}) {
        const double best =
            static_cast<double>(ceil_div(all, threads) * threads) / static_cast<double>(all);
        const Grid grid = grid_of(layer, tile, threads);
        EXPECT_LE(longest_over_mean(grid, threads), std::max(threads == 2 ? 1.25 : 1.1, best))
            << layer.size << " x " << layer.size << " x " << layer.inputs << " -> " << layer.outputs
            << (layer.depthwise ? " depthwise" : "") << ", tile " << tile.mr << " x " << tile.nr
            << ", " << threads << " threads: " << grid.row_cut.pieces << " x "
            << grid.block_cut.pieces << " tasks";
      }
    }
  }
}

TEST(Grid, EveryCellOnce) {
  Random random(1);
  for (int i = 0; i < 300; i++) {
    const size_t jobs = random.size(1, 3), rows = random.size(1, 400), mr = random.size(1, 16);
    const size_t blocks = random.size(1, 40), threads = random.size(1, 9);
    const Grid grid = make_grid(jobs, rows, blocks, mr, random.size(1, 100000), threads);
    std::vector<int> seen(jobs * rows * blocks);
    for (size_t index = 0; index < grid.tasks(); index++) {
      const Grid::Task t = grid.task(index);
      ASSERT_GE(t.rows, 1u);
      ASSERT_GE(t.blocks, 1u);
      grid.for_each_call(t, [&](size_t first, size_t count) {
        EXPECT_GE(count, 1u);
        EXPECT_LE(count, kMaxRows);
        for (size_t row = first; row < first + count; row++) {
          for (size_t block = t.block; block < t.block + t.blocks; block++) {
            seen.at((t.job * rows + row) * blocks + block)++;
          }
        }
      });
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<ptrdiff_t>(seen.size()));
  }
}

TEST(Grid, SmallWorkIsOneTask) { EXPECT_EQ(make_grid(1, 10, 4, 2, 100, 8).tasks(), 1u); }

}  // namespace
}  // namespace qnnp::test
