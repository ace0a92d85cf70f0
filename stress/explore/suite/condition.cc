// std::condition_variable, condition_variable_any, notify_all_at_thread_exit.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;

template <class Condition, class Mutex>
void hand_over(Run& run) {
  Mutex mutex;
  Condition condition;
  bool ready = false;
  run.thread("waiter", [&] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return ready; });
    run.require(ready, "a wait ends with its condition true");
  });
  run.thread("notifier", [&] {
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    condition.notify_one();
  });
  run.join();
}

const Specimen plain({.name = "Condition.HandsOver", .holds = true},
                     hand_over<std::condition_variable, std::mutex>);
const Specimen any({.name = "ConditionAny.HandsOver", .holds = true},
                   hand_over<std::condition_variable_any, std::mutex>);
const Specimen any_shared({.name = "ConditionAny.WaitsWithASharedMutex", .holds = true},
                          hand_over<std::condition_variable_any, std::shared_mutex>);

const Specimen all({.name = "Condition.NotifyAllWakesAll", .holds = true}, [](Run& run) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return ready; });
  };
  run.thread(wait);
  run.thread(wait);
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  condition.notify_all();
  run.join();
});

template <class Condition>
void wait_with_time(Run& run) {
  std::mutex mutex;
  Condition condition;
  bool ready = false;
  run.thread("waiter", [&] {
    std::unique_lock lock(mutex);
    const bool seen = condition.wait_for(lock, milliseconds(1), [&] { return ready; });
    run.require(seen == ready, "what it returns is its condition");
    run.require(!condition.wait_until(lock, std::chrono::system_clock::now() - milliseconds(1),
                                      [] { return false; }),
                "a time-out in the past is one");
    run.require(
        condition.wait_until(lock, std::chrono::steady_clock::now(), [] { return false; }) == false,
        "a wait by the steady clock ends by time");
  });
  run.thread("notifier", [&] {
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    condition.notify_one();
  });
  run.join();
}

const Specimen timed({.name = "Condition.WaitsWithATimeOut"},
                     wait_with_time<std::condition_variable>);
const Specimen any_timed({.name = "ConditionAny.WaitsWithATimeOut"},
                         wait_with_time<std::condition_variable_any>);

const Specimen at_exit({.name = "Condition.NotifyAllAtThreadExit", .holds = true}, [](Run& run) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  struct AtExit {
    bool* flag = nullptr;
    ~AtExit() {
      if (flag != nullptr) *flag = true;
    }
  };
  bool destroyed = false;
  std::thread thread([&] {
    static thread_local AtExit at_exit;
    at_exit.flag = &destroyed;
    std::unique_lock lock(mutex);
    ready = true;
    std::notify_all_at_thread_exit(condition, std::move(lock));
  });
  {
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return ready; });
    run.require(destroyed, "the thread's thread_locals are gone when it notifies");
  }
  thread.join();
});

const Specimen never({.name = "Condition.NobodyNotifies",
                      .violates = Kind::kDeadlock,
                      .says = "condition 1"},
                     [](Run& run) {
                       std::mutex mutex;
                       std::condition_variable condition;
                       bool ready = false;
                       run.thread("waiter", [&] {
                         std::unique_lock lock(mutex);
                         condition.wait(lock, [&] { return ready; });
                       });
                       run.thread("setter", [&] {
                         const std::lock_guard lock(mutex);
                         ready = true;
                       });
                       run.join();
                     });

const Specimen lost(
    {.name = "Condition.WakeUpIsLost", .violates = Kind::kDeadlock, .says = "condition 1"},
    [](Run& run) {
      std::mutex mutex;
      std::condition_variable condition;
      std::atomic<bool> ready = false;
      run.thread("waiter", [&] {
        std::unique_lock lock(mutex);
        while (!ready) condition.wait(lock);
      });
      run.thread("notifier", [&] {
        ready = true;  // without the lock: it may be after the look, before the wait
        condition.notify_one();
      });
      run.join();
    });

const Specimen one_of_two({.name = "ConditionAny.OneNotifyForTwo", .violates = Kind::kDeadlock},
                          [](Run& run) {
                            std::mutex mutex;
                            std::condition_variable_any condition;
                            bool ready = false;
                            const auto wait = [&] {
                              std::unique_lock lock(mutex);
                              condition.wait(lock, [&] { return ready; });
                            };
                            run.thread(wait);
                            run.thread(wait);
                            run.thread([&] {
                              {
                                const std::lock_guard lock(mutex);
                                ready = true;
                              }
                              condition.notify_one();
                            });
                            run.join();
                          });

const Specimen spurious({.name = "Condition.WaitWithoutAPredicate",
                         .violates = Kind::kAssertion,
                         .says = "only when notified"},
                        [](Run& run) {
                          std::mutex mutex;
                          std::condition_variable condition;
                          bool ready = false;
                          run.thread("waiter", [&] {
                            std::unique_lock lock(mutex);
                            if (ready) return;
                            condition.wait(lock);
                            run.require(ready, "a wait ends only when notified");
                          });
                          run.thread("notifier", [&] {
                            const std::lock_guard lock(mutex);
                            ready = true;
                            condition.notify_one();
                          });
                          run.join();
                        });

const Specimen two_mutexes({.name = "Condition.WaitedOnWithTwoMutexes",
                            .violates = Kind::kMisuse,
                            .says = "two different mutexes"},
                           [](Run& run) {
                             std::mutex mutexes[2];
                             std::condition_variable condition;
                             for (std::mutex& mutex : mutexes) {
                               run.thread([&] {
                                 std::unique_lock lock(mutex);
                                 condition.wait(lock);
                               });
                             }
                             run.join();
                           });

}  // namespace
}  // namespace weft::suite
