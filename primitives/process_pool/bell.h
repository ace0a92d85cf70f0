// Bell: wakes one thread of another process, by an event descriptor, and costs whoever rings
// nothing but a look while that thread is awake.
//
// The sleeper says that it is about to sleep, looks once more for what it waits for, and sleeps;
// who rings has published that before it looks for a sleeper. All four accesses are seq_cst: so the
// sleeper finds what it waits for, or the other finds the sleeper.
//
// Thread safety: one sleeper; ring() from any thread of any process.
// Invariants:     (I1) After ring(), a sleeper that had said so is woken, unless the process that
//                      rings is killed in the middle. Its end wakes the sleeper by other means.
// Non-invariants: that there is anything new when await_ring() returns.
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/process/descriptor.h"

namespace weft::internal {

class Bell {
 public:
  // The part in shared memory. Throws std::system_error if there is no descriptor.
  using Word = std::atomic<std::uint32_t>;
  explicit Bell(Word& about_to_sleep);

  void ring() {
    if (about_to_sleep_.load() != 0) wake();
  }

  void prepare_to_sleep() { about_to_sleep_.store(1); }
  void wake_up() { about_to_sleep_.store(0); }
  // After prepare_to_sleep(), until somebody rings; by poll() on descriptor() instead, answer() it.
  void await_ring();
  // Makes it silent again.
  void answer();
  int descriptor() const { return event_.get(); }

 private:
  void wake();

  Word& about_to_sleep_;
  Descriptor event_;
};

}  // namespace weft::internal
