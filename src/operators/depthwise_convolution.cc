// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"

namespace qnnp {

Status create_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                        Operator** out) {
  return create_indirect(desc, problem, out);
}

}  // namespace qnnp
