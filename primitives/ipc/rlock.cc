#include "primitives/ipc/rlock.h"

#include <limits>
#include <string>
#include <utility>

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::RLock";

}  // namespace

bool RLock::acquire_before(const Deadline& deadline, std::size_t levels) {
  using Taken = internal::RobustWord::Taken;
  State& state = *shared_;
  if (state.word.is_mine()) {
    if (state.depth > std::numeric_limits<std::size_t>::max() - levels) {
      throw RuntimeError("RLock::acquire: its owner holds it as often as can be counted");
    }
    state.depth += levels;
    return true;
  }
  annotate::waiting(&state, kKind);
  if (!deadline.is_never()) annotate::limited(&state);
  const Taken taken = state.word.lock_before(deadline);
  if (taken == Taken::kTaken) {
    state.depth = levels;
    annotate::acquired(&state, kKind);
    return true;
  }
  annotate::released(&state, kKind);
  if (taken == Taken::kOutOfTime) return false;
  throw OwnerDiedError("RLock::acquire: its owner has died without release(); call recover()");
}

bool RLock::recover() {
  if (!shared_->word.recover()) return false;
  shared_->depth = 1;
  annotate::acquired(shared_.get(), kKind);
  return true;
}

std::size_t RLock::release_save() {
  if (!owned()) refuse("release_save");
  const std::size_t depth = shared_->depth;
  let_go();
  return depth;
}

void RLock::acquire_restore(std::size_t depth) { (void)acquire_before(Deadline::never(), depth); }

void RLock::refuse(const char* operation) {
  throw RuntimeError(std::string("RLock::") + operation + ": the calling thread is not the owner");
}

}  // namespace weft::ipc
