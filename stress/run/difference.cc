#include "stress/run/difference.h"

namespace weft::internal {
namespace {

using explore::ThreadId;

std::string thread_name(ThreadId id) {
  const std::string name = explore::thread_facts(id).name;
  return name.empty() ? "thread " + std::to_string(id) : name;
}

}  // namespace

std::string first_difference(const std::vector<explore::Event>& before) {
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    if (i == before.size()) return "the second execution goes on after step " + std::to_string(i);
    const explore::Event& now = explore::event(i);
    const explore::Event& then = before[i];
    if (now.operation.op != then.operation.op || now.thread != then.thread ||
        now.object != then.object || now.value != then.value) {
      return "step " + std::to_string(i) + " is " + name_of(then.operation.op) + " by " +
             thread_name(then.thread) + " at first and " + name_of(now.operation.op) + " by " +
             thread_name(now.thread) + " when repeated";
    }
  }
  return "the repetition ends early, after step " + std::to_string(explore::event_count());
}

}  // namespace weft::internal
