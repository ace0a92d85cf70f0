// The vocabularies of what lets threads in: Lock, RLock, Semaphore; templates, so that a broken
// variant is judged by the same words as the right one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "primitives/annotate.h"
#include "stress/generate/vocabulary.h"

namespace weft::properties {

using generate::blocked;
using generate::done;
using generate::entered;
using generate::Outcome;
using generate::Step;
using generate::Turn;
using generate::Vocabulary;

inline Outcome yes_or_no(bool yes) { return yes ? "true" : "false"; }

// What a lock is for: a count that only its holder touches.
template <class L>
struct Guarded {
  L lock;
  std::int64_t count = 0;

  std::int64_t increment() {
    std::scoped_lock hold(lock);
    return increment_inside();
  }
  // In two steps, so that another thread inside is noticed.
  std::int64_t increment_inside() {
    const std::int64_t seen = count;
    annotate::point("inside the critical section");
    std::this_thread::yield();
    count = seen + 1;
    return seen;
  }
};

struct LockState {
  bool held = false;
  std::int64_t count = 0;
  std::string text() const { return std::to_string(held) + " " + std::to_string(count); }
};

// Each critical section sees the one before: at most one thread is inside.
template <class L>
Vocabulary mutual_exclusion_vocabulary(std::string name) {
  using Object = Guarded<L>;
  return Vocabulary::of<Object, LockState>(std::move(name),
                                           [] { return std::make_unique<Object>(); })
      .operation(
          "increment", [](Object& o, const Turn&) { return o.increment(); },
          [](LockState& s, const Turn& t) {
            if (t.step == 0) {
              if (s.held) return blocked();
              s.held = true;
              return entered();
            }
            s.held = false;
            return done(s.count++);
          })
      .operation(
          "try to increment",
          [](Object& o, const Turn&) -> Outcome {
            std::unique_lock<L> hold(o.lock, std::try_to_lock);
            if (!hold) return "busy";
            return o.increment_inside();
          },
          [](LockState& s, const Turn& t) {
            if (t.step == 0) {
              if (s.held) return done("busy");
              s.held = true;
              return entered();
            }
            s.held = false;
            return done(s.count++);
          })
      .contents([](Object& o) { return std::to_string(o.count); },
                [](const LockState& s) { return std::to_string(s.count); });
}

// Any thread may release: whoever does lets one in, and of what is not held it is an error.
template <class L>
Vocabulary lock_vocabulary(std::string name, std::string error = "RuntimeError") {
  return Vocabulary::of<L, LockState>(std::move(name), [] { return std::make_unique<L>(); })
      .operation(
          "acquire",
          [](L& l, const Turn&) {
            l.acquire();
            return "done";
          },
          [](LockState& s, const Turn&) {
            return std::exchange(s.held, true) ? blocked() : done("done");
          })
      .operation(
          "release",
          [](L& l, const Turn&) {
            l.release();
            return "done";
          },
          [error](LockState& s, const Turn&) {
            return done(std::exchange(s.held, false) ? "done" : error);
          })
      .operation(
          "try_acquire", [](L& l, const Turn&) { return yes_or_no(l.try_acquire()); },
          [](LockState& s, const Turn&) { return done(yes_or_no(!std::exchange(s.held, true))); })
      .operation(
          "locked", [](L& l, const Turn&) { return yes_or_no(l.locked()); },
          [](LockState& s, const Turn&) { return done(yes_or_no(s.held)); })
      .contents([](L& l) { return yes_or_no(l.locked()).text(); },
                [](const LockState& s) { return yes_or_no(s.held).text(); })
      .rescue([](L& l) { l.release(); });
}

struct RLockState {
  unsigned owner = 0;  // counted while depth is above zero
  std::int64_t depth = 0;
  std::int64_t count = 0;
  bool lets_in(unsigned thread) const { return depth == 0 || owner == thread; }
  std::int64_t depth_of(unsigned thread) const { return owner == thread ? depth : 0; }
  void enter(unsigned thread) {
    owner = thread;
    ++depth;
  }
  std::string text() const {
    return (depth > 0 ? std::to_string(owner) : "-") + " " + std::to_string(depth) + " " +
           std::to_string(count);
  }
};

template <class L>
Vocabulary rlock_vocabulary(std::string name) {
  using Object = Guarded<L>;
  return Vocabulary::of<Object, RLockState>(std::move(name),
                                            [] { return std::make_unique<Object>(); })
      .operation(
          "acquire",
          [](Object& o, const Turn&) {
            o.lock.acquire();
            return "done";
          },
          [](RLockState& s, const Turn& t) {
            if (!s.lets_in(t.thread)) return blocked();
            s.enter(t.thread);
            return done("done");
          })
      .operation(
          "release",
          [](Object& o, const Turn&) {
            o.lock.release();
            return "done";
          },
          [](RLockState& s, const Turn& t) {
            if (s.depth_of(t.thread) == 0) return done("RuntimeError");
            --s.depth;
            return done("done");
          })
      .operation(
          "try_acquire", [](Object& o, const Turn&) { return yes_or_no(o.lock.try_acquire()); },
          [](RLockState& s, const Turn& t) {
            if (!s.lets_in(t.thread)) return done("false");
            s.enter(t.thread);
            return done("true");
          })
      .operation(
          "increment", [](Object& o, const Turn&) { return o.increment(); },
          [](RLockState& s, const Turn& t) {
            if (t.step == 0) {
              if (!s.lets_in(t.thread)) return blocked();
              s.enter(t.thread);
              return entered();
            }
            --s.depth;
            return done(s.count++);
          })
      .operation(
          "recursion_count",
          [](Object& o, const Turn&) {
            return static_cast<std::int64_t>(o.lock.recursion_count());
          },
          [](RLockState& s, const Turn& t) { return done(s.depth_of(t.thread)); })
      .contents([](Object& o) { return std::to_string(o.count); },
                [](const RLockState& s) { return std::to_string(s.count); })
      .rescue([](Object& o) {
        while (true) o.lock.release();  // until it throws
      });
}

struct SemaphoreState {
  std::int64_t value;
  std::int64_t maximum;
  std::string text() const { return std::to_string(value); }
};

// `maximum`: beyond which release() throws ValueError.
template <class S>
Vocabulary semaphore_vocabulary(std::string name, std::int64_t initial, std::int64_t maximum,
                                generate::Arguments counts = {1, 2}) {
  return Vocabulary::of<S, SemaphoreState>(std::move(name),
                                           [initial] { return std::make_unique<S>(initial); },
                                           {initial, maximum})
      .operation(
          "acquire",
          [](S& s, const Turn&) {
            s.acquire();
            return "done";
          },
          [](SemaphoreState& s, const Turn&) {
            if (s.value == 0) return blocked();
            --s.value;
            return done("done");
          })
      .operation(
          "release(#)", counts,
          [](S& s, const Turn& t) {
            if constexpr (requires { s.release(t.argument); }) {
              s.release(t.argument);
            } else {
              s.release();  // of one, and `counts` has no other
            }
            return "done";
          },
          [](SemaphoreState& s, const Turn& t) {
            if (t.argument > s.maximum - s.value) return done("ValueError");
            s.value += t.argument;
            return done("done");
          })
      .operation(
          "try_acquire", [](S& s, const Turn&) { return yes_or_no(s.try_acquire()); },
          [](SemaphoreState& s, const Turn&) {
            const bool taken = s.value > 0;
            s.value -= taken ? 1 : 0;
            return done(yes_or_no(taken));
          })
      .contents([](S& s) { return std::to_string(s.value()); },
                [](const SemaphoreState& s) { return std::to_string(s.value); })
      .rescue([](S& s) { s.release(); });
}

}  // namespace weft::properties
