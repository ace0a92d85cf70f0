#include "primitives/threading/barrier.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/base/processors.h"
#include "stress/base/on_one_processor.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::Doomed;
using testing_threads::message_of;
using testing_threads::Sleeper;

// Waits until `count` threads sleep in the barrier.
void until_waiting(const Barrier& barrier, std::size_t count) {
  while (barrier.n_waiting() != count) std::this_thread::yield();
}

// Waits at the barrier; whether it broke.
bool breaks(Barrier& barrier) {
  try {
    barrier.wait();
  } catch (const BrokenBarrierError&) {
    return true;
  }
  return false;
}

TEST(Barrier, AtLeastOneThreadTakesPart) {
  static_assert(!std::is_copy_constructible_v<Barrier> && !std::is_move_constructible_v<Barrier>);
  EXPECT_EQ(message_of<ValueError>([] { Barrier(0); }),
            "Barrier: there must be at least one party");
  Barrier alone(1);
  EXPECT_EQ(alone.parties(), 1U);
  EXPECT_EQ(alone.wait(), 0U);
  EXPECT_EQ(alone.arrive_and_wait(), 0U);
  EXPECT_EQ(alone.n_waiting(), 0U);
  EXPECT_FALSE(alone.broken());
}

TEST(Barrier, NobodyIsSeenToWaitOnceItIsSeenToBeBroken) {
  check([](weft::Run& run) {
    Barrier barrier(2);
    run.thread([&] { (void)breaks(barrier); });
    run.thread([&] { barrier.abort(); });
    run.thread([&] {
      if (barrier.broken()) run.require(barrier.n_waiting() == 0, "nobody waits");
    });
    run.join();
  });
}

TEST(Barrier, NobodyLeavesBeforeEverybodyHasArrived) {
  check([](weft::Run& run) {
    constexpr int kThreads = 3;
    constexpr int kRounds = 5;
    Barrier barrier(kThreads);
    int arrived[kRounds][kThreads] = {};  // not atomic: the barrier alone orders them
    for (int t = 0; t < kThreads; ++t) {
      run.thread([&, t] {
        for (auto& round : arrived) {
          round[t] = 1;
          barrier.wait();
          for (const int there : round) run.require(there == 1, "all have arrived in this round");
        }
      });
    }
    run.join();
  });
}

// BA2: a fast thread that comes again while others still leave is counted into the next round.
TEST(Barrier, AFastThreadIsNeverCountedIntoTheRoundItHasLeft) {
  check([](weft::Run& run) {
    constexpr int kRounds = 20;
    Barrier barrier(2);
    std::atomic<int> round_of[2] = {0, 0};
    for (int t = 0; t < 2; ++t) {
      run.thread([&, t] {
        for (int round = 0; round < kRounds; ++round) {
          round_of[t] = round;
          barrier.wait();
          // The other has not passed the next wait, and has passed the last one.
          const int other = round_of[1 - t];
          run.require(other == round || other == round + 1, "nobody laps anybody");
        }
      });
    }
    run.join();
    run.require(barrier.n_waiting() == 0, "nobody is left over");
  });
}

// Whoever is missing runs on the processor of those who wait: nobody need sleep for that, and be
// woken. A yield is no voluntary switch to the kernel, a sleep is one.
TEST(Barrier, OfMoreThreadsThanProcessorsMostlyDoesNotSleep) {
  if (kExplored) GTEST_SKIP() << "there nobody yields";
  constexpr long kRounds = 2000;
  const std::size_t parties = internal::processors() + 2;
  const testing_processors::OnOneProcessor here;
  Barrier barrier(parties);
  std::atomic<long> sleeps{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < parties; ++i) {
    threads.emplace_back([&] {
      const auto sleeps_so_far = [] {
        rusage usage{};
        getrusage(RUSAGE_THREAD, &usage);
        return usage.ru_nvcsw;
      };
      barrier.wait();
      const long before = sleeps_so_far();
      for (long round = 0; round < kRounds; ++round) barrier.wait();
      sleeps += sleeps_so_far() - before;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(sleeps, kRounds * static_cast<long>(parties - 1) / 2) << "all but one would sleep";
}

TEST(Barrier, TheIndicesOfARoundAreEachGivenOnce) {
  check([](weft::Run& run) {
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kRounds = 4;
    Barrier barrier(kThreads);
    std::array<std::array<std::atomic<int>, kThreads>, kRounds> given{};
    for (std::size_t t = 0; t < kThreads; ++t) {
      run.thread([&] {
        for (auto& round : given) ++round.at(barrier.wait());
      });
    }
    run.join();
    for (const auto& round : given) {
      for (const auto& times : round) run.require(times == 1, "each index once in each round");
    }
  });
}

TEST(Barrier, IndicesFollowTheOrderOfArrival) {
  check(
      [](weft::Run& run) {
        Barrier barrier(3);
        run.thread([&] { run.require(barrier.wait() == 0, "the first gets 0"); });
        run.start();
        until_waiting(barrier, 1);
        run.thread([&] { run.require(barrier.wait() == 1, "the second gets 1"); });
        run.start();
        until_waiting(barrier, 2);
        run.require(barrier.wait() == 2, "the last gets 2");
        run.join();
      },
      briefly());
}

TEST(Barrier, TheLastToArriveRunsTheActionBeforeAnybodyLeaves) {
  check([](weft::Run& run) {
    constexpr int kThreads = 3;
    int before = 0;  // not atomic: written before the barrier by one thread, read in the action
    int actions = 0;
    std::thread::id ran_in;
    Barrier barrier(kThreads, [&] {
      run.require(before == actions + 1, "the action sees what came before the wait");
      ++actions;
      ran_in = std::this_thread::get_id();
    });
    for (int t = 0; t < kThreads; ++t) {
      run.thread([&, t] {
        for (int round = 0; round < 4; ++round) {
          if (t == 0) ++before;
          const std::size_t index = barrier.wait();
          run.require(actions == round + 1, "the action has run, once, when anybody leaves");
          run.require((ran_in == std::this_thread::get_id()) == (index == kThreads - 1),
                      "the last to arrive ran it");
        }
      });
    }
    run.join();
  });
}

TEST(Barrier, TheActionMayReadTheBarriersState) {
  check(
      [](weft::Run& run) {
        Barrier* its = nullptr;
        Barrier barrier(2, [&] {
          run.require(its->parties() == 2, "parties() in the action");
          run.require(its->n_waiting() == 2, "n_waiting() in the action counts all who arrived");
          run.require(!its->broken(), "broken() in the action");
        });
        its = &barrier;
        run.thread([&] { barrier.wait(); });
        barrier.wait();
        run.join();
        run.require(barrier.n_waiting() == 0, "nobody waits after the round");
      },
      briefly());
}

TEST(Barrier, NWaitingPublishesWhatTheWaitersDid) {
  check([](weft::Run& run) {
    Barrier barrier(3);
    int data = 0;  // not atomic: seen only through n_waiting()
    run.thread([&] {
      data = 1;
      barrier.wait();
    });
    run.start();
    until_waiting(barrier, 1);
    run.require(data == 1, "what came before the wait is visible");
    run.thread([&] { barrier.wait(); });
    barrier.wait();
    run.join();
  });
}

// BA4
TEST(Barrier, AnExceptionOfTheActionGoesToItsThreadAndBreaksTheBarrierForTheOthers) {
  check([](weft::Run& run) {
    Barrier barrier(3, [] { throw std::out_of_range("action"); });
    std::atomic<int> failed{0};
    std::atomic<int> broken{0};
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        try {
          barrier.wait();
        } catch (const std::out_of_range&) {
          ++failed;
        } catch (const BrokenBarrierError&) {
          ++broken;
        }
      });
    }
    run.join();
    run.require(failed == 1 && broken == 2, "one gets the exception itself, two a broken barrier");
    run.require(barrier.broken(), "it stays broken");
    run.require(breaks(barrier), "and does so for those who come later");
  });
}

// BA4
TEST(Barrier, AbortFreesEverybodyNowAndUntilReset) {
  check([](weft::Run& run) {
    Barrier barrier(4);
    std::atomic<int> broken{0};
    for (int t = 0; t < 3; ++t) {
      run.thread([&] { broken += breaks(barrier); });
    }
    run.start();
    barrier.abort();
    run.join();
    run.require(broken == 3, "all three, whether they came before the abort or after it");
    run.require(barrier.broken() && barrier.n_waiting() == 0, "broken and empty");
    barrier.reset();
    run.require(!barrier.broken(), "reset heals it");
    for (int t = 0; t < 3; ++t) {
      run.thread([&] { barrier.wait(); });
    }
    barrier.wait();
    run.join();
  });
}

TEST(Barrier, AbortBreaksItAlsoWithNobodyInside) {
  Barrier barrier(2);
  barrier.abort();
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(message_of<BrokenBarrierError>([&] { barrier.wait(); }),
            "Barrier::wait: the barrier is broken");
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

TEST(Barrier, ResetFailsThoseInsideAndLeavesAnEmptyBarrierThatWorks) {
  check([](weft::Run& run) {
    Barrier barrier(3);
    std::atomic<int> broken{0};
    for (int t = 0; t < 2; ++t) {
      run.thread([&] { broken += breaks(barrier); });
    }
    run.start();
    until_waiting(barrier, 2);
    barrier.reset();
    run.require(!barrier.broken(), "a reset barrier is not broken");
    run.require(barrier.n_waiting() == 0, "nor does anybody wait in it");
    run.join();
    run.require(broken == 2, "those inside got the error");
    for (int t = 0; t < 2; ++t) {
      run.thread([&] { run.require(!breaks(barrier), "the next round is a good one"); });
    }
    barrier.wait();
    run.join();
  });
}

TEST(Barrier, ResetWithNobodyInsideChangesNothing) {
  Barrier barrier(1);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.wait(), 0U);
}

TEST(Barrier, ACompletedRoundStandsWhateverComesNext) {
  check([](weft::Run& run) {
    Barrier barrier(2);
    run.thread([&] { run.require(!breaks(barrier), "the round was complete before the abort"); });
    run.thread([&] {
      run.require(!breaks(barrier), "the round was complete before the abort");
      barrier.abort();
      barrier.reset();
    });
    run.join();
  });
}

// BA1: the last to leave frees the barrier while others may be on their way out.
TEST(Barrier, TheFirstToLeaveMayDestroyItWhileOthersAreOnTheirWayOut) {
  check([](weft::Run& run) {
    Doomed<Barrier> barrier(3);
    for (int t = 0; t < 3; ++t) {
      run.thread([&, t] {
        barrier->wait();
        if (t == 0) barrier.end();
      });
    }
    run.join();
  });
}

// BA1, after a broken round
TEST(Barrier, WhoFindsItBrokenMayDestroyItWhileOthersAreOnTheirWayOut) {
  check([](weft::Run& run) {
    Doomed<Barrier> barrier(3);
    for (int t = 0; t < 2; ++t) {
      run.thread([&, t] {
        run.require(breaks(*barrier), "the round was broken");
        if (t == 0) barrier.end();
      });
    }
    run.start();
    until_waiting(*barrier, 2);
    barrier->abort();
    run.join();
  });
}

}  // namespace
}  // namespace weft
