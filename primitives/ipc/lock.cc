#include "primitives/ipc/lock.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::Lock";

}  // namespace

bool Lock::acquire_before(const Deadline& deadline) {
  using Taken = internal::RobustWord::Taken;
  annotate::waiting(shared_.get(), kKind);
  if (!deadline.is_never()) annotate::limited(shared_.get());
  const Taken taken = word().lock_before(deadline);
  if (taken == Taken::kTaken) {
    annotate::acquired(shared_.get(), kKind);
    return true;
  }
  annotate::released(shared_.get(), kKind);
  if (taken == Taken::kOutOfTime) return false;
  throw OwnerDiedError("Lock::acquire: its holder has died without release(); call recover()");
}

bool Lock::recover() {
  if (!word().recover()) return false;
  annotate::acquired(shared_.get(), kKind);
  return true;
}

void Lock::refuse_release() { throw ValueError("Lock::release: the lock is not held"); }

}  // namespace weft::ipc
