// Histories of processes for the judge: several call what they share, some of them are killed
// meanwhile, and what all of them saw is recorded in memory that outlives them.
//
// Thread safety: by the test's thread.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/ipc/shared_object.h"
#include "stress/ipc/child.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/shared_recorder.h"

namespace weft::fault {

using linearize::SharedRecorder;
using linearize::Specification;
using testing_ipc::Child;

inline constexpr unsigned kWorkers = 3;
inline constexpr unsigned kVictims = 3;
inline constexpr unsigned kDeaths = kWorkers + kVictims;  // the first of the lanes of their deaths
inline constexpr unsigned kLanes = kDeaths + kVictims;

inline bool is_victim(unsigned lane) { return lane >= kWorkers; }

// Within some microseconds.
inline void die_soon(std::minstd_rand& random) {
  const itimerval when{.it_interval = {},
                       .it_value = {.tv_sec = 0, .tv_usec = 1 + static_cast<long>(random() % 30)}};
  (void)::signal(SIGALRM, SIG_DFL);
  (void)::setitimer(ITIMER_REAL, &when, nullptr);
}

// Of each, of up to three operations. Few, so that there is an answer also where a loaded machine
// stops a process inside a call: each call of the others may then come before it or after.
inline constexpr std::size_t kCalls = 10;

inline unsigned number_of(const Specification& model, std::string_view operation) {
  const auto names = model.functions();
  for (unsigned i = 0; i < names.size(); ++i) {
    if (names[i] == operation) return i;
  }
  throw ValueError("the model has no " + std::string(operation));
}

// What is judged, with the reasons.
inline std::string judged(const Specification& model, const linearize::History& history) {
  const linearize::Judgement judgement = linearize::judge(model, history);
  if (judgement.verdict == linearize::Verdict::kLinearizable) return "linearizable";
  if (judgement.verdict == linearize::Verdict::kUndecided) return "undecided";
  return "violated, after " + std::to_string(judgement.order.size()) + " calls: " + judgement.state;
}

inline std::size_t pending_calls(const linearize::History& history) {
  std::size_t pending = 0;
  for (const auto& operations : history.threads) {
    pending += !operations.empty() && operations.back().end == linearize::End::kPending ? 1 : 0;
  }
  return pending;
}

// One history: processes that call `step(recorder, lane, random)` kCalls times each; of the victims
// each is killed by a timer, which it winds up before one of its calls. `death`: the operation by
// which the model is told of one, with the lane; none if it need not know.
template <class Step>
linearize::History history_of(unsigned seed, const Step& step, std::optional<unsigned> death = {}) {
  SharedRecorder recorder(kLanes, 3 * kCalls);
  const auto begun = weft::internal::SharedObject<std::atomic<unsigned>>::make();
  const auto work = [&](unsigned lane) {
    std::minstd_rand random(seed * 31 + lane);
    const std::size_t last = random() % kCalls;
    (void)begun->fetch_add(1);
    while (begun->load() < kWorkers + kVictims) std::this_thread::yield();
    for (std::size_t i = 0; i < kCalls; ++i) {
      if (is_victim(lane) && i == last) die_soon(random);
      step(recorder, lane, random);
    }
    while (is_victim(lane)) std::this_thread::yield();
    return 0;
  };
  // Somewhere between these two marks it dies.
  for (unsigned i = 0; death && i < kVictims; ++i) {
    recorder.invoke(kDeaths + i, *death, kWorkers + i);
  }
  std::deque<Child> processes;
  for (unsigned lane = 0; lane < kDeaths; ++lane) {
    processes.emplace_back([&, lane] { return work(lane); });
  }
  for (unsigned lane = 0; lane < kDeaths; ++lane) {
    const int end = processes[lane].wait();
    EXPECT_TRUE(is_victim(lane) ? end == -SIGALRM || end == -SIGKILL : end == 0) << end;
    if (death && is_victim(lane)) {
      recorder.returns(kDeaths + lane - kWorkers, linearize::Value());
    }
  }
  return recorder.history();
}

inline void kill_and_wait(Child& victim) {
  victim.kill();
  (void)victim.wait();
}

// For what comes about step by step, by what one process has seen of the other's progress.
struct Steps {
  std::atomic<int> done{0};
  void reach(int step) { done.store(step); }
  void await(int step) const {
    while (done.load() < step) std::this_thread::yield();
  }
};

// So many of each kind, of which each is short.
inline constexpr unsigned kHistories = 144;

}  // namespace weft::fault
