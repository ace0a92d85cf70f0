#include "stress/run/tasks.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include "stress/run/build_mode.h"

namespace weft::internal {
namespace {

// Empty if the thread has ended meanwhile.
std::string read_task_file(int tid, const char* file) {
  const std::string path = "/proc/self/task/" + std::to_string(tid) + "/" + file;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  std::string text(4096, '\0');
  const ssize_t size = read(fd, text.data(), text.size());
  close(fd);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
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

}  // namespace

void start_sanitizer_threads() {
  if (kThreadSanitizer) std::thread([] {}).join();
}

std::vector<Task> tasks_now() {
  std::vector<Task> tasks;
  DIR* directory = opendir("/proc/self/task");
  if (directory == nullptr) return tasks;
  while (const dirent* entry = readdir(directory)) {
    Task task;
    task.tid = std::atoi(entry->d_name);
    if (task.tid <= 0 || !parse_stat(read_task_file(task.tid, "stat"), task)) continue;
    if (has_ended(task.state)) continue;
    const std::string status = read_task_file(task.tid, "status");
    task.switches = number_after(status, "\nvoluntary_ctxt_switches:") +
                    number_after(status, "\nnonvoluntary_ctxt_switches:");
    tasks.push_back(std::move(task));
  }
  closedir(directory);
  std::sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.tid < b.tid; });
  return tasks;
}

std::vector<Task> tasks_since(const std::vector<Task>& before) {
  std::vector<Task> tasks = tasks_now();
  std::erase_if(tasks, [&](const Task& task) {
    return std::any_of(before.begin(), before.end(),
                       [&](const Task& old) { return old.same_thread(task); });
  });
  return tasks;
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

Watch::Watch(Seconds hang_after, Seconds livelock_after)
    : hang_after_(hang_after),
      livelock_after_(livelock_after),
      // Some twenty samples within a hang; bounded so that the end of a search is seen soon.
      period_(std::clamp(hang_after / 20, Seconds(0.002), Seconds(0.05))) {}

Watch::Finding Watch::observe(Seconds step, std::uint64_t execution,
                              const std::vector<Task>& tasks) {
  if (execution != execution_) {
    execution_ = execution;
    running_ = asleep_ = Seconds(0);
    last_.clear();
    return Finding::kNothing;
  }
  step = std::min(step, 2 * period_);
  running_ += step;
  // Only 'S' counts: 'R' is a thread that waits for a core, 'D' one that waits for a disk.
  const bool all_asleep = !tasks.empty() && std::all_of(tasks.begin(), tasks.end(), [](auto& task) {
    return task.state == 'S';
  });
  const bool unchanged = std::equal(
      tasks.begin(), tasks.end(), last_.begin(), last_.end(),
      [](const Task& a, const Task& b) { return a.same_thread(b) && a.switches == b.switches; });
  asleep_ = all_asleep && unchanged ? asleep_ + step : Seconds(0);
  last_ = tasks;
  if (asleep_ >= hang_after_) return Finding::kHang;
  if (running_ >= livelock_after_) return Finding::kLivelock;
  return Finding::kNothing;
}

}  // namespace weft::internal
