// What the tests' pools are given to call.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process_pool/process_pool.h"

namespace weft::ipc {

inline int twice(int n) { return 2 * n; }
inline pid_t pid_of(int) { return ::getpid(); }
inline int die_at_seven(int n) {
  if (n == 7) ::raise(SIGKILL);
  return n;
}
inline int fail_at_multiples_of_three(int n) {
  if (n % 3 == 0) throw ValueError("three divides " + std::to_string(n));
  return n;
}
inline std::string longer(std::string text, std::size_t by) { return text + std::string(by, 'x'); }
inline std::size_t length(const std::string& text) { return text.size(); }
[[noreturn]] inline void never_end() {
  for (;;) ::pause();
}

inline std::vector<int> numbers(int count) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

inline std::vector<int> twice_each(std::vector<int> numbers) {
  for (int& n : numbers) n *= 2;
  return numbers;
}

}  // namespace weft::ipc
