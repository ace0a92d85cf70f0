// The vocabularies of SharedCounter, ThreadLocal, Thread, Timer, Promise with Future, and
// ThreadPool.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "stress/properties/locks.h"

namespace weft::properties {

struct CountState {
  std::int64_t value = 0;
  std::string text() const { return std::to_string(value); }
};

template <class C>
Vocabulary counter_vocabulary(std::string name) {
  return Vocabulary::of<C, CountState>(std::move(name), [] { return std::make_unique<C>(); })
      .operation(
          "incr(#)", {1, 3},
          [](C& c, const Turn& t) {
            c.incr(t.argument);
            return "done";
          },
          [](CountState& s, const Turn& t) {
            s.value += t.argument;
            return done("done");
          })
      .operation(
          "decr(#)", {1, 3},
          [](C& c, const Turn& t) {
            c.decr(t.argument);
            return "done";
          },
          [](CountState& s, const Turn& t) {
            s.value -= t.argument;
            return done("done");
          })
      .operation(
          "value", [](C& c, const Turn&) { return c.value(); },
          [](CountState& s, const Turn&) { return done(s.value); })
      .contents([](C& c) { return std::to_string(c.value()); },
                [](const CountState& s) { return s.text(); });
}

struct PerThreadState {
  std::map<unsigned, int> values;
  std::string text() const {
    std::string text;
    for (const auto& [thread, value] : values) {
      text += std::to_string(thread) + ":" + std::to_string(value) + " ";
    }
    return text;
  }
};

// L: a ThreadLocal<int>, whose values begin as 0.
template <class L>
Vocabulary thread_local_vocabulary(std::string name) {
  return Vocabulary::of<L, PerThreadState>(std::move(name), [] { return std::make_unique<L>(); })
      .operation(
          "set(#)", {1, 9},
          [](L& l, const Turn& t) {
            l.get() = t.argument;
            return "done";
          },
          [](PerThreadState& s, const Turn& t) {
            s.values[t.thread] = t.argument;
            return done("done");
          })
      .operation(
          "get", [](L& l, const Turn&) { return std::int64_t{l.get()}; },
          [](PerThreadState& s, const Turn& t) { return done(std::int64_t{s.values[t.thread]}); })
      .operation(
          "has_value", [](L& l, const Turn&) { return yes_or_no(l.has_value()); },
          [](PerThreadState& s, const Turn& t) {
            return done(yes_or_no(s.values.contains(t.thread)));
          });
}

}  // namespace weft::properties
