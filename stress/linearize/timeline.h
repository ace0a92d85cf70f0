// A history as people read it: a column for each thread, a row for each call's beginning and end in
// the order in which they came, the longest order of calls that the model allows, and why no other
// call can come next.
//
// Thread safety: pure functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/judge.h"
#include "stress/report/history.h"

namespace weft::linearize {

struct Names {
  std::vector<std::string> lanes = {};
  std::function<std::string(Place)> call = {};                  // "push(3)"
  std::function<std::string(Place, const Value&)> result = {};  // " -> 3"; may be empty
};

// `judgement` is of `history`, which it says is violated.
report::History shown(const History& history, const Judgement& judgement, const Names& names);

}  // namespace weft::linearize
