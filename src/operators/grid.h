// SPDX-License-Identifier: BSD-3-Clause
// How a GEMM-like job is cut into tasks: rows first (a task's rows stay in the cache while it
// sweeps the columns), columns too when rows alone cannot keep all threads busy to the end. The
// rule depends on shapes and thread count, never on timing; it cannot change a result.
#pragma once

#include "q8gemm/q8gemm.h"

namespace qnnp {

// `count` things dealt out evenly: piece i of `pieces` is [begin(i), begin(i + 1)).
struct EvenCut {
  size_t count, pieces;

  size_t begin(size_t piece) const {
    return count / pieces * piece + min(piece, count % pieces);  // the first ones get one more
  }
  size_t largest() const { return ceil_div(count, pieces); }
};

// What a task costs besides its tiles, in tiles: for each of its row tiles, a sweep over columns
// begins anew (rows are widened, or come from a farther cache); for each of its blocks, a walk down
// the rows does (weights come from a farther cache; depthwise: input rows that two tasks need are
// interleaved by both).
struct GridCost {
  double sweep, walk;
  size_t pixels;  // of the output, in a row
};
constexpr GridCost kGemmCost = {0.06, 1, 1};
constexpr GridCost depthwise_cost(size_t output_width) { return {0, 0.5, output_width}; }

// `jobs` equal jobs (groups, images), each cut into row_cut.pieces x block_cut.pieces tasks. Rows
// go in units of mr, columns in blocks of nr.
struct Grid {
  size_t jobs, rows, mr;
  EvenCut row_cut, block_cut;
  GridCost cost;

  struct Task {
    size_t job, row, rows, block, blocks;
  };

  size_t tasks() const { return jobs * row_cut.pieces * block_cut.pieces; }
  Task task(size_t index) const {
    const size_t pieces = row_cut.pieces * block_cut.pieces;
    const size_t row_piece = index % pieces / block_cut.pieces;
    const size_t block_piece = index % block_cut.pieces;
    const size_t row = row_cut.begin(row_piece) * mr, block = block_cut.begin(block_piece);
    return {index / pieces, row, min(row_cut.begin(row_piece + 1) * mr, rows) - row, block,
            block_cut.begin(block_piece + 1) - block};
  }

  // call(row, rows) for the rows of a task: as many as a kernel takes in one call.
  template <class Call>
  void for_each_call(const Task& t, const Call& call) const {
    const size_t tiles = ceil_div(t.rows, mr);
    const EvenCut cut = {tiles, ceil_div(tiles, kMaxRows / mr)};
    for (size_t i = 0; i < cut.pieces; i++) {
      const size_t first = cut.begin(i) * mr;
      call(t.row + first, min(cut.begin(i + 1) * mr, t.rows) - first);
    }
  }

  // When the last thread is done, if all work equally fast, in tiles of mr x nr. To hand out a task
  // costs `handout`; where columns are cut, a row of tiles costs `border` more.
  double finish(size_t threads, double handout, double border) const {
    const auto task_rows = static_cast<double>(row_cut.largest());
    const auto task_blocks = static_cast<double>(block_cut.largest());
    const double sweep = cost.sweep + (block_cut.pieces > 1 ? border : 0);
    const double task_tiles = task_rows * task_blocks + task_rows * sweep + task_blocks * cost.walk;
    const double rounds = static_cast<double>(ceil_div(tasks(), threads));
    // A quarter of a task: threads are not equally fast, and small tasks even that out.
    return rounds * (task_tiles + handout) + 0.25 * task_tiles;
  }

  // Whether no thread has more than 1.1 times its share of the tiles, or than whole tiles allow.
  bool even(size_t threads) const {
    const size_t all = jobs * row_cut.count * block_cut.count;
    const size_t longest = ceil_div(tasks(), threads) * row_cut.largest() * block_cut.largest();
    return longest <= ceil_div(all, threads) || 10 * longest * threads <= 11 * all;
  }
};

// A depthwise multiply-add takes about as long as this many of a GEMM.
constexpr size_t kDepthwiseCost = 4;

inline size_t gcd(size_t a, size_t b) { return b == 0 ? a : gcd(b, a % b); }

// Each block of one row costs `macs`. Called in every run: a few dozen candidates, no more.
inline Grid make_grid(size_t jobs, size_t rows, size_t blocks, size_t mr, size_t macs,
                      size_t threads, GridCost cost = kGemmCost) {
  // In the time of multiply-adds, 10 to 300 a nanosecond: what is worth waking a pool for, what is
  // worth a task, what a task costs to hand out, what a cache line costs that two threads write.
  constexpr double kLeastMacs = 1 << 16, kTaskMacs = 1 << 13, kHandoutMacs = 1 << 15;
  constexpr double kLineMacs = 1 << 12;
  constexpr size_t kTasksEach = 8;
  const size_t units = ceil_div(rows, mr);
  Grid best = {jobs, rows, mr, {units, 1}, {blocks, 1}, cost};
  if (threads <= 1) return best;
  const double tile_macs = static_cast<double>(macs) * static_cast<double>(mr);
  const double all = tile_macs * static_cast<double>(units * blocks) * static_cast<double>(jobs);
  if (all < kLeastMacs) return best;
  const double most = all / kTaskMacs;
  const double handout = kHandoutMacs / tile_macs;
  const double border = kLineMacs * static_cast<double>(cost.pixels) / static_cast<double>(macs);
  double least = best.finish(threads, handout, border);
  // Two threads lose more by small tasks than by waiting for the last one.
  const auto is_even = [=](const Grid& grid) { return threads <= 2 || grid.even(threads); };
  bool even = is_even(best);
  const auto consider = [&](size_t row_pieces, size_t block_pieces) {
    Grid grid = best;
    grid.row_cut.pieces = min(row_pieces, units);
    grid.block_cut.pieces = block_pieces;
    if (static_cast<double>(grid.tasks()) > most) return;
    const double finish = grid.finish(threads, handout, border);
    const bool grid_even = is_even(grid);
    if (grid_even == even ? finish >= least : even) return;
    least = finish;
    even = grid_even;
    best = grid;
  };
  // Multiples of the threads; or every tile row for itself.
  size_t block_step = blocks + 1;
  for (size_t pieces = 1; pieces <= min(blocks, kTasksEach / 2 * threads); pieces++) {
    if (ceil_div(blocks, pieces) == block_step) continue;  // no task is smaller for it
    block_step = ceil_div(blocks, pieces);
    if (units <= 16 * threads) consider(units, pieces);
    const size_t columns = jobs * pieces, step = threads / gcd(threads, columns);
    for (size_t r = step; r * columns <= kTasksEach * threads && r < units + step; r += step) {
      consider(r, pieces);
    }
  }
  return best;
}

}  // namespace qnnp
