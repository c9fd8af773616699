// SPDX-License-Identifier: BSD-3-Clause
// How rows are cut that are deeper than the buffer of a band (pair_tile.h, band_tile.h): chunks of
// whole runs, or pieces of a run.
#pragma once

#include "base/common.h"

namespace qnnp {
namespace {

// Part of every row: [offset, offset + units) of each of `runs` runs from `run`, as many as there
// are. Either runs = 1 or all of their units. Units are what a copied row is made of: words, bytes.
struct Chunk {
  size_t run, runs, offset, units;
};

struct Chunks {
  size_t total, run_units, most;  // runs of a row, their padded length, the most units of a chunk
  Chunk chunk = {};

  QNNP_INLINE Chunks(size_t runs, size_t padded_length, size_t most_units)
      : total(runs), run_units(padded_length), most(min(most_units, runs * padded_length)) {}
  QNNP_INLINE bool whole() const { return total * run_units <= most; }
  // The first chunk, and the one after `chunk`; last: there is none.
  QNNP_INLINE void start() {
    chunk = total == 0          ? Chunk{0, 0, 0, 0}
            : run_units <= most ? Chunk{0, most / run_units, 0, most / run_units * run_units}
                                : Chunk{0, 1, 0, most};
  }
  QNNP_INLINE bool last() const {
    return chunk.run + chunk.runs == total &&
           (chunk.runs != 1 || chunk.offset + chunk.units == run_units);
  }
  QNNP_INLINE void next() {
    if (run_units <= most) {
      chunk.run += chunk.runs;
      chunk.runs = min(chunk.runs, total - chunk.run);
      chunk.units = chunk.runs * run_units;
      return;
    }
    chunk.offset += chunk.units;
    if (chunk.offset == run_units) {
      chunk.offset = 0;
      chunk.run++;
    }
    chunk.units = min(most, run_units - chunk.offset);
  }
};

}  // namespace
}  // namespace qnnp
