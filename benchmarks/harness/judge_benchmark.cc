// What the judge costs: short histories, as an explorer makes them by the thousand, and long ones.
//
// Each history is what a model did under a random interleaving of calls, their effects and their
// returns, so that at any time most threads are inside a call. Of the short ones, every other has
// two results exchanged, and is mostly wrong.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "stress/linearize/judge.h"
#include "stress/linearize/models/catalogue.h"
#include "stress/run/random.h"

namespace weft::benchmarks {
namespace {

using linearize::End;
using linearize::History;
using linearize::Operation;
using linearize::Specification;
using linearize::Step;
using linearize::Value;
using linearize::Verdict;

struct Function {
  const char* name;
  int arguments = 0;
  bool label_last = false;  // the last argument is one that no other call has
};
struct Object {
  const char* model;
  std::vector<Function> functions;
};

const Object& object_of(const std::string& name) {
  static const Object reg{"register:0", {{"write", 1}, {"read"}, {"compare_exchange", 2}}};
  static const Object queue{"queue", {{"put", 1, true}, {"try_get"}}};
  static const Object bounded{"queue:4", {{"try_put", 1, true}, {"try_get"}}};
  static const Object priority{"priority_queue", {{"put", 1}, {"try_get"}}};
  static const Object semaphore{"semaphore:2", {{"try_acquire"}, {"release"}}};
  static const Object future{"future", {{"set_result", 1}, {"cancel"}, {"done"}, {"running"}}};
  static const Object map{"map", {{"put", 2}, {"get", 1}, {"remove", 1}}};
  static const Object lock{"lock", {{"try_acquire"}, {"release"}, {"locked"}}};
  static const Object counter{"counter", {{"increment"}, {"fetch_add", 1}, {"get"}}};
  static const Object condition{"condition", {{"wait"}, {"notify_all"}}};
  if (name == "register") return reg;
  if (name == "queue") return queue;
  if (name == "bounded_queue") return bounded;
  if (name == "priority_queue") return priority;
  if (name == "semaphore") return semaphore;
  if (name == "future") return future;
  if (name == "map") return map;
  if (name == "lock") return lock;
  return name == "counter" ? counter : condition;
}

// A model's state, as a Specification wants it.
class State {
 public:
  explicit State(const Specification& model)
      : model_(model), memory_(model.state_bytes() / sizeof(std::max_align_t) + 1) {
    model_.make_initial(memory_.data());
  }
  ~State() { model_.destroy(memory_.data()); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void* get() { return memory_.data(); }

 private:
  const Specification& model_;
  std::vector<std::max_align_t> memory_;
};

Operation drawn(const Specification& model, const Object& object, Random& random) {
  static std::int64_t label = 0;
  const Function& function = object.functions[random.below(object.functions.size())];
  Operation operation;
  while (model.functions()[operation.function] != function.name) ++operation.function;
  for (int i = 0; i < function.arguments; ++i) {
    const bool last = i + 1 == function.arguments;
    operation.arguments.push_back(last && function.label_last ? ++label : random.between(0, 9));
  }
  return operation;
}

History recorded(const Specification& model, const Object& object, Random& random,
                 std::size_t threads, std::size_t operations) {
  enum Phase { kOut, kIn, kBack };
  State state(model);
  History history{std::vector<std::vector<Operation>>(threads)};
  std::vector<Phase> phases(threads, kOut);
  std::vector<unsigned> steps(threads, 0);
  std::uint64_t time = 0;
  for (std::size_t idle = 0; idle < 64 * threads; ++idle) {
    const auto thread = static_cast<unsigned>(random.below(threads));
    auto& calls = history.threads[thread];
    if (phases[thread] == kOut) {
      if (calls.size() == operations) continue;
      calls.push_back(drawn(model, object, random));
      calls.back().invoked = ++time;
      calls.back().end = End::kBlocked;
      steps[thread] = 0;
      phases[thread] = kIn;
    } else if (phases[thread] == kIn) {
      Operation& call = calls.back();
      Step step = model.step(state.get(), {.function = call.function,
                                           .thread = thread,
                                           .arguments = call.arguments,
                                           .step = steps[thread]});
      if (step.kind == Step::kBlocked) continue;
      ++steps[thread];
      if (step.kind == Step::kDone) {
        call.result = std::move(step.result);
        phases[thread] = kBack;
      }
    } else {
      calls.back().end = End::kReturned;
      calls.back().returned = ++time;
      phases[thread] = kOut;
    }
    idle = 0;
  }
  return history;
}

void exchange_two_results(History& history, Random& random) {
  const auto drawn_call = [&]() -> Operation* {
    auto& calls = history.threads[random.below(history.threads.size())];
    return calls.empty() ? nullptr : &calls[random.below(calls.size())];
  };
  for (int tries = 0; tries < 100; ++tries) {
    Operation* const a = drawn_call();
    Operation* const b = drawn_call();
    if (a == nullptr || b == nullptr || a->end != End::kReturned || b->end != End::kReturned) {
      continue;
    }
    if (a->result == b->result) continue;
    std::swap(a->result, b->result);
    return;
  }
}

// Histories of 4 threads x 5 operations.
void BM_Judged(benchmark::State& state, const char* name) {
  const Object& object = object_of(name);
  const auto model = linearize::models::made(object.model);
  Random random(1);
  std::vector<History> histories;
  double operations = 0;
  for (int i = 0; i < 1000; ++i) {
    histories.push_back(recorded(*model, object, random, 4, 5));
    if (i % 2 != 0) exchange_two_results(histories.back(), random);
    operations += static_cast<double>(histories.back().size()) / 1000;
  }
  linearize::Judge judge(*model);
  std::size_t next = 0;
  std::uint64_t wrong = 0;
  for (auto _ : state) {
    const std::size_t which = next++ % histories.size();
    const Verdict verdict = judge.verdict(histories[which]);
    if (which % 2 == 0 && verdict != Verdict::kLinearizable) {
      return state.SkipWithError("what the model did is judged wrong");
    }
    wrong += verdict == Verdict::kViolated ? 1 : 0;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["operations"] = operations;
  state.counters["wrong"] =
      benchmark::Counter(static_cast<double>(wrong), benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(BM_Judged, one_register, "register");
BENCHMARK_CAPTURE(BM_Judged, counter, "counter");
BENCHMARK_CAPTURE(BM_Judged, lock, "lock");
BENCHMARK_CAPTURE(BM_Judged, queue, "queue");
BENCHMARK_CAPTURE(BM_Judged, map, "map");
BENCHMARK_CAPTURE(BM_Judged, condition, "condition");
// Of these there is no faster way than the search.
BENCHMARK_CAPTURE(BM_Judged, bounded_queue, "bounded_queue");
BENCHMARK_CAPTURE(BM_Judged, priority_queue, "priority_queue");
BENCHMARK_CAPTURE(BM_Judged, semaphore, "semaphore");
BENCHMARK_CAPTURE(BM_Judged, future, "future");

// One history of 8 threads and 10,000 operations, with an order that shows it to be right.
void BM_Long(benchmark::State& state, const char* name) {
  const Object& object = object_of(name);
  const auto model = linearize::models::made(object.model);
  Random random(1);
  const History history = recorded(*model, object, random, 8, 1250);
  linearize::Judge judge(*model);
  for (auto _ : state) {
    const linearize::Judgement judgement = judge.judge(history);
    if (judgement.verdict != Verdict::kLinearizable || judgement.order.size() != history.size()) {
      return state.SkipWithError("no order was found");
    }
  }
  state.counters["operations"] = static_cast<double>(history.size());
}
BENCHMARK_CAPTURE(BM_Long, one_register, "register")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Long, queue, "queue")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Long, map, "map")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::benchmarks
