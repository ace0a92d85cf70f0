#include "stress/run/explained.h"

#include <algorithm>

#include "stress/run/stacks.h"

namespace weft::internal {
namespace {

using explore::ThreadId;

std::string thread_name(ThreadId id) {
  const std::string name = explore::thread_facts(id).name;
  return name.empty() ? "thread " + std::to_string(id) : name;
}

std::string object_in_words(std::uintptr_t address) {
  const explore::ObjectFacts facts = explore::object_facts(address);
  if (facts.kind == nullptr) return "an object";
  std::string text = facts.kind;
  if (*facts.name != '\0') text += std::string(" '") + facts.name + "'";
  return text;
}

std::string waits_in_words(ThreadId id) {
  const explore::ThreadFacts facts = explore::thread_facts(id);
  std::string text;
  switch (facts.pending.op) {
    case explore::Op::kJoin:
      return "another thread's end";
    case explore::Op::kInput:
      return "input";
    case explore::Op::kSleep:
      return "the end of its sleep";
    default:
      text = object_in_words(facts.waits_at);
  }
  if (facts.waits_for != explore::kNobody) text += " held by " + thread_name(facts.waits_for);
  return text;
}

std::vector<std::string> frames_of(const explore::ThreadFacts& facts) {
  std::vector<void*> stack;
  stack.push_back(reinterpret_cast<void*>(facts.pending.pc));
  for (unsigned i = facts.frame_count; i > 0; --i) {
    stack.push_back(reinterpret_cast<void*>(facts.frames[i - 1]));
  }
  return without_plumbing(symbolized({stack}).front());
}

}  // namespace

Explanation explained(const Violation& violation) {
  Explanation result;
  result.sentence = violation.text;
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    const explore::ThreadFacts facts = explore::thread_facts(static_cast<ThreadId>(id));
    if (facts.ended) continue;
    ThreadDump dump;
    dump.name = thread_name(static_cast<ThreadId>(id));
    dump.tid = static_cast<int>(id);
    dump.state = "not ended";
    dump.waits_for = waits_in_words(static_cast<ThreadId>(id));
    dump.frames = frames_of(facts);
    if (violation.kind == Kind::kDeadlock) {
      if (!result.sentence.empty()) result.sentence += "; ";
      result.sentence += dump.name + " waits for " + dump.waits_for;
    }
    result.threads.push_back(std::move(dump));
  }
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    const explore::Event& event = explore::event(i);
    result.interleaving += "  " + std::to_string(i) + " " + thread_name(event.thread) + " " +
                           explore::name_of(event.operation.op) + " " +
                           object_in_words(event.operation.object) + " " +
                           std::to_string(event.value) + "\n";
  }
  return result;
}

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
