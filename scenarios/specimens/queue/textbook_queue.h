// A queue of numbers as a textbook writes it, for specimens to do one thing differently.
//
// Thread safety: every function from any thread.
// Invariant: unfinished = puts - task_done().
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"

namespace weft::scenarios::specimens::queue {

class TextbookQueue {
 public:
  TextbookQueue() {
    annotate::named(&not_empty_, "not empty");
    annotate::named(&all_done_, "all done");
  }

  void put(int item) {
    std::scoped_lock hold(lock_);
    items_.push_back(item);
    ++puts_;
    ++unfinished_;
    not_empty_.notify_one();
  }
  // Nothing only if a derived class took from an empty queue.
  std::optional<int> get() {
    std::scoped_lock hold(lock_);
    while (items_.empty()) not_empty_.wait();
    return take();
  }
  void task_done() {
    std::scoped_lock hold(lock_);
    if (--unfinished_ == 0) all_done_.notify_all();
  }
  void join() {
    std::scoped_lock hold(lock_);
    while (unfinished_ > 0) all_done_.wait();
  }

 protected:
  std::optional<int> take() {
    if (items_.empty()) return std::nullopt;
    const int item = items_.front();
    items_.pop_front();
    return item;
  }

  Lock lock_;
  Condition not_empty_{lock_};
  Condition all_done_{lock_};
  std::deque<int> items_;  // these three guarded by lock_
  int puts_ = 0;
  int unfinished_ = 0;
};

}  // namespace weft::scenarios::specimens::queue
