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
// the rows does (depthwise: input rows that two tasks need are interleaved by both).
struct GridCost {
  double sweep, walk;
};
constexpr GridCost kGemmCost = {0.06, 0}, kDepthwiseWalk = {0, 0.5};

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

  // When the last thread is done, if all work equally fast, in tiles of mr x nr. To hand out a task
  // costs `handout`.
  double finish(size_t threads, double handout) const {
    const auto task_rows = static_cast<double>(row_cut.largest());
    const auto task_blocks = static_cast<double>(block_cut.largest());
    const double task_tiles =
        task_rows * task_blocks + task_rows * cost.sweep + task_blocks * cost.walk;
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

// Each block of one row costs `macs`.
inline Grid make_grid(size_t jobs, size_t rows, size_t blocks, size_t mr, size_t macs,
                      size_t threads, GridCost cost = kGemmCost) {
  // In the time of multiply-adds, 10 to 200 a nanosecond: what is worth waking a pool for, what is
  // worth a task, what a task costs to hand out.
  constexpr double kLeastMacs = 1 << 16, kTaskMacs = 1 << 13, kHandoutMacs = 1 << 11;
  const size_t units = ceil_div(rows, mr);
  const size_t fewest = ceil_div(units, kMaxRows / mr);
  Grid best = {jobs, rows, mr, {units, fewest}, {blocks, 1}, cost};
  if (threads <= 1) return best;
  const double tile_macs = static_cast<double>(macs) * static_cast<double>(mr);
  const double all = tile_macs * static_cast<double>(units * blocks) * static_cast<double>(jobs);
  if (all < kLeastMacs) return best;
  const double most = all / kTaskMacs;
  const double handout = kHandoutMacs / tile_macs;
  double least = best.finish(threads, handout);
  bool even = best.even(threads);
  const auto consider = [&](size_t row_pieces, size_t block_pieces) {
    Grid grid = best;
    grid.row_cut.pieces = min(max(row_pieces, fewest), units);
    grid.block_cut.pieces = block_pieces;
    if (static_cast<double>(grid.tasks()) > most) return;
    const double finish = grid.finish(threads, handout);
    if (grid.even(threads) == even ? finish >= least : even) return;
    least = finish;
    even = grid.even(threads);
    best = grid;
  };
  // Multiples of the threads, at most 8 tasks each; or every tile row for itself.
  for (size_t block_pieces = 1; block_pieces <= min(blocks, 4 * threads); block_pieces++) {
    consider(fewest, block_pieces);
    if (units <= 16 * threads) consider(units, block_pieces);
    for (size_t each = 1; each <= 8; each++) {
      consider(each * threads / max<size_t>(jobs * block_pieces, 1), block_pieces);
      consider(ceil_div(each * threads, jobs * block_pieces), block_pieces);
    }
  }
  return best;
}

}  // namespace qnnp
