// SPDX-License-Identifier: BSD-3-Clause
// The description for int8 whose results are those of a description for uint8, XORed with 0x80.
#pragma once

#include <qnnpack.h>

namespace qnnp {
namespace test {

// Zero points and limits 128 lower.
template <class Desc>
Desc signed_desc(const Desc& desc) {
  Desc d = desc;
  d.type = qnnp_datatype_int8;
  d.input_zero_point -= 128;
  d.output_zero_point -= 128;
  if (d.output_min != 0 || d.output_max != 0) {
    d.output_min -= 128;
    d.output_max -= 128;
    if (d.output_min == 0 && d.output_max == 0) d.output_max = 1;  // 0, 0 is the whole range
  }
  return d;
}

}  // namespace test
}  // namespace qnnp
