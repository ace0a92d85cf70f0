// The documents' example of a pool: ten numbers to be doubled, in the order of the input.
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace weft::scenarios::specimens::pool {

inline std::vector<int> ten_numbers() {
  std::vector<int> numbers(10);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

inline int twice(int number) { return 2 * number; }

// Empty if they are the doubles of ten_numbers() in order, else a sentence.
inline std::string unless_doubled(const std::vector<int>& results) {
  const std::vector<int> numbers = ten_numbers();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string place = "result " + std::to_string(i);
    if (i >= results.size()) return place + " is missing";
    if (results[i] != twice(numbers[i])) {
      return place + " is " + std::to_string(results[i]) + ", not " +
             std::to_string(twice(numbers[i]));
    }
  }
  return results.size() == numbers.size() ? "" : "there are more results than numbers";
}

}  // namespace weft::scenarios::specimens::pool
