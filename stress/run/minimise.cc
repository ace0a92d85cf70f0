#include "stress/run/minimise.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stress/explore/exhaustive.h"
#include "stress/explore/explore.h"
#include "stress/explore/follow.h"
#include "stress/run/repetition.h"

namespace weft::internal {
namespace {

using Clock = std::chrono::steady_clock;
using explore::Departure;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Its numbers are what the interleaving computed: a sum, an address. Those of the place, which is
// up to the first ": ", stand.
std::string without_numbers(std::string_view text) {
  const std::size_t place = text.find(": ");
  std::string result(text.substr(0, place == text.npos ? 0 : place));
  for (std::size_t i = result.size(); i < text.size(); ++i) {
    if (!is_digit(text[i])) {
      result += text[i];
      continue;
    }
    while (i + 1 < text.size() &&
           (std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == 'x')) {
      ++i;
    }
    result += '#';
  }
  return result;
}

// Of an execution; the smaller the simpler.
struct Complexity {
  std::uint64_t preemptions = 0;
  std::uint64_t switches = 0;
  std::uint64_t values = 0;
  std::uint64_t steps = 0;

  auto operator<=>(const Complexity&) const = default;
};

struct Minimised {
  explore::Schedule schedule;  // the original one if there was nothing to leave out
  Complexity found;
  Complexity left;
  std::uint64_t executions = 0;  // that it took
};

// How an execution failed: what must not change.
struct Failure {
  struct Stuck {
    unsigned thread;
    explore::Op op;
    std::uintptr_t pc;
    std::uintptr_t object;

    bool operator==(const Stuck&) const = default;
  };
  Kind kind;
  std::string text;
  std::vector<Stuck> stuck;  // who waits for what, in a deadlock

  bool operator==(const Failure&) const = default;
};

// Of the last execution.
Failure failure_of(const Violation& violation) {
  Failure failure{.kind = violation.kind, .text = without_numbers(violation.text), .stuck = {}};
  if (violation.kind != Kind::kDeadlock) return failure;
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    const auto facts = explore::thread_facts(static_cast<explore::ThreadId>(id));
    if (facts.ended) continue;
    failure.stuck.push_back({id, facts.pending.op, facts.pending.pc, facts.waits_at});
  }
  return failure;
}

class Minimiser {
 public:
  Minimiser(ExploredSearch& search, Failure failure, std::uint64_t seed, Seconds budget)
      : search_(search),
        failure_(std::move(failure)),
        seed_(seed),
        begin_(Clock::now()),
        budget_(budget),
        follow_(follower()) {}

  bool repeats(const explore::Schedule& schedule) {
    follow(schedule);
    if (!run_with(follow_).fails_the_same || !last_was(schedule)) return false;
    keep();
    return true;
  }

  const Complexity& complexity() const { return complexity_; }
  const explore::Schedule& schedule() const { return schedule_; }
  std::uint64_t executions() const { return executions_; }

  void run() {
    leave_out_what_can_be();
    // The systematic search gets half of what is left of the time.
    const Seconds left = budget_ - Seconds(Clock::now() - begin_);
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(left / 2);
    for (std::uint64_t bound = 0; bound < complexity_.preemptions; ++bound) {
      if (find_with(static_cast<unsigned>(bound), end)) break;
    }
    look_around(end);
    leave_out_what_can_be();
  }

 private:
  // One for all: it keeps its memory.
  static explore::Follow& follower() {
    static explore::Follow follow;
    return follow;
  }
  bool is_over() const { return Clock::now() - begin_ >= budget_; }

  void follow(const explore::Schedule& schedule) {
    follow_.follow(schedule.decisions.data(),
                   static_cast<std::uint32_t>(schedule.decisions.size()));
  }

  struct Tried {
    bool fails_the_same;
    bool is_last;  // of all that the strategy has
  };
  Tried run_with(explore::Strategy& strategy) {
    ++executions_;
    const auto violations = execute(search_, strategy, 0, seed_, false);
    const bool is_last = strategy.end();
    const auto same = [&](const Violation& each) { return failure_of(each) == failure_; };
    return {std::any_of(violations.begin(), violations.end(), same), is_last};
  }

  // The last execution, which follow_ made, is the best so far.
  void keep() {
    complexity_ = complexity_of_last();
    schedule_ = schedule_of_last(seed_);
    kept_.assign(follow_.departures().begin(), follow_.departures().end());
    turns_.assign(follow_.turns().begin(), follow_.turns().end());
  }
  Complexity complexity_of_last() const {
    return {follow_.preemptions(), follow_.switches(), follow_.values(), explore::counters().steps};
  }

  enum class Accept { kAnySimpler, kFewerPreemptions };

  // Runs it with these departures alone. True if it fails the same and is simpler.
  bool improves(const std::vector<Departure>& departures, Accept accept = Accept::kAnySimpler) {
    follow_.follow(departures.data(), static_cast<std::uint32_t>(departures.size()));
    if (!run_with(follow_).fails_the_same) return false;
    const Complexity now = complexity_of_last();
    if (now >= complexity_) return false;
    if (accept == Accept::kFewerPreemptions && now.preemptions == complexity_.preemptions) {
      return false;
    }
    keep();
    return true;
  }

  // The departures kept without those `which`, from the begin-th of them to before the end-th.
  template <class Which>
  std::vector<Departure> without(const Which& which, std::size_t begin, std::size_t end) const {
    std::vector<Departure> rest;
    std::size_t number = 0;
    for (const Departure& each : kept_) {
      const bool out = which(each) && number >= begin && number < end;
      if (which(each)) ++number;
      if (!out) rest.push_back(each);
    }
    return rest;
  }

  // In ever smaller pieces, from the last piece to the first, because what comes late follows from
  // what came early.
  template <class Which>
  bool leave_out(const Which& which) {
    bool improved = false;
    const auto count = [&] {
      return static_cast<std::size_t>(std::count_if(kept_.begin(), kept_.end(), which));
    };
    for (std::size_t piece = count(); piece > 0; piece /= 2) {
      for (std::size_t end = count(); end > 0;) {
        if (is_over()) return improved;
        const std::size_t begin = end > piece ? end - piece : 0;
        improved |= improves(without(which, begin, end));
        end = std::min(begin, count());
      }
    }
    return improved;
  }

  // The departures kept, but from the begin-th turn to before the end-th nobody has one: who ran
  // before goes on with who ran after, and those in between come to it later, if at all.
  std::vector<Departure> putting_off(std::size_t begin, std::size_t end) const {
    const auto is_of_them = [&](const Departure& each) {
      return each.what != Departure::What::kValue &&
             std::any_of(turns_.begin() + static_cast<std::ptrdiff_t>(begin),
                         turns_.begin() + static_cast<std::ptrdiff_t>(end) + 1,
                         [&](const Departure& turn) {
                           return each.thread == turn.thread && each.done == turn.done;
                         });
    };
    std::vector<Departure> rest;
    std::copy_if(kept_.begin(), kept_.end(), std::back_inserter(rest), std::not_fn(is_of_them));
    Departure directly = turns_[begin];
    directly.instead = turns_[end].instead;
    if (directly.instead != directly.thread) rest.push_back(directly);
    return rest;
  }

  // Puts off so many turns at a time, from the last to the first. What leaving out cannot do: of
  // many threads that are preempted alike, one that goes on instead does too much, and one that has
  // not begun does not.
  bool put_off(std::size_t turns, Accept accept) {
    bool improved = false;
    for (std::size_t begin = turns_.size(); begin-- > 0 && !is_over();) {
      if (begin + turns >= turns_.size()) continue;
      improved |= improves(putting_off(begin, begin + turns), accept);
    }
    return improved;
  }

  bool put_off_what_can_be() {
    bool improved = false;
    for (const std::size_t turns : {3, 2, 1}) {
      if (complexity_.preemptions > 0) improved |= put_off(turns, Accept::kFewerPreemptions);
    }
    for (const std::size_t turns : {1, 2, 3}) {
      if (!improved) improved |= put_off(turns, Accept::kAnySimpler);
    }
    return improved;
  }

  void leave_out_what_can_be() {
    while (!is_over()) {
      bool improved = leave_out(
          [](const Departure& each) { return each.what == Departure::What::kPreemption; });
      improved |= leave_out([](const Departure&) { return true; });
      improved |= put_off_what_can_be();
      if (!improved) return;
    }
  }

  // True if a schedule of at most so many preemptions fails the same, which is then the best.
  bool find_with(unsigned preemptions, Clock::time_point end) {
    constexpr unsigned kEnough = 2'000;
    explore::Exhaustive systematic(preemptions);
    for (unsigned i = 0; i < kEnough && Clock::now() < end; ++i) {
      const Tried tried = run_with(systematic);
      if (tried.fails_the_same) return repeats(schedule_of_last(seed_));
      if (tried.is_last) break;
    }
    return false;
  }

  // The first of all schedules with as many preemptions, for one with fewer switches.
  void look_around(Clock::time_point end) {
    constexpr unsigned kEnough = 1'000;
    explore::Exhaustive systematic(static_cast<unsigned>(complexity_.preemptions));
    for (unsigned i = 0; i < kEnough && Clock::now() < end; ++i) {
      const Tried tried = run_with(systematic);
      if (tried.fails_the_same) {
        follow(schedule_of_last(seed_));
        if (run_with(follow_).fails_the_same && complexity_of_last() < complexity_) keep();
      }
      if (tried.is_last) break;
    }
  }

  ExploredSearch& search_;
  const Failure failure_;
  const std::uint64_t seed_;
  const Clock::time_point begin_;
  const Seconds budget_;
  explore::Follow& follow_;
  std::uint64_t executions_ = 0;
  Complexity complexity_;
  explore::Schedule schedule_;
  std::vector<Departure> kept_;
  std::vector<Departure> turns_;
};

// `found` is what the execution that has just ended violated. Nothing if that cannot be repeated.
std::optional<Minimised> minimise(ExploredSearch& search, const Violation& found,
                                  const explore::Schedule& schedule, Seconds budget) {
  Minimiser minimiser(search, failure_of(found), schedule.seed, budget);
  if (!minimiser.repeats(schedule)) return std::nullopt;
  const Complexity before = minimiser.complexity();
  minimiser.run();
  return Minimised{.schedule = minimiser.schedule(),
                   .found = before,
                   .left = minimiser.complexity(),
                   .executions = minimiser.executions()};
}

}  // namespace

explore::Schedule simplified(ExploredSearch& search, const Violation& found,
                             explore::Schedule schedule) {
  if (*search.options.minimise <= Seconds(0)) return schedule;
  const Seconds left = report_deadline() - Clock::now();
  const auto simpler = minimise(search, found, schedule, std::min(*search.options.minimise, left));
  if (!simpler || simpler->left == simpler->found) return schedule;
  search.original = report::Original{.schedule = to_string(schedule),
                                     .steps = simpler->found.steps,
                                     .switches = simpler->found.switches,
                                     .preemptions = simpler->found.preemptions,
                                     .simpler_steps = simpler->left.steps,
                                     .simpler_switches = simpler->left.switches,
                                     .simpler_preemptions = simpler->left.preemptions,
                                     .executions = simpler->executions};
  return simpler->schedule;
}

}  // namespace weft::internal
