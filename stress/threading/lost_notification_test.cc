// Waits for a condition that a notification would have ended which came too early, or woke another;
// and deadlocks of which no notification is to blame.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>

#include "primitives/ipc/condition.h"
#include "primitives/ipc/lock.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "stress/run/search.h"

namespace weft {
namespace {

// That this is what a search finds first, in these words.
void expect(Kind kind, const std::string& words, const Body& body) {
  const Report report = search("lost notification", body);
  ASSERT_TRUE(report.violation) << "nothing was found";
  EXPECT_EQ(report.violation->kind, kind) << to_string(report.violation->kind);
  EXPECT_NE(report.violation->text.find(words), std::string::npos) << report.violation->text;
}

struct OfThreads {
  using Lock = weft::Lock;
  using Condition = weft::Condition;
  static constexpr const char* kName = "Condition";
};
struct OfProcesses {
  using Lock = ipc::Lock;
  using Condition = ipc::Condition;
  static constexpr const char* kName = "ipc::Condition";
};

template <class Kinds>
struct FlagOf {
  typename Kinds::Lock lock;
  typename Kinds::Condition changed{lock};
  std::atomic<bool> set{false};

  void raise(std::size_t waiters) {
    const std::scoped_lock hold(lock);
    set = true;
    changed.notify(waiters);
  }
};
using Flag = FlagOf<OfThreads>;

template <class Kinds>
class LostNotificationOf : public testing::Test {
 protected:
  using Lock = typename Kinds::Lock;
  using Condition = typename Kinds::Condition;
  using Flag = FlagOf<Kinds>;
  static std::string name() { return Kinds::kName; }
};
using Kinds = testing::Types<OfThreads, OfProcesses>;
TYPED_TEST_SUITE(LostNotificationOf, Kinds);

TYPED_TEST(LostNotificationOf, CameBeforeTheWaitWithoutAnotherLook) {
  expect(Kind::kLostWakeup, "setter notified " + TestFixture::name(), [](weft::Run& run) {
    typename TestFixture::Flag flag;
    run.thread("setter", [&] { flag.raise(1); });
    run.thread("waiter", [&] {
      if (flag.set) return;
      const std::scoped_lock hold(flag.lock);
      flag.changed.wait();
    });
    run.join();
  });
}

TYPED_TEST(LostNotificationOf, WokeOneWhereTwoAreMeant) {
  expect(Kind::kLostWakeup, "which woke 1", [](weft::Run& run) {
    typename TestFixture::Flag flag;
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        const std::scoped_lock hold(flag.lock);
        flag.changed.wait([&] { return flag.set.load(); });
      });
    }
    run.thread("setter", [&] { flag.raise(1); });
    run.join();
  });
}

// With the lock that a condition brings along.
TYPED_TEST(LostNotificationOf, CameBeforeTheWaitForAConditionWithALockOfItsOwn) {
  expect(Kind::kLostWakeup, "setter notified " + TestFixture::name(), [](weft::Run& run) {
    typename TestFixture::Condition changed;
    std::atomic<bool> set{false};
    run.thread("setter", [&] {
      const std::scoped_lock hold(changed);
      set = true;
      changed.notify();
    });
    run.thread("waiter", [&] {
      if (set) return;
      const std::scoped_lock hold(changed);
      changed.wait();
    });
    run.join();
  });
}

// Already in a search's first execution, which runs the threads one after another. It is repeated
// to try the waiter out, so it has to be the same when it is repeated.
TEST(LostNotification, IsFoundInTheFirstExecutionToo) {
  expect(Kind::kLostWakeup, "setter notified Condition", [](weft::Run& run) {
    Condition changed;
    run.thread("setter", [&] {
      const std::scoped_lock hold(changed);
      changed.notify();
    });
    run.thread("waiter", [&] {
      const std::scoped_lock hold(changed);
      changed.wait();
    });
    run.join();
  });
}

// The first waiter looks and waits on; the other one is tried out after it.
TEST(LostNotification, IsFoundBehindAWaiterThatLacksMore) {
  expect(Kind::kLostWakeup, "and nobody waited", [](weft::Run& run) {
    Flag flag;
    run.thread("patient", [&] {
      const std::scoped_lock hold(flag.lock);
      flag.changed.wait([] { return false; });
    });
    run.thread("hasty", [&] {
      if (flag.set) return;
      const std::scoped_lock hold(flag.lock);
      while (!flag.set) flag.changed.wait();
    });
    run.thread("setter", [&] {
      flag.set = true;
      const std::scoped_lock hold(flag.lock);
      flag.changed.notify(0);
    });
    run.join();
  });
}

TYPED_TEST(LostNotificationOf, IsNoneIfTheWaiterLooksAndTheItemNeverComes) {
  expect(Kind::kDeadlock, "consumer waits for " + TestFixture::name(), [](weft::Run& run) {
    typename TestFixture::Lock lock;
    typename TestFixture::Condition came(lock);
    int items = 0;
    run.thread("producer", [&] {
      const std::scoped_lock hold(lock);
      ++items;
      came.notify();
    });
    run.thread("consumer", [&] {
      for (int i = 0; i < 2; ++i) {
        const std::scoped_lock hold(lock);
        came.wait([&] { return items > 0; });
        --items;
      }
    });
    run.join();
  });
}

TEST(LostNotification, IsNoneIfNobodyEverNotified) {
  expect(Kind::kDeadlock, "nobody is left who could go on", [](weft::Run& run) {
    Flag flag;
    run.thread([&] {
      const std::scoped_lock hold(flag.lock);
      flag.changed.wait();
    });
    run.join();
  });
}

// A Condition's waits end by notifications alone, so a thread may count on them and need not look.
TEST(LostNotification, IsNoneIfTheLastOneEndedAnEarlierWait) {
  expect(Kind::kDeadlock, "waiter waits for Condition", [](weft::Run& run) {
    Lock lock;
    Condition called(lock);
    bool waits = false;
    run.thread("waiter", [&] {
      const std::scoped_lock hold(lock);
      waits = true;
      called.notify();  // to the caller, if it waits already
      called.wait();
      called.wait();
    });
    run.thread("caller", [&] {
      const std::scoped_lock hold(lock);
      called.wait([&] { return waits; });
      called.notify();
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
