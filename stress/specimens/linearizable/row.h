// A specimen that is an object: its model, and how small a program shows what is wrong with it.
//
// Thread safety: constant.
#pragma once

#include <span>
#include <string_view>
#include <vector>

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

// Adds rows, which must outlive the program, to those of this program: a source of rows does so,
// and is linked into each that wants them.
class AddedRows {
 public:
  explicit AddedRows(std::span<const Row> rows);
};

// In the order of their names, whatever that of linking.
std::vector<Row> rows();

}  // namespace weft::linearizable
