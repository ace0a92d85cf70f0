#include "stress/explore/progress.h"

#include "stress/explore/scheduling.h"
#include "stress/explore/sentence.h"

namespace weft::explore {
namespace {

using Kind = Guarantee::Kind;

// "not lock-free"
Sentence not_kept() {
  constexpr const char* kAdjectives[] = {"", "obstruction-free", "lock-free", "wait-free"};
  static_assert(sizeof kAdjectives / sizeof *kAdjectives == unsigned(Kind::kWaitFree) + 1);
  Sentence sentence;
  sentence.put("not ");
  sentence.put(kAdjectives[static_cast<unsigned>(rt.guarantee.kind)]);
  return sentence;
}

[[noreturn]] void too_many_steps(const char* what, const char* of_whom) {
  Sentence sentence = not_kept();
  sentence.put(what);
  sentence.put_number(rt.guarantee.steps);
  end_execution(Finding::kNoProgress, sentence.text, of_whom);
}

}  // namespace

void count_step_of_call() {
  Thread& me = *rt.current;
  if (!me.in_call) {
    rt.alone = nullptr;  // it may change what a call waits for, or undo it
    return;
  }
  ++me.call_steps;
  ++rt.steps_since_return;
  if (rt.alone != &me) {
    rt.alone = &me;
    rt.alone_steps = 0;
  }
  ++rt.alone_steps;
  const uint64_t most = rt.guarantee.steps;
  switch (rt.guarantee.kind) {
    case Kind::kObstructionFree:
      if (rt.alone_steps > most)
        too_many_steps(": a call whose thread ran alone has not returned after ", " steps");
      break;
    case Kind::kLockFree:
      if (rt.steps_since_return > most)
        too_many_steps(": no call has returned for ", " steps of the threads that are inside one");
      break;
    case Kind::kWaitFree:
      if (me.call_steps > most)
        too_many_steps(": a call has not returned after ", " steps of its own");
      break;
    case Kind::kNone:
      break;
  }
}

void look_for_waiting_calls() {
  for (unsigned id = 0; id < rt.thread_count; ++id) {
    const Thread& thread = *rt.threads[id];
    if (!thread.in_call || thread.state != Thread::State::kAlive) continue;
    if (rt.ready.has(thread.id) || thread.deadline != kNever) continue;
    end_execution(Finding::kNoProgress, not_kept().text,
                  ": a call waits for another thread, which may have been stopped for good");
  }
}

uint32_t most_looks(const Thread& thread, uint32_t usual) { return thread.in_call ? ~0u : usual; }

void begin_call() {
  if (rt.guarantee.kind == Kind::kNone || rt.trial != nullptr) return;
  Thread& me = *rt.current;
  me.in_call = true;
  me.call_steps = 0;
  rt.alone = nullptr;
}

void end_call() {
  if (rt.guarantee.kind == Kind::kNone) return;
  rt.current->in_call = false;
  rt.steps_since_return = 0;
  rt.alone = nullptr;
}

}  // namespace weft::explore
