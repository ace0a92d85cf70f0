// What the tests of the threading primitives share.
#pragma once

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "stress/run/build_mode.h"
#include "stress/run/options.h"

#if defined(WEFT_EXPLORE)
#include "stress/explore/explore.h"
#endif

namespace weft::testing_threads {

// For bodies that show what an operation does rather than hunt for a rare interleaving.
inline Options briefly() {
  Options options;
  options.budget = Seconds(0.05);
  options.executions = 100;
  return options;
}

// For bodies with a time-out so generous that it is not to end a wait. Under the explorer, whose
// threads may be slower than any time-out, it does so only where nothing else could.
inline Options patiently(Options options = {}) {
  options.patient = true;
  return options;
}

// What `f` threw, as text; "" if nothing of type Error.
template <class Error, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Returns with `lock` held once `count`, which it guards, is `wanted`. A thread that counts itself
// and then waits on a condition, both in one critical section, is a waiter by then.
template <class L>
void acquire_when(L& lock, const int& count, int wanted) {
  for (;;) {
    lock.acquire();
    if (count == wanted) return;
    lock.release();
    std::this_thread::yield();
  }
}

// Tells when another thread sleeps in a wait of the primitives, that is on a futex in the way in
// which only they sleep. That makes a test sharper, because the other thread is then really inside
// its wait. Orders nothing.
#if defined(WEFT_EXPLORE)
// The kernel knows nothing of the explorer's threads; the explorer does.
class Sleeper {
 public:
  static bool can_tell() { return true; }

  // relaxed, here and below: a hint for polling, which must not order the tested threads.
  void announce() { id_.store(explore::this_thread_id(), std::memory_order_relaxed); }

  // Every order is explored, also those in which it is never seen asleep.
  bool until_asleep() const {
    for (int attempt = 0; attempt < 20; ++attempt) {
      const explore::ThreadId id = id_.load(std::memory_order_relaxed);
      if (id != explore::kNobody && explore::is_blocked(id)) return true;
      std::this_thread::yield();
    }
    return false;
  }

 private:
  std::atomic<explore::ThreadId> id_{explore::kNobody};
};
#else
class Sleeper {
 public:
  // Whether this system tells what threads sleep in.
  static bool can_tell() {
    std::FILE* const file = open_for(gettid());
    return file != nullptr && std::fclose(file) == 0;
  }

  // relaxed throughout: a hint for polling, which must not order the tested threads.
  // By the thread that is about to wait.
  void announce() { tid_.store(gettid(), std::memory_order_relaxed); }

  // By another thread. False if it was not seen asleep for a while: it may wait no longer.
  bool until_asleep() const {
    for (int attempt = 0; attempt < 2000; ++attempt) {
      const int tid = tid_.load(std::memory_order_relaxed);
      if (tid != 0 && sleeps(tid)) return true;
      std::this_thread::yield();
    }
    return false;
  }

 private:
  static int gettid() { return static_cast<int>(syscall(SYS_gettid)); }
  static std::FILE* open_for(int tid) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    return std::fopen(path, "re");
  }
  static bool sleeps(int tid) {
    std::FILE* const file = open_for(tid);
    if (file == nullptr) return false;
    // Of a thread that runs the file says just that.
    long number = -1;
    unsigned long operation = 0;
    const int fields = std::fscanf(file, "%ld %*x %lx", &number, &operation);
    std::fclose(file);
    return fields == 2 && number == SYS_futex && operation == FUTEX_WAIT_BITSET_PRIVATE;
  }

  std::atomic<int> tid_{0};
};
#endif

// An object whose memory ends with it, so that a late access is found. With a sanitizer it lies on
// the heap, whose use after free the sanitizer reports. Without one it has a page of its own that
// nobody may touch afterwards.
template <class T>
class Doomed {
 public:
  template <class... Args>
  explicit Doomed(Args&&... args) {
    if constexpr (kSanitized) {
      object_ = new T(std::forward<Args>(args)...);
    } else {
      static_assert(sizeof(T) <= kPage);
      void* const page =
          mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (page == MAP_FAILED) throw std::bad_alloc();
      object_ = new (page) T(std::forward<Args>(args)...);
    }
  }
  ~Doomed() { end(); }
  Doomed(const Doomed&) = delete;
  Doomed& operator=(const Doomed&) = delete;

  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }

  // Now, instead of in the destructor.
  void end() {
    if (ended_) return;
    ended_ = true;
    if constexpr (kSanitized) {
      delete object_;
    } else {
      object_->~T();
      forbid(object_);
    }
  }

 private:
  static constexpr bool kSanitized = kThreadSanitizer || kAddressSanitizer;
  static constexpr std::size_t kPage = 4096;

  // Keeps the page forbidden for as long as a late access may reasonably come: until so many others
  // have ended. Unmapped at once, it could be given to the next object.
  static void forbid(void* page) {
    static std::atomic<void*> graves[256];
    static std::atomic<unsigned> next{0};
    mprotect(page, kPage, PROT_NONE);
    if (void* const old = graves[next.fetch_add(1) % 256].exchange(page)) munmap(old, kPage);
  }

  T* object_ = nullptr;
  bool ended_ = false;  // used by one thread: the one that ends the object
};

// A clock of the user's that runs at a quarter of the steady clock's speed.
struct SlowClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SlowClock>;
  static constexpr bool is_steady = true;
  static constexpr int kSlowness = 4;

  static time_point now() {
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    return time_point(std::chrono::duration_cast<duration>(steady / kSlowness));
  }
};

// The lengths at which conversions between durations go wrong, in seconds where no unit is named.
template <class F>
void for_each_extreme_length(F f) {
  using std::chrono::hours;
  using std::chrono::nanoseconds;
  using Floating = std::chrono::duration<double>;
  f(nanoseconds::max());
  f(nanoseconds::max() - nanoseconds(1));
  f(hours::max());
  f(Floating::max());
  f(Floating(std::numeric_limits<double>::infinity()));
}
template <class F>
void for_each_negative_length(F f) {
  using std::chrono::hours;
  using std::chrono::nanoseconds;
  using Floating = std::chrono::duration<double>;
  f(nanoseconds(-1));
  f(nanoseconds::min());
  f(hours::min());
  f(Floating::min());
  f(Floating(-std::numeric_limits<double>::infinity()));
}
inline constexpr std::chrono::duration<double> kNotANumber{
    std::numeric_limits<double>::quiet_NaN()};

}  // namespace weft::testing_threads
