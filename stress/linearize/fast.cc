#include "stress/linearize/fast.h"

namespace weft::linearize::internal {

std::optional<Verdict> fast_verdict(const Calls& calls, const Abstraction& abstraction) {
  if (abstraction.kind == Kind::kOther) return std::nullopt;
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (operation.end != End::kReturned) return std::nullopt;
    if (abstraction.roles[operation.function] == Role::kOther) return std::nullopt;
  }
  const auto when = intervals_of(calls);
  if (!when) return std::nullopt;
  switch (abstraction.kind) {
    case Kind::kRegister:
      return register_verdict(calls, *when, abstraction);
    case Kind::kQueue:
      return queue_verdict(calls, *when, abstraction);
    case Kind::kStack:
      return stack_verdict(calls, *when, abstraction);
    case Kind::kCounter:
      return counter_verdict(calls, *when, abstraction);
    case Kind::kLock:
      return lock_verdict(calls, *when, abstraction);
    case Kind::kOther:
      break;
  }
  return std::nullopt;
}

}  // namespace weft::linearize::internal
