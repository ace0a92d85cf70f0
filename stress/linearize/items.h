// The items of a history of a queue or a stack, each put once.
//
// Thread safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "stress/linearize/abstraction.h"
#include "stress/linearize/calls.h"
#include "stress/linearize/intervals.h"

namespace weft::linearize::internal {

struct Item {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t put = kNone;
  std::uint32_t take = kNone;
};

class Items {
 public:
  // False if the items are not all different.
  bool read(const Calls& calls, const Abstraction& abstraction);

  std::vector<Item> items;
  std::vector<std::uint32_t> empties;  // takes that found nothing
  bool has_wrong_result = false;

 private:
  std::unordered_map<Value, std::size_t> numbers_;
};

// Some item was taken before it was put.
bool taken_too_early(const Items& all, std::span<const Interval> when);

// At each moment of a take that found nothing, some item is certainly inside: between the end of
// its put and the beginning of its take.
bool wrongly_empty(const Items& all, std::span<const Interval> when);

}  // namespace weft::linearize::internal
