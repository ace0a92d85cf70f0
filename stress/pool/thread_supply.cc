#include "stress/pool/thread_supply.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <limits>

namespace weft::testing_pool {
namespace {

constexpr int kUnlimited = std::numeric_limits<int>::max();
std::atomic<int> granted_threads{kUnlimited};
std::atomic<int> refused_threads{0};

}  // namespace

LimitedThreads::LimitedThreads(int granted) {
  refused_threads = 0;
  granted_threads = granted;
}

LimitedThreads::~LimitedThreads() { granted_threads = kUnlimited; }

int LimitedThreads::refused() const { return refused_threads; }

}  // namespace weft::testing_pool

// Under the explorer the function is the explorer's, which has threads for all.
#if !defined(WEFT_EXPLORE)

using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

// The sanitizers' own, which must see every thread; null without one.
extern "C" __attribute__((weak)) Create __interceptor_pthread_create;

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument) noexcept {
  using weft::testing_pool::granted_threads;
  if (granted_threads != weft::testing_pool::kUnlimited && granted_threads-- <= 0) {
    granted_threads = 0;
    ++weft::testing_pool::refused_threads;
    return EAGAIN;
  }
  if (__interceptor_pthread_create != nullptr) {
    return __interceptor_pthread_create(thread, attributes, start, argument);
  }
  static auto* const create = reinterpret_cast<Create*>(dlsym(RTLD_NEXT, "pthread_create"));
  if (create == nullptr) std::abort();
  return create(thread, attributes, start, argument);
}

#endif
