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
#include "primitives/ipc/value.h"
#include "primitives/process_pool/pool_errors.h"
#include "stress/manager/manager_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(ManagerTest, SharesAValueWithAChild) {
  const auto value = manager.value<std::string>("a");
  Process child([&] { value.set(value.get() + "b"); });
  child.start();
  child.join();
  EXPECT_EQ(value.get(), "ab");
}

TEST_F(ManagerTest, GoesWithSharedMemoryInOneProgram) {
  const auto value = manager.value(5);
  RawValue<int> seen;
  Process child([&] { seen.store(value.get()); });
  child.start();
  child.join();
  EXPECT_EQ(seen.load(), 5);
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
