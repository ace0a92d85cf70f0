// The typed test suite of everything that can be locked: Lock, RLock, and a Semaphore of one
// permit.
#pragma once

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>
#include <type_traits>

#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/semaphore.h"

namespace weft::testing_threads {

struct LockableNames {
  template <class L>
  static std::string GetName(int) {
    if constexpr (std::is_same_v<L, Lock>) return "Lock";
    if constexpr (std::is_same_v<L, RLock>) return "RLock";
    return "Semaphore";
  }
};
// A BoundedSemaphore is a Semaphore with another maximum; semaphore_test.cc has the difference.
using Lockables = testing::Types<Lock, RLock, Semaphore>;
// Whether another thread would get it at this moment.
template <class L>
bool is_free(L& lock) {
  bool taken = false;
  std::thread([&] {
    taken = lock.try_acquire();
    if (taken) lock.release();
  }).join();
  return taken;
}

// Calls `f` while another thread holds `lock`.
template <class L, class F>
void while_held_elsewhere(L& lock, F f) {
  Event held;
  Event done;
  std::thread holder([&] {
    std::unique_lock hold(lock);
    held.set();
    done.wait();
  });
  held.wait();
  f();
  done.set();
  holder.join();
}

}  // namespace weft::testing_threads
