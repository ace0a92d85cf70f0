// The documents' example of a pool: ten numbers to be doubled.
// Thread safety: pure functions.
#pragma once

#include <numeric>
#include <string>
#include <vector>

namespace weft::scenarios {

inline std::vector<int> ten_numbers() {
  std::vector<int> numbers(10);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

inline int adder(int a) { return a + a; }

// As the document prints a list.
inline std::string list_text(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return "[" + text + "]";
}

}  // namespace weft::scenarios
