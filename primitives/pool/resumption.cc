#include "primitives/pool/resumption.h"

#include <cstdint>

namespace weft::internal {

void Resumption::post(Workers& workers, std::coroutine_handle<> coroutine, HelpedWait* wait) {
  auto* const resumption = new Resumption(workers, coroutine);
  // Before it is submitted: then all may be over at once, the wait too.
  if (wait != nullptr) wait->awaits(*resumption);
  Task task(&end, {reinterpret_cast<std::uintptr_t>(static_cast<FutureState*>(resumption))});
  try {
    workers.submit(task);
  } catch (...) {  // closed, or out of memory: the coroutine goes on all the same
    task.drop();
  }
}

bool Resumption::end(Task::Payload& payload, Task::Ask ask) {
  auto* const resumption = static_cast<Resumption*>(reinterpret_cast<FutureState*>(payload[0]));
  if (ask == Task::Ask::kIsOver) return resumption->begun();
  if (resumption->claim()) resumption->run_claimed();
  resumption->drop_reference();
  return true;
}

}  // namespace weft::internal
