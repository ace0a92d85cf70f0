// What a manager's objects do, in one process and between several.
#include "primitives/manager/manager.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process_pool/pool_errors.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ManagerTest : public testing::Test {
 protected:
  void SetUp() override { manager.start(); }
  void TearDown() override {
    manager.shutdown();
    // A sanitizer's report in the manager's process is another number.
    EXPECT_EQ(manager.process().exitcode(), 0);
  }

  // Runs each in a process of its own; true if all end with 0.
  template <class F>
  static void in_processes(int count, F function) {
    std::deque<Process> processes;
    for (int i = 0; i < count; ++i) processes.emplace_back(function, i).start();
    for (Process& process : processes) {
      process.join();
      EXPECT_EQ(process.exitcode(), 0);
    }
  }

  Manager manager;
};

TEST_F(ManagerTest, SharesAValueWithAChild) {
  const auto value = manager.value<std::string>("a");
  Process child([&] { value.set(value.get() + "b"); });
  child.start();
  child.join();
  EXPECT_EQ(value.get(), "ab");
}

TEST_F(ManagerTest, UpdatesByFunctionsWithoutALoss) {
  const auto count = manager.value(0);
  in_processes(4, [&](int) {
    for (int i = 0; i < 200; ++i) count.update([](int& n, int by) { n += by; }, 1);
  });
  EXPECT_EQ(count.get(), 800);
  EXPECT_EQ(count.update([](int& n) { return -n; }), -800);
}

TEST_F(ManagerTest, LosesNoUpdateUnderItsLock) {
  const auto count = manager.value(0);
  const auto lock = manager.lock();
  in_processes(3, [&](int) {
    for (int i = 0; i < 50; ++i) {
      const std::lock_guard hold(lock);
      count.set(count.get() + 1);
    }
  });
  EXPECT_EQ(count.get(), 150);
  EXPECT_FALSE(lock.locked());
}

void add_and_throw(std::vector<int>& items, const std::string& what) {
  items.push_back(0);
  throw ValueError(what);
}

TEST_F(ManagerTest, ThrowsWhatAFunctionThrowsAndChangesNothing) {
  const auto list = manager.list<int>({1, 2});
  try {
    list.update(add_and_throw, "no");
    ADD_FAILURE() << "no exception";
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "no");
  }
  EXPECT_EQ(list.all(), (std::vector{1, 2}));
  struct Own : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  const auto value = manager.value(1);
  EXPECT_THROW(value.update([](int& n) {
    n = 2;
    throw Own("of the program");
  }),
               RemoteError);
  EXPECT_EQ(value.get(), 1);
}

TEST_F(ManagerTest, KeepsAListInOrder) {
  const auto list = manager.list<std::string>();
  EXPECT_EQ(list.size(), 0U);
  EXPECT_THROW((void)list.pop(), std::out_of_range);
  list.append("b");
  list.extend({"c", "d"});
  list.insert(0, "a");
  list.insert(4, "e");
  EXPECT_EQ(list.all(), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(list.pop(), "e");
  EXPECT_EQ(list.pop(1), "b");
  list.set(0, "x");
  EXPECT_EQ(list.at(0), "x");
  EXPECT_THROW((void)list.at(3), std::out_of_range);
  EXPECT_THROW(list.set(3, ""), std::out_of_range);
  EXPECT_THROW(list.insert(4, ""), std::out_of_range);
  EXPECT_THROW((void)list.pop(3), std::out_of_range);
  EXPECT_EQ(list.update([](std::vector<std::string>& items) {
    std::ranges::sort(items);
    return items.size();
  }),
            3U);
  EXPECT_EQ(list.all(), (std::vector<std::string>{"c", "d", "x"}));
  list.clear();
  EXPECT_EQ(list.size(), 0U);
}

TEST_F(ManagerTest, KeepsADictByItsKeys) {
  const auto dict = manager.dict<std::string, int>({{"b", 2}});
  dict.set("a", 1);
  EXPECT_EQ(dict.at("a"), 1);
  EXPECT_EQ(dict.find("c"), std::nullopt);
  EXPECT_THROW((void)dict.at("c"), std::out_of_range);
  EXPECT_TRUE(dict.contains("b"));
  auto keys = dict.keys();
  std::ranges::sort(keys);
  EXPECT_EQ(keys, (std::vector<std::string>{"a", "b"}));
  dict.update_item("a", [](int& n, int by) { n += by; }, 10);
  EXPECT_THROW(dict.update_item("c", [](int& n) { ++n; }), std::out_of_range);
  EXPECT_EQ(dict.pop("b"), 2);
  EXPECT_EQ(dict.pop("b"), std::nullopt);
  dict.update([](std::map<std::string, int>& items) { items["z"] = items["a"]; });
  EXPECT_EQ(dict.all(), (std::map<std::string, int>{{"a", 11}, {"z", 11}}));
  EXPECT_TRUE(dict.erase("z"));
  EXPECT_FALSE(dict.erase("z"));
  EXPECT_EQ(dict.size(), 1U);
  dict.clear();
  EXPECT_EQ(dict.size(), 0U);
}

TEST_F(ManagerTest, KeepsAttributesOfDifferentTypes) {
  const auto names = manager.namespace_();
  names.set("count", 1);
  names.set("words", std::vector<std::string>{"a"});
  in_processes(2, [&](int) { names.update("count", [](int& n) { ++n; }); });
  EXPECT_EQ(names.get<int>("count"), 3);
  EXPECT_EQ(names.get<std::vector<std::string>>("words"), std::vector<std::string>{"a"});
  EXPECT_THROW((void)names.get<std::string>("count"), DecodeError);
  EXPECT_THROW((void)names.get<int>("none"), std::out_of_range);
  EXPECT_TRUE(names.has("count"));
  EXPECT_TRUE(names.erase("count"));
  EXPECT_FALSE(names.has("count"));
  EXPECT_EQ(names.names(), std::vector<std::string>{"words"});
}

TEST_F(ManagerTest, GivesEachItemOfAQueueToOne) {
  constexpr int kItems = 60;
  const auto queue = manager.queue<int>(4);
  const auto got = manager.list<int>();
  std::deque<Process> getters;
  for (int i = 0; i < 3; ++i) {
    getters
        .emplace_back([&] {
          for (int item; (item = queue.get()) >= 0; queue.task_done()) got.append(item);
        })
        .start();
  }
  for (int i = 0; i < kItems; ++i) queue.put(i);
  queue.join();
  for (int i = 0; i < 3; ++i) queue.put(-1);
  for (Process& getter : getters) getter.join();
  auto all = got.all();
  std::ranges::sort(all);
  std::vector<int> expected;
  for (int i = 0; i < kItems; ++i) expected.push_back(i);
  EXPECT_EQ(all, expected);
}

TEST_F(ManagerTest, BoundsItsQueue) {
  const auto queue = manager.queue<int>(1);
  EXPECT_TRUE(queue.empty());
  EXPECT_THROW((void)queue.get_nowait(), QueueEmpty);
  EXPECT_THROW((void)queue.get_for(milliseconds(5)), QueueEmpty);
  queue.put(1);
  EXPECT_TRUE(queue.full());
  EXPECT_THROW(queue.put_nowait(2), QueueFull);
  EXPECT_THROW(queue.put_for(2, milliseconds(5)), QueueFull);
  EXPECT_FALSE(queue.join_for(milliseconds(5)));
  EXPECT_EQ(queue.get(), 1);
  queue.task_done();
  EXPECT_TRUE(queue.join_for(milliseconds(5)));
  EXPECT_THROW(queue.task_done(), ValueError);
}

TEST_F(ManagerTest, LetsALockBeHeldByOne) {
  const auto lock = manager.lock();
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.acquire_for(milliseconds(5)));
  EXPECT_FALSE(lock.recover());
  in_processes(1, [&](int) {
    if (lock.try_acquire()) throw std::runtime_error("taken twice");
    lock.release();  // anybody may
  });
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TEST_F(ManagerTest, KnowsTheHolderOfAnRLock) {
  const auto lock = manager.rlock();
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.acquire();
  lock.acquire();
  lock.release();
  const auto refused = [&] {
    if (lock.try_acquire()) throw std::runtime_error("taken by two");
    try {
      lock.release();
    } catch (const RuntimeError&) {
      return;
    }
    throw std::runtime_error("released by a stranger");
  };
  in_processes(1, [&](int) { refused(); });
  std::thread([&] { EXPECT_NO_THROW(refused()); }).join();
  lock.release();
  in_processes(1, [&](int) {
    if (!lock.try_acquire()) throw std::runtime_error("not free");
    lock.release();
  });
}

TEST_F(ManagerTest, CountsPermits) {
  const auto semaphore = manager.bounded_semaphore(2);
  semaphore.acquire();
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.acquire_for(milliseconds(5)));
  semaphore.release(2);
  EXPECT_EQ(semaphore.value(), 2U);
  EXPECT_THROW(semaphore.release(), ValueError);
  const auto free = manager.semaphore(0);
  Process child([&] { free.release(3); });
  child.start();
  for (int i = 0; i < 3; ++i) free.acquire();
  child.join();
  EXPECT_EQ(free.value(), 0U);
}

TEST_F(ManagerTest, LetsAllPassAnEvent) {
  const auto event = manager.event();
  const auto passed = manager.value(0);
  EXPECT_FALSE(event.wait_for(milliseconds(5)));
  std::deque<Process> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters
        .emplace_back([&] {
          event.wait();
          passed.update([](int& n) { ++n; });
        })
        .start();
  }
  EXPECT_EQ(passed.get(), 0);
  event.set();
  for (Process& waiter : waiters) waiter.join();
  EXPECT_EQ(passed.get(), 3);
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST_F(ManagerTest, WakesAsManyAsAreNotified) {
  const auto condition = manager.condition();
  const auto turns = manager.value(0);
  const auto done = manager.value(0);
  EXPECT_THROW(condition.notify(), RuntimeError);
  EXPECT_THROW(condition.wait(), RuntimeError);
  std::deque<Process> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters
        .emplace_back([&] {
          const std::lock_guard hold(condition);
          condition.wait([&] { return turns.get() > 0; });
          turns.set(turns.get() - 1);
          done.set(done.get() + 1);
        })
        .start();
  }
  for (int i = 0; i < 3; ++i) {
    const std::lock_guard hold(condition);
    turns.set(turns.get() + 1);
    condition.notify();
  }
  for (Process& waiter : waiters) waiter.join();
  EXPECT_EQ(done.get(), 3);
  EXPECT_EQ(turns.get(), 0);
  const std::lock_guard hold(condition);
  condition.acquire();  // the wait gives up both
  EXPECT_FALSE(condition.wait_for(milliseconds(5)));
  condition.release();
}

TEST_F(ManagerTest, LetsABarriersPartiesMeet) {
  const auto barrier = manager.barrier(3);
  const auto places = manager.list<std::uint64_t>();
  in_processes(3, [&](int) {
    for (int round = 0; round < 5; ++round) places.append(barrier.wait());
  });
  auto all = places.all();
  std::ranges::sort(all);
  EXPECT_EQ(all.size(), 15U);
  for (std::uint64_t place = 0; place < 3; ++place) EXPECT_EQ(std::ranges::count(all, place), 5);
  EXPECT_THROW((void)barrier.wait_for(milliseconds(5)), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW((void)barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW((void)manager.barrier(0), ValueError);
}

TEST_F(ManagerTest, KeepsNobodyOffWhileOthersWait) {
  const auto event = manager.event();
  const auto lock = manager.lock();
  lock.acquire();
  const auto queue = manager.queue<int>();
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] { event.wait(); });
    waiters.emplace_back([&] { (void)queue.get(); });
    waiters.emplace_back([&] {
      lock.acquire();
      lock.release();
    });
  }
  const auto value = manager.value(0);
  for (int i = 0; i < 100; ++i) value.update([](int& n) { ++n; });
  EXPECT_EQ(value.get(), 100);
  event.set();
  lock.release();
  for (int i = 0; i < 4; ++i) queue.put(i);
  for (std::thread& waiter : waiters) waiter.join();
}

TEST_F(ManagerTest, FindsWhatWasPublished) {
  ManagerClient client(manager.address(), manager.key());
  EXPECT_THROW((void)client.find<ManagedValue<int>>("n"), NoSuchObjectError);
  {
    const auto value = manager.value(5);
    manager.publish("n", value);
    EXPECT_THROW(manager.publish("n", value), ValueError);
  }
  EXPECT_EQ(client.find<ManagedValue<int>>("n").get(), 5);
  EXPECT_THROW((void)client.find<ManagedValue<std::string>>("n"), ValueError);
  EXPECT_THROW((void)client.find<ManagedList<int>>("n"), ValueError);
  client.unpublish("n");
  EXPECT_THROW(client.unpublish("n"), NoSuchObjectError);
  EXPECT_THROW((void)client.find<ManagedValue<int>>("n"), NoSuchObjectError);
}

// Its functions may lie elsewhere.
TEST_F(ManagerTest, CallsNoFunctionOfAStranger) {
  const auto mine = manager.value(1);
  manager.publish("n", mine);
  ManagerClient client(manager.address(), manager.key());
  const auto theirs = client.find<ManagedValue<int>>("n");
  theirs.set(2);
  EXPECT_THROW(theirs.update([](int& n) { ++n; }), ValueError);
  EXPECT_EQ(mine.get(), 2);
}

TEST_F(ManagerTest, CarriesLongValues) {
  const auto value = manager.value(std::string(3'000'000, 'x'));
  EXPECT_EQ(value.get().size(), 3'000'000U);
  value.update([](std::string& text) { text += text; });
  EXPECT_EQ(value.get(), std::string(6'000'000, 'x'));
}

TEST(Manager, IsStartedOnce) {
  Manager manager;
  EXPECT_THROW((void)manager.value(0), RuntimeError);
  EXPECT_THROW(manager.shutdown(), RuntimeError);
  manager.start();
  EXPECT_THROW(manager.start(), RuntimeError);
  manager.shutdown();
  EXPECT_THROW(manager.start(), RuntimeError);
  manager.shutdown();
}

TEST(Manager, IsNotShutDownByAChild) {
  Manager manager;
  manager.start();
  const auto value = manager.value(1);
  Process child([&] {
    try {
      manager.shutdown();
    } catch (const RuntimeError&) {
      manager.~Manager();
      std::_Exit(0);
    }
    std::_Exit(1);
  });
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(value.get(), 1);
}

}  // namespace
}  // namespace weft::ipc
