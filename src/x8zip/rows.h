// SPDX-License-Identifier: BSD-3-Clause
// The table rows of one instruction set: from its template zip_rows<Traits, groups>, and from a
// function for any number of groups.
#pragma once

#include "x8zip/x8zip.h"

#define QNNP_DEFINE_X8ZIP_ROW(isa, groups, text, ...) \
  const ZipKernel x8zip_##groups##__##isa = {text "__" #isa, Isa::isa, groups, __VA_ARGS__};
#define QNNP_DEFINE_X8ZIP(Traits, isa, ...)               \
  QNNP_DEFINE_X8ZIP_ROW(isa, 0, "any", __VA_ARGS__)       \
  QNNP_DEFINE_X8ZIP_ROW(isa, 2, "2", zip_rows<Traits, 2>) \
  QNNP_DEFINE_X8ZIP_ROW(isa, 3, "3", zip_rows<Traits, 3>) \
  QNNP_DEFINE_X8ZIP_ROW(isa, 4, "4", zip_rows<Traits, 4>) \
  QNNP_DEFINE_X8ZIP_ROW(isa, 8, "8", zip_rows<Traits, 8>)
