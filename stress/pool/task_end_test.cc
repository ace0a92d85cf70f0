// TP6: tasks whose function, argument or callback has a destructor that throws, or that uses the
// pool.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/future.h"
#include "primitives/pool/stray_exception.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "stress/check.h"

namespace weft {
namespace {

using Words = std::vector<std::string>;

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class F>
std::string failure_of(F f) {
  try {
    f();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "none";
}

// What goes to the hook while it lives.
class Strays {
 public:
  Strays()
      : before_(set_stray_exception_hook([this](const char* origin, std::exception_ptr error) {
          const std::string what = failure_of([&] { std::rethrow_exception(error); });
          std::scoped_lock hold(mutex_);
          words_.push_back(std::string(origin) + ": " + what);
        })) {}
  Strays(const Strays&) = delete;
  Strays& operator=(const Strays&) = delete;
  ~Strays() { (void)set_stray_exception_hook(std::move(before_)); }

  Words words() {
    std::scoped_lock hold(mutex_);
    std::sort(words_.begin(), words_.end());
    return words_;
  }

 private:
  std::mutex mutex_;
  Words words_;  // guarded by mutex_
  StrayExceptionHook before_;
};

const std::string kAtTheEnd = "the destructor of a task: of the end";

// The one that was not moved from calls `at_end` at its end.
template <class AtEnd>
class Ends {
 public:
  explicit Ends(AtEnd at_end) : at_end_(std::move(at_end)) {}
  Ends(Ends&& other) noexcept
      : at_end_(other.at_end_), armed_(std::exchange(other.armed_, false)) {}
  Ends& operator=(Ends&&) = delete;
  ~Ends() noexcept(false) {
    if (armed_) at_end_();
  }
  AtEnd at_end_;
  bool armed_ = true;
};

struct Throws {
  void operator()() const { throw Failure("of the end"); }
};

// A function that returns, and one that does not, whose ends throw.
struct Returns : Ends<Throws> {
  Returns() : Ends(Throws()) {}
  int operator()() const { return 1; }
};
struct Fails : Ends<Throws> {
  Fails() : Ends(Throws()) {}
  int operator()() const { throw Failure("of the call"); }
};

TEST(TaskEnd, ThatThrowsFailsTheCallThatDidNot) {
  Strays strays;
  ThreadPool pool(1);
  const auto function = pool.submit(Returns());
  const auto argument = pool.submit([](const Returns& given) { return given(); }, Returns());
  const auto next = pool.submit([] { return 1; });
  EXPECT_EQ(failure_of([&] { (void)function.result(); }), "of the end");
  EXPECT_EQ(failure_of([&] { (void)argument.result(); }), "of the end");
  EXPECT_EQ(next.result(), 1) << "the worker lives";
  EXPECT_EQ(strays.words(), Words());
}

TEST(TaskEnd, ThatThrowsAfterACallThatDidGoesToTheHook) {
  Strays strays;
  ThreadPool pool(1);
  const auto function = pool.submit(Fails());
  const auto argument = pool.submit([](const Fails& given) { return given(); }, Fails());
  EXPECT_EQ(failure_of([&] { (void)function.result(); }), "of the call");
  EXPECT_EQ(failure_of([&] { (void)argument.result(); }), "of the call");
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1) << "the worker lives";
  EXPECT_EQ(strays.words(), Words({kAtTheEnd, kAtTheEnd}));
}

TEST(TaskEnd, ThatThrowsWithoutAFutureGoesToTheHook) {
  Strays strays;
  ThreadPool pool(1);
  pool.post(Returns());
  pool.post(Fails());
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1) << "the worker lives";
  EXPECT_EQ(strays.words(), Words({"a task without a future: of the call", kAtTheEnd, kAtTheEnd}));
}

TEST(TaskEnd, ThatThrowsDoesNotKeepTheRestFromBeingDropped) {
  Strays strays;
  Event begun;
  Event go;
  std::vector<Future<int>> futures;
  {
    ThreadPool pool(1);
    pool.post([&] {
      begun.set();
      go.wait();
    });
    begun.wait();
    for (int i = 0; i < 2; ++i) {
      futures.push_back(pool.submit(Returns()));
      pool.post(Returns());
    }
    pool.terminate();
    for (const auto& future : futures) EXPECT_TRUE(future.cancelled());
    go.set();
  }
  EXPECT_EQ(strays.words(), Words(4, kAtTheEnd));
}

TEST(TaskEnd, ThatThrowsWhenItsFutureWasCancelledGoesToTheHook) {
  Strays strays;
  Event go;
  ThreadPool pool(1);
  pool.post([&] { go.wait(); });
  auto future = pool.submit(Returns());
  EXPECT_TRUE(future.cancel());
  go.set();
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1) << "the worker lives";
  EXPECT_EQ(strays.words(), Words({kAtTheEnd}));
}

TEST(TaskEnd, ThatThrowsWhenItIsRefusedLeavesTheRefusal) {
  Strays strays;
  ThreadPool pool(1);
  pool.close();
  EXPECT_THROW((void)pool.submit(Returns()), RuntimeError);
  EXPECT_THROW(pool.post(Returns()), RuntimeError);
  EXPECT_EQ(strays.words(), Words({kAtTheEnd, kAtTheEnd}));
}

TEST(TaskEnd, OfACallbackThatThrowsGoesToTheHook) {
  Strays strays;
  struct Callback : Ends<Throws> {
    Callback() : Ends(Throws()) {}
    void operator()(const Future<int>&) const {}
  };
  Promise<int> promise;
  promise.future().add_done_callback(Callback());
  promise.set_result(1);
  promise.future().add_done_callback(Callback());
  const std::string stray = "the destructor of a done callback: of the end";
  EXPECT_EQ(strays.words(), Words({stray, stray}));
}

// Counts, for tasks whose ends submit: each end does one thing or the other.
struct Counts {
  std::atomic<int> ends{0};
  std::atomic<int> accepted{0};
  std::atomic<int> refused{0};
  std::atomic<int> child_ends{0};
  std::atomic<int> child_runs{0};
};

auto ends_by_submitting(ThreadPool& pool, Counts& counts) {
  const auto at_end = [&] {
    ++counts.ends;
    auto child_end = [&counts] { ++counts.child_ends; };
    struct Child : Ends<decltype(child_end)> {
      Child(decltype(child_end) end, Counts& c) : Ends<decltype(child_end)>(end), counts(&c) {}
      void operator()() const { ++counts->child_runs; }
      Counts* counts;
    };
    try {
      (void)pool.submit(Child(child_end, counts));
      ++counts.accepted;
    } catch (const RuntimeError&) {
      ++counts.refused;
      --counts.child_ends;  // of what was refused
    }
  };
  struct Task : Ends<decltype(at_end)> {
    using Ends<decltype(at_end)>::Ends;
    void operator()() const {}
  };
  return Task(at_end);
}

TEST(TaskEnd, MaySubmitWhetherItRunsOrIsDropped) {
  check([](weft::Run& run) {
    Counts counts;
    {
      ThreadPool pool(1);
      auto future = pool.submit(ends_by_submitting(pool, counts));
      try {
        pool.post(ends_by_submitting(pool, counts));
      } catch (const RuntimeError&) {
      }
      run.thread("cancels", [&] { (void)future.cancel(); });
      run.thread("terminates", [&] { pool.terminate(); });
      run.join();
    }
    run.require(counts.ends == 2, "each ends once");
    run.require(counts.accepted + counts.refused == 2, "each end has submitted");
    run.require(counts.child_ends == counts.accepted, "what it submitted ends, too");
    run.require(counts.child_runs <= counts.accepted, "and runs once at most");
  });
}

TEST(TaskEnd, MayWaitForWhatItSubmits) {
  check([](weft::Run& run) {
    std::atomic<int> sum{0};
    ThreadPool pool(1);
    const auto at_end = [&] { sum += pool.submit([] { return 2; }).result(); };
    struct Task : Ends<decltype(at_end)> {
      using Ends<decltype(at_end)>::Ends;
      int operator()() const { return 1; }
    };
    run.require(pool.submit(Task(at_end)).result() == 1, "its own result");
    run.require(sum == 2, "that of what its end submitted");
  });
}

}  // namespace
}  // namespace weft
