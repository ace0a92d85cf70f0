#include "stress/explore/suite/timed_waits.h"

#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/pauses.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

timespec at_limit(const Times& times, clockid_t clock = CLOCK_REALTIME) {
  return in_the_future(clock, std::chrono::nanoseconds(times.limit).count());
}

// `wait` in a thread of its own says if it was given what `give` gives.
bool was_given(const Times& times, const std::function<bool()>& wait,
               const std::function<void()>& give) {
  bool given = false;
  std::thread waiter([&] { given = wait(); });
  pause_for(times.given);
  give();
  waiter.join();
  return given;
}

// --- Locks that this thread holds until it gives them ------------------------

using LockMutex = int (*)(pthread_mutex_t*, const Times&);
template <LockMutex lock_until>
bool mutex(const Times& times) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  const auto lock = [&] {
    if (lock_until(&mutex, times) != 0) return false;
    pthread_mutex_unlock(&mutex);
    return true;
  };
  return was_given(times, lock, [&] { pthread_mutex_unlock(&mutex); });
}

int timed_lock(pthread_mutex_t* mutex, const Times& times) {
  const timespec limit = at_limit(times);
  return pthread_mutex_timedlock(mutex, &limit);
}
template <clockid_t clock>
int clock_lock(pthread_mutex_t* mutex, const Times& times) {
  const timespec limit = at_limit(times, clock);
  return pthread_mutex_clocklock(mutex, clock, &limit);
}

using Function = int (*)(pthread_rwlock_t*, const timespec*);
using ClockFunction = int (*)(pthread_rwlock_t*, clockid_t, const timespec*);
bool read_write_lock(const Times& times, const std::function<int(pthread_rwlock_t*)>& lock_until) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  pthread_rwlock_wrlock(&lock);
  const auto wait = [&] {
    if (lock_until(&lock) != 0) return false;
    pthread_rwlock_unlock(&lock);
    return true;
  };
  return was_given(times, wait, [&] { pthread_rwlock_unlock(&lock); });
}
template <Function lock_until>
bool timed_rwlock(const Times& times) {
  return read_write_lock(times, [&](pthread_rwlock_t* lock) {
    const timespec limit = at_limit(times);
    return lock_until(lock, &limit);
  });
}
template <ClockFunction lock_until>
bool clock_rwlock(const Times& times) {
  return read_write_lock(times, [&](pthread_rwlock_t* lock) {
    const timespec limit = at_limit(times, CLOCK_MONOTONIC);
    return lock_until(lock, CLOCK_MONOTONIC, &limit);
  });
}

template <class Mutex>
bool try_lock_for(const Times& times) {
  Mutex mutex;
  mutex.lock();
  const auto lock = [&] { return std::unique_lock(mutex, times.limit).owns_lock(); };
  return was_given(times, lock, [&] { mutex.unlock(); });
}
template <class Mutex, class Clock>
bool try_lock_until(const Times& times) {
  Mutex mutex;
  mutex.lock();
  const auto lock = [&] { return std::unique_lock(mutex, Clock::now() + times.limit).owns_lock(); };
  return was_given(times, lock, [&] { mutex.unlock(); });
}
bool try_lock_shared_for(const Times& times) {
  std::shared_timed_mutex mutex;
  mutex.lock();
  const auto lock = [&] { return std::shared_lock(mutex, times.limit).owns_lock(); };
  return was_given(times, lock, [&] { mutex.unlock(); });
}

bool c_mutex(const Times& times) {
  mtx_t mutex;
  mtx_init(&mutex, mtx_timed);
  mtx_lock(&mutex);
  const auto lock = [&] {
    const timespec limit = at_limit(times);
    if (mtx_timedlock(&mutex, &limit) != thrd_success) return false;
    mtx_unlock(&mutex);
    return true;
  };
  const bool given = was_given(times, lock, [&] { mtx_unlock(&mutex); });
  mtx_destroy(&mutex);
  return given;
}

// --- Conditions --------------------------------------------------------------

template <clockid_t clock>
int clock_wait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* limit) {
  return pthread_cond_clockwait(condition, mutex, clock, limit);
}
template <clockid_t clock, int (*wait_until)(pthread_cond_t*, pthread_mutex_t*, const timespec*)>
bool pthread_condition(const Times& times) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  const auto wait = [&] {
    const timespec limit = at_limit(times, clock);
    pthread_mutex_lock(&mutex);
    while (!ready && wait_until(&condition, &mutex, &limit) == 0) {
    }
    const bool given = ready;
    pthread_mutex_unlock(&mutex);
    return given;
  };
  return was_given(times, wait, [&] {
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
  });
}

bool c_condition(const Times& times) {
  mtx_t mutex;
  cnd_t condition;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  bool ready = false;
  const auto wait = [&] {
    const timespec limit = at_limit(times);
    mtx_lock(&mutex);
    while (!ready && cnd_timedwait(&condition, &mutex, &limit) == thrd_success) {
    }
    const bool given = ready;
    mtx_unlock(&mutex);
    return given;
  };
  const bool given = was_given(times, wait, [&] {
    mtx_lock(&mutex);
    ready = true;
    cnd_signal(&condition);
    mtx_unlock(&mutex);
  });
  cnd_destroy(&condition);
  mtx_destroy(&mutex);
  return given;
}

template <class Condition>
bool condition(const Times& times, bool (*wait_until)(Condition&, std::unique_lock<std::mutex>&,
                                                      const Times&, const bool& ready)) {
  std::mutex mutex;
  Condition condition;
  bool ready = false;
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    return wait_until(condition, lock, times, ready);
  };
  return was_given(times, wait, [&] {
    const std::lock_guard lock(mutex);
    ready = true;
    condition.notify_one();
  });
}
template <class Condition>
bool condition_for(const Times& times) {
  return condition<Condition>(times, [](auto& condition, auto& lock, auto& times, auto& ready) {
    return condition.wait_for(lock, times.limit, [&] { return ready; });
  });
}
template <class Condition, class Clock>
bool condition_until(const Times& times) {
  return condition<Condition>(times, [](auto& condition, auto& lock, auto& times, auto& ready) {
    return condition.wait_until(lock, Clock::now() + times.limit, [&] { return ready; });
  });
}

// --- What else is waited for -------------------------------------------------

template <clockid_t clock>
bool posix_semaphore(const Times& times) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  const auto wait = [&] {
    const timespec limit = at_limit(times, clock);
    const auto once = [&] {
      return clock == CLOCK_REALTIME ? sem_timedwait(&semaphore, &limit)
                                     : sem_clockwait(&semaphore, clock, &limit);
    };
    int result;
    while ((result = once()) != 0 && errno == EINTR) {
    }
    return result == 0;
  };
  const bool given = was_given(times, wait, [&] { sem_post(&semaphore); });
  sem_destroy(&semaphore);
  return given;
}

template <class Semaphore>
bool try_acquire_for(const Times& times) {
  Semaphore semaphore(0);
  return was_given(
      times, [&] { return semaphore.try_acquire_for(times.limit); }, [&] { semaphore.release(); });
}
template <class Clock>
bool try_acquire_until(const Times& times) {
  std::counting_semaphore<8> semaphore(0);
  return was_given(
      times, [&] { return semaphore.try_acquire_until(Clock::now() + times.limit); },
      [&] { semaphore.release(); });
}

bool future_for(const Times& times) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  return was_given(
      times, [&] { return future.wait_for(times.limit) == std::future_status::ready; },
      [&] { promise.set_value(1); });
}
bool future_until(const Times& times) {
  std::promise<int> promise;
  std::shared_future<int> future = promise.get_future().share();
  const auto wait = [&] {
    return future.wait_until(system_clock::now() + times.limit) == std::future_status::ready;
  };
  return was_given(times, wait, [&] { promise.set_value(1); });
}

template <int operation, clockid_t clock>
bool futex(const Times& times) {
  std::atomic<std::uint32_t> word = 0;
  const auto wait = [&] {
    constexpr bool kBitset = operation != FUTEX_WAIT;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(times.limit);
    const timespec duration = {seconds.count(),
                               std::chrono::nanoseconds(times.limit - seconds).count()};
    const timespec limit = kBitset ? at_limit(times, clock) : duration;
    while (word == 0) {
      const long result = syscall(SYS_futex, &word, operation, 0, &limit, nullptr, ~0u);
      if (result == -1 && errno == ETIMEDOUT) return false;
    }
    return true;
  };
  return was_given(times, wait, [&] {
    word = 1;
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  });
}

// The thread that ends is what is waited for.
template <class JoinUntil>
bool joined(const Times& times, JoinUntil join_until) {
  pthread_t thread;
  const auto sleep_and_end = [](void* time) -> void* {
    pause_for(*static_cast<const milliseconds*>(time));
    return nullptr;
  };
  milliseconds given = times.given;
  pthread_create(&thread, nullptr, sleep_and_end, &given);
  if (join_until(thread) == 0) return true;
  pthread_join(thread, nullptr);
  return false;
}
bool timed_join(const Times& times) {
  return joined(times, [&](pthread_t thread) {
    const timespec limit = at_limit(times);
    return pthread_timedjoin_np(thread, nullptr, &limit);
  });
}
bool clock_join(const Times& times) {
  return joined(times, [&](pthread_t thread) {
    const timespec limit = at_limit(times, CLOCK_MONOTONIC);
    return pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &limit);
  });
}

bool poll_a_pipe(const Times& times) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const auto wait = [&] {
    pollfd waited = {.fd = ends[0], .events = POLLIN, .revents = 0};
    return poll(&waited, 1, static_cast<int>(times.limit.count())) == 1;
  };
  const bool given = was_given(times, wait, [&] { (void)!write(ends[1], "x", 1); });
  close(ends[0]);
  close(ends[1]);
  return given;
}

// --- All of them -------------------------------------------------------------

constexpr TimedWait kWaits[] = {
    {"PthreadMutexTimedlock", mutex<timed_lock>},
    {"PthreadMutexClocklockMonotonic", mutex<clock_lock<CLOCK_MONOTONIC>>},
    {"PthreadMutexClocklockRealtime", mutex<clock_lock<CLOCK_REALTIME>>},
    {"PthreadRwlockTimedrdlock", timed_rwlock<pthread_rwlock_timedrdlock>},
    {"PthreadRwlockTimedwrlock", timed_rwlock<pthread_rwlock_timedwrlock>},
    {"PthreadRwlockClockrdlock", clock_rwlock<pthread_rwlock_clockrdlock>},
    {"PthreadRwlockClockwrlock", clock_rwlock<pthread_rwlock_clockwrlock>},
    {"TimedMutexFor", try_lock_for<std::timed_mutex>},
    {"TimedMutexUntil", try_lock_until<std::timed_mutex, system_clock>},
    {"RecursiveTimedMutexFor", try_lock_for<std::recursive_timed_mutex>},
    {"RecursiveTimedMutexUntil", try_lock_until<std::recursive_timed_mutex, steady_clock>},
    {"SharedTimedMutexFor", try_lock_for<std::shared_timed_mutex>},
    {"SharedTimedMutexSharedFor", try_lock_shared_for},
    {"MtxTimedlock", c_mutex},
    {"PthreadCondTimedwait", pthread_condition<CLOCK_REALTIME, pthread_cond_timedwait>},
    {"PthreadCondClockwait", pthread_condition<CLOCK_MONOTONIC, clock_wait<CLOCK_MONOTONIC>>},
    {"CndTimedwait", c_condition},
    {"ConditionFor", condition_for<std::condition_variable>},
    {"ConditionUntilSteady", condition_until<std::condition_variable, steady_clock>},
    {"ConditionUntilSystem", condition_until<std::condition_variable, system_clock>},
    {"ConditionAnyFor", condition_for<std::condition_variable_any>},
    {"ConditionAnyUntil", condition_until<std::condition_variable_any, system_clock>},
    {"SemTimedwait", posix_semaphore<CLOCK_REALTIME>},
    {"SemClockwait", posix_semaphore<CLOCK_MONOTONIC>},
    {"CountingSemaphoreFor", try_acquire_for<std::counting_semaphore<8>>},
    {"CountingSemaphoreUntil", try_acquire_until<steady_clock>},
    {"BinarySemaphoreFor", try_acquire_for<std::binary_semaphore>},
    {"FutureFor", future_for},
    {"SharedFutureUntil", future_until},
    {"FutexWait", futex<FUTEX_WAIT, CLOCK_MONOTONIC>},
    {"FutexWaitBitset", futex<FUTEX_WAIT_BITSET, CLOCK_MONOTONIC>},
    {"FutexWaitBitsetRealtime", futex<FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, CLOCK_REALTIME>},
    {"PthreadTimedjoin", timed_join},
    {"PthreadClockjoin", clock_join},
    {"Poll", poll_a_pipe},
};

}  // namespace

std::span<const TimedWait> timed_waits() { return kWaits; }

}  // namespace weft::suite
