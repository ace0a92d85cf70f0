// Sleeping on a 32-bit word that processes share (futex(2) without its private flag).
//
// A process may be killed between its store to a word and the wake-up that was to follow, and a
// sleeper must not wait for ever for what has come. So a sleep is bounded: it ends after a
// millisecond, the next one after two, up to fifty, and then the sleeper looks again, also whether
// the process it waits for still lives. That bounds what a killed process costs the others. Nothing
// but a kill needs it: where all processes live every sleeper is woken. The explorer, which kills
// nobody, therefore leaves the bound away, and a wake-up that is missing is a hang there.
//
// Thread safety: any thread of any process that maps the word. A BoundedWait belongs to one wait.
// Memory ordering: none; the word's own atomic operations order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "primitives/base/deadline.h"

namespace weft::internal {

using SharedWord = std::atomic<std::uint32_t>;
static_assert(sizeof(SharedWord) == 4 && SharedWord::is_always_lock_free);

// The half of a 64-bit word that a futex can be told of: the lower one, by value.
const std::uint32_t* low_half(const std::atomic<std::uint64_t>& word);
inline const std::uint32_t* low_half(const SharedWord& word) {
  return reinterpret_cast<const std::uint32_t*>(&word);
}

// How many were woken. What they slept on may be gone by now; only the address is used.
int wake_shared(const std::uint32_t* word, int most);
void wake_all_shared(const std::uint32_t* word);

inline constexpr std::chrono::milliseconds kFirstSleep{1};
inline constexpr std::chrono::milliseconds kLongestSleep{50};

class BoundedWait {
 public:
  // Sleeps while the word holds `expected`, until woken, interrupted, past `deadline` or at the
  // bound. Look at the word then, and if it has not changed, who lives.
  void wait(const std::uint32_t* word, std::uint32_t expected, const Deadline& deadline);

 private:
  std::chrono::milliseconds bound_ = kFirstSleep;
};

#if defined(WEFT_EXPLORE)
// For tests in which a thread dies, together with Options::patient: sleeps are bounded there, too.
extern bool explored_sleeps_are_bounded;
#endif

}  // namespace weft::internal
