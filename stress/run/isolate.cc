#include "stress/run/isolate.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "stress/run/build_mode.h"
#include "stress/run/child.h"
#include "stress/run/process.h"
#include "stress/run/tasks.h"
#include "stress/run/threads.h"
#include "stress/run/write_all.h"

namespace weft::internal {
namespace {

bool in_child = false;

constexpr std::size_t kMaxOutput = 256 * 1024;

[[noreturn]] void be_the_child(const std::function<Report(Progress&)>& search, Progress& progress,
                               Pipe& result, Pipe& output) {
  in_child = true;
  forget_threads_of_parent();
  result.close_end(Pipe::kReader);
  output.close_end(Pipe::kReader);
  dup2(output.writer(), STDOUT_FILENO);
  dup2(output.writer(), STDERR_FILENO);
  write_all(result.writer(), outcome_of([&] { return search(progress); }));
  leave_at_once(0);
}

// The line of the output that says best why the process ended.
std::string best_line(std::string_view output) {
  static constexpr std::string_view kMarks[] = {"SUMMARY: ", "runtime error: ", "terminate called",
                                                "what():", "Assertion "};
  std::string found;
  for (std::string_view mark : kMarks) {
    const std::size_t at = output.rfind(mark);
    if (at == output.npos) continue;
    std::size_t begin = output.rfind('\n', at);
    begin = begin == output.npos ? 0 : begin + 1;
    if (mark == "SUMMARY: ") begin = at + mark.size();
    std::string line(output.substr(begin, output.find('\n', at) - begin));
    line.erase(0, line.find_first_not_of(' '));
    line.erase(line.find_last_not_of(' ') + 1);
    if (!found.empty()) found += ", ";
    found += line;
    if (mark == "SUMMARY: ") break;
  }
  return found;
}

std::string end_in_words(int status, const std::string& output) {
  std::string text;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* name = sigabbrev_np(signal);
    text = std::string("SIG") + (name == nullptr ? std::to_string(signal) : name) + " (" +
           sigdescr_np(signal) + ")";
  } else {
    text = "the process exited with status " + std::to_string(WEXITSTATUS(status)) +
           " in the middle of an execution";
  }
  const std::string line = best_line(output);
  return line.empty() ? text : line + "; " + text;
}

void shorten(std::string& output) {
  if (output.size() <= kMaxOutput) return;
  output.replace(kMaxOutput / 2, output.size() - kMaxOutput, "\n[...]\n");
}

}  // namespace

int other_threads() {
  start_sanitizer_threads();
  const auto& abandoned = abandoned_tids();
  int count = kThreadSanitizer ? -2 : -1;  // the caller, and ThreadSanitizer's own thread
  for (const Task& task : tasks_now()) {
    if (std::find(abandoned.begin(), abandoned.end(), task.tid) == abandoned.end()) ++count;
  }
  return std::max(count, 0);
}

bool can_isolate() {
  return !kThreadSanitizer || (other_threads() == 0 && abandoned_tids().empty());
}

bool is_isolated() { return in_child; }

IsolatedResult isolated(const std::function<Report(Progress&)>& search, Seconds patience,
                        bool show) {
  if (!can_isolate()) {
    throw std::runtime_error(
        "cannot isolate a check: this process has other threads, and under ThreadSanitizer a child "
        "process could then make none. Make the threads inside the body, or set isolate = false.");
  }
  const SharedMemory<Progress> progress;
  Pipe result;
  Pipe output;
  const TerminationWatch termination;
  const pid_t child = fork_child();
  if (child == 0) be_the_child(search, *progress, result, output);
  result.close_end(Pipe::kWriter);
  output.close_end(Pipe::kWriter);

  IsolatedResult found;
  std::string bytes;
  int status = 0;
  bool told_to_end = false;
  Seconds waited(0);
  auto last = std::chrono::steady_clock::now();
  for (bool ended = false; !ended;) {
    pollfd fds[2] = {{result.reader(), POLLIN, 0}, {output.reader(), POLLIN, 0}};
    poll(fds, 2, 20);
    // Asked before reading: what an ended child had written is then all there to be read.
    ended = waitpid(child, &status, WNOHANG) == child;
    result.drain(bytes);
    const std::size_t known = found.output.size();
    output.drain(found.output);
    if (show) write_all(STDERR_FILENO, std::string_view(found.output).substr(known));
    if (!show) shorten(found.output);
    const auto now = std::chrono::steady_clock::now();
    waited += std::min(Seconds(now - last), Seconds(1));  // a suspended machine costs no patience
    last = now;
    if (termination.requested() && !told_to_end) {
      told_to_end = true;
      kill(child, SIGTERM);
    }
    if (waited > patience) kill(child, SIGKILL);
  }
  if (termination.requested()) {
    if (!show) write_all(STDERR_FILENO, found.output);
    terminate_now();
  }
  if (waited > patience) {
    throw std::runtime_error("an isolated check did not answer and was killed; it printed:\n" +
                             found.output);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    if (auto report = outcome_from(bytes)) {
      found.report = std::move(*report);
      return found;
    }
  }
  found.report.verdict = Verdict::kViolated;
  found.report.violation =
      Violation{.kind = Kind::kCrash, .text = end_in_words(status, found.output)};
  found.report.executions = progress->executions.load();
  found.report.execution = found.report.executions == 0 ? 0 : found.report.executions - 1;
  found.report.seed = progress->seed.load();
  return found;
}

}  // namespace weft::internal
