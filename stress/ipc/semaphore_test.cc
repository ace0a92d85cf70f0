// ipc::Semaphore and ipc::BoundedSemaphore among the threads of one process.
#include "primitives/ipc/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/ipc/dying.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_ipc::if_threads_die;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::message_of;
using namespace std::chrono_literals;

template <class S>
class IpcSemaphores : public testing::Test {};
using Kinds = testing::Types<Semaphore, BoundedSemaphore>;
struct Names {
  template <class S>
  static std::string GetName(int) {
    return std::is_same_v<S, Semaphore> ? "Semaphore" : "BoundedSemaphore";
  }
};
TYPED_TEST_SUITE(IpcSemaphores, Kinds, Names);

TYPED_TEST(IpcSemaphores, CountsItsPermits) {
  TypeParam semaphore(2);
  EXPECT_EQ(semaphore.value(), 2);
  semaphore.acquire();
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.value(), 0);
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.acquire_for(1ms));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(semaphore.acquire_for(length)); });
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 1);
  for_each_extreme_length([&](auto length) {
    EXPECT_TRUE(semaphore.acquire_for(length));
    semaphore.release();
  });
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 2);
}

TYPED_TEST(IpcSemaphores, CopiesOfItAreTheSameSemaphore) {
  TypeParam semaphore(1);
  TypeParam copy = semaphore;
  copy.acquire();
  EXPECT_EQ(semaphore.value(), 0);
  semaphore.release();
  EXPECT_EQ(copy.value(), 1);
}

TYPED_TEST(IpcSemaphores, RefusesAWrongValue) {
  EXPECT_THROW(TypeParam(-1), ValueError);
  EXPECT_THROW(TypeParam(TypeParam::kMax + 1), ValueError);
  EXPECT_EQ(TypeParam(0).value(), 0);
}

// In all modes, but the explorer's verdict is the sharp one: no sleep is bounded there.
TYPED_TEST(IpcSemaphores, NobodySleepsBesideAFreePermit) {
  check([](weft::Run& run) {
    TypeParam semaphore(2);
    std::atomic<int> inside{0};
    for (int t = 0; t < 4; ++t) {
      run.thread([&] {
        for (int i = 0; i < 3; ++i) {
          semaphore.acquire();
          run.require(++inside <= 2, "two at most are inside");
          --inside;
          semaphore.release();
        }
      });
    }
    run.join();
    run.require(semaphore.value() == 2, "all permits are back");
  });
}

// (I1), (I3): a waiter that gives up, or is woken beside others, hands on what it knows.
TYPED_TEST(IpcSemaphores, AWaiterThatGivesUpStrandsNobody) {
  check([](weft::Run& run) {
    TypeParam semaphore(2);
    Event done;
    semaphore.acquire();
    semaphore.acquire();
    run.thread([&] {
      if (semaphore.acquire_for(1ms)) semaphore.release();
    });
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        semaphore.acquire();
        semaphore.release();
      });
    }
    run.start();
    semaphore.release();
    semaphore.release();
    run.join();
    run.require(semaphore.value() == 2, "all permits are back");
  });
}

TYPED_TEST(IpcSemaphores, AReleaseIsPublishedToWhoTakesThePermit) {
  check([](weft::Run& run) {
    TypeParam semaphore(1);
    int data = 0;  // not atomic: the permit alone guards it
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        semaphore.acquire();
        ++data;
        semaphore.release();
      });
    }
    run.join();
    run.require(data == 3, "each saw the one before");
  });
}

TEST(IpcSemaphore, ReleasesSeveralPermitsAtOnce) {
  Semaphore semaphore(0);
  semaphore.release(3);
  EXPECT_EQ(semaphore.value(), 3);
  EXPECT_THROW(semaphore.release(0), ValueError);
  EXPECT_THROW(semaphore.release(-1), ValueError);
  EXPECT_THROW(semaphore.release(Semaphore::kMax), ValueError);
  EXPECT_THROW(semaphore.release(Semaphore::kMax + 1), ValueError);
  EXPECT_EQ(semaphore.value(), 3) << "a refused release changes nothing";
  semaphore.release(Semaphore::kMax - 3);
  EXPECT_EQ(semaphore.value(), Semaphore::kMax);
}

TEST(IpcSemaphore, ManyPermitsAtOnceWakeAsManyWaiters) {
  check([](weft::Run& run) {
    Semaphore semaphore(0);
    for (int t = 0; t < 3; ++t) run.thread([&] { semaphore.acquire(); });
    run.thread([&] { semaphore.release(2); });
    run.thread([&] { semaphore.release(1); });
    run.join();
    run.require(semaphore.value() == 0, "each permit was taken once");
  });
}

TEST(IpcBoundedSemaphore, RefusesAReleaseTooMany) {
  BoundedSemaphore semaphore(1);
  EXPECT_EQ(message_of<ValueError>([&] { semaphore.release(); }),
            "BoundedSemaphore::release: no permit is taken");
  EXPECT_EQ(semaphore.value(), 1);
  semaphore.acquire();
  std::thread([&] { semaphore.release(); }).join();
  EXPECT_EQ(semaphore.value(), 1) << "any thread may release";
  EXPECT_THROW(semaphore.release(), ValueError);
}

TEST(IpcBoundedSemaphore, TellsThatAHolderDiedOnlyToWhoWouldHaveToWait) {
  BoundedSemaphore semaphore(2);
  std::thread([&] { semaphore.acquire(); }).join();
  semaphore.acquire();  // there is one left, nobody is bothered
  EXPECT_THROW(semaphore.acquire(), OwnerDiedError);
  EXPECT_THROW((void)semaphore.acquire_for(10s), OwnerDiedError);
  EXPECT_EQ(semaphore.value(), 0);
  EXPECT_EQ(semaphore.recover(), 1U);
  EXPECT_EQ(semaphore.recover(), 0U);
  EXPECT_EQ(semaphore.value(), 1);
  EXPECT_TRUE(semaphore.try_acquire());
  semaphore.release();
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(IpcBoundedSemaphore, ReleaseGivesBackADeadHoldersPermitBeforeALivingOnes) {
  BoundedSemaphore semaphore(2);
  Event done;
  std::atomic<bool> holds{false};
  std::thread living([&] {
    semaphore.acquire();
    holds = true;
    done.wait();
  });
  while (!holds) std::this_thread::yield();
  std::thread([&] { semaphore.acquire(); }).join();
  semaphore.release();
  EXPECT_EQ(semaphore.recover(), 0U) << "the dead one's permit is back already";
  EXPECT_EQ(semaphore.value(), 1);
  done.set();
  living.join();
}

TEST(IpcBoundedSemaphore, TheWaitersOfADeadHolderAreToldOrServed) {
  const auto bounded = testing_ipc::bound_sleeps();
  check(
      [](weft::Run& run) {
        BoundedSemaphore semaphore(1);
        std::atomic<int> recovered{0};
        run.thread("dying", [&] {
          try {
            semaphore.acquire();
          } catch (const OwnerDiedError&) {
            run.fail("the dying one is the only one to die");
          }
        });
        for (int t = 0; t < 2; ++t) {
          run.thread([&] {
            for (;;) {
              try {
                semaphore.acquire();
                semaphore.release();
                return;
              } catch (const OwnerDiedError&) {
                recovered += static_cast<int>(semaphore.recover());
              }
            }
          });
        }
        run.join();
        run.require(recovered + (semaphore.value() == 0 ? 1 : 0) == 1,
                    "one permit was given back for one death, or nobody needed it");
      },
      if_threads_die());
}

}  // namespace
}  // namespace weft::ipc
