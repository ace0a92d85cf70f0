// Kills a process after every single instruction of an operation, or after every so many, and has
// what is left judged.
//
//   struct State { ipc::Lock lock; };
//   const Kills kills = kill_after_every_step<State>({
//       .operation = [](State& s) { s.lock.acquire(); s.lock.release(); },
//       .judge = [](State& s) { ...; return s.lock.acquire_for(1s); },
//   });
//
// For each k a new State is made, a child runs `operation` for k instructions and is killed, and
// `judge` looks in the parent whether the survivors can go on: it says what is wrong, or nothing,
// or kTooEarly, and its time counts as theirs. k runs from 0 to the operation's end by the
// subject's stride, which is 1 if it says nothing. Every second child is a zombie while it is
// judged: dead, but not waited for.
//
// Thread safety: by one thread.
// Non-invariants: that each k has the same instruction in it in every run: addresses differ, and an
// operation that waits takes as many turns as it takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "primitives/ipc/owner.h"
#include "stress/fault/single_step.h"

namespace weft::fault {

struct Kills {
  std::size_t count = 0;              // children that were killed; one more ran to the end
  std::size_t too_early = 0;          // of them, before there was anything to survive
  std::vector<double> judge_seconds;  // of the others, in order
  std::vector<std::string> wrong;     // "after K instructions: ..."

  double worst_seconds() const {
    return judge_seconds.empty() ? 0 : *std::ranges::max_element(judge_seconds);
  }
  // Of a hundred, 99 were not slower.
  double seconds_of_99_percent() const {
    if (judge_seconds.empty()) return 0;
    std::vector<double> sorted = judge_seconds;
    std::ranges::sort(sorted);
    return sorted[(sorted.size() - 1) * 99 / 100];
  }
};

// What a judge says if the operation had not come so far that the survivors could go on.
inline const std::string kTooEarly = "too early";

template <class State>
struct Subject {
  // In the child.
  std::function<void(State&)> operation;
  // In the parent, when the child is dead. Empty: all is well, and the survivors have gone on.
  std::function<std::string(State&)> judge;
  // In the parent, before each step: what the operation waits for. Must not wait itself.
  std::function<void(State&)> meanwhile = {};
  // In the child, before the first step: what every process does once, for itself alone.
  std::function<void()> prepare = [] { (void)internal::this_owner(); };
  // Every so many instructions; 1 is all of them.
  std::size_t stride = 1;
};

// An operation of more is taken for one that does not end.
inline constexpr std::size_t kMostSteps = 200'000;

// Of a child that was killed there.
template <class State>
void judge(const Subject<State>& subject, State& state, Kills& kills, const std::string& where) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string wrong = subject.judge(state);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  if (wrong == kTooEarly) {
    ++kills.too_early;
    return;
  }
  kills.judge_seconds.push_back(taken.count());
  if (!wrong.empty()) kills.wrong.push_back(where + ": " + wrong);
}

template <class State>
Kills kill_after_every_step(const Subject<State>& subject) {
  Kills kills;
  bool has_ended = false;
  for (std::size_t steps = 0; !has_ended && steps < kMostSteps; steps += subject.stride) {
    State state;
    SingleStep child(subject.prepare, [&] { subject.operation(state); });
    for (std::size_t i = 0; i < steps && !has_ended; ++i) {
      if (subject.meanwhile) subject.meanwhile(state);
      has_ended = !child.step();
    }
    child.kill();
    if (steps / subject.stride % 2 == 0) child.wait();
    if (!has_ended) ++kills.count;
    judge(subject, state, kills, "after " + std::to_string(steps) + " instructions");
  }
  if (!has_ended) kills.wrong.push_back("the operation did not end");
  return kills;
}

}  // namespace weft::fault
