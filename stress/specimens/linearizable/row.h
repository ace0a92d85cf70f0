// A specimen that is an object: its model, and how small a program shows what is wrong with it.
//
// Thread safety: constant.
#pragma once

#include <span>
#include <string_view>

#include "stress/generate/subject.h"

namespace weft::linearizable {

struct Row {
  std::string_view name;
  unsigned calls;  // of the smallest program that shows it
  generate::Vocabulary (*broken)();
  generate::Vocabulary (*mended)();
  // Calls of a thread at most, where the default is too few.
  unsigned calls_max = 4;
};

// The rows of this program: one source of rows is linked into each.
std::span<const Row> rows();

}  // namespace weft::linearizable
