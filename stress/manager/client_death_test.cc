// What holds when a client of a manager is killed, and how long the manager holds an object.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/value.h"
#include "primitives/manager/manager.h"
#include "primitives/message/connection.h"
#include "stress/manager/manager_for_test.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;

// MG5
TEST_F(ManagerFaults, HoldAnObjectAsLongAsAnybodyHasAProxy) {
  EXPECT_EQ(manager.objects(), 0U);
  auto first = std::optional(manager.value(1));
  Process child([&] {
    // The parent's is gone by now; the child's copy was never used.
    const auto own = *first;
    first.reset();
    std::_Exit(own.get() == 1 ? 0 : 1);
  });
  stop_manager();  // the child cannot be faster
  child.start();
  first.reset();
  continue_manager();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  await([&] { return manager.objects() == 0; });
  expect_good_end();
}

// MG5
TEST_F(ManagerFaults, HoldAnObjectWhileItIsSent) {
  for (int round = 0; round < 20; ++round) {
    auto [mine, theirs] = pipe();
    Process child([&] {
      mine.close();
      ManagerClient client(manager.address(), manager.key());
      const auto ticket = theirs.recv<Ticket<ManagedValue<int>>>();
      if (client.claim(ticket).get() != round) std::_Exit(1);
      try {
        (void)client.claim(ticket);
      } catch (const NoSuchObjectError&) {
        std::_Exit(0);
      }
      std::_Exit(2);
    });
    child.start();
    mine.send(manager.ticket(manager.value(round)));  // its only proxy ends here
    child.join();
    ASSERT_EQ(child.exitcode(), 0);
  }
  await([&] { return manager.objects() == 0; });
  expect_good_end();
}

// MG5
TEST(ManagerTickets, Expire) {
  Manager manager({.ticket_life = milliseconds(30)});
  manager.start();
  const auto ticket = manager.ticket(manager.value(1));
  await([&] { return manager.objects() == 0; });
  EXPECT_THROW((void)manager.claim(ticket), NoSuchObjectError);
  EXPECT_THROW((void)manager.claim(Ticket<ManagedValue<int>>{{1, 2}}), NoSuchObjectError);
}

// MG5
TEST_F(ManagerFaults, DropWhatAKilledClientHad) {
  const auto count = manager.value(0);
  Process child([&] {
    const auto list = manager.list<int>();
    count.set(1);
    for (;;) ::pause();
  });
  child.start();
  await([&] { return count.get() == 1; });
  EXPECT_EQ(manager.objects(), 2U);
  child.kill();
  child.join();
  await([&] { return manager.objects() == 1; });
  expect_good_end();
}

TEST_F(ManagerFaults, TellThatTheHolderOfALockWasKilled) {
  for (const bool recursive : {false, true}) {
    const auto lock = manager.lock();
    const auto rlock = manager.rlock();
    const auto taken = manager.event();
    Process child([&] {
      lock.acquire();
      rlock.acquire();
      taken.set();
      for (;;) ::pause();
    });
    child.start();
    taken.wait();
    const auto test = [&](const auto& which) {
      std::thread waiter([&] { EXPECT_THROW(which.acquire(), OwnerDiedError); });
      child.kill();
      waiter.join();
      EXPECT_THROW((void)which.try_acquire(), OwnerDiedError);
      EXPECT_TRUE(which.locked());
      EXPECT_TRUE(which.recover());
      EXPECT_FALSE(which.recover());
      which.release();
      EXPECT_TRUE(which.try_acquire());
      which.release();
    };
    if (recursive) {
      test(rlock);
    } else {
      test(lock);
    }
    child.join();
  }
  expect_good_end();
}

// A child of the holder has copies of all its descriptors.
TEST_F(ManagerFaults, TellThatTheHolderWasKilledThoughItsChildLives) {
  const auto lock = manager.lock();
  const auto taken = manager.event();
  const auto end = manager.event();
  Process holder([&] {
    lock.acquire();
    Process child([&] {
      taken.set();
      try {
        end.wait();
      } catch (const ManagerGoneError&) {
        // Nobody waits for this process.
      }
    });
    child.start();
    for (;;) ::pause();
  });
  holder.start();
  taken.wait();
  holder.kill();
  EXPECT_THROW(lock.acquire(), OwnerDiedError);
  end.set();
  holder.join();
  expect_good_end();
}

TEST_F(ManagerFaults, BreakABarrierWhenAPartyIsKilled) {
  const auto barrier = manager.barrier(3);
  Process child([&] { (void)barrier.wait(); });
  child.start();
  std::thread other([&] { EXPECT_THROW((void)barrier.wait(), BrokenBarrierError); });
  await([&] { return barrier.n_waiting() == 2; });
  child.kill();
  other.join();
  child.join();
  EXPECT_TRUE(barrier.broken());
  expect_good_end();
}

// The permits and items that it waited for are others'.
TEST_F(ManagerFaults, TakeNothingForAClientThatWasKilledWhileItWaited) {
  for (int round = 0; round < 10; ++round) {
    const auto queue = manager.queue<int>();
    const auto semaphore = manager.semaphore(0);
    std::deque<Process> children;
    children.emplace_back([&] { (void)queue.get(); }).start();
    children.emplace_back([&] { semaphore.acquire(); }).start();
    for (Process& child : children) {
      child.kill();
      child.join();
    }
    queue.put(round);
    semaphore.release();
    EXPECT_EQ(queue.get(), round);
    semaphore.acquire();
  }
  expect_good_end();
}

// The manager has sent what was asked for, and who asked never runs again to receive it.
TEST_F(ManagerFaults, PutBackWhatDidNotArrive) {
  const auto queue = manager.queue<int>();
  const auto semaphore = manager.semaphore(0);
  for (const bool item : {true, false}) {
    // Not in those rounds in which the child is stopped before it has asked.
    int handed_over = 0;
    for (int round = 0; handed_over < 5; ++round) {
      const auto ready = manager.event();
      Process child([&] {
        ready.set();
        if (item) {
          (void)queue.get();
        } else {
          semaphore.acquire();
        }
      });
      child.start();
      ready.wait();
      for (int i = 0; i < 20; ++i) (void)queue.qsize();  // meanwhile it may ask
      stop(child);
      if (item) {
        queue.put(round);
        if (queue.empty()) ++handed_over;
      } else {
        semaphore.release();
        if (semaphore.value() == 0) ++handed_over;
      }
      child.kill();
      if (item) {
        EXPECT_EQ(queue.get(), round);
      } else {
        semaphore.acquire();
      }
      child.join();
    }
  }
  expect_good_end();
}

// However the kill and the hand-over meet.
TEST_F(ManagerFaults, GiveNoItemTwiceThoughAGetterIsKilled) {
  constexpr int kItems = 300;
  for (int round = 1; round <= 15; ++round) {
    const auto queue = manager.queue<int>();
    RawValue<int> got;
    for (int i = 0; i < kItems; ++i) queue.put(i);
    Process child([&] {
      for (;;) {
        (void)queue.get();
        (void)got.fetch_add(1);
      }
    });
    child.start();
    await([&] { return got.load() >= 5 * round; });
    child.kill();
    child.join();
    std::vector<int> left;
    // The next one may have arrived and not been counted when the kill came.
    for (int i = got.load() + 1; i < kItems; ++i) left.push_back(queue.get());
    std::ranges::sort(left);
    EXPECT_EQ(std::ranges::adjacent_find(left), left.end());
    if (!left.empty()) EXPECT_GE(left.front(), got.load());
  }
  expect_good_end();
}

}  // namespace
}  // namespace weft::ipc
