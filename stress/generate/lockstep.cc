#include "stress/generate/lockstep.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "primitives/base/futex.h"
#include "stress/generate/interleavings.h"
#include "stress/generate/program_text.h"
#include "stress/run/process.h"
#include "stress/run/tasks.h"

namespace weft::generate {
namespace {

using internal::Task;

constexpr std::chrono::seconds kPatience{20};  // for threads that run but do not come to rest

// The futex orders what the two sides write; both are asleep or waiting when the other writes.
struct Worker {
  enum Command : std::uint32_t { kNothing, kCall, kRescue, kEnd };
  futex::Word command{kNothing};
  unsigned operation = 0;
  std::vector<Value> arguments;
  Value result;
  std::thread thread;
};

// Kept alive by the threads, which may be left behind. One worker more than the program has lanes:
// it only rescues the others.
struct Stage {
  Stage(const Vocabulary& words, std::size_t lanes)
      : vocabulary(words), subject(vocabulary.make_subject()), workers(lanes + 1) {}
  const Vocabulary vocabulary;
  std::unique_ptr<Subject> subject;
  std::vector<Worker> workers;
};

// acquire and release: the command pairs with its completion and with the next command; what the
// one side wrote before is the other's to read and write after.
void work(const std::shared_ptr<Stage>& stage, unsigned lane, Worker& worker) {
  while (true) {
    const std::uint32_t command = worker.command.load(std::memory_order_acquire);
    if (command == Worker::kNothing) {
      futex::wait(worker.command, Worker::kNothing, Deadline::never());
      continue;
    }
    if (command == Worker::kEnd) return;
    if (command == Worker::kCall) {
      stage->subject->run(worker.operation, lane, worker.arguments, worker.result);
    }
    if (command == Worker::kRescue) stage->subject->rescue();
    // release: pairs with the acquire of whoever waits for the completion.
    worker.command.store(Worker::kNothing, std::memory_order_release);
  }
}

class Lockstep {
 public:
  Lockstep(const Vocabulary& vocabulary, const Program& program)
      : vocabulary_(vocabulary),
        program_(program),
        before_(internal::tasks_now()),
        stage_(std::make_shared<Stage>(vocabulary, program.lanes())) {
    rest_.lanes.resize(program.lanes());
    for (unsigned lane = 0; lane < stage_->workers.size(); ++lane) {
      Worker& worker = stage_->workers[lane];
      worker.thread = std::thread([stage = stage_, lane, &worker] { work(stage, lane, worker); });
    }
    positions_.emplace_back(vocabulary_, program_);
  }

  std::optional<std::string> run() {
    while (const std::optional<unsigned> lane = next_lane()) {
      begin_call(*lane);
      if (!come_to_rest()) return fail("the threads do not come to rest");
      note_results();
      auto possible = positions_at_rest(positions_, rest_);
      if (possible.empty()) return fail("no order of the steps explains what was seen");
      positions_ = std::move(possible);
    }
    return finish();
  }

 private:
  bool is_idle(unsigned worker) const {
    // acquire: pairs with the release at the end of work(): the result can be read.
    return stage_->workers[worker].command.load(std::memory_order_acquire) == Worker::kNothing;
  }
  bool all_idle() const {
    for (unsigned lane = 0; lane < program_.lanes(); ++lane) {
      if (!is_idle(lane)) return false;
    }
    return true;
  }
  std::size_t begun(unsigned lane) const { return rest_.lanes[lane].begun; }
  bool has_ended(unsigned lane) const {
    return is_idle(lane) && begun(lane) == program_.size(lane);
  }
  const Call& next_call(unsigned lane) const { return program_.call(lane, begun(lane)); }
  // Threads run between what the main thread calls before and after.
  bool is_its_turn(unsigned lane) const {
    if (!is_idle(lane) || begun(lane) == program_.size(lane)) return false;
    const unsigned main = program_.main();
    const bool before = begun(main) < program_.before.size() || !is_idle(main);
    if (lane != main) return !before;
    if (before) return true;
    for (unsigned thread = 0; thread < main; ++thread) {
      if (!has_ended(thread)) return false;
    }
    return true;
  }
  std::optional<unsigned> next_lane() const {
    std::optional<unsigned> next;
    for (unsigned lane = 0; lane < program_.lanes(); ++lane) {
      if (!is_its_turn(lane)) continue;
      if (!next || next_call(lane).turn < next_call(*next).turn) next = lane;
    }
    return next;
  }

  void command(unsigned worker, Worker::Command command) {
    futex::Word& word = stage_->workers[worker].command;
    // release: pairs with the acquire in work(): the call is written.
    word.store(command, std::memory_order_release);
    futex::wake_one(word);
  }
  void begin_call(unsigned lane) {
    Worker& worker = stage_->workers[lane];
    const Call& call = next_call(lane);
    worker.operation = call.operation;
    worker.arguments = vocabulary_.arguments(call);
    worker.result = Value();
    ++rest_.lanes[lane].begun;
    rest_.lanes[lane].results.emplace_back();
    order_.push_back(lane);
    command(lane, Worker::kCall);
  }

  // True once every thread since the beginning sleeps and nobody is about to wake one: a look that
  // finds all asleep says so if the next finds the same without a switch in between, for then all
  // slept at the moment between the two.
  bool come_to_rest() {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    std::vector<Task> last;
    while (std::chrono::steady_clock::now() < give_up) {
      std::vector<Task> now = internal::tasks_since(before_);
      const bool all_asleep =
          std::all_of(now.begin(), now.end(), [](const Task& task) { return task.state == 'S'; });
      const bool unchanged = std::equal(now.begin(), now.end(), last.begin(), last.end(),
                                        [](const Task& a, const Task& b) {
                                          return a.same_thread(b) && a.switches == b.switches;
                                        });
      if (all_asleep && unchanged && now.size() >= stage_->workers.size()) return true;
      if (!all_asleep) std::this_thread::yield();
      last = std::move(now);
    }
    return false;
  }

  void note_results() {
    for (unsigned lane = 0; lane < program_.lanes(); ++lane) {
      if (is_idle(lane) && begun(lane) > 0) {
        rest_.lanes[lane].results.back() = stage_->workers[lane].result;
      }
    }
  }

  std::optional<std::string> finish() {
    if (!let_everybody_go()) {
      return fail("threads wait for ever, though they were let go at the end");
    }
    end_workers();
    return std::nullopt;
  }

  // Each round lets at least one thread go.
  bool let_everybody_go() {
    for (std::size_t round = 0; round <= program_.lanes() && !all_idle(); ++round) {
      for (unsigned worker = 0; worker < stage_->workers.size(); ++worker) {
        if (is_idle(worker)) command(worker, Worker::kRescue);
        if (!come_to_rest()) return false;
      }
    }
    return all_idle();
  }

  std::string text_of(const std::string& what) const {
    return what + "; one call at a time, in this order:\n" +
           table(vocabulary_, program_, rest_, order_);
  }

  std::string fail(const std::string& what) {
    const std::string text = text_of(what);
    (void)let_everybody_go();
    end_workers();
    return text;
  }

  // Those that are stuck are left behind, and with them the object.
  void end_workers() {
    const bool all_end = all_idle();
    if (!all_end) {
      std::vector<int> tids;
      for (const Task& task : internal::tasks_since(before_)) tids.push_back(task.tid);
      internal::note_abandoned(tids);
    }
    for (unsigned worker = 0; worker < stage_->workers.size(); ++worker) {
      if (is_idle(worker)) command(worker, Worker::kEnd);
    }
    for (Worker& worker : stage_->workers) all_end ? worker.thread.join() : worker.thread.detach();
  }

  const Vocabulary& vocabulary_;
  const Program& program_;
  const std::vector<Task> before_;
  const std::shared_ptr<Stage> stage_;
  Rest rest_;
  std::vector<unsigned> order_;
  std::vector<Position> positions_;
};

}  // namespace

std::optional<std::string> violation_in_lockstep(const Vocabulary& vocabulary,
                                                 const Program& program) {
  return Lockstep(vocabulary, program).run();
}

}  // namespace weft::generate
