// The threads of this process, and of those that it started, as the kernel sees them.
//
// Thread safety: any thread; tasks_to_judge() and leave_behind() by the one that watches a search.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::internal {

// A sleep with a time-out on a word that processes may share. Who waits there for what only another
// process can do wakes now and then to see whether that one still lives, and sleeps on: two equal
// ones, one after the other, are one wait.
struct SharedWait {
  std::uint64_t word = 0;
  std::uint64_t expected = 0;
  std::uint64_t stack = 0;  // the stack pointer and the instruction: which call it is
  std::uint64_t code = 0;

  friend bool operator==(const SharedWait&, const SharedWait&) = default;
};
// Of a line as proc_pid_syscall(5) describes it; none if it tells of anything else.
std::optional<SharedWait> shared_wait_from(const std::string& line);

struct Task {
  int pid = 0;
  int tid = 0;
  std::uint64_t start_time = 0;  // with tid: identifies a thread although ids are reused
  char state = '?';              // as in proc(5)
  std::uint64_t switches = 0;    // voluntary and involuntary context switches so far
  std::string name;
  // What only tasks_to_judge() asks for.
  std::uint64_t ran_ns = 0;  // on a processor so far; 0: the kernel does not tell
  std::optional<SharedWait> wait = {};

  bool same_thread(const Task& other) const {
    return tid == other.tid && start_time == other.start_time;
  }
};

// Makes ThreadSanitizer start the thread it works with, if there is to be one. It does so when the
// process, or a forked child, makes its first thread; it must not look like one of an execution.
void start_sanitizer_threads();

// Of this process.
std::vector<Task> tasks_now();
// Those that are not in `before`.
std::vector<Task> tasks_since(const std::vector<Task>& before);
// The same, and all of the processes that this one started, and that those started, but for what
// leave_behind() named; with what they wait for. Not seen: a process whose parent has ended before
// it, and any where the kernel has no lists of children (CONFIG_PROC_CHILDREN).
std::vector<Task> tasks_to_judge(const std::vector<Task>& before);
// A stuck execution left them: nobody is to judge later ones by them.
void leave_behind(const std::vector<Task>& tasks);

std::string state_in_words(char state);

}  // namespace weft::internal
