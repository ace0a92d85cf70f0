// The vocabularies of what lets all threads go at once: Event and Barrier.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "stress/properties/locks.h"

namespace weft::properties {

struct EventState {
  bool set = false;
  std::map<unsigned, bool> waiting;  // thread -> whether it has been let go

  void let_go() {
    set = true;
    for (auto& [thread, free] : waiting) free = true;
  }
  std::string text() const {
    std::string text = set ? "set" : "clear";
    for (const auto& [thread, free] : waiting) {
      text += " " + std::to_string(thread) + (free ? "free" : "");
    }
    return text;
  }
};

template <class E>
Vocabulary event_vocabulary(std::string name) {
  return Vocabulary::of<E, EventState>(std::move(name), [] { return std::make_unique<E>(); })
      .operation(
          "set",
          [](E& e, const Turn&) {
            e.set();
            return "done";
          },
          [](EventState& s, const Turn&) {
            s.let_go();
            return done("done");
          })
      .operation(
          "wait",
          [](E& e, const Turn&) {
            e.wait();
            return "done";
          },
          [](EventState& s, const Turn& t) {
            if (t.step == 0) {
              if (s.set) return done("done");
              s.waiting[t.thread] = false;
              return entered();
            }
            if (!s.waiting[t.thread]) return blocked();
            s.waiting.erase(t.thread);
            return done("done");
          })
      .operation(
          "clear",
          [](E& e, const Turn&) {
            e.clear();
            return "done";
          },
          [](EventState& s, const Turn&) {
            s.set = false;
            return done("done");
          })
      .operation(
          "set, clear",
          [](E& e, const Turn&) {
            e.set();
            e.clear();
            return "done";
          },
          [](EventState& s, const Turn& t) {
            if (t.step == 0) {
              s.let_go();
              return entered();
            }
            s.set = false;
            return done("done");
          })
      .operation(
          "is_set", [](E& e, const Turn&) { return yes_or_no(e.is_set()); },
          [](EventState& s, const Turn&) { return done(yes_or_no(s.set)); })
      .contents([](E& e) { return yes_or_no(e.is_set()).text(); },
                [](const EventState& s) { return yes_or_no(s.set).text(); })
      .rescue([](E& e) { e.set(); });
}

template <class B>
struct CountedBarrier {
  explicit CountedBarrier(std::size_t parties) : barrier(parties, [this] { ++rounds; }) {}
  B barrier;
  std::int64_t rounds = 0;  // touched by the action alone, and when all have ended
};

struct BarrierState {
  enum Fate { kWaiting, kThrough, kFailed };
  struct Inside {
    std::int64_t index;
    Fate fate;
  };
  std::size_t parties;
  std::int64_t arrived = 0;
  std::int64_t rounds = 0;
  bool broken = false;
  std::map<unsigned, Inside> inside = {};

  void let_go(Fate fate) {
    for (auto& [thread, one] : inside) {
      if (one.fate == kWaiting) one.fate = fate;
    }
    arrived = 0;
  }
  std::string text() const {
    std::string text = std::to_string(arrived) + " " + std::to_string(rounds) + (broken ? "!" : "");
    for (const auto& [thread, one] : inside) {
      text += " " + std::to_string(thread) + ":" + std::to_string(one.index) + "," +
              std::to_string(one.fate);
    }
    return text;
  }
};

inline Step barrier_wait(BarrierState& s, const Turn& t) {
  if (t.step == 0) {
    if (s.broken) return done("BrokenBarrierError");
    const std::int64_t index = s.arrived++;
    if (s.arrived == static_cast<std::int64_t>(s.parties)) {
      ++s.rounds;
      s.let_go(BarrierState::kThrough);
      return done(index);
    }
    s.inside[t.thread] = {index, BarrierState::kWaiting};
    return entered();
  }
  const BarrierState::Inside one = s.inside[t.thread];
  if (one.fate == BarrierState::kWaiting) return blocked();
  s.inside.erase(t.thread);
  return done(one.fate == BarrierState::kThrough ? Outcome(one.index) : "BrokenBarrierError");
}

template <class B>
Vocabulary barrier_vocabulary(std::string name, std::size_t parties) {
  using Object = CountedBarrier<B>;
  return Vocabulary::of<Object, BarrierState>(
             std::move(name), [parties] { return std::make_unique<Object>(parties); },
             BarrierState{.parties = parties})
      .operation(
          "wait",
          [](Object& o, const Turn&) { return static_cast<std::int64_t>(o.barrier.wait()); },
          barrier_wait)
      .operation(
          "reset",
          [](Object& o, const Turn&) {
            o.barrier.reset();
            return "done";
          },
          [](BarrierState& s, const Turn&) {
            s.broken = false;
            s.let_go(BarrierState::kFailed);
            return done("done");
          })
      .operation(
          "abort",
          [](Object& o, const Turn&) {
            o.barrier.abort();
            return "done";
          },
          [](BarrierState& s, const Turn&) {
            s.broken = true;
            s.let_go(BarrierState::kFailed);
            return done("done");
          })
      .operation(
          "broken", [](Object& o, const Turn&) { return yes_or_no(o.barrier.broken()); },
          [](BarrierState& s, const Turn&) { return done(yes_or_no(s.broken)); })
      .contents([](Object& o) { return std::to_string(o.rounds); },
                [](const BarrierState& s) { return std::to_string(s.rounds); })
      .rescue([](Object& o) { o.barrier.abort(); });
}

// Rounds and nothing else: each round's indices are a permutation, and the action runs once a
// round.
template <class B>
Vocabulary barrier_rounds_vocabulary(std::string name, std::size_t parties) {
  using Object = CountedBarrier<B>;
  return Vocabulary::of<Object, BarrierState>(
             std::move(name), [parties] { return std::make_unique<Object>(parties); },
             BarrierState{.parties = parties})
      .operation(
          "wait",
          [](Object& o, const Turn&) { return static_cast<std::int64_t>(o.barrier.wait()); },
          barrier_wait)
      .contents([](Object& o) { return std::to_string(o.rounds); },
                [](const BarrierState& s) { return std::to_string(s.rounds); })
      .rescue([](Object& o) { o.barrier.abort(); });
}

}  // namespace weft::properties
