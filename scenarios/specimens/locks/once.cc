// Ways to run a function once: after an exception nobody tells those that wait (glibc, BZ 18435);
// who comes late makes the state "running" for a moment (musl, commit 0d0c2f40); a flag that is set
// before what it promises.
#include <atomic>
#include <mutex>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/locks/locks.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::locks {
namespace {

constexpr std::uint32_t kNew = 0;
constexpr std::uint32_t kRunning = 1;
constexpr std::uint32_t kDone = 2;

template <bool kMended>
class OnceOrThrow {
 public:
  template <class Function>
  void call(Function function) {
    for (;;) {
      std::uint32_t seen = kNew;
      if (word_.compare_exchange_strong(seen, kRunning)) break;
      if (seen == kDone) return;
      futex::wait(word_, kRunning, Deadline::never());
    }
    try {
      function();
    } catch (...) {
      word_.store(kNew);
      if (kMended) futex::wake_all(word_);
      throw;
    }
    word_.store(kDone);
    futex::wake_all(word_);
  }

 private:
  futex::Word word_{kNew};
};

template <bool kMended>
std::string first_throws() {
  OnceOrThrow<kMended> once;
  bool is_first = true;
  const auto call = [&] {
    try {
      once.call([&] {
        if (std::exchange(is_first, false)) throw 0;
      });
    } catch (int) {
    }
  };
  side_by_side(call, call);
  return "";
}

template <bool kMended>
class OnceBySwap {
 public:
  template <class Function>
  void call(Function function) {
    for (;;) {
      std::uint32_t seen = kNew;
      if (kMended) {
        word_.compare_exchange_strong(seen, kRunning);
      } else {
        seen = word_.exchange(kRunning);
        if (seen == kDone) word_.store(kDone);  // puts it back
      }
      if (seen == kDone) return;
      if (seen == kNew) break;
      futex::wait(word_, kRunning, Deadline::never());
    }
    function();
    word_.store(kDone);
    futex::wake_all(word_);
  }

 private:
  futex::Word word_{kNew};
};

template <bool kMended>
std::string three_come() {
  OnceBySwap<kMended> once;
  const auto call = [&] { once.call([] {}); };
  side_by_side(call, call, call);
  return "";
}

// "Double-checked locking", with the flag set too early.
template <bool kMended>
std::string check_twice() {
  std::mutex lock;
  std::atomic<bool> ready{false};
  std::atomic<int> value{0};
  std::atomic<bool> whole{true};
  const auto use = [&] {
    if (!ready) {
      std::scoped_lock hold(lock);
      if (!ready) {
        if (!kMended) ready = true;
        value = 1;
        ready = true;
      }
    }
    if (value != 1) whole = false;
  };
  side_by_side(use, use);
  return unless(whole, "a value is used that was not made yet");
}

}  // namespace

constinit const Classic kExceptionWakesNobody{
    .name = "locks/exception_wakes_nobody",
    .family = "once",
    .mistake = "when the function throws, those that wait for its end are not woken",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = first_throws<false>,
    .mended = first_throws<true>,
};

constinit const Classic kDoneUndoneForAMoment{
    .name = "locks/done_undone_for_a_moment",
    .family = "once",
    .mistake = "who comes late swaps \"running\" in and \"done\" back, and wakes nobody",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = three_come<false>,
    .mended = three_come<true>,
};

constinit const Classic kFlagBeforeValue{
    .name = "locks/flag_before_value",
    .family = "once",
    .mistake = "the flag that is looked at without the lock is set before the value",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = check_twice<false>,
    .mended = check_twice<true>,
};

}  // namespace weft::scenarios::specimens::locks
