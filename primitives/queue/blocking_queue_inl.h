// The bodies of BlockingQueue; included by blocking_queue.h alone.
#pragma once

#include <iterator>

#include "primitives/queue/blocking_queue.h"

namespace weft {

template <class T, class Storage>
auto BlockingQueue<T, Storage>::put_before(T& item, const Deadline& deadline,
                                           const std::stop_token& stop) -> Outcome {
  auto node = std::make_unique<Node>();  // outside: an allocation that fails changes nothing
  internal::MutexLock hold(mutex_);
  bool waited = false;
  internal::Wake wake = internal::Wake::kNotified;
  while (!shut_down_ && !has_room()) {
    if (wake != internal::Wake::kNotified || deadline.has_passed()) {
      if (waited) annotate::released(this, "Queue.put");
      return Outcome::kTimedOut;
    }
    if (!std::exchange(waited, true)) annotate::waiting(this, "Queue.put");
    wake = not_full_.wait(mutex_, deadline, stop);
  }
  if (waited) annotate::released(this, "Queue.put");  // nobody holds a queue; the wait is over
  if (shut_down_) throw QueueShutDown("Queue::put: the queue is shut down");
  // Should the move or the storage throw, nothing has happened, except that this thread may have
  // been told of a place: the next one waiting is told.
  try {
    storage_.prepare_push(item);
    node->item.emplace(std::move(item));
  } catch (...) {
    if (waited) not_full_.notify(1);
    throw;
  }
  node->sequence = puts_++;
  storage_.push(node.release());
  ++unfinished_;
  not_empty_.notify(1);
  return Outcome::kDone;
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
    if (!std::exchange(waited, true)) annotate::waiting(this, "Queue.get");
    wake = not_empty_.wait(mutex_, deadline, stop);
  }
  if (waited) annotate::released(this, "Queue.get");  // nobody holds a queue; the wait is over
  return true;
}

template <class T, class Storage>
template <class Make>
std::invoke_result_t<Make&, T> BlockingQueue<T, Storage>::take_front(std::unique_ptr<Node>& node,
                                                                     Make make) {
  try {
    storage_.prepare_pop();
    // Not moved once more by the return, as the only one of this name; a test counts the moves.
    std::invoke_result_t<Make&, T> made = make(std::move(*storage_.front()->item));
    node.reset(storage_.pop());
    not_full_.notify(1);
    return made;
  } catch (...) {
    // The item is still there, and so is the reason to wake somebody for it.
    not_empty_.notify(1);
    throw;
  }
}

template <class T, class Storage>
T BlockingQueue<T, Storage>::get_before(const Deadline& deadline) {
  std::unique_ptr<Node>
      node;  // outlives the critical section, and with it what is left of the item
  internal::MutexLock hold(mutex_);
  if (!wait_for_item(deadline, {})) throw QueueEmpty("Queue::get: there was no item in time");
  return take_front(node, [](T&& front) { return T(std::move(front)); });
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::get_into(std::optional<T>& item, const Deadline& deadline,
                                         const std::stop_token& stop) {
  std::unique_ptr<Node> node;  // as in get_before()
  internal::MutexLock hold(mutex_);
  if (!wait_for_item(deadline, stop)) return false;
  take_front(node, [&](T&& front) -> T& { return item.emplace(std::move(front)); });
  return true;
}

template <class T, class Storage>
bool BlockingQueue<T, Storage>::join_before(const Deadline& deadline) {
  annotate::waiting(this, "Queue.join");
  bool done = false;
  {
    internal::MutexLock hold(mutex_);
    internal::Wake wake = internal::Wake::kNotified;
    while (unfinished_ > 0 && wake == internal::Wake::kNotified && !deadline.has_passed()) {
      wake = all_done_.wait(mutex_, deadline);
    }
    done = unfinished_ == 0;
  }
  annotate::released(this, "Queue.join");
  return done;
}

template <class T, class Storage>
void BlockingQueue<T, Storage>::shutdown(ShutDownMode mode) {
  Node* discarded = nullptr;
  {
    internal::MutexLock hold(mutex_);
    shut_down_ = true;
    if (mode == ShutDownMode::kImmediate) {
      const std::size_t count = storage_.size();
      discarded = storage_.take_all();
      finish_tasks(count < unfinished_ ? count : unfinished_);
    }
    not_empty_.notify_all();
    not_full_.notify_all();
  }
  clear(discarded);  // user code: destructors
}

template <class T, class Storage>
auto BlockingQueue<T, Storage>::take_all() -> Node* {
  internal::MutexLock hold(mutex_);
  return storage_.take_all();
}

template <class T, class Storage>
void BlockingQueue<T, Storage>::clear(Node* first) {
  while (first != nullptr) delete std::exchange(first, first->next);
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
