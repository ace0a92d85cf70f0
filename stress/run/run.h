// What the body of a check is given: threads, properties, random numbers, events.
//
// Thread safety: thread(), start() and join() by the thread that runs the body; all else from any
// thread of the execution.
// Invariants:     (I1) no thread made by thread() is left when an execution has ended.
// Non-invariants: that threads start at the very same instant. They are held back until start() or
//                 join(), and in no case longer than a few milliseconds, so a body may also wait
//                 for its threads before it joins them.
// Memory ordering: as with std::thread: what the body did before thread() is visible to that
//                  thread, and what the thread did is visible after join(). Nothing here orders
//                  one thread before another, or it would hide races: not the common start, not
//                  require(), random() or event().
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "stress/run/random.h"

namespace weft {

namespace internal {
class Execution;
}

class Run {
 public:
  explicit Run(internal::Execution& execution) : execution_(execution) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  // A thread that runs `function`, named for reports ("thread 0", ... by default). An exception
  // that leaves it is a violation; the other threads go on.
  template <std::invocable F>
  void thread(F&& function) {
    thread(std::string(), std::forward<F>(function));
  }
  template <std::invocable F>
  void thread(std::string name, F&& function) {
    threads_.emplace_back([this, identity = new_identity(std::move(name)),
                           call = std::decay_t<F>(std::forward<F>(function))]() mutable {
      run_thread(identity, [](void* f) { std::invoke(*static_cast<decltype(call)*>(f)); }, &call);
    });
  }

  // Lets the threads made so far go now.
  void start();
  // start(), then waits for them. The body may make further threads afterwards. To be called before
  // the body returns, because its threads use its variables: a body that returns without it is
  // violated. (When it leaves early, by ASSERT_ or an exception, threads not yet started never do,
  // and the others are waited for.)
  void join();

  // A false `condition` is a violation of this execution, which goes on. Returns the condition.
  bool require(bool condition, std::string_view sentence) {
    if (!condition) [[unlikely]]
      fail(sentence);
    return condition;
  }
  void fail(std::string_view sentence);

  // The calling thread's own generator: the same numbers for the same seed and the same thread of
  // run.thread(); threads made otherwise are numbered as they first ask.
  Random& random();

  std::uint64_t seed() const;
  std::uint64_t execution() const;

  // Under the explorer: whether it is right that the execution ends with threads that wait for
  // ever, which is a violation otherwise. Asked when it has so ended, so `argument` outlives it.
  void may_end_stuck(bool (*is_right)(void* argument), void* argument);

  // A note printed with a violation of this execution; the last 128, each cut at 55 bytes.
  void event(std::string_view text);

  // For the search: the body has returned, or an exception left it.
  void body_ended(bool returned);

 private:
  struct Identity {
    std::string name;
    unsigned index;  // from 1; the body's own thread is 0
    unsigned phase;  // how many joins came before
  };
  Identity new_identity(std::string name);
  void run_thread(const Identity& identity, void (*call)(void*), void* function);

  internal::Execution& execution_;
  std::vector<std::thread> threads_;
  unsigned phase_ = 0;
  bool joined_ = true;
};

using Body = std::function<void(Run&)>;

}  // namespace weft
