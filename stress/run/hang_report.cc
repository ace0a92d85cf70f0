#include "stress/run/hang_report.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "stress/run/stacks.h"
#include "stress/run/threads.h"

namespace weft::internal {
namespace {

std::string object_in_words(const void* object, const char* kind) {
  std::string text = kind == nullptr ? "object" : kind;
  const std::string name = object_name(object);
  if (!name.empty()) return text + " '" + name + "'";
  char address[32];
  std::snprintf(address, sizeof address, " at %p", object);
  return text + address;
}

std::string holders_in_words(const void* object, const std::vector<ThreadFacts>& all) {
  std::string text;
  for (const ThreadFacts& thread : all) {
    const bool holds = std::any_of(thread.held.begin(), thread.held.end(),
                                   [&](const auto& held) { return held.object == object; });
    if (!holds) continue;
    text += text.empty() ? " held by " : " and ";
    text += thread.name.empty() ? "tid " + std::to_string(thread.tid) : thread.name;
  }
  return text;
}

}  // namespace

std::vector<ThreadDump> dumps_of(const std::vector<Task>& tasks) {
  std::vector<ThreadFacts> all = all_threads();
  for (ThreadFacts& thread : all) {
    const auto task = std::find_if(tasks.begin(), tasks.end(),
                                   [&](const Task& each) { return each.tid == thread.tid; });
    if (thread.name.empty() && task != tasks.end()) thread.name = task->name;
  }
  std::vector<int> tids;
  for (const Task& task : tasks) tids.push_back(task.tid);
  const auto stacks = symbolized(stacks_of(tids, Seconds(1)));
  std::vector<ThreadDump> dumps;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    ThreadDump dump;
    dump.name = tasks[i].name;
    dump.tid = tasks[i].tid;
    dump.state = state_in_words(tasks[i].state);
    dump.frames = without_plumbing(stacks[i]);
    const auto facts = std::find_if(
        all.begin(), all.end(), [&](const ThreadFacts& thread) { return thread.tid == dump.tid; });
    if (facts != all.end()) {
      dump.name = facts->name;
      if (facts->waiting_for != nullptr) {
        dump.waits_for = object_in_words(facts->waiting_for, facts->waiting_kind) +
                         holders_in_words(facts->waiting_for, all);
      }
      for (const auto& held : facts->held) {
        dump.holds.push_back(object_in_words(held.object, held.kind));
      }
    }
    dumps.push_back(std::move(dump));
  }
  return dumps;
}

std::string waits_in_words(const std::vector<ThreadDump>& threads) {
  std::string text;
  for (const ThreadDump& thread : threads) {
    if (thread.waits_for.empty()) continue;
    if (!text.empty()) text += "; ";
    text += thread.name + " waits for " + thread.waits_for;
  }
  return text;
}

}  // namespace weft::internal
