#include "stress/report/holdings.h"

#include <algorithm>

#include "stress/report/words.h"

namespace weft::report {

void Holdings::apply(const Step& step, const Finding& finding) {
  if (!step.object || step.blocked) return;
  if (is_one_of(step.operation, {"lock", "lock_shared", "relock", "try_lock", "try_lock_shared"})) {
    if (!step.failed) take(step.thread, *step.object);
  } else if (is_one_of(step.operation, {"unlock", "unlock_shared"})) {
    if (!step.failed) release(step.thread, *step.object);
  } else if (step.operation == "wait" && step.second) {
    release(step.thread, *step.second);
  } else if (finding.objects[*step.object].kind != "Semaphore") {
    if (step.operation == "acquired") take(step.thread, *step.object);
    if (step.operation == "released") release(step.thread, *step.object);
  }
}

std::vector<unsigned> Holdings::of(unsigned thread) const {
  std::vector<unsigned> locks;
  for (const Taken& taken : all_) {
    if (taken.thread == thread) locks.push_back(taken.object);
  }
  return locks;
}

std::vector<Taken>::iterator Holdings::find(unsigned thread, unsigned object) {
  return std::find_if(all_.begin(), all_.end(), [&](const Taken& taken) {
    return taken.thread == thread && taken.object == object;
  });
}

void Holdings::take(unsigned thread, unsigned object) {
  const auto taken = find(thread, object);
  taken == all_.end() ? all_.push_back({thread, object, 1}) : void(++taken->times);
}

void Holdings::release(unsigned thread, unsigned object) {
  const auto taken = find(thread, object);
  if (taken != all_.end() && --taken->times == 0) all_.erase(taken);
}

}  // namespace weft::report
