// Two consumers take from a fixed ring without a lock: they get the same items, or skip some. Being
// fixed it does not crash.
#include <array>
#include <cstddef>
#include <mutex>
#include <numeric>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr std::size_t kItems = 40;

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string drain() {
  std::array<std::size_t, kItems> slots{};
  std::iota(slots.begin(), slots.end(), 0);
  std::size_t head = 0;
  Lockable lock;
  std::array<std::array<int, kItems>, 2> taken{};  // how often, by each consumer
  together(2, [&](int consumer) {
    for (std::size_t turn = 0; turn < kItems; ++turn) {
      std::lock_guard hold(lock);
      const std::size_t at = head;
      if (at == kItems) return;
      annotate::point("between reading the head and moving it");
      ++taken[consumer][slots[at]];
      head = at + 1;
    }
  });
  for (std::size_t item = 0; item < kItems; ++item) {
    const int times = taken[0][item] + taken[1][item];
    if (times != 1) {
      return "item " + std::to_string(item) + " was taken " + std::to_string(times) + " times";
    }
  }
  return "";
}

}  // namespace

constinit const Specimen kUnlockedRing{
    .row = "001-5b",
    .name = "queue/unlocked_ring",
    .mistake = "two consumers move the head of one ring and nobody keeps the other out",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = drain<Nobody>,
    .mended = drain<Lock>,
};

}  // namespace weft::scenarios::specimens::queue
