// std::promise, std::future, std::shared_future, std::packaged_task, std::async.
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;

const Specimen value({.name = "Promise.HandsItsValueOver", .holds = true}, [](Run& run) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  run.thread([&] { promise.set_value(7); });
  run.require(future.get() == 7, "the value arrives");
  run.join();
});

const Specimen exception({.name = "Promise.HandsAnExceptionOver"}, [](Run& run) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  run.thread([&] {
    try {
      throw std::runtime_error("passed on");
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
  try {
    future.get();
    run.fail("get() throws what was passed on");
  } catch (const std::runtime_error& error) {
    run.require(std::string_view(error.what()) == "passed on", "the exception arrives as it was");
  }
  run.join();
});

const Specimen broken({.name = "Promise.BreaksWhenDestroyed"}, [](Run& run) {
  std::future<int> future;
  {
    std::promise<int> promise;
    future = promise.get_future();
    run.thread([promise = std::make_shared<std::promise<int>>(std::move(promise))] {});
  }
  run.join();
  try {
    future.get();
    run.fail("get() throws");
  } catch (const std::future_error& error) {
    run.require(error.code() == std::future_errc::broken_promise, "the promise was broken");
  }
});

const Specimen shared({.name = "SharedFuture.HasManyReaders"}, [](Run& run) {
  std::promise<int> promise;
  const std::shared_future<int> future = promise.get_future().share();
  for (int i = 0; i < 2; ++i) {
    run.thread([&, future] { run.require(future.get() == 7, "each reader gets the value"); });
  }
  promise.set_value(7);
  run.join();
});

const Specimen timed({.name = "Future.WaitsWithATimeOut"}, [](Run& run) {
  std::promise<void> promise;
  std::future<void> future = promise.get_future();
  run.require(future.wait_for(milliseconds(1)) == std::future_status::timeout,
              "a wait for nothing ends by time");
  run.thread([&] { promise.set_value(); });
  while (future.wait_until(std::chrono::steady_clock::now() + milliseconds(1)) !=
         std::future_status::ready) {
  }
  future.get();
  run.join();
});

const Specimen task({.name = "PackagedTask.RunsElsewhere"}, [](Run& run) {
  std::packaged_task<int(int)> task([](int x) { return x * 2; });
  std::future<int> future = task.get_future();
  std::thread thread(std::move(task), 21);
  run.require(future.get() == 42, "the result arrives");
  thread.join();
});

const Specimen async({.name = "Async.RunsOnAThread"}, [](Run& run) {
  const auto here = std::this_thread::get_id();
  std::future<bool> elsewhere =
      std::async(std::launch::async, [here] { return std::this_thread::get_id() != here; });
  run.require(elsewhere.get(), "launch::async runs on another thread");
  std::future<bool> later =
      std::async(std::launch::deferred, [here] { return std::this_thread::get_id() == here; });
  run.require(later.get(), "launch::deferred runs on this one");
});

const Specimen async_waits({.name = "Async.FutureWaitsWhenDestroyed"}, [](Run& run) {
  bool done = false;
  {
    std::future<void> future = std::async(std::launch::async, [&] { done = true; });
  }
  run.require(done, "the destructor of an async's future waits");
});

const Specimen never_set({.name = "Promise.NeverSet", .violates = Kind::kDeadlock}, [](Run& run) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  run.thread([&] { future.get(); });
  run.join();
});

const Specimen set_twice(
    {.name = "Promise.SetTwice", .violates = Kind::kException, .says = "already"}, [](Run& run) {
      std::promise<int> promise;
      for (int i = 0; i < 2; ++i) {
        run.thread([&, i] { promise.set_value(i); });
      }
      run.join();
    });

// Each gets the object itself, of which the future orders only what was done before it was set.
const Specimen shared_object({.name = "SharedFuture.ReadersWriteToWhatTheyShare",
                              .violates = Kind::kDataRace},
                             [](Run& run) {
                               int value = 0;
                               std::promise<int&> promise;
                               const std::shared_future<int&> future = promise.get_future().share();
                               for (int i = 0; i < 2; ++i) {
                                 run.thread([future] { ++future.get(); });
                               }
                               promise.set_value(value);
                               run.join();
                             });

const Specimen needs_other(
    {.name = "Async.TwoNeedEachOther", .violates = Kind::kDeadlock}, [](Run&) {
      std::promise<int> promises[2];
      std::shared_future<int> futures[2] = {promises[0].get_future().share(),
                                            promises[1].get_future().share()};
      const auto pass_on = [&](int from, int to) { promises[to].set_value(futures[from].get()); };
      auto one = std::async(std::launch::async, pass_on, 0, 1);
      auto two = std::async(std::launch::async, pass_on, 1, 0);
    });

const Specimen task_twice({.name = "PackagedTask.RunTwice",
                           .violates = Kind::kException,
                           .says = "already"},
                          [](Run& run) {
                            std::packaged_task<void()> task([] {});
                            run.thread([&] { task(); });
                            run.join();
                            task();
                          });

}  // namespace
}  // namespace weft::suite
