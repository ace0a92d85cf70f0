// The scheduler's operations and their sequential model, for random programs over them.
//
// Three events are pending at the beginning: two due, one not. run_pending is several steps of the
// model: each action begins in one, is seen in the next, and ends in a third, and whoever cancels
// in between is told that it runs. Between the end of one and the beginning of the next none runs.
// Thread safety: as stress/generate/vocabulary.h.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/sched/scheduler.h"
#include "stress/generate/vocabulary.h"
#include "stress/sched/fake_clock.h"

namespace weft::testing_sched {

using generate::done;
using generate::entered;
using generate::Outcome;
using generate::Step;
using generate::Turn;
using generate::Vocabulary;

inline constexpr int kFirstEvents = 3;
// The time and the priority of each event: a label up to kFirstEvents is one of the first.
struct When {
  int time;
  int priority;
};
inline constexpr std::array<When, kFirstEvents> kFirst{{{0, 2}, {0, 1}, {5, 0}}};

inline std::string sorted_words(std::vector<int> labels) {
  std::sort(labels.begin(), labels.end());
  std::string text;
  for (const int label : labels) text += std::to_string(label) + " ";
  return text;
}

inline const char* word(CancelResult result) {
  switch (result) {
    case CancelResult::kCancelled:
      return "cancelled";
    case CancelResult::kRunning:
      return "running";
    default:
      return "too late";
  }
}

// S: Scheduler, or one that does something else.
template <class S>
struct Scheduled {
  FakeClock clock;
  S scheduler{clock.time(), [](Scheduler::Duration) {}};
  std::array<Scheduler::Event, kFirstEvents> first;
  std::mutex mutex;
  std::vector<int> calls;  // guarded by mutex: labels of those whose actions are nearly over

  Scheduled() {
    for (int i = 0; i < kFirstEvents; ++i) {
      const When when = kFirst[static_cast<std::size_t>(i)];
      first[static_cast<std::size_t>(i)] = enter(when, i);
    }
  }
  std::string called() {
    std::scoped_lock hold(mutex);
    return sorted_words(calls);
  }
  Scheduler::Event enter(When when, int label) {
    return scheduler.enterabs(FakeClock::at(when.time), when.priority, [this, label] {
      annotate::point("in an action");  // so that others find it running
      std::scoped_lock hold(mutex);
      calls.push_back(label);
    });
  }
};

struct ScheduledState {
  // Time, priority, order of entry, label.
  using Key = std::tuple<int, int, int, int>;
  struct Running {
    int label;
    bool is_seen;  // among calls
  };
  std::vector<Key> pending;             // sorted
  std::map<unsigned, Running> running;  // by thread
  std::vector<int> calls;               // as Scheduled's
  int entries = 0;

  ScheduledState() {
    for (int i = 0; i < kFirstEvents; ++i) enter(kFirst[static_cast<std::size_t>(i)], i);
  }
  void enter(When when, int label) {
    const Key key{when.time, when.priority, entries++, label};
    pending.insert(std::upper_bound(pending.begin(), pending.end(), key), key);
  }
  CancelResult cancel(int label) {
    const auto found = std::find_if(pending.begin(), pending.end(),
                                    [&](const Key& key) { return std::get<3>(key) == label; });
    if (found != pending.end()) {
      pending.erase(found);
      return CancelResult::kCancelled;
    }
    for (const auto& [thread, runs] : running) {
      if (runs.label == label) return CancelResult::kRunning;
    }
    return CancelResult::kTooLate;
  }
  // One step of `thread` in run_pending; whether there was one.
  bool step(unsigned thread) {
    const auto found = running.find(thread);
    if (found == running.end()) return begin(thread);
    Running& runs = found->second;
    if (runs.is_seen) {
      running.erase(found);
    } else {
      calls.push_back(runs.label);
      runs.is_seen = true;
    }
    return true;
  }
  bool begin(unsigned thread) {
    if (pending.empty() || std::get<0>(pending.front()) > 0) return false;
    running[thread] = {.label = std::get<3>(pending.front()), .is_seen = false};
    pending.erase(pending.begin());
    return true;
  }
  std::string text() const {
    std::string text;
    for (const auto& [time, priority, entry, label] : pending) {
      text +=
          std::to_string(time) + "," + std::to_string(priority) + ":" + std::to_string(label) + " ";
    }
    for (const auto& [thread, runs] : running) {
      text += std::to_string(thread) + (runs.is_seen ? " ran " : " runs ") +
              std::to_string(runs.label) + " ";
    }
    return text + called();
  }
  // Which were called. The order is judged where there is one: in lockstep, by the outcomes.
  std::string called() const { return sorted_words(calls); }
};

template <class S>
Vocabulary scheduler_vocabulary(std::string name) {
  using Object = Scheduled<S>;
  return Vocabulary::of<Object, ScheduledState>(std::move(name),
                                                [] { return std::make_unique<Object>(); })
      .operation(
          "enter(@, priority #)", {0, 2},
          [](Object& o, const Turn& t) {
            o.enter({0, t.argument}, kFirstEvents + t.label);
            return "done";
          },
          [](ScheduledState& s, const Turn& t) {
            s.enter({0, t.argument}, kFirstEvents + t.label);
            return done("done");
          })
      .operation(
          "cancel(#)", {0, kFirstEvents - 1},
          [](Object& o, const Turn& t) {
            return word(o.scheduler.cancel(o.first[static_cast<std::size_t>(t.argument)]));
          },
          [](ScheduledState& s, const Turn& t) { return done(word(s.cancel(t.argument))); })
      // Gives the time to the next event.
      .operation(
          "run_pending",
          [](Object& o, const Turn&) -> Outcome {
            const auto left = o.scheduler.run_pending();
            if (!left) return "nothing";
            return std::int64_t{left->count()};
          },
          [](ScheduledState& s, const Turn& t) {
            if (s.step(t.thread)) return entered();
            if (s.pending.empty()) return done("nothing");
            return done(std::int64_t{std::get<0>(s.pending.front())});
          })
      .operation(
          "size",
          [](Object& o, const Turn&) { return static_cast<std::int64_t>(o.scheduler.size()); },
          [](ScheduledState& s, const Turn&) {
            return done(static_cast<std::int64_t>(s.pending.size()));
          })
      .operation(
          "called", [](Object& o, const Turn&) { return o.called(); },
          [](ScheduledState& s, const Turn&) { return done(s.called()); })
      .contents(
          [](Object& o) {
            o.scheduler.check_invariants();
            return o.called();
          },
          [](const ScheduledState& s) { return s.called(); });
}

}  // namespace weft::testing_sched
