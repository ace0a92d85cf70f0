// The work of the campaign's processes: everything that they share, used again and again, and made
// good by whoever is told that a user died.
//
// Thread safety: use_one() and use_all() from any process at once; each process has its own Worker.
// Invariant: what a critical section guards is whole whenever it is got without OwnerDiedError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/value.h"

namespace weft::fault {

inline constexpr std::array kObjects = {"lock", "value", "bounded_semaphore", "condition", "event"};

struct Work {
  struct Pair {
    std::int64_t first = 0;
    std::int64_t second = 0;
  };
  ipc::Lock lock;
  ipc::RawValue<Pair> pair;  // guarded by lock
  ipc::Value<Pair> value;
  ipc::BoundedSemaphore bounded{1};
  ipc::Condition condition;
  ipc::RawValue<std::int64_t> tokens;  // guarded by the condition's lock
  ipc::Event event;
  // Of kObjects: how often a process was told that another one had died with it.
  std::array<ipc::RawValue<std::int64_t>, kObjects.size()> told;
  ipc::RawValue<std::int64_t> wrong;   // something was torn, without a word
  ipc::RawValue<std::int64_t> rounds;  // of the survivor's use_all()
};

class Worker {
 public:
  Worker(Work& work, std::uint64_t seed) : work_(work), random_(seed) {}

  void use_one() { use(random_() % kObjects.size()); }
  void use_all() {
    for (std::size_t object = 0; object < kObjects.size(); ++object) use(object);
  }

 private:
  void use(std::size_t object);
  void use_lock();
  void use_value();
  void use_bounded_semaphore();
  void use_condition();
  void use_event();
  void note_told(std::size_t object) { (void)work_.told[object].fetch_add(1); }
  void require(bool holds) {
    if (!holds) (void)work_.wrong.fetch_add(1);
  }

  Work& work_;
  std::minstd_rand random_;
};

}  // namespace weft::fault
