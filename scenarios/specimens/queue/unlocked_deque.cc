// Two consumers empty a std::deque without a lock. Both find the last item and both take it; from
// then on the deque believes that it holds nearly everything.
#include <deque>
#include <mutex>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kItems = 40;

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string drain() {
  std::deque<int> items;
  for (int i = 0; i < kItems; ++i) items.push_back(i);
  Lockable lock;
  std::vector<std::vector<int>> taken(2);
  together(2, [&](int consumer) {
    while (true) {
      std::lock_guard hold(lock);
      if (items.empty()) return;
      annotate::point("saw that there is an item");
      taken[consumer].push_back(items.front());
      items.pop_front();
    }
  });
  const std::size_t count = taken[0].size() + taken[1].size();
  return count == kItems ? "" : std::to_string(count) + " items were taken, of 40";
}

}  // namespace

constinit const Specimen kUnlockedDeque{
    .row = "001-5b",
    .name = "queue/unlocked_deque",
    .mistake = "two threads take from one std::deque and nobody keeps the other out",
    .kind = kind::kCrash,
    .kind_under_explore = kind::kDataRace,
    .body = drain<Nobody>,
    .mended = drain<Lock>,
};

}  // namespace weft::scenarios::specimens::queue
