#include "stress/run/workers.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>

#include "stress/run/child.h"
#include "stress/run/process.h"
#include "stress/run/write_all.h"

namespace weft::internal {
namespace {

using Clock = std::chrono::steady_clock;

class Worker {
 public:
  Worker(Share share, const std::function<Report(Share, WorkerProgress&)>& search)
      : process_(fork_child()) {
    if (process_ == 0) be_the_worker(share, search);
    answer_.close_end(Pipe::kWriter);
  }
  ~Worker() {
    if (has_ended()) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool has_ended() const { return process_ < 0; }
  pollfd wants() const { return {answer_.reader(), POLLIN, 0}; }
  const WorkerProgress& progress() const { return *progress_; }

  // Reads what is there. The report when the worker has ended; throws what its search has thrown.
  std::optional<Report> look() {
    int status = 0;
    const bool ended = waitpid(process_, &status, WNOHANG) == process_;
    answer_.drain(bytes_);
    if (!ended) return std::nullopt;
    process_ = -1;
    if (auto report = outcome_from(bytes_)) return report;
    Report report;
    report.verdict = Verdict::kViolated;
    report.executions = progress_->executions();
    report.violation = Violation{
        .kind = Kind::kCrash,
        .text = "a worker of the search ended " +
                (WIFSIGNALED(status) ? std::string("by ") + strsignal(WTERMSIG(status))
                                     : "with status " + std::to_string(WEXITSTATUS(status))) +
                " and told nothing"};
    return report;
  }

 private:
  [[noreturn]] void be_the_worker(Share share,
                                  const std::function<Report(Share, WorkerProgress&)>& search) {
    answer_.close_end(Pipe::kReader);
    write_all(answer_.writer(), outcome_of([&] { return search(share, *progress_); }));
    leave_at_once(0);
  }

  const SharedMemory<WorkerProgress> progress_;
  Pipe answer_;
  pid_t process_;  // -1: it has ended
  std::string bytes_;
};

// A worker's report that ends the search.
bool is_final(const Report& report) {
  return report.violation.has_value() || report.verdict == Verdict::kHolds;
}

std::uint64_t executions_of(const std::vector<std::unique_ptr<Worker>>& workers) {
  std::uint64_t executions = 0;
  for (const auto& worker : workers) executions += worker->progress().executions();
  return executions;
}

}  // namespace

Report run_workers(unsigned count, Seconds patience,
                   const std::function<Report(Share worker, WorkerProgress&)>& search,
                   const std::function<void(std::uint64_t)>& tell) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < count; ++i) {
    workers.push_back(std::make_unique<Worker>(Share{i, count}, search));
  }
  Report result;
  std::uint64_t conflicts = 0;
  bool is_decided = false;
  std::size_t running = count;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(patience);
  while (running > 0 && !is_decided) {
    std::vector<pollfd> wanted;
    for (const auto& worker : workers) {
      if (!worker->has_ended()) wanted.push_back(worker->wants());
    }
    poll(wanted.data(), wanted.size(), 20);
    tell(executions_of(workers));
    for (std::size_t i = 0; i < workers.size() && !is_decided; ++i) {
      if (workers[i]->has_ended()) continue;
      auto report = workers[i]->look();
      if (!report) continue;
      --running;
      is_decided = is_final(*report);
      conflicts = std::max(conflicts, report->conflicts);
      // Of undecided ones the first worker says most: it is the systematic one.
      if (is_decided || i == 0) result = std::move(*report);
    }
    if (Clock::now() >= end) throw std::runtime_error("a worker of the search does not end");
  }
  std::unordered_set<std::uint64_t> digests;
  for (const auto& worker : workers) {
    const WorkerProgress& progress = worker->progress();
    for (std::size_t i = 0; i < progress.digest_count(); ++i) digests.insert(progress.digest(i));
  }
  result.executions = executions_of(workers);
  result.distinct = digests.size();
  result.conflicts = conflicts;
  return result;
}

}  // namespace weft::internal
