#include "stress/generate/lockstep.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "primitives/base/futex.h"
#include "stress/generate/interleavings.h"
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
  Turn turn{};
  std::optional<Outcome> outcome;
  std::thread thread;
};

// Kept alive by the threads, which may be left behind. One worker more than the program has
// threads: it only rescues the others.
struct Stage {
  Stage(const Vocabulary& vocabulary, std::size_t threads)
      : subject(vocabulary.make_subject()), workers(threads + 1) {}
  std::unique_ptr<Subject> subject;
  std::vector<Worker> workers;
};

// acquire and release: the command pairs with its completion and with the next command; what the
// one side wrote before is the other's to read and write after.
void work(const std::shared_ptr<Stage>& stage, Worker& worker) {
  while (true) {
    const std::uint32_t command = worker.command.load(std::memory_order_acquire);
    if (command == Worker::kNothing) {
      futex::wait(worker.command, Worker::kNothing, Deadline::never());
      continue;
    }
    if (command == Worker::kEnd) return;
    if (command == Worker::kCall)
      worker.outcome = stage->subject->run(worker.operation, worker.turn);
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
        stage_(std::make_shared<Stage>(vocabulary, program.size())),
        history_(program.size()) {
    for (Worker& worker : stage_->workers) {
      worker.thread = std::thread([stage = stage_, &worker] { work(stage, worker); });
    }
    positions_.emplace_back(vocabulary_, program_);
  }

  std::optional<std::string> run() {
    while (const std::optional<unsigned> thread = next_thread()) {
      begin_call(*thread);
      if (!come_to_rest()) return fail("the threads do not come to rest");
      note_outcomes();
      const auto explained = explanations(positions_, history_);
      if (explained.empty()) return fail("no order of the steps explains what was seen");
      positions_.clear();
      for (const Position& position : explained) positions_.push_back(position);
    }
    return finish();
  }

 private:
  bool is_idle(unsigned worker) const {
    // acquire: pairs with the release at the end of work(): the outcome can be read.
    return stage_->workers[worker].command.load(std::memory_order_acquire) == Worker::kNothing;
  }
  bool all_idle() const {
    for (unsigned thread = 0; thread < history_.size(); ++thread) {
      if (!is_idle(thread)) return false;
    }
    return true;
  }
  const Call& next_call(unsigned thread) const { return program_[thread][history_[thread].size()]; }
  std::optional<unsigned> next_thread() const {
    std::optional<unsigned> next;
    for (unsigned thread = 0; thread < history_.size(); ++thread) {
      if (!is_idle(thread) || history_[thread].size() == program_[thread].size()) continue;
      if (!next || next_call(thread).turn < next_call(*next).turn) next = thread;
    }
    return next;
  }

  void command(unsigned worker, Worker::Command command) {
    futex::Word& word = stage_->workers[worker].command;
    // release: pairs with the acquire in work(): the call is written.
    word.store(command, std::memory_order_release);
    futex::wake_one(word);
  }
  void begin_call(unsigned thread) {
    Worker& worker = stage_->workers[thread];
    const Call& call = next_call(thread);
    worker.operation = call.operation;
    worker.turn = {.thread = thread, .argument = call.argument, .label = call.label};
    worker.outcome.reset();
    history_[thread].emplace_back();
    order_.push_back(thread);
    command(thread, Worker::kCall);
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

  void note_outcomes() {
    for (unsigned thread = 0; thread < history_.size(); ++thread) {
      if (is_idle(thread) && !history_[thread].empty()) {
        history_[thread].back().outcome = stage_->workers[thread].outcome;
      }
    }
  }

  std::optional<std::string> finish() {
    const bool somebody_waits = !all_idle();
    if (!let_everybody_go())
      return fail("threads wait for ever, though they were let go at the end");
    end_workers();
    if (somebody_waits) return std::nullopt;
    const std::string contents = stage_->subject->contents();
    for (const Position& position : positions_) {
      if (position.contents() == contents) return std::nullopt;
    }
    return text_of("at the end it holds \"" + contents + "\", the model \"" +
                   positions_.front().contents() + "\"");
  }

  // Each round lets at least one thread go.
  bool let_everybody_go() {
    for (std::size_t round = 0; round <= history_.size() && !all_idle(); ++round) {
      for (unsigned worker = 0; worker < stage_->workers.size(); ++worker) {
        if (is_idle(worker)) command(worker, Worker::kRescue);
        if (!come_to_rest()) return false;
      }
    }
    return all_idle();
  }

  std::string text_of(const std::string& what) const {
    return what + "; one call at a time, in this order:\n" +
           table(program_, vocabulary_.names(), history_, order_);
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
  History history_;
  std::vector<unsigned> order_;
  std::vector<Position> positions_;
};

}  // namespace

std::optional<std::string> violation_in_lockstep(const Vocabulary& vocabulary,
                                                 const Program& program) {
  return Lockstep(vocabulary, program).run();
}

}  // namespace weft::generate
