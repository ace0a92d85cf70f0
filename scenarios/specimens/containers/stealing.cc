// Thieves of a ring of tasks: one that reads the slot after it has taken it (concurrent-deque,
// issue 2), one that takes several at once by one step of the head (crossbeam, CVE-2021-32810).
#include <algorithm>
#include <array>
#include <atomic>

#include "scenarios/specimens/containers/containers.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::containers {
namespace {

constexpr int kNone = -1;

template <bool kMended>
std::string steal_from_full_ring() {
  constexpr int kSlots = 2;
  std::array<std::atomic<int>, kSlots> slots{};
  std::atomic<int> head{0}, tail{0};
  const auto push = [&](int item) {
    const int at = tail;
    if (at - head >= kSlots) return;
    slots[at % kSlots] = item;
    tail = at + 1;
  };
  int stolen = kNone;
  push(0);
  push(1);
  side_by_side([&] { push(2); },
               [&] {
                 int first = head;
                 int item = slots[first % kSlots];
                 if (!head.compare_exchange_strong(first, first + 1)) return;
                 if (!kMended) item = slots[first % kSlots];
                 stolen = item;
               });
  return unless_equal("first item", stolen, 0);
}

// The owner takes from the tail, and contends only for the last item.
template <bool kMended>
std::string steal_half() {
  constexpr int kItems = 3;
  std::atomic<int> head{0}, tail{kItems};
  std::array<int, kItems> by_owner{}, by_thief{};
  const auto pop = [&] {
    const int last = tail - 1;
    tail = last;
    int first = head;
    if (first > last) {
      tail = last + 1;
      return;
    }
    bool mine = true;
    if (first == last) {
      mine = head.compare_exchange_strong(first, first + 1);
      tail = last + 1;
    }
    if (mine) ++by_owner[last];
  };
  const auto steal = [&](int most) {
    int first = head;
    const int count = std::min(most, tail - first);
    if (count <= 0 || !head.compare_exchange_strong(first, first + count)) return;
    for (int i = first; i < first + count; ++i) ++by_thief[i];
  };
  side_by_side(
      [&] {
        pop();
        pop();
      },
      [&] {
        if (kMended) {
          steal(1);
          steal(1);
        } else {
          steal(2);
        }
      });
  for (int i = 0; i < kItems; ++i) {
    if (by_owner[i] + by_thief[i] > 1) return "a task was taken twice";
  }
  return "";
}

}  // namespace

constinit const Classic kSlotReadAfterSteal{
    .name = "containers/slot_read_after_steal",
    .family = "stealing",
    .mistake = "a thief reads the slot after it has moved the head, when it may be filled anew",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = steal_from_full_ring<false>,
    .mended = steal_from_full_ring<true>,
};

constinit const Classic kTwoStolenAtOnce{
    .name = "containers/two_stolen_at_once",
    .family = "stealing",
    .mistake = "a thief takes several by one step, and the owner contends for the last one alone",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = steal_half<false>,
    .mended = steal_half<true>,
};

}  // namespace weft::scenarios::specimens::containers
