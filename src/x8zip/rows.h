// SPDX-License-Identifier: BSD-3-Clause
// The table rows of one instruction set, from its template zip_rows<Traits, groups>.
#pragma once

#include "x8zip/x8zip.h"

#define QNNP_DEFINE_X8ZIP_ROW(Traits, isa, groups, text)                       \
  const ZipKernel x8zip_##groups##__##isa = {text "__" #isa, Isa::isa, groups, \
                                             zip_rows<Traits, groups>};
#define QNNP_DEFINE_X8ZIP(Traits, isa)         \
  QNNP_DEFINE_X8ZIP_ROW(Traits, isa, 0, "any") \
  QNNP_DEFINE_X8ZIP_ROW(Traits, isa, 2, "2")   \
  QNNP_DEFINE_X8ZIP_ROW(Traits, isa, 3, "3")   \
  QNNP_DEFINE_X8ZIP_ROW(Traits, isa, 4, "4")   \
  QNNP_DEFINE_X8ZIP_ROW(Traits, isa, 8, "8")
