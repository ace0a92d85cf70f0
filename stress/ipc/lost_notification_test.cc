// Waits for an ipc::Condition that a notification would have ended which came too early, or woke
// another; and a deadlock of which no notification is to blame.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>

#include "primitives/ipc/condition.h"
#include "primitives/ipc/lock.h"
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

struct Flag {
  ipc::Lock lock;
  ipc::Condition changed{lock};
  std::atomic<bool> set{false};

  void raise(std::size_t waiters) {
    const std::scoped_lock hold(lock);
    set = true;
    changed.notify(waiters);
  }
};

TEST(IpcLostNotification, CameBeforeTheWaitWithoutAnotherLook) {
  expect(Kind::kLostWakeup, "setter notified ipc::Condition", [](weft::Run& run) {
    Flag flag;
    run.thread("setter", [&] { flag.raise(1); });
    run.thread("waiter", [&] {
      if (flag.set) return;
      const std::scoped_lock hold(flag.lock);
      flag.changed.wait();
    });
    run.join();
  });
}

TEST(IpcLostNotification, WokeOneWhereTwoAreMeant) {
  expect(Kind::kLostWakeup, "which woke 1", [](weft::Run& run) {
    Flag flag;
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

// With the recursive lock that a condition brings along.
TEST(IpcLostNotification, CameBeforeTheWaitForAConditionWithALockOfItsOwn) {
  expect(Kind::kLostWakeup, "setter notified ipc::Condition", [](weft::Run& run) {
    ipc::Condition changed;
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

TEST(IpcLostNotification, IsNoneIfTheWaiterLooksAndTheItemNeverComes) {
  expect(Kind::kDeadlock, "consumer waits for ipc::Condition", [](weft::Run& run) {
    ipc::Lock lock;
    ipc::Condition came(lock);
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

}  // namespace
}  // namespace weft
