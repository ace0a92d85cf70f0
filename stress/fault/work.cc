#include "stress/fault/work.h"

#include <optional>

namespace weft::fault {
namespace {

using ipc::OwnerDiedError;

enum Object : std::size_t { kLock, kValue, kBounded, kCondition, kEvent, kQueue };

// In two steps that no compiler joins, with some microseconds between them to be killed in.
void update(Work::Pair& pair) {
  auto& first = const_cast<volatile std::int64_t&>(pair.first);
  auto& second = const_cast<volatile std::int64_t&>(pair.second);
  first = first + 1;
  for (volatile int i = 0; i < 2000; i = i + 1) {
  }
  second = second + 1;
}
bool is_whole(const Work::Pair& pair) { return pair.first == pair.second; }

}  // namespace

void Worker::use(std::size_t object) {
  switch (object) {
    case kLock:
      return use_lock();
    case kValue:
      return use_value();
    case kBounded:
      return use_bounded_semaphore();
    case kCondition:
      return use_condition();
    case kEvent:
      return use_event();
    default:
      return use_queue();
  }
}

void Worker::use_lock() {
  Work::Pair& pair = work_.pair.reference();
  for (;;) {
    try {
      work_.lock.acquire();
      require(is_whole(pair));
      break;
    } catch (const OwnerDiedError&) {
      if (!work_.lock.recover()) continue;
      note_told(kLock);
      pair.second = pair.first;
      break;
    }
  }
  update(pair);
  work_.lock.release();
}

void Worker::use_value() {
  for (;;) {
    try {
      work_.value.with_lock([this](Work::Pair& pair) {
        require(is_whole(pair));
        update(pair);
      });
      return;
    } catch (const OwnerDiedError&) {
      ipc::RLock& lock = work_.value.get_lock();
      if (!lock.recover()) continue;
      note_told(kValue);
      work_.value.with_lock([](Work::Pair& pair) { pair.second = pair.first; });
      lock.release();
    }
  }
}

void Worker::use_bounded_semaphore() {
  for (;;) {
    try {
      work_.bounded.acquire();
      require(work_.bounded.value() == 0);
      work_.bounded.release();
      return;
    } catch (const OwnerDiedError&) {
      if (work_.bounded.recover() > 0) note_told(kBounded);
    }
  }
}

void Worker::use_condition() {
  for (;;) {
    try {
      work_.condition.acquire();
      break;
    } catch (const OwnerDiedError&) {
      if (!work_.condition.recover()) continue;
      note_told(kCondition);
      work_.condition.notify_all();
      break;
    }
  }
  if (work_.tokens.load() > 0) {
    (void)work_.tokens.fetch_sub(1);
  } else {
    (void)work_.tokens.fetch_add(1);
    work_.condition.notify();
    // Seldom, because who waits is most easily killed there: a moment in the line.
    try {
      const bool waits = random_() % 16 == 0;
      (void)work_.condition.wait_for(std::chrono::microseconds(waits ? 20 : 0));
    } catch (const OwnerDiedError&) {
      return;  // not held
    }
  }
  work_.condition.release();
}

void Worker::use_event() {
  work_.event.set();
  (void)work_.event.wait_for(std::chrono::microseconds(0));
  work_.event.clear();
}

// What dies with a process in the queue is at most the item that it was getting: so numbers may be
// left out, but none comes again or late.
void Worker::use_queue() {
  if (work_.queue.try_put({producer_, put_ + 1})) ++put_;
  const std::optional<Work::Pair> item = work_.queue.try_get();
  if (!item) return;
  std::int64_t& last = got_[item->first];
  require(item->second > last);
  last = item->second;
}

}  // namespace weft::fault
