// The models that come with Weft, by name.
//
// Thread safety: pure functions.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stress/linearize/specification.h"

namespace weft::linearize::models {

struct Entry {
  std::string name;
  std::string number;  // what NAME:NUMBER means; nothing where there is no number
};
std::vector<Entry> catalogue();

// `name` is NAME or NAME:NUMBER. Throws ValueError, with the names that there are.
std::unique_ptr<Specification> made(std::string_view name);

}  // namespace weft::linearize::models
