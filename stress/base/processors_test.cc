// How many processors a process has, while its threads are bound and let go.
#include "primitives/base/processors.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <thread>

#include "primitives/base/spin.h"
#include "primitives/queue/queue.h"
#include "primitives/threading/semaphore.h"
#include "stress/base/on_one_processor.h"

namespace weft {
namespace {

using internal::Affinities;
using testing_processors::OnOneProcessor;
using Set = Affinities::Set;
using Time = Affinities::Time;

Set set_of(std::initializer_list<std::size_t> processors) {
  Set set;
  for (const std::size_t processor : processors) set.set(processor);
  return set;
}

TEST(Affinities, AreReadFromTheKernelsMask) {
  const unsigned long mask[] = {0b1001, 0, 0b10};
  const std::size_t bits = Affinities::kBitsOfWord;
  EXPECT_EQ(Affinities::set_of(mask), set_of({0, 3, 2 * bits + 1}));
}

TEST(Affinities, AreThoseOfTheBeginningUntilThreadsHaveSaidOthers) {
  Affinities affinities(set_of({0, 1, 70, 8191}));
  EXPECT_EQ(affinities.count(), 4u);
  Time now = std::chrono::hours(1);
  affinities.add(set_of({1}), now);
  EXPECT_EQ(affinities.count(), 4u) << "others may not have had their turn";
  affinities.add(set_of({1}), now += Affinities::kRound);
  EXPECT_EQ(affinities.count(), 1u);
}

TEST(Affinities, OfThreadsOnDifferentProcessorsAddUp) {
  Affinities affinities(set_of({0, 1}));
  Time now = std::chrono::hours(1);
  for (int i = 0; i < 20; ++i) {
    now += Affinities::kAskEach;
    affinities.add(set_of({0}), now);
    affinities.add(set_of({1}), now);
    EXPECT_EQ(affinities.count(), 2u) << "after " << i;
  }
  // One of the two says nothing any more.
  for (int i = 0; i < 20; ++i) affinities.add(set_of({1}), now += Affinities::kAskEach);
  EXPECT_EQ(affinities.count(), 1u);
}

TEST(Affinities, AreMoreAsSoonAsAThreadSaysSo) {
  Affinities affinities(set_of({3}));
  Time now = std::chrono::hours(1);
  for (int i = 0; i < 20; ++i) affinities.add(set_of({3}), now += Affinities::kAskEach);
  EXPECT_EQ(affinities.count(), 1u);
  affinities.add(set_of({3, 4, 5}), now);
  EXPECT_EQ(affinities.count(), 3u);
}

TEST(Yielding, EndsWhenItComesAndWhenItDoesNot) {
  int looks = 0;
  EXPECT_FALSE(internal::yield_until([&] {
    ++looks;
    return false;
  }));
  EXPECT_GE(looks, 1);
  EXPECT_LE(looks, internal::kMostYields + 1);
  looks = 0;
  EXPECT_TRUE(internal::yield_until([&] {
    ++looks;
    return true;
  }));
  EXPECT_EQ(looks, 1);
}

TEST(Processors, AreThoseThatTheThreadThatAsksMayRunOn) {
  const std::size_t before = internal::processors_of_this_thread();
  EXPECT_GE(before, 1u);
  {
    const OnOneProcessor here;
    EXPECT_EQ(internal::processors_of_this_thread(), 1u);
    std::size_t inherited = 0;
    std::thread([&] { inherited = internal::processors_of_this_thread(); }).join();
    EXPECT_EQ(inherited, 1u);
  }
  EXPECT_EQ(internal::processors_of_this_thread(), before);
}

#if !defined(WEFT_EXPLORE)

// The calling thread's waits are all in vain, so it asks where it may run until it is known.
TEST(Processors, FollowAThreadThatIsBoundAndLetGoWhileItWaits) {
  const auto wait = [] { EXPECT_FALSE(internal::spin_until([] { return false; })); };
  const std::size_t before = internal::processors_of_this_thread();
  while (internal::processors() != before) wait();
  EXPECT_EQ(internal::may_spin(), before > 1);
  {
    const OnOneProcessor here;
    while (internal::processors() != 1) wait();
    EXPECT_FALSE(internal::may_spin());
  }
  while (internal::processors() != before) wait();
}

enum Order { kEcho, kBind, kLetGo, kEnd };

// Two threads that are bound and let go after they began, and hand something to and fro by `to` and
// `from`: neither spins while both are on one processor.
template <class Channel>
void expect_that_the_count_follows_hand_overs() {
  const std::size_t before = internal::processors_of_this_thread();
  const int processor = sched_getcpu();
  Channel to;
  Channel from;
  std::thread echo([&] {
    std::optional<OnOneProcessor> here;
    for (Order order = kEcho; order != kEnd;) {
      order = to.get();
      if (order == kBind) here.emplace(processor);
      if (order == kLetGo) here.reset();
      from.put(order);
    }
  });
  const auto there_and_back = [&](Order order) {
    to.put(order);
    EXPECT_EQ(from.get(), order);
  };
  {
    const OnOneProcessor here(processor);
    there_and_back(kBind);
    while (internal::processors() != 1) there_and_back(kEcho);
  }
  there_and_back(kLetGo);
  while (internal::processors() != before) there_and_back(kEcho);
  there_and_back(kEnd);
  echo.join();
}

class PairOfSemaphores {
 public:
  void put(Order order) {
    order_ = order;
    full_.release();
  }
  Order get() {
    full_.acquire();
    return order_;
  }

 private:
  Semaphore full_{0};
  Order order_ = kEcho;
};

TEST(Processors, FollowThreadsThatHandOverByAQueue) {
  expect_that_the_count_follows_hand_overs<Queue<Order>>();
}

TEST(Processors, FollowThreadsThatHandOverByASemaphore) {
  expect_that_the_count_follows_hand_overs<PairOfSemaphores>();
}

#endif

}  // namespace
}  // namespace weft
