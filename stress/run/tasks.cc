#include "stress/run/tasks.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include "stress/run/build_mode.h"

namespace weft::internal {
namespace {

std::string text_of(const std::string& path) {
  std::string text;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char part[4096];
  for (ssize_t size; (size = read(fd, part, sizeof part)) > 0;) {
    text.append(part, static_cast<std::size_t>(size));
  }
  close(fd);
  return text;
}

std::string folder_of(int pid) { return "/proc/" + std::to_string(pid) + "/task"; }

// Empty if the thread has ended meanwhile.
std::string read_task_file(const Task& task, const char* file) {
  return text_of(folder_of(task.pid) + "/" + std::to_string(task.tid) + "/" + file);
}

std::uint64_t number_after(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == text.npos) return 0;
  return std::strtoull(text.data() + at + label.size(), nullptr, 10);
}

// Fields of proc_pid_stat(5): "tid (name) state ...", the start time is the 22nd. A name may
// contain spaces and parentheses, so fields count from the last ')'.
bool parse_stat(const std::string& stat, Task& task) {
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == stat.npos || close == stat.npos || close + 2 >= stat.size()) return false;
  task.name = stat.substr(open + 1, close - open - 1);
  task.state = stat[close + 2];
  const char* at = stat.c_str() + close + 2;
  for (int field = 3; field < 22 && at != nullptr; ++field) {
    at = std::strchr(at, ' ');
    if (at != nullptr) ++at;
  }
  task.start_time = at != nullptr ? std::strtoull(at, nullptr, 10) : 0;
  return true;
}

bool has_ended(char state) { return state == 'Z' || state == 'X' || state == 'x'; }

std::vector<Task> tasks_of(int pid) {
  std::vector<Task> tasks;
  DIR* directory = opendir(folder_of(pid).c_str());
  if (directory == nullptr) return tasks;
  while (const dirent* entry = readdir(directory)) {
    Task task;
    task.pid = pid;
    task.tid = std::atoi(entry->d_name);
    if (task.tid <= 0 || !parse_stat(read_task_file(task, "stat"), task)) continue;
    if (has_ended(task.state)) continue;
    const std::string status = read_task_file(task, "status");
    task.switches = number_after(status, "\nvoluntary_ctxt_switches:") +
                    number_after(status, "\nnonvoluntary_ctxt_switches:");
    tasks.push_back(std::move(task));
  }
  closedir(directory);
  std::sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.tid < b.tid; });
  return tasks;
}

std::vector<int> children_of(const Task& task) {
  std::vector<int> children;
  const std::string text = read_task_file(task, "children");
  const char* at = text.c_str();
  char* rest = nullptr;
  for (long pid = std::strtol(at, &rest, 10); rest != at; pid = std::strtol(at, &rest, 10)) {
    children.push_back(static_cast<int>(pid));
    at = rest;
  }
  return children;
}

bool is_in(const std::vector<Task>& known, const Task& task) {
  return std::any_of(known.begin(), known.end(),
                     [&](const Task& each) { return each.same_thread(task); });
}

void remove_those_in(const std::vector<Task>& known, std::vector<Task>& tasks) {
  std::erase_if(tasks, [&](const Task& task) { return is_in(known, task); });
}

void look_closer(Task& task) {
  // The first number is the time on a processor, the second that of waiting for one.
  task.ran_ns = std::strtoull(read_task_file(task, "schedstat").c_str(), nullptr, 10);
  if (task.state != 'S') return;
  const std::string call = read_task_file(task, "syscall");
  if (call.starts_with("running")) task.state = 'R';  // woken since its state was read
  task.wait = shared_wait_from(call);
}

// Written and read by the thread that watches a search, of which there is one at a time.
std::vector<Task> left_behind;

// It may have new threads by now.
bool was_left_behind(const std::vector<Task>& of_process) {
  return std::any_of(of_process.begin(), of_process.end(),
                     [](const Task& task) { return is_in(left_behind, task); });
}

}  // namespace

void start_sanitizer_threads() {
  if (kThreadSanitizer) std::thread([] {}).join();
}

std::vector<Task> tasks_now() { return tasks_of(getpid()); }

std::vector<Task> tasks_since(const std::vector<Task>& before) {
  std::vector<Task> tasks = tasks_now();
  remove_those_in(before, tasks);
  return tasks;
}

std::optional<SharedWait> shared_wait_from(const std::string& line) {
  // The number of the call, its six arguments, the stack pointer and the instruction.
  std::array<std::uint64_t, 9> field{};
  const char* at = line.c_str();
  for (std::uint64_t& each : field) {
    char* rest = nullptr;
    each = std::strtoull(at, &rest, 0);
    if (rest == at) return std::nullopt;
    at = rest;
  }
  const auto [call, word, operation, expected, limit, unused1, unused2, stack, code] = field;
  const std::uint64_t command = operation & FUTEX_CMD_MASK;
  const bool waits = call == SYS_futex && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET);
  if (!waits || (operation & FUTEX_PRIVATE_FLAG) != 0 || limit == 0) return std::nullopt;
  return SharedWait{.word = word, .expected = expected, .stack = stack, .code = code};
}

std::vector<Task> tasks_to_judge(const std::vector<Task>& before) {
  std::vector<Task> tasks = tasks_now();
  // Grows while it is gone through: children have children.
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (const int child : children_of(tasks[i])) {
      std::vector<Task> of_child = tasks_of(child);
      if (was_left_behind(of_child)) continue;
      tasks.insert(tasks.end(), of_child.begin(), of_child.end());
    }
  }
  remove_those_in(before, tasks);
  for (Task& task : tasks) look_closer(task);
  return tasks;
}

void leave_behind(const std::vector<Task>& tasks) {
  left_behind.insert(left_behind.end(), tasks.begin(), tasks.end());
}

std::string state_in_words(char state) {
  switch (state) {
    case 'R':
      return "running";
    case 'S':
      return "asleep";
    case 'D':
      return "waiting for a device";
    case 'T':
    case 't':
      return "stopped";
    default:
      return std::string(1, state);
  }
}

}  // namespace weft::internal
