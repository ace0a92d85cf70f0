// The line that repeats a finding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::internal {

// The seed goes between the two parts, so that a crash handler, which may not allocate, can print
// the line of an execution that it did not foresee.
struct ReplayLine {
  std::string before_seed;
  std::string after_seed;
  std::string with(std::uint64_t seed) const {
    return before_seed + std::to_string(seed) + after_seed;
  }
  // For the explorer: its schedule says all.
  std::string with_schedule(const std::string& schedule) const;
};

// Under Bazel a `bazel test` command, else a call of this program. `test_filter` may be empty, and
// so may the generated program that is run.
ReplayLine replay_line(std::string_view test_filter, std::string_view program = {});

}  // namespace weft::internal
