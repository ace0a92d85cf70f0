// The vocabularies of Condition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "stress/properties/locks.h"

namespace weft::properties {

template <class C>
struct Tokens {
  C condition;
  std::int64_t tokens = 0;
};

// Waits with a predicate: tokens, as with a semaphore.
template <class C>
Vocabulary condition_predicate_vocabulary(std::string name) {
  using Object = Tokens<C>;
  return Vocabulary::of<Object, SemaphoreState>(std::move(name),
                                                [] { return std::make_unique<Object>(); }, {0, 0})
      .operation(
          "take",
          [](Object& o, const Turn&) {
            std::scoped_lock hold(o.condition);
            o.condition.wait([&] { return o.tokens > 0; });
            --o.tokens;
            return "done";
          },
          [](SemaphoreState& s, const Turn&) {
            if (s.value == 0) return blocked();
            --s.value;
            return done("done");
          })
      .operation(
          "give(#)", {1, 3},
          [](Object& o, const Turn& t) {
            std::scoped_lock hold(o.condition);
            o.tokens += t.argument;
            o.condition.notify(static_cast<std::size_t>(t.argument));
            return "done";
          },
          [](SemaphoreState& s, const Turn& t) {
            s.value += t.argument;
            return done("done");
          })
      .contents([](Object& o) { return std::to_string(o.tokens); },
                [](const SemaphoreState& s) { return std::to_string(s.value); })
      .rescue([](Object& o) {
        std::scoped_lock hold(o.condition);
        ++o.tokens;
        o.condition.notify_all();
      });
}

struct WaitersState {
  std::vector<unsigned> line;  // first come first
  std::set<unsigned> notified;
  void notify(std::size_t count) {
    for (; count > 0 && !line.empty(); --count) {
      notified.insert(line.front());
      line.erase(line.begin());
    }
  }
  std::string text() const {
    std::string text;
    for (const unsigned thread : line) text += std::to_string(thread) + " ";
    for (const unsigned thread : notified) text += "!" + std::to_string(thread);
    return text;
  }
};

// Waits without one: exactly min(n, waiting) are woken, first come first served, and none else.
template <class C>
Vocabulary condition_notify_vocabulary(std::string name) {
  return Vocabulary::of<C, WaitersState>(std::move(name), [] { return std::make_unique<C>(); })
      .operation(
          "wait",
          [](C& c, const Turn&) {
            std::scoped_lock hold(c);
            c.wait();
            return "done";
          },
          [](WaitersState& s, const Turn& t) {
            if (t.step == 0) {
              s.line.push_back(t.thread);
              return entered();
            }
            if (s.notified.erase(t.thread) == 0) return blocked();
            return done("done");
          })
      .operation(
          "notify(#)", {0, 2},
          [](C& c, const Turn& t) {
            std::scoped_lock hold(c);
            c.notify(static_cast<std::size_t>(t.argument));
            return "done";
          },
          [](WaitersState& s, const Turn& t) {
            s.notify(static_cast<std::size_t>(t.argument));
            return done("done");
          })
      .operation(
          "notify_all",
          [](C& c, const Turn&) {
            std::scoped_lock hold(c);
            c.notify_all();
            return "done";
          },
          [](WaitersState& s, const Turn&) {
            s.notify(s.line.size());
            return done("done");
          })
      .rescue([](C& c) {
        std::scoped_lock hold(c);
        c.notify_all();
      });
}

}  // namespace weft::properties
