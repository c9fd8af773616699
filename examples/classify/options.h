// SPDX-License-Identifier: BSD-3-Clause
//
// The options of one operator of a file, checked one by one. model.cc stands above.
#pragma once

#include <map>
#include <string>

#include "error.h"
#include "model.h"
#include "tflite_generated.h"

namespace classify {

// What the network needs and nobody offers, and how often.
using Unsupported = std::map<std::string, int>;

// A name out of an open enum: numbers that the schema does not list have none.
inline std::string NameOr(const char* name, const char* what, int number) {
  return name[0] != '\0' ? std::string(name) : Concat(what, " ", number);
}

// By op->kind. Throws Error for what no operator can mean.
void ReadOptions(const tflite::Operator& source, const std::string& where, Op* op,
                 Unsupported* unsupported);

}  // namespace classify
