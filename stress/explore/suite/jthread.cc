// std::jthread, std::stop_token, std::stop_callback.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen joins({.name = "JThread.JoinsWhenDestroyed", .holds = true}, [](Run& run) {
  int value = 0;
  {
    std::jthread thread([&] { value = 1; });
  }
  run.require(value == 1, "the destructor joins");
});

const Specimen stops({.name = "JThread.StopsWhenDestroyed"}, [](Run& run) {
  bool saw_stop = false;
  {
    std::jthread thread([&](std::stop_token stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      saw_stop = true;
    });
  }
  run.require(saw_stop, "the destructor asks the thread to stop");
});

const Specimen callback({.name = "JThread.StopRunsTheCallbackOnce"}, [](Run& run) {
  std::stop_source source;
  std::atomic<int> calls = 0;
  std::atomic<int> first = 0;
  const std::stop_callback call(source.get_token(), [&] { ++calls; });
  std::jthread one([&] { first += source.request_stop() ? 1 : 0; });
  std::jthread other([&] { first += source.request_stop() ? 1 : 0; });
  one.join();
  other.join();
  run.require(first == 1, "one request is the first");
  run.require(calls == 1, "the callback runs once");
});

const Specimen wakes({.name = "JThread.StopWakesAWaiter"}, [](Run& run) {
  std::mutex mutex;
  std::condition_variable_any condition;
  bool ended_true = true;
  {
    std::jthread thread([&](std::stop_token stop) {
      std::unique_lock lock(mutex);
      ended_true = condition.wait(lock, stop, [] { return false; });
    });
  }
  run.require(!ended_true, "a wait that was stopped says that its condition is false");
});

const Specimen ignores({.name = "JThread.IgnoresTheRequest", .violates = Kind::kLivelock},
                       [](Run&) {
                         std::atomic<bool> end = false;
                         std::jthread thread([&](const std::stop_token&) {
                           while (!end) std::this_thread::yield();
                         });
                       });

// The callback's destructor waits for the callback, which waits for the lock.
const Specimen callback_locks({.name = "JThread.CallbackWantsALockHeldOverItsEnd",
                               .violates = Kind::kDeadlock},
                              [](Run&) {
                                std::stop_source source;
                                std::mutex mutex;
                                std::jthread thread([&] { source.request_stop(); });
                                std::unique_lock lock(mutex);
                                {
                                  const std::stop_callback call(source.get_token(), [&] {
                                    const std::lock_guard inner(mutex);
                                  });
                                }
                              });

}  // namespace
}  // namespace weft::suite
