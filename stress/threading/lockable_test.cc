// What everything that can be locked has in common, apart from time-outs: see lockable.h.
#include "stress/threading/lockable.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::Doomed;
using testing_threads::is_free;
using namespace std::chrono_literals;

template <class L>
class Lockable : public testing::Test {};
TYPED_TEST_SUITE(Lockable, testing_threads::Lockables, testing_threads::LockableNames);

TYPED_TEST(Lockable, StaysWhereItIs) {
  static_assert(!std::is_copy_constructible_v<TypeParam> && !std::is_copy_assignable_v<TypeParam>);
  static_assert(!std::is_move_constructible_v<TypeParam> && !std::is_move_assignable_v<TypeParam>);
  static_assert(noexcept(std::declval<TypeParam&>().unlock()), "guards' destructors call it");
  TypeParam lock;
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, IsHeldFromAcquireToRelease) {
  TypeParam lock;
  lock.acquire();
  EXPECT_FALSE(is_free(lock));
  lock.release();
  EXPECT_TRUE(is_free(lock));
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(is_free(lock));
  lock.release();
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, SerializesItsHolders) {
  check([](weft::Run& run) {
    TypeParam lock;
    int inside = 0;  // not atomic: the lock alone guards them
    int total = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        for (int i = 0; i < 20; ++i) {
          lock.acquire();
          run.require(++inside == 1, "one thread at a time holds the lock");
          ++total;
          --inside;
          lock.release();
        }
      });
    }
    run.join();
    run.require(total == 60, "no increment made under the lock is lost");
  });
}

// LK2: a thread that slept must take the lock with the mark that others may sleep behind it.
TYPED_TEST(Lockable, NobodySleepsBesideAFreeLock) {
  check([](weft::Run& run) {
    TypeParam lock;
    for (int t = 0; t < 4; ++t) {
      run.thread([&, t] {
        for (int i = 0; i < 15; ++i) {
          // One kind of thread barges, the other queues up.
          if (t % 2 == 0) {
            while (!lock.try_acquire()) std::this_thread::yield();
          } else {
            lock.acquire();
          }
          lock.release();
        }
      });
    }
    run.join();
    run.require(is_free(lock), "the lock is free when all have released it");
  });
}

TYPED_TEST(Lockable, EachReleaseLetsOneWaiterThrough) {
  check(
      [](weft::Run& run) {
        TypeParam lock;
        int through = 0;
        lock.acquire();
        for (int t = 0; t < 4; ++t) {
          run.thread([&] {
            std::scoped_lock hold(lock);
            ++through;
          });
        }
        run.start();
        lock.release();
        run.join();
        run.require(through == 4, "every waiter got the lock once");
      },
      briefly());
}

// LK1, SM3: release() touches the lock once to let it go, and not again.
TYPED_TEST(Lockable, TheNextHolderMayDestroyItAtOnce) {
  check([](weft::Run& run) {
    Doomed<TypeParam> lock;
    int last = 0;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        lock->acquire();
        const bool is_last = ++last == 2;
        lock->release();
        // Who comes second knows that the first needs the lock no more.
        if (is_last) lock.end();
      });
    }
    run.join();
    run.require(last == 2, "both threads held the lock");
  });
}

TYPED_TEST(Lockable, MayBeDestroyedWhileHeld) {
  auto lock = std::make_unique<TypeParam>();
  lock->acquire();
  lock.reset();
  EXPECT_EQ(lock, nullptr);
}

TYPED_TEST(Lockable, TheStandardsGuardsTakeAndReleaseIt) {
  TypeParam lock;
  {
    std::scoped_lock hold(lock);
    EXPECT_FALSE(is_free(lock));
  }
  EXPECT_TRUE(is_free(lock));
  try {
    std::lock_guard hold(lock);
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(is_free(lock)) << "an exception releases it too";
  {
    std::unique_lock hold(lock, std::defer_lock);
    EXPECT_TRUE(hold.try_lock_for(1ms));
    hold.unlock();
    EXPECT_TRUE(hold.try_lock_until(std::chrono::steady_clock::now()));
    hold.unlock();
    EXPECT_TRUE(hold.try_lock());
  }
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, StdLockTakesSeveralInAnyOrderWithoutDeadlock) {
  check([](weft::Run& run) {
    TypeParam a;
    TypeParam b;
    int total = 0;
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        std::scoped_lock hold(a, b);
        ++total;
      }
    });
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        std::unique_lock hold_b(b, std::defer_lock);
        std::unique_lock hold_a(a, std::defer_lock);
        std::lock(hold_b, hold_a);
        ++total;
      }
    });
    run.join();
    run.require(total == 20, "both locks were held for every increment");
  });
}

TYPED_TEST(Lockable, ConditionVariableAnyWaitsWithIt) {
  check([](weft::Run& run) {
    TypeParam lock;
    std::condition_variable_any changed;
    bool ready = false;
    run.thread([&] {
      std::unique_lock hold(lock);
      changed.wait(hold, [&] { return ready; });
      run.require(ready, "the wait ended with the predicate true and the lock held");
    });
    run.thread([&] {
      {
        std::scoped_lock hold(lock);
        ready = true;
      }
      changed.notify_all();
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
