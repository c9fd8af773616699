// SPDX-License-Identifier: BSD-3-Clause
// The ceiling of this machine: multiply-accumulates per second of one core in a loop that touches
// registers only, with the exact 8-bit dot product of an instruction set. Every benchmark prints
// its share of it, measured in the same process.
#pragma once

namespace qnnp::bench {

// GOPS = 2e-9 * MAC/s of the best instruction set that the library may use here (QNNP_ISA
// included). Measures for about 60 ms on every call and returns the largest of several short
// samples: processors warm up, neighbours disturb.
double peak_gops();

// A sample of it, some 50 us long: for programs that time other things in between, as slow and fast
// phases of a machine then reach both.
double peak_sample();

// Its name: "avx512vnni", ...
const char* peak_name();

}  // namespace qnnp::bench
