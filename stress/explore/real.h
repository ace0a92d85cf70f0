// The functions that the runtime stands in front of, as libc defines them.
//
//   static Real<int(pthread_mutex_t*)> real{"pthread_mutex_lock"};
//   return real(mutex);
//
// Thread safety: any thread; looked up at the first call.
#pragma once

#include "stress/explore/raw.h"

namespace weft::explore {

// Null if no library has it.
void* find_real(const char* name);
// Looks it up now, so that processes forked from here on need not. For names that are literals;
// before there are other threads.
void know_real(const char* name);

template <class F>
class Real;

template <class R, class... Args>
class Real<R(Args...)> {
 public:
  constexpr explicit Real(const char* name) : name_(name) {}

  R operator()(Args... args) { return get()(args...); }

  R (*get())(Args...) {
    // relaxed: whoever looks it up finds the same.
    auto* found = __atomic_load_n(&function_, __ATOMIC_RELAXED);
    if (found == nullptr) [[unlikely]] {
      found = reinterpret_cast<R (*)(Args...)>(find_real(name_));
      if (found == nullptr) raw_die("libc does not define ", name_);
      __atomic_store_n(&function_, found, __ATOMIC_RELAXED);
    }
    return found;
  }

 private:
  const char* name_;
  R (*function_)(Args...) = nullptr;
};

}  // namespace weft::explore
