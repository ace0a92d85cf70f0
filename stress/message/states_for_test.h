// What is left of shared memory if a process is killed after any single instruction of an
// operation.
//
// All that a process can do to the others it does to the memory that they share, if the operation
// sends nothing by the kernel. So the victim runs one instruction at a time, and after each the
// memory is copied; each copy is what a kill at that moment would leave. When the victim is dead
// the copies are put back one after the other, and the survivor goes on from each.
//
// Thread safety: by the test's thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "stress/fault/single_step.h"

namespace weft::testing_message {

using States = std::vector<std::vector<std::byte>>;

// The states of `memory`, each once in its turn, while a process that then ends does `operation`.
inline States states_during(std::span<std::byte> memory, const std::function<void()>& warm_up,
                            const std::function<void()>& operation) {
  fault::SingleStep victim(warm_up, operation);
  States states;
  do {
    if (states.empty() || std::memcmp(memory.data(), states.back().data(), memory.size()) != 0) {
      states.emplace_back(memory.begin(), memory.end());
    }
  } while (victim.step());
  return states;
}

// Puts each state back, of which there are so many at least, and calls `go_on()`, which says
// whether the operation shows. It does not in the first states and does in the last.
inline void expect_survival(std::span<std::byte> memory, const States& states,
                            const std::function<bool()>& go_on, std::size_t least = 5) {
  std::vector<double> seconds;
  int switches = 0;
  std::optional<bool> last;
  for (const auto& state : states) {
    std::memcpy(memory.data(), state.data(), state.size());
    const auto begun = std::chrono::steady_clock::now();
    const bool shows = go_on();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    if (!last) EXPECT_FALSE(shows);
    switches += last && *last != shows ? 1 : 0;
    last = shows;
  }
  EXPECT_EQ(switches, 1) << "the operation takes effect at one moment";
  EXPECT_TRUE(last.value_or(false));
  ASSERT_GE(seconds.size(), least);
  std::sort(seconds.begin(), seconds.end());
  // A loaded machine may delay any of them.
  EXPECT_LE(seconds[seconds.size() / 2], 0.1);
}

}  // namespace weft::testing_message
