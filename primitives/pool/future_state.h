// FutureState: what all futures have in common, whatever the type of their value: the phase, who
// waits, who wants to be called.
//
//   phase      | meaning                                      | done | settled
//   kPending   | nobody has begun the work                    |  no  |   no
//   kRunning   | somebody does the work; no cancel any more   |  no  |   no
//   kSetting   | the outcome is being written                 |  no  |   no
//   kCancelled | cancelled, and the worker does not know yet  |  yes |   no
//   kNotified  | cancelled, and the worker knows              |  yes |  yes
//   kFinished  | the outcome is there                         |  yes |  yes
//
// "Done" is what result() waits for; "settled" is what wait() and as_completed() of many wait for.
//
// Thread safety: every function from any thread.
// Invariants:
//   (I1) The phase only goes down the table; kPending and kRunning may leave out lines.
//   (I2) The outcome is written by the one thread that made the phase kSetting, or that claimed the
//        task, before the phase is kFinished, and never after.
//   (I3) An observer is linked if and only if the stage it waits for is not reached, once the mutex
//        is free. It is told once, unless it was forgotten first.
//   (I4) A thread sleeps only on a word with kSleepers, and whoever makes the future done sees the
//        mark in the value that its own change replaced; so no sleeper is left.
// Memory ordering: what a thread did before it made the future done is visible to whoever saw
// done() true, returned from a wait that saw it, or was told of it as an observer.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>

#include "primitives/base/futex.h"
#include "primitives/base/mutex.h"
#include "primitives/pool/helper.h"

namespace weft::internal {

class FutureState;
class SpinBudget;

enum class Stage { kDone, kSettled };

// Told that a future has reached a stage.
class Observer {
 public:
  // kUnderLock: called with the future's mutex held. To be short; nothing of the future but its
  //             phase may be asked. Once forget() returns, the call is over, so the observer may
  //             live on a stack.
  // kCall:      called without a lock, after the sleepers were woken, in the order of addition. The
  //             call may destroy the observer.
  enum class Manner { kUnderLock, kCall };

  explicit Observer(Manner manner) : manner_(manner) {}
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  virtual void on_reached(FutureState& state) noexcept = 0;

 protected:
  ~Observer() = default;

 private:
  friend class FutureState;

  const Manner manner_;
  Stage stage_ = Stage::kDone;
  // Guarded by the mutex of the future while linked.
  Observer* next_ = nullptr;
  Observer* previous_ = nullptr;
  bool linked_ = false;
};

class FutureState {
 public:
  enum class Outcome { kNone, kValue, kError };

  FutureState(const FutureState&) = delete;
  FutureState& operator=(const FutureState&) = delete;

  bool done() const { return phase_of(load_word()) >= kCancelled; }
  bool settled() const { return phase_of(load_word()) >= kNotified; }
  bool cancelled() const {
    const std::uint32_t phase = phase_of(load_word());
    return phase == kCancelled || phase == kNotified;
  }
  // Somebody has the work, has done it, or it was cancelled.
  bool begun() const { return phase_of(load_word()) != kPending; }
  bool running() const {
    const std::uint32_t phase = phase_of(load_word());
    return phase == kRunning || phase == kSetting;
  }
  // kNone unless finished.
  Outcome outcome() const;

  // False if the work has begun or is finished.
  bool cancel();
  // True: the work may begin. False: it was cancelled, and those who wait for many know now.
  // Throws RuntimeError in any other phase.
  bool set_running_or_notify_cancel();
  // The same for a pool, where another thread may have been quicker: false then, too.
  bool claim();
  // Makes the phase kSetting; throws InvalidStateError if it is that already, or done.
  void begin_setting();
  // The way back, when the outcome could not be written.
  void give_up_setting();
  // After the outcome was written by whoever claimed the task, or made the phase kSetting.
  void finish();
  // The same by a thread that must not call an observer: false if there may be one, and nothing has
  // changed.
  bool finish_unobserved();
  // If nobody did any of these: makes the future cancelled and settled, for a task that was
  // dropped.
  void abandon();

  // True when done. False: the time was over, or a stop was requested. A worker that waits without
  // a limit for a task of its own pool that nobody has begun does it itself (helper.h).
  bool wait(const Deadline& deadline, const std::stop_token& stop = {}) {
    return done() || wait_slowly(deadline, stop);
  }
  void help() {
    if (Helper* const helper = Helper::current(); helper != nullptr && helper->home() == home_) {
      helper->help(*this);
    }
  }

  // Whose workers may do the work; null for none.
  const void* home() const { return home_; }

  // False if the stage is reached already: the observer is not linked and will not be told.
  bool observe(Observer& observer, Stage stage);
  // After it, the observer is not told any more. True if it was not told before either. For an
  // observer under the lock; of a call the beginning may be over and the end not.
  bool forget(Observer& observer);

  // Asks the work to end, if it takes a stop_token; false if it does not.
  virtual bool request_stop() noexcept { return false; }
  // Does the work that the caller has claimed, and finishes.
  virtual void run_claimed() noexcept {}

  void add_reference() { references_.fetch_add(1, kRelaxed); }
  void drop_reference();

 protected:
  FutureState(const void* home, std::uint32_t references) : references_(references), home_(home) {}
  virtual ~FutureState();
  virtual bool has_error() const = 0;
  // Looks for as long as the budget lasts; true if done. A derived class that knows where the
  // outcome comes from may fetch it.
  virtual bool look_for_outcome(SpinBudget& budget);

 private:
  static constexpr std::uint32_t kPending = 0;
  static constexpr std::uint32_t kRunning = 1;
  static constexpr std::uint32_t kSetting = 2;
  static constexpr std::uint32_t kCancelled = 3;
  static constexpr std::uint32_t kNotified = 4;
  static constexpr std::uint32_t kFinished = 5;
  static constexpr std::uint32_t kPhases = 7;
  // Somebody sleeps on the word, or is about to.
  static constexpr std::uint32_t kSleepers = 8;
  // An observer is linked, or is about to be.
  static constexpr std::uint32_t kObserved = 16;
  static_assert((kPhases & (kSleepers | kObserved)) == 0 && kFinished <= kPhases);

  // relaxed: a reference is added by one who has one, so the count is not zero; nothing else
  // depends on it.
  static constexpr std::memory_order kRelaxed = std::memory_order_relaxed;

  static std::uint32_t phase_of(std::uint32_t word) { return word & kPhases; }

  bool wait_slowly(const Deadline& deadline, const std::stop_token& stop);
  bool sleep_until_done(const Deadline& deadline);
  bool sleep_until_done_or_stopped(const Deadline& deadline, const std::stop_token& stop);
  // Changes the phase and keeps the marks, if `allowed` says so of the present phase; returns the
  // word before.
  template <class Allowed>
  std::uint32_t advance(std::uint32_t phase, Allowed allowed);
  void wake(std::uint32_t word_before, Stage stage);
  void tell(Stage stage);

  // acquire: pairs with the release in exchange_word() and replace(): whoever sees the future done
  // sees its outcome.
  std::uint32_t load_word() const { return word_.load(std::memory_order_acquire); }
  // acq_rel: the release pairs with the acquire in load_word(); the acquire pairs with the release
  // in replace(), by which an observer or a sleeper announced itself.
  std::uint32_t exchange_word(std::uint32_t word) {
    return word_.exchange(word, std::memory_order_acq_rel);
  }
  // acq_rel: as in exchange_word(). On failure acquire: pairs with the release of whoever was
  // quicker, since the caller may now find the future done.
  bool replace(std::uint32_t& expected, std::uint32_t word) {
    return word_.compare_exchange_weak(expected, word, std::memory_order_acq_rel,
                                       std::memory_order_acquire);
  }

  futex::Word word_{kPending};
  std::atomic<std::uint32_t> references_;
  const void* const home_;
  Mutex mutex_;
  Observer* first_ WEFT_GUARDED_BY(mutex_) = nullptr;
  Observer* last_ WEFT_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace weft::internal
