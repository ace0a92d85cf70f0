#include "stress/fault/kill_services.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/process/process.h"

namespace weft::fault {
namespace {

using Faults = KillWhileBusy::Faults;
template <class T>
using Shared = weft::internal::SharedObject<T>;

// What a client does between its beginning and its end.
struct Client {
  const ipc::ManagedLock& lock;
  const ipc::ManagedValue<int>& value;
  const ipc::ManagedQueue<int>& queue;

  void run() const {
    lock.acquire();
    value.set(1);
    queue.put(7);
    value.set(2);
    lock.release();
  }
};

struct Begun {
  std::atomic<int> of[3];
};
std::optional<Shared<Begun>> begun;
int note_and_double(int n) {
  ++(*begun)->of[n];
  (void)::getppid();  // a system call to be killed in
  return 2 * n;
}

}  // namespace

pid_t worker_of(const ipc::Pool& pool) {
  for (;;) {
    const std::vector<pid_t> pids = pool.pids();
    if (!pids.empty()) return pids[0];
    std::this_thread::yield();
  }
}

bool has_child() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool kill_manager_at(const Faults& faults, std::array<int, 3>& outcomes) {
  ipc::Manager manager;
  manager.start();
  const auto value = manager.value(std::string(5000, 'a'));
  const auto queue = manager.queue<int>();
  value.update([](std::string&) { allow_to_be_driven(); });
  // Somebody waits all the while.
  const auto ready = Shared<std::atomic<int>>::make();
  ipc::Process waiter([&] {
    (void)queue.qsize();
    try {
      ready->store(1);
      (void)queue.get();
    } catch (const ipc::ManagerGoneError&) {
      std::_Exit(0);
    }
    std::_Exit(1);
  });
  waiter.start();
  while (ready->load() == 0) std::this_thread::yield();
  KillWhileBusy killer(manager.process().pid(), faults);
  std::size_t done = 0;
  try {
    value.set(std::string(5000, 'b'));
    ++done;
    EXPECT_EQ(value.get(), std::string(5000, 'b'));
    ++done;
  } catch (const ipc::ManagerGoneError&) {
  }
  ++outcomes[done];
  const bool reached = killer.kill_now_and_wait();
  EXPECT_THROW((void)value.get(), ipc::ManagerGoneError) << "step " << faults.steps;
  waiter.join();
  EXPECT_EQ(waiter.exitcode(), 0) << "step " << faults.steps;
  manager.process().join();
  EXPECT_EQ(manager.process().exitcode(), -SIGKILL);
  return reached;
}

bool kill_client_at(ipc::Manager& manager, const Faults& faults, std::array<int, 2>& outcomes) {
  const auto lock = manager.lock();
  const auto value = manager.value(0);
  const auto queue = manager.queue<int>();
  const auto phase = Shared<std::atomic<int>>::make();
  ipc::Process client([&] {
    allow_to_be_driven();
    phase->store(2);
    while (phase->load() == 2) {
    }
    const auto own = manager.value(std::string("the client's"));
    Client{lock, value, queue}.run();
    phase->store(4);
    for (;;) {
    }
  });
  client.start();
  while (phase->load() != 2) std::this_thread::yield();
  bool reached = false;
  {
    KillWhileBusy killer(client.pid(), faults);
    phase->store(3);
    while (phase->load() != 4 && client.is_alive()) std::this_thread::yield();
    reached = killer.kill_now_and_wait();
  }
  client.join();
  EXPECT_EQ(client.exitcode(), -SIGKILL);
  bool told = false;
  try {
    lock.acquire();
  } catch (const ipc::OwnerDiedError&) {
    told = true;
    EXPECT_TRUE(lock.recover());
  }
  ++outcomes[told ? 1 : 0];
  const int seen = value.get();
  EXPECT_TRUE(seen == 0 || seen == 1 || seen == 2);
  EXPECT_EQ(told || seen != 1, true) << "half of it, without a word, at step " << faults.steps;
  EXPECT_LE(queue.qsize(), 1u);
  if (queue.qsize() == 1) EXPECT_EQ(queue.get(), 7);
  lock.release();
  // The client's own is dropped, as are those of the last time.
  while (manager.objects() != 3) std::this_thread::yield();
  return reached;
}

bool kill_worker_at(ipc::Pool& pool, const Faults& faults, std::array<int, 2>& outcomes) {
  for (auto& count : (*begun)->of) count = 0;
  KillWhileBusy killer(worker_of(pool), faults);
  std::vector<Future<int>> futures;
  for (int n = 0; n < 3; ++n) futures.push_back(pool.submit(note_and_double, n));
  for (int n = 0; n < 3; ++n) {
    try {
      EXPECT_EQ(futures[static_cast<std::size_t>(n)].result(), 2 * n);
      EXPECT_EQ((*begun)->of[n], 1) << "step " << faults.steps;
      ++outcomes[0];
    } catch (const ipc::WorkerDiedError&) {
      EXPECT_LE((*begun)->of[n], 1) << "step " << faults.steps;
      ++outcomes[1];
    }
  }
  const bool reached = killer.kill_now_and_wait();
  EXPECT_EQ(pool.apply([](int n) { return n + 1; }, 4), 5) << "another took its place";
  return reached;
}

OfWorkers::OfWorkers() { begun = Shared<Begun>::make(); }
OfWorkers::~OfWorkers() { begun.reset(); }

}  // namespace weft::fault
