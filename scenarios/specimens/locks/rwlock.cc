// Locks for readers and writers, after bugs of glibc's (BZ 23844, 23861 and the commit 3c9c61fe)
// and the upgrade that no such lock can promise.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/locks/locks.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::locks {
namespace {

// Two bits: held, and somebody sleeps. The second one stays until the lock is taken by who was
// woken; try_lock() takes it for nothing and writes the word anew.
template <bool kMended>
class TwoBits {
 public:
  void lock() {
    for (;;) {
      std::uint32_t seen = word_.load();
      if ((seen & kHeld) == 0) {
        if (word_.compare_exchange_strong(seen, seen | kHeld)) return;
      } else if (word_.compare_exchange_strong(seen, seen | kWaited)) {
        futex::wait(word_, kHeld | kWaited, Deadline::never());
      }
    }
  }
  bool try_lock() {
    std::uint32_t seen = word_.load();
    if ((seen & kHeld) != 0) return false;
    return word_.compare_exchange_strong(seen, kMended ? seen | kHeld : kHeld);
  }
  void unlock() {
    if ((word_.fetch_and(~kHeld) & kWaited) != 0) futex::wake_one(word_);
  }

 private:
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kWaited = 2;
  futex::Word word_{0};
};

template <bool kMended>
std::string try_between() {
  TwoBits<kMended> lock;
  const auto take = [&] { std::scoped_lock hold(lock); };
  side_by_side(take, take, [&] {
    take();
    if (lock.try_lock()) lock.unlock();
  });
  return "";
}

// A reader that comes while somebody writes waits for the end of the phase, and then looks whether
// it may read: at what it saw when it came.
template <bool kMended>
std::string wait_for_phase() {
  constexpr std::uint32_t kWriting = 1;
  futex::Word phase{0};
  side_by_side(
      [&] {
        phase.store(kWriting);
        phase.store(0);
        futex::wake_all(phase);
      },
      [&] {
        std::uint32_t seen = phase.load();
        while (seen == kWriting) {
          futex::wait(phase, kWriting, Deadline::never());
          if (kMended) seen = phase.load();
        }
      });
  return "";
}

// Writers go first: while one waits, readers do not get in. When it gives up they must be told.
template <bool kMended>
class WritersFirst {
 public:
  void lock_shared() {
    std::unique_lock hold(lock_);
    while (writer_waits_) changed_.wait(hold);
    ++readers_;
  }
  void unlock_shared() {
    std::scoped_lock hold(lock_);
    if (--readers_ == 0 && writer_waits_) changed_.notify_all();
  }
  // Writes if it could within the time.
  void write_within(std::chrono::microseconds time) {
    std::unique_lock hold(lock_);
    writer_waits_ = true;
    while (readers_ > 0) {
      if (changed_.wait_for(hold, time) == std::cv_status::timeout) {
        writer_waits_ = false;
        if (kMended) changed_.notify_all();
        return;
      }
    }
    writer_waits_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  int readers_ = 0;
  bool writer_waits_ = false;
};

template <bool kMended>
std::string writer_gives_up() {
  WritersFirst<kMended> lock;
  const auto read = [&] {
    lock.lock_shared();
    lock.unlock_shared();
  };
  side_by_side(read, read, [&] { lock.write_within(std::chrono::microseconds(10)); });
  return "";
}

// Who reads may go on to write when all other readers have left. Two that want to wait for each
// other. Mended, the second one is refused and comes back as a writer.
template <bool kMended>
class Upgradable {
 public:
  void lock_shared() {
    std::unique_lock hold(lock_);
    while (writing_ || (kMended && upgrading_)) changed_.wait(hold);
    ++readers_;
  }
  // False: refused; the caller is no reader any more.
  bool upgrade() {
    std::unique_lock hold(lock_);
    if (kMended && upgrading_) {
      --readers_;
      changed_.notify_all();
      return false;
    }
    upgrading_ = true;
    while (readers_ > 1) changed_.wait(hold);
    upgrading_ = false;
    readers_ = 0;
    writing_ = true;
    return true;
  }
  void unlock() {
    std::scoped_lock hold(lock_);
    writing_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  int readers_ = 0;
  bool upgrading_ = false;
  bool writing_ = false;
};

template <bool kMended>
std::string read_then_write() {
  Upgradable<kMended> lock;
  const auto update = [&] {
    do lock.lock_shared();
    while (!lock.upgrade());
    lock.unlock();
  };
  side_by_side(update, update);
  return "";
}

}  // namespace

constinit const Classic kTryLockDropsMark{
    .name = "locks/try_lock_drops_mark",
    .family = "rwlock",
    .mistake = "try_lock() overwrites the mark that somebody sleeps",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = try_between<false>,
    .mended = try_between<true>,
};

constinit const Classic kStaleStateOfReader{
    .name = "locks/stale_state_of_reader",
    .family = "rwlock",
    .mistake = "a reader that has waited looks at the state that it saw before",
    .kind = kind::kLivelock,
    .preemptions = 1,
    .body = wait_for_phase<false>,
    .mended = wait_for_phase<true>,
};

constinit const Classic kTimedWriterForgetsReaders{
    .name = "locks/timed_writer_forgets_readers",
    .family = "rwlock",
    .mistake = "a writer whose time is over does not wake the readers that let it go first",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 2,
    .body = writer_gives_up<false>,
    .mended = writer_gives_up<true>,
};

constinit const Classic kUpgrade{
    .name = "locks/upgrade",
    .family = "rwlock",
    .mistake = "two readers go on to write, and each waits for the other to leave",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 1,
    .body = read_then_write<false>,
    .mended = read_then_write<true>,
};

}  // namespace weft::scenarios::specimens::locks
