// The scheduler and its order against twins that are obviously right: a sorted vector. Random
// sequences of operations in one thread, of which the smallest that differs is shown.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "primitives/sched/event_order.h"
#include "primitives/sched/scheduler.h"
#include "stress/sched/fake_clock.h"

namespace weft {
namespace {

using internal::EventKey;
using internal::EventOrder;
using testing_sched::FakeClock;

auto fields(const EventKey& key) {
  return std::tuple(key.time, key.priority, key.sequence, key.slot);
}

// Pushes and pops in bursts, of which some are longer than what the order calls few.
TEST(EventOrder, PopsWhatASortedVectorWould) {
  ASSERT_TRUE(rc::check("the same keys in the same order", [] {
    const auto bursts = *rc::gen::container<std::vector<std::tuple<int, int, bool>>>(rc::gen::tuple(
        rc::gen::inRange(0, 200), rc::gen::inRange(0, 200), rc::gen::arbitrary<bool>()));
    const auto times = *rc::gen::element(2, 50, 1'000'000);
    EventOrder order;
    std::vector<EventKey> twin;
    std::uint64_t sequence = 0;
    for (const auto& [pushes, pops, checks] : bursts) {
      for (int i = 0; i < pushes; ++i) {
        const EventKey key{*rc::gen::inRange(-times, times), ++sequence, *rc::gen::inRange(-2, 3),
                           static_cast<std::uint32_t>(sequence % 7)};
        order.push(key);
        twin.insert(std::upper_bound(
                        twin.begin(), twin.end(), key,
                        [](const EventKey& a, const EventKey& b) { return fields(a) < fields(b); }),
                    key);
      }
      if (checks) {
        order.remove_if([](const EventKey& key) { return key.slot == 3; });
        std::erase_if(twin, [](const EventKey& key) { return key.slot == 3; });
      }
      for (int i = 0; i < pops && !twin.empty(); ++i) {
        (void)order.prepare();
        RC_ASSERT(fields(order.front()) == fields(twin.front()));
        order.pop();
        twin.erase(twin.begin());
      }
      if (checks) order.check_invariants();
      RC_ASSERT(order.size() == twin.size());
    }
  }));
}

// Times that lie badly for who divides by their bits: all alike, few different ones, one far from
// all others, each twice as far as the last, and those that are as far apart as times can be.
std::vector<std::pair<const char*, std::function<std::int64_t(int)>>> odd_times() {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  return {
      {"all alike", [](int) { return std::int64_t{5}; }},
      {"all the last", [](int) { return kLast; }},
      {"two", [](int i) { return i * 7919 % 5 == 0 ? kFirst : kLast; }},
      {"neighbours", [](int i) { return std::int64_t{i * 7919 % 3}; }},
      {"one is far", [](int i) { return i == 77 ? kLast : std::int64_t{i * 7919 % 4001}; }},
      {"one is far before", [](int i) { return i == 77 ? kFirst : std::int64_t{i * 7919 % 4001}; }},
      {"doubling", [](int i) { return std::int64_t{1} << (i * 7919 % 63); }},
      {"halving", [](int i) { return kLast - (std::int64_t{1} << (i * 7919 % 63)); }},
      {"around zero", [](int i) { return std::int64_t{i * 7919 % 4001 - 2000}; }},
      {"ascending", [](int i) { return std::int64_t{i}; }},
      {"descending", [](int i) { return -std::int64_t{i}; }},
  };
}

TEST(EventOrder, SortsTimesHoweverTheyLie) {
  for (const auto& [name, time] : odd_times()) {
    SCOPED_TRACE(name);
    EventOrder order;
    std::vector<EventKey> twin;
    for (int i = 0; i < 4001; ++i) {
      twin.push_back({time(i), static_cast<std::uint64_t>(i + 1), i % 2, 0});
      order.push(twin.back());
    }
    std::sort(twin.begin(), twin.end(),
              [](const EventKey& a, const EventKey& b) { return fields(a) < fields(b); });
    for (const EventKey& key : twin) {
      (void)order.prepare();
      ASSERT_EQ(fields(order.front()), fields(key));
      order.pop();
    }
    EXPECT_TRUE(order.empty());
  }
}

TEST(EventOrder, KeepsItsInvariantsWhileItDividesManyKeys) {
  for (const auto& [name, time] : odd_times()) {
    SCOPED_TRACE(name);
    EventOrder order;
    for (int i = 0; i < 500; ++i) {
      order.push({time(i), static_cast<std::uint64_t>(i + 1), i % 2, 0});
    }
    for (int i = 0; i < 500; ++i) {
      (void)order.prepare();
      if (i % 50 == 0) order.check_invariants();
      (void)order.front();
      order.pop();
    }
  }
}

// What prepare() returns are the keys that come next, each once.
TEST(EventOrder, SaysOfEachKeyOfTheBulkOnceThatItIsSoonNext) {
  EventOrder order;
  constexpr int kKeys = 5000;
  for (int i = 0; i < kKeys; ++i) {
    order.push(
        {(i * 7919) % kKeys, static_cast<std::uint64_t>(i + 1), 0, static_cast<std::uint32_t>(i)});
  }
  std::vector<int> announced(kKeys, 0);
  for (int i = 0; i < kKeys; ++i) {
    for (const EventKey& key : order.prepare()) ++announced[key.slot];
    EXPECT_EQ(announced[order.front().slot], 1);
    order.pop();
  }
  EXPECT_EQ(std::count(announced.begin(), announced.end(), 1), kKeys);
}

struct Twin {
  // Time, priority, order of entry.
  using Key = std::tuple<std::int64_t, int, std::size_t>;
  std::vector<Key> pending;  // sorted

  void enter(std::int64_t time, int priority, std::size_t entry) {
    const Key key{time, priority, entry};
    pending.insert(std::upper_bound(pending.begin(), pending.end(), key), key);
  }
  bool cancel(std::size_t entry) {
    return std::erase_if(pending, [&](const Key& key) { return std::get<2>(key) == entry; }) > 0;
  }
  void run(std::int64_t now, std::vector<std::size_t>& calls) {
    while (!pending.empty() && std::get<0>(pending.front()) <= now) {
      calls.push_back(std::get<2>(pending.front()));
      pending.erase(pending.begin());
    }
  }
};

TEST(SchedulerTwin, DoesWhatASortedVectorWould) {
  ASSERT_TRUE(rc::check("the same calls in the same order, and the same answers", [] {
    enum Operation { kEnter, kEnterMany, kCancel, kRun, kQueue };
    FakeClock clock;
    Scheduler scheduler(clock.time(), [](Scheduler::Duration) {});
    Twin twin;
    std::vector<Scheduler::Event> events;
    std::vector<std::size_t> calls;
    std::vector<std::size_t> twin_calls;
    const auto enter = [&](int delay, int priority) {
      const std::size_t entry = events.size();
      const auto time = clock.now().time_since_epoch().count() + delay;
      events.push_back(scheduler.enter(Scheduler::Duration(delay), priority,
                                       [&calls, entry] { calls.push_back(entry); }));
      twin.enter(time, priority, entry);
    };
    const int operations = *rc::gen::inRange(0, 60);
    for (int i = 0; i < operations; ++i) {
      switch (*rc::gen::weightedElement<Operation>(
          {{6, kEnter}, {1, kEnterMany}, {6, kCancel}, {3, kRun}, {1, kQueue}})) {
        case kEnter:
          enter(*rc::gen::inRange(-3, 10), *rc::gen::inRange(0, 3));
          break;
        case kEnterMany:
          for (int j = *rc::gen::inRange(50, 150); j > 0; --j) enter(j * 7919 % 20, j % 3);
          break;
        case kCancel: {
          if (events.empty()) break;
          const auto which = *rc::gen::inRange<std::size_t>(0, events.size());
          RC_ASSERT((scheduler.cancel(events[which]) == CancelResult::kCancelled) ==
                    twin.cancel(which));
          break;
        }
        case kRun: {
          clock.advance(Scheduler::Duration(*rc::gen::inRange(0, 8)));
          const auto now = clock.now().time_since_epoch().count();
          const auto left = scheduler.run_pending();
          twin.run(now, twin_calls);
          RC_ASSERT(left.has_value() == !twin.pending.empty());
          if (left) RC_ASSERT(left->count() == std::get<0>(twin.pending.front()) - now);
          break;
        }
        case kQueue: {
          const auto queue = scheduler.queue();
          RC_ASSERT(queue.size() == twin.pending.size());
          for (std::size_t j = 0; j < queue.size(); ++j) {
            const auto& [time, priority, entry] = twin.pending[j];
            RC_ASSERT(queue[j].event == events[entry]);
            RC_ASSERT(queue[j].time == FakeClock::at(time));
            RC_ASSERT(queue[j].priority == priority);
          }
          break;
        }
      }
      RC_ASSERT(calls == twin_calls);
      RC_ASSERT(scheduler.size() == twin.pending.size());
      scheduler.check_invariants();
    }
  }));
}

}  // namespace
}  // namespace weft
