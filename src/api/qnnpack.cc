// SPDX-License-Identifier: BSD-3-Clause
#include "qnnpack.h"
