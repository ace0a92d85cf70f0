#include "primitives/threading/condition.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/condition_lock.h"
#include "primitives/base/errors.h"

namespace weft {
namespace {

// Calls `f` with the Lock& or RLock& behind the variant, owned or shared.
template <class Variant, class F>
decltype(auto) with_lock(Variant& variant, F f) {
  return std::visit(
      [&f](auto& held) -> decltype(auto) {
        if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(held)>>) {
          return f(*held);
        } else {
          return f(held);
        }
      },
      variant);
}

}  // namespace

Condition::~Condition() {
  annotate::destroyed(this);
  internal::MutexLock hold(mutex_);
  if (waiters_.empty()) return;
  std::fputs("weft: a Condition was destroyed while threads wait on it\n", stderr);
  std::abort();
}

void Condition::acquire() {
  with_lock(lock_, [](auto& lock) { lock.acquire(); });
}

bool Condition::try_acquire() {
  return with_lock(lock_, [](auto& lock) { return lock.try_acquire(); });
}

void Condition::release() {
  with_lock(lock_, [](auto& lock) { lock.release(); });
}

bool Condition::wait_before(const Deadline& deadline, const std::stop_token& stop) {
  require_held("Condition::wait");
  annotate::waiting(this, "Condition");
  std::size_t depth = 0;
  internal::Wake wake = internal::Wake::kTimedOut;
  {
    // A notifier needs the mutex too: one that takes the lock as soon as it is given up finds this
    // thread linked. Not linked before: a Lock may be free by now, and release_save() then throws.
    internal::MutexLock hold(mutex_);
    store_waited_for(true);
    depth = release_save();
    wake = waiters_.wait(mutex_, deadline, stop);
  }
  const bool notified = wake == internal::Wake::kNotified || annotate::wait_is_tried(this);
  // Nobody holds a condition: either way this thread waits for it no longer.
  annotate::released(this, "Condition");
  acquire_restore(depth);
  return notified;
}

void Condition::notify(std::size_t count) {
  require_held("Condition::notify");
  notify_waiting(count);
}

void Condition::notify_all() {
  require_held("Condition::notify_all");
  notify_waiting(std::numeric_limits<std::size_t>::max());
}

void Condition::notify_waiting(std::size_t count) {
  if (!is_waited_for()) return annotate::notified(this, 0);
  internal::MutexLock hold(mutex_);
  annotate::notified(this, waiters_.notify(count));
  if (waiters_.empty()) store_waited_for(false);
}

std::size_t Condition::release_save() {
  return with_lock(lock_, [](auto& lock) { return internal::release_save(lock); });
}

void Condition::acquire_restore(std::size_t depth) {
  with_lock(lock_, [depth](auto& lock) { internal::acquire_restore(lock, depth); });
}

void Condition::require_held(const char* operation) const {
  if (with_lock(lock_, [](const auto& lock) { return internal::is_held(lock); })) return;
  throw RuntimeError(std::string(operation) + ": the condition's lock is not held");
}

}  // namespace weft
