#include "stress/generate/random_program.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include "stress/run/random.h"

namespace weft::generate {
namespace {

// Numbers alone, so that rapidcheck's values, which are counted by reference without a lock, stay
// in this thread: the operation, the turn, the arguments.
using RawCall = std::tuple<int, int, std::vector<int>>;
using RawCalls = std::vector<RawCall>;
using RawProgram = std::tuple<RawCalls, std::vector<RawCalls>, RawCalls>;
constexpr int kRawOperations = 1 << 16;
constexpr int kRawArguments = 1 << 20;
constexpr int kTurns = 1000;

rc::Gen<RawCalls> any_calls(const rc::Gen<RawCall>& call, unsigned most) {
  return rc::gen::resize(static_cast<int>(most), rc::gen::container<RawCalls>(call));
}

rc::Gen<RawProgram> any_program(const Vocabulary& vocabulary, const ProgramSize& size) {
  std::size_t arguments = 0;
  for (const Operation& operation : vocabulary.operations) {
    arguments = std::max(arguments, operation.arguments.size());
  }
  // At the nominal size, or a range would be narrowed to its beginning.
  const auto number = [](int count) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, count));
  };
  const auto call =
      rc::gen::tuple(number(kRawOperations), number(kTurns),
                     rc::gen::container<std::vector<int>>(arguments, number(kRawArguments)));
  return rc::gen::tuple(
      any_calls(call, size.around_max),
      rc::gen::container<std::vector<RawCalls>>(size.threads, any_calls(call, size.calls_max)),
      any_calls(call, size.around_max));
}

// Which operations a lane may call.
using Allowed = std::vector<unsigned>;

std::vector<unsigned> operations_on(const Vocabulary& vocabulary, Random& random) {
  std::vector<unsigned> on;
  const bool swarm = random.between(0, 1) == 1;
  for (unsigned place = 0; place < vocabulary.operations.size(); ++place) {
    if (vocabulary.operations[place].where == Operation::kAtTheEnd) continue;
    if (!swarm || random.between(0, 2) != 0) on.push_back(place);
  }
  return on;
}

Allowed allowed(const Vocabulary& vocabulary, const std::vector<unsigned>& on,
                Operation::Where where) {
  Allowed list;
  for (const unsigned place : on) {
    const Operation::Where wanted = vocabulary.operations[place].where;
    if (wanted == Operation::kAnywhere || wanted == where) list.push_back(place);
  }
  return list;
}

// Each group belongs to one of the threads.
std::vector<Allowed> allowed_in_threads(const Vocabulary& vocabulary,
                                        const std::vector<unsigned>& on, unsigned threads,
                                        Random& random) {
  std::vector<std::pair<std::string, std::uint64_t>> owners;
  std::vector<Allowed> lists(threads);
  for (const unsigned place : allowed(vocabulary, on, Operation::kAnywhere)) {
    const std::string& group = vocabulary.operations[place].group;
    if (group.empty()) {
      for (Allowed& list : lists) list.push_back(place);
      continue;
    }
    auto owner = std::find_if(owners.begin(), owners.end(),
                              [&](const auto& each) { return each.first == group; });
    if (owner == owners.end()) {
      owner = owners.insert(owners.end(), {group, random.between(0, threads - 1)});
    }
    lists[owner->second].push_back(place);
  }
  return lists;
}

std::vector<Call> calls_of(const Vocabulary& vocabulary, const RawCalls& raw, const Allowed& list) {
  std::vector<Call> calls;
  if (list.empty()) return calls;
  for (const auto& [operation, turn, arguments] : raw) {
    Call call{.operation = list[static_cast<std::size_t>(operation) % list.size()], .turn = turn};
    const auto& generators = vocabulary.operations[call.operation].arguments;
    for (std::size_t i = 0; i < generators.size(); ++i) {
      call.choices.push_back(static_cast<unsigned>(arguments[i]) % generators[i].choices);
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace

Program random_program(const Vocabulary& vocabulary, const ProgramSize& size, std::uint64_t seed) {
  const auto raw = any_program(vocabulary, size)(rc::Random(seed), rc::kNominalSize).value();
  Random random(seed);
  const auto on = operations_on(vocabulary, random);
  const auto in_threads = allowed_in_threads(vocabulary, on, size.threads, random);
  Program program;
  program.before =
      calls_of(vocabulary, std::get<0>(raw), allowed(vocabulary, on, Operation::kBefore));
  for (unsigned thread = 0; thread < size.threads; ++thread) {
    program.threads.push_back(calls_of(vocabulary, std::get<1>(raw)[thread], in_threads[thread]));
  }
  program.after =
      calls_of(vocabulary, std::get<2>(raw), allowed(vocabulary, on, Operation::kAfter));
  program.drop_idle_threads();
  return vocabulary.complete(std::move(program));
}

namespace {

class Simpler {
 public:
  Simpler(const Vocabulary& vocabulary, const Program& program,
          const std::function<bool(const Program&)>& is_it)
      : vocabulary_(vocabulary), program_(program), is_it_(is_it) {
    for (unsigned lane = 0; lane < program.lanes(); ++lane) {
      for (std::size_t place = 0; place < program.size(lane); ++place) {
        if (may_go(lane, place)) places_.emplace_back(lane, place);
      }
    }
  }

  bool any(bool may_move) const {
    return any_without_chunk() || any_without_two() || any_with_another_operation() ||
           (may_move && any_moved()) || any_with_other_arguments();
  }

 private:
  bool may_go(unsigned lane, std::size_t place) const {
    return vocabulary_.operations[program_.call(lane, place).operation].where !=
           Operation::kAtTheEnd;
  }
  bool is(Program program) const {
    program.drop_idle_threads();
    return is_it_(vocabulary_.complete(std::move(program)));
  }
  // From the last to the first, so that places stay right.
  static Program without(Program program, std::vector<std::pair<unsigned, std::size_t>> places) {
    std::sort(places.rbegin(), places.rend());
    for (const auto& [lane, place] : places) program.erase(lane, place);
    return program;
  }

  // All of a thread, half of it, ..., one call: as rapidcheck shrinks a container.
  bool any_without_chunk() const {
    for (unsigned lane = 0; lane < program_.lanes(); ++lane) {
      std::vector<int> kept;
      for (std::size_t place = 0; place < program_.size(lane); ++place) {
        if (may_go(lane, place)) kept.push_back(static_cast<int>(place));
      }
      auto chunks = rc::shrink::removeChunks(kept);
      while (const auto left = chunks.next()) {
        std::vector<std::pair<unsigned, std::size_t>> gone;
        for (const int place : kept) {
          if (std::find(left->begin(), left->end(), place) == left->end()) {
            gone.emplace_back(lane, static_cast<std::size_t>(place));
          }
        }
        if (is(without(program_, gone))) return true;
      }
    }
    return false;
  }

  // A put and the take of what it put.
  bool any_without_two() const {
    for (std::size_t a = 0; a < places_.size(); ++a) {
      for (std::size_t b = a + 1; b < places_.size(); ++b) {
        if (is(without(program_, {places_[a], places_[b]}))) return true;
      }
    }
    return false;
  }

  // One call less, if another one is of another operation: two puts that show that there was room
  // are one get that shows that nothing is there. Where there are few calls, or it would take too
  // long.
  bool any_with_another_operation() const {
    constexpr std::size_t kFewCalls = 7;
    if (places_.size() > kFewCalls) return false;
    for (const auto& gone : places_) {
      for (const auto& other : places_) {
        if (other == gone) continue;
        for (unsigned place = 0; place < vocabulary_.operations.size(); ++place) {
          if (!may_replace(program_.call(other.first, other.second).operation, place)) continue;
          Program replaced = program_;
          Call& call = replaced.call(other.first, other.second);
          call.operation = place;
          call.choices.assign(vocabulary_.operations[place].arguments.size(), 0);
          if (is(without(std::move(replaced), {gone}))) return true;
        }
      }
    }
    return false;
  }
  bool may_replace(unsigned replaced, unsigned by) const {
    const Operation& operation = vocabulary_.operations[by];
    return by != replaced && operation.where == Operation::kAnywhere &&
           (operation.group.empty() || operation.group == vocabulary_.operations[replaced].group);
  }

  // A thread's first call to what comes before, its last one to what comes after.
  bool any_moved() const {
    for (unsigned lane = 0; lane < program_.main(); ++lane) {
      if (program_.threads[lane].empty()) continue;
      const auto where = [&](const Call& call) {
        return vocabulary_.operations[call.operation].where;
      };
      if (where(program_.threads[lane].front()) == Operation::kAnywhere) {
        Program moved = program_;
        moved.before.push_back(moved.threads[lane].front());
        moved.threads[lane].erase(moved.threads[lane].begin());
        if (is(std::move(moved))) return true;
        moved = program_;
        moved.after.insert(moved.after.begin(), moved.threads[lane].back());
        moved.threads[lane].pop_back();
        if (is(std::move(moved))) return true;
      }
    }
    return false;
  }

  bool any_with_other_arguments() const {
    for (const auto& [lane, place] : places_) {
      const std::vector<unsigned>& choices = program_.call(lane, place).choices;
      for (std::size_t i = 0; i < choices.size(); ++i) {
        auto simpler = rc::shrink::towards(choices[i], 0u);
        while (const auto choice = simpler.next()) {
          Program other = program_;
          other.call(lane, place).choices[i] = *choice;
          if (is(std::move(other))) return true;
        }
      }
    }
    return false;
  }

  const Vocabulary& vocabulary_;
  const Program& program_;
  const std::function<bool(const Program&)>& is_it_;
  std::vector<std::pair<unsigned, std::size_t>> places_;
};

}  // namespace

bool for_simpler(const Vocabulary& vocabulary, const Program& program, bool may_call,
                 const std::function<bool(const Program&)>& is_it) {
  return Simpler(vocabulary, program, is_it).any(may_call);
}

}  // namespace weft::generate
