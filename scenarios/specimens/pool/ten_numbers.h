// Whether a pool has doubled the ten numbers, in the order of the input.
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios::specimens::pool {

// Empty if they are the doubles of ten_numbers() in order, else a sentence.
inline std::string unless_doubled(const std::vector<int>& results) {
  const std::vector<int> numbers = ten_numbers();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string place = "result " + std::to_string(i);
    if (i >= results.size()) return place + " is missing";
    if (results[i] != adder(numbers[i])) {
      return place + " is " + std::to_string(results[i]) + ", not " +
             std::to_string(adder(numbers[i]));
    }
  }
  return results.size() == numbers.size() ? "" : "there are more results than numbers";
}

}  // namespace weft::scenarios::specimens::pool
