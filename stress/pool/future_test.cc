// What a future and its promise do, alone and among many threads.
#include "primitives/pool/future.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using std::chrono::milliseconds;

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

TEST(Future, TimeOutsAreThoseOfAWait) {
  Promise<int> promise;
  const Future<int> future = promise.future();
  EXPECT_FALSE(future.done());
  EXPECT_FALSE(future.wait_for(milliseconds(0)));
  EXPECT_FALSE(future.wait_for(milliseconds(-1)));
  EXPECT_THROW((void)future.result_for(milliseconds(1)), TimeoutError);
  EXPECT_THROW((void)future.exception_for(milliseconds(1)), TimeoutError);
  EXPECT_THROW((void)future.result_until(std::chrono::steady_clock::now()), TimeoutError);
  const std::chrono::duration<double> nan(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW((void)future.wait_for(nan), ValueError);
  promise.set_result(1);
  EXPECT_TRUE(future.wait_for(milliseconds(0)));
  EXPECT_EQ(future.result_for(std::chrono::hours::max()), 1);
  EXPECT_EQ(future.exception_for(milliseconds(-1)), nullptr);
}

TEST(Future, HasOneOutcomeForEver) {
  Promise<int> promise;
  promise.set_result(1);
  EXPECT_THROW(promise.set_result(2), InvalidStateError);
  EXPECT_THROW(promise.set_exception(std::make_exception_ptr(Failure("late"))), InvalidStateError);
  EXPECT_THROW((void)promise.set_running_or_notify_cancel(), RuntimeError);
  EXPECT_FALSE(promise.future().cancel());
  EXPECT_EQ(promise.future().result(), 1);
}

TEST(Future, GivesTheSameExceptionObjectEachTime) {
  Promise<void> promise;
  promise.set_exception(std::make_exception_ptr(Failure("once")));
  const Future<void> future = promise.future();
  const auto address = [&]() -> const void* {
    try {
      (void)future.result();
    } catch (const Failure& error) {
      return &error;
    }
    return nullptr;
  };
  EXPECT_NE(address(), nullptr);
  EXPECT_EQ(address(), address());
  EXPECT_EQ(future.exception(), future.exception());
}

TEST(Future, OfAPromiseThatEndsWithoutAnOutcomeSaysSo) {
  std::optional<Promise<int>> promise(std::in_place);
  const Future<int> future = promise->future();
  promise.reset();
  EXPECT_THROW((void)future.result(), RuntimeError);
}

TEST(Future, GoesThroughItsPhases) {
  Promise<int> promise;
  const Future<int> future = promise.future();
  EXPECT_FALSE(future.running());
  EXPECT_TRUE(promise.set_running_or_notify_cancel());
  EXPECT_TRUE(future.running());
  EXPECT_FALSE(future.done());
  EXPECT_THROW((void)promise.set_running_or_notify_cancel(), RuntimeError);
  promise.set_result(3);
  EXPECT_FALSE(future.running());
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
}

TEST(Future, ThatIsCancelledIsDoneAndHasNoResult) {
  Promise<int> promise;
  Future<int> future = promise.future();
  EXPECT_TRUE(future.cancel());
  EXPECT_TRUE(future.cancel()) << "it stays cancelled";
  EXPECT_TRUE(future.cancelled());
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.running());
  EXPECT_THROW((void)future.result(), CancelledError);
  EXPECT_THROW((void)future.exception(), CancelledError);
  EXPECT_THROW(promise.set_result(1), InvalidStateError);
  EXPECT_FALSE(promise.set_running_or_notify_cancel());
  EXPECT_TRUE(future.cancelled());
  EXPECT_THROW((void)promise.set_running_or_notify_cancel(), RuntimeError);
}

TEST(Future, ThatRunsIsNotCancelled) {
  Promise<int> promise;
  Future<int> future = promise.future();
  (void)promise.set_running_or_notify_cancel();
  EXPECT_FALSE(future.cancel());
  EXPECT_FALSE(future.cancelled());
  promise.set_result(1);
  EXPECT_FALSE(future.cancel());
}

TEST(Future, CarriesWhatCannotBeCopiedAndReferences) {
  Promise<std::unique_ptr<int>> promise;
  Future<std::unique_ptr<int>> future = promise.future();
  promise.set_result(std::make_unique<int>(4));
  EXPECT_EQ(*future.take(), 4);

  int place = 1;
  Promise<int&> reference;
  reference.set_result(place);
  reference.future().result().get() = 5;
  EXPECT_EQ(place, 5);
}

struct ThrowsWhenMoved {
  explicit ThrowsWhenMoved(int left) : moves_left(left) {}
  ThrowsWhenMoved(ThrowsWhenMoved&& other) : moves_left(other.moves_left - 1) {
    if (moves_left < 0) throw Failure("of the move");
  }
  int moves_left;
};

TEST(Future, HasNoOutcomeWhenTheMoveOfTheValueThrows) {
  Promise<ThrowsWhenMoved> promise;
  const Future<ThrowsWhenMoved> future = promise.future();
  EXPECT_THROW(promise.set_result(ThrowsWhenMoved(0)), Failure);
  EXPECT_FALSE(future.done());
  promise.set_exception(std::make_exception_ptr(Failure("instead")));
  EXPECT_THROW((void)future.result(), Failure);
}

TEST(Future, CallsBackOnceInTheOrderOfAdditionWithItself) {
  Promise<int> promise;
  const Future<int> future = promise.future();
  std::vector<int> calls;
  for (int i = 0; i < 3; ++i) {
    future.add_done_callback(
        [&calls, i](const Future<int>& f) { calls.push_back(f.result() + i); });
  }
  EXPECT_TRUE(calls.empty());
  promise.set_result(10);
  EXPECT_EQ(calls, (std::vector<int>{10, 11, 12}));
  future.add_done_callback([&calls](const Future<int>& f) { calls.push_back(f.result() + 9); });
  EXPECT_EQ(calls.back(), 19) << "at once, since it is done";
}

TEST(Future, CallsBackInTheThreadThatCancels) {
  Promise<int> promise;
  Future<int> future = promise.future();
  int calls = 0;
  future.add_done_callback([&calls](const Future<int>& f) { calls += f.cancelled() ? 1 : 100; });
  EXPECT_TRUE(future.cancel());
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(promise.set_running_or_notify_cancel());
  EXPECT_EQ(calls, 1);
}

TEST(Future, HandsWhatACallbackThrowsToTheHookAndGoesOn) {
  std::vector<std::string> strays;
  auto before = set_stray_exception_hook([&](const char* origin, std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const Failure& failure) {
      strays.push_back(std::string(origin) + ": " + failure.what());
    }
  });
  Promise<int> promise;
  const Future<int> future = promise.future();
  int calls = 0;
  future.add_done_callback([](const Future<int>&) { throw Failure("of a callback"); });
  future.add_done_callback([&calls](const Future<int>&) { ++calls; });
  promise.set_result(1);
  (void)set_stray_exception_hook(std::move(before));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(strays, (std::vector<std::string>{"a done callback: of a callback"}));
}

TEST(Future, ACallbackMayDestroyTheFutureThatIsCancelled) {
  Promise<int> promise;
  auto future = std::make_unique<Future<int>>(promise.future());
  future->add_done_callback([&future](const Future<int>&) { future.reset(); });
  EXPECT_TRUE(future->cancel());
  EXPECT_EQ(future, nullptr);
}

TEST(Future, AStopRequestEndsAWait) {
  Promise<int> promise;
  const Future<int> future = promise.future();
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(future.wait(source.get_token()));
  EXPECT_THROW((void)future.result(source.get_token()), TimeoutError);
  promise.set_result(1);
  EXPECT_TRUE(future.wait(source.get_token())) << "what is done needs no wait";
}

TEST(Future, LetsEveryWaiterGoAndShowsThemTheWork) {
  check([](weft::Run& run) {
    Promise<int> promise;
    int work = 0;
    for (int i = 0; i < 3; ++i) {
      run.thread([&, future = promise.future()] {
        run.require(future.result() == 1, "the value");
        run.require(work == 1, "what the worker did before is visible");
      });
    }
    run.thread([&] {
      work = 1;
      promise.set_result(1);
    });
    run.join();
  });
}

TEST(Future, MayGoAsSoonAsItsResultIsSeen) {
  check([](weft::Run& run) {
    auto promise = std::make_unique<Promise<int>>();
    Future<int> future = promise->future();
    run.thread([&, future = std::move(future)] {
      run.require(future.result() == 1, "the value");
      // The call of set_result() may not have returned.
      promise.reset();
    });
    run.thread([own = promise.get()] { own->set_result(1); });
    run.join();
  });
}

TEST(Future, IsCancelledOrBegunNeverBoth) {
  check([](weft::Run& run) {
    Promise<int> promise;
    Future<int> future = promise.future();
    bool cancelled = false;
    bool begun = false;
    run.thread([&] { cancelled = future.cancel(); });
    run.thread([&] {
      begun = promise.set_running_or_notify_cancel();
      if (begun) promise.set_result(1);
    });
    run.join();
    run.require(cancelled != begun, "one of the two");
    run.require(future.cancelled() == cancelled, "as it was answered");
    run.require(future.done(), "done either way");
  });
}

TEST(Future, OfTwoThatSetTheOutcomeOneThrows) {
  check([](weft::Run& run) {
    Promise<int> promise;
    std::atomic<int> winner{0};
    for (int i = 1; i <= 2; ++i) {
      run.thread([&, i] {
        try {
          promise.set_result(i);
          winner += i;
        } catch (const InvalidStateError&) {
        }
      });
    }
    const Future<int> future = promise.future();
    run.join();
    run.require(winner == future.result(), "the value of the only winner");
  });
}

TEST(Future, CallsBackOnceWheneverTheCallbackIsAdded) {
  check([](weft::Run& run) {
    Promise<int> promise;
    const Future<int> future = promise.future();
    std::atomic<int> calls{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        future.add_done_callback([&](const Future<int>& f) {
          run.require(f.done() && f.result() == 1, "called when it is done");
          ++calls;
        });
      });
    }
    run.thread([&] { promise.set_result(1); });
    run.join();
    run.require(calls == 2, "each callback is called once");
  });
}

TEST(Future, GivesUpInTimeOrHasTheResult) {
  check([](weft::Run& run) {
    Promise<int> promise;
    const Future<int> future = promise.future();
    run.thread([&] {
      if (future.wait_for(milliseconds(1))) run.require(future.done(), "true says done");
    });
    run.thread([&] { promise.set_result(1); });
    run.join();
    run.require(future.result() == 1, "the work went on");
  });
}

TEST(Future, AStopRequestOrTheResultEndsTheWait) {
  check([](weft::Run& run) {
    Promise<int> promise;
    const Future<int> future = promise.future();
    std::stop_source source;
    run.thread([&] {
      const bool done = future.wait(source.get_token());
      run.require(done || source.stop_requested(), "one of the two came");
      if (done) run.require(future.result() == 1, "the value is there");
    });
    run.thread([&] { promise.set_result(1); });
    run.thread([&] { source.request_stop(); });
    run.join();
  });
}

TEST(Future, AStopRequestAloneEndsTheWait) {
  check([](weft::Run& run) {
    Promise<int> promise;
    std::stop_source source;
    run.thread(
        [&] { run.require(!promise.future().wait(source.get_token()), "there was no outcome"); });
    run.thread([&] { source.request_stop(); });
    run.join();
  });
}

}  // namespace
}  // namespace weft
