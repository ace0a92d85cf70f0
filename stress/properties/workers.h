// The vocabularies of what works by itself: Thread, Timer, Promise with Future, ThreadPool.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "primitives/threading/timer.h"
#include "stress/properties/locks.h"

namespace weft::properties {

template <class T>
struct OneThread {
  std::mutex starting;  // which is for one thread at a time
  Event open;
  std::atomic<int> runs{0};
  T thread{[this] {
    open.wait();
    ++runs;
  }};
  ~OneThread() { open.set(); }
  void start() {
    std::scoped_lock hold(starting);
    thread.start();
  }
};

struct ThreadState {
  bool started = false;
  bool open = false;
  std::string text() const { return std::to_string(started) + std::to_string(open); }
};

// A thread whose function waits until it is let go.
template <class T>
Vocabulary thread_vocabulary(std::string name) {
  using Object = OneThread<T>;
  return Vocabulary::of<Object, ThreadState>(std::move(name),
                                             [] { return std::make_unique<Object>(); })
      .operation(
          "start",
          [](Object& o, const Turn&) {
            o.start();
            return "done";
          },
          [](ThreadState& s, const Turn&) {
            return done(std::exchange(s.started, true) ? "RuntimeError" : "done");
          })
      .operation(
          "let it end",
          [](Object& o, const Turn&) {
            o.open.set();
            return "done";
          },
          [](ThreadState& s, const Turn&) {
            s.open = true;
            return done("done");
          })
      .operation(
          "join",
          [](Object& o, const Turn&) {
            o.thread.join();
            return std::int64_t{o.runs};
          },
          [](ThreadState& s, const Turn& t) {
            if (t.step == 0) return s.started ? entered() : done("RuntimeError");
            return s.open ? done(std::int64_t{1}) : blocked();
          })
      .contents(
          [](Object& o) {
            o.open.set();
            try {
              o.thread.join();
            } catch (const RuntimeError&) {  // never started
            }
            return std::to_string(o.runs);
          },
          [](const ThreadState& s) { return std::string(s.started ? "1" : "0"); })
      .rescue([](Object& o) { o.open.set(); });
}

template <class T>
struct OneTimer {
  std::atomic<int> fired{0};
  T timer{std::chrono::seconds(0), [this] { ++fired; }};
};

struct TimerState {
  bool started = false;
  bool cancelled = false;
  bool running = false;
  int fired = 0;
  std::string text() const {
    return std::to_string(started) + std::to_string(cancelled) + std::to_string(running) +
           std::to_string(fired);
  }
};

// A timer that fires at once. A cancel that says "cancelled" is final, whenever it comes.
template <class T>
Vocabulary timer_vocabulary(std::string name) {
  using Object = OneTimer<T>;
  return Vocabulary::of<Object, TimerState>(std::move(name),
                                            [] { return std::make_unique<Object>(); })
      .operation(
          "start, join",
          [](Object& o, const Turn&) {
            o.timer.start();
            o.timer.join();
            return "done";
          },
          [](TimerState& s, const Turn& t) {
            if (t.step == 0) {
              return std::exchange(s.started, true) ? done("RuntimeError") : entered();
            }
            if (s.cancelled) return done("done");
            if (t.step == 1) {
              s.running = true;
              return entered();
            }
            s.running = false;
            ++s.fired;
            return done("done");
          })
      .operation(
          "cancel",
          [](Object& o, const Turn&) {
            switch (o.timer.cancel()) {
              case CancelResult::kCancelled:
                return "cancelled";
              case CancelResult::kRunning:
                return "running";
              default:
                return "too late";
            }
          },
          [](TimerState& s, const Turn&) {
            if (s.running) return done("running");
            if (s.fired > 0) return done("too late");
            s.cancelled = true;
            return done("cancelled");
          })
      .contents([](Object& o) { return std::to_string(o.fired); },
                [](const TimerState& s) { return std::to_string(s.fired); });
}

// P: a Promise<int>.
template <class P>
struct OnePromise {
  std::mutex mutex;  // a promise is for one thread at a time
  P promise;
  decltype(promise.future()) future = promise.future();
  void set(int value) {
    std::scoped_lock hold(mutex);
    promise.set_value(value);
  }
};

struct PromiseState {
  bool set = false;
  int value = 0;
  std::string text() const { return set ? std::to_string(value) : "-"; }
};

template <class P>
Vocabulary promise_vocabulary(std::string name) {
  using Object = OnePromise<P>;
  return Vocabulary::of<Object, PromiseState>(std::move(name),
                                              [] { return std::make_unique<Object>(); })
      .operation(
          "result", [](Object& o, const Turn&) { return std::int64_t{o.future.result()}; },
          [](PromiseState& s, const Turn&) {
            return s.set ? done(std::int64_t{s.value}) : blocked();
          })
      .operation(
          "set_value(#)", {1, 9},
          [](Object& o, const Turn& t) {
            o.set(t.argument);
            return "done";
          },
          [](PromiseState& s, const Turn& t) {
            if (std::exchange(s.set, true)) return done("InvalidStateError");
            s.value = t.argument;
            return done("done");
          })
      .operation(
          "done", [](Object& o, const Turn&) { return yes_or_no(o.future.done()); },
          [](PromiseState& s, const Turn&) { return done(yes_or_no(s.set)); })
      .rescue([](Object& o) { o.set(0); });
}

template <class P>
struct LoggingPool {
  std::mutex mutex;
  std::multiset<int> log;  // of the tasks that ran
  P pool{2};
  void note(int label) {
    std::scoped_lock hold(mutex);
    log.insert(label);
  }
};

struct PoolState {
  std::multiset<int> tasks;
  bool closed = false;
  std::string text() const {
    std::string text = closed ? "closed" : "open";
    for (const int label : tasks) text += " " + std::to_string(label);
    return text;
  }
};

template <class P>
Vocabulary pool_vocabulary(std::string name) {
  using Object = LoggingPool<P>;
  return Vocabulary::of<Object, PoolState>(std::move(name),
                                           [] { return std::make_unique<Object>(); })
      .operation(
          "submit(@)",
          [](Object& o, const Turn& t) {
            (void)o.pool.submit([&o, label = t.label] { o.note(label); });
            return "done";
          },
          [](PoolState& s, const Turn& t) {
            if (s.closed) return done("RuntimeError");
            s.tasks.insert(t.label);
            return done("done");
          })
      .operation(
          "submit(square of #), result", {2, 9},
          [](Object& o, const Turn& t) {
            return o.pool.submit([n = std::int64_t{t.argument}] { return n * n; }).result();
          },
          [](PoolState& s, const Turn& t) {
            if (s.closed) return done("RuntimeError");
            return done(std::int64_t{t.argument} * t.argument);
          })
      .operation(
          "submit(failure), result",
          [](Object& o, const Turn&) -> Outcome {
            (void)o.pool.submit([] { throw QueueFull("of the task"); }).result();
            return "done";
          },
          [](PoolState& s, const Turn&) { return done(s.closed ? "RuntimeError" : "QueueFull"); })
      .operation(
          "close",
          [](Object& o, const Turn&) {
            o.pool.close();
            return "done";
          },
          [](PoolState& s, const Turn&) {
            s.closed = true;
            return done("done");
          })
      .operation(
          "join",
          [](Object& o, const Turn&) {
            o.pool.join();
            return "done";
          },
          [](PoolState& s, const Turn&) { return done(s.closed ? "done" : "ValueError"); })
      .contents(
          [](Object& o) {
            o.pool.close();
            o.pool.join();
            std::string text;
            for (const int label : o.log) text += std::to_string(label) + " ";
            return text;
          },
          [](const PoolState& s) {
            std::string text;
            for (const int label : s.tasks) text += std::to_string(label) + " ";
            return text;
          });
}

}  // namespace weft::properties
