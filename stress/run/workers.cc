#include "stress/run/workers.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "stress/run/process.h"

namespace weft::internal {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* call) {
  throw std::runtime_error(std::string("cannot search with several workers: ") + call + ": " +
                           std::strerror(errno));
}

class Worker {
 public:
  Worker(Share share, const std::function<Report(Share, WorkerProgress&)>& search) {
    void* const memory = mmap(nullptr, sizeof(WorkerProgress), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) fail("mmap");
    progress_ = static_cast<WorkerProgress*>(memory);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    std::fflush(nullptr);
    process_ = fork();
    if (process_ < 0) fail("fork");
    if (process_ == 0) be_the_worker(ends, share, search);
    close(ends[1]);
    reader_ = ends[0];
    fcntl(reader_, F_SETFL, O_NONBLOCK);
  }
  ~Worker() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    if (reader_ >= 0) close(reader_);
    munmap(progress_, sizeof(WorkerProgress));
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool has_ended() const { return process_ < 0; }
  pollfd wants() const { return {reader_, POLLIN, 0}; }
  const WorkerProgress& progress() const { return *progress_; }

  // Reads what is there. The report when the worker has ended.
  std::optional<Report> look() {
    int status = 0;
    const bool ended = waitpid(process_, &status, WNOHANG) == process_;
    char buffer[65536];
    while (true) {
      const ssize_t size = read(reader_, buffer, sizeof buffer);
      if (size > 0) bytes_.append(buffer, static_cast<std::size_t>(size));
      if (size == 0 || (size < 0 && errno != EINTR)) break;
    }
    if (!ended) return std::nullopt;
    process_ = -1;
    if (auto report = deserialized(bytes_)) return report;
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
  [[noreturn]] void be_the_worker(const int (&ends)[2], Share share,
                                  const std::function<Report(Share, WorkerProgress&)>& search) {
    close(ends[0]);
    int code = 0;
    try {
      std::string bytes = serialized(search(share, *progress_));
      for (std::string_view left = bytes; !left.empty();) {
        const ssize_t written = write(ends[1], left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(written));
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "weft: worker %llu: %s\n", static_cast<unsigned long long>(share.index),
                   error.what());
      code = 2;
    }
    leave_at_once(code);
  }

  WorkerProgress* progress_;
  pid_t process_ = -1;
  int reader_ = -1;
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
  return result;
}

}  // namespace weft::internal
