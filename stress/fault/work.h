// The work of the campaign's processes: everything that they share, used again and again, and made
// good by whoever is told that a user died.
//
// Thread safety: use_one() and use_all() from any process at once; each process has its own Worker.
// Invariant: what a critical section guards is whole whenever it is got without OwnerDiedError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>

#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/value.h"
#include "primitives/message/queue.h"

namespace weft::fault {

inline constexpr std::array kObjects = {"lock",      "value", "bounded_semaphore",
                                        "condition", "event", "queue"};

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
  // Of numbered items: a producer, and its next number.
  ipc::Queue<Pair> queue{64};
  // Of kObjects: how often a process was told that another one had died with it.
  std::array<ipc::RawValue<std::int64_t>, kObjects.size()> told;
  ipc::RawValue<std::int64_t> wrong;   // something was torn, without a word
  ipc::RawValue<std::int64_t> rounds;  // of the survivor's use_all()
};

class Worker {
 public:
  Worker(Work& work, std::uint64_t seed)
      : work_(work),
        random_(static_cast<unsigned>(seed)),
        producer_(static_cast<std::int64_t>(seed)) {}

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
  void use_queue();
  void note_told(std::size_t object) { (void)work_.told[object].fetch_add(1); }
  void require(bool holds) {
    if (!holds) (void)work_.wrong.fetch_add(1);
  }

  Work& work_;
  std::minstd_rand random_;
  const std::int64_t producer_;
  std::int64_t put_ = 0;  // its own items so far
  // Of each producer, the last number that was got: those of one come in their order, and once.
  std::map<std::int64_t, std::int64_t> got_;
};

}  // namespace weft::fault
