// Watch: who reads the results of one worker: the collector or, for a moment, a caller.
//
// A caller that waits for the only call that a worker has looks for the result itself while it
// spins (primitives/pool/spin.h). So the result is handed on once, not twice, and the collector
// sleeps meanwhile: the worker does not ring for a stream that is watched. The caller takes its own
// result and nothing else. What else it finds it leaves there, and rings for the collector; and it
// calls nobody: the end of a future with observers is made known by the collector.
//
// Nothing that comes is overlooked. The worker publishes a result, then looks whether the stream is
// watched, and if not, whether the collector sleeps. The caller ends its watch, then looks at the
// stream, and rings if there is something. The collector says that it is about to sleep, then looks
// which streams are watched, and into those that are not. All of these are seq_cst. If the worker
// has found the stream watched, the caller finds the result after its watch, or had taken it; and
// if the collector has found it watched, it had said before that it is about to sleep, which
// whoever rings after that watch sees.
//
// Thread safety: begin() and end() by who holds `reading`; shows_news() by the collector;
//                ring_unless_watched() by the worker.
// Invariants:     (I1) Results are read by who holds `reading`.
//                 (I2) Who watches waits for nobody: it looks for some 100 microseconds at most,
//                      takes its result, and goes. So the collector may wait for it, and does when
//                      the worker has died, and before the pool ends.
//                 (I3) While `pool` is not null it lives until `reading` is free.
// Non-invariants: that the stream's own word is right: a worker may write over it, and then fails
//                 to ring, or rings in vain, as it could in other ways.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "primitives/base/mutex.h"
#include "primitives/process_pool/stream.h"

namespace weft::internal {

class SpinBudget;
class Watch;

// Where a call is that was its worker's only one when it was handed in.
struct Post {
  std::shared_ptr<Watch> watch;  // null: it was not the only one
  std::uint64_t life = 0;        // of the place: so many workers had died there before
  std::uint64_t number = 0;      // of the task
};

class Watch {
 public:
  // What the pool does for a caller that holds `reading`.
  class Pool {
   public:
    virtual bool look_for_result(Watch& watch, const Post& post, SpinBudget& budget) noexcept
        WEFT_REQUIRES(watch.reading) = 0;

   protected:
    ~Pool() = default;
  };

  Watch(Pool& pool, std::size_t place) : pool(&pool), place(place) {}

  // By a caller that is about to wait for what is at `post`: looks for as long as the budget lasts.
  // False if it did not, as somebody else reads, or another result is there.
  static bool look_for_result(const Post& post, SpinBudget& budget) noexcept {
    Watch& watch = *post.watch;
    if (!watch.reading.try_lock()) return false;
    const bool looked = watch.pool != nullptr && watch.pool->look_for_result(watch, post, budget);
    watch.reading.unlock();
    return looked;
  }

  void begin(Stream& results) WEFT_REQUIRES(reading) {
    watched_.store(true);
    results.watched.store(1);
  }
  // `bell`: the collector's.
  template <class AnyBell>
  void end(Stream& results, const StreamReader& reader, AnyBell& bell) WEFT_REQUIRES(reading) {
    results.watched.store(0);
    watched_.store(false);
    if (!reader.is_empty()) bell.ring();
  }
  // For the collector, once it has said that it is about to sleep.
  bool shows_news(const StreamReader& reader) const {
    return !watched_.load() && !reader.is_empty();
  }
  // After a result was published.
  template <class AnyBell>
  static void ring_unless_watched(const Stream& results, AnyBell& bell) {
    if (results.watched.load() == 0) bell.ring();
  }

  Mutex reading;
  Pool* pool WEFT_GUARDED_BY(reading);  // null once it has ended
  const std::size_t place;

 private:
  std::atomic<bool> watched_{false};
};

}  // namespace weft::internal
