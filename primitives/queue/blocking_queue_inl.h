// The bodies of BlockingQueue; included by blocking_queue.h alone.
#pragma once

#include <algorithm>
#include <iterator>

#include "primitives/queue/blocking_queue.h"

namespace weft {

template <class T, class Storage>
auto BlockingQueue<T, Storage>::put_before(T& item, const Deadline& deadline,
                                           const std::stop_token& stop) -> Outcome {
  Cell cell = Storage::make_cell();
  internal::LateWake late;
  internal::MutexLock hold(mutex_);
  if (!wait_for_room(deadline, stop)) return Outcome::kTimedOut;
  // Should the storage or a move throw, nothing has happened, except that this thread may have
  // been told of a place: the next one waiting is told.
  try {
    storage_.push(cell, item, load_puts());
  } catch (...) {
    not_full_.notify(1);
    throw;
  }
  count_puts(1, late);
  return Outcome::kDone;
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::put_many_before(std::span<T>& items, const Deadline& deadline,
                                                const std::stop_token& stop) {
  Cells cells = Storage::make_cells(items.size());
  while (!items.empty()) {
    if (!put_run(cells, items, deadline, stop)) return false;
    // One run is all of a try: room that comes afterwards would make it two instants.
    if (!items.empty() && deadline.has_passed()) return false;
  }
  return true;
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::put_run(Cells& cells, std::span<T>& items, const Deadline& deadline,
                                        const std::stop_token& stop) {
  internal::LateWake late;
  internal::MutexLock hold(mutex_);
  if (!wait_for_room(deadline, stop)) return false;
  const std::size_t before = items.size();
  const std::size_t count = maximum_ == 0 ? before : std::min(before, maximum_ - storage_.size());
  // As in put_before(); the items before the one that throws are in.
  try {
    storage_.push_many(cells, items, count, load_puts());
  } catch (...) {
    not_full_.notify(1);
    count_puts(before - items.size(), late);
    throw;
  }
  count_puts(count, late);
  return true;
}

template <class T, class Storage>
void BlockingQueue<T, Storage>::count_puts(std::size_t count, internal::LateWake& late) {
  store_puts(load_puts() + count);
  store_size();
  not_empty_.notify(count, late);
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::wait_for_room(const Deadline& deadline,
                                              const std::stop_token& stop) {
  bool waited = false;
  internal::Wake wake = internal::Wake::kNotified;
  while (!shut_down_ && !has_room()) {
    if (wake != internal::Wake::kNotified || deadline.has_passed()) {
      if (waited) annotate::released(this, "Queue.put");
      return false;
    }
    if (!std::exchange(waited, true)) {
      annotate::waiting(this, "Queue.put");
      if (look_for_room(deadline)) continue;
    }
    wake = not_full_.wait(mutex_, deadline, stop, internal::Looking::kNo);
  }
  if (waited) annotate::released(this, "Queue.put");  // nobody holds a queue; the wait is over
  if (shut_down_) throw QueueShutDown("Queue::put: the queue is shut down");
  return true;
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::wait_for_item(const Deadline& deadline,
                                              const std::stop_token& stop) {
  bool waited = false;
  internal::Wake wake = internal::Wake::kNotified;
  while (storage_.size() == 0) {
    if (shut_down_ || wake != internal::Wake::kNotified || deadline.has_passed()) {
      if (waited) annotate::released(this, "Queue.get");
      if (shut_down_) throw QueueShutDown("Queue::get: the queue is shut down and empty");
      return false;
    }
    if (!std::exchange(waited, true)) {
      annotate::waiting(this, "Queue.get");
      if (look_for_item(deadline)) continue;
    }
    wake = not_empty_.wait(mutex_, deadline, stop, internal::Looking::kNo);
  }
  if (waited) annotate::released(this, "Queue.get");  // nobody holds a queue; the wait is over
  return true;
}

template <class T, class Storage>
template <class Make>
std::invoke_result_t<Make&, T> BlockingQueue<T, Storage>::take_front(Cell& cell,
                                                                     internal::LateWake& late,
                                                                     Make make) {
  try {
    storage_.prepare_pop();
    // Not moved once more by the return, as the only one of this name; a test counts the moves.
    std::invoke_result_t<Make&, T> made = make(std::move(storage_.front()));
    cell = storage_.pop();
    store_size();
    not_full_.notify_one(late);
    return made;
  } catch (...) {
    // The item is still there, and so is the reason to wake somebody for it.
    not_empty_.notify(1);
    throw;
  }
}

template <class T, class Storage>
T BlockingQueue<T, Storage>::get_before(const Deadline& deadline) {
  Cell cell{};  // outlives the critical section, and with it what is left of the item
  internal::LateWake late;
  internal::MutexLock hold(mutex_);
  if (!wait_for_item(deadline, {})) throw QueueEmpty("Queue::get: there was no item in time");
  return take_front(cell, late, [](T&& front) { return T(std::move(front)); });
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::get_into(std::optional<T>& item, const Deadline& deadline,
                                         const std::stop_token& stop) {
  Cell cell{};  // as in get_before()
  internal::LateWake late;
  internal::MutexLock hold(mutex_);
  if (!wait_for_item(deadline, stop)) return false;
  take_front(cell, late, [&](T&& front) -> T& { return item.emplace(std::move(front)); });
  return true;
}

template <class T, class Storage>
std::size_t BlockingQueue<T, Storage>::get_many_before(std::size_t at_most, std::vector<T>& out,
                                                       const Deadline& deadline,
                                                       const std::stop_token& stop) {
  if (at_most == 0) return 0;
  const std::size_t before = out.size();
  Cells cells;  // as in get_before()
  internal::LateWake late;
  internal::MutexLock hold(mutex_);
  if (!wait_for_item(deadline, stop)) return 0;
  const std::size_t count = std::min(at_most, storage_.size());
  try {
    out.reserve(before + count);
    storage_.pop_many(cells, out, count);
  } catch (...) {
    // As in take_front(). Those that have left the queue are the caller's; the next get sees it.
    not_empty_.notify(1);
    if (out.size() == before) throw;
  }
  store_size();
  not_full_.notify(out.size() - before, late);
  return out.size() - before;
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::look_for_room(const Deadline& deadline) {
  return look(deadline, [this, maximum = maximum_] {
    const std::size_t size = load_size();
    return size < maximum ? maximum - size : 0;
  });
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::look_for_item(const Deadline& deadline) {
  return look(deadline, [this] { return load_size(); });
}

template <class T, class Storage>
template <class Amount>
bool BlockingQueue<T, Storage>::look(const Deadline& deadline, const Amount& amount) {
  if (!deadline.is_never()) return false;
  if (!internal::may_spin()) {
    // Nobody else asks: get() and put() have looked now, and go to sleep without another look.
    internal::note_vain_wait();
    return false;
  }
  const std::size_t enough = maximum_ == 0 ? kEnough : std::min(kEnough, (maximum_ + 1) / 2);
  mutex_.unlock();
  std::size_t last = 0;
  (void)internal::spin_until([&] {
    const std::size_t before = std::exchange(last, amount());
    return last >= enough || (last > 0 && last <= before);
  });
  mutex_.lock();
  return true;
}

template <class T, class Storage>
void BlockingQueue<T, Storage>::discard_tasks(std::size_t count) {
  std::uint64_t done = load_done();
  std::uint64_t least = 0;
  do {
    least = std::min<std::uint64_t>(count, load_puts() - done);
  } while (!add_done(done, least));
  if (unfinished() == 0) all_done_.notify_all();
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::join_before(const Deadline& deadline) {
  annotate::waiting(this, "Queue.join");
  bool done = false;
  {
    internal::MutexLock hold(mutex_);
    ++joiners_;  // before the look at done_: task_done() says why
    internal::Wake wake = internal::Wake::kNotified;
    while (unfinished() > 0 && wake == internal::Wake::kNotified && !deadline.has_passed()) {
      wake = all_done_.wait(mutex_, deadline);
    }
    --joiners_;
    done = unfinished() == 0;
  }
  annotate::released(this, "Queue.join");
  return done;
}

template <class T, class Storage>
void BlockingQueue<T, Storage>::shutdown(ShutDownMode mode) {
  std::optional<Cells> discarded;  // outlives the critical section: destructors
  internal::MutexLock hold(mutex_);
  shut_down_ = true;
  if (mode == ShutDownMode::kImmediate) {
    const std::size_t count = storage_.size();
    discarded.emplace(storage_.take_all());
    store_size();
    discard_tasks(count);
  }
  not_empty_.notify_all();
  not_full_.notify_all();
}

template <class T, class Storage>
auto BlockingQueue<T, Storage>::take_all() -> Cells {
  internal::MutexLock hold(mutex_);
  return storage_.take_all();
}

template <class T, class Storage>
class BlockingQueue<T, Storage>::Iterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;

  explicit Iterator(BlockingQueue* queue) : queue_(queue) { ++*this; }
  T& operator*() { return *item_; }
  Iterator& operator++() {
    item_.reset();
    try {
      (void)queue_->get_into(item_, Deadline::never());
    } catch (const QueueShutDown&) {
    }
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const { return !item_.has_value(); }

 private:
  BlockingQueue* queue_;
  std::optional<T> item_;
};

}  // namespace weft
