// The shadow and its clocks against a plain twin, over random traces: the twin keeps every access
// and every edge, and says which accesses are unordered by walking the graph.
#include "stress/explore/shadow.h"

#include <gtest/gtest.h>

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stress/explore/ordering.h"
#include "stress/run/random.h"

namespace weft::explore {
namespace {

constexpr unsigned kThreads = 6;                 // more than a clock has room for at first
constexpr std::size_t kMost = 128;               // events of a trace
constexpr std::uintptr_t kMemory = 0x1000'0000;  // nothing is there; nothing looks
constexpr std::uintptr_t kAtomics = 0x2000'0000;
constexpr std::uintptr_t kLocks = 0x3000'0000;

enum class Do { kRead, kWrite, kAtomic, kFence, kAcquire, kRelease, kFork, kJoin };

struct Event {
  Do what = Do::kRead;
  unsigned thread = 0;
  Op op = Op::kNone;
  std::uintptr_t address = 0;
  std::uint8_t size = 0;
  int order = 0;
  unsigned other = 0;  // who is made or joined
};

using Before = std::bitset<kMost>;

class Twin {
 public:
  // False if it races with an event before it; then the trace ends.
  bool add(const Event& event) {
    const std::size_t own = events_.size();
    Before before;
    if (const auto last = last_.find(event.thread); last != last_.end()) {
      before = before_[last->second];
      before.set(last->second);
    }
    const auto after = [&](const Before& others) {
      for (std::size_t i = 0; i < own; ++i) {
        if (others[i]) before |= before_[i];
      }
      before |= others;
    };
    if (event.what == Do::kAtomic && event.op != Op::kStore) {
      is_acquire(event.order) ? after(released_[event.address])
                              : void(pending_[event.thread] |= released_[event.address]);
    }
    if (event.what == Do::kFence && is_acquire(event.order)) after(pending_[event.thread]);
    if (event.what == Do::kAcquire) after(released_[event.address]);
    if (event.what == Do::kJoin) after(only(last_.at(event.other)));
    events_.push_back(event);
    before_.push_back(before);
    last_[event.thread] = own;
    if (event.what == Do::kFork) last_[event.other] = own;
    put_releases(event, own);
    for (std::size_t i = 0; i < own; ++i) {
      if (!before[i] && conflict(events_[i], event)) return false;
    }
    return true;
  }

 private:
  static bool is_acquire(int order) {
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
  }
  static bool is_release(int order) {
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
  }
  static Before only(std::size_t event) { return Before().set(event); }

  void put_releases(const Event& event, std::size_t own) {
    if (event.what == Do::kFence && is_release(event.order)) fences_[event.thread] = own;
    if (event.what == Do::kRelease) released_[event.address].set(own);
    if (event.what != Do::kAtomic || event.op == Op::kLoad) return;
    Before& released = released_[event.address];
    if (event.op == Op::kStore) released.reset();
    if (is_release(event.order)) released.set(own);
    if (const auto fence = fences_.find(event.thread); fence != fences_.end()) {
      released.set(fence->second);
    }
  }

  static bool is_access(const Event& event) {
    return event.what == Do::kRead || event.what == Do::kWrite || event.what == Do::kAtomic;
  }
  static bool writes(const Event& event) {
    return event.what == Do::kWrite || (event.what == Do::kAtomic && event.op != Op::kLoad);
  }
  static bool conflict(const Event& a, const Event& b) {
    if (!is_access(a) || !is_access(b) || a.thread == b.thread) return false;
    if (a.what == Do::kAtomic && b.what == Do::kAtomic) return false;
    if (!writes(a) && !writes(b)) return false;
    return a.address < b.address + b.size && b.address < a.address + a.size;
  }

  std::vector<Event> events_;
  std::vector<Before> before_;  // of each event, those that happen before it
  std::map<unsigned, std::size_t> last_;
  std::map<unsigned, std::size_t> fences_;  // the last releasing one of each thread
  std::map<unsigned, Before> pending_;
  std::map<std::uintptr_t, Before> released_;
};

// The same by the shadow.
bool add_to_shadow(const Event& event) {
  ThreadClock& me = thread_clocks[event.thread];
  switch (event.what) {
    case Do::kRead:
    case Do::kWrite:
      return access_range(me, event.address, event.size, event.what == Do::kWrite);
    case Do::kAtomic:
      return access_and_order(me, event.op, event.address, event.size, event.order);
    case Do::kFence:
      order_by_fence(me, event.order);
      return true;
    case Do::kAcquire:
      acquire_from(me, event.address);
      return true;
    case Do::kRelease:
      release_to(me, event.address);
      return true;
    case Do::kFork:
      fork_clock(me);
      return true;
    case Do::kJoin:
      me.join(thread_clocks[event.other].at, clock_width);
      return true;
  }
  return true;
}

class RandomTrace {
 public:
  explicit RandomTrace(std::uint64_t seed) : random_(seed) {}

  Event next() {
    Event event;
    std::vector<unsigned> running;
    for (unsigned thread = 0; thread < made_; ++thread) {
      if (!ended_[thread]) running.push_back(thread);
    }
    event.thread = running[below(running.size())];
    if (made_ < kThreads && below(4) == 0) {
      event.what = Do::kFork;
      event.other = made_++;
      return event;
    }
    if (running.size() > 1 && below(20) == 0) {
      const unsigned other = running[below(running.size())];
      if (other != event.thread) {
        event.what = Do::kJoin;
        event.other = other;
        ended_[other] = true;
        return event;
      }
    }
    constexpr int kOrders[] = {__ATOMIC_RELAXED, __ATOMIC_ACQUIRE, __ATOMIC_RELEASE,
                               __ATOMIC_ACQ_REL, __ATOMIC_SEQ_CST};
    constexpr Op kOps[] = {Op::kLoad, Op::kStore, Op::kFetchAdd};
    event.order = kOrders[below(5)];
    switch (below(8)) {
      case 0:
        put_plain(event, Do::kWrite);
        break;
      case 1:
        put_plain(event, Do::kRead);
        break;
      case 2:
        event.what = Do::kFence;
        break;
      case 3:
        event.what = below(2) == 0 ? Do::kAcquire : Do::kRelease;
        event.address = kLocks + below(3);
        break;
      default:
        event.what = Do::kAtomic;
        event.op = kOps[below(3)];
        // Now and then on memory that is accessed otherwise, too.
        event.address = below(30) == 0 ? kMemory + 4 * below(4) : kAtomics + 4 * below(3);
        event.size = 4;
    }
    return event;
  }

 private:
  std::size_t below(std::size_t bound) { return random_.below(bound); }

  void put_plain(Event& event, Do what) {
    constexpr std::uint8_t kSizes[] = {1, 2, 4, 8, 16, 3};
    event.what = what;
    event.size = kSizes[below(6)];
    event.address = kMemory + below(24);
  }

  Random random_;
  unsigned made_ = 1;
  bool ended_[kThreads] = {};
};

TEST(Shadow, FindsExactlyTheRacesThatThereAre) {
  constexpr int kTraces = 30'000;
  int with_races = 0;
  std::size_t longest = 0;
  for (int trace = 0; trace < kTraces; ++trace) {
    begin_clocks();
    begin_shadow();
    Twin twin;
    RandomTrace random(static_cast<std::uint64_t>(trace));
    for (std::size_t i = 0; i < kMost; ++i) {
      const Event event = random.next();
      const bool ordered = twin.add(event);
      ASSERT_EQ(add_to_shadow(event), ordered) << "trace " << trace << ", event " << i;
      if (ordered) continue;
      ++with_races;
      longest = std::max(longest, i);
      break;
    }
  }
  // Races of all depths were met, and traces without any.
  EXPECT_GT(with_races, kTraces / 2);
  EXPECT_GT(longest, kMost / 4);
}

class ShadowOfTwoThreads : public testing::Test {
 protected:
  ShadowOfTwoThreads() {
    begin_clocks();
    begin_shadow();
    fork_clock(thread_clocks[0]);
  }
  ThreadClock& one_ = thread_clocks[0];
  ThreadClock& other_ = thread_clocks[1];
};

TEST_F(ShadowOfTwoThreads, NamesTheEarlierAccess) {
  this_access = 7;
  ASSERT_TRUE(access_range(one_, kMemory, 8, true));
  this_access = 8;
  ASSERT_FALSE(access_range(other_, kMemory + 7, 1, false));
  EXPECT_EQ(conflict.thread, 0);
  EXPECT_EQ(conflict.number, 7u);
  EXPECT_TRUE(conflict.write);
  EXPECT_FALSE(conflict.atomic);
}

TEST_F(ShadowOfTwoThreads, OfTwoReadersNamesTheUnorderedOne) {
  this_access = 1;
  ASSERT_TRUE(access_range(one_, kMemory, 4, false));
  this_access = 2;
  ASSERT_TRUE(access_range(other_, kMemory, 4, false));
  ASSERT_FALSE(access_range(other_, kMemory, 4, true));
  EXPECT_EQ(conflict.number, 1u);
}

TEST_F(ShadowOfTwoThreads, AFreedWordConflictsWithWhomever) {
  this_access = 3;
  ASSERT_TRUE(free_range(one_, kMemory, 16));
  EXPECT_FALSE(access_range(one_, kMemory + 8, 1, false));
  EXPECT_TRUE(conflict.freed);
  EXPECT_EQ(conflict.number, 3u);
  allocate_range(one_, kMemory, 16);
  EXPECT_TRUE(access_range(one_, kMemory + 8, 1, false));
}

TEST_F(ShadowOfTwoThreads, FreeingIsAWrite) {
  ASSERT_TRUE(access_range(one_, kMemory + 12, 1, false));
  EXPECT_FALSE(free_range(other_, kMemory, 16));
}

TEST_F(ShadowOfTwoThreads, AReleaseHandsOnWhatWasAcquiredBeforeAReleaseElsewhere) {
  fork_clock(one_);
  ThreadClock& third = thread_clocks[2];
  constexpr std::uintptr_t kTheirs = kLocks;
  constexpr std::uintptr_t kOurs = kLocks + 8;
  constexpr std::uintptr_t kElsewhere = kLocks + 16;
  ASSERT_TRUE(access_range(other_, kMemory, 8, true));
  release_to(other_, kTheirs);
  release_to(one_, kOurs);
  acquire_from(one_, kTheirs);
  release_to(one_, kElsewhere);
  release_to(one_, kOurs);
  acquire_from(third, kOurs);
  EXPECT_TRUE(access_range(third, kMemory, 8, false));
}

TEST_F(ShadowOfTwoThreads, AnExecutionBeginsEmpty) {
  ASSERT_TRUE(access_range(one_, kMemory, 8, true));
  begin_clocks();
  begin_shadow();
  fork_clock(thread_clocks[0]);
  EXPECT_TRUE(access_range(other_, kMemory, 8, true));
}

TEST_F(ShadowOfTwoThreads, BeginsEmptyAlsoWhenTheGenerationsBeginAnew) {
  ASSERT_TRUE(access_range(one_, kMemory, 8, true));
  const std::uint32_t before = shadow_generation;
  shadow_generation = UINT32_MAX;
  do {
    begin_clocks();
    begin_shadow();
  } while (shadow_generation < before);
  fork_clock(thread_clocks[0]);
  EXPECT_TRUE(access_range(other_, kMemory, 8, true));
}

}  // namespace
}  // namespace weft::explore
