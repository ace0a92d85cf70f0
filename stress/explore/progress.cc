#include "stress/explore/progress.h"

#include "stress/explore/scheduling.h"

namespace weft::explore {
namespace {

using Kind = Guarantee::Kind;

const char* adjective() {
  switch (rt.guarantee.kind) {
    case Kind::kObstructionFree:
      return "obstruction-free";
    case Kind::kLockFree:
      return "lock-free";
    case Kind::kWaitFree:
    case Kind::kNone:
      break;
  }
  return "wait-free";
}

// "it has taken 20 steps"
[[noreturn]] void found(const char* what, const char* unit) {
  char digits[24];
  char* at = digits + sizeof digits - 1;
  *at = '\0';
  uint64_t number = rt.guarantee.steps;
  do *--at = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  char steps[64];
  copy_text(steps, sizeof steps, at, unit);
  char text[256];
  copy_text(text, sizeof text, "not ", adjective());
  char all[256];
  copy_text(all, sizeof all, text, what);
  end_execution(Finding::kNoProgress, all, steps);
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
        found(": a call whose thread ran alone has not returned after ", " steps");
      break;
    case Kind::kLockFree:
      if (rt.steps_since_return > most)
        found(": no call has returned for ", " steps of the threads that are inside one");
      break;
    case Kind::kWaitFree:
      if (me.call_steps > most) found(": a call has not returned after ", " steps of its own");
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
    char text[256];
    copy_text(text, sizeof text, "not ", adjective());
    end_execution(Finding::kNoProgress, text,
                  ": a call waits for another thread, which may have been stopped for good");
  }
}

uint32_t most_looks(const Thread& thread, uint32_t usual) { return thread.in_call ? ~0u : usual; }

// --- explore.h ---------------------------------------------------------------

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
