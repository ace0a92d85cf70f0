// What telling another thread costs: an event that is set already, one made for one use, and a
// round trip between two threads.
//
// Peers: a flag with std::mutex and std::condition_variable, std::atomic's wait, and
// absl::Notification where the system has it, which cannot be cleared and so makes no round trips.
#include <benchmark/benchmark.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "benchmarks/threading/ping_pong.h"
#include "benchmarks/threading/placement.h"
#include "benchmarks/threading/shared.h"
#include "primitives/threading/event.h"

#ifdef WEFT_HAVE_ABSEIL
#include <absl/synchronization/notification.h>
#endif

namespace weft::benchmarks {
namespace {

class ConditionEvent {
 public:
  void set() {
    {
      const std::scoped_lock hold(mutex_);
      set_ = true;
    }
    condition_.notify_all();
  }
  void clear() {
    const std::scoped_lock hold(mutex_);
    set_ = false;
  }
  void wait() {
    std::unique_lock hold(mutex_);
    condition_.wait(hold, [this] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool set_ = false;  // guarded by mutex_
};

class AtomicEvent {
 public:
  void set() {
    flag_.store(true);
    flag_.notify_all();
  }
  void clear() { flag_.store(false); }
  void wait() { flag_.wait(false); }

 private:
  std::atomic<bool> flag_{false};
};

#ifdef WEFT_HAVE_ABSEIL
class AbslNotification {
 public:
  void set() { notification_.Notify(); }
  void wait() { notification_.WaitForNotification(); }

 private:
  absl::Notification notification_;
};
#endif

template <class Event>
void BM_EventWaitWhenSet(benchmark::State& state) {
  Event event;
  event.set();
  for (auto _ : state) {
    event.wait();
    benchmark::ClobberMemory();
  }
}

template <class Event>
void BM_EventOneUse(benchmark::State& state) {
  for (auto _ : state) {
    Event event;
    benchmark::DoNotOptimize(&event);
    event.set();
    event.wait();
  }
}

template <class Event>
struct TwoEvents {
  Event ping;
  Event pong;
};

// Each thread clears what it waited for before it answers, so a signal is never cleared away.
template <class Event>
void BM_EventPingPong(benchmark::State& state) {
  TwoEvents<Event>& events = Shared<TwoEvents<Event>>::get();
  const Placement placed(state.range(0), state.thread_index());
  const bool first = state.thread_index() == 0;
  for (auto _ : state) {
    if (first) {
      events.ping.set();
      events.pong.wait();
      events.pong.clear();
    } else {
      events.ping.wait();
      events.ping.clear();
      events.pong.set();
    }
  }
  if (first) state.SetItemsProcessed(state.iterations());
}

#define WEFT_EVENT_BENCHMARKS(Event)                    \
  BENCHMARK(BM_EventWaitWhenSet<Event>)->UseRealTime(); \
  BENCHMARK(BM_EventOneUse<Event>)->UseRealTime()

WEFT_EVENT_BENCHMARKS(weft::Event);
WEFT_EVENT_BENCHMARKS(ConditionEvent);
WEFT_EVENT_BENCHMARKS(AtomicEvent);
#ifdef WEFT_HAVE_ABSEIL
WEFT_EVENT_BENCHMARKS(AbslNotification);
#endif
BENCHMARK(BM_EventPingPong<weft::Event>)->Apply(ping_pong<TwoEvents<weft::Event>>);
BENCHMARK(BM_EventPingPong<ConditionEvent>)->Apply(ping_pong<TwoEvents<ConditionEvent>>);
BENCHMARK(BM_EventPingPong<AtomicEvent>)->Apply(ping_pong<TwoEvents<AtomicEvent>>);

}  // namespace
}  // namespace weft::benchmarks
