// Managers and pools, where each system call of who starts and calls them fails in its turn.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/manager/manager.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/expect_told.h"
#include "stress/fault/fail_system_calls.h"

namespace weft::fault {
namespace {

struct StartAManager {
  StartAManager() {
    ipc::Process first([] {});  // what a process does once
    first.start();
    first.join();
  }
  void run() { manager.start(); }
  std::string judge(bool succeeded) {
    if (!succeeded) manager.start();
    return manager.value(5).get() == 5 ? "" : "it holds another value";
  }
  ipc::Manager manager;
};

TEST(EachSystemCallFails, OfAManagersStart) {
  expect_told(fail_each_system_call<StartAManager>(),
              {"socket", "bind", "listen", "eventfd2", "clone", "getrandom"});
}

// The first call makes the connection.
struct FirstCall {
  FirstCall() { manager.start(); }
  void run() { object.emplace(manager.value(5)); }
  std::string judge(bool succeeded) {
    if (!succeeded) run();
    if (object->get() != 5) return "it holds another value";
    object.reset();
    manager.shutdown();
    return manager.process().exitcode() == 0 ? "" : "the manager did not end well";
  }
  ipc::Manager manager;
  std::optional<ipc::ManagedValue<int>> object;
};

TEST(EachSystemCallFails, OfTheFirstCallOfAManager) {
  expect_told(fail_each_system_call<FirstCall>(),
              {"socket", "connect", "sendto", "recvfrom", "sendmsg", "recvmsg", "poll"});
}

struct CallOfAManager {
  CallOfAManager() { manager.start(); }
  void run() {
    before = value().get();
    value().set(before + 1);
    queue().put(before);
    item = queue().get();
  }
  std::string judge(bool succeeded) {
    if (succeeded && (before != 1 || item != 1)) return "another value came";
    const int now = value().get();
    if (now != 1 && now != 2) return "it holds another value";
    if (succeeded && now != 2) return "what was set is lost";
    std::size_t left = queue().qsize();
    if (succeeded ? left != 0 : left > 1) return "an item is there that was taken";
    for (; left > 0; --left) {
      if (queue().get() != 1) return "an item is another one";
    }
    return "";
  }
  ipc::ManagedValue<int>& value() {
    if (!value_) value_.emplace(manager.value(1));
    return *value_;
  }
  ipc::ManagedQueue<int>& queue() {
    if (!queue_) queue_.emplace(manager.queue<int>());
    return *queue_;
  }
  ipc::Manager manager;
  std::optional<ipc::ManagedValue<int>> value_;
  std::optional<ipc::ManagedQueue<int>> queue_;
  int before = 0;
  int item = 0;
};

TEST(EachSystemCallFails, OfTheCallsOfAManager) {
  expect_told(fail_each_system_call<CallOfAManager>(), {"sendmsg", "recvmsg"});
}

int twice(int n) { return 2 * n; }

struct StartAPool {
  void run() { pool.emplace(2); }
  std::string judge(bool succeeded) {
    if (!succeeded) pool.emplace(2);
    return pool->apply(twice, 4) == 8 ? "" : "it gives another result";
  }
  std::optional<ipc::Pool> pool;
};

TEST(EachSystemCallFails, OfAPoolsStart) {
  expect_told(fail_each_system_call<StartAPool>(),
              {"socketpair", "clone", "sendto", "recvfrom", "eventfd2"});
}

struct UseAPool {
  void run() {
    auto future = pool.submit(twice, 4);
    result = future.result();
    for (const int n : pool.map(twice, std::vector<int>(100, 1))) sum += n;
  }
  std::string judge(bool succeeded) {
    if (succeeded && (result != 8 || sum != 200)) return "it gives another result";
    return pool.apply(twice, 4) == 8 ? "" : "the next one's is another one";
  }
  ipc::Pool pool{2};
  int result = 0;
  int sum = 0;
};

TEST(EachSystemCallFails, OfWhoSubmitsToAPool) {
  expect_told(fail_each_system_call<UseAPool>(), {});
}

struct EndAPool {
  EndAPool() {
    for (int i = 0; i < 10; ++i) (void)pool->submit(twice, i);
  }
  void run() { pool.reset(); }
  std::string judge(bool succeeded) { return succeeded ? "" : "it throws"; }
  std::optional<ipc::Pool> pool{2};
};

TEST(EachSystemCallFails, OfAPoolsEnd) { expect_told(fail_each_system_call<EndAPool>(), {}); }

}  // namespace
}  // namespace weft::fault
