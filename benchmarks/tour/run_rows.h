// What all parts of the tour do: take time, and run row after row.
//
// Thread safety: from one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "benchmarks/tour/model.h"
#include "benchmarks/tour/text.h"

namespace weft::tour {

// Runs `row_of` on those of `items` whose name is among `names`.
template <class Items, class NameOf, class RowOf>
void run_rows(Part& part, Progress& progress, const std::vector<std::string>& names,
              const Items& items, NameOf name_of, RowOf row_of) {
  const auto start = std::chrono::steady_clock::now();
  progress.begin(part, names.size());
  for (const auto& item : items) {
    const std::string name(name_of(item));
    if (std::ranges::find(names, name) == names.end()) continue;
    progress.running(name);
    part.rows.push_back(row_of(item));
    progress.finished(part, part.rows.back());
  }
  part.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The names of all `items`.
template <class Items, class NameOf>
std::vector<std::string> names_of(const Items& items, NameOf name_of) {
  std::vector<std::string> names;
  for (const auto& item : items) names.emplace_back(name_of(item));
  return names;
}

}  // namespace weft::tour
